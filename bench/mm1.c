#include "bench/mm1.h"

#include "sim/core/sim.h"
#include "sim/res/station.h"
#include "sim/rng/batch.h"
#include "sim/stat/tally.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROOM = 1 << 14 }; /* at this load 16384 customers are never present at once */

enum purpose { GAPS, SERVICES };

struct model {
    struct sim *sim;
    struct sim_supply gap, service; /* s */
    uint32_t to_come;
    struct sim_station *station; /* with a station ... */
    struct sim_tally sojourn_s;  /* ... and with events */
    uint32_t first, end;         /* of those present, modulo ROOM */
    double arrived_s[ROOM];
};

static void must(enum sim_err err)
{
    if (err != SIM_OK) {
        fprintf(stderr, "mm1: %s\n", sim_err_text(err));
        exit(1);
    }
}

/* ---- With a station ---- */

static void on_served(void *self, uint64_t arg, enum sim_station_outcome outcome)
{
    (void)self;
    (void)arg;
    (void)outcome;
}

static void on_arrival_at_station(void *self, uint64_t arg)
{
    struct model *const m = self;
    const struct sim_station_job job = {.service_s = sim_supply_draw(&m->service), .fn = on_served};
    (void)arg;
    sim_station_enter(m->station, &job, NULL);
    if (--m->to_come > 0) {
        sim_after(m->sim, sim_supply_draw(&m->gap), (struct sim_call){on_arrival_at_station, m, 0});
    }
}

/* ---- With events ---- */

static void on_departure(void *self, uint64_t arg);

static void serve(struct model *m)
{
    sim_after(m->sim, sim_supply_draw(&m->service), (struct sim_call){on_departure, m, 0});
}

static void on_departure(void *self, uint64_t arg)
{
    struct model *const m = self;
    (void)arg;
    sim_tally_add(&m->sojourn_s, sim_now(m->sim) - m->arrived_s[m->first++ % ROOM]);
    if (m->first != m->end) {
        serve(m);
    }
}

static void on_arrival(void *self, uint64_t arg)
{
    struct model *const m = self;
    const bool was_idle = m->first == m->end;
    (void)arg;
    m->arrived_s[m->end++ % ROOM] = sim_now(m->sim);
    if (--m->to_come > 0) {
        sim_after(m->sim, sim_supply_draw(&m->gap), (struct sim_call){on_arrival, m, 0});
    }
    if (was_idle) {
        serve(m);
    }
}

/* ---- Both ---- */

static struct sim_supply draws(const struct sim *sim, const struct sim_dist *law,
                               enum purpose purpose)
{
    struct sim_stream stream;
    struct sim_supply supply;
    sim_open_stream(sim, &stream, 0, purpose, 0);
    sim_supply_open(&supply, law, stream);
    return supply;
}

static void run(struct model *m, sim_call_fn *arrival, uint64_t seed)
{
    struct sim_dist *gap;
    struct sim_dist *service;
    struct sim_error e;
    must(sim_create(seed, 0, &m->sim));
    must(sim_station_create(m->sim, 1, SIM_STATION_UNBOUNDED, &m->station));
    must(sim_dist_parse("exponential(1.1111111111111112 s)", SIM_TIME, NULL, &gap, &e));
    must(sim_dist_parse("exponential(1 s)", SIM_TIME, NULL, &service, &e));
    m->gap = draws(m->sim, gap, GAPS);
    m->service = draws(m->sim, service, SERVICES);
    sim_after(m->sim, sim_supply_draw(&m->gap), (struct sim_call){arrival, m, 0});
    must(sim_run(m->sim, INFINITY));
    if (arrival == on_arrival_at_station) {
        m->sojourn_s = sim_station_stats(m->station)->sojourn_s;
    }
    sim_dist_destroy(service);
    sim_dist_destroy(gap);
    sim_station_destroy(m->station);
    sim_destroy(m->sim);
}

double mm1_mean_sojourn_s(enum mm1_form form, uint32_t customers, uint64_t seed)
{
    static struct model m;
    m = (struct model){.to_come = customers};
    run(&m, form == MM1_STATION ? on_arrival_at_station : on_arrival, seed);
    return m.sojourn_s.mean;
}
