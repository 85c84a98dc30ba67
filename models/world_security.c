#include "models/world_security.h"

static void raise_if(struct world *w, enum sim_err err)
{
    if (err != SIM_OK) {
        sim_raise(w->sim, err, "the security orders: %s", sim_err_text(err));
    }
}

void world_note_security(struct world *w)
{
    const uint32_t active = balancer_active(w->balancer);
    raise_if(w, security_note(&w->security, sim_now(w->sim), sync_server_is_up(w->server[active]),
                              active));
}

void world_change_security(struct world *w, enum security_event event, uint32_t server,
                           uint32_t user)
{
    const struct security_change change = {.at_s = sim_now(w->sim),
                                           .event = event,
                                           .server = server,
                                           .user = user,
                                           .backup_s =
                                               -w->scenario->server[server].vm.restore.age_s};
    if (security_n_orders(&w->scenario->security) > 0) {
        raise_if(w, security_change(&w->security, &change));
    }
}
