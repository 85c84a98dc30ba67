#include "sim/res/station.h"

#include "sim/base/mem.h"
#include "sim/res/line_internal.h"

#include <math.h>

/* Of the job only what is needed after it has come in, so that a record is a cache line. */
struct record {
    struct sim_slot head;
    double service_s;
    sim_station_fn *fn;
    void *self;
    uint64_t arg;
    double arrived_s;
    struct sim_handle event; /* end of patience, or end of service */
    bool in_service;
};

/* Begins on a cache line; what a job touches for whom nobody waits stands first, when he comes on four, when he goes on five, where
 * it was seven: with the same of a shared resource, 6 % of 720,000 devices. */
struct sim_station {
    _Alignas(64) struct sim *sim;
    uint32_t servers, max_waiting, n_busy;
    bool dispatching;
    struct sim_slots records;
    struct line line;                     /* slots of waiting jobs */
    uint32_t n_waiting_seen, n_busy_seen; /* by the averages */
    double residence_s; /* time spent here by jobs that have left: a side of Little's law */
    struct sim_station_stats stats;
    sim_fetch_fn *fetch; /* NULL: nobody says what jobs touch when they start */
};

enum sim_err sim_station_create(struct sim *sim, uint32_t servers, uint32_t max_waiting,
                                struct sim_station **out)
{
    if (servers == 0) {
        return SIM_EINVAL;
    }
    struct sim_station *const s = sim_lines_create(1, sizeof *s);
    if (s == NULL) {
        return SIM_ENOMEM;
    }
    s->sim = sim;
    s->servers = servers;
    s->max_waiting = max_waiting;
    s->records.record_byte = sizeof(struct record);
    sim_timeavg_init(&s->stats.waiting, sim_now(sim), 0);
    sim_timeavg_init(&s->stats.busy, sim_now(sim), 0);
    sim_timeavg_init(&s->stats.saturated, sim_now(sim), 0);
    *out = s;
    return SIM_OK;
}

void sim_station_destroy(struct sim_station *s)
{
    if (s == NULL) {
        return;
    }
    line_fini(&s->line);
    sim_slots_fini(&s->records);
    free(s);
}

static struct record *record_at(const struct sim_station *s, uint32_t slot)
{
    return sim_slots_at(&s->records, slot);
}

static void update_averages(struct sim_station *s)
{
    const double now_s = sim_now(s->sim);
    const uint32_t n_waiting = s->line.n;
    if (n_waiting != s->n_waiting_seen) { /* whole numbers are compared and converted sparingly */
        const bool was_saturated = s->n_waiting_seen > 0;
        s->n_waiting_seen = n_waiting;
        sim_timeavg_change(&s->stats.waiting, now_s, n_waiting);
        if ((n_waiting > 0) != was_saturated) {
            sim_timeavg_change(&s->stats.saturated, now_s, n_waiting > 0);
        }
    }
    if (s->n_busy != s->n_busy_seen) {
        s->n_busy_seen = s->n_busy;
        sim_timeavg_change(&s->stats.busy, now_s, s->n_busy);
    }
}

static void cancel_event(struct sim_station *s, struct record *r)
{
    if (r->event.generation != 0) { /* most have none: spares the call */
        sim_cancel(s->sim, &r->event);
    }
}

/* Forgets a job that is neither in line nor in service any more, and has no event; returns the time it spent here. */
static double forget(struct sim_station *s, uint32_t slot)
{
    const double sojourn_s = sim_now(s->sim) - record_at(s, slot)->arrived_s;
    s->residence_s += sojourn_s;
    sim_slots_release(&s->records, slot);
    return sojourn_s;
}

static inline void dispatch(struct sim_station *s);

static void complete(struct sim_station *s, uint32_t slot)
{
    const struct record *const r = record_at(s, slot);
    const double service_s = r->service_s;
    sim_station_fn *const fn = r->fn;
    void *const self = r->self;
    const uint64_t arg = r->arg;
    SIM_ASSERT(r->in_service);
    s->n_busy--;
    s->stats.completed++;
    sim_tally_add(&s->stats.sojourn_s, forget(s, slot));
    dispatch(s); /* before the callback: who waits goes before who comes */
    if (service_s != SIM_STATION_HELD) {
        fn(self, arg, SIM_STATION_DONE);
    }
}

static void on_service_end(void *self, uint64_t slot)
{
    complete(self, (uint32_t)slot);
}

static void on_patience_end(void *self, uint64_t slot)
{
    struct sim_station *const s = self;
    const struct record job = *record_at(s, (uint32_t)slot);
    line_remove(&s->line, (uint32_t)slot);
    forget(s, (uint32_t)slot);
    s->stats.reneged++;
    update_averages(s);
    job.fn(job.self, job.arg, SIM_STATION_RENEGED);
}

