/* M/M/1 through the public kernel; a customer is two events and two numbers of named random streams.
 * Once with a station and all its statistics, and once with events alone and a tally of the sojourns,
 * which is what the floor does too, and so what the bar is of: events, random streams and a collector. */
#include "bench/bench.h"
#include "bench/floor/mm1.h"
#include "bench/floor/xoshiro.h"
#include "bench/mm1.h"

enum { CUSTOMERS = 1000000, FEW = 20000, SEED = 1 };

static double with_station(void *state, uint64_t customers)
{
    (void)state;
    return mm1_mean_sojourn_s(MM1_STATION, (uint32_t)customers, SEED);
}

static double events_alone(void *state, uint64_t customers)
{
    (void)state;
    return mm1_mean_sojourn_s(MM1_EVENTS, (uint32_t)customers, SEED);
}

static double bare(void *state, uint64_t customers)
{
    (void)state;
    return floor_mm1(SEED, (uint32_t)customers);
}

static void *prepare(uint64_t size)
{
    (void)size;
    floor_ziggurat_init();
    return NULL;
}

/* Other random numbers than the floor: means of 10 s, give or take 0.3. */
static const struct bench_row rows[] = {
    {.work = "M/M/1, 1e6 customers, by station",
     .full = {0, CUSTOMERS},
     .small = {0, FEW},
     .agreement = 0.1,
     .ours = {.run = with_station},
     .floors = {{"binary heap, xoshiro, ziggurat", prepare, bare, NULL, NULL}}},
    {.work = "M/M/1, 1e6 customers, by events and a tally",
     .full = {0, CUSTOMERS},
     .small = {0, FEW},
     .bar = 1.3,
     .agreement = 0.1,
     .ours = {.run = events_alone},
     .floors = {{"binary heap, xoshiro, ziggurat", prepare, bare, NULL, NULL}}},
};

const struct bench_program bench_program = {rows, sizeof rows / sizeof rows[0], NULL};
