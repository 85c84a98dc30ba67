/* Storms: N jobs at c servers, all at time 0 or spread over a minute; a lognormal's quantiles. */
#include "models/theory/theory.h"

#include "sim/core/sim.h"
#include "sim/res/station.h"
#include "sim/rng/dist.h"

enum figure { FIGURE_MAKESPAN, FIGURE_VARIANCE, FIGURE_MEAN_END, FIGURE_MEAN_WAIT, FIGURE_PEAK };

struct storm {
    uint32_t jobs, servers;
    const char *service, *start; /* distributions */
    double expected_makespan_s;  /* about which FIGURE_VARIANCE is taken */
    enum figure row[THEORY_MAX_ROWS];
};

struct run {
    const struct storm *p;
    struct sim *sim;
    struct sim_station *station;
    struct sim_dist *service, *start;
    struct sim_stream services;
    double sum_end_s, last_end_s;
};

static void on_end(void *self, uint64_t unused, enum sim_station_outcome outcome)
{
    struct run *const r = self;
    (void)unused;
    (void)outcome;
    r->sum_end_s += sim_now(r->sim);
    r->last_end_s = sim_now(r->sim);
}

static void on_start(void *self, uint64_t unused)
{
    struct run *const r = self;
    const struct sim_station_job job = {
        .service_s = sim_dist_draw(r->service, &r->services), .fn = on_end, .self = r};
    (void)unused;
    sim_station_enter(r->station, &job, NULL);
}

static enum sim_err create(struct run *r, uint64_t seed, uint32_t replication)
{
    enum sim_err err = sim_create(seed, replication, &r->sim);
    if (err == SIM_OK) {
        err = sim_station_create(r->sim, r->p->servers, SIM_STATION_UNBOUNDED, &r->station);
    }
    if (err == SIM_OK) {
        err = sim_dist_parse(r->p->service, SIM_TIME, NULL, &r->service, NULL);
    }
    if (err == SIM_OK) {
        err = sim_dist_parse(r->p->start, SIM_TIME, NULL, &r->start, NULL);
    }
    return err;
}

static void report(struct run *r, struct theory_value value[])
{
    const struct sim_station_stats *const stats = sim_station_stats(r->station);
    const double off_s = r->last_end_s - r->p->expected_makespan_s;
    for (int i = 0; i < THEORY_MAX_ROWS; i++) {
        const double of[] = {
            [FIGURE_MAKESPAN] = r->last_end_s,
            [FIGURE_VARIANCE] = off_s * off_s,
            [FIGURE_MEAN_END] = r->sum_end_s / r->p->jobs,
            [FIGURE_MEAN_WAIT] = stats->wait_s.mean,
            [FIGURE_PEAK] = stats->waiting.max + r->p->servers,
        };
        value[i] = (struct theory_value){of[r->p->row[i]], 1};
    }
}

static enum sim_err simulate_storm(const void *parameters, uint64_t seed, uint32_t replication,
                                   struct theory_value value[])
{
    struct run r = {.p = parameters};
    struct sim_stream starts;
    enum sim_err err = create(&r, seed, replication);
    if (err == SIM_OK) {
        sim_open_stream(r.sim, &r.services, 0, THEORY_SERVICE, 0);
        sim_open_stream(r.sim, &starts, 0, THEORY_ARRIVAL, 0);
        for (uint32_t i = 0; i < r.p->jobs; i++) {
            sim_after(r.sim, sim_dist_draw(r.start, &starts), (struct sim_call){on_start, &r, 0});
        }
        err = sim_run(r.sim, INFINITY);
        report(&r, value);
    }
    sim_dist_destroy(r.service);
    sim_dist_destroy(r.start);
    sim_station_destroy(r.station);
    sim_destroy(r.sim);
    return err;
}

/* ---- A lognormal's median, quantiles and mean, as sim/rng/dist.h computes them ---- */

struct lognormal {
    const char *law;
    double order[THEORY_MAX_ROWS]; /* 0: the mean */
};

static enum sim_err simulate_lognormal(const void *parameters, uint64_t seed, uint32_t replication,
                                       struct theory_value value[])
{
    const struct lognormal *const p = parameters;
    struct sim_dist *law = NULL;
    const enum sim_err err = sim_dist_parse(p->law, SIM_NUMBER, NULL, &law, NULL);
    (void)seed;
    (void)replication;
    for (int i = 0; i < THEORY_MAX_ROWS && err == SIM_OK; i++) {
        const double q = p->order[i] > 0 ? sim_dist_quantile(law, p->order[i]) : sim_dist_mean(law);
        value[i] = (struct theory_value){q, 1};
    }
    sim_dist_destroy(law);
    return err;
}

/* ---- The rows ---- */

