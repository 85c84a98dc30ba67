/* sim/core/calendar_internal.h -- the calendar's inside, inline; for calendar.c and sim.c.
 *
 * A 4-ary heap of 16-byte entries (sim/base/heap.h says why) without positions, and a record for
 * each pending event that holds what it calls. Four tricks, with what they gain on HOLD (take the
 * earliest, schedule another; docs/performance-log.md):
 *
 * - Only what comes soon is in order. Later entries lie unsorted on piles (sim/base/piles.h); some hundred of them
 *   become a sorted run (sim/base/sort.h) when their time has come, and what is scheduled before the run's end goes
 *   into the heap, to which the run hands its entries one by one. So all stays in the cache, and who goes by pile
 *   and run costs two thirds of what a heap takes to sift him in and out: HOLD at 1e4 takes three quarters of
 *   the time of a heap alone. And timeouts, which are cancelled as a rule, die on the piles.
 * - Cancelling is lazy. A cancelled event, or one moved to an earlier time, leaves its entry behind; an entry is dead
 *   when its record does not bear its tie any more, neither as its own nor as that of its stand-in. Dead entries are dropped when they come to the root,
 *   and all at once when they are more than half, so that the cost of a cancellation is O(1) on
 *   average. No table of positions is written at each step of a sift; in a prototype the table took
 *   18 % at 100 pending and 39 % at 1e6, where each write misses the cache.
 * - So is putting off. The entry of an event moved to a later time, or behind others at the same, stays where it is
 *   and stands for it, as the record says, until it comes to the root; there it gets the time of the event. Of the moves
 *   of a storm of 500 users three in four are such, over a third of them of an event put off before, and six entries of
 *   seven are still the first with their new time: 3 % of its instructions. The record has the time for that.
 * - The place of the event taken stays vacant until the next one is scheduled, which is mostly at
 *   once: one sift instead of two, 16 % at 100 pending, 25 % at 1e4. Its record is kept with it, so
 *   that one test finds both, and all else is out of line: with the tests between two events made
 *   one (sim.c), 10 % of M/M/1.
 *
 * A fifth is for models: of a calendar with more than 65,536 events pending, the next 48 of the run, and those that
 * come among the 85 of the upper four levels of the heap, are foreseen (but not who was put off on a pile, whose entry has the old time): the memory is asked for what they will touch (sim_foresee in sim.h). Of a
 * replication of 120,000 devices it saves a fifth, of 1.2 million two fifths; of 12,000, all in a cache, it would
 * cost a tenth. It is out of line: inline it made the common way 4 % longer.
 */
#ifndef SIM_CORE_CALENDAR_INTERNAL_H
#define SIM_CORE_CALENDAR_INTERNAL_H

#include "sim/base/piles.h"
#include "sim/core/calendar.h"

/* The order of events, in one place: heap entries are compared as one 128-bit number
 *
 *     time (64 bits) | priority (3 bits) | sequence (37 bits) | slot (24 bits)
 *
 * and the sequence is unique, so the slot never decides. */
enum { CALENDAR_SEQUENCE_BITS = 37 };

#define CALENDAR_SEQUENCES (UINT64_C(1) << CALENDAR_SEQUENCE_BITS)

/* Keys of times are below: infinity has it, NaN and negative times are above. */
#define CALENDAR_KEYS UINT64_C(0x7FF0000000000000)

/* A record has slots of its own instead of sim/base/slots.h: half the stores of an event, 3 % of
 * M/M/1. It is a line: against 40 bytes HOLD at 1e6 takes three quarters of the time, at 1e4 the same. */
struct calendar_record {
    _Alignas(64) uint64_t tie; /* of the event; slot + 1 of the next free record, 0 for none */
    struct sim_call call;
    union {
        struct sim_handle
            handle;    /* of the event; the generation is odd, and changes when it is over */
        uint64_t both; /* written as one, because it is read as one */
    };
    uint64_t key;      /* of the event's time */
    uint64_t stand_in; /* tie of the entry of an event that is put off; 0 for all others */
};

static inline void calendar_next_generation(struct calendar_record *r)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    r->both += UINT64_C(2) << 32; /* the upper half, so that nothing is carried into the slot */
#else
    r->handle.generation += 2;
