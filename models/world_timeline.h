/* models/world_timeline.h -- what the timeline does to a world, and what follows by itself. */
#ifndef MODELS_WORLD_TIMELINE_H
#define MODELS_WORLD_TIMELINE_H

#include "models/world.h"

/* All entries. The clock starts at the failure; what comes before it is done at its moment, in the order of time, and
 * what takes time has gone on for as long by then. SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err world_schedule_timeline(struct world *w);

/* Nothing is to come that could take a server from its devices: no entry, no failback. */
bool world_timeline_is_over(const struct world *w);

/* For a server's port: a document has brought it down. It goes down after what happens now, and restarts by
 * itself. */
void world_on_crash(void *world, uint32_t server);

/* For the balancer's port. */
void world_on_move(void *world, uint32_t from);

/* Ends the replication if every device is full and the timeline is over; of world.c. */
void world_end_if_done(struct world *w);

#endif
