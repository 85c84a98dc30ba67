/* study/summary.h -- one figure over the replications of a point. */
#ifndef STUDY_SUMMARY_H
#define STUDY_SUMMARY_H

#include "sim/base/err.h"

#include <stdint.h>

/* With a replication in which it is not finite ("never"), mean and interval are not finite either; those in
 * which it was not measured (NaN) are left out, and if there is no other, all is NaN. */
struct metric_summary {
    uint32_t n;              /* replications */
    double mean, half_width; /* Student; half_width is NaN with fewer than two replications */
    double min, p05, p50, p95, max;
};

/* SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err summary_of(const double value[], uint32_t n, double confidence,
                                       struct metric_summary *s);

#endif
