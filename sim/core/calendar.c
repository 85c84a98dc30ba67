#include "sim/core/calendar_internal.h"

#include "sim/base/mem.h"
#include "sim/base/sort.h"

#include <math.h>
#include <stdlib.h>

_Static_assert((int)CALENDAR_RUN_MOST <= (int)SORT_MOST &&
                   (int)PILES_SAMPLE <= (int)CALENDAR_RUN_MOST,
               "a run can be sorted, and a pile that is split be sampled");
_Static_assert((int)CALENDAR_NEAR_MOST + (int)CALENDAR_RUN_MOST <= (int)PILES_OVER,
               "all of the heap and the run may be put off beyond the horizon");

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
    const uint32_t from_run = capacity < CALENDAR_NEAR_MOST ? 0 : CALENDAR_RUN_MOST;
    const enum sim_err err = sim_heap_entries_resize(&c->entries, c->n, capacity + from_run);
    c->capacity = err == SIM_OK ? capacity : c->capacity;
    return err;
}

/* Out of line, as most events have another way. */
__attribute__((noinline)) static void fill_root(struct sim_calendar *c, struct sim_heap_entry e)
{
    if (c->n > 2) {
        calendar_sift_root(c, e);
    } else {
        calendar_fill_small(c, e);
    }
}

/* Takes the first of the run, which is not empty. */
static inline struct sim_heap_entry take_next(struct sim_calendar *c)
{
    const struct sim_heap_entry e = c->next;
    c->next = c->run[++c->run_first];
    if (__builtin_expect(c->foresees, 0) && c->run_first + CALENDAR_AHEAD < c->run_end) {
        calendar_foresee(c, c->run[c->run_first + CALENDAR_AHEAD]);
    }
    return e;
}

/* The least of the root's children moves up, and its place is filled from the end of the heap. */
__attribute__((noinline)) static void move_up(struct sim_calendar *c, uint32_t child)
{
    struct sim_heap_entry *const a = c->entries;
    const struct sim_heap_entry last = a[--c->n];
    if (__builtin_expect(c->foresees, 0)) {
        a[c->n] = sim_heap_unused;
        calendar_sift_and_foresee(c, last);
        return;
    }
    a[0] = a[child];
    a[c->n] = sim_heap_unused;
    if (child < c->n) {
        sim_heap_entries_down(a, c->n, child, last, false);
    }
}

/* The root goes; who is next comes in its place: a child of the root, the first of the run, or nobody. */
static inline void drop_root(struct sim_calendar *c)
{
    if (c->n > 1) {
        const uint32_t child = sim_heap_least_child(c->entries, 1);
        if (sim_heap_before(c->entries[child], c->next)) {
            move_up(c, child);
            return;
        }
    }
    if (calendar_n_run(c) > 0) {
        c->entries[0] = take_next(c);
    } else {
        c->n = 0;
        c->entries[0] = sim_heap_unused;
    }
}

/* The root is vacant and nobody comes for it. */
static void close_up(struct sim_calendar *c)
{
    calendar_free_vacant(c);
    drop_root(c);
}

/* What stands behind the run, and so what is next if it is empty. */
static void end_run(struct sim_calendar *c)
{
    c->run[c->run_end] = c->horizon;
    c->next = c->run[c->run_first];
}

/* Puts the later half of a full heap on a pile, and what of the run is later. */
static enum sim_err spill(struct sim_calendar *c)
{
    const enum sim_err err = piles_reserve(&c->far, c->n + calendar_n_run(c));
    if (err != SIM_OK) {
        return err;
    }
    if (c->vacant != NULL) {
        close_up(c);
    }
    const uint32_t n = c->n;
    c->horizon = piles_middle(c->entries, n);
    c->n = piles_begin(&c->far, c->horizon, c->entries, n);
    sim_heap_entries_make(c->entries, c->n, n);
    while (calendar_n_run(c) > 0 && !sim_heap_before(c->run[c->run_end - 1], c->horizon)) {
        piles_put(&c->far, c->run[--c->run_end]);
    }
    end_run(c);
    return SIM_OK;
}

/* Entries are at most twice the pending events and one: far below 2^32. */
static enum sim_err make_room(struct sim_calendar *c)
{
    if (c->n < c->capacity) {
        return piles_reserve(&c->far, 1);
    }
    return c->capacity < CALENDAR_NEAR_MOST ? grow(c) : spill(c);
}

