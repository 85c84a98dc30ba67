#include "sim/res/flowheap.h"

enum { FIRST_CAPACITY = 13 }; /* four cache lines (sim/base/heap.c) */

/* By end, then by slot, so that the order is total. Ends are above 0: their bits sort as they do. */
static struct sim_heap_entry entry_of(const struct sim_slots *flows, uint32_t slot)
{
    const struct flow *const f = flow_at(flows, slot);
    return (struct sim_heap_entry){(uint64_t)slot << 32 | f->head.generation,
                                   sim_heap_bits(f->end)};
}

void flowheap_init(struct flowheap *h)
{
    *h = (struct flowheap){.first = FLOW_NONE};
}

void flowheap_fini(struct flowheap *h)
{
    if (flowheap_is_queue(h)) {
        pile_queue_destroy(h->queue);
    } else {
        sim_heap_entries_destroy(h->entry);
    }
}

static bool is_alive(const void *flows, struct sim_heap_entry e)
{
    return !flowheap_is_dead(flows, e);
}

/* From the heap to a queue. */
static enum sim_err begin_queue(struct flowheap *h, const struct sim_slots *flows,
                                uint32_t capacity)
{
    struct pile_queue *const q = pile_queue_create();
    if (q == NULL || pile_queue_reserve(q, capacity) != SIM_OK) {
        pile_queue_destroy(q);
        return SIM_ENOMEM;
    }
    pile_queue_put(q, entry_of(flows, h->first));
    for (uint32_t i = 0; i < h->n; i++) {
        pile_queue_put(q, h->entry[i]);
    }
    sim_heap_entries_destroy(h->entry);
    h->queue = q;
    h->n++;
    return SIM_OK;
}

static enum sim_err make_room(struct flowheap *h, const struct sim_slots *flows, uint32_t capacity)
{
    if (flowheap_is_queue(h)) {
        return pile_queue_reserve(h->queue, capacity - h->n);
    }
    return capacity > FLOWHEAP_MOST ? begin_queue(h, flows, capacity)
                                    : sim_heap_entries_resize(&h->entry, h->n, capacity);
}

/* After the dead are dropped half of the room is free, or it is doubled: O(1) amortised. */
enum sim_err flowheap_grow(struct flowheap *h, const struct sim_slots *flows)
{
    h->n = flowheap_is_queue(h) ? pile_queue_filter(h->queue, is_alive, flows)
                                : sim_heap_entries_filter(h->entry, h->n, is_alive, flows);
    if (h->n < h->capacity / 2) {
        return SIM_OK;
    }
    const uint32_t capacity = h->capacity == 0 ? FIRST_CAPACITY : 2 * h->capacity;
    const enum sim_err err = make_room(h, flows, capacity);
    h->capacity = err == SIM_OK ? capacity : h->capacity;
    return err;
}

static void insert_in_queue(struct flowheap *h, const struct sim_slots *flows, uint32_t slot)
{
    if (h->n == 0) {
        pile_queue_put(h->queue, entry_of(flows, h->first));
        h->n++;
    }
    pile_queue_put(h->queue, entry_of(flows, slot));
    h->n++;
    h->first = flowheap_slot(pile_queue_first(h->queue));
}

void flowheap_insert_among(struct flowheap *h, const struct sim_slots *flows, uint32_t slot)
{
    if (flowheap_is_queue(h)) {
        insert_in_queue(h, flows, slot);
        return;
    }
    const struct sim_heap_entry e = entry_of(flows, slot);
    const struct sim_heap_entry first = entry_of(flows, h->first);
    const bool is_first = sim_heap_before(e, first);
    SIM_ASSERT(h->n < h->capacity);
    h->first = is_first ? slot : h->first;
    sim_heap_entries_put(h->entry, &h->n, is_first ? first : e);
}

static void find_first_in_queue(struct flowheap *h, const struct sim_slots *flows)
{
    do {
        pile_queue_drop_first(h->queue);
        h->n--;
    } while (h->n > 0 && flowheap_is_dead(flows, pile_queue_first(h->queue)));
    h->first = h->n > 0 ? flowheap_slot(pile_queue_first(h->queue)) : FLOW_NONE;
}

void flowheap_find_first(struct flowheap *h, const struct sim_slots *flows)
{
    if (flowheap_is_queue(h)) {
        find_first_in_queue(h, flows);
        return;
    }
    while (h->n > 0 && h->first == FLOW_NONE) {
        const struct sim_heap_entry e = sim_heap_entries_take(h->entry, &h->n);
        h->first = flowheap_is_dead(flows, e) ? FLOW_NONE : flowheap_slot(e);
    }
}
