/* study/axis.h -- the values that one key takes in a sweep.
 *
 *   1, 2, 8                    a list; commas inside brackets belong to a value
 *   1..10 step 2               1, 3, 5, 7, 9
 *   10 s..60 s points 6        evenly spaced, ends included
 *   log 1..1000 points 7       evenly spaced in the logarithm, ends included
 *
 * A range alone is of step 1. A list may hold ranges. One unit is enough: "10..60 s" is in seconds.
 * Keys of whole numbers take the nearest whole numbers of a range, each once.
 */
#ifndef STUDY_AXIS_H
#define STUDY_AXIS_H

#include "sim/base/err.h"

#include <stdbool.h>
#include <stddef.h>

/* All zeros is an axis without values. */
struct axis {
    char *key;    /* dotted, as in the scenario */
    char **value; /* as one would write them */
    size_t n, capacity;
};

enum { AXIS_MOST = 1000000 }; /* values */

/* Appends the values of `text`. SIM_EINVAL with what would be right, SIM_ENOMEM; values from before
 * the mistake may be there then. `x->key` is set. */
SIM_MUST_CHECK enum sim_err axis_add(struct axis *x, const char *text, struct sim_error *e);
void axis_fini(struct axis *x);

/* The value at the place `share` of [0, 1) of one range without step and points, "1..10" or "log 10..1000 Mbit/s", in
 * proportion, or in the logarithm; of keys of whole numbers, each of them has a part of its own. Rounded to six
 * digits. SIM_EINVAL. */
SIM_MUST_CHECK enum sim_err axis_in_span(const char *key, const char *text, double share,
                                         char *value, size_t size, struct sim_error *e);

#endif
