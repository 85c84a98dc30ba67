#include "models/world_security.h"

static void raise_if(struct world *w, enum sim_err err)
{
    if (err != SIM_OK) {
        sim_raise(w->sim, err, "the security orders: %s", sim_err_text(err));
    }
}

/* The records of a pool are kept once; they go by its first server. */
static uint32_t keeper_of(const struct world *w, uint32_t server)
{
    return world_is_pool(w) ? 0 : server;
}

static bool is_reachable(const struct world *w, uint32_t server)
{
    return sync_server_is_serving(w->server[server]) && sync_server_is_available(w->server[server]);
}

/* The server that has the connections, or, if that takes none, another that the balancer gives some to. */
static uint32_t server_met(const struct world *w)
{
    const uint32_t active = world_active(w);
    const bool was_first_down =
        balancer_was_down(w->balancer, 0) || !sync_server_is_serving(w->server[0]);
    const bool uses_all = balancer_uses_all(&w->scenario->balancer, was_first_down);
    const uint32_t n = uses_all ? w->scenario->n_servers : 1;
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t server = (active + i) % w->scenario->n_servers;
        if (is_reachable(w, server)) {
            return server;
        }
    }
    return active;
}

void world_note_security(struct world *w)
{
    const uint32_t server = server_met(w);
    raise_if(w, security_note(&w->security, sim_now(w->sim), is_reachable(w, server),
                              keeper_of(w, server)));
}

void world_change_security(struct world *w, enum security_event event, uint32_t server,
                           uint32_t user)
{
    const struct security_change change = {.at_s = sim_now(w->sim) - w->age_s,
                                           .event = event,
                                           .server = keeper_of(w, server),
                                           .user = user,
                                           .backup_s =
                                               -w->scenario->server[server].vm.restore.age_s};
    if (security_n_orders(&w->scenario->security) > 0) {
        raise_if(w, security_change(&w->security, &change));
    }
}
