/* What the events of devices touch, so that it is asked of the memory before (sim_foresee in sim/core/sim.h). */
#include "models/device_internal.h"

/* What every event of it reads. */
static void fetch_device(const struct devices *d, uint64_t id)
{
    __builtin_prefetch(&d->device[id], 1);
}

/* What it books time to: of stages that come often beside it, on its second line. */
static void fetch_stage(const struct devices *d, uint64_t id)
{
    __builtin_prefetch(device_stage_s(d, (uint32_t)id, (enum device_stage)d->device[id].stage), 1);
}

bool devices_fetch(void *self, uint64_t id, unsigned step)
{
    const struct devices *const d = self;
    if (step == 0) {
        fetch_device(d, id);
        __builtin_prefetch(&d->device[id].held_byte, 1);
    } else {
        fetch_stage(d, id);
    }
    return step == 0;
}

/* Will the answer change what is seldom changed? Those at the beginning, and the last one, do. */
static bool is_turn(const struct devices *d, const struct device *v)
{
    return v->request != REQUEST_POLL &&
           (!v->has_basic || v->items - v->items_done <= d->world.sync->window_items);
}

/* An answer; if it is a turn, the mailbox, the past and whether the user has current mail. */
bool device_fetch_reply(void *self, uint64_t id, unsigned step)
{
    const struct devices *const d = self;
    const struct device_past *const past = &d->past[id];
    if (step <= 1) {
        (void)devices_fetch(self, id, step);
    }
    if (step == 0) {
        return true;
    }
    if (!is_turn(d, &d->device[id])) {
        return false;
    }
    if (step == 1) {
        __builtin_prefetch(&d->world.user_of[id]);
        __builtin_prefetch(past, 1);
        __builtin_prefetch(&past->record.erased_s, 1);
        __builtin_prefetch(&past->lost_since_s, 1);
    } else {
        __builtin_prefetch(device_mailbox_of(d, (uint32_t)id));
        __builtin_prefetch(&d->user_mail[d->world.user_of[id]], 1);
    }
    return step == 1;
}

/* An attempt, or its failure. */
bool device_fetch_attempt(void *self, uint64_t id, unsigned step)
{
    const struct devices *const d = self;
    if (step == 0) {
        fetch_device(d, id);
        __builtin_prefetch(&d->past[id], 1);
    } else {
        fetch_stage(d, id);
    }
    return step == 0;
}

/* A connection, and what the server it has a sync state with knows of it. */
bool device_fetch_connection(void *self, uint64_t id, unsigned step)
{
    const struct devices *const d = self;
    const bool goes_on = device_fetch_attempt(self, id, step);
    if (step == 0) {
        return goes_on;
    }
    const int16_t server = d->past[id].registered_at;
    if (server != NOWHERE) {
        state_db_fetch_device(sync_server_state(d->world.servers[server]), (uint32_t)id);
    }
    return goes_on;
}

/* A request: what it is, then what it meets at the server. */
bool device_fetch_request(void *self, uint64_t id, unsigned step)
{
    const struct devices *const d = self;
    const struct device *const v = &d->device[id];
    if (step == 0) {
        fetch_device(d, id);
        return true;
    }
    if (step == 1) {
        fetch_stage(d, id);
    }
    if (step == 1 && v->request == REQUEST_HELLO) {
        __builtin_prefetch(&d->past[id]);
    }
    return v->server != NOT_CONNECTED &&
           sync_server_fetch(d->world.servers[v->server], (uint32_t)id, step - 1);
}

/* Most come early, and find that it has been put off; who gives up takes back the request and its own next step. */
bool device_fetch_deadline(void *self, uint64_t id, unsigned step)
{
    const struct devices *const d = self;
    const struct device *const v = &d->device[id];
    const double soon_s = 1;
    if (step == 0) {
        fetch_device(d, id);
        return true;
    }
    if (v->deadline_s - sim_now(d->world.sim) < soon_s) {
        __builtin_prefetch(&d->past[id], 1);
        fetch_stage(d, id);
        sim_fetch_event(d->world.sim, v->timer);
        if (v->server != NOT_CONNECTED) {
            (void)sync_server_fetch(d->world.servers[v->server], (uint32_t)id, 0);
        }
    }
    return false;
}
