/* sim/stat/loghist.h -- histogram with logarithmic buckets: quantiles of any number of values in
 * bounded memory, with a guaranteed relative error.
 *
 * A positive value x falls into bucket floor(ln(x/min) / ln ratio); a quantile is answered by the
 * geometric middle of its bucket, so it is off by at most a factor sqrt(ratio) (0.5 % for
 * ratio 1.01). Counts are whole numbers: merging is exact and its order does not matter. Source of
 * the idea: HdrHistogram; Masson, Rim, Lee, "DDSketch", VLDB 2019. Streaming estimators that keep
 * markers (P square) are off by up to 9 % on data that arrive in ascending order, as the
 * completions of a storm do.
 */
#ifndef SIM_STAT_LOGHIST_H
#define SIM_STAT_LOGHIST_H

#include "sim/base/err.h"

#include <stddef.h>
#include <stdint.h>

struct sim_loghist; /* opaque */

/* Values in [min, max] are resolved; smaller ones (zero and negative too) count in a bucket
 * answered by `min`, larger ones in one answered by `max`. 0 < min < max, ratio > 1; at most 2^20
 * buckets. SIM_EINVAL, SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err sim_loghist_create(double min, double max, double ratio,
                                               struct sim_loghist **out);
void sim_loghist_destroy(struct sim_loghist *h); /* NULL allowed */

void sim_loghist_add(struct sim_loghist *h, double value); /* O(1) */
uint64_t sim_loghist_count(const struct sim_loghist *h);

/* SIM_EINVAL unless both were created with the same min, max and ratio. */
SIM_MUST_CHECK enum sim_err sim_loghist_merge(struct sim_loghist *into,
                                              const struct sim_loghist *from);

/* Buckets one by one, to keep a histogram elsewhere: their number, what is in the i-th, and more for it. */
size_t sim_loghist_n_buckets(const struct sim_loghist *h);
uint64_t sim_loghist_in_bucket(const struct sim_loghist *h, size_t i);
void sim_loghist_add_to_bucket(struct sim_loghist *h, size_t i, uint64_t n);

/* Values in the bucket of `value` and in those below. O(buckets). */
uint64_t sim_loghist_count_to(const struct sim_loghist *h, double value);

/* Forgets all values. */
void sim_loghist_clear(struct sim_loghist *h);

/* The bucket of the ceil(p n)-th smallest value; NaN while empty. O(buckets). */
double sim_loghist_quantile(const struct sim_loghist *h, double p);

#endif
