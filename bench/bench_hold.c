/* HOLD: take the earliest of n pending events and schedule another at its time plus an exponential
 * increment. Ours is the calendar, whose events carry a call and can be cancelled by their handles;
 * the floors are bare heaps. */
#include "bench/bench.h"
#include "bench/floor/heaps.h"
#include "bench/floor/xoshiro.h"

#include "sim/core/calendar.h"

#include <stdio.h>
#include <stdlib.h>

enum { TABLE = 1 << 16, OPERATIONS = 2000000, FEW = 20000 };

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

static void *filled(uint64_t n)
{
    struct sim_calendar *c;
    fill_table();
    must(sim_calendar_create(&c));
    for (uint64_t i = 0; i < n; i++) {
        const struct sim_call call = {on_event, NULL, i};
        must(sim_calendar_push(c, increment[i % TABLE], 0, call, NULL));
    }
    return c;
}

static double hold(void *calendar, uint64_t operations)
{
    double time_s = 0;
    for (uint64_t i = 0; i < operations; i++) {
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

/* ---- Bare heaps ---- */

static void *bare_filled(const struct floor_heap_kind *kind, uint64_t n)
{
    fill_table();
    return floor_heap_create(kind, increment, (uint32_t)n);
}

static void *binary_filled(uint64_t n)
{
    return bare_filled(&floor_binary, n);
}

static void *four_filled(uint64_t n)
{
    return bare_filled(&floor_four, n);
}

static void *apart_filled(uint64_t n)
{
    return bare_filled(&floor_four_apart, n);
}

static double bare_hold(void *heap, uint64_t operations)
{
    struct floor_heap *const h = heap;
    return h->kind->hold(h, increment, (uint32_t)operations);
}

static void bare_destroy(void *heap)
{
    floor_heap_destroy(heap);
}

#define FLOORS                                                                                     \
    {                                                                                              \
        {"binary heap", binary_filled, bare_hold, bare_destroy, NULL},                             \
            {"4-ary heap, 128-bit compare", four_filled, bare_hold, bare_destroy, NULL},           \
            {"4-ary heap, keys apart", apart_filled, bare_hold, bare_destroy, NULL},               \
    }

static const struct bench_row rows[] = {
    {.work = "HOLD, 1e2 pending",
     .full = {100, OPERATIONS},
     .small = {100, FEW},
     .bar = 1.15,
     .ours = {NULL, filled, hold, destroy, NULL},
     .floors = FLOORS},
    {.work = "HOLD, 1e4 pending",
     .full = {10000, OPERATIONS},
     .small = {1000, FEW},
     .bar = 1.15,
     .ours = {NULL, filled, hold, destroy, NULL},
     .floors = FLOORS},
    {.work = "HOLD, 1e6 pending",
     .full = {1000000, OPERATIONS},
     .small = {10000, FEW},
     .bar = 1.15,
     .ours = {NULL, filled, hold, destroy, NULL},
     .floors = FLOORS},
};

const struct bench_program bench_program = {rows, sizeof rows / sizeof rows[0], NULL};
