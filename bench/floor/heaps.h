/* bench/floor/heaps.h -- bare priority queues: push and pop of (time, number), nothing else. */
#ifndef BENCH_FLOOR_HEAPS_H
#define BENCH_FLOOR_HEAPS_H

#include <stdint.h>

struct floor_entry {
    double time_s;
    uint64_t number;
};

struct floor_heap {
    const struct floor_heap_kind *kind;
    struct floor_entry *entries;
    double *keys; /* of the kind that keeps keys apart */
    uint64_t *numbers;
    uint32_t n;
};

/* HOLD: takes the earliest entry and puts it back at its time + increment[i], `operations` times;
 * increments come in turn from a table of 2^16. Returns the last time taken. Each kind has its own
 * loop, so that push and pop are inlined. */
struct floor_heap_kind {
    const char *name;
    double (*hold)(struct floor_heap *h, const double *increment, uint32_t operations);
    void (*fill)(struct floor_heap *h, const double *time_s, uint32_t n);
};

extern const struct floor_heap_kind floor_binary;
extern const struct floor_heap_kind floor_four;
extern const struct floor_heap_kind floor_four_apart;

/* Filled with n entries at the times of the table (repeated). Does not return without memory. */
struct floor_heap *floor_heap_create(const struct floor_heap_kind *kind, const double *time_s,
                                     uint32_t n);
void floor_heap_destroy(struct floor_heap *h);

#endif
