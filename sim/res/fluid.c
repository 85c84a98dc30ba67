#include "sim/base/mem.h"
#include "sim/res/fluid_scan_internal.h"

#include <float.h>
#include <math.h>

static void on_end(void *self, uint64_t is_busy);

enum sim_err sim_fluid_create(struct sim *sim, uint64_t capacity_per_s, struct sim_fluid **out)
{
    if (capacity_per_s > SIM_FLUID_MAX_CAPACITY) {
        return SIM_EINVAL;
    }
    struct sim_fluid *const f = sim_lines_create(1, sizeof *f);
    if (f == NULL) {
        return SIM_ENOMEM;
    }
    f->sim = sim;
    f->capacity = (int64_t)capacity_per_s;
    f->stats.solver = SIM_FLUID_GROUPS;
    f->flows.record_byte = sizeof(struct flow);
    sim_fluid_rewind(f);
    sim_foresee(sim, on_end, fluid_fetch_end);
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
    f->saturated_seen = false;
}

void sim_fluid_destroy(struct sim_fluid *f)
{
    if (f == NULL) {
        return;
    }
    pile_queue_destroy(f->capped.queue);
    pile_queue_destroy(f->sharing.queue);
    sim_slots_fini(&f->flows);
    for (uint32_t id = 0; id < f->n_classes; id++) {
        flowheap_fini(&f->class[id].heap);
    }
    fluid_kinetic_fini(&f->kinetic);
    rankset_fini(&f->present);
    if (f->by_rank != f->few_ranks) {
        free(f->by_rank);
    }
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
    f->keeps_scanning = false;
    *class_id = id;
    return SIM_OK;
}

enum sim_err sim_fluid_reserve(struct sim_fluid *f, uint32_t n_classes, uint32_t n_flows)
{
    if (n_classes > SIM_HEAP_MAX_SLOTS) {
        return SIM_ELIMIT;
    }
    const enum sim_err err =
        sim_grow_lines(&f->class, &f->class_capacity, n_classes, sizeof *f->class);
    return err == SIM_OK ? sim_slots_reserve(&f->flows, n_flows) : err;
}

void sim_fluid_use(struct sim_fluid *f, enum sim_fluid_solver solver)
{
    f->wanted = solver;
    f->keeps_scanning = false;
}

/* ---- What a change consists of ----
 *
 * Five in six changes of a storm are of disks and cores, which are scanned. So `scans`, that the scan is at work and
 * stays it, is asked of the resource once a change, and then all steps are inline; else each asks which solver it is.
 * With what is said at its places it saves 5 % of the instructions of a replication of 500 users. */

static inline void advance(struct sim_fluid *f, bool scans)
{
    if (scans) {
        fluid_advance_sums(f);
    } else {
        fluid_advance(f);
    }
}

static inline double service(const struct sim_fluid *f, const struct class *c, bool scans)
{
    return scans ? groups_service(f, c) : fluid_service(f, c);
}

static inline void begin_class(struct sim_fluid *f, struct class *c, bool scans)
{
    if (scans) {
        groups_begin_clock(f, c);
    } else {
        fluid_begin_class(f, c);
    }
}

static inline void class_changed(struct sim_fluid *f, const struct class *c, int64_t more,
                                 bool first_changed, bool scans)
{
    if (scans) {
        scan_class_changed(f, c, more, first_changed);
    } else {
        fluid_class_changed(f, (uint32_t)(c - f->class), more, first_changed);
    }
}

static inline void update_averages(struct sim_fluid *f)
{
    sim_timeavg_set(&f->stats.active, f->last_s, f->flows.n_live);
    sim_timeavg_set(&f->stats.used, f->last_s, f->capacity > 0 ? f->rate / (double)f->capacity : 0);
    const bool is_saturated = f->sharing_weight > 0;
    if (is_saturated != f->saturated_seen) { /* the average stands on a line of its own */
        f->saturated_seen = is_saturated;
        sim_timeavg_change(&f->stats.saturated, f->last_s, is_saturated);
    }
}

/* Out of line, one for ends and starts of flows: inline in both, a storm takes 0.4 % fewer instructions, but misses a
 * fifth more of their lines in the model of callgrind, where the order of the code alone moves it by a tenth. */
__attribute__((noinline)) static double settle(struct sim_fluid *f, struct level_change may,
                                               bool scans)
{
    struct fluid_end next;
    if (scans && groups_all_fit(f)) { /* half of all: 1 % of a storm's instructions */
        f->rate = (double)f->capped_rate;
        f->level = 0;
        next = scan_first_among(f, UINT32_MAX);
        next.time_s = sim_max(next.time_s, f->last_s);
    } else if (scans) {
        f->stats.n_crossings += scan_settle(f, may);
        fluid_find_level(f);
        next = scan_next_end(f);
    } else {
        fluid_settle(f, may);
        next = fluid_next_end(f);
    }
    if (next.class_id != f->next_class) {
        f->next_class = next.class_id;
        f->fetch_step = 0;
    }
    update_averages(f);
    return next.time_s;
}

