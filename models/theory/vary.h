/* models/theory/vary.h -- programs with other parameters than their own.
 *
 * A model whose closed form is at hand as a function says which of its parameters can be set. With
 * other values the exact values of its rows are computed anew, so a prediction made with a pencil
 * can be held against both.
 */
#ifndef MODELS_THEORY_VARY_H
#define MODELS_THEORY_VARY_H

#include "models/theory/theory.h"

#include <stdalign.h>

enum theory_parameter_type { THEORY_REAL, THEORY_COUNT /* a uint32_t */ };

struct theory_parameter {
    const char *name;
    enum theory_parameter_type type;
    size_t offset; /* in the program's parameters */
    double least, most;
};

struct theory_variation {
    size_t size; /* of the program's parameters, up to THEORY_PARAMETERS_BYTE */
    const struct theory_parameter *parameter;
    size_t n_parameters;

    /* Fills in what follows from the parameters: those that are not set by hand, and the exact
     * values of the rows. NULL, or why there is no closed form ("..."). */
    const char *(*derive)(void *parameters, double exact[THEORY_MAX_ROWS]);

    /* Events of one replication, on the average. */
    double (*events)(const void *parameters);
};

struct theory_setting {
    const char *name;
    double value;
};

enum { THEORY_PARAMETERS_BYTE = 512 };

/* More events than these of one program are refused: an hour on one processor, at 200 ns each. A program of which
 * nothing can be set is not counted: it takes less than THEORY_MOST_EVENTS/THEORY_MOST_EFFORT. */
#define THEORY_MOST_EVENTS 1.8e10

enum { THEORY_MOST_EFFORT = 1000 };

/* A program and what it points to; it must stay where it is. */
struct theory_varied {
    struct theory_program program;
    alignas(max_align_t) unsigned char parameters[THEORY_PARAMETERS_BYTE];
    char name[160];
};

/* `*out` is `program` with the settings and `effort` times its replications (1 to THEORY_MOST_EFFORT; as many as before
 * where nothing is random). SIM_EINVAL with the reason: no such parameter, out of its range, no closed form, too many
 * events. */
SIM_MUST_CHECK enum sim_err theory_vary(const struct theory_program *program,
                                        const struct theory_setting settings[], size_t n_settings,
                                        uint32_t effort, struct theory_varied *out,
                                        struct sim_error *e);

/* The value a program has for a parameter of its variation. */
double theory_parameter_value(const struct theory_program *program,
                              const struct theory_parameter *parameter);

#endif
