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

void world_note_security(struct world *w)
{
    const uint32_t active = world_active(w);
    raise_if(w, security_note(&w->security, sim_now(w->sim),
                              sync_server_is_serving(w->server[active]) &&
                                  sync_server_is_available(w->server[active]),
                              keeper_of(w, active)));
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
