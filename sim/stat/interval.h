/* sim/stat/interval.h -- confidence intervals over independent replications.
 *
 * Only replications are independent; the devices inside one are not, so their number never enters
 * an interval.
 */
#ifndef SIM_STAT_INTERVAL_H
#define SIM_STAT_INTERVAL_H

#include "sim/stat/sample.h"
#include "sim/stat/tally.h"

#include <stdint.h>

struct sim_interval {
    double mean;
    double
        half_width; /* NaN with fewer than two observations: one run says nothing of the spread */
};

/* Student: mean +- t(n - 1, (1 + confidence)/2) * sd / sqrt(n); Law, "Simulation Modeling and
 * Analysis", ch. 9. 0 < confidence < 1. */
struct sim_interval sim_interval_student(const struct sim_tally *t, double confidence);

/* How many standard errors an interval of that confidence is wide to each side, for n >= 2 observations: t(n - 1). */
double sim_interval_critical(uint64_t n, double confidence);

/* Clopper and Pearson (Biometrika 26, 1934) for a proportion of k out of n > 0. */
void sim_interval_proportion(uint64_t k, uint64_t n, double confidence, double *low, double *high);

/* An interval of the p-quantile between two order statistics, whatever the law: with N the number of the n
 * observations below the quantile, N ~ Bin(n, p),
 *
 *     low  = X_(l), l = max{k: P(N <= k - 1) <= (1 - confidence)/2},
 *     high = X_(u), u = min{k: P(N <= k - 1) >= (1 + confidence)/2}
 *
 * (David, Nagaraja, "Order Statistics", 2003, section 7.1). It covers with at least the confidence;
 * `coverage` is how much exactly. An end for which there are too few observations is open: low -INFINITY
 * with l = 0, high INFINITY with u = n + 1, which an observation of INFINITY is not. */
struct sim_quantile_interval {
    double low, high;
    double coverage;
    uint64_t l, u; /* counted from 1 */
};

/* The sample must be sorted, its observations independent (replications, never devices of one
 * replication), 0 < p < 1. O(log n). */
struct sim_quantile_interval sim_interval_quantile(const struct sim_sample *s, double p,
                                                   double confidence);

/* The least number of observations for which both ends are closed: p^n and (1 - p)^n at most
 * (1 - confidence)/2. 72 for p = 0.95 at 95 %. */
uint64_t sim_interval_quantile_needs(double p, double confidence);

#endif
