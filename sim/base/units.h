/* sim/base/units.h -- quantities with units at the edges, plain SI doubles inside.
 *
 * Inside the program a time is in seconds, a size in bytes, a rate in bit/s, a frequency in 1/s and
 * a share a fraction. "12 min", "64 KiB", "10 Mbit/s", "450 /s" and "25 %" exist in scenario files
 * and on command lines only.
 */
#ifndef SIM_BASE_UNITS_H
#define SIM_BASE_UNITS_H

#include "sim/base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum sim_dimension {
    SIM_NUMBER,    /* a plain number: counts, factors */
    SIM_TIME,      /* s */
    SIM_SIZE,      /* byte */
    SIM_RATE,      /* bit/s */
    SIM_FREQUENCY, /* 1/s */
    SIM_SHARE,     /* 1 */
    SIM_N_DIMENSIONS
};

/* "time", "size" ... for messages. */
const char *sim_dimension_name(enum sim_dimension dimension);

/* The SI unit as written in a scenario ("s", "byte", "bit/s", "/s", "%", ""). */
const char *sim_dimension_unit(enum sim_dimension dimension);

/* The accepted units, "ms, s, min, h, d"; static storage. */
const char *sim_dimension_units(enum sim_dimension dimension);

/* False where a bare number is accepted: plain numbers and shares. */
bool sim_dimension_needs_unit(enum sim_dimension dimension);

/* Reads a unit of `dimension` at the start of `text` (after spaces). Sets `*factor`, to be
 * multiplied with, and `*end` behind the unit. False if there is none. */
bool sim_parse_unit(const char *text, enum sim_dimension dimension, const char **end,
                    double *factor);

/* The unit of `dimension` with this factor ("min" for 60), NULL if there is none. */
const char *sim_unit_with_factor(enum sim_dimension dimension, double factor);

/* Reads "12 min" at the start of `text` (after spaces); `*end` behind it, `*value` in SI. */
SIM_MUST_CHECK enum sim_err sim_parse_quantity(const char *text, enum sim_dimension dimension,
                                               const char **end, double *value,
                                               struct sim_error *e);

/* As sim_parse_quantity, but nothing may follow. */
SIM_MUST_CHECK enum sim_err sim_read_quantity(const char *text, enum sim_dimension dimension,
                                              double *value, struct sim_error *e);

/* "90 s" for a value in SI; `size` bytes of `text` at most. */
void sim_quantity_text(char *text, size_t size, double value, enum sim_dimension dimension);

#endif
