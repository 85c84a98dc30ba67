#include "models/world_return.h"

#include <math.h>

static void on_return(void *self, uint64_t server)
{
    struct world *const w = self;
    const struct sim_call call = w->coming[server].call;
    world_come_to(w, 0); /* the clock runs */
    call.fn(call.self, call.arg);
}

void world_expect_return(struct world *w, uint32_t server, double takes_s, struct sim_call call)
{
    struct server_return *const r = &w->coming[server];
    world_call_off_return(w, server);
    r->due_s = sim_now(w->sim) - w->age_s + takes_s;
    r->call = call;
    r->event =
        sim_after(w->sim, fmax(takes_s - w->age_s, 0), (struct sim_call){on_return, w, server});
}

void world_call_off_return(struct world *w, uint32_t server)
{
    sim_cancel(w->sim, &w->coming[server].event);
}

bool world_is_return_to_come(const struct world *w)
{
    bool is_to_come = false;
    for (uint32_t i = 0; i < w->scenario->n_servers; i++) {
        is_to_come |= sim_is_pending(w->sim, w->coming[i].event);
    }
    return is_to_come;
}

/* The next that is back by then; NULL if nobody is. */
static struct server_return *next_due(const struct world *w, double at_s)
{
    struct server_return *next = NULL;
    for (uint32_t i = 0; i < w->scenario->n_servers; i++) {
        struct server_return *const r = &w->coming[i];
        if (sim_is_pending(w->sim, r->event) && r->due_s <= at_s &&
            (next == NULL || r->due_s < next->due_s)) {
            next = r;
        }
    }
    return next;
}

static void pass(struct world *w, double at_s)
{
    balancer_check_before(w->balancer, -w->age_s, at_s);
    w->age_s = -at_s;
}

void world_come_to(struct world *w, double at_s)
{
    for (struct server_return *r = next_due(w, at_s); r != NULL; r = next_due(w, at_s)) {
        const struct sim_call call = r->call;
        pass(w, r->due_s);
        sim_cancel(w->sim, &r->event);
        call.fn(call.self, call.arg);
    }
    pass(w, at_s);
}
