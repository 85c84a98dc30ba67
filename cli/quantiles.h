/* cli/quantiles.h -- quantiles of a figure over the replications: how bad is it in one storm of twenty? */
#ifndef CLI_QUANTILES_H
#define CLI_QUANTILES_H

#include "cli/study.h"
#include "sim/stat/interval.h"

struct replication_quantile {
    double p;
    double value; /* type 7; INFINITY is "never" */
    struct sim_quantile_interval interval;
    uint64_t n;     /* replications in which the figure was measured */
    uint64_t needs; /* replications for an interval with two ends */
};

/* Of one figure, by its index. SIM_ENOMEM. O(n log n). */
SIM_MUST_CHECK enum sim_err replication_quantile(const struct study *study, size_t metric, double p,
                                                 struct replication_quantile *out);

#endif
