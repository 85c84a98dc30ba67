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

/* A transaction whose turn comes: it alone, as its server is that of the one which makes room. */
static bool fetch_turn(void *self, uint64_t slot, unsigned step)
{
    const struct mail_farm *const m = self;
    (void)step;
    sim_slots_fetch(&m->transactions, (uint32_t)slot);
    return false;
}

/* Whose turn comes when a transaction is over. Between two of them a server is forgotten, with all that stand in its line: so
 * this is asked for then, and not while they move up. */
static bool fetch_next(const struct server *s, unsigned step)
{
    if (sim_station_n_waiting(s->line) == 0) {
        return false;
    }
    const bool starts_on = fetch_start(s->disk, s->disk_class, step);
    return sim_station_fetch_first(s->line, fetch_turn, step) || starts_on;
}

/* It gives its place back. */
static bool fetch_release(const struct server *s, const struct transaction *t, unsigned step)
{
    if (step == 0) {
        sim_station_fetch(s->line, 0);
        return true;
    }
    if (step == 1) {
        sim_station_fetch_job(s->line, t->place);
    }
    return fetch_next(s, step - 1);
}

/* The end of a flow: first the transaction, then its server, and what is called at the end, of one on the disk too, as time on
 * the CPU may be short. */
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
    if (step == 1) {
        __builtin_prefetch(s);
        return true;
    }
    const bool goes_on =
        t->on_cpu ? fetch_release(s, t, step - 2) : fetch_start(s->cpu, s->cpu_class, step - 2);
    return (!t->is_probe && sim_fetch(m->sim, &t->done, step - 2)) || goes_on;
}

/* Who finds no place free does not start. */
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
    return step == 1 || (sim_station_n_busy(s->line) < sim_station_n_servers(s->line) &&
                         fetch_start(s->disk, s->disk_class, step - 2));
}
