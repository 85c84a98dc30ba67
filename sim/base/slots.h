/* sim/base/slots.h -- records in a growing array, named by handles that go stale.
 *
 * A handle is a slot number and a generation. Freeing a record raises its generation, so a handle
 * kept too long names nothing any more instead of naming somebody else's record (until its slot has
 * been used 2^31 times since). Records move when
 * the array grows: keep handles or slot numbers, not pointers, across sim_slots_take. The array
 * begins on a cache line, and a record of 64 bytes is one wait for memory, not two: 7 % fewer misses of
 * the last level (docs/performance-log.md).
 */
#ifndef SIM_BASE_SLOTS_H
#define SIM_BASE_SLOTS_H

#include "sim/base/assert.h"
#include "sim/base/heap.h"
#include "sim/base/mem.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

/* All zeros names nothing. */
struct sim_handle {
    uint32_t slot;
    uint32_t generation;
};

/* The first member of every record. */
struct sim_slot {
    uint32_t generation; /* odd while in use */
    uint32_t next_free;  /* slot + 1 of the next free record, 0 for none */
};

/* Zeroed but for record_byte, the size of a record, it is empty. */
struct sim_slots {
    void *records;
    size_t capacity;
    size_t record_byte;
    uint32_t n;          /* records ever used: slots are below it */
    uint32_t n_live;     /* records in use */
    uint32_t first_free; /* slot + 1, 0 for none */
};

static inline void *sim_slots_at(const struct sim_slots *s, uint32_t slot)
{
    return (char *)s->records + slot * s->record_byte;
}

/* Asks the memory for a record of a cache line, of which the slot need not be one. */
static inline void sim_slots_fetch(const struct sim_slots *s, uint32_t slot)
{
    __builtin_prefetch(sim_slots_at(s, slot));
}

/* The same for the record that is taken next. */
static inline void sim_slots_fetch_free(const struct sim_slots *s)
{
    sim_slots_fetch(s, s->first_free - (s->first_free != 0));
}

static inline bool sim_slots_is_live(const struct sim_slots *s, struct sim_handle h)
{
    if (h.slot >= s->n || (h.generation & 1) == 0) {
        return false;
    }
    const struct sim_slot *const head = sim_slots_at(s, h.slot);
    return head->generation == h.generation;
}

static inline struct sim_handle sim_slots_handle(const struct sim_slots *s, uint32_t slot)
{
    const struct sim_slot *const head = sim_slots_at(s, slot);
    return (struct sim_handle){slot, head->generation};
}

/* Room for n records, live ones and others. SIM_ENOMEM, or SIM_ELIMIT above 2^24; then nothing has changed. */
SIM_MUST_CHECK static inline enum sim_err sim_slots_reserve(struct sim_slots *s, uint32_t n)
{
    return n > SIM_HEAP_MAX_SLOTS ? SIM_ELIMIT
                                  : sim_grow_lines(&s->records, &s->capacity, n, s->record_byte);
}

/* Takes a record; what is behind its head is not initialised. SIM_ENOMEM, or SIM_ELIMIT when 2^24
 * records are in use. O(1) amortised. */
SIM_MUST_CHECK static inline enum sim_err sim_slots_take(struct sim_slots *s, uint32_t *slot)
{
    if (s->first_free == 0) {
        if (s->n == SIM_HEAP_MAX_SLOTS) {
            return SIM_ELIMIT;
        }
        if (sim_grow_lines(&s->records, &s->capacity, (size_t)s->n + 1, s->record_byte) != SIM_OK) {
            return SIM_ENOMEM;
        }
        *(struct sim_slot *)sim_slots_at(s, s->n) = (struct sim_slot){0, 0};
        s->first_free = ++s->n;
    }
    *slot = s->first_free - 1;
    struct sim_slot *const head = sim_slots_at(s, *slot);
    s->first_free = head->next_free;
    /* So few stay in the cache; and where thousands of resources have a few each, the next one is forgotten before it is
     * taken, as nine in ten of those were that were asked for. */
    const uint32_t few = 1024;
    if (s->n > few) {
        sim_slots_fetch_free(s);
    }
    head->generation++;
    s->n_live++;
    return SIM_OK;
}

static inline void sim_slots_release(struct sim_slots *s, uint32_t slot)
{
    struct sim_slot *const head = sim_slots_at(s, slot);
    SIM_ASSERT((head->generation & 1) == 1);
    head->generation++;
    head->next_free = s->first_free;
    s->first_free = slot + 1;
    s->n_live--;
}

static inline void sim_slots_fini(struct sim_slots *s)
{
    free(s->records);
    s->records = NULL;
    s->capacity = 0;
    s->n = s->n_live = s->first_free = 0;
}

#endif