static void start(struct sim_station *s, uint32_t slot)
{
    struct record *const r = record_at(s, slot);
    r->in_service = true;
    s->n_busy++;
    cancel_event(s, r);
    sim_tally_add(&s->stats.wait_s, sim_now(s->sim) - r->arrived_s);
    if (r->service_s == SIM_STATION_HELD) {
        r->fn(r->self, r->arg, SIM_STATION_STARTED);
    } else {
        r->event = sim_after(s->sim, r->service_s, (struct sim_call){on_service_end, s, slot});
    }
}

/* The job that is `ahead` behind the first in line; NULL if there is none, or it has gone. */
static const struct record *in_line(const struct sim_station *s, uint32_t ahead)
{
    const struct line *const l = &s->line;
    if (l->end - l->first <= ahead) {
        return NULL;
    }
    const struct sim_heap_entry e = *line_at(l, l->first + ahead);
    return line_is_gap(e) ? NULL : record_at(s, sim_heap_slot(e));
}

/* Part of what is foreseen (sim/core/calendar_internal.h: a fifth of the time of 120,000 devices): who stands in
 * line is no event yet. */
static void fetch_line(const struct sim_station *s)
{
    enum { RECORD = 8, FIRST_STEP = 5, STEPS = 3, APART = 2 }; /* starts ahead */
    __builtin_prefetch(in_line(s, RECORD), 1);
    for (unsigned step = 0; step < STEPS; step++) {
        const struct record *const r = in_line(s, FIRST_STEP - APART * step);
        if (r != NULL) {
            (void)s->fetch(r->self, r->arg, step);
        }
    }
}

/* Gives free servers to waiting jobs. A callback may free further servers: the outermost call goes
 * on with them, so that a long line of short jobs does not nest. Out of line, so that a job that comes while all servers
 * are busy saves no registers for it: 1 % of the instructions of M/M/1. */
__attribute__((noinline)) static void start_waiting(struct sim_station *s)
{
    s->dispatching = true;
    while (s->n_busy < s->servers && s->line.n > 0) {
        const uint32_t slot = line_pop(&s->line);
        if (s->fetch != NULL && sim_foresees(s->sim)) {
            fetch_line(s);
        }
        start(s, slot);
    }
    s->dispatching = false;
}

static inline void dispatch(struct sim_station *s)
{
    if (!s->dispatching) {
        if (s->n_busy < s->servers && s->line.n > 0) {
            start_waiting(s);
        }
        update_averages(s); /* once all has come to rest: who starts at once has not waited */
    }
}

/* Counts servers and places together: inside a callback who is about to start still stands in line. */
static bool is_full(const struct sim_station *s)
{
    return (uint64_t)s->n_busy + s->line.n >= (uint64_t)s->servers + s->max_waiting;
}

static void refuse(struct sim_station *s, const struct sim_station_job *job)
{
    s->stats.refused++;
    job->fn(job->self, job->arg, SIM_STATION_REFUSED);
}

static enum sim_err take_record(struct sim_station *s, const struct sim_station_job *job,
                                uint32_t *slot)
{
    const enum sim_err err = sim_slots_take(&s->records, slot);
    if (err != SIM_OK) {
        return err;
    }
    struct record *const r = record_at(s, *slot);
    r->service_s = job->service_s;
    r->fn = job->fn;
    r->self = job->self;
    r->arg = job->arg;
    r->arrived_s = sim_now(s->sim);
    r->in_service = false;
    r->event = (struct sim_handle){0, 0};
    return SIM_OK;
}

static enum sim_err join_line(struct sim_station *s, const struct sim_station_job *job,
                              uint32_t slot)
{
    const enum sim_err err = line_push(&s->line, job->priority, slot);
    if (err == SIM_OK && job->patience_s > 0 && job->patience_s < INFINITY) {
        const struct sim_call call = {on_patience_end, s, slot};
        record_at(s, slot)->event = sim_after(s->sim, job->patience_s, call);
    }
    return err;
}

/* Nobody stands in line and a server is free: the job need not stand there either. */
static void start_at_once(struct sim_station *s, uint32_t slot)
{
    s->dispatching = true;
    start(s, slot);
    s->dispatching = false;
}

static void fail(struct sim_station *s, enum sim_err err)
{
    sim_raise(s->sim, err, "a station: %s", sim_err_text(err));
}

