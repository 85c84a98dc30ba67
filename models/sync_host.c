#include "models/sync_host.h"

#include <math.h>
#include <stdlib.h>

static const double cpu_unit = 1e9; /* CPU time is counted in core-nanoseconds */

#define COMMITS_MASK ((UINT64_C(1) << 48) - 1)

/* Of the work what is needed after its beginning, on a cache line. */
struct walk {
    _Alignas(64) struct sim_slot head;
    double mail_reads, cpu_s;
    sim_call_fn *done; /* called with `self` and `arg` */
    void *self;
    uint32_t arg, user;
    uint64_t commits : 48;
    uint64_t tells_phases : 1;
    uint64_t phase : 8;     /* enum work_phase */
    struct sim_handle step; /* in the station of the phase */
};

_Static_assert(sizeof(struct walk) == 64, "a cache line");

struct sync_host {
    struct sim *sim;
    const struct sync_host_config *config;
    struct mail_farm *mail;
    struct sim_fluid *cpu;
    uint32_t cpu_class;
    struct sim_pool *heap;
    struct sim_disk *own_disk;  /* NULL in a pool */
    struct pool_database *pool; /* or NULL */
    struct sim_slots walks;
    sync_host_phase_fn *on_phase; /* NULL: nobody is told */
    sim_fetch_fn *fetch_phase;    /* named with it */
    struct sync_host_stats stats;
};

static uint64_t full_speed(const struct sync_host_config *config)
{
    return (uint64_t)(config->cores * cpu_unit);
}

static enum sim_err create_parts(struct sync_host *h)
{
    const struct sync_host_config *const c = h->config;
    enum sim_err err = sim_fluid_create(h->sim, full_speed(c), &h->cpu);
    if (err == SIM_OK) {
        err = sim_fluid_add_class(h->cpu, (uint64_t)cpu_unit, 1, &h->cpu_class);
    }
    if (err == SIM_OK) {
        err = sim_pool_create(h->sim, (uint64_t)c->heap_byte, &h->heap);
    }
    if (err == SIM_OK && h->pool == NULL) {
        err = sim_disk_create(h->sim, 1 / c->state_iops, c->state_group, &h->own_disk);
    }
    return err;
}

static void foresee(struct sync_host *h);

enum sim_err sync_host_create(struct sim *sim, const struct sync_host_config *config,
                              struct mail_farm *mail, struct pool_database *pool,
                              struct sync_host **out)
{
    struct sync_host *const h = calloc(1, sizeof *h);
    if (h == NULL) {
        return SIM_ENOMEM;
    }
    h->sim = sim;
    h->config = config;
    h->mail = mail;
    h->pool = pool;
    h->walks.record_byte = sizeof(struct walk);
    foresee(h);
    const enum sim_err err = create_parts(h);
    if (err != SIM_OK) {
        sync_host_destroy(h);
        return err;
    }
    *out = h;
    return SIM_OK;
}

void sync_host_destroy(struct sync_host *h)
{
    if (h == NULL) {
        return;
    }
    sim_fluid_destroy(h->cpu);
    sim_pool_destroy(h->heap);
    sim_disk_destroy(h->own_disk);
    sim_slots_fini(&h->walks);
    free(h);
}

static struct walk *walk_at(const struct sync_host *h, uint64_t slot)
{
    return sim_slots_at(&h->walks, (uint32_t)slot);
}

static void enter_phase(struct sync_host *h, uint64_t slot, enum work_phase phase)
{
    struct walk *const w = walk_at(h, slot);
    w->phase = phase;
    if (w->tells_phases) {
        h->on_phase(w->self, w->arg, phase);
    }
}

static void on_state_end(void *self, uint64_t slot)
{
    struct sync_host *const h = self;
    const struct walk walk = *walk_at(h, slot);
    h->stats.done.commits += (double)walk.commits;
    sim_slots_release(&h->walks, (uint32_t)slot);
    walk.done(walk.self, walk.arg);
}

static void on_cpu_end(void *self, uint64_t slot)
{
    struct sync_host *const h = self;
    const uint64_t commits = walk_at(h, slot)->commits;
    const struct sim_call end = {on_state_end, h, slot};
    struct sim_handle step;
    h->stats.done.cpu_s += walk_at(h, slot)->cpu_s;
    if (commits == 0) {
        on_state_end(h, slot);
        return;
    }
    enter_phase(h, slot, WORK_STATE_DB);
    if (h->pool != NULL) {
        pool_database_submit(h->pool, walk_at(h, slot)->user, commits, end, &step);
    } else {
        sim_disk_submit(h->own_disk, commits, end, &step);
    }
    walk_at(h, slot)->step = step;
}

