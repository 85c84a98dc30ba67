/* models/name_cache.h -- what clients, and the resolvers they ask, remember of a name's address.
 *
 * A name stands for one server. Who looks it up keeps the address for the record's TTL, and asks again at his
 * next connection after it. Some resolvers do not obey the TTL: behind such a one a client keeps an
 * address for a time drawn from `kept`, or the TTL, whichever is longer. At first everybody has the same
 * address, looked up at a random moment: what is left of its time is uniform.
 *
 * Source: RFC 1035, 3.2.1 (TTL); 8.74 % of 8,524 resolvers extend it (Bhowmick et al., PAM 2023). For how
 * long was not found. That long times are more often met than short ones is left out.
 */
#ifndef MODELS_NAME_CACHE_H
#define MODELS_NAME_CACHE_H

#include "sim/core/sim.h"
#include "sim/rng/dist.h"

struct name_cache; /* opaque */

struct name_config {
    double ttl_s;
    double violators;      /* share of the clients */
    struct sim_dist *kept; /* s, by a violator; of the scenario */
};

/* All clients have the address `server`. `sim` and `config` are borrowed. SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err name_cache_create(struct sim *sim, const struct name_config *config,
                                              uint32_t n_clients, uint32_t server,
                                              struct name_cache **out);
void name_cache_destroy(struct name_cache *c); /* NULL allowed */

/* The server a client connects to; if its address has expired it learns that the name stands for `now`. */
uint32_t name_cache_ask(struct name_cache *c, uint32_t client, uint32_t now);

/* What was looked up before the start was so much earlier, or more, if that was said before. */
void name_cache_age(struct name_cache *c, double age_s);

#endif