#define EXPONENTIAL(jobs, servers, makespan_s)                                                     \
    {                                                                                              \
        jobs, servers, "exponential(1 s)", "0 s", makespan_s,                                      \
        {                                                                                          \
            FIGURE_MAKESPAN, FIGURE_VARIANCE, FIGURE_MEAN_END                                      \
        }                                                                                          \
    }
#define CONSTANT(jobs, servers)                                                                    \
    {                                                                                              \
        jobs, servers, "1 s", "0 s", 0,                                                            \
        {                                                                                          \
            FIGURE_MAKESPAN                                                                        \
        }                                                                                          \
    }
static const struct storm storm500 = EXPONENTIAL(500, 16, 33.630728993229);
static const struct storm storm10000 = EXPONENTIAL(10000, 100, 104.18737751764);
static const struct storm storm1000000 = EXPONENTIAL(1000000, 256, 3911.37434496282);
static const struct storm maximum10 = EXPONENTIAL(10, 10, 2.92896825396825);
static const struct storm maximum500 = EXPONENTIAL(500, 500, 6.79282342999052);
static const struct storm constant500 = CONSTANT(500, 16);
static const struct storm constant10000 = CONSTANT(10000, 100);
static const struct storm constant1000000 = CONSTANT(1000000, 256);
static const struct storm minute = {
    5000, 1, "0.05 s", "uniform(0, 60) s", 0, {FIGURE_PEAK, FIGURE_MAKESPAN, FIGURE_MEAN_WAIT}};
static const struct lognormal by_mean = {"lognormal(mean=5e6, sigma=1)", {0.5, 0.95, 0.99, 0}};
static const struct lognormal by_median = {"lognormal(median=2e6, sigma=0.8)", {0.5, 0}};

#define VARIANCE_OF(sd) RANDOM("Var", "(N - c)/c^2 + sum 1/k^2", (sd) * (sd))

static const struct theory_program programs[] = {
    {"500 exponential jobs, 16 servers",
     simulate_storm,
     &storm500,
     2000,
     3,
     {RANDOM("E[max]", "(N - c)/c + H_c", 33.630728993229), VARIANCE_OF(1.86412755289036),
      RANDOM("mean", "1 + (N - c)(N - c + 1)/(2 c N)", 15.67125)}},
    {"10,000 exponential jobs, 100 servers",
     simulate_storm,
     &storm10000,
     100,
     3,
     {RANDOM("E[max]", "(N - c)/c + H_c", 104.18737751764), VARIANCE_OF(1.62018020608354),
      RANDOM("mean", "1 + (N - c)(N - c + 1)/(2 c N)", 50.00995)}},
    {"1,000,000 exponential jobs, 256 servers",
     simulate_storm,
     &storm1000000,
     2,
     1,
     {{"E[max]", "(N - c)/c + H_c", 3911.37434496282, THEORY_RANDOM, 0, 4.11046448090829}}},
    {"maximum of 10 exponentials",
     simulate_storm,
     &maximum10,
     20000,
     1,
     {RANDOM("E[max]", "H_N", 2.92896825396825)}},
    {"maximum of 500 exponentials",
     simulate_storm,
     &maximum500,
     1000,
     1,
     {RANDOM("E[max]", "H_N", 6.79282342999052)}},
    {"500 equal jobs, 16 servers",
     simulate_storm,
     &constant500,
     1,
     1,
     {IDENTITY("max", "ceil(N/c)", 32)}},
    {"10,000 equal jobs, 100 servers",
     simulate_storm,
     &constant10000,
     1,
     1,
     {IDENTITY("max", "ceil(N/c)", 100)}},
    {"1,000,000 equal jobs, 256 servers",
     simulate_storm,
     &constant1000000,
     1,
     1,
     {IDENTITY("max", "ceil(N/c)", 3907)}},
    {"5000 jobs in a minute, 20/s",
     simulate_storm,
     &minute,
     40,
     3,
     {LIMIT("peak", "N - 60 * 20", 3800, 0.002), LIMIT("end", "N/20 s", 250, 0.002),
      LIMIT("E[wait]", "30 (N/1200 - 1) s", 95, 0.002)}},
    {"lognormal, mean 5e6, sigma 1",
     simulate_lognormal,
     &by_mean,
     1,
     4,
     {IDENTITY("median", "exp(mu)", 3032653.29856317),
      IDENTITY("p95", "exp(mu + 1.6449 sigma)", 15709907.1088991),
      IDENTITY("p99", "exp(mu + 2.3263 sigma)", 31055806.2126642), IDENTITY("mean", "", 5e6)}},
    {"lognormal, median 2e6, sigma 0.8",
     simulate_lognormal,
     &by_median,
     1,
     2,
     {IDENTITY("median", "exp(mu)", 2e6),
      IDENTITY("mean", "exp(mu + sigma^2/2)", 2754255.52867191)}},
};

const struct theory_group theory_storm = {"storm", programs, sizeof programs / sizeof programs[0]};
