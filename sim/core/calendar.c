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
    piles_fini(&c->far);
    free(c->records);
}

void sim_calendar_destroy(struct sim_calendar *c)
{
    if (c != NULL) {
        calendar_fini(c);
        free(c);
    }
}

static enum sim_err grow(struct sim_calendar *c)
{
    const uint32_t doubled = c->capacity == 0 ? FIRST_ENTRIES : 2 * c->capacity;
    const uint32_t capacity = doubled < CALENDAR_NEAR_MOST ? doubled : CALENDAR_NEAR_MOST;
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

/* Makes a heap of the first n entries, of n_before there were, from below (Floyd, 1964): O(n). */
static void make_heap(struct sim_calendar *c, uint32_t n, uint32_t n_before)
{
    const struct sim_heap_entry unused = {UINT64_MAX, UINT64_MAX};
    for (uint32_t i = n; i < n_before; i++) {
        c->entries[i] = unused;
    }
    c->n = n;
    for (uint32_t i = (n + 2) / 4; i-- > 0;) { /* all that have children */
        calendar_sift_down(c->entries, n, i, c->entries[i]);
    }
}

/* Puts the later half of a full heap on a pile. */
static enum sim_err spill(struct sim_calendar *c)
{
    const enum sim_err err = piles_reserve(&c->far, c->n);
    if (err != SIM_OK) {
        return err;
    }
    if (c->is_root_vacant) {
        calendar_close_up(c);
    }
    const uint32_t n = c->n;
    c->horizon = piles_middle(c->entries, n);
    make_heap(c, piles_begin(&c->far, c->horizon, c->entries, n), n);
    return SIM_OK;
}

/* Entries are at most twice the pending events and one: far below 2^32. */
enum sim_err calendar_make_room(struct sim_calendar *c)
{
    if (c->n < c->capacity) {
        return piles_reserve(&c->far, 1);
    }
    return c->capacity < CALENDAR_NEAR_MOST ? grow(c) : spill(c);
}

/* What a heap is made of is looked at here: the dead are dropped, and the records of the others, which
 * are wanted soon, come from memory side by side instead of one by one. */
static uint32_t keep_alive(struct sim_calendar *c, uint32_t n)
{
    const uint32_t ahead = 16;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (i + ahead < n) {
            __builtin_prefetch(&c->records[sim_heap_slot(c->entries[i + ahead])]);
        }
        const struct sim_heap_entry e = c->entries[i];
        c->entries[kept] = e;
        kept += calendar_is_dead(c, e) ? 0 : 1;
    }
    return kept;
}

/* A heap that is made at once has entries near its root that have not come there. */
static void foresee_first(const struct sim_calendar *c)
{
    for (uint32_t i = 0; i < CALENDAR_NEAR && i < c->n; i++) {
        calendar_foresee(c, c->entries[i]);
    }
}

bool calendar_load(struct sim_calendar *c)
{
    while (c->n == 0 && c->far.n_piles > 0) {
        const uint32_t n = piles_take(&c->far, CALENDAR_NEAR_MOST / 2, c->entries);
        const uint32_t kept = keep_alive(c, n);
        c->n_dead -= n - kept;
        make_heap(c, kept, n);
        c->horizon = c->far.n_piles > 0 ? c->far.pile[c->far.n_piles - 1].least
                                        : (struct sim_heap_entry){UINT64_MAX, UINT64_MAX};
        c->foresees = c->far.n > CALENDAR_FITS_CACHE && c->foresight != NULL;
        if (c->foresees) {
            foresee_first(c);
        }
    }
    return c->n > 0;
}

/* A record that has never been used becomes the first free one. */
enum sim_err calendar_add_record(struct sim_calendar *c)
{
    if (c->n_records == SIM_HEAP_MAX_SLOTS) {
        return SIM_ELIMIT;
    }
    if (sim_grow_lines(&c->records, &c->record_capacity, (size_t)c->n_records + 1,
                       sizeof *c->records) != SIM_OK) {
        return SIM_ENOMEM;
    }
    c->records[c->n_records] = (struct calendar_record){.tie = 0, .generation = 1};
    c->first_free = ++c->n_records;
    return SIM_OK;
}

static bool is_alive(const void *calendar, struct sim_heap_entry e)
{
    return !calendar_is_dead(calendar, e);
}

void calendar_drop_dead(struct sim_calendar *c)
{
    if (c->is_root_vacant) {
        calendar_close_up(c);
    }
    const uint32_t n = c->n;
    make_heap(c, keep_alive(c, n), n);
    piles_filter(&c->far, is_alive, c);
    c->n_dead = 0;
}

enum sim_err sim_calendar_schedule(struct sim_calendar *c, double time_s, unsigned priority,
                                   sim_call_fn *fn, void *self, uint64_t arg,
                                   struct sim_handle *event)
{
    const struct sim_call call = {fn, self, arg};
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
