/* models/world_security.h -- a world keeps book of what devices with security orders meet (security.h). */
#ifndef MODELS_WORLD_SECURITY_H
#define MODELS_WORLD_SECURITY_H

#include "models/world.h"

/* Who takes connections from now on. */
void world_note_security(struct world *w);

/* Something has happened to the orders at a server, against devices of `user` or SECURITY_ALL_USERS. */
void world_change_security(struct world *w, enum security_event event, uint32_t server,
                           uint32_t user);

#endif
