/* sim/res/flowheap.h -- the flows of one class of fluid.c, by the service at which they end.
 *
 * The first stands alone, so that a class with one flow, as most are on an uplink, needs no array; the
 * others are a 4-ary heap of entries that hold what is compared (sim/base/heap.h), so that a removal does
 * not walk from flow to flow through memory: against a pairing heap linked by slots, which it was, 8 % of
 * the time of 120,000 devices. A class that has had many flows is a queue that says who comes behind the first
 * (sim/base/pile_queue.h). Who leaves from the middle leaves an entry behind, whose generation is not
 * that of the flow any more; it is dropped when it comes first, or when room is wanted.
 */
#ifndef SIM_RES_FLOWHEAP_H
#define SIM_RES_FLOWHEAP_H

#include "sim/base/pile_queue.h"
#include "sim/base/slots.h"
#include "sim/core/calendar.h"

#define FLOW_NONE UINT32_MAX

struct flow {
    _Alignas(64) struct sim_slot head;
    uint32_t class_id;
    double start, end; /* service of the class at which the flow began, and at which it is done */
    struct sim_call done;
};

static inline struct flow *flow_at(const struct sim_slots *flows, uint32_t slot)
{
    return (struct flow *)flows->records + slot;
}

struct flowheap {
    uint32_t first; /* slot, FLOW_NONE if there is no flow */
    uint32_t n, capacity;
    uint32_t tag;                     /* of its owner, in a gap */
    union {                           /* tie: slot, generation */
        struct sim_heap_entry *entry; /* a heap of the others */
        struct pile_queue *queue;     /* of all, the first too; empty if he is alone */
    };
};

enum { FLOWHEAP_MOST = 832 }; /* entries of a heap, 13 KiB; a queue begins with 130 */

/* Has it had many flows? */
static inline bool flowheap_is_queue(const struct flowheap *h)
{
    return h->capacity > FLOWHEAP_MOST;
}

static inline uint32_t flowheap_slot(struct sim_heap_entry e)
{
    return (uint32_t)(e.tie >> 32);
}

static inline bool flowheap_is_dead(const struct sim_slots *flows, struct sim_heap_entry e)
{
    return flow_at(flows, flowheap_slot(e))->head.generation != (uint32_t)e.tie;
}

/* Asks the memory for what the removal of the first looks at of the others, which are a heap. */
static inline void flowheap_fetch_rest(const struct flowheap *h)
{
    if (h->n > 0) {
        __builtin_prefetch(&h->entry[0]);
        __builtin_prefetch(&h->entry[h->n - 1]);
    }
}

/* Below the root, that are asked for, as long as there are steps for what is called. */
enum { FLOWHEAP_LEVELS = 3 };

/* The same for what it looks at then: who is next, and who may follow at a level, once the level above is there. */
static inline void flowheap_fetch_next(const struct flowheap *h, const struct sim_slots *flows,
                                       unsigned level)
{
    uint32_t first = 1;
    if (level == 0 && h->n > 0) {
        sim_slots_fetch(flows, flowheap_slot(h->entry[0]));
    }
    for (unsigned i = 0; i < level && first < h->n; i++) {
        first = 4 * sim_heap_least_child(h->entry, first) + 1;
    }
    if (first < h->n) {
        __builtin_prefetch(&h->entry[first], 1);
    }
}

/* The same for a flow that comes: with whom it is compared, and its place. */
static inline void flowheap_fetch_place(const struct flowheap *h, const struct sim_slots *flows)
{
    if (h->first != FLOW_NONE) {
        sim_slots_fetch(flows, h->first);
    }
    if (!flowheap_is_queue(h) && h->n > 0) {
        __builtin_prefetch(&h->entry[h->n + SIM_HEAP_BEHIND], 1);
        __builtin_prefetch(&h->entry[(h->n - 1) / 4]);
    }
}

void flowheap_init(struct flowheap *h);
void flowheap_fini(struct flowheap *h);

/* flowheap.c: where there are others than the first, which the functions below find out. */
SIM_MUST_CHECK enum sim_err flowheap_grow(struct flowheap *h, const struct sim_slots *flows);
void flowheap_insert_among(struct flowheap *h, const struct sim_slots *flows, uint32_t slot);
void flowheap_find_first(struct flowheap *h, const struct sim_slots *flows);

/* Room for one more flow. SIM_ENOMEM: unchanged. */
SIM_MUST_CHECK static inline enum sim_err flowheap_reserve(struct flowheap *h,
                                                           const struct sim_slots *flows)
{
    return h->first == FLOW_NONE || h->n < h->capacity ? SIM_OK : flowheap_grow(h, flows);
}

/* Adds a flow; there is room. */
static inline void flowheap_insert(struct flowheap *h, const struct sim_slots *flows, uint32_t slot)
{
    if (h->first == FLOW_NONE) {
        h->first = slot;
    } else {
        flowheap_insert_among(h, flows, slot);
    }
}

/* Removes a flow, which is released next. */
static inline void flowheap_remove(struct flowheap *h, const struct sim_slots *flows, uint32_t slot)
{
    if (slot == h->first) {
        h->first = FLOW_NONE;
        if (h->n > 0) {
            flowheap_find_first(h, flows);
        }
    }
}

#endif