/* What a run is made of is looked at here: the dead are dropped. */
static uint32_t keep_alive(const struct sim_calendar *c, struct sim_heap_entry *entry, uint32_t n)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++) {
        const struct sim_heap_entry e = entry[i];
        entry[kept] = e;
        kept += calendar_is_dead(c, e) ? 0 : 1;
    }
    return kept;
}

/* Where records do not fit a cache they come from memory side by side instead of one by one: 3 % of 720,000 devices, with
 * fetch_next_block (piles.c). */
static void fetch_records(const struct sim_calendar *c, const struct sim_heap_entry *entry,
                          uint32_t n)
{
    for (uint32_t i = 0; i < n && c->far.n > CALENDAR_FITS_CACHE; i++) {
        __builtin_prefetch(&c->records[sim_heap_slot(entry[i])], 1);
    }
}

/* A run from the piles; false if they are empty. */
static bool load(struct sim_calendar *c)
{
    while (calendar_n_run(c) == 0 && c->far.n_piles > 0) {
        struct sim_heap_entry taken[CALENDAR_RUN_MOST];
        const uint32_t n = piles_take(&c->far, CALENDAR_RUN_MOST, taken);
        fetch_records(c, taken, n);
        const uint32_t kept = keep_alive(c, taken, n);
        c->n_dead -= n - kept;
        sort_entries(taken, kept, c->run);
        c->horizon = c->far.n_piles > 0 ? c->far.least[c->far.n_piles - 1] : calendar_no_horizon;
        c->run_first = 0;
        c->run_end = kept;
        end_run(c);
        c->foresees = c->far.n > CALENDAR_FITS_CACHE && c->foresight != NULL;
        for (uint32_t i = 0; c->foresees && i < CALENDAR_AHEAD && i < kept; i++) {
            calendar_foresee(c, c->run[i]);
        }
    }
    return calendar_n_run(c) > 0;
}

/* Puts an entry in that has a record; there is room. Who comes behind the first of the run leaves a vacant root to
 * it. */
static inline void insert(struct sim_calendar *c, struct sim_heap_entry e)
{
    if (!sim_heap_before(e, c->horizon)) {
        piles_put(&c->far, e);
    } else if (c->vacant != NULL && sim_heap_before(e, c->next)) {
        calendar_free_vacant(c);
        fill_root(c, e);
    } else if (sim_heap_entries_put(c->entries, &c->n, e) < CALENDAR_NEAR &&
               __builtin_expect(c->foresees, 0)) {
        calendar_foresee(c, e);
    }
}

/* The root stands for an event that is put off: the entry gets its time. As a rule it is still the first. */
__attribute__((noinline)) static void bring_up_to_date(struct sim_calendar *c)
{
    struct calendar_record *const r = &c->records[sim_heap_slot(c->entries[0])];
    const struct sim_heap_entry e = {r->tie, r->key};
    const struct sim_heap_entry child = c->entries[sim_heap_least_child(c->entries, 1)];
    r->stand_in = 0;
    if (sim_heap_before(e, child) && sim_heap_before(e, c->next)) {
        c->entries[0] = e;
    } else if (sim_heap_before(e, c->horizon) && sim_heap_before(child, c->next)) {
        calendar_sift_root(c, e);
    } else {
        drop_root(c);
        insert(c, e);
    }
}

bool calendar_settle_otherwise(struct sim_calendar *c)
{
    if (c->vacant != NULL) {
        close_up(c);
    }
    for (;;) {
        if (c->n == 0) {
            if (calendar_n_run(c) == 0 && !load(c)) {
                return false;
            }
            sim_heap_entries_put(c->entries, &c->n, take_next(c));
        }
        if (calendar_is_current(c, c->entries[0])) {
            return true;
        }
        if (calendar_is_put_off(c, c->entries[0])) {
            bring_up_to_date(c);
        } else {
            c->n_dead--;
            drop_root(c);
        }
    }
}

/* A record that has never been used becomes the first free one. */
static enum sim_err add_record(struct sim_calendar *c)
{
    if (c->n_records == SIM_HEAP_MAX_SLOTS) {
        return SIM_ELIMIT;
    }
    if (sim_grow_lines(&c->records, &c->record_capacity, (size_t)c->n_records + 1,
                       sizeof *c->records) != SIM_OK) {
        return SIM_ENOMEM;
    }
    c->records[c->n_records] = (struct calendar_record){.handle = {c->n_records, 1}};
    c->first_free = ++c->n_records;
    return SIM_OK;
}

