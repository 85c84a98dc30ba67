/* models/buckets.h -- clients are let in a bucket at a time.
 *
 * A bucket has `size` places. Who comes takes one and keeps it: he may come again as often as he likes.
 * When all places are taken, others are turned away until all who have one are done, or, so that nobody
 * who never finishes stops the rest, until interval_s after the first place was taken. Then the next
 * bucket opens. It is looked at when somebody comes.
 *
 * Source: Zed's collaboration server lets clients come back in buckets of 512 after a restart.
 */
#ifndef MODELS_BUCKETS_H
#define MODELS_BUCKETS_H

#include "sim/base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct buckets; /* opaque */

/* `size` >= 1, clients 0 .. n_clients - 1. SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err buckets_create(uint32_t size, double interval_s, uint32_t n_clients,
                                           struct buckets **out);
void buckets_destroy(struct buckets *b); /* NULL allowed */

/* Is there a place for the client, or has he one? */
bool buckets_has_room(const struct buckets *b, uint32_t client, double now_s);

/* He takes it. There must be one. */
void buckets_admit(struct buckets *b, uint32_t client, double now_s);

/* He has all he came for; he keeps his place. Who has none is ignored. */
void buckets_finish(struct buckets *b, uint32_t client);

/* He has to be let in again; if his bucket still is the present one, his place is free. */
void buckets_forget(struct buckets *b, uint32_t client);

#endif