void sim_station_enter(struct sim_station *s, const struct sim_station_job *job,
                       struct sim_handle *handle)
{
    uint32_t slot;
    SIM_ASSERT(job->service_s >= 0 || job->service_s == SIM_STATION_HELD);
    SIM_ASSERT(!isnan(job->priority));
    SIM_ASSERT(job->patience_s >= 0);
    if (handle != NULL) {
        *handle = (struct sim_handle){0, 0};
    }
    s->stats.arrived++;
    if (is_full(s)) {
        refuse(s, job);
        return;
    }
    enum sim_err err = take_record(s, job, &slot);
    if (err != SIM_OK) {
        fail(s, err);
        return;
    }
    if (handle != NULL) {
        *handle = sim_slots_handle(&s->records, slot);
    }
    if (!s->dispatching && s->line.n == 0 && s->n_busy < s->servers) {
        start_at_once(s, slot);
    } else {
        err = join_line(s, job, slot);
        if (err != SIM_OK) {
            sim_slots_release(&s->records, slot);
            fail(s, err);
            return;
        }
    }
    dispatch(s);
}

void sim_station_release(struct sim_station *s, struct sim_handle *handle)
{
    SIM_ASSERT(sim_slots_is_live(&s->records, *handle));
    const uint32_t slot = handle->slot;
    SIM_ASSERT(record_at(s, slot)->service_s == SIM_STATION_HELD);
    *handle = (struct sim_handle){0, 0};
    complete(s, slot);
}

bool sim_station_cancel(struct sim_station *s, struct sim_handle *handle)
{
    if (!sim_slots_is_live(&s->records, *handle)) {
        return false;
    }
    const uint32_t slot = handle->slot;
    *handle = (struct sim_handle){0, 0};
    if (record_at(s, slot)->in_service) {
        s->n_busy--;
    } else {
        line_remove(&s->line, slot);
    }
    cancel_event(s, record_at(s, slot));
    forget(s, slot);
    s->stats.cancelled++;
    dispatch(s);
    return true;
}

void sim_station_clear(struct sim_station *s)
{
    const bool outermost = !s->dispatching;
    s->dispatching = true; /* nobody starts while the rest is being cancelled */
    for (uint32_t slot = 0; slot < s->records.n; slot++) {
        struct sim_handle handle = sim_slots_handle(&s->records, slot);
        sim_station_cancel(s, &handle);
    }
    s->dispatching = !outermost;
    update_averages(s);
}

void sim_station_foresee(struct sim_station *s, sim_fetch_fn *fetch)
{
    s->fetch = fetch;
}

void sim_station_fetch(const struct sim_station *s, unsigned step)
{
    if (step == 0) {
        sim_fetch_block(s, offsetof(struct sim_station, stats.completed));
        return;
    }
    sim_slots_fetch_free(&s->records);
    if (s->n_busy == s->servers && s->line.capacity > 0) {
        __builtin_prefetch(line_at(&s->line, s->line.end), 1);
        __builtin_prefetch(&s->stats.waiting, 1);
    }
}

bool sim_station_fetch_first(const struct sim_station *s, sim_fetch_fn *fetch, unsigned step)
{
    if (s->line.n == 0) {
        return false;
    }
    if (step == 0) {
        __builtin_prefetch(line_at(&s->line, s->line.first));
        return true;
    }
    const struct record *const r = in_line(s, 0);
    if (step == 1) {
        __builtin_prefetch(r, 1);
        return true;
    }
    return r != NULL && fetch(r->self, r->arg, step - 2);
}

void sim_station_fetch_job(const struct sim_station *s, struct sim_handle job)
{
    __builtin_prefetch(&s->stats.sojourn_s, 1);
    if (job.generation != 0) {
        sim_slots_fetch(&s->records, job.slot);
    }
}

uint32_t sim_station_n_waiting(const struct sim_station *s)
{
    return s->line.n;
}

uint32_t sim_station_n_busy(const struct sim_station *s)
{
    return s->n_busy;
}

uint32_t sim_station_n_servers(const struct sim_station *s)
{
    return s->servers;
}

const struct sim_station_stats *sim_station_stats(const struct sim_station *s)
{
    return &s->stats;
}

double sim_station_little_gap(const struct sim_station *s)
{
    const double now_s = sim_now(s->sim);
    double spent_s = s->residence_s;
    for (uint32_t slot = 0; slot < s->records.n; slot++) {
        if (sim_slots_is_live(&s->records, sim_slots_handle(&s->records, slot))) {
            spent_s += now_s - record_at(s, slot)->arrived_s;
        }
    }
    const double area_s =
        sim_timeavg_area(&s->stats.waiting, now_s) + sim_timeavg_area(&s->stats.busy, now_s);
    return fabs(area_s - spent_s) / fmax(fmax(area_s, spent_s), 1e-300);
}
