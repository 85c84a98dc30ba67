/* sim/run/replicate.h -- independent replications of an experiment, on one or more threads.
 *
 * The engine knows nothing of models: an experiment is a function that carries out replication r
 * and leaves its result in slot r. Slots are read in the order of r afterwards, so what comes out
 * does not depend on the number of threads or on who finished first.
 */
#ifndef SIM_RUN_REPLICATE_H
#define SIM_RUN_REPLICATE_H

#include "sim/base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct sim_experiment {
    /* Carries out replication `r`; called from several threads at once for different r. `e` is the
     * caller's, to be filled on an error. */
    enum sim_err (*run)(void *context, uint32_t r, struct sim_error *e);

    /* Told after each replication, one call at a time, from any thread; NULL allowed. */
    void (*progress)(void *context, uint32_t n_done, uint32_t n);

    /* Asked before each replication whether to stop; NULL allowed. */
    bool (*stop_requested)(void *context);

    void *context;
};

/* Carries out replications 0 .. n - 1 on `threads` >= 1 threads, the calling one among them.
 * Returns the error of the lowest replication that failed (then the others are unfinished), or
 * SIM_ESTOPPED. */
SIM_MUST_CHECK enum sim_err sim_replicate(const struct sim_experiment *experiment, uint32_t n,
                                          uint32_t threads, struct sim_error *e);

#endif
