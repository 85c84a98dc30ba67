/* cli/quantiles.h -- quantiles of a figure over the replications of a single scenario. */
#ifndef CLI_QUANTILES_H
#define CLI_QUANTILES_H

#include "cli/study.h"
#include "study/quantile.h"

/* Of one figure, by its index. SIM_ENOMEM. O(n log n). */
SIM_MUST_CHECK enum sim_err study_quantile(const struct study *study, size_t metric, double p,
                                           struct replication_quantile *out);

#endif
