/* cli/observe.h -- some figures of some replications, when nothing else of them is wanted. */
#ifndef CLI_OBSERVE_H
#define CLI_OBSERVE_H

#include "models/scenario.h"

/* Runs replications first .. first + n - 1 of a scenario on `threads` threads. value[k * n + r] is set
 * to metric[k] (a name of runs.csv) of replication first + r; it is infinite for "never". A stop that is
 * requested (stop.h) ends it with SIM_ESTOPPED. Memory: one replication a thread. */
SIM_MUST_CHECK enum sim_err observe(const struct scenario *scenario, uint32_t first, uint32_t n,
                                    uint32_t threads, const char *const metric[], size_t n_metrics,
                                    double value[], struct sim_error *e);

#endif
