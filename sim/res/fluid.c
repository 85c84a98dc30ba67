#include "sim/base/minmax.h"
#include "sim/res/fluid_internal.h"

#include <float.h>
#include <math.h>

static void on_end(void *self, uint64_t unused);
static bool fetch_end(void *self, uint64_t unused, unsigned step);

enum sim_err sim_fluid_create(struct sim *sim, uint64_t capacity_per_s, struct sim_fluid **out)
{
    if (capacity_per_s > SIM_FLUID_MAX_CAPACITY) {
        return SIM_EINVAL;
    }
    struct sim_fluid *const f = calloc(1, sizeof *f);
    if (f == NULL) {
        return SIM_ENOMEM;
    }
    f->sim = sim;
    f->capacity = (int64_t)capacity_per_s;
    f->level = INFINITY;
    f->stats.solver = SIM_FLUID_GROUPS;
    f->flows.record_byte = sizeof(struct flow);
    sim_fluid_rewind(f);
    sim_foresee(sim, on_end, fetch_end);
    *out = f;
    return SIM_OK;
}

void sim_fluid_rewind(struct sim_fluid *f)
{
    SIM_ASSERT(f->flows.n_live == 0);
    f->last_s = sim_now(f->sim);
    sim_timeavg_init(&f->stats.active, f->last_s, 0);
    sim_timeavg_init(&f->stats.used, f->last_s, 0);
    sim_timeavg_init(&f->stats.saturated, f->last_s, 0);
}

void sim_fluid_destroy(struct sim_fluid *f)
{
    if (f == NULL) {
        return;
    }
    sim_heap_fini(&f->capped);
    sim_heap_fini(&f->sharing);
    sim_slots_fini(&f->flows);
    for (uint32_t id = 0; id < f->n_classes; id++) {
        flowheap_fini(&f->class[id].heap);
    }
    fluid_kinetic_fini(&f->kinetic);
    rankset_fini(&f->present);
    free(f->by_rank);
    free(f->class);
    free(f);
}

enum sim_err sim_fluid_add_class(struct sim_fluid *f, uint64_t cap_per_s, uint32_t weight,
                                 uint32_t *class_id)
{
    if (cap_per_s > SIM_FLUID_MAX_CAP || weight == 0 || weight > SIM_FLUID_MAX_WEIGHT) {
        return SIM_EINVAL;
    }
    const uint32_t id = f->n_classes;
    if (id == SIM_HEAP_MAX_SLOTS) {
        return SIM_ELIMIT;
    }
    const enum sim_err err =
        sim_grow_lines(&f->class, &f->class_capacity, (size_t)id + 1, sizeof *f->class);
    if (err != SIM_OK) {
        return err;
    }
    f->class[id] = (struct class){.cap = (int64_t)cap_per_s, .weight = weight};
    flowheap_init(&f->class[id].heap);
    f->n_classes++;
    f->ranks_are_stale = true;
    *class_id = id;
    return SIM_OK;
}

void sim_fluid_use(struct sim_fluid *f, enum sim_fluid_solver solver)
{
    f->wanted = solver;
}

/* ---- The next end, and averages ---- */

static void schedule_next_end(struct sim_fluid *f)
{
    const struct fluid_end next = fluid_next_end(f);
    f->next_class = next.class_id;
    if (next.time_s == INFINITY) {
        sim_cancel(f->sim, &f->event);
    } else if (sim_is_pending(f->sim, f->event)) {
        sim_reschedule(f->sim, f->event, next.time_s);
    } else {
        f->event = sim_at(f->sim, next.time_s, SIM_NORMAL, (struct sim_call){on_end, f, 0});
    }
}

static void update_averages(struct sim_fluid *f)
{
    sim_timeavg_set(&f->stats.active, f->last_s, f->flows.n_live);
    sim_timeavg_set(&f->stats.used, f->last_s,
                    f->capacity > 0 ? fluid_rate(f) / (double)f->capacity : 0);
    sim_timeavg_set(&f->stats.saturated, f->last_s, f->sharing_weight > 0);
}

/* After any change at last_s. */
static void finish_change(struct sim_fluid *f)
{
    fluid_settle(f);
    schedule_next_end(f);
    update_averages(f);
    if (f->changed.fn != NULL) {
        f->changed.fn(f->changed.self, f->changed.arg);
    }
}

