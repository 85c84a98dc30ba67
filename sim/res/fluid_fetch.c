/* What a shared resource touches, so that it is asked of the memory before (sim_foresee in sim/core/sim.h). */
#include "sim/res/fluid_internal.h"

enum { ALL_FETCHED = 255 }; /* steps */

/* What the end of the first flow touches: the class whose turn it is, the flow, and what that calls. */
static bool fetch_first(const struct sim_fluid *f, uint32_t step)
{
    const struct class *const c = &f->class[f->next_class];
    if (step == 0) {
        sim_fluid_fetch(f, 1);
        __builtin_prefetch(c);
        return true;
    }
    if (c->heap.first == FLOW_NONE || flowheap_is_queue(&c->heap)) {
        return false; /* it has just ended; or was asked for while it was behind the first */
    }
    if (step == 1) {
        sim_slots_fetch(&f->flows, c->heap.first);
        flowheap_fetch_rest(&c->heap);
        return true;
    }
    if (step == 2) {
        flowheap_fetch_second(&c->heap, &f->flows);
    }
    return sim_fetch(f->sim, &flow_at(&f->flows, c->heap.first)->done, step - 2);
}

/* A busy resource was touched a moment ago, with its classes if they are few. The next end is put off or brought forward many times before it comes: the steps for the
 * same flow go on. */
bool fluid_fetch_end(void *self, uint64_t is_busy, unsigned step)
{
    struct sim_fluid *const f = self;
    if (!is_busy && step == 0) {
        sim_fluid_fetch(f, 0);
        return true;
    }
    if (f->fetch_step == ALL_FETCHED || f->stats.solver == SIM_FLUID_GROUPS) {
        return false; /* of the groups it was asked for while it was behind the first */
    }
    const uint32_t known = is_busy && f->stats.solver == SIM_FLUID_SCAN ? 1 : 0;
    const bool goes_on = fetch_first(f, f->fetch_step + known);
    f->fetch_step = goes_on ? f->fetch_step + 1 : ALL_FETCHED;
    return goes_on;
}

/* ---- Who ends behind the first, where many are in order (sim/base/pile_queue.h) ---- */

enum { CALL_STEPS = 6, FLOW_AHEAD = CALL_STEPS + 1, CLASS_AHEAD = FLOW_AHEAD + 2 };

/* Each a step further than who comes behind it. `flow_of` says whose entry it is, FLOW_NONE of one that is dead. */
static inline void fetch_calls(const struct sim_fluid *f, const struct pile_queue *q,
                               uint32_t (*flow_of)(const struct sim_fluid *f,
                                                   struct sim_heap_entry e))
{
    for (uint32_t i = CALL_STEPS; i > 0; i--) {
        const uint32_t slot = i < pile_queue_n_run(q) ? flow_of(f, pile_queue_at(q, i)) : FLOW_NONE;
        if (slot != FLOW_NONE) {
            (void)sim_fetch(f->sim, &flow_at(&f->flows, slot)->done, CALL_STEPS - i);
        }
    }
}

static uint32_t flow_of_flow(const struct sim_fluid *f, struct sim_heap_entry e)
{
    return flowheap_is_dead(&f->flows, e) ? FLOW_NONE : flowheap_slot(e);
}

void fluid_fetch_flows(const struct sim_fluid *f, const struct class *c)
{
    const struct pile_queue *const q = c->heap.queue;
    if (FLOW_AHEAD < pile_queue_n_run(q)) {
        sim_slots_fetch(&f->flows, flowheap_slot(pile_queue_at(q, FLOW_AHEAD)));
    }
    fetch_calls(f, q, flow_of_flow);
}

static uint32_t flow_of_class(const struct sim_fluid *f, struct sim_heap_entry e)
{
    return class_queue_is_dead(f, e) ? FLOW_NONE : f->class[class_queue_class(e)].heap.first;
}

/* Classes and flows also where events are not foreseen: of 1e6 downloads a fifth of the time. */
void fluid_fetch_classes(const struct sim_fluid *f, struct class_queue *q)
{
    const uint32_t fit_cache = 4096; /* entries of 64 KiB, classes of 256 */
    const uint64_t first = class_queue_first(q).tie;
    if (q->n <= fit_cache || q->fetched == first) {
        return;
    }
    q->fetched = first;
    if (CLASS_AHEAD < pile_queue_n_run(q->queue)) {
        __builtin_prefetch(&f->class[class_queue_class(pile_queue_at(q->queue, CLASS_AHEAD))]);
    }
    if (FLOW_AHEAD < pile_queue_n_run(q->queue)) {
        const struct sim_heap_entry e = pile_queue_at(q->queue, FLOW_AHEAD);
        sim_fluid_fetch_first(f, class_queue_class(e));
    }
    if (sim_foresees(f->sim)) {
        fetch_calls(f, q->queue, flow_of_class);
    }
}

/* ---- What others ask for ---- */

void sim_fluid_fetch(const struct sim_fluid *f, unsigned step)
{
    if (step == 0) {
        sim_fetch_block(f, offsetof(struct sim_fluid, stats.saturated));
    } else {
        sim_slots_fetch_free(&f->flows);
        sim_fetch_event(f->sim, f->event);
        sim_fetch_block(f->class, 2 * sizeof *f->class);
        if (f->stats.solver == SIM_FLUID_GROUPS) {
            __builtin_prefetch(f->by_rank);
            __builtin_prefetch(f->capped.queue);
            __builtin_prefetch(f->sharing.queue);
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

void sim_fluid_fetch_first(const struct sim_fluid *f, uint32_t class_id)
{
    const struct class *const c = &f->class[class_id];
    flowheap_fetch_place(&c->heap, &f->flows);
    if (f->stats.solver == SIM_FLUID_GROUPS) {
        rankset_fetch(&f->present, c->rank);
    }
}
