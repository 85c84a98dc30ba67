/* study/distribution.h -- how long devices waited, over all storms of a point: histograms that are merged.
 *
 * A study keeps no device: 20,000 runs of 600 of them would be 12 million rows. What it can keep of a run is a histogram
 * with logarithmic buckets (sim/stat/loghist.h), as a series of its own kind, "distribution.full_s": pairs of the number of a
 * bucket and what is in it, for those that are not empty. Quantiles of the merged ones are off by at most 0.5 %.
 */
#ifndef STUDY_DISTRIBUTION_H
#define STUDY_DISTRIBUTION_H

#include "models/metrics.h"
#include "sim/stat/loghist.h"
#include "study/store.h"

#define DISTRIBUTION_PREFIX "distribution."

enum { DISTRIBUTION_EVENTS = 2 };
extern const char
    *const distribution_name[DISTRIBUTION_EVENTS]; /* by event: "distribution.basic_s", ... */

bool distribution_is(const char *series);            /* does the name begin like that? */
const char *distribution_figure(const char *series); /* "full_s" */

/* An empty histogram of waits. SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err distribution_create(struct sim_loghist **out);

/* The times of a run in which devices had what the name says; of those that had lost something. A name of no such
 * event gives none. Freed by the caller, after an error too. SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err distribution_of(const struct run_result *result, const char *name,
                                            struct kept_series *to);

/* Puts what was kept into a histogram. False if it is none. */
bool distribution_add(const struct kept_series *from, struct sim_loghist *into);

/* A quantile in seconds; INFINITY where devices never got there, NaN without any. */
double distribution_quantile(const struct sim_loghist *h, double p);

/* How well the share of devices at or below a value is known: sums over storms, which are independent; their devices are
 * not. All zeros is none. */
struct distribution_share {
    uint32_t n_storms;
    double below, devices;                    /* in all storms */
    double below_2, below_devices, devices_2; /* sums of squares and products */
};

void distribution_share_add(struct distribution_share *s, double below, double devices);

/* The standard error of the ratio below / devices by storms as clusters (Cochran, Sampling Techniques, 1977, section
 * 9A.2); NaN of fewer than two. */
double distribution_share_error(const struct distribution_share *s);

/* The interval of the p-quantile of `pooled`, where `s` is of its estimate: between the quantiles of p - t e and p + t e,
 * with e that error and t of Student with n - 1 degrees of freedom (Woodruff, JASA 47, 1952). An end beyond the
 * sample is NaN: it is open. */
void distribution_interval(const struct sim_loghist *pooled, const struct distribution_share *s,
                           double p, double confidence, double *low_s, double *high_s);

#endif
