/* What the events of devices touch, so that it is asked of the memory before (sim_foresee in sim/core/sim.h). */
#include "models/device_internal.h"

/* Of the stages the second half: from the prime sync on a device is in those. */
static void fetch_progress(const struct devices *d, uint64_t id)
{
    __builtin_prefetch(&d->device[id], 1);
    __builtin_prefetch(&d->past[id], 1);
    __builtin_prefetch(&d->past[id].record.stage_s[DEVICE_N_STAGES / 2], 1);
}

static void fetch_first_stages(const struct devices *d, uint64_t id)
{
    if (d->device[id].stage < DEVICE_N_STAGES / 2) {
        __builtin_prefetch(d->past[id].record.stage_s, 1);
    }
}

bool devices_fetch(void *self, uint64_t id, unsigned step)
{
    const struct devices *const d = self;
    if (step == 0) {
        fetch_progress(d, id);
    } else {
        fetch_first_stages(d, id);
        sim_fetch_event(d->world.sim, d->device[id].timeout);
    }
    return step == 0;
}

bool device_fetch_connection(void *self, uint64_t id, unsigned step)
{
    const struct devices *const d = self;
    if (step == 0) {
        fetch_progress(d, id);
        network_fetch_line(d->world.network, (uint32_t)id);
    } else {
        fetch_first_stages(d, id);
    }
    return step == 0;
}

bool device_fetch_request(void *self, uint64_t id, unsigned step)
{
    const struct devices *const d = self;
    const struct device *const v = &d->device[id];
    if (step == 0) {
        fetch_progress(d, id);
        return true;
    }
    if (step == 1) {
        fetch_first_stages(d, id);
        __builtin_prefetch(device_mailbox_of(d, (uint32_t)id));
    }
    return v->server != NOT_CONNECTED &&
           sync_server_fetch(d->world.servers[v->server], (uint32_t)id, v->user, step - 1);
}