#endif
}

/* Sequences begin here, so that no tie is as small as a slot number. */
enum { CALENDAR_FIRST_SEQUENCE = 2 };

enum {
    CALENDAR_NEAR_MOST =
        253,                 /* with the shift of the root 4 KiB, and 2 for a run that is put off */
    CALENDAR_RUN_MOST = 127, /* of 255: 4 % less of HOLD at 1e4, 1 % more of a storm of 500 users */
    CALENDAR_AHEAD = 48,     /* places of the run that are foreseen */
    CALENDAR_FITS_CACHE =
        65536,         /* events pending: below that looking ahead costs more than it saves */
    CALENDAR_NEAR = 85 /* places of the four levels that are foreseen */
};

struct foresight; /* foresight_internal.h */

/* Behind all times. Its key is the least that is none of a time, so that a key before a horizon is one. */
static const struct sim_heap_entry calendar_no_horizon = {UINT64_MAX, CALENDAR_KEYS};

struct sim_calendar {
    struct sim_heap_entry *entries; /* before the horizon, a heap */
    uint32_t
        n; /* of them, the dead and a vacant root included; the root is before the run. May go over the capacity by
                   as many as have left the run: room is not asked for when an entry is put off */
    uint32_t n_dead;
    struct calendar_record
        *vacant; /* whose place is the vacant root; NULL: the root is not vacant */
    struct calendar_record *records;
    uint64_t next_sequence;
    struct sim_heap_entry horizon;
    struct sim_heap_entry next; /* first of the run; the horizon if that is empty */
    bool foresees;              /* decided when the heap is loaded */
    uint32_t first_free;        /* slot + 1, 0 for none */
    uint32_t n_records;         /* ever used */
    uint32_t capacity;          /* of entries, to be put */
    size_t record_capacity;
    struct foresight *foresight; /* NULL: nobody says what events touch */
    struct piles far;            /* all from the horizon on */
    uint32_t run_first, run_end;
    struct sim_heap_entry run[CALENDAR_RUN_MOST + 1]; /* sorted; behind its end the horizon */
};

/* calendar.c: what is less often needed. Any event: room and a record for it, then it. */
SIM_MUST_CHECK enum sim_err calendar_prepare_otherwise(struct sim_calendar *c);
struct sim_handle calendar_push(struct sim_calendar *c, uint64_t key, unsigned priority,
                                sim_call_fn *fn, void *self, uint64_t arg);
struct sim_handle calendar_sift_in(struct sim_calendar *c, struct sim_heap_entry e,
                                   const struct calendar_record *r); /* at a vacant root */
bool calendar_settle_otherwise(struct sim_calendar *c);
SIM_MUST_CHECK enum sim_err calendar_reschedule(struct sim_calendar *c, struct sim_handle event,
                                                double time_s);
void calendar_drop_dead(struct sim_calendar *c);
void calendar_fini(struct sim_calendar *c);

/* calendar_foresee.c: an entry has come near the root; and as sim_heap_entries_down from the root, where all who come near it
 * are foreseen; and a step further for all that are. */
void calendar_foresee(const struct sim_calendar *c, struct sim_heap_entry e);
void calendar_sift_and_foresee(const struct sim_calendar *c, struct sim_heap_entry e);
void calendar_fetch(const struct sim_calendar *c);

static inline void calendar_init(struct sim_calendar *c)
{
    *c = (struct sim_calendar){.next_sequence = CALENDAR_FIRST_SEQUENCE,
                               .horizon = calendar_no_horizon,
                               .next = calendar_no_horizon};
}

/* Adding zero turns -0.0, whose bits sort behind all others, into 0.0. */
static inline uint64_t calendar_key(double time_s)
{
    return sim_heap_bits(time_s + 0.0);
}

static inline bool calendar_is_key(uint64_t key)
{
    return key < CALENDAR_KEYS;
}

static inline uint64_t calendar_tie(unsigned priority, uint64_t sequence, uint32_t slot)
{
    return (uint64_t)priority << (CALENDAR_SEQUENCE_BITS + SIM_HEAP_SLOT_BITS) |
           sequence << SIM_HEAP_SLOT_BITS | slot;
}

