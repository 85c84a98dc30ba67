/* What transactions touch, so that it is asked of the memory before (sim_foresee in sim/core/sim.h). */
#include "models/mail_server_internal.h"

/* A flow that starts. Where steps go on for others' sake its places are asked for again, as the event may have been put off
 * meanwhile: 1.4 % of 720,000 devices. */
static bool fetch_start(const struct sim_fluid *resource, uint32_t class_id, unsigned step)
{
    if (step == 2) {
        sim_fluid_fetch_first(resource, class_id);
    } else {
        sim_fluid_fetch(resource, step);
    }
    return step < 2;
}

/* The end of a flow: first the transaction, then its server, and what is called at the end; time on the CPU is short, so
 * the end of that is seen to when the one on the disk is. */
bool mail_fetch_end(void *self, uint64_t slot, unsigned step)
{
    const struct mail_farm *const m = self;
    const struct transaction *const t = transaction_at(m, slot);
    if (step == 0) {
        sim_slots_fetch(&m->transactions, (uint32_t)slot);
        return true;
    }
    if (t->at == NOWHERE) {
        return false;
    }
    const struct server *const s = &m->server[t->at];
    bool goes_on = step < 3;
    if (step == 1) {
        __builtin_prefetch(s);
    } else if (step == 2) {
        sim_station_fetch(s->line, 0);
    } else if (step == 3) {
        sim_station_fetch_job(s->line, t->place);
    }
    if (step >= 2 && !t->on_cpu) {
        goes_on |= fetch_start(s->cpu, s->cpu_class, step - 2);
    }
    return (!t->is_probe && sim_fetch(m->sim, &t->done, step - 1)) || goes_on;
}

/* A transaction whose turn comes, so that it has a server, which has just been looked at. A station asks for three steps. */
bool mail_fetch_turn(void *self, uint64_t slot, unsigned step)
{
    const struct mail_farm *const m = self;
    const struct transaction *const t = transaction_at(m, slot);
    if (step == 0) {
        sim_slots_fetch(&m->transactions, (uint32_t)slot);
        return true;
    }
    const struct server *const s = &m->server[t->at];
    return fetch_start(s->disk, s->disk_class, step - 1);
}

bool mail_farm_fetch(const struct mail_farm *m, uint32_t user, unsigned step)
{
    const struct server *const s = &m->server[user % m->config->servers];
    if (step == 0) {
        __builtin_prefetch(s);
        return true;
    }
    if (step <= 2) {
        sim_station_fetch(s->line, step - 1);
    }
    return fetch_start(s->disk, s->disk_class, step - 1);
}
