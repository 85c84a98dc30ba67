/* cli/comparison.h -- alternatives against the first of them, on the same random numbers. */
#ifndef CLI_COMPARISON_H
#define CLI_COMPARISON_H

#include "cli/alternatives.h"
#include "sim/stat/interval.h"

/* A figure that is compared; of all of them, less is better. */
struct compared_figure {
    const char *metric; /* as in runs.csv */
    const char *words;  /* "half of the devices have today's mail" */
    const char *unit;   /* that it is shown in */
    double per_unit;    /* 60 for minutes of a metric in seconds */
    const char *less, *more;
    int decimals;
};

enum { COMPARED_N_FIGURES = 7 };
extern const struct compared_figure compared_figures[COMPARED_N_FIGURES];

struct comparison {
    const struct alternatives *alternatives;
    uint32_t n; /* replications of each */
    double confidence;
    double *value; /* [alternative][figure][replication] */
};

/* Runs all alternatives. They must agree in seed, replications and confidence: SIM_EINVAL with what
 * differs. On an error `*out` is empty. */
SIM_MUST_CHECK enum sim_err comparison_run(const struct alternatives *alternatives,
                                           uint32_t threads, bool progress, struct comparison *out,
                                           struct sim_error *e);
void comparison_fini(struct comparison *c);

const double *comparison_value(const struct comparison *c, size_t alternative, size_t figure);

/* The mean of a figure, and of its paired difference to the first alternative. */
struct sim_interval comparison_mean(const struct comparison *c, size_t alternative, size_t figure);
struct sim_interval comparison_difference(const struct comparison *c, size_t alternative,
                                          size_t figure);

#endif