/* ---- Flows ---- */

static void join(struct sim_fluid *f, uint32_t id, uint32_t slot)
{
    struct class *const c = &f->class[id];
    if (c->n == 0) {
        fluid_begin_class(f, c);
    }
    struct flow *const flow = flow_at(&f->flows, slot);
    flow->start = fluid_service(f, c);
    f->rounded += flow->start;
    flow->end += flow->start;
    flowheap_insert(&c->heap, &f->flows, slot);
    c->n++;
    fluid_class_changed(f, id, 1, c->heap.first == slot);
}

static struct sim_call leave(struct sim_fluid *f, uint32_t slot)
{
    const struct flow flow = *flow_at(&f->flows, slot);
    struct class *const c = &f->class[flow.class_id];
    const bool was_first = c->heap.first == slot;
    const double service = fluid_service(f, c);
    f->received += sim_min(service, flow.end) - flow.start;
    f->rounded += service;
    flowheap_remove(&c->heap, &f->flows, slot);
    sim_slots_release(&f->flows, slot);
    c->n--;
    fluid_class_changed(f, flow.class_id, -1, was_first);
    return flow.done;
}

static void on_end(void *self, uint64_t unused)
{
    struct sim_fluid *const f = self;
    (void)unused;
    fluid_advance(f);
    const struct sim_call done = leave(f, f->class[f->next_class].heap.first);
    f->stats.finished++;
    finish_change(f);
    done.fn(done.self, done.arg);
}

/* Step by step: the resource, the class whose turn it is, its first flow, and what that calls. */
static bool fetch_end(void *self, uint64_t unused, unsigned step)
{
    const struct sim_fluid *const f = self;
    (void)unused;
    if (step == 0) {
        sim_fluid_fetch(f, 0);
        return true;
    }
    const struct class *const c = &f->class[f->next_class];
    if (step == 1) {
        sim_fluid_fetch(f, 1);
        __builtin_prefetch(c);
        return true;
    }
    if (c->heap.first == FLOW_NONE) {
        return false; /* it has just ended */
    }
    if (step == 2) {
        sim_slots_fetch(&f->flows, c->heap.first);
        return true;
    }
    return sim_fetch(f->sim, &flow_at(&f->flows, c->heap.first)->done, step - 3);
}

void sim_fluid_fetch(const struct sim_fluid *f, unsigned step)
{
    if (step == 0) {
        sim_fetch_block(f, sizeof *f);
    } else {
        sim_slots_fetch_free(&f->flows);
        __builtin_prefetch(f->class);
        if (f->stats.solver == SIM_FLUID_GROUPS) {
            __builtin_prefetch(f->by_rank);
            __builtin_prefetch(f->capped.entries);
            __builtin_prefetch(f->capped.position);
            __builtin_prefetch(f->sharing.entries);
            __builtin_prefetch(f->sharing.position);
            __builtin_prefetch(f->present.level[0]);
        }
    }
}

void sim_fluid_fetch_class(const struct sim_fluid *f, uint32_t class_id)
{
    if (!f->ranks_are_stale && class_id < f->n_classes) {
        __builtin_prefetch(&f->class[class_id]);
        __builtin_prefetch(&f->capped.position[class_id]);
        __builtin_prefetch(&f->sharing.position[class_id]);
    }
}

static enum sim_err add_flow(struct sim_fluid *f, uint32_t class_id, double amount,
                             struct sim_call done, uint32_t *slot)
{
    enum sim_err err = fluid_refresh_ranks(f);
    if (err == SIM_OK) {
        err = flowheap_reserve(&f->class[class_id].heap, &f->flows);
    }
    if (err == SIM_OK) {
        err = sim_slots_take(&f->flows, slot);
    }
    if (err == SIM_OK) {
        struct flow *const flow = flow_at(&f->flows, *slot);
        flow->class_id = class_id;
        flow->end = amount;
        flow->done = done;
    }
    return err;
}

