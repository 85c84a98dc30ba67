/* sim/res/line_internal.h -- a waiting line: by priority, equal ones in the order they came.
 *
 * Nearly all who come belong at the end, behind everybody of their priority, so the line is a ring:
 * an append and a step of its beginning, where a heap would sift (with the accounts inline, 22 % of
 * M/M/1). Who must overtake stands in a heap beside it; next is the less of the two heads. Who
 * leaves from the middle of the ring leaves a gap, which is closed when it comes to an end of the
 * ring, or with all others when the ring is full of them.
 */
#ifndef SIM_RES_LINE_INTERNAL_H
#define SIM_RES_LINE_INTERNAL_H

#include "sim/base/heap.h"

/* All zeros is an empty line. */
struct line {
    uint32_t n;                  /* who wait, in the ring and beside it */
    uint32_t first, end;         /* numbers: the ring holds first .. end - 1 */
    uint32_t capacity;           /* of the ring, a power of two or 0 */
    struct sim_heap_entry *ring; /* ascending, with gaps; neither the first nor the last is one */
    uint32_t *place;             /* slot -> number in the ring; numbers count on, mod 2^32 */
    size_t n_places;
    uint64_t next_sequence;
    struct sim_heap beside;
};

/* line.c: what is rarely needed. */
SIM_MUST_CHECK enum sim_err line_make_room(struct line *l, uint32_t slot);
SIM_MUST_CHECK enum sim_err line_overtake(struct line *l, struct sim_heap_entry e);
void line_leave_middle(struct line *l, uint32_t slot);
void line_fini(struct line *l);

static inline struct sim_heap_entry *line_at(const struct line *l, uint32_t number)
{
    return &l->ring[number & (l->capacity - 1)];
}

static inline bool line_is_gap(struct sim_heap_entry e)
{
    return e.tie == UINT64_MAX;
}

/* Slots are below SIM_HEAP_MAX_SLOTS, each at most once in the line; priority is not NaN. SIM_ENOMEM
 * leaves the line as it was. */
SIM_MUST_CHECK static inline enum sim_err line_push(struct line *l, double priority, uint32_t slot)
{
    if (l->end - l->first == l->capacity || slot >= l->n_places) {
        const enum sim_err err = line_make_room(l, slot);
        if (err != SIM_OK) {
            return err;
        }
    }
    const struct sim_heap_entry e = {l->next_sequence << SIM_HEAP_SLOT_BITS | slot,
                                     sim_heap_key(priority + 0.0)}; /* no -0 */
    if (l->end != l->first && sim_heap_before(e, *line_at(l, l->end - 1))) {
        const enum sim_err err = line_overtake(l, e);
        if (err != SIM_OK) {
            return err;
        }
    } else {
        l->place[slot] = l->end;
        *line_at(l, l->end++) = e;
    }
    l->next_sequence++;
    l->n++;
    return SIM_OK;
}

/* Takes a slot out that is in the line. */
static inline void line_remove(struct line *l, uint32_t slot)
{
    if (l->beside.n > 0 && sim_heap_contains(&l->beside, slot)) {
        sim_heap_remove(&l->beside, slot);
        l->n--;
    } else {
        line_leave_middle(l, slot);
    }
}

static inline void line_skip_gaps(struct line *l)
{
    while (l->first != l->end && line_is_gap(*line_at(l, l->first))) {
        l->first++;
    }
}

/* Takes the next of a line that is not empty. */
static inline uint32_t line_pop(struct line *l)
{
    SIM_ASSERT(l->n > 0);
    if (l->beside.n > 0) {
        const struct sim_heap_entry e = sim_heap_min(&l->beside);
        if (l->first == l->end || sim_heap_before(e, *line_at(l, l->first))) {
            sim_heap_remove(&l->beside, sim_heap_slot(e));
            l->n--;
            return sim_heap_slot(e);
        }
    }
    const uint32_t slot = sim_heap_slot(*line_at(l, l->first++));
    l->n--;
    line_skip_gaps(l);
    return slot;
}

#endif
