#include "sim/res/fluid_internal.h"

#include <math.h>

static void ignore(void *self, uint64_t arg)
{
    (void)self;
    (void)arg;
}

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
    f->last_s = sim_now(sim);
    f->flows.record_byte = sizeof(struct flow);
    f->changed = (struct sim_call){ignore, NULL, 0};
    sim_timeavg_init(&f->stats.active, f->last_s, 0);
    sim_timeavg_init(&f->stats.used, f->last_s, 0);
    sim_timeavg_init(&f->stats.saturated, f->last_s, 0);
    *out = f;
    return SIM_OK;
}

void sim_fluid_destroy(struct sim_fluid *f)
{
    if (f == NULL) {
        return;
    }
    sim_heap_fini(&f->capped);
    sim_heap_fini(&f->sharing);
    sim_slots_fini(&f->flows);
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
    enum sim_err err = sim_heap_reserve(&f->capped, id + 1);
    if (err == SIM_OK) {
        err = sim_heap_reserve(&f->sharing, id + 1);
    }
    if (err == SIM_OK) {
        err = sim_grow(&f->class, &f->class_capacity, (size_t)id + 1, sizeof *f->class);
    }
    if (err != SIM_OK) {
        return err;
    }
    f->class[id] = (struct class){.cap = (int64_t)cap_per_s, .weight = weight, .root = FLOW_NONE};
    f->n_classes++;
    f->ranks_are_stale = true;
    *class_id = id;
    return SIM_OK;
}

/* ---- Level, clocks and keys ---- */

static double level(const struct sim_fluid *f)
{
    return f->sharing_weight > 0
               ? (double)(f->capacity - f->capped_rate) / (double)f->sharing_weight
               : INFINITY;
}

static double total_rate(const struct sim_fluid *f)
{
    return (double)(f->sharing_weight > 0 ? f->capacity : f->capped_rate);
}

static void advance(struct sim_fluid *f)
{
    const double now_s = sim_now(f->sim);
    const double elapsed_s = now_s - f->last_s;
    if (f->sharing_weight > 0) {
        f->virtual_time += level(f) * elapsed_s;
    }
    f->stats.served += total_rate(f) * elapsed_s;
    f->last_s = now_s;
}

static double service_at(const struct class *c, double time_s, double virtual_time)
{
    return c->shares ? c->service0 + (double)c->weight * (virtual_time - c->virtual0)
                     : c->service0 + (double)c->cap * (time_s - c->time0);
}

static double service(const struct sim_fluid *f, const struct class *c)
{
    return service_at(c, f->last_s, f->virtual_time);
}

/* When the first flow of a class ends: a time while capped, a virtual time while sharing. */
static double class_key(const struct sim_fluid *f, const struct class *c)
{
    const double to_go = flow_at(&f->flows, c->root)->end - c->service0;
    return c->shares ? c->virtual0 + to_go / (double)c->weight : c->time0 + to_go / (double)c->cap;
}

static struct sim_heap *heap_of(struct sim_fluid *f, const struct class *c)
{
    return c->shares ? &f->sharing : &f->capped;
}

/* Puts a class into the heap where it belongs, or corrects its key there. */
static void update_key(struct sim_fluid *f, uint32_t id)
{
    const struct class *const c = &f->class[id];
    struct sim_heap *const heap = heap_of(f, c);
    const uint64_t key = sim_heap_key(class_key(f, c));
    if (sim_heap_contains(heap, id)) {
        sim_heap_change(heap, key, id);
    } else {
        sim_heap_push(heap, key, id);
    }
}

static void count_rate(struct sim_fluid *f, const struct class *c, int64_t n)
{
    if (c->shares) {
        f->sharing_weight += c->weight * n;
    } else {
        f->capped_rate += c->cap * n;
    }
}

/* ---- The border between capped and sharing classes ---- */

