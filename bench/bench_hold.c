/* HOLD: take the earliest of n pending events and schedule another at its time plus an exponential
 * increment. Ours is the calendar, whose events carry a call and can be cancelled by their handles;
 * the floors are bare heaps. */
#include "bench/bench.h"
#include "bench/floor/heaps.h"
#include "bench/floor/xoshiro.h"

#include "sim/core/calendar.h"

#include <stdio.h>
#include <stdlib.h>

enum { TABLE = 1 << 16, OPERATIONS = 2000000 };

static double increment[TABLE];

static void fill_table(void)
{
    struct xoshiro g;
    floor_ziggurat_init();
    floor_xoshiro_seed(&g, 1);
    for (int i = 0; i < TABLE; i++) {
        increment[i] = floor_exponential(&g);
    }
}

static void must(enum sim_err err)
{
    if (err != SIM_OK) {
        fprintf(stderr, "bench_hold: %s\n", sim_err_text(err));
        exit(1);
    }
}

static void on_event(void *self, uint64_t arg)
{
    (void)self;
    (void)arg;
}

static void *filled(uint32_t n)
{
    struct sim_calendar *c;
    fill_table();
    must(sim_calendar_create(&c));
    for (uint32_t i = 0; i < n; i++) {
        const struct sim_call call = {on_event, NULL, i};
        must(sim_calendar_push(c, increment[i % TABLE], 0, call, NULL));
    }
    return c;
}

static double hold(void *calendar)
{
    double time_s = 0;
    for (uint32_t i = 0; i < OPERATIONS; i++) {
        struct sim_call call;
        struct sim_handle event;
        if (!sim_calendar_pop(calendar, &time_s, &call)) {
            break;
        }
        must(sim_calendar_push(calendar, time_s + increment[i % TABLE], 0, call, &event));
    }
    return time_s;
}

static void destroy(void *calendar)
{
    sim_calendar_destroy(calendar);
}

static void *bare_filled(const struct floor_heap_kind *kind, uint32_t n)
{
    fill_table();
    return floor_heap_create(kind, increment, n);
}

static double bare_hold(void *heap)
{
    struct floor_heap *const h = heap;
    return h->kind->hold(h, increment, OPERATIONS);
}

static void bare_destroy(void *heap)
{
    floor_heap_destroy(heap);
}

/* A row for n pending events; the functions that fill know n. */
#define ROW(n, text)                                                                               \
    {                                                                                              \
        .work = "HOLD, " text " pending", .operations = OPERATIONS, .bar = 1.15,                   \
        .ours = {"calendar", ours_##n, hold, destroy}, .floors = {                                 \
            {"binary heap", binary_##n, bare_hold, bare_destroy},                                  \
            {"4-ary heap, 128-bit compare", four_##n, bare_hold, bare_destroy},                    \
            {"4-ary heap, keys apart", apart_##n, bare_hold, bare_destroy}                         \
        }                                                                                          \
    }
#define FILLS(n)                                                                                   \
    static void *ours_##n(void)                                                                    \
    {                                                                                              \
        return filled(n);                                                                          \
    }                                                                                              \
    static void *binary_##n(void)                                                                  \
    {                                                                                              \
        return bare_filled(&floor_binary, n);                                                      \
    }                                                                                              \
    static void *four_##n(void)                                                                    \
    {                                                                                              \
        return bare_filled(&floor_four, n);                                                        \
    }                                                                                              \
    static void *apart_##n(void)                                                                   \
    {                                                                                              \
        return bare_filled(&floor_four_apart, n);                                                  \
    }

FILLS(100)
FILLS(10000)
FILLS(1000000)

const struct bench_row bench_rows[] = {ROW(100, "1e2"), ROW(10000, "1e4"), ROW(1000000, "1e6")};
const size_t bench_n_rows = sizeof bench_rows / sizeof bench_rows[0];
