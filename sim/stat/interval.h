/* sim/stat/interval.h -- confidence intervals over independent replications.
 *
 * Only replications are independent; the devices inside one are not, so their number never enters
 * an interval.
 */
#ifndef SIM_STAT_INTERVAL_H
#define SIM_STAT_INTERVAL_H

#include "sim/stat/tally.h"

struct sim_interval {
    double mean;
    double
        half_width; /* NaN with fewer than two observations: one run says nothing of the spread */
};

/* Student: mean +- t(n - 1, (1 + confidence)/2) * sd / sqrt(n); Law, "Simulation Modeling and
 * Analysis", ch. 9. 0 < confidence < 1. */
struct sim_interval sim_interval_student(const struct sim_tally *t, double confidence);

/* Clopper and Pearson (Biometrika 26, 1934) for a proportion of k out of n > 0. */
void sim_interval_proportion(uint64_t k, uint64_t n, double confidence, double *low, double *high);

#endif
