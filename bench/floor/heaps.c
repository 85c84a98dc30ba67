#include "bench/floor/heaps.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TABLE_MASK = (1 << 16) - 1, SPARE = 16, SHIFT = 3, LINE_BYTE = 64 };

static void *lines(size_t byte)
{
    void *const memory = aligned_alloc(LINE_BYTE, (byte + LINE_BYTE - 1) / LINE_BYTE * LINE_BYTE);
    if (memory == NULL) {
        fputs("no memory for a floor\n", stderr);
        exit(1);
    }
    return memory;
}

struct floor_heap *floor_heap_create(const struct floor_heap_kind *kind, const double *time_s,
                                     uint32_t n)
{
    const size_t places = (size_t)n + SPARE;
    struct floor_heap *const h = lines(sizeof *h);
    h->kind = kind;
    h->n = 0;
    h->entries = lines(places * sizeof *h->entries);
    h->keys = lines(places * sizeof *h->keys);
    h->numbers = lines(places * sizeof *h->numbers);
    for (size_t i = 0; i < places; i++) { /* the largest entry, so that no end is tested */
        h->entries[i] = (struct floor_entry){INFINITY, UINT64_MAX};
        h->keys[i] = INFINITY;
    }
    kind->fill(h, time_s, n);
    return h;
}

void floor_heap_destroy(struct floor_heap *h)
{
    free(h->entries);
    free(h->keys);
    free(h->numbers);
    free(h);
}

/* The loops around a push and a pop, once for each kind. */
#define HOLD(kind, push, pop)                                                                      \
    static double hold_##kind(struct floor_heap *h, const double *increment, uint32_t operations)  \
    {                                                                                              \
        struct floor_entry e = {0, 0};                                                             \
        for (uint32_t i = 0; i < operations; i++) {                                                \
            e = pop(h);                                                                            \
            push(h, (struct floor_entry){e.time_s + increment[i & TABLE_MASK], e.number});         \
        }                                                                                          \
        return e.time_s;                                                                           \
    }                                                                                              \
    static void fill_##kind(struct floor_heap *h, const double *time_s, uint32_t n)                \
    {                                                                                              \
        for (uint32_t i = 0; i < n; i++) {                                                         \
            push(h, (struct floor_entry){time_s[i & TABLE_MASK], i});                              \
        }                                                                                          \
    }

/* Binary, entries as they are. */

static inline void binary_push(struct floor_heap *h, struct floor_entry e)
{
    struct floor_entry *const a = h->entries;
    uint32_t i = h->n++;
    while (i > 0 && e.time_s < a[(i - 1) / 2].time_s) {
        a[i] = a[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    a[i] = e;
}

static inline struct floor_entry binary_pop(struct floor_heap *h)
{
    struct floor_entry *const a = h->entries;
    const struct floor_entry top = a[0];
    const struct floor_entry last = a[--h->n];
    uint32_t i = 0;
    a[h->n] = (struct floor_entry){INFINITY, UINT64_MAX};
    for (uint32_t child = 1; child < h->n; child = 2 * i + 1) {
        child += a[child + 1].time_s < a[child].time_s;
        if (last.time_s <= a[child].time_s) {
            break;
        }
        a[i] = a[child];
        i = child;
    }
    a[i] = last;
    return top;
}

HOLD(binary, binary_push, binary_pop)

/* 4-ary, a family in a cache line, time and number compared as one integer of 128 bits. */

static inline int is_before(struct floor_entry a, struct floor_entry b)
{
    __extension__ typedef unsigned __int128 wide;
    uint64_t time_a;
    uint64_t time_b;
    memcpy(&time_a, &a.time_s, sizeof time_a);
    memcpy(&time_b, &b.time_s, sizeof time_b);
    return ((wide)time_a << 64 | a.number) < ((wide)time_b << 64 | b.number);
}

static inline void four_push(struct floor_heap *h, struct floor_entry e)
{
    struct floor_entry *const a = h->entries + SHIFT;
    uint32_t i = h->n++;
    while (i > 0 && is_before(e, a[(i - 1) / 4])) {
        a[i] = a[(i - 1) / 4];
        i = (i - 1) / 4;
    }
    a[i] = e;
}

static inline struct floor_entry four_pop(struct floor_heap *h)
{
    struct floor_entry *const a = h->entries + SHIFT;
    const struct floor_entry top = a[0];
    const struct floor_entry last = a[--h->n];
    uint32_t i = 0;
    a[h->n] = (struct floor_entry){INFINITY, UINT64_MAX};
    for (uint32_t first = 1; first < h->n; first = 4 * i + 1) {
        const uint32_t left = first + (uint32_t)is_before(a[first + 1], a[first]);
        const uint32_t right = first + 2 + (uint32_t)is_before(a[first + 3], a[first + 2]);
        const uint32_t child = is_before(a[right], a[left]) ? right : left;
        if (!is_before(a[child], last)) {
            break;
        }
        a[i] = a[child];
        i = child;
    }
    a[i] = last;
    return top;
}

HOLD(four, four_push, four_pop)

/* 4-ary, keys in an array of their own: half a cache line a family. */

static inline void apart_place(struct floor_heap *h, uint32_t i, double key, uint64_t number)
{
    h->keys[SHIFT + i] = key;
    h->numbers[SHIFT + i] = number;
}

static inline void apart_push(struct floor_heap *h, struct floor_entry e)
{
    const double *const keys = h->keys + SHIFT;
    uint32_t i = h->n++;
    while (i > 0 && e.time_s < keys[(i - 1) / 4]) {
        apart_place(h, i, keys[(i - 1) / 4], h->numbers[SHIFT + (i - 1) / 4]);
        i = (i - 1) / 4;
    }
    apart_place(h, i, e.time_s, e.number);
}

static inline struct floor_entry apart_pop(struct floor_heap *h)
{
    const double *const keys = h->keys + SHIFT;
    const struct floor_entry top = {keys[0], h->numbers[SHIFT]};
    const struct floor_entry last = {keys[h->n - 1], h->numbers[SHIFT + h->n - 1]};
    uint32_t i = 0;
    h->keys[SHIFT + --h->n] = INFINITY;
    for (uint32_t first = 1; first < h->n; first = 4 * i + 1) {
        const uint32_t left = first + (keys[first + 1] < keys[first]);
        const uint32_t right = first + 2 + (keys[first + 3] < keys[first + 2]);
        const uint32_t child = keys[right] < keys[left] ? right : left;
        if (last.time_s <= keys[child]) {
            break;
        }
        apart_place(h, i, keys[child], h->numbers[SHIFT + child]);
        i = child;
    }
    apart_place(h, i, last.time_s, last.number);
    return top;
}

HOLD(four_apart, apart_push, apart_pop)

const struct floor_heap_kind floor_binary = {"binary heap", hold_binary, fill_binary};
const struct floor_heap_kind floor_four = {"4-ary heap, 128-bit compare", hold_four, fill_four};
const struct floor_heap_kind floor_four_apart = {"4-ary heap, keys apart", hold_four_apart,
                                                 fill_four_apart};