static void on_mail_end(void *self, uint64_t slot)
{
    struct sync_host *const h = self;
    const double cpu_s = walk_at(h, slot)->cpu_s;
    struct sim_handle step;
    h->stats.done.mail_reads += walk_at(h, slot)->mail_reads;
    if (cpu_s <= 0) {
        on_cpu_end(h, slot);
        return;
    }
    enter_phase(h, slot, WORK_CPU);
    sim_fluid_start(h->cpu, h->cpu_class, cpu_s * cpu_unit, (struct sim_call){on_cpu_end, h, slot},
                    &step);
    walk_at(h, slot)->step = step;
}

/* First the walk, then what is called at its end. */
static bool fetch_walk(void *self, uint64_t slot, unsigned step)
{
    const struct sync_host *const h = self;
    if (step == 0) {
        sim_slots_fetch(&h->walks, (uint32_t)slot);
        return true;
    }
    const struct walk *const w = walk_at(h, slot);
    const struct sim_call done = {w->done, w->self, w->arg};
    return sim_fetch(h->sim, &done, step - 1);
}

/* Of a walk that goes on on the CPU, whom it tells so; commits do not take long, so there what is called at the end is
 * asked for already. */
static bool fetch_mail_end(void *self, uint64_t slot, unsigned step)
{
    const struct sync_host *const h = self;
    const struct walk *const w = walk_at(h, slot);
    if (step == 0 || w->cpu_s <= 0) {
        return fetch_walk(self, slot, step);
    }
    return w->tells_phases && h->fetch_phase(w->self, w->arg, step - 1);
}

static void foresee(struct sync_host *h)
{
    sim_foresee(h->sim, on_mail_end, fetch_mail_end);
    sim_foresee(h->sim, on_cpu_end, fetch_walk);
    sim_foresee(h->sim, on_state_end, fetch_walk);
}

static void begin(struct walk *w, const struct work *work)
{
    SIM_ASSERT(work->done.arg <= UINT32_MAX && work->commits <= COMMITS_MASK);
    w->mail_reads = work->mail_reads;
    w->cpu_s = work->cpu_s;
    w->done = work->done.fn;
    w->self = work->done.self;
    w->arg = (uint32_t)work->done.arg;
    w->user = work->user;
    w->commits = work->commits & COMMITS_MASK;
    w->tells_phases = work->tells_phases;
    w->phase = WORK_NOTHING;
    w->step = (struct sim_handle){0, 0};
}

void sync_host_start_work(struct sync_host *h, const struct work *work, struct sim_handle *handle)
{
    uint32_t slot;
    *handle = (struct sim_handle){0, 0};
    const enum sim_err err = sim_slots_take(&h->walks, &slot);
    if (err != SIM_OK) {
        sim_raise(h->sim, err, "a sync server: %s", sim_err_text(err));
        return;
    }
    begin(walk_at(h, slot), work);
    *handle = sim_slots_handle(&h->walks, slot);
    if (work->mail_reads <= 0 && work->cpu_s <= 0 && work->commits == 0) {
        walk_at(h, slot)->step = sim_after(h->sim, 0, (struct sim_call){on_state_end, h, slot});
        return;
    }
    if (work->mail_reads <= 0) {
        on_mail_end(h, slot);
        return;
    }
    struct sim_handle step;
    enter_phase(h, slot, WORK_MAIL);
    mail_farm_submit(h->mail, work->user, work->mail_reads, (struct sim_call){on_mail_end, h, slot},
                     &step);
    walk_at(h, slot)->step = step;
}

static double cpu_had_s(const struct sync_host *h, const struct walk *w)
{
    return w->cpu_s - sim_fluid_left(h->cpu, w->step) / cpu_unit;
}

static void add_done(struct work_done *d, double mail_reads, double cpu_s, double commits)
{
    d->mail_reads += mail_reads;
    d->cpu_s += cpu_s;
    d->commits += commits;
}

void sync_host_throw_away(struct sync_host *h, const struct work *work)
{
    add_done(&h->stats.thrown_away, work->mail_reads, work->cpu_s, (double)work->commits);
}