/* c <= w theta, in whole numbers: c W <= (C - K) w, with W and K the sums above. */
static bool fits_under_level(const struct sim_fluid *f, const struct class *c)
{
    return c->cap != 0 &&
           (wide)c->cap * f->sharing_weight <= (wide)(f->capacity - f->capped_rate) * c->weight;
}

static void cross(struct sim_fluid *f, uint32_t id)
{
    struct class *const c = &f->class[id];
    c->service0 = service(f, c);
    sim_heap_remove(heap_of(f, c), id);
    count_rate(f, c, -(int64_t)c->n);
    c->shares = !c->shares;
    count_rate(f, c, c->n);
    c->time0 = f->last_s;
    c->virtual0 = f->virtual_time;
    update_key(f, id);
}

/* Moves classes across the border until the capped ones fit under the level and the others do not.
 * The two tests are exact complements, so this ends. */
static void settle(struct sim_fluid *f)
{
    for (;;) {
        const uint32_t above = rankset_from(&f->present, f->border);
        if (above != RANKSET_NONE && fits_under_level(f, &f->class[f->by_rank[above]])) {
            cross(f, f->by_rank[above]);
            f->border = above + 1;
            continue;
        }
        const uint32_t below = rankset_before(&f->present, f->border);
        if (below != RANKSET_NONE && !fits_under_level(f, &f->class[f->by_rank[below]])) {
            cross(f, f->by_rank[below]);
            f->border = below;
            continue;
        }
        break;
    }
    if (f->sharing_weight == 0) {
        f->virtual_time = 0; /* nobody refers to it: small numbers keep their digits */
    }
}

/* ---- The next end ---- */

struct next_end {
    double time_s; /* INFINITY if none is in sight */
    uint32_t class_id;
};

static struct next_end find_next_end(const struct sim_fluid *f)
{
    struct next_end next = {INFINITY, 0};
    if (f->capped.n > 0) {
        const struct sim_heap_entry e = sim_heap_min(&f->capped);
        next = (struct next_end){sim_heap_key_value(e.key), sim_heap_slot(e)};
    }
    const double theta = level(f);
    if (f->sharing.n > 0 && theta > 0) {
        const struct sim_heap_entry e = sim_heap_min(&f->sharing);
        const double to_go = sim_heap_key_value(e.key) - f->virtual_time;
        const double time_s = f->last_s + to_go / theta;
        if (time_s < next.time_s) {
            next = (struct next_end){time_s, sim_heap_slot(e)};
        }
    }
    next.time_s = fmax(next.time_s, f->last_s); /* rounding may put it a digit into the past */
    return next;
}

static void on_end(void *self, uint64_t unused);

static void schedule_next_end(struct sim_fluid *f)
{
    const double time_s = find_next_end(f).time_s;
    if (time_s == INFINITY) {
        sim_cancel(f->sim, &f->event);
    } else if (sim_is_pending(f->sim, f->event)) {
        sim_reschedule(f->sim, f->event, time_s);
    } else {
        f->event = sim_at(f->sim, time_s, SIM_NORMAL, (struct sim_call){on_end, f, 0});
    }
}

static void update_averages(struct sim_fluid *f)
{
    const double used = f->capacity > 0 ? total_rate(f) / (double)f->capacity : 0;
    sim_timeavg_set(&f->stats.active, f->last_s, f->flows.n_live);
    sim_timeavg_set(&f->stats.used, f->last_s, used);
    sim_timeavg_set(&f->stats.saturated, f->last_s, f->sharing_weight > 0);
}

/* After any change at last_s. */
static void finish_change(struct sim_fluid *f)
{
    settle(f);
    schedule_next_end(f);
    update_averages(f);
    f->changed.fn(f->changed.self, f->changed.arg);
}

/* ---- Flows ---- */

