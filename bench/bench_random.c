/* Random numbers of a named stream, against the fastest bare generator. */
#include "bench/bench.h"
#include "bench/floor/xoshiro.h"

#include "sim/rng/batch.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { DRAWS = 10000000, SEED = 1 };

static double ours(const char *text)
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
    for (int i = 0; i < DRAWS; i++) {
        sum += sim_supply_draw(&supply);
    }
    sim_dist_destroy(d);
    return sum / DRAWS;
}

static double our_uniform(void *state)
{
    (void)state;
    return ours("uniform(0, 1)");
}

static double our_exponential(void *state)
{
    (void)state;
    return ours("exponential(1)");
}

static double our_lognormal(void *state)
{
    (void)state;
    return ours("lognormal(0, 0.5)");
}

/* The same numbers, each asked for alone: what a stream that is used a few times costs. */
static double single(void *state)
{
    struct sim_stream stream;
    double sum = 0;
    (void)state;
    sim_stream_open(&stream, SEED, 0, 0, 0, 0);
    for (int i = 0; i < DRAWS; i++) {
        sum += sim_stream_uniform(&stream);
    }
    return sum / DRAWS;
}

static void *seeded(void)
{
    static struct xoshiro g;
    floor_ziggurat_init();
    floor_xoshiro_seed(&g, SEED);
    return &g;
}

static void nothing(void *state)
{
    (void)state;
}

static double bare_uniform(void *state)
{
    double sum = 0;
    for (int i = 0; i < DRAWS; i++) {
        sum += floor_uniform(state);
    }
    return sum / DRAWS;
}

static double bare_exponential(void *state)
{
    double sum = 0;
    for (int i = 0; i < DRAWS; i++) {
        sum += floor_exponential(state);
    }
    return sum / DRAWS;
}

static double bare_lognormal(void *state)
{
    double sum = 0;
    for (int i = 0; i < DRAWS; i++) {
        sum += exp(0.5 * floor_normal(state));
    }
    return sum / DRAWS;
}

/* The means of 1e7 numbers differ by a few thousandths at most. */
const struct bench_row bench_rows[] = {
    {.work = "uniform of a named stream",
     .operations = DRAWS,
     .bar = 5, /* 6 ns where the floor takes 1.2 */
     .agreement = 0.005,
     .ours = {"batch Philox", NULL, our_uniform, NULL},
     .floors = {{"xoshiro256++", seeded, bare_uniform, nothing}}},
    {.work = "exponential of a named stream",
     .operations = DRAWS,
     .bar = 3, /* 9 ns where the floor takes 3 */
     .agreement = 0.005,
     .ours = {"batch Philox, inversion", NULL, our_exponential, NULL},
     .floors = {{"xoshiro256++, ziggurat", seeded, bare_exponential, nothing}}},
    {.work = "lognormal of a named stream",
     .operations = DRAWS,
     .bar = 20.0 / 15,
     .agreement = 0.005,
     .ours = {"batch Philox, inversion", NULL, our_lognormal, NULL},
     .floors = {{"xoshiro256++, ziggurat, exp", seeded, bare_lognormal, nothing}}},
    {.work = "uniform, drawn singly",
     .operations = DRAWS,
     .agreement = 0.005,
     .ours = {"Philox", NULL, single, NULL},
     .floors = {{"xoshiro256++", seeded, bare_uniform, nothing}}},
};
const size_t bench_n_rows = sizeof bench_rows / sizeof bench_rows[0];