void sim_fluid_start(struct sim_fluid *f, uint32_t class_id, double amount, struct sim_call done,
                     struct sim_handle *handle)
{
    uint32_t slot;
    SIM_ASSERT(class_id < f->n_classes && amount > 0);
    if (handle != NULL) {
        *handle = (struct sim_handle){0, 0};
    }
    fluid_advance(f);
    const enum sim_err err = add_flow(f, class_id, amount, done, &slot);
    if (err != SIM_OK) {
        sim_raise(f->sim, err, "a shared resource: %s", sim_err_text(err));
        return;
    }
    if (handle != NULL) {
        *handle = sim_slots_handle(&f->flows, slot);
    }
    join(f, class_id, slot);
    f->stats.started++;
    finish_change(f);
}

bool sim_fluid_cancel(struct sim_fluid *f, struct sim_handle *handle)
{
    if (!sim_slots_is_live(&f->flows, *handle)) {
        return false;
    }
    fluid_advance(f);
    leave(f, handle->slot);
    *handle = (struct sim_handle){0, 0};
    f->stats.cancelled++;
    finish_change(f);
    return true;
}

void sim_fluid_clear(struct sim_fluid *f)
{
    for (uint32_t slot = 0; slot < f->flows.n; slot++) {
        struct sim_handle handle = sim_slots_handle(&f->flows, slot);
        sim_fluid_cancel(f, &handle);
    }
}

void sim_fluid_set_capacity(struct sim_fluid *f, uint64_t capacity_per_s)
{
    SIM_ASSERT(capacity_per_s <= SIM_FLUID_MAX_CAPACITY);
    fluid_advance(f);
    f->capacity = (int64_t)capacity_per_s;
    finish_change(f);
}

uint64_t sim_fluid_capacity(const struct sim_fluid *f)
{
    return (uint64_t)f->capacity;
}

void sim_fluid_watch(struct sim_fluid *f, struct sim_call changed)
{
    f->changed = changed;
}

double sim_fluid_level(const struct sim_fluid *f)
{
    return f->level;
}

static double class_rate(const struct sim_fluid *f, const struct class *c)
{
    return fluid_shares(f, c) ? (double)c->weight * f->level : (double)c->cap;
}

double sim_fluid_rate(const struct sim_fluid *f, struct sim_handle flow)
{
    return sim_slots_is_live(&f->flows, flow)
               ? class_rate(f, &f->class[flow_at(&f->flows, flow.slot)->class_id])
               : 0;
}

static double service_since(const struct sim_fluid *f, const struct class *c)
{
    return class_rate(f, c) * (sim_now(f->sim) - f->last_s);
}

double sim_fluid_left(const struct sim_fluid *f, struct sim_handle flow)
{
    if (!sim_slots_is_live(&f->flows, flow)) {
        return 0;
    }
    const struct flow *const record = flow_at(&f->flows, flow.slot);
    const struct class *const c = &f->class[record->class_id];
    return sim_max(record->end - fluid_service(f, c) - service_since(f, c), 0);
}

double sim_fluid_received(const struct sim_fluid *f, struct sim_handle flow)
{
    if (!sim_slots_is_live(&f->flows, flow)) {
        return 0;
    }
    const struct flow *const record = flow_at(&f->flows, flow.slot);
    const struct class *const c = &f->class[record->class_id];
    return sim_min(fluid_service(f, c) - record->start + service_since(f, c),
                   record->end - record->start);
}

uint32_t sim_fluid_n_active(const struct sim_fluid *f)
{
    return f->flows.n_live;
}

const struct sim_fluid_stats *sim_fluid_stats(struct sim_fluid *f)
{
    fluid_advance(f);
    return &f->stats;
}

double sim_fluid_rounding(const struct sim_fluid *f)
{
    return 4 * DBL_EPSILON * f->rounded;
}

double sim_fluid_conservation_gap(struct sim_fluid *f)
{
    fluid_advance(f);
    double received = f->received;
    double rounded = f->rounded;
    for (uint32_t slot = 0; slot < f->flows.n; slot++) {
        if (sim_slots_is_live(&f->flows, sim_slots_handle(&f->flows, slot))) {
            const struct flow *const flow = flow_at(&f->flows, slot);
            const double service = fluid_service(f, &f->class[flow->class_id]);
            received += service - flow->start;
            rounded += service;
        }
    }
    const double gap = fabs(received - f->stats.served) - 4 * DBL_EPSILON * rounded;
    return gap <= 0 ? 0 : gap / fmax(f->stats.served, 1e-300);
}