static void join(struct sim_fluid *f, uint32_t id, uint32_t slot)
{
    struct class *const c = &f->class[id];
    if (c->n == 0) {
        if (c->cap == 0 && f->border > c->rank) {
            f->border = c->rank; /* only uncapped classes stand behind it, and they always share */
        }
        c->shares = c->rank >= f->border;
        c->service0 = 0;
        c->time0 = f->last_s;
        c->virtual0 = f->virtual_time;
        rankset_add(&f->present, c->rank);
    }
    struct flow *const flow = flow_at(&f->flows, slot);
    flow->start = service(f, c);
    flow->end += flow->start;
    c->root = flowheap_insert(&f->flows, c->root, slot);
    c->n++;
    count_rate(f, c, 1);
    if (c->root == slot) {
        update_key(f, id);
    }
}

static struct sim_call leave(struct sim_fluid *f, uint32_t slot)
{
    const struct flow flow = *flow_at(&f->flows, slot);
    struct class *const c = &f->class[flow.class_id];
    const bool was_first = c->root == slot;
    f->received += fmin(service(f, c), flow.end) - flow.start;
    c->root = flowheap_remove(&f->flows, c->root, slot);
    sim_slots_release(&f->flows, slot);
    c->n--;
    count_rate(f, c, -1);
    if (c->n == 0) {
        sim_heap_remove(heap_of(f, c), flow.class_id);
        rankset_remove(&f->present, c->rank);
    } else if (was_first) {
        update_key(f, flow.class_id);
    }
    return flow.done;
}

static void on_end(void *self, uint64_t unused)
{
    struct sim_fluid *const f = self;
    (void)unused;
    advance(f);
    const struct next_end next = find_next_end(f);
    const struct sim_call done = leave(f, f->class[next.class_id].root);
    f->stats.finished++;
    finish_change(f);
    done.fn(done.self, done.arg);
}

static enum sim_err add_flow(struct sim_fluid *f, uint32_t class_id, double amount,
                             struct sim_call done, uint32_t *slot)
{
    enum sim_err err = f->ranks_are_stale ? fluid_rank_classes(f) : SIM_OK;
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
    advance(f);
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
    advance(f);
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
    advance(f);
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
    return level(f);
}

double sim_fluid_rate(const struct sim_fluid *f, struct sim_handle flow)
{
    if (!sim_slots_is_live(&f->flows, flow)) {
        return 0;
    }
    const struct class *const c = &f->class[flow_at(&f->flows, flow.slot)->class_id];
    return c->shares ? (double)c->weight * level(f) : (double)c->cap;
}

double sim_fluid_left(const struct sim_fluid *f, struct sim_handle flow)
{
    if (!sim_slots_is_live(&f->flows, flow)) {
        return 0;
    }
    const struct flow *const record = flow_at(&f->flows, flow.slot);
    const struct class *const c = &f->class[record->class_id];
    const double now_s = sim_now(f->sim);
    const double theta = f->sharing_weight > 0 ? level(f) : 0;
    const double virtual_now = f->virtual_time + theta * (now_s - f->last_s);
    return fmax(record->end - service_at(c, now_s, virtual_now), 0);
}

uint32_t sim_fluid_n_active(const struct sim_fluid *f)
{
    return f->flows.n_live;
}

const struct sim_fluid_stats *sim_fluid_stats(struct sim_fluid *f)
{
    advance(f);
    return &f->stats;
}

double sim_fluid_conservation_gap(struct sim_fluid *f)
{
    double received = f->received;
    advance(f);
    for (uint32_t slot = 0; slot < f->flows.n; slot++) {
        if (sim_slots_is_live(&f->flows, sim_slots_handle(&f->flows, slot))) {
            const struct flow *const flow = flow_at(&f->flows, slot);
            received += service(f, &f->class[flow->class_id]) - flow->start;
        }
    }
    const double possible = (double)f->capacity * sim_now(f->sim);
    return fabs(received - f->stats.served) / fmax(fmax(f->stats.served, 1e-6 * possible), 1e-300);
}
