/* sim/res/flowheap.h -- pairing heap of flows, linked by slot numbers.
 *
 * The flows of one class of fluid.c, ordered by the service at which they end. A pairing heap joins
 * in O(1) and removes any element in O(log n) amortised (Fredman, Sedgewick, Sleator, Tarjan,
 * Algorithmica 1, 1986; two-pass variant), and needs no storage besides three links in the flow.
 */
#ifndef SIM_RES_FLOWHEAP_H
#define SIM_RES_FLOWHEAP_H

#include "sim/base/slots.h"
#include "sim/core/calendar.h"

#define FLOW_NONE UINT32_MAX

struct flow {
    struct sim_slot head;
    uint32_t class_id;
    uint32_t child, sibling;
    uint32_t previous; /* sibling before it, or the parent of a first child */
    double start, end; /* service of the class at which the flow began, and at which it is done */
    struct sim_call done;
};

static inline struct flow *flow_at(const struct sim_slots *flows, uint32_t slot)
{
    return sim_slots_at(flows, slot);
}

/* Adds a flow to the heap with the given root (FLOW_NONE if empty); returns the new root. */
uint32_t flowheap_insert(struct sim_slots *flows, uint32_t root, uint32_t slot);

/* Removes a flow; returns the new root. */
uint32_t flowheap_remove(struct sim_slots *flows, uint32_t root, uint32_t slot);

#endif
