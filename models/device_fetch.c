/* What the events of devices touch, so that it is asked of the memory before (sim_foresee in sim/core/sim.h). */
#include "models/device_internal.h"

static void fetch_device(const struct devices *d, uint64_t id)
{
    __builtin_prefetch(&d->device[id], 1);
    __builtin_prefetch(&d->device[id].held_byte, 1);
}

/* What it books time to, if that is not beside it. */
static void fetch_stage(const struct devices *d, uint64_t id)
{
    __builtin_prefetch(device_stage_s(d, (uint32_t)id, (enum device_stage)d->device[id].stage), 1);
}

bool devices_fetch(void *self, uint64_t id, unsigned step)
{
    const struct devices *const d = self;
    if (step == 0) {
        fetch_device(d, id);
    } else {
        fetch_stage(d, id);
    }
    return step == 0;
}

/* An answer, and whose mailbox it is. */
bool device_fetch_reply(void *self, uint64_t id, unsigned step)
{
    const struct devices *const d = self;
    if (step == 0) {
        __builtin_prefetch(&d->world.user_of[id]);
    } else {
        __builtin_prefetch(device_mailbox_of(d, (uint32_t)id));
    }
    return devices_fetch(self, id, step);
}

/* What the server it reaches knows of it. */
static void fetch_registration(const struct devices *d, uint64_t id)
{
    const int16_t server = d->device[id].server;
    if (server != NOT_CONNECTED && d->past[id].registered_at == server) {
        state_db_fetch_device(sync_server_state(d->world.servers[server]), (uint32_t)id);
    }
}

bool device_fetch_connection(void *self, uint64_t id, unsigned step)
{
    const struct devices *const d = self;
    if (step == 0) {
        fetch_device(d, id);
        __builtin_prefetch(&d->past[id], 1);
    } else {
        fetch_stage(d, id);
        fetch_registration(d, id);
    }
    return step == 0;
}

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
    return v->server != NOT_CONNECTED &&
           sync_server_fetch(d->world.servers[v->server], (uint32_t)id, step - 1);
}

/* Most come early, and find that it has been put off. */
bool device_fetch_deadline(void *self, uint64_t id, unsigned step)
{
    const struct devices *const d = self;
    const double soon_s = 1;
    if (step == 0) {
        fetch_device(d, id);
        return true;
    }
    if (!(d->device[id].deadline_s - sim_now(d->world.sim) < soon_s)) {
        return false;
    }
    __builtin_prefetch(&d->past[id], 1);
    return device_fetch_request(self, id, step);
}