static bool is_alive(const void *calendar, struct sim_heap_entry e)
{
    return !calendar_is_dead(calendar, e);
}

void calendar_drop_dead(struct sim_calendar *c)
{
    if (c->vacant != NULL) {
        close_up(c);
    }
    c->n = sim_heap_entries_filter(c->entries, c->n, is_alive, c);
    c->run_end = c->run_first + keep_alive(c, c->run + c->run_first, calendar_n_run(c));
    end_run(c);
    if (calendar_n_run(c) > 0 && (c->n == 0 || sim_heap_before(c->next, c->entries[0]))) {
        const struct sim_heap_entry e = take_next(c); /* the root is before the run: it was dead */
        sim_heap_entries_put(c->entries, &c->n, e);
    }
    piles_filter(&c->far, is_alive, c);
    c->n_dead = 0;
}

/* One more sequence number, and room for one more entry. */
static enum sim_err prepare_entry(struct sim_calendar *c)
{
    if (c->next_sequence == CALENDAR_SEQUENCES) {
        return SIM_ELIMIT;
    }
    return calendar_is_full(c) ? make_room(c) : SIM_OK;
}

enum sim_err calendar_prepare_otherwise(struct sim_calendar *c)
{
    const enum sim_err err = prepare_entry(c);
    return err == SIM_OK && !calendar_has_record(c) ? add_record(c) : err;
}

/* A free record; without one that of the event taken, whose place is dead from now on instead of vacant. */
static inline struct calendar_record *take_record(struct sim_calendar *c)
{
    struct calendar_record *r = c->vacant;
    if (c->first_free != 0) {
        r = &c->records[c->first_free - 1];
        c->first_free = (uint32_t)r->tie;
    } else {
        c->vacant = NULL;
        c->n_dead++;
    }
    return r;
}

struct sim_handle calendar_push(struct sim_calendar *c, uint64_t key, unsigned priority,
                                sim_call_fn *fn, void *self, uint64_t arg)
{
    struct calendar_record *const r = take_record(c);
    insert(c, calendar_write(c, r, key, priority, fn, self, arg));
    return r->handle;
}

struct sim_handle calendar_sift_in(struct sim_calendar *c, struct sim_heap_entry e,
                                   const struct calendar_record *r)
{
    calendar_sift_root(c, e);
    return r->handle;
}

enum sim_err calendar_reschedule(struct sim_calendar *c, struct sim_handle event, double time_s)
{
    const uint64_t key = calendar_key(time_s);
    if (!calendar_is_key(key) || !calendar_is_pending(c, event)) {
        return SIM_EINVAL;
    }
    const enum sim_err err = prepare_entry(c);
    if (err != SIM_OK) {
        return err;
    }
    struct calendar_record *const r = &c->records[event.slot];
    r->stand_in = 0;
    r->tie = calendar_next_tie(c, r->tie);
    r->key = key;
    insert(c, (struct sim_heap_entry){r->tie, key});
    calendar_count_dead(c);
    return SIM_OK;
}

enum sim_err sim_calendar_schedule(struct sim_calendar *c, double time_s, unsigned priority,
                                   sim_call_fn *fn, void *self, uint64_t arg,
                                   struct sim_handle *event)
{
    const uint64_t key = calendar_key(time_s);
    struct sim_handle handle;
    if (calendar_is_easy(c, key) && priority < SIM_PRIORITIES) {
        handle = calendar_push_easy(c, key, priority, fn, self, arg);
    } else {
        const enum sim_err err = calendar_prepare(c, key, priority);
        if (err != SIM_OK) {
            return err;
        }
        handle = calendar_push(c, key, priority, fn, self, arg);
    }
    if (event != NULL) {
        *event = handle;
    }
    return SIM_OK;
}

bool sim_calendar_pop(struct sim_calendar *c, double *time_s, struct sim_call *call)
{
    if (!calendar_settle(c)) {
        return false;
    }
    *time_s = sim_heap_bits_value(c->entries[0].key);
    *call = calendar_take(c);
    return true;
}

double sim_calendar_next_s(struct sim_calendar *c)
{
    return calendar_settle(c) ? sim_heap_bits_value(c->entries[0].key) : INFINITY;
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
    return calendar_put_off(c, event, calendar_key(time_s)) ? SIM_OK
                                                            : calendar_reschedule(c, event, time_s);
}

uint32_t sim_calendar_n_pending(const struct sim_calendar *c)
{
    return calendar_n_pending(c);
}
