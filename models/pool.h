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
    struct pool_database_config database;
    double constrained_at; /* share: a server with no more to spare takes no further users */
};

/* 0 to 100. */
double pool_availability(const struct sync_server *s);

#endif
