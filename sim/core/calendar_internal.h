/* sim/core/calendar_internal.h -- the calendar's inside, inline; for calendar.c and sim.c.
 *
 * A 4-ary heap of 16-byte entries (sim/base/heap.h says why) without positions, and a record for
 * each pending event that holds what it calls. Four tricks, with what they gain on HOLD (take the
 * earliest, schedule another; docs/performance.md):
 *
 * - The heap holds the next few hundred events; later ones lie unsorted on piles (piles_internal.h)
 *   and become a heap when their time has come. So the heap stays in the cache: half the time at 1e6,
 *   a tenth off at 1e4. And timeouts, which are cancelled as a rule, die on the piles: a storm of 500
 *   users takes 5 % fewer instructions with a heap of 509 than with one of 4093 (with 1021: 3 %).
 * - Cancelling is lazy. A cancelled or moved event leaves its entry behind; an entry is dead when
 *   its record does not bear its tie any more. Dead entries are dropped when they come to the root,
 *   and all at once when they are more than half, so that the cost of a cancellation is O(1) on
 *   average. No table of positions is written at each step of a sift; in a prototype the table took
 *   18 % at 100 pending and 39 % at 1e6, where each write misses the cache.
 * - The place of the event taken stays vacant until the next one is scheduled, which is mostly at
 *   once: one sift instead of two, 16 % at 100 pending, 25 % at 1e4.
 * - Children are asked of the memory two levels ahead: 5 % at 1e4, 20 to 25 % at 1e6.
 *
 * A fifth is for models: of a calendar with more than 65,536 events pending, those that come among the 85 of the
 * upper four levels are foreseen: the memory is asked for what they will touch (sim_foresee in sim.h). Of a
 * replication of 120,000 devices it saves a fifth, of 1.2 million two fifths; of 12,000, all in a cache, it would
 * cost a tenth. It is out of line: inline it made the common way 4 % longer.
 */
#ifndef SIM_CORE_CALENDAR_INTERNAL_H
#define SIM_CORE_CALENDAR_INTERNAL_H

#include "sim/core/calendar.h"
#include "sim/core/piles_internal.h"

#include <string.h>

/* The order of events, in one place: heap entries are compared as one 128-bit number
 *
 *     time (64 bits) | priority (3 bits) | sequence (37 bits) | slot (24 bits)
 *
 * and the sequence is unique, so the slot never decides. */
enum { CALENDAR_SEQUENCE_BITS = 37 };

#define CALENDAR_SEQUENCES (UINT64_C(1) << CALENDAR_SEQUENCE_BITS)

/* A record has slots of its own instead of sim/base/slots.h: half the stores of an event, 3 % of
 * M/M/1. */
struct calendar_record {
    uint64_t tie; /* of the one entry that is alive; slot + 1 of the next free record, 0 for none */
    struct sim_call call;
    uint32_t generation; /* odd; changes when the event is over */
};

/* Sequences begin here, so that no tie is as small as a slot number. */
enum { CALENDAR_FIRST_SEQUENCE = 2 };

enum {
    CALENDAR_NEAR_MOST = 509, /* with the shift of the root 8 KiB */
    CALENDAR_FITS_CACHE =
        65536,         /* events pending: below that looking ahead costs more than it saves */
    CALENDAR_NEAR = 85 /* places of the four levels that are foreseen */
};

struct foresight; /* foresight_internal.h */

struct sim_calendar {
    struct sim_heap_entry *entries; /* those before the horizon, a heap */
    uint32_t n;                     /* of them, the dead and a vacant root included */
    uint32_t capacity;              /* of entries */
    struct sim_heap_entry horizon;
    struct piles far; /* all from the horizon on */
    uint32_t n_dead;
    bool is_root_vacant;
    bool foresees; /* decided when the heap is loaded */
    uint64_t next_sequence;
    struct calendar_record *records;
    size_t record_capacity;
    uint32_t n_records;          /* ever used */
    uint32_t first_free;         /* slot + 1, 0 for none */
    struct foresight *foresight; /* NULL: nobody says what events touch */
};

/* calendar.c: what is rarely needed. */
SIM_MUST_CHECK enum sim_err calendar_make_room(struct sim_calendar *c);
bool calendar_load(struct sim_calendar *c); /* from the piles; false if they are empty */
SIM_MUST_CHECK enum sim_err calendar_add_record(struct sim_calendar *c);
void calendar_drop_dead(struct sim_calendar *c);
void calendar_fini(struct sim_calendar *c);

/* calendar_foresee.c: an entry has come near the root; and as calendar_sift_down from the root, where all who come near it
 * are foreseen; and a step further for all that are. */
void calendar_foresee(const struct sim_calendar *c, struct sim_heap_entry e);
void calendar_sift_and_foresee(const struct sim_calendar *c, struct sim_heap_entry e);
void calendar_fetch(const struct sim_calendar *c);