/* The tie of an event that is rescheduled. */
static inline uint64_t calendar_next_tie(struct sim_calendar *c, uint64_t tie)
{
    const uint64_t sequence = (CALENDAR_SEQUENCES - 1) << SIM_HEAP_SLOT_BITS;
    return (tie & ~sequence) | c->next_sequence++ << SIM_HEAP_SLOT_BITS;
}

static inline bool calendar_is_pending(const struct sim_calendar *c, struct sim_handle event)
{
    return event.slot < c->n_records &&
           c->records[event.slot].handle.generation == event.generation;
}

static inline uint32_t calendar_n_run(const struct sim_calendar *c)
{
    return c->run_end - c->run_first;
}

static inline uint32_t calendar_n_entries(const struct sim_calendar *c)
{
    return c->n + calendar_n_run(c) + c->far.n;
}

static inline uint32_t calendar_n_pending(const struct sim_calendar *c)
{
    return calendar_n_entries(c) - c->n_dead - (c->vacant != NULL ? 1 : 0);
}

/* Has the entry the time of its event? */
static inline bool calendar_is_current(const struct sim_calendar *c, struct sim_heap_entry e)
{
    return c->records[sim_heap_slot(e)].tie == e.tie;
}

/* Does the entry stand for an event that is put off? */
static inline bool calendar_is_put_off(const struct sim_calendar *c, struct sim_heap_entry e)
{
    return c->records[sim_heap_slot(e)].stand_in == e.tie;
}

static inline bool calendar_is_dead(const struct sim_calendar *c, struct sim_heap_entry e)
{
    return !calendar_is_current(c, e) && !calendar_is_put_off(c, e);
}

static inline void calendar_sift_root(const struct sim_calendar *c, struct sim_heap_entry e)
{
    if (__builtin_expect(c->foresees, 0)) {
        calendar_sift_and_foresee(c, e);
    } else {
        sim_heap_entries_down(c->entries, c->n, 0, e, false);
    }
}

/* An entry for the vacant root of a heap of one or two, as of a queue alone, which need no family of four: 8 % of
 * M/M/1. The place of a second that is not there holds the largest entry.
 *
 * Entries are copied by halves, as they are written and compared: a load of both halves at once waits until both
 * stores are in the cache. With that, 6 % of M/M/1; the compiler must not put the halves together again
 * (cmake/compiler.cmake). And which of two is the next is a coin toss: a jump would be mispredicted every other time,
 * and what the model does after scheduling be thrown away. Without, 0 to 6 % of the least times of M/M/1 with a
 * station, nothing with events alone. */
static inline void calendar_fill_small(struct sim_calendar *c, struct sim_heap_entry e)
{
    struct sim_heap_entry *const a = c->entries;
    const struct sim_heap_entry other = {a[1].tie, a[1].key};
    const uint64_t all_if_before = -(uint64_t)sim_heap_before(other, e);
    const uint64_t tie_change = (other.tie ^ e.tie) & all_if_before;
    const uint64_t key_change = (other.key ^ e.key) & all_if_before;
    a[0].tie = e.tie ^ tie_change;
    a[0].key = e.key ^ key_change;
    a[1].tie = other.tie ^ tie_change;
    a[1].key = other.key ^ key_change;
}

static inline void calendar_free_record(struct sim_calendar *c, struct calendar_record *r)
{
    r->tie = c->first_free;
    c->first_free = r->handle.slot + 1;
}

/* The root is no longer vacant: it is going to be filled with an event that has a record. */
static inline void calendar_free_vacant(struct sim_calendar *c)
{
    calendar_free_record(c, c->vacant);
    c->vacant = NULL;
}

/* Brings the first event to the root; false if there is none. Of the place of an event taken, of a dead entry and of one
 * that stands for an event put off the record bears another tie. So one test is enough as a rule. */
static inline bool calendar_settle(struct sim_calendar *c)
{
    return (c->n > 0 && calendar_is_current(c, c->entries[0])) || calendar_settle_otherwise(c);
}