static inline void reschedule_end(struct sim_fluid *f, double time_s)
{
    const bool is_scheduled = f->event.generation != 0;
    if (time_s == INFINITY) {
        if (is_scheduled) {
            sim_cancel(f->sim, &f->event);
        }
    } else if (is_scheduled) {
        sim_reschedule(f->sim, f->event, time_s);
    } else {
        f->event =
            sim_at(f->sim, time_s, SIM_NORMAL, (struct sim_call){on_end, f, fluid_is_busy(f)});
    }
}

/* After a change at last_s. */
static inline void finish_change(struct sim_fluid *f, struct level_change may, bool scans)
{
    reschedule_end(f, settle(f, may, scans));
    if (f->changed.fn != NULL) {
        f->changed.fn(f->changed.self, f->changed.arg);
    }
}

/* ---- Flows ---- */

static inline struct level_change join(struct sim_fluid *f, struct class *c, uint32_t slot,
                                       double amount, bool scans)
{
    struct flow *const flow = flow_at(&f->flows, slot);
    const bool begins = c->n == 0;
    if (begins) {
        begin_class(f, c, scans);
    }
    const double had = service(f, c, scans);
    f->rounded += had;
    flow->start = had;
    flow->end = had + amount;
    flowheap_insert(&c->heap, &f->flows, slot);
    c->n++;
    class_changed(f, c, 1, c->heap.first == slot, scans);
    return (struct level_change){.fall = true, .rise = begins};
}

static inline struct sim_call leave(struct sim_fluid *f, struct class *c, uint32_t slot, bool scans)
{
    const struct flow *const flow = flow_at(&f->flows, slot);
    const bool was_first = c->heap.first == slot;
    const double had = service(f, c, scans);
    f->received += sim_min(had, flow->end) - flow->start;
    f->rounded += had;
    flowheap_remove(&c->heap, &f->flows, slot);
    sim_slots_release(&f->flows, slot);
    c->n--;
    class_changed(f, c, -1, was_first, scans);
    return flow->done;
}

static void on_end(void *self, uint64_t is_busy)
{
    struct sim_fluid *const f = self;
    const bool scans = f->keeps_scanning;
    struct class *const c = &f->class[f->next_class];
    (void)is_busy;
    advance(f, scans);
    const struct sim_call done = leave(f, c, c->heap.first, scans);
    f->stats.finished++;
    f->fetch_step = 0;
    if (flowheap_is_queue(&c->heap) && sim_foresees(f->sim)) {
        fluid_fetch_flows(f, c);
    }
    f->event = (struct sim_handle){0, 0};
    finish_change(f, (struct level_change){.rise = true}, scans);
    done.fn(done.self, done.arg);
}

/* Room for a flow. */
static inline enum sim_err take_slot(struct sim_fluid *f, struct class *c, uint32_t *slot)
{
    const enum sim_err err = flowheap_reserve(&c->heap, &f->flows);
    return err == SIM_OK ? sim_slots_take(&f->flows, slot) : err;
}

__attribute__((noinline)) static void refuse(struct sim_fluid *f, enum sim_err err,
                                             struct sim_handle *handle)
{
    if (handle != NULL) {
        *handle = (struct sim_handle){0, 0};
    }
    sim_raise(f->sim, err, "a shared resource: %s", sim_err_text(err));
}

void sim_fluid_start(struct sim_fluid *f, uint32_t class_id, double amount, struct sim_call done,
                     struct sim_handle *handle)
{
    const bool scans = f->keeps_scanning;
    struct class *const c = &f->class[class_id];
    uint32_t slot;
    SIM_ASSERT(class_id < f->n_classes && amount > 0);
    advance(f, scans);
    enum sim_err err = scans ? SIM_OK : fluid_refresh_ranks(f);
    if (err == SIM_OK) {
        err = take_slot(f, c, &slot);
    }
    if (err != SIM_OK) {
        refuse(f, err, handle);
        return;
    }
    if (handle != NULL) {
        *handle = sim_slots_handle(&f->flows, slot);
    }
    struct flow *const flow = flow_at(&f->flows, slot);
    flow->class_id = class_id;
    flow->done.fn = done.fn;
    flow->done.self = done.self;
    flow->done.arg = done.arg;
    const struct level_change may = join(f, c, slot, amount, scans);
    f->stats.started++;
    finish_change(f, may, scans);
}

bool sim_fluid_cancel(struct sim_fluid *f, struct sim_handle *handle)
{
    if (!sim_slots_is_live(&f->flows, *handle)) {
        return false;
    }
    const uint32_t slot = handle->slot;
    const uint32_t class_id = flow_at(&f->flows, slot)->class_id;
    fluid_advance(f);
    leave(f, &f->class[class_id], slot, false);
    *handle = (struct sim_handle){0, 0};
    f->stats.cancelled++;
    finish_change(f, (struct level_change){.rise = true}, false);
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
    finish_change(f, (struct level_change){.fall = true, .rise = true}, false);
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
    return f->sharing_weight > 0 ? f->level : INFINITY;
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
