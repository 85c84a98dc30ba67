/* models/world_console.h -- what commands at the server's console do to a world, and its crashes. */
#ifndef MODELS_WORLD_CONSOLE_H
#define MODELS_WORLD_CONSOLE_H

#include "models/world.h"

/* The server at whose console a command is given. */
uint32_t world_console(const struct world *w, const struct timeline_entry *t);

/* A "tell traveler" of the timeline. At a server that is down there is no console: nothing happens. */
void world_tell_traveler(struct world *w, const struct timeline_entry *t);

#endif
