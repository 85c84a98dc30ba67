/* sim/stat/tally.h -- count, mean, variance, extremes of observations, in one pass and O(1) memory.
 *
 * Sources: Welford, Technometrics 4 (1962); merging: Chan, Golub, LeVeque, The American
 * Statistician 37 (1983). Merge in a fixed order if bits are to agree: floating-point sums depend
 * on it.
 */
#ifndef SIM_STAT_TALLY_H
#define SIM_STAT_TALLY_H

#include <stdint.h>

/* All zeros is an empty tally. */
struct sim_tally {
    uint64_t n;
    double mean;     /* 0 while empty */
    double squares;  /* sum of squared deviations from the mean */
    double min, max; /* 0 while empty */
};

/* Inline, as every step of a job adds to a tally; fmin and fmax would be calls. */
static inline void sim_tally_add(struct sim_tally *t, double value)
{
    const double offset = value - t->mean;
    t->min = t->n == 0 || value < t->min ? value : t->min;
    t->max = t->n == 0 || value > t->max ? value : t->max;
    t->n++;
    t->mean += offset / (double)t->n;
    t->squares += offset * (value - t->mean);
}

void sim_tally_merge(struct sim_tally *into, const struct sim_tally *from);

double sim_tally_sum(const struct sim_tally *t);
double sim_tally_variance(const struct sim_tally *t); /* unbiased; NaN for n < 2 */
double sim_tally_sd(const struct sim_tally *t);       /* NaN for n < 2 */

#endif
