/* models/pool.h -- sync servers in a pool: one enterprise database holds the state of all.
 *
 * A server that fails takes nothing with it that another needs: its users are served by the others, and
 * nobody has to load anything again. Each user is one server's, with all of his devices; when that
 * is gone he becomes the one's that has most to spare, by its availability index, and stays there.
 *
 *   availability = 100 min(free share of CPU, of heap, of HTTP threads)
 *
 * Source: HCL Traveler 11.0.0, Administering a server pool (an index of 0 to 100; a server that is
 * constrained starts no new syncs); 12.0.2, Load balancing considerations (one server per user); 10.0.1,
 * High Availability. Which resources the product looks at it says, how it weighs them it does not.
 */
#ifndef MODELS_POOL_H
#define MODELS_POOL_H

#include "models/sync_server.h"

struct pool_config {
    double iops;           /* commits a second of the database's disk, without grouping */
    uint32_t group;        /* commits one I/O can carry */
    double constrained_at; /* share: a server with no more to spare takes no further users */
};

/* The state that all servers of the pool work with. All zeros is no pool. */
struct pool_database {
    struct state_db *state;
    struct sim_disk *disk;
};

/* SIM_ENOMEM: `*p` holds nothing. Tables as of state_db_create. */
SIM_MUST_CHECK enum sim_err pool_database_create(struct sim *sim, const struct pool_config *config,
                                                 uint32_t n_devices, uint32_t n_users,
                                                 uint32_t n_poison, struct pool_database *p);
void pool_database_fini(struct pool_database *p); /* zeros allowed */

/* 0 to 100. */
double pool_availability(const struct sync_server *s);

#endif
