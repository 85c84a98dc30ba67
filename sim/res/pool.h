/* sim/res/pool.h -- counted tokens: memory, connections, licences.
 *
 * A request for n tokens is granted when n are free and nobody waits before it: strictly in the
 * order of arrival, so a large request cannot be starved by small ones.
 */
#ifndef SIM_RES_POOL_H
#define SIM_RES_POOL_H

#include "sim/core/sim.h"
#include "sim/stat/timeavg.h"

struct sim_pool; /* opaque */

/* Averages and greatest values are of the moments at which the pool has come to rest. */
struct sim_pool_stats {
    uint64_t requested, granted, cancelled;
    struct sim_timeavg in_use;    /* tokens */
    struct sim_timeavg waiting;   /* requests in line */
    struct sim_timeavg saturated; /* 1 while somebody waits */
};

/* capacity > 0 tokens. SIM_EINVAL, SIM_ENOMEM. `sim` is borrowed. */
SIM_MUST_CHECK enum sim_err sim_pool_create(struct sim *sim, uint64_t capacity,
                                            struct sim_pool **out);
void sim_pool_destroy(struct sim_pool *p); /* NULL allowed */

/* Asks for `tokens`, at most the capacity; `granted` is called when they are there, perhaps before
 * this returns. `*handle` is set first. Lack of memory becomes the error of the run. */
void sim_pool_request(struct sim_pool *p, uint64_t tokens, struct sim_call granted,
                      struct sim_handle *handle);

/* Gives the tokens of a granted request back, or withdraws a waiting one; `*handle` is set to
 * nothing. False if it named nothing. */
bool sim_pool_return(struct sim_pool *p, struct sim_handle *handle);

/* Asks the memory for what the return of tokens will touch (sim_foresee in sim.h). */
void sim_pool_fetch(const struct sim_pool *p, struct sim_handle request);

uint64_t sim_pool_in_use(const struct sim_pool *p);
uint64_t sim_pool_capacity(const struct sim_pool *p);
const struct sim_pool_stats *sim_pool_stats(const struct sim_pool *p);

#endif
