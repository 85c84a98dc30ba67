#include "models/name_cache.h"

#include "models/purpose.h"

#include <math.h>
#include <stdlib.h>

struct cached {
    double expires_s;
    uint16_t server;
    uint16_t n_asked;
    bool is_violator;
};

struct name_cache {
    struct sim *sim;
    const struct name_config *config;
    struct cached *cached; /* by client */
    uint32_t n_clients;
    double age_s; /* of all that was looked up before the start */
};

static double lifetime_s(const struct name_cache *c, const struct cached *k,
                         struct sim_stream *stream)
{
    return k->is_violator ? fmax(sim_dist_draw(c->config->kept, stream), c->config->ttl_s)
                          : c->config->ttl_s;
}

enum sim_err name_cache_create(struct sim *sim, const struct name_config *config,
                               uint32_t n_clients, uint32_t server, struct name_cache **out)
{
    struct name_cache *const c = calloc(1, sizeof *c);
    if (c == NULL) {
        return SIM_ENOMEM;
    }
    *c = (struct name_cache){.sim = sim, .config = config, .n_clients = n_clients};
    c->cached = calloc(n_clients, sizeof *c->cached);
    if (c->cached == NULL) {
        name_cache_destroy(c);
        return SIM_ENOMEM;
    }
    for (uint32_t i = 0; i < n_clients; i++) {
        struct cached *const k = &c->cached[i];
        struct sim_stream stream;
        sim_open_stream(sim, &stream, i, PURPOSE_NAME, 0);
        k->server = (uint16_t)server;
        k->is_violator = sim_stream_uniform(&stream) < config->violators;
        const double left = sim_stream_uniform(&stream);
        k->expires_s = left * lifetime_s(c, k, &stream);
    }
    *out = c;
    return SIM_OK;
}

void name_cache_destroy(struct name_cache *c)
{
    if (c != NULL) {
        free(c->cached);
        free(c);
    }
}

uint32_t name_cache_ask(struct name_cache *c, uint32_t client, uint32_t now)
{
    struct cached *const k = &c->cached[client];
    if (sim_now(c->sim) >= k->expires_s) {
        struct sim_stream stream;
        sim_open_stream(c->sim, &stream, client, PURPOSE_NAME, ++k->n_asked);
        k->server = (uint16_t)now;
        k->expires_s = sim_now(c->sim) + lifetime_s(c, k, &stream);
    }
    return k->server;
}

void name_cache_age(struct name_cache *c, double age_s)
{
    for (uint32_t i = 0; i < c->n_clients; i++) {
        c->cached[i].expires_s -= fmax(age_s - c->age_s, 0);
    }
    c->age_s = fmax(age_s, c->age_s);
}
