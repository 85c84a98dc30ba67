/* models/world_return.h -- servers that are to come back, and the time before the clock starts: at the failure it is 0,
 * and what was done before has gone on for its age by then. */
#ifndef MODELS_WORLD_RETURN_H
#define MODELS_WORLD_RETURN_H

#include "models/world.h"

/* The server comes back `takes_s` after what is being done; what was expected of it before is off. */
void world_expect_return(struct world *w, uint32_t server, double takes_s, struct sim_call call);
void world_call_off_return(struct world *w, uint32_t server);
bool world_is_return_to_come(const struct world *w);

/* What is done next is of the time `at_s`, <= 0, in s since the failure: who was to be back by then is back, and the
 * balancer has made its checks. Once it was 0, nothing happens. */
void world_come_to(struct world *w, double at_s);

#endif