/* The stations behind it, and what it had of the CPU. */
static void throw_away_part(struct sync_host *h, const struct walk *w)
{
    if (w->phase == WORK_CPU) {
        const double cpu_s = cpu_had_s(h, w);
        h->stats.done.cpu_s += cpu_s;
        add_done(&h->stats.thrown_away, w->mail_reads, cpu_s, 0);
    } else if (w->phase == WORK_STATE_DB) {
        add_done(&h->stats.thrown_away, w->mail_reads, w->cpu_s, 0);
    }
}

bool sync_host_is_working(const struct sync_host *h, struct sim_handle handle)
{
    return sim_slots_is_live(&h->walks, handle);
}

double sync_host_cpu_under_way_s(const struct sync_host *h)
{
    double sum_s = 0;
    for (uint32_t slot = 0; slot < h->walks.n; slot++) {
        const struct walk *const w = walk_at(h, slot);
        const bool is_there = sim_slots_is_live(&h->walks, sim_slots_handle(&h->walks, slot));
        sum_s += is_there && w->phase == WORK_CPU ? cpu_had_s(h, w) : 0;
    }
    return sum_s;
}

void sync_host_tell_phases(struct sync_host *h, sync_host_phase_fn *on_phase, sim_fetch_fn *fetch)
{
    h->on_phase = on_phase;
    h->fetch_phase = fetch;
}

const struct sync_host_stats *sync_host_stats(const struct sync_host *h)
{
    return &h->stats;
}

static void cancel_commits(struct sync_host *h, struct sim_handle *step)
{
    if (h->pool != NULL) {
        pool_database_cancel(h->pool, step);
    } else {
        sim_disk_cancel(h->own_disk, step);
    }
}

void sync_host_cancel_work(struct sync_host *h, struct sim_handle *handle)
{
    if (!sim_slots_is_live(&h->walks, *handle)) {
        return;
    }
    struct walk *const w = walk_at(h, handle->slot);
    struct sim_handle step = w->step;
    const enum work_phase phase = (enum work_phase)w->phase;
    throw_away_part(h, w);
    sim_slots_release(&h->walks, handle->slot);
    *handle = (struct sim_handle){0, 0};
    switch (phase) {
    case WORK_NOTHING:
        sim_cancel(h->sim, &step);
        break;
    case WORK_MAIL:
        mail_farm_cancel(h->mail, &step);
        break;
    case WORK_CPU:
        sim_fluid_cancel(h->cpu, &step);
        break;
    case WORK_STATE_DB:
        cancel_commits(h, &step);
        break;
    }
}

/* Above the threshold, speed falls in a straight line to gc_speed at a full heap. */
static uint64_t speed(const struct sync_host *h)
{
    const struct sync_host_config *const c = h->config;
    const double used = (double)sim_pool_in_use(h->heap) / (double)sim_pool_capacity(h->heap);
    const double excess = used - c->gc_threshold;
    if (excess <= 0) {
        return full_speed(c);
    }
    const double factor = 1 - (1 - c->gc_speed) * fmin(excess / fmax(1 - c->gc_threshold, 1e-9), 1);
    return (uint64_t)fmax(round((double)full_speed(c) * factor), 1);
}

static void adjust_speed(struct sync_host *h)
{
    const uint64_t now = speed(h);
    if (now != sim_fluid_capacity(h->cpu)) {
        sim_fluid_set_capacity(h->cpu, now);
    }
}

void sync_host_take_heap(struct sync_host *h, struct sim_call granted, struct sim_handle *handle)
{
    sim_pool_request(h->heap, (uint64_t)h->config->heap_per_sync_byte, granted, handle);
    adjust_speed(h);
}

bool sync_host_fetch_work(const struct sync_host *h, uint32_t user, unsigned step)
{
    return mail_farm_fetch(h->mail, user, step);
}

void sync_host_fetch_heap(const struct sync_host *h, struct sim_handle handle)
{
    sim_pool_fetch(h->heap, handle);
}

void sync_host_return_heap(struct sync_host *h, struct sim_handle *handle)
{
    sim_pool_return(h->heap, handle);
    adjust_speed(h);
}

uint32_t sync_host_cores(const struct sync_host *h)
{
    return h->config->cores;
}

struct sim_fluid *sync_host_cpu(const struct sync_host *h)
{
    return h->cpu;
}

struct sim_disk *sync_host_state_disk(const struct sync_host *h)
{
    return h->pool != NULL ? pool_database_disk(h->pool) : h->own_disk;
}

const struct sim_pool *sync_host_heap(const struct sync_host *h)
{
    return h->heap;
}
