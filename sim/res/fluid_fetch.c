/* What a shared resource touches, so that it is asked of the memory before (sim_foresee in sim/core/sim.h). */
#include "sim/res/fluid_internal.h"

enum {
    CLASS_AND_FLOW = 2, /* steps */
    ALL_FETCHED = 255
};

/* What the end of the first flow touches: the class whose turn it is, the flow, and what that calls. */
static bool fetch_first(const struct sim_fluid *f, uint32_t step)
{
    const struct class *const c = &f->class[f->next_class];
    if (step == 0) {
        sim_fluid_fetch(f, 1);
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

/* A busy resource was touched a moment ago, and of a class that many share the flow was asked for when it came to be
 * the second (flowheap.c). The next end is put off or brought forward many times before it comes: the steps for the
 * same flow go on. */
bool fluid_fetch_end(void *self, uint64_t is_busy, unsigned step)
{
    struct sim_fluid *const f = self;
    if (!is_busy && step == 0) {
        sim_fluid_fetch(f, 0);
        return true;
    }
    if (f->fetch_step == ALL_FETCHED) {
        return false;
    }
    const uint32_t known = is_busy && f->stats.solver == SIM_FLUID_SCAN ? CLASS_AND_FLOW : 0;
    const bool goes_on = fetch_first(f, f->fetch_step + known);
    f->fetch_step = goes_on ? f->fetch_step + 1 : ALL_FETCHED;
    return goes_on;
}

void sim_fluid_fetch(const struct sim_fluid *f, unsigned step)
{
    if (step == 0) {
        sim_fetch_block(f, offsetof(struct sim_fluid, class_capacity));
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
