/* sim/core/calendar_internal.h -- the calendar's inside, inline; for calendar.c and sim.c.
 *
 * A 4-ary heap of 16-byte entries (sim/base/heap.h says why) without positions, and a record for
 * each pending event that holds what it calls. Three tricks, with what they gain on HOLD (take the
 * earliest, schedule another; docs/performance.md):
 *
 * - Cancelling is lazy. A cancelled or moved event leaves its entry behind; an entry is dead when
 *   its record does not bear its tie any more. Dead entries are dropped when they come to the root,
 *   and all at once when they are more than half, so that the cost of a cancellation is O(1) on
 *   average. No table of positions is written at each step of a sift: 15 % at 100 pending, 40 % at
 *   1e6, where each write would miss the cache.
 * - The place of the event taken stays vacant until the next one is scheduled, which is mostly at
 *   once: one sift instead of two, 20 %.
 * - Children are asked of the memory two levels ahead: 25 % at 1e6.
 */
#ifndef SIM_CORE_CALENDAR_INTERNAL_H
#define SIM_CORE_CALENDAR_INTERNAL_H

#include "sim/core/calendar.h"

#include <math.h>

/* The order of events, in one place: heap entries are compared as one 128-bit number
 *
 *     time (64 bits) | priority (3 bits) | sequence (37 bits) | slot (24 bits)
 *
 * and the sequence is unique, so the slot never decides. */
enum { CALENDAR_SEQUENCE_BITS = 37 };

#define CALENDAR_SEQUENCES (UINT64_C(1) << CALENDAR_SEQUENCE_BITS)

struct calendar_record {
    struct sim_slot head;
    uint64_t tie; /* of the one entry that is alive; 0 while the record is free */
    struct sim_call call;
};

struct sim_calendar {
    struct sim_heap_entry *entries;
    uint32_t n;        /* entries, the dead and a vacant root included */
    uint32_t capacity; /* of entries */
    uint32_t n_dead;
    bool is_root_vacant;
    uint64_t next_sequence;
    struct sim_slots records; /* its n_live is the number of pending events */
};

/* calendar.c: what is rarely needed. */
SIM_MUST_CHECK enum sim_err calendar_grow(struct sim_calendar *c);
void calendar_drop_dead(struct sim_calendar *c);
void calendar_fini(struct sim_calendar *c);

static inline void calendar_init(struct sim_calendar *c)
{
    *c = (struct sim_calendar){
        .next_sequence = 1, /* so that no tie is 0 */
        .records.record_byte = sizeof(struct calendar_record),
    };
}

static inline bool calendar_is_time(double time_s)
{
    return time_s >= 0 && time_s < INFINITY; /* false for NaN */
}

/* The bits of non-negative doubles sort like the numbers. Adding zero turns -0.0, whose bits sort
 * behind all others, into 0.0. */
static inline uint64_t calendar_key(double time_s)
{
    const double positive = time_s + 0.0;
    uint64_t bits;
    memcpy(&bits, &positive, sizeof bits);
    return bits;
}

static inline double calendar_key_time(uint64_t key)
{
    double time_s;
    memcpy(&time_s, &key, sizeof time_s);
    return time_s;
}

static inline uint64_t calendar_tie(unsigned priority, uint64_t sequence, uint32_t slot)
{
    return (uint64_t)priority << (CALENDAR_SEQUENCE_BITS + SIM_HEAP_SLOT_BITS) |
           sequence << SIM_HEAP_SLOT_BITS | slot;
}

static inline struct calendar_record *calendar_record(const struct sim_calendar *c, uint32_t slot)
{
    return (struct calendar_record *)c->records.records + slot;
}

static inline bool calendar_is_dead(const struct sim_calendar *c, struct sim_heap_entry e)
{
    return calendar_record(c, sim_heap_slot(e))->tie != e.tie;
}

static inline void calendar_sift_up(struct sim_heap_entry *a, uint32_t i, struct sim_heap_entry e)
{
    while (i > 0 && sim_heap_before(e, a[(i - 1) / 4])) {
        a[i] = a[(i - 1) / 4];
        i = (i - 1) / 4;
    }
    a[i] = e;
}

static inline void calendar_sift_down(struct sim_heap_entry *a, uint32_t n, uint32_t i,
                                      struct sim_heap_entry e)
{
    for (uint32_t first = 4 * i + 1; first < n; first = 4 * i + 1) {
        const uint32_t grandchild = 4 * first + 1;
        if (grandchild < n) { /* four cache lines; one of them will be needed */
            __builtin_prefetch(a + grandchild);
            __builtin_prefetch(a + grandchild + 4);
            __builtin_prefetch(a + grandchild + 8);
            __builtin_prefetch(a + grandchild + 12);
        }
        const uint32_t child = sim_heap_least_child(a, first);
        if (!sim_heap_before(a[child], e)) {
            break;
        }
        a[i] = a[child];
        i = child;
    }
    a[i] = e;
}

