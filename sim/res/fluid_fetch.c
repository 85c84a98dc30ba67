/* What a shared resource touches, so that it is asked of the memory before (sim_foresee in sim/core/sim.h). */
#include "sim/res/fluid_internal.h"

enum { ALL_FETCHED = 255 }; /* steps */

/* What every change touches beside the resource. */
static void fetch_parts(const struct sim_fluid *f)
{
    sim_fetch_event(f->sim, f->event);
    sim_fetch_block(f->class, 2 * sizeof *f->class); /* there is room for more, if there is one */
}

/* What the end of the first flow touches: the class whose turn it is, the flow, and what that calls. */
static bool fetch_first(const struct sim_fluid *f, uint32_t step)
{
    const struct class *const c = &f->class[f->next_class];
    if (step == 0) {
        fetch_parts(f);
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
    const uint32_t level = step - 2;
    if (level < FLOWHEAP_LEVELS) {
        flowheap_fetch_next(&c->heap, &f->flows, level);
    }
    return sim_fetch(f->sim, &flow_at(&f->flows, c->heap.first)->done, level);
}

/* A busy resource was touched a moment ago, with its classes if they are few. The next end is put off or brought forward
 * many times before it comes: the steps for the same flow go on. */
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

/* How far behind the first those begin that were not asked for: a run that is new has been asked for nothing. */
static uint32_t first_unasked(const struct pile_queue *q, uint32_t ahead)
{
    return q->first == 0 ? 1 : ahead;
}

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
    for (uint32_t i = first_unasked(q, FLOW_AHEAD); i <= FLOW_AHEAD && i < pile_queue_n_run(q);
         i++) {
        sim_slots_fetch(&f->flows, flowheap_slot(pile_queue_at(q, i)));
    }
    fetch_calls(f, q, flow_of_flow);
}

static uint32_t flow_of_class(const struct sim_fluid *f, struct sim_heap_entry e)
{
    return class_queue_is_dead(f, e) ? FLOW_NONE : f->class[class_queue_class(e)].heap.first;
}

/* Classes and flows also where events are not foreseen: with the order in which they wait (pile_queue.h), an event of 1e6
 * downloads takes 233 ns where it took 369. */
void fluid_fetch_classes(const struct sim_fluid *f, struct class_queue *classes)
{
    const struct pile_queue *const q = classes->queue;
    const uint32_t fit_cache = 4096; /* entries of 64 KiB, classes of 256 */
    const uint64_t first = pile_queue_first(q).tie;
    if ((classes->n <= fit_cache && !sim_foresees(f->sim)) || classes->fetched == first) {
        return;
    }
    classes->fetched = first;
    for (uint32_t i = first_unasked(q, CLASS_AHEAD); i <= CLASS_AHEAD && i < pile_queue_n_run(q);
         i++) {
        __builtin_prefetch(&f->class[class_queue_class(pile_queue_at(q, i))]);
    }
    if (FLOW_AHEAD < pile_queue_n_run(q)) {
        const struct class *const c = &f->class[class_queue_class(pile_queue_at(q, FLOW_AHEAD))];
        if (c->heap.first != FLOW_NONE) {
            sim_slots_fetch(&f->flows, c->heap.first);
        }
        rankset_fetch(&f->present, c->rank);
    }
    if (sim_foresees(f->sim)) {
        fetch_calls(f, q, flow_of_class);
    }
}

/* ---- What others ask for ---- */

void sim_fluid_fetch(const struct sim_fluid *f, unsigned step)
{
    if (step == 0) {
        sim_fetch_block(f, offsetof(struct sim_fluid, stats.saturated));
    } else {
        sim_slots_fetch_free(&f->flows);
        fetch_parts(f);
        if (f->stats.solver == SIM_FLUID_GROUPS) {
            __builtin_prefetch(f->by_rank);
            __builtin_prefetch(f->capped.queue);
            __builtin_prefetch(f->sharing.queue);
            __builtin_prefetch(f->present.level[0]);
        }
    }
}

/* Classes that were added since the last start have no rank yet. */
static bool is_ranked(const struct sim_fluid *f, uint32_t class_id)
{
    return !f->ranks_are_stale && class_id < f->n_classes;
}

void sim_fluid_fetch_class(const struct sim_fluid *f, uint32_t class_id)
{
    if (is_ranked(f, class_id)) {
        __builtin_prefetch(&f->class[class_id]);
    }
}

void sim_fluid_fetch_first(const struct sim_fluid *f, uint32_t class_id)
{
    if (!is_ranked(f, class_id)) {
        return;
    }
    const struct class *const c = &f->class[class_id];
    flowheap_fetch_place(&c->heap, &f->flows);
    if (f->stats.solver == SIM_FLUID_GROUPS) {
        rankset_fetch(&f->present, c->rank);
    }
}
