/* M/M/1 through the public kernel; a customer is two events and two numbers of named random streams.
 * Once with a station and all its statistics, and once with events alone and a tally of the sojourns,
 * which is what the floor does too. */
#include "bench/bench.h"
#include "bench/floor/mm1.h"
#include "bench/floor/xoshiro.h"
#include "bench/mm1.h"

#include <stddef.h>

enum { CUSTOMERS = 1000000, SEED = 1 };

static double with_station(void *state)
{
    (void)state;
    return mm1_mean_sojourn_s(MM1_STATION, CUSTOMERS, SEED);
}

static double events_alone(void *state)
{
    (void)state;
    return mm1_mean_sojourn_s(MM1_EVENTS, CUSTOMERS, SEED);
}

static double bare(void *state)
{
    (void)state;
    return floor_mm1(SEED, CUSTOMERS);
}

static void *prepare(void)
{
    floor_ziggurat_init();
    return NULL;
}

static void nothing(void *state)
{
    (void)state;
}

/* Other random numbers than the floor: means of 10 s, give or take 0.3. */
const struct bench_row bench_rows[] = {
    {.work = "M/M/1, 1e6 customers, station",
     .operations = CUSTOMERS,
     .bar = 1.3,
     .agreement = 0.1,
     .ours = {"kernel", NULL, with_station, NULL},
     .floors = {{"binary heap, xoshiro, ziggurat", prepare, bare, nothing}}},
    {.work = "M/M/1, 1e6 customers, events and tally",
     .operations = CUSTOMERS,
     .bar = 1.3,
     .agreement = 0.1,
     .ours = {"kernel", NULL, events_alone, NULL},
     .floors = {{"binary heap, xoshiro, ziggurat", prepare, bare, nothing}}},
};
const size_t bench_n_rows = sizeof bench_rows / sizeof bench_rows[0];
