/* sim/stat/sample.h -- a sample kept whole, for exact quantiles.
 *
 * +infinity is a legal observation: "never happened" counts as later than everything, so a quantile
 * that falls among such observations is infinite, as it should be. NaN is not.
 */
#ifndef SIM_STAT_SAMPLE_H
#define SIM_STAT_SAMPLE_H

#include "sim/base/err.h"

#include <stdbool.h>
#include <stddef.h>

/* All zeros is an empty sample. */
struct sim_sample {
    double *value;
    size_t n, capacity;
    bool sorted;
};

void sim_sample_fini(struct sim_sample *s); /* a zeroed sample is allowed */

SIM_MUST_CHECK enum sim_err sim_sample_add(struct sim_sample *s, double value); /* SIM_ENOMEM */
void sim_sample_sort(struct sim_sample *s); /* O(n log n); needed before sim_sample_quantile */

/* Hyndman and Fan, type 7 (The American Statistician 50, 1996): linear between the order statistics
 * around (n - 1) p. NaN for an empty sample. The sample must be sorted. O(1). */
double sim_sample_quantile(const struct sim_sample *s, double p);

/* The share of observations <= x; NaN for an empty sample. Sorted; O(log n). */
double sim_sample_share_up_to(const struct sim_sample *s, double x);

#endif