/* Puts an entry in; there is room. */
static inline void calendar_insert(struct sim_calendar *c, struct sim_heap_entry e)
{
    if (c->is_root_vacant) {
        c->is_root_vacant = false;
        calendar_sift_down(c->entries, c->n, 0, e);
    } else {
        calendar_sift_up(c->entries, c->n++, e);
    }
}

/* Fills a vacant root from the end. */
static inline void calendar_close_up(struct sim_calendar *c)
{
    const struct sim_heap_entry unused = {UINT64_MAX, UINT64_MAX};
    const struct sim_heap_entry last = c->entries[--c->n];
    c->entries[c->n] = unused;
    c->is_root_vacant = false;
    if (c->n > 0) {
        calendar_sift_down(c->entries, c->n, 0, last);
    }
}

/* Brings an entry that is alive to the root; false if there is none. */
static inline bool calendar_settle(struct sim_calendar *c)
{
    for (;;) {
        if (c->is_root_vacant) {
            calendar_close_up(c);
        }
        if (c->n == 0) {
            return false;
        }
        if (!calendar_is_dead(c, c->entries[0])) {
            return true;
        }
        c->n_dead--;
        c->is_root_vacant = true;
    }
}

static inline void calendar_free_record(struct sim_calendar *c, uint32_t slot)
{
    calendar_record(c, slot)->tie = 0;
    sim_slots_release(&c->records, slot);
}

/* Takes the root, which calendar_settle has found alive. */
static inline struct sim_call calendar_take(struct sim_calendar *c)
{
    const uint32_t slot = sim_heap_slot(c->entries[0]);
    const struct sim_call call = calendar_record(c, slot)->call;
    calendar_free_record(c, slot);
    c->is_root_vacant = true;
    return call;
}

static inline enum sim_err calendar_push(struct sim_calendar *c, double time_s, unsigned priority,
                                         struct sim_call call, struct sim_handle *event)
{
    uint32_t slot;
    if (!calendar_is_time(time_s) || priority >= SIM_PRIORITIES) {
        return SIM_EINVAL;
    }
    if (c->next_sequence == CALENDAR_SEQUENCES) {
        return SIM_ELIMIT;
    }
    if (c->n == c->capacity) {
        const enum sim_err err = calendar_grow(c);
        if (err != SIM_OK) {
            return err;
        }
    }
    const enum sim_err err = sim_slots_take(&c->records, &slot);
    if (err != SIM_OK) {
        return err;
    }
    struct calendar_record *const r = calendar_record(c, slot);
    r->tie = calendar_tie(priority, c->next_sequence++, slot);
    r->call = call;
    event->slot = slot;
    event->generation = r->head.generation;
    calendar_insert(c, (struct sim_heap_entry){r->tie, calendar_key(time_s)});
    return SIM_OK;
}

static inline bool calendar_cancel(struct sim_calendar *c, struct sim_handle event)
{
    if (!sim_slots_is_live(&c->records, event)) {
        return false;
    }
    calendar_free_record(c, event.slot);
    if (++c->n_dead > c->n / 2) {
        calendar_drop_dead(c);
    }
    return true;
}

static inline enum sim_err calendar_reschedule(struct sim_calendar *c, struct sim_handle event,
                                               double time_s)
{
    if (!calendar_is_time(time_s) || !sim_slots_is_live(&c->records, event)) {
        return SIM_EINVAL;
    }
    if (c->next_sequence == CALENDAR_SEQUENCES) {
        return SIM_ELIMIT;
    }
    if (c->n == c->capacity) {
        const enum sim_err err = calendar_grow(c);
        if (err != SIM_OK) {
            return err;
        }
    }
    struct calendar_record *const r = calendar_record(c, event.slot);
    const unsigned priority = (unsigned)(r->tie >> (CALENDAR_SEQUENCE_BITS + SIM_HEAP_SLOT_BITS));
    r->tie = calendar_tie(priority, c->next_sequence++, event.slot);
    calendar_insert(c, (struct sim_heap_entry){r->tie, calendar_key(time_s)});
    if (++c->n_dead > c->n / 2) {
        calendar_drop_dead(c);
    }
    return SIM_OK;
}

#endif
