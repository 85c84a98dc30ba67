/* M/M/1 through the public kernel; a customer is two events and two numbers of named random streams.
 * Once with a station and all its statistics, and once with events alone and a tally of the sojourns,
 * which is what the floor does too. */
#include "bench/bench.h"
#include "bench/floor/mm1.h"
#include "bench/floor/xoshiro.h"

#include "sim/core/sim.h"
#include "sim/res/station.h"
#include "sim/rng/batch.h"
#include "sim/stat/tally.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { CUSTOMERS = 1000000, SEED = 1, RING = 1 << 14 };

enum purpose { ARRIVALS, SERVICES };

struct model {
    struct sim *sim;
    struct sim_dist *gap;
    struct sim_dist *service;
    struct sim_supply gaps;
    struct sim_supply services;
    uint32_t to_come;
    struct sim_station *station; /* with a station ... */
    uint32_t served;
    struct sim_tally sojourn_s; /* ... and without */
    uint32_t first, end;        /* arrival times of those present, modulo RING */
    double arrived_s[RING];
};

static void must(enum sim_err err)
{
    if (err != SIM_OK) {
        fprintf(stderr, "bench_mm1: %s\n", sim_err_text(err));
        exit(1);
    }
}

static void on_outcome(void *self, uint64_t arg, enum sim_station_outcome outcome)
{
    struct model *const m = self;
    (void)arg;
    m->served += outcome == SIM_STATION_DONE;
}

static void on_arrival(void *self, uint64_t arg)
{
    struct model *const m = self;
    const struct sim_station_job job = {
        .service_s = sim_supply_draw(&m->services), .fn = on_outcome, .self = m};
    (void)arg;
    sim_station_enter(m->station, &job, NULL);
    if (--m->to_come > 0) {
        sim_after(m->sim, sim_supply_draw(&m->gaps), (struct sim_call){on_arrival, m, 0});
    }
}

static void on_departure(void *self, uint64_t arg);

static void serve(struct model *m)
{
    sim_after(m->sim, sim_supply_draw(&m->services), (struct sim_call){on_departure, m, 0});
}

static void on_departure(void *self, uint64_t arg)
{
    struct model *const m = self;
    (void)arg;
    sim_tally_add(&m->sojourn_s, sim_now(m->sim) - m->arrived_s[m->first++ % RING]);
    if (m->first != m->end) {
        serve(m);
    }
}

static void on_bare_arrival(void *self, uint64_t arg)
{
    struct model *const m = self;
    const bool was_idle = m->first == m->end;
    (void)arg;
    m->arrived_s[m->end++ % RING] = sim_now(m->sim);
    if (--m->to_come > 0) {
        sim_after(m->sim, sim_supply_draw(&m->gaps), (struct sim_call){on_bare_arrival, m, 0});
    }
    if (was_idle) {
        serve(m);
    }
}

static void run(struct model *m, sim_call_fn *arrival)
{
    struct sim_error e;
    struct sim_stream stream;
    *m = (struct model){.to_come = CUSTOMERS};
    must(sim_create(SEED, 0, &m->sim));
    must(sim_station_create(m->sim, 1, SIM_STATION_UNBOUNDED, &m->station));
    must(sim_dist_parse("exponential(1.1111111111111112 s)", SIM_TIME, NULL, &m->gap, &e));
    must(sim_dist_parse("exponential(1 s)", SIM_TIME, NULL, &m->service, &e));
    sim_open_stream(m->sim, &stream, 0, ARRIVALS, 0);
    sim_supply_open(&m->gaps, m->gap, stream);
    sim_open_stream(m->sim, &stream, 0, SERVICES, 0);
    sim_supply_open(&m->services, m->service, stream);
    sim_after(m->sim, sim_supply_draw(&m->gaps), (struct sim_call){arrival, m, 0});
    must(sim_run(m->sim, INFINITY));
    if (arrival == on_arrival) {
        m->sojourn_s = sim_station_stats(m->station)->sojourn_s;
    }
    sim_dist_destroy(m->service);
    sim_dist_destroy(m->gap);
    sim_station_destroy(m->station);
    sim_destroy(m->sim);
}

static double with_station(void *state)
{
    static struct model m;
    (void)state;
    run(&m, on_arrival);
    return m.sojourn_s.mean;
}

static double events_alone(void *state)
{
    static struct model m;
    (void)state;
    run(&m, on_bare_arrival);
    return m.sojourn_s.mean;
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
