#include "sim/core/calendar.h"

#include <math.h>
#include <stdlib.h>

/* The order of events, in one place: heap entries are compared as one 128-bit number
 *
 *     time (64 bits) | priority (3 bits) | sequence (37 bits) | slot (24 bits)
 *
 * and the sequence is unique, so the slot never decides. */
enum { SEQUENCE_BITS = 37 };

static const uint64_t sequence_limit = UINT64_C(1) << SEQUENCE_BITS;

struct record {
    struct sim_slot head;
    struct sim_call call;
};

struct sim_calendar {
    struct sim_heap heap;
    struct sim_slots records;
    uint64_t next_sequence;
};

static uint64_t make_tie(unsigned priority, uint64_t sequence, uint32_t slot)
{
    return (uint64_t)priority << (SEQUENCE_BITS + SIM_HEAP_SLOT_BITS) |
           sequence << SIM_HEAP_SLOT_BITS | slot;
}

static unsigned tie_priority(uint64_t tie)
{
    return (unsigned)(tie >> (SEQUENCE_BITS + SIM_HEAP_SLOT_BITS));
}

static bool is_time(double time_s)
{
    return time_s >= 0 && time_s < INFINITY; /* false for NaN */
}

/* Adding zero turns -0.0, which would sort before all other times, into 0.0. */
static uint64_t time_key(double time_s)
{
    return sim_heap_key(time_s + 0.0);
}

enum sim_err sim_calendar_create(struct sim_calendar **out)
{
    struct sim_calendar *const c = calloc(1, sizeof *c);
    if (c == NULL) {
        return SIM_ENOMEM;
    }
    c->records.record_byte = sizeof(struct record);
    *out = c;
    return SIM_OK;
}

void sim_calendar_destroy(struct sim_calendar *c)
{
    if (c == NULL) {
        return;
    }
    sim_heap_fini(&c->heap);
    sim_slots_fini(&c->records);
    free(c);
}

enum sim_err sim_calendar_push(struct sim_calendar *c, double time_s, unsigned priority,
                               struct sim_call call, struct sim_handle *event)
{
    uint32_t slot;
    if (!is_time(time_s) || priority >= SIM_PRIORITIES) {
        return SIM_EINVAL;
    }
    if (c->next_sequence == sequence_limit) {
        return SIM_ELIMIT;
    }
    enum sim_err err = sim_slots_take(&c->records, &slot);
    if (err != SIM_OK) {
        return err;
    }
    err = sim_heap_reserve(&c->heap, slot + 1);
    if (err != SIM_OK) {
        sim_slots_release(&c->records, slot);
        return err;
    }
    ((struct record *)sim_slots_at(&c->records, slot))->call = call;
    sim_heap_push(&c->heap, time_key(time_s), make_tie(priority, c->next_sequence++, slot));
    if (event != NULL) {
        *event = sim_slots_handle(&c->records, slot);
    }
    return SIM_OK;
}

bool sim_calendar_pop(struct sim_calendar *c, double *time_s, struct sim_call *call)
{
    if (c->heap.n == 0) {
        return false;
    }
    const struct sim_heap_entry e = sim_heap_min(&c->heap);
    const uint32_t slot = sim_heap_slot(e);
    *time_s = sim_heap_key_value(e.key);
    *call = ((struct record *)sim_slots_at(&c->records, slot))->call;
    sim_heap_remove(&c->heap, slot);
    sim_slots_release(&c->records, slot);
    return true;
}

double sim_calendar_next_s(const struct sim_calendar *c)
{
    return c->heap.n == 0 ? INFINITY : sim_heap_key_value(sim_heap_min(&c->heap).key);
}

bool sim_calendar_is_pending(const struct sim_calendar *c, struct sim_handle event)
{
    return sim_slots_is_live(&c->records, event);
}

bool sim_calendar_cancel(struct sim_calendar *c, struct sim_handle event)
{
    if (!sim_calendar_is_pending(c, event)) {
        return false;
    }
    sim_heap_remove(&c->heap, event.slot);
    sim_slots_release(&c->records, event.slot);
    return true;
}

enum sim_err sim_calendar_reschedule(struct sim_calendar *c, struct sim_handle event, double time_s)
{
    if (!is_time(time_s) || !sim_calendar_is_pending(c, event)) {
        return SIM_EINVAL;
    }
    if (c->next_sequence == sequence_limit) {
        return SIM_ELIMIT;
    }
    const unsigned priority = tie_priority(sim_heap_entry(&c->heap, event.slot).tie);
    sim_heap_change(&c->heap, time_key(time_s), make_tie(priority, c->next_sequence++, event.slot));
    return SIM_OK;
}

uint32_t sim_calendar_n_pending(const struct sim_calendar *c)
{
    return c->heap.n;
}
