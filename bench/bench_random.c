/* Random numbers of a named stream, against the fastest bare generator. */
#include "bench/bench.h"
#include "bench/floor/xoshiro.h"

#include "sim/rng/batch.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { DRAWS = 10000000, FEW = 100000, SEED = 1 };

static double ours(const char *text, uint64_t draws)
{
    static struct sim_supply supply;
    struct sim_dist *d;
    struct sim_error e;
    struct sim_stream stream;
    double sum = 0;
    if (sim_dist_parse(text, SIM_NUMBER, NULL, &d, &e) != SIM_OK) {
        fprintf(stderr, "bench_random: %s\n", e.text);
        exit(1);
    }
    sim_stream_open(&stream, SEED, 0, 0, 0, 0);
    sim_supply_open(&supply, d, stream);
    for (uint64_t i = 0; i < draws; i++) {
        sum += sim_supply_draw(&supply);
    }
    sim_dist_destroy(d);
    return sum / (double)draws;
}

static double our_uniform(void *state, uint64_t draws)
{
    (void)state;
    return ours("uniform(0, 1)", draws);
}

static double our_exponential(void *state, uint64_t draws)
{
    (void)state;
    return ours("exponential(1)", draws);
}

static double our_lognormal(void *state, uint64_t draws)
{
    (void)state;
    return ours("lognormal(0, 0.5)", draws);
}

/* The same numbers, each asked for alone: what a stream that is used a few times costs. */
static double single(void *state, uint64_t draws)
{
    struct sim_stream stream;
    double sum = 0;
    (void)state;
    sim_stream_open(&stream, SEED, 0, 0, 0, 0);
    for (uint64_t i = 0; i < draws; i++) {
        sum += sim_stream_uniform(&stream);
    }
    return sum / (double)draws;
}

static void *seeded(uint64_t size)
{
    static struct xoshiro g;
    (void)size;
    floor_ziggurat_init();
    floor_xoshiro_seed(&g, SEED);
    return &g;
}

static double bare_uniform(void *state, uint64_t draws)
{
    double sum = 0;
    for (uint64_t i = 0; i < draws; i++) {
        sum += floor_uniform(state);
    }
    return sum / (double)draws;
}

static double bare_exponential(void *state, uint64_t draws)
{
    double sum = 0;
    for (uint64_t i = 0; i < draws; i++) {
        sum += floor_exponential(state);
    }
    return sum / (double)draws;
}

static double bare_lognormal(void *state, uint64_t draws)
{
    double sum = 0;
    for (uint64_t i = 0; i < draws; i++) {
        sum += exp(0.5 * floor_normal(state));
    }
    return sum / (double)draws;
}

/* The means of 1e7 numbers differ by a few thousandths at most. */
static const struct bench_row rows[] = {
    {.work = "uniform of a named stream",
     .full = {0, DRAWS},
     .small = {0, FEW},
     .bar = 5, /* 6 ns where the floor takes 1.2 */
     .agreement = 0.005,
     .ours = {.run = our_uniform},
     .floors = {{"xoshiro256++", seeded, bare_uniform, NULL, NULL}}},
    {.work = "exponential of a named stream",
     .full = {0, DRAWS},
     .small = {0, FEW},
     .bar = 3, /* 9 ns where the floor takes 3 */
     .agreement = 0.005,
     .ours = {.run = our_exponential},
     .floors = {{"xoshiro256++, ziggurat", seeded, bare_exponential, NULL, NULL}}},
    {.work = "lognormal of a named stream",
     .full = {0, DRAWS},
     .small = {0, FEW},
     .bar = 20.0 / 15,
     .agreement = 0.005,
     .ours = {.run = our_lognormal},
     .floors = {{"xoshiro256++, ziggurat, exp", seeded, bare_lognormal, NULL, NULL}}},
    {.work = "uniform, drawn singly",
     .full = {0, DRAWS},
     .small = {0, FEW},
     .agreement = 0.005,
     .ours = {.run = single},
     .floors = {{"xoshiro256++", seeded, bare_uniform, NULL, NULL}}},
};

const struct bench_program bench_program = {rows, sizeof rows / sizeof rows[0], NULL};