static inline void calendar_init(struct sim_calendar *c)
{
    *c = (struct sim_calendar){.next_sequence = CALENDAR_FIRST_SEQUENCE,
                               .horizon = {UINT64_MAX, UINT64_MAX}};
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

/* False for NaN, infinity and negative times, whose bits are all above. */
static inline bool calendar_is_key(uint64_t key)
{
    return key < UINT64_C(0x7FF0000000000000);
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

static inline bool calendar_is_pending(const struct sim_calendar *c, struct sim_handle event)
{
    return event.slot < c->n_records && c->records[event.slot].generation == event.generation;
}

static inline uint32_t calendar_n_pending(const struct sim_calendar *c)
{
    return c->n + c->far.n - c->n_dead - (c->is_root_vacant ? 1 : 0);
}

static inline bool calendar_is_dead(const struct sim_calendar *c, struct sim_heap_entry e)
{
    return c->records[sim_heap_slot(e)].tie != e.tie;
}

static inline uint32_t calendar_sift_up(struct sim_heap_entry *a, uint32_t i,
                                        struct sim_heap_entry e)
{
    while (i > 0 && sim_heap_before(e, a[(i - 1) / 4])) {
        a[i] = a[(i - 1) / 4];
        i = (i - 1) / 4;
    }
    a[i] = e;
    return i;
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

static inline void calendar_sift_root(const struct sim_calendar *c, struct sim_heap_entry e)
{
    if (__builtin_expect(c->foresees, 0)) {
        calendar_sift_and_foresee(c, e);
    } else {
        calendar_sift_down(c->entries, c->n, 0, e);
    }
}

/* Puts an entry in; there is room. */
static inline void calendar_insert(struct sim_calendar *c, struct sim_heap_entry e)
{
    struct sim_heap_entry *const a = c->entries;
    if (!sim_heap_before(e, c->horizon)) {
        piles_put(&c->far, e);
        return;
    }
    if (!c->is_root_vacant) {
        if (calendar_sift_up(a, c->n++, e) < CALENDAR_NEAR && __builtin_expect(c->foresees, 0)) {
            calendar_foresee(c, e);
        }
        return;
    }
    c->is_root_vacant = false;
    /* One or two events pending, as in a queue alone, need no family of four: 8 % of M/M/1. */
    if (c->n == 2 && sim_heap_before(a[1], e)) {
        a[0] = a[1];
        a[1] = e;
    } else if (c->n <= 2) {
        a[0] = e;
    } else {
        calendar_sift_root(c, e);
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
        calendar_sift_root(c, last);
    }
}

/* Brings an entry that is alive to the root; false if there is none. */
static inline bool calendar_settle(struct sim_calendar *c)
{
    for (;;) {
        if (c->is_root_vacant) {
            calendar_close_up(c);
        }
        if (c->n == 0 && !calendar_load(c)) {
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
    struct calendar_record *const r = &c->records[slot];
    r->tie = c->first_free;
    r->generation += 2;
    c->first_free = slot + 1;
}

/* Takes the root, which calendar_settle has found alive. */
static inline struct sim_call calendar_take(struct sim_calendar *c)
{
    const uint32_t slot = sim_heap_slot(c->entries[0]);
    const struct sim_call call = c->records[slot].call;
    calendar_free_record(c, slot);
    c->is_root_vacant = true;
    return call;
}

/* Room for one more entry, and one more sequence number? */
static inline enum sim_err calendar_prepare(struct sim_calendar *c)
{
    if (c->next_sequence == CALENDAR_SEQUENCES) {
        return SIM_ELIMIT;
    }
    const bool is_full = c->n == c->capacity || (c->far.n_piles > 0 && c->far.room == 0);
    return is_full ? calendar_make_room(c) : SIM_OK;
}

static inline enum sim_err calendar_push(struct sim_calendar *c, double time_s, unsigned priority,
                                         const struct sim_call *call, struct sim_handle *event)
{
    const uint64_t key = calendar_key(time_s);
    if (!calendar_is_key(key) || priority >= SIM_PRIORITIES) {
        return SIM_EINVAL;
    }
    enum sim_err err = calendar_prepare(c);
    if (err != SIM_OK) {
        return err;
    }
    if (c->first_free == 0) {
        err = calendar_add_record(c);
        if (err != SIM_OK) {
            return err;
        }
    }
    const uint32_t slot = c->first_free - 1;
    struct calendar_record *const r = &c->records[slot];
    const struct sim_heap_entry e = {calendar_tie(priority, c->next_sequence++, slot), key};
    c->first_free = (uint32_t)r->tie;
    r->tie = e.tie;
    r->call.fn = call->fn;
    r->call.self = call->self;
    r->call.arg = call->arg;
    event->slot = slot;
    event->generation = r->generation;
    calendar_insert(c, e);
    return SIM_OK;
}

/* An entry has died. */
static inline void calendar_count_dead(struct sim_calendar *c)
{
    if (++c->n_dead > (c->n + c->far.n) / 2) {
        calendar_drop_dead(c);
    }
}

static inline bool calendar_cancel(struct sim_calendar *c, struct sim_handle event)
{
    if (!calendar_is_pending(c, event)) {
        return false;
    }
    calendar_free_record(c, event.slot);
    calendar_count_dead(c);
    return true;
}

static inline enum sim_err calendar_reschedule(struct sim_calendar *c, struct sim_handle event,
                                               double time_s)
{
    const uint64_t key = calendar_key(time_s);
    if (!calendar_is_key(key) || !calendar_is_pending(c, event)) {
        return SIM_EINVAL;
    }
    const enum sim_err err = calendar_prepare(c);
    if (err != SIM_OK) {
        return err;
    }
    struct calendar_record *const r = &c->records[event.slot];
    const unsigned priority = (unsigned)(r->tie >> (CALENDAR_SEQUENCE_BITS + SIM_HEAP_SLOT_BITS));
    r->tie = calendar_tie(priority, c->next_sequence++, event.slot);
    calendar_insert(c, (struct sim_heap_entry){r->tie, key});
    calendar_count_dead(c);
    return SIM_OK;
}

#endif
