/* models/world_console.h -- what commands at the server's console do to a world, and its crashes. */
#ifndef MODELS_WORLD_CONSOLE_H
#define MODELS_WORLD_CONSOLE_H

#include "models/world.h"

/* A "tell traveler" of the timeline. At a server that is down there is no console: nothing happens. */
void world_tell_traveler(struct world *w, const struct timeline_entry *t);

#endif
