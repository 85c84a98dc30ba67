/* models/backoff.h -- how long a client waits before it tries again.
 *
 * With d_n = min(max, first * factor^(n-1)) for the n-th retry in a row and u uniform on (0, 1):
 *
 *     none           0
 *     fixed          first
 *     exponential    d_n
 *     full_jitter    u d_n
 *     equal_jitter   d_n/2 + u d_n/2
 *     decorrelated_jitter   s_n = min(max, first + u (3 s_(n-1) - first)), s_0 = first
 *
 * and the result is multiplied by a draw of `jitter` (Android's SyncManager: uniform(1.0, 1.1)).
 * Decorrelated jitter is uniform between `first` and three times the wait before; `factor` is not
 * used. Without the cap its mean is first (2 (3/2)^n - 1).
 * Sources: Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015; AOSP
 * SyncManager.
 */
#ifndef MODELS_BACKOFF_H
#define MODELS_BACKOFF_H

#include "sim/rng/dist.h"

enum backoff_policy {
    BACKOFF_NONE,
    BACKOFF_FIXED,
    BACKOFF_EXPONENTIAL,
    BACKOFF_FULL_JITTER,
    BACKOFF_EQUAL_JITTER,
    BACKOFF_DECORRELATED_JITTER,
};

struct backoff_config {
    enum backoff_policy policy;
    double first_s, factor, max_s;
    struct sim_dist *jitter; /* owned by the scenario */
};

/* The wait before retry `n` >= 1, s. Takes two uniform numbers from the stream, whatever the
 * policy. `*step_s` is that wait without `jitter`: the caller keeps it from retry to retry, and need
 * not set it before the first. */
double backoff_delay_s(const struct backoff_config *config, uint32_t n, double *step_s,
                       struct sim_stream *stream);

#endif
