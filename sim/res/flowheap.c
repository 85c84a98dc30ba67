#include "sim/res/flowheap.h"

/* By end, then by slot, so that the order is total. */
static bool ends_before(const struct sim_slots *flows, uint32_t a, uint32_t b)
{
    const double end_a = flow_at(flows, a)->end;
    const double end_b = flow_at(flows, b)->end;
    return end_a < end_b || (end_a == end_b && a < b);
}

static uint32_t meld(struct sim_slots *flows, uint32_t a, uint32_t b)
{
    if (a == FLOW_NONE || b == FLOW_NONE) {
        return a == FLOW_NONE ? b : a;
    }
    const uint32_t parent = ends_before(flows, b, a) ? b : a;
    const uint32_t child = parent == a ? b : a;
    struct flow *const p = flow_at(flows, parent);
    struct flow *const c = flow_at(flows, child);
    c->previous = parent;
    c->sibling = p->child;
    if (c->sibling != FLOW_NONE) {
        flow_at(flows, c->sibling)->previous = child;
    }
    p->child = child;
    p->sibling = p->previous = FLOW_NONE;
    return parent;
}

static void isolate(struct sim_slots *flows, uint32_t slot)
{
    struct flow *const f = flow_at(flows, slot);
    f->sibling = f->previous = FLOW_NONE;
}

/* Melds a list of siblings: pairs from left to right, then the pairs from right to left. */
static uint32_t meld_siblings(struct sim_slots *flows, uint32_t first)
{
    uint32_t pairs = FLOW_NONE; /* stack, linked by sibling */
    while (first != FLOW_NONE) {
        const uint32_t a = first;
        const uint32_t b = flow_at(flows, a)->sibling;
        first = b == FLOW_NONE ? FLOW_NONE : flow_at(flows, b)->sibling;
        isolate(flows, a);
        if (b != FLOW_NONE) {
            isolate(flows, b);
        }
        const uint32_t pair = meld(flows, a, b);
        flow_at(flows, pair)->sibling = pairs;
        pairs = pair;
    }
    uint32_t root = FLOW_NONE;
    while (pairs != FLOW_NONE) {
        const uint32_t next = flow_at(flows, pairs)->sibling;
        isolate(flows, pairs);
        root = meld(flows, root, pairs);
        pairs = next;
    }
    return root;
}

uint32_t flowheap_insert(struct sim_slots *flows, uint32_t root, uint32_t slot)
{
    flow_at(flows, slot)->child = FLOW_NONE;
    isolate(flows, slot);
    return meld(flows, root, slot);
}

static void unlink_from_siblings(struct sim_slots *flows, uint32_t slot)
{
    const struct flow *const f = flow_at(flows, slot);
    struct flow *const before = flow_at(flows, f->previous);
    if (before->child == slot) {
        before->child = f->sibling;
    } else {
        before->sibling = f->sibling;
    }
    if (f->sibling != FLOW_NONE) {
        flow_at(flows, f->sibling)->previous = f->previous;
    }
}

uint32_t flowheap_remove(struct sim_slots *flows, uint32_t root, uint32_t slot)
{
    const uint32_t orphans = meld_siblings(flows, flow_at(flows, slot)->child);
    if (slot == root) {
        return orphans;
    }
    unlink_from_siblings(flows, slot);
    return meld(flows, root, orphans);
}
