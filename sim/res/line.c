#include "sim/res/line_internal.h"

#include "sim/base/mem.h"

#include <stdlib.h>

enum { FIRST_CAPACITY = 16 };

/* Moves the entries that are no gaps, in their order, to `ring` from number 0 on. */
static void close_gaps(struct line *l, struct sim_heap_entry *ring, uint32_t capacity)
{
    uint32_t kept = 0;
    for (uint32_t number = l->first; number != l->end; number++) {
        const struct sim_heap_entry e = *line_at(l, number);
        if (!line_is_gap(e)) {
            ring[kept] = e;
            l->place[sim_heap_slot(e)] = kept++;
        }
    }
    free(l->ring);
    l->ring = ring;
    l->capacity = capacity;
    l->first = 0;
    l->end = kept;
}

/* A ring that is at least half gaps is as large as it need be. */
enum sim_err line_make_room(struct line *l, uint32_t slot)
{
    if (sim_grow_lines(&l->place, &l->n_places, (size_t)slot + 1, sizeof *l->place) != SIM_OK) {
        return SIM_ENOMEM;
    }
    if (l->end - l->first < l->capacity) {
        return SIM_OK;
    }
    const uint32_t in_ring = l->n - l->beside.n;
    const uint32_t capacity = l->capacity == 0             ? FIRST_CAPACITY
                              : in_ring <= l->capacity / 2 ? l->capacity
                                                           : 2 * l->capacity;
    struct sim_heap_entry *const ring = calloc(capacity, sizeof *ring);
    if (ring == NULL) {
        return SIM_ENOMEM;
    }
    close_gaps(l, ring, capacity);
    return SIM_OK;
}

enum sim_err line_overtake(struct line *l, struct sim_heap_entry e)
{
    const enum sim_err err = sim_heap_reserve(&l->beside, sim_heap_slot(e) + 1);
    if (err == SIM_OK) {
        sim_heap_push(&l->beside, e.key, e.tie);
    }
    return err;
}

void line_leave_middle(struct line *l, uint32_t slot)
{
    SIM_ASSERT(slot < l->n_places && l->place[slot] - l->first < l->end - l->first);
    struct sim_heap_entry *const e = line_at(l, l->place[slot]);
    SIM_ASSERT(!line_is_gap(*e) && sim_heap_slot(*e) == slot);
    e->tie = UINT64_MAX;
    l->n--;
    line_skip_gaps(l);
    while (l->first != l->end && line_is_gap(*line_at(l, l->end - 1))) {
        l->end--;
    }
}

void line_fini(struct line *l)
{
    free(l->ring);
    free(l->place);
    sim_heap_fini(&l->beside);
}
