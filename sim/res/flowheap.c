#include "sim/res/flowheap.h"

enum { FIRST_CAPACITY = 13 }; /* four cache lines (sim/base/heap.c) */

/* By end, then by slot, so that the order is total. Ends are above 0: their bits sort as they do. */
static struct sim_heap_entry entry_of(const struct sim_slots *flows, uint32_t slot)
{
    const struct flow *const f = flow_at(flows, slot);
    struct sim_heap_entry e = {.tie = (uint64_t)slot << 32 | f->head.generation};
    memcpy(&e.key, &f->end, sizeof e.key);
    return e;
}

void flowheap_init(struct flowheap *h)
{
    *h = (struct flowheap){.first = FLOW_NONE};
}

void flowheap_fini(struct flowheap *h)
{
    sim_heap_entries_destroy(h->entry);
}

static bool is_alive(const void *flows, struct sim_heap_entry e)
{
    return !flowheap_is_dead(flows, e);
}

/* After the dead are dropped half of the room is free, or it is doubled: O(1) amortised. */
enum sim_err flowheap_grow(struct flowheap *h, const struct sim_slots *flows)
{
    h->n = sim_heap_entries_filter(h->entry, h->n, is_alive, flows);
    if (h->n < h->capacity / 2) {
        return SIM_OK;
    }
    const uint32_t capacity = h->capacity == 0 ? FIRST_CAPACITY : 2 * h->capacity;
    const enum sim_err err = sim_heap_entries_resize(&h->entry, h->n, capacity);
    h->capacity = err == SIM_OK ? capacity : h->capacity;
    return err;
}

void flowheap_insert_among(struct flowheap *h, const struct sim_slots *flows, uint32_t slot)
{
    const struct sim_heap_entry e = entry_of(flows, slot);
    const struct sim_heap_entry first = entry_of(flows, h->first);
    const bool is_first = sim_heap_before(e, first);
    SIM_ASSERT(h->n < h->capacity);
    h->first = is_first ? slot : h->first;
    sim_heap_entries_put(h->entry, &h->n, is_first ? first : e);
}

void flowheap_find_first(struct flowheap *h, const struct sim_slots *flows)
{
    while (h->n > 0 && h->first == FLOW_NONE) {
        const struct sim_heap_entry e = sim_heap_entries_take(h->entry, &h->n);
        h->first = flowheap_is_dead(flows, e) ? FLOW_NONE : flowheap_slot(e);
    }
    if (h->n > 0) { /* what the next removal looks at */
        sim_slots_fetch(flows, flowheap_slot(h->entry[0]));
        __builtin_prefetch(&h->entry[h->n - 1]);
    }
}
