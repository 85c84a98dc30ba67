/* A program of the frame with rows whose outcome is known: times are told, not measured. */
#include "bench/bench.h"

#include <stdio.h>

static int n_runs; /* of this row: each has a process of its own */

static void *prepare(uint64_t size)
{
    static uint64_t kept;
    kept = size;
    return &kept;
}

static double figure(void *state, uint64_t operations)
{
    n_runs++;
    return (double)*(uint64_t *)state * (double)operations;
}

static double bent_figure(void *state, uint64_t operations)
{
    return 1.001 * figure(state, operations);
}

/* Ours: 2 ms a run, but for a slow one, which the median leaves out. */
static double ours_used_s(void *state)
{
    (void)state;
    return n_runs == 3 ? 1 : 2e-3;
}

static double slow_used_s(void *state)
{
    (void)state;
    return 4e-3;
}

static double fast_used_s(void *state)
{
    (void)state;
    return 1e-3;
}

static double alone_used_s(void *state)
{
    (void)state;
    return n_runs == 2 ? 0.5 : 0.7;
}

static const char *no_peer(void)
{
    return "no such peer";
}

static void find(struct bench_result *r)
{
    snprintf(r->note, sizeof r->note, "%d runs", n_runs);
    r->found[0] = 42;
}

#define OURS                                                                                       \
    {                                                                                              \
        NULL, prepare, figure, NULL, ours_used_s                                                   \
    }
#define FAST                                                                                       \
    {                                                                                              \
        "fast", prepare, figure, NULL, fast_used_s                                                 \
    }
#define SLOW                                                                                       \
    {                                                                                              \
        "slow", prepare, figure, NULL, slow_used_s                                                 \
    }

static const struct bench_row rows[] = {
    {.work = "best floor",
     .full = {3, 1000},
     .bar = 1.5,
     .ours = OURS,
     .floors = {SLOW, FAST},
     .find = find},
    {.work = "met", .full = {3, 1000}, .bar = 2.5, .ours = OURS, .floors = {FAST}},
    {.work = "by time", .full = {3, 1000}, .bar = 3e-6, .bar_is = BENCH_SECONDS, .ours = OURS},
    {.work = "least",
     .full = {3, 1},
     .small = {3, 1},
     .runs = 3,
     .bar = 0.4,
     .bar_is = BENCH_SECONDS,
     .ours = {NULL, prepare, figure, NULL, alone_used_s}},
    {.work = "far below",
     .full = {3, 1},
     .bar = 1.0 / 200,
     .ours = {NULL, prepare, figure, NULL, fast_used_s},
     .floors = {{"peer", prepare, figure, NULL, alone_used_s}}},
    {.work = "no peer", .full = {3, 1}, .bar = 2, .ours = OURS, .absent = no_peer},
    {.work = "long", .full = {3, 1}, .ours = OURS, .takes_minutes = true},
    {.work = "nearly the same",
     .full = {3, 1000},
     .small = {3, 10},
     .agreement = 0.0005,
     .ours = OURS,
     .floors = {{"bent", prepare, bent_figure, NULL, fast_used_s}},
     .takes_minutes = true},
};

static void conclude(const struct bench_result *results)
{
    char text[BENCH_TIME_LENGTH];
    bench_format_s(text, results[0].found[0]);
    bench_print_line(&(struct bench_line){
        .work = "concluded", .bar = "1", .verdict = bench_verdict(1, 1), .ours = text});
}

const struct bench_program bench_program = {rows, sizeof rows / sizeof rows[0], conclude};
