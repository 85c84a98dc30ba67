#include "sim/base/heap.h"

#include "sim/base/mem.h"

#include <stdlib.h>

enum {
    SHIFT = 3, /* entries in front of the root, so that children share a cache line */
    CACHE_LINE_BYTE = 64,
    FIRST_SLOTS = 13 /* 13 + SHIFT entries fill four cache lines */
};

static size_t storage_entries(uint32_t n)
{
    const size_t per_line = CACHE_LINE_BYTE / sizeof(struct sim_heap_entry);
    const size_t entries = (size_t)n + SHIFT + SIM_HEAP_BEHIND;
    return (entries + per_line - 1) / per_line * per_line;
}

static struct sim_heap_entry *create(uint32_t capacity)
{
    const size_t byte = storage_entries(capacity) * sizeof(struct sim_heap_entry);
    struct sim_heap_entry *const storage = aligned_alloc(CACHE_LINE_BYTE, byte);
    if (storage == NULL) {
        return NULL;
    }
    sim_prefer_huge_pages(storage, byte);
    return storage + SHIFT;
}

void sim_heap_entries_destroy(struct sim_heap_entry *entries)
{
    if (entries != NULL) {
        free(entries - SHIFT);
    }
}

enum sim_err sim_heap_entries_resize(struct sim_heap_entry **entries, uint32_t n, uint32_t capacity)
{
    SIM_ASSERT(n <= capacity);
    struct sim_heap_entry *const room = create(capacity);
    if (room == NULL) {
        return SIM_ENOMEM;
    }
    if (*entries != NULL) {
        memcpy(room, *entries, n * sizeof *room);
        sim_heap_entries_destroy(*entries);
    }
    for (uint32_t i = n; i < n + SIM_HEAP_BEHIND; i++) {
        room[i] = sim_heap_unused;
    }
    *entries = room;
    return SIM_OK;
}

void sim_heap_entries_make(struct sim_heap_entry *entries, uint32_t n, uint32_t n_before)
{
    for (uint32_t i = n; i < n_before; i++) {
        entries[i] = sim_heap_unused;
    }
    for (uint32_t i = (n + 2) / 4; i-- > 0;) { /* all that have children */
        sim_heap_entries_down(entries, n, i, entries[i], true);
    }
}

uint32_t sim_heap_entries_filter(struct sim_heap_entry *entries, uint32_t n,
                                 bool (*is_alive)(const void *owner, struct sim_heap_entry e),
                                 const void *owner)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++) {
        const struct sim_heap_entry e = entries[i];
        entries[kept] = e;
        kept += is_alive(owner, e) ? 1 : 0;
    }
    sim_heap_entries_make(entries, kept, n);
    return kept;
}

/* At least doubled, so that growing one by one is cheap; who knows the number gets no more than that. */
static uint32_t grown_slots(const struct sim_heap *h, uint32_t needed)
{
    const uint32_t doubled = h->n_slots == 0 ? FIRST_SLOTS : 2 * h->n_slots; /* at most 2^25 */
    const uint32_t slots = doubled > needed ? doubled : needed;
    return slots < SIM_HEAP_MAX_SLOTS ? slots : SIM_HEAP_MAX_SLOTS;
}

enum sim_err sim_heap_reserve(struct sim_heap *h, uint32_t n_slots)
{
    if (n_slots <= h->n_slots) {
        return SIM_OK;
    }
    if (n_slots > SIM_HEAP_MAX_SLOTS) {
        return SIM_ELIMIT;
    }
    const uint32_t slots = grown_slots(h, n_slots);
    uint32_t *const position = reallocarray(h->position, slots, sizeof *position);
    if (position == NULL) {
        return SIM_ENOMEM;
    }
    h->position = position;
    sim_prefer_huge_pages(position, slots * sizeof *position);
    const enum sim_err err = sim_heap_entries_resize(&h->entries, h->n, slots);
    if (err == SIM_OK) {
        memset(position + h->n_slots, 0xff, (slots - h->n_slots) * sizeof *position);
        h->n_slots = slots;
    }
    return err;
}

void sim_heap_fini(struct sim_heap *h)
{
    sim_heap_entries_destroy(h->entries);
    free(h->position);
    *h = (struct sim_heap){0};
}
