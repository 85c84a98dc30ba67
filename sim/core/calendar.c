#include "sim/core/calendar_internal.h"

#include "sim/base/mem.h"

#include <math.h>
#include <stdlib.h>

enum { FIRST_ENTRIES = 13 }; /* with the shift of the root they fill four cache lines */

enum sim_err sim_calendar_create(struct sim_calendar **out)
{
    struct sim_calendar *const c = malloc(sizeof *c);
    if (c == NULL) {
        return SIM_ENOMEM;
    }
    calendar_init(c);
    *out = c;
    return SIM_OK;
}

void calendar_fini(struct sim_calendar *c)
{
    sim_heap_entries_destroy(c->entries);
    free(c->records);
}

void sim_calendar_destroy(struct sim_calendar *c)
{
    if (c != NULL) {
        calendar_fini(c);
        free(c);
    }
}

/* Entries are at most twice the pending events and one: far below 2^32. */
enum sim_err calendar_grow(struct sim_calendar *c)
{
    const uint32_t capacity = c->capacity == 0 ? FIRST_ENTRIES : 2 * c->capacity;
    struct sim_heap_entry *const entries = sim_heap_entries_create(capacity);
    if (entries == NULL) {
        return SIM_ENOMEM;
    }
    if (c->n > 0) {
        memcpy(entries, c->entries, c->n * sizeof *entries);
    }
    sim_heap_entries_destroy(c->entries);
    c->entries = entries;
    c->capacity = capacity;
    return SIM_OK;
}

/* A record that has never been used becomes the first free one. */
enum sim_err calendar_add_record(struct sim_calendar *c)
{
    if (c->n_records == SIM_HEAP_MAX_SLOTS) {
        return SIM_ELIMIT;
    }
    if (sim_grow(&c->records, &c->record_capacity, (size_t)c->n_records + 1, sizeof *c->records) !=
        SIM_OK) {
        return SIM_ENOMEM;
    }
    c->records[c->n_records] = (struct calendar_record){.tie = 0, .generation = 1};
    c->first_free = ++c->n_records;
    return SIM_OK;
}

/* Keeps the entries that are alive, then makes a heap of them from below (Floyd, 1964): O(n). */
void calendar_drop_dead(struct sim_calendar *c)
{
    const struct sim_heap_entry unused = {UINT64_MAX, UINT64_MAX};
    uint32_t kept = 0;
    for (uint32_t i = c->is_root_vacant ? 1 : 0; i < c->n; i++) {
        if (!calendar_is_dead(c, c->entries[i])) {
            c->entries[kept++] = c->entries[i];
        }
    }
    for (uint32_t i = kept; i < c->n; i++) {
        c->entries[i] = unused;
    }
    c->n = kept;
    c->n_dead = 0;
    c->is_root_vacant = false;
    for (uint32_t i = (kept + 2) / 4; i-- > 0;) { /* all that have children */
        calendar_sift_down(c->entries, kept, i, c->entries[i]);
    }
}

enum sim_err sim_calendar_push(struct sim_calendar *c, double time_s, unsigned priority,
                               struct sim_call call, struct sim_handle *event)
{
    struct sim_handle unwanted;
    return calendar_push(c, time_s, priority, &call, event != NULL ? event : &unwanted);
}

bool sim_calendar_pop(struct sim_calendar *c, double *time_s, struct sim_call *call)
{
    if (!calendar_settle(c)) {
        return false;
    }
    *time_s = calendar_key_time(c->entries[0].key);
    *call = calendar_take(c);
    return true;
}

double sim_calendar_next_s(struct sim_calendar *c)
{
    return calendar_settle(c) ? calendar_key_time(c->entries[0].key) : INFINITY;
}

bool sim_calendar_is_pending(const struct sim_calendar *c, struct sim_handle event)
{
    return calendar_is_pending(c, event);
}

bool sim_calendar_cancel(struct sim_calendar *c, struct sim_handle event)
{
    return calendar_cancel(c, event);
}

enum sim_err sim_calendar_reschedule(struct sim_calendar *c, struct sim_handle event, double time_s)
{
    return calendar_reschedule(c, event, time_s);
}

uint32_t sim_calendar_n_pending(const struct sim_calendar *c)
{
    return calendar_n_pending(c);
}