/* Takes the root, which calendar_settle has found. */
static inline struct sim_call calendar_take(struct sim_calendar *c)
{
    struct calendar_record *const r = &c->records[sim_heap_slot(c->entries[0])];
    r->tie = 0;
    calendar_next_generation(r);
    c->vacant = r;
    return r->call;
}

/* Is an event with this key as most are: before all but the heap, and the root is vacant? Then there is
 * room and a record for it, and nothing can fail. */
static inline bool calendar_is_easy(const struct sim_calendar *c, uint64_t key)
{
    return c->vacant != NULL && key < c->next.key && (c->next_sequence & CALENDAR_SEQUENCES) == 0;
}

/* Makes a record that of a new event; its entry. */
static inline struct sim_heap_entry calendar_write(struct sim_calendar *c,
                                                   struct calendar_record *r, uint64_t key,
                                                   unsigned priority, sim_call_fn *fn, void *self,
                                                   uint64_t arg)
{
    const struct sim_heap_entry e = {calendar_tie(priority, c->next_sequence++, r->handle.slot),
                                     key};
    r->tie = e.tie;
    r->key = key;
    r->call.fn = fn;
    r->call.self = self;
    r->call.arg = arg;
    return e;
}

static inline struct sim_handle calendar_push_easy(struct sim_calendar *c, uint64_t key,
                                                   unsigned priority, sim_call_fn *fn, void *self,
                                                   uint64_t arg)
{
    struct calendar_record *const r = c->vacant;
    const struct sim_heap_entry e = calendar_write(c, r, key, priority, fn, self, arg);
    c->vacant = NULL;
    if (c->n > 2) {
        return calendar_sift_in(c, e, r);
    }
    calendar_fill_small(c, e);
    return r->handle;
}

static inline bool calendar_is_full(const struct sim_calendar *c)
{
    return c->n >= c->capacity || (c->far.n >= c->far.most && c->far.n_piles > 0);
}

static inline bool calendar_has_record(const struct sim_calendar *c)
{
    return c->first_free != 0 || c->vacant != NULL;
}

/* Any event with a valid key and priority: are there a sequence number, room and a record? */
static inline bool calendar_is_ready(const struct sim_calendar *c)
{
    return calendar_has_record(c) && !calendar_is_full(c) &&
           (c->next_sequence & CALENDAR_SEQUENCES) == 0;
}

/* For any event: is it possible? */
static inline enum sim_err calendar_prepare(struct sim_calendar *c, uint64_t key, unsigned priority)
{
    if (!calendar_is_key(key) || priority >= SIM_PRIORITIES) {
        return SIM_EINVAL;
    }
    return calendar_is_ready(c) ? SIM_OK : calendar_prepare_otherwise(c);
}

/* An entry has died. */
static inline void calendar_count_dead(struct sim_calendar *c)
{
    if (++c->n_dead > calendar_n_entries(c) / 2) {
        calendar_drop_dead(c);
    }
}

static inline bool calendar_cancel(struct sim_calendar *c, struct sim_handle event)
{
    if (!calendar_is_pending(c, event)) {
        return false;
    }
    struct calendar_record *const r = &c->records[event.slot];
    calendar_next_generation(r);
    r->stand_in = 0;
    calendar_free_record(c, r);
    calendar_count_dead(c);
    return true;
}

/* Reschedules an event that is pending, if it is not to an earlier time: its entry stays until it comes to the root.
 * False: nothing has changed. */
static inline bool calendar_put_off(struct sim_calendar *c, struct sim_handle event, uint64_t key)
{
    if (!calendar_is_pending(c, event)) {
        return false;
    }
    struct calendar_record *const r = &c->records[event.slot];
    if (key < r->key || !calendar_is_key(key) || (c->next_sequence & CALENDAR_SEQUENCES) != 0) {
        return false;
    }
    r->stand_in = r->stand_in != 0 ? r->stand_in : r->tie;
    r->tie = calendar_next_tie(c, r->tie);
    r->key = key;
    if (__builtin_expect(c->foresees, 0) && key < c->horizon.key) {
        calendar_foresee(c, (struct sim_heap_entry){r->tie, key});
    }
    return true;
}

#endif
