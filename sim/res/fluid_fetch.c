/* What a shared resource touches, so that it is asked of the memory before (sim_foresee in sim/core/sim.h). */
#include "sim/res/fluid_internal.h"

enum {
    CLASS_AND_FLOW = 2, /* steps */
    ALL_FETCHED = 255
};

/* What the end of the first flow of a class touches: the class, the flow, and what that calls. */
static bool fetch_class_end(const struct sim_fluid *f, uint32_t class_id, uint32_t step)
{
    const struct class *const c = &f->class[class_id];
    if (step == 0) {
        __builtin_prefetch(c);
        return true;
    }
    if (c->heap.first == FLOW_NONE) {
        return false; /* it has just ended */
    }
    if (step == 1) {
        sim_slots_fetch(&f->flows, c->heap.first);
        flowheap_fetch_rest(&c->heap);
        return true;
    }
    return sim_fetch(f->sim, &flow_at(&f->flows, c->heap.first)->done, step - 2);
}

static bool fetch_first(const struct sim_fluid *f, uint32_t step)
{
    if (step == 0) {
        sim_fluid_fetch(f, 1);
    }
    return fetch_class_end(f, f->next_class, step);
}

/* ---- Ends that may follow the next one ----
 *
 * Ends come one upon another, and each needs more steps than there are events between. So those near the root of a heap
 * are brought on a step each time, too: 9 % fewer waits at 12,000 devices. */

static uint32_t step_of(const struct fluid_ahead *a, uint64_t tie)
{
    for (uint32_t i = 0; i < AHEAD; i++) {
        if (a[i].tie == tie) {
            return a[i].step;
        }
    }
    return 0;
}

/* The entries that are near the root now, each with the step it is at, wherever it was before. */
static void follow(struct fluid_ahead *a, const struct sim_heap_entry *near, uint32_t n)
{
    struct fluid_ahead now[AHEAD] = {{0, 0}};
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t step = step_of(a, near[i].tie);
        now[i] = (struct fluid_ahead){near[i].tie, step > 0 ? step : 1};
    }
    memcpy(a, now, sizeof now);
}

static void bring_on(struct fluid_ahead *a, bool goes_on)
{
    a->step = goes_on ? a->step + 1 : ALL_FETCHED;
}

/* The classes have just been asked for (fluid_groups.c). */
static void fetch_classes_ahead(const struct sim_fluid *f, struct classheap *h)
{
    const uint32_t n = h->n > AHEAD ? AHEAD : h->n;
    follow(h->ahead, h->entry, n);
    for (uint32_t i = 0; i < n; i++) {
        struct fluid_ahead *const a = &h->ahead[i];
        const uint32_t class_id = classheap_class(h->entry[i]);
        if (a->step != ALL_FETCHED && class_id != f->next_class) {
            bring_on(a, fetch_class_end(f, class_id, a->step));
        }
    }
}

/* The same of a class that many share. */
static void fetch_flows_ahead(struct sim_fluid *f, const struct flowheap *h)
{
    const uint32_t n = h->n > AHEAD ? AHEAD : h->n;
    follow(f->ahead, h->entry, n);
    for (uint32_t i = 0; i < n; i++) {
        struct fluid_ahead *const a = &f->ahead[i];
        if (a->step == 1) {
            sim_slots_fetch(&f->flows, flowheap_slot(h->entry[i]));
            bring_on(a, true);
        } else if (a->step != ALL_FETCHED && !flowheap_is_dead(&f->flows, h->entry[i])) {
            const struct flow *const flow = flow_at(&f->flows, flowheap_slot(h->entry[i]));
            bring_on(a, sim_fetch(f->sim, &flow->done, a->step - CLASS_AND_FLOW));
        }
    }
}

/* The step that the next end was brought to before it was the next one. */
static uint32_t first_step(const struct sim_fluid *f, bool many_share)
{
    const struct class *const c = &f->class[f->next_class];
    if (many_share && c->heap.first != FLOW_NONE) {
        const struct flow *const flow = flow_at(&f->flows, c->heap.first);
        const uint64_t tie = (uint64_t)c->heap.first << 32 | flow->head.generation;
        const uint32_t step = step_of(f->ahead, tie);
        return step > CLASS_AND_FLOW ? step : CLASS_AND_FLOW;
    }
    const uint64_t tie = (uint64_t)f->next_class << 32 | c->heap.tag;
    return f->stats.solver == SIM_FLUID_GROUPS
               ? step_of(c->shares ? f->sharing.ahead : f->capped.ahead, tie)
               : 0;
}

/* A busy resource was touched a moment ago, and of a class that many share the flow was asked for when it came to be
 * the second (flowheap.c). The next end is put off or brought forward many times before it comes: the steps for the
 * same flow go on. */
bool fluid_fetch_end(void *self, uint64_t is_busy, unsigned step)
{
    struct sim_fluid *const f = self;
    const bool many_share = is_busy && f->stats.solver == SIM_FLUID_SCAN;
    if (!is_busy && step == 0) {
        sim_fluid_fetch(f, 0);
        return true;
    }
    if (f->fetch_step == 0) {
        f->fetch_step = (uint8_t)first_step(f, many_share);
    }
    if (many_share) {
        fetch_flows_ahead(f, &f->class[f->next_class].heap);
    } else if (f->stats.solver == SIM_FLUID_GROUPS) {
        fetch_classes_ahead(f, &f->capped);
        fetch_classes_ahead(f, &f->sharing);
    }
    if (f->fetch_step == ALL_FETCHED) {
        return false;
    }
    const bool goes_on = fetch_first(f, f->fetch_step);
    f->fetch_step = goes_on ? f->fetch_step + 1 : ALL_FETCHED;
    return goes_on;
}

void sim_fluid_fetch(const struct sim_fluid *f, unsigned step)
{
    if (step == 0) {
        sim_fetch_block(f, offsetof(struct sim_fluid, ranks_are_stale));
    } else {
        sim_slots_fetch_free(&f->flows);
        sim_fetch_event(f->sim, f->event);
        sim_fetch_block(f->class, 2 * sizeof *f->class);
        if (f->stats.solver == SIM_FLUID_GROUPS) {
            __builtin_prefetch(f->by_rank);
            __builtin_prefetch(f->capped.entry);
            __builtin_prefetch(f->sharing.entry);
            __builtin_prefetch(f->present.level[0]);
        }
    }
}

void sim_fluid_fetch_class(const struct sim_fluid *f, uint32_t class_id)
{
    if (!f->ranks_are_stale && class_id < f->n_classes) {
        __builtin_prefetch(&f->class[class_id]);
    }
}
