/* Storms: N jobs at c servers, all at time 0 or spread over a minute; a lognormal's quantiles. */
#include "models/theory/closed_form.h"
#include "models/theory/vary.h"

#include "sim/core/sim.h"
#include "sim/res/station.h"
#include "sim/rng/dist.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

enum figure {
    FIGURE_MAKESPAN,
    FIGURE_SD,      /* of the makespan */
    FIGURE_GAPS_SD, /* the same, from the gaps between ends; fewer servers than jobs */
    FIGURE_MEAN_END,
    FIGURE_MEAN_WAIT,
    FIGURE_PEAK,
};

struct storm {
    uint32_t jobs, servers;
    const char *service, *start; /* distributions */
    double makespan_s, sd_s;     /* expected: for the rows about the sd */
    enum figure row[THEORY_MAX_ROWS];
};

struct run {
    const struct storm *p;
    struct sim *sim;
    struct sim_station *station;
    struct sim_dist *service, *start;
    struct sim_stream services;
    uint32_t left;
    double sum_end_s, last_end_s;
    struct {
        uint32_t n;
        double squares;  /* of the deviations of the gaps from their means, in units of these */
        double variance; /* of the sum of the gaps */
    } gaps[2];           /* all servers busy; the last jobs */
};

/* Between two ends lies an exponential gap whose mean is one over the number in service. In units of that
 * mean all gaps are alike, with a variance of 1. */
static void on_end(void *self, uint64_t unused, enum sim_station_outcome outcome)
{
    struct run *const r = self;
    (void)unused;
    (void)outcome;
    const bool is_tail = r->left <= r->p->servers;
    const uint32_t n_in_service = is_tail ? r->left : r->p->servers;
    const double off = (sim_now(r->sim) - r->last_end_s) * n_in_service - 1;
    r->gaps[is_tail].n++;
    r->gaps[is_tail].squares += off * off;
    r->gaps[is_tail].variance += 1 / ((double)n_in_service * n_in_service);
    r->left--;
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

/* The gaps are independent, so the variance of the last end is the sum of theirs. Each phase counts with what its gaps
 * say on the average: a handful of storms tells as much as thousands of ends would. Nothing here is taken from the
 * closed form. */
static double variance_by_gaps(const struct run *r)
{
    double variance = 0;
    for (int i = 0; i < 2 && r->gaps[i].n > 0; i++) {
        variance += r->gaps[i].variance * r->gaps[i].squares / r->gaps[i].n;
    }
    return variance;
}

static void report(struct run *r, struct theory_value value[])
{
    const struct sim_station_stats *const stats = sim_station_stats(r->station);
    const double off_s = r->last_end_s - r->p->makespan_s;
    const double sd_s = r->p->sd_s;
    for (int i = 0; i < THEORY_MAX_ROWS; i++) {
        const double of[] = {
            [FIGURE_MAKESPAN] = r->last_end_s,
            [FIGURE_SD] = sd_s / 2 + off_s * off_s / (2 * sd_s),
            [FIGURE_GAPS_SD] = sd_s / 2 + variance_by_gaps(r) / (2 * sd_s),
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
    const struct storm *const p = parameters;
    struct run r = {.p = p, .left = p->jobs};
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

/* ---- A lognormal's median, quantiles and mean, of numbers drawn from it ---- */

enum { DRAWS = 25000 /* of a replication */ };

struct lognormal {
    const char *law;
    double mu, sigma;              /* of the law's logarithm */
    double order[THEORY_MAX_ROWS]; /* 0: the mean */
};

/* A quantile as a mean: theory.h. The density at exp(mu + sigma z) is that of the normal law at z over sigma times it. */
static double as_quantile(const struct lognormal *p, double order, const double drawn[])
{
    const double z = gsl_cdf_ugaussian_Pinv(order);
    const double quantile = exp(p->mu + p->sigma * z);
    const double density = gsl_ran_ugaussian_pdf(z) / (p->sigma * quantile);
    uint32_t n_above = 0;
    for (int i = 0; i < DRAWS; i++) {
        n_above += drawn[i] > quantile;
    }
    return quantile + ((double)n_above / DRAWS - (1 - order)) / density;
}

static double mean_of(const double drawn[])
{
    double sum = 0;
    for (int i = 0; i < DRAWS; i++) {
        sum += drawn[i];
    }
    return sum / DRAWS;
}

static enum sim_err simulate_lognormal(const void *parameters, uint64_t seed, uint32_t replication,
                                       struct theory_value value[])
{
    const struct lognormal *const p = parameters;
    double drawn[DRAWS];
    struct sim_dist *law = NULL;
    struct sim_stream sizes;
    const enum sim_err err = sim_dist_parse(p->law, SIM_NUMBER, NULL, &law, NULL);
    if (err != SIM_OK) {
        return err;
    }
    sim_stream_open(&sizes, seed, 0, THEORY_SIZE, 0, replication);
    for (int i = 0; i < DRAWS; i++) {
        drawn[i] = sim_dist_draw(law, &sizes);
    }
    for (int i = 0; i < THEORY_MAX_ROWS; i++) {
        const double figure = p->order[i] > 0 ? as_quantile(p, p->order[i], drawn) : mean_of(drawn);
        value[i] = (struct theory_value){figure, 1};
    }
    sim_dist_destroy(law);
    return SIM_OK;
}

/* ---- The largest of many exponential times, as events of the bare calendar ---- */

struct largest {
    uint32_t n;
};

static void on_time(void *self, uint64_t unused)
{
    (void)self;
    (void)unused;
}

static enum sim_err simulate_largest(const void *parameters, uint64_t seed, uint32_t replication,
                                     struct theory_value value[])
{
    const struct largest *const p = parameters;
    struct sim *sim = NULL;
    struct sim_stream times;
    enum sim_err err = sim_create(seed, replication, &sim);
    if (err == SIM_OK) {
        sim_open_stream(sim, &times, 0, THEORY_SERVICE, 0);
        for (uint32_t i = 0; i < p->n; i++) {
            sim_after(sim, theory_exponential(&times, 1), (struct sim_call){on_time, NULL, 0});
        }
        err = sim_run(sim, INFINITY);
        value[0] = (struct theory_value){sim_now(sim), 1};
    }
    sim_destroy(sim);
    return err;
}

/* ---- Closed forms ---- */

static const char *derive_storm(void *parameters, double exact[])
{
    struct storm *const p = parameters;
    const double n = p->jobs;
    const double c = p->servers;
    if (p->servers > p->jobs) {
        return "there must be at least as many jobs as servers";
    }
    p->makespan_s = (n - c) / c + theory_harmonic(p->servers, 1);
    p->sd_s = sqrt((n - c) / (c * c) + theory_harmonic(p->servers, 2));
    exact[0] = p->makespan_s;
    exact[1] = p->sd_s;
    exact[2] = 1 + (n - c) * (n - c + 1) / (2 * c * n);
    return NULL;
}

static const char *derive_large_storm(void *parameters, double exact[])
{
    const struct storm *const p = parameters;
    return p->servers < p->jobs ? derive_storm(parameters, exact)
                                : "there must be more jobs than servers";
}

static const char *derive_equal(void *parameters, double exact[])
{
    const struct storm *const p = parameters;
    exact[0] = ceil((double)p->jobs / p->servers);
    return NULL;
}

static const char *derive_largest(void *parameters, double exact[])
{
    const struct largest *const p = parameters;
    exact[0] = theory_harmonic(p->n, 1);
    return NULL;
}

/* The start and the end of each job. */
static double storm_events(const void *parameters)
{
    const struct storm *const p = parameters;
    return 2.0 * p->jobs;
}

static double largest_events(const void *parameters)
{
    const struct largest *const p = parameters;
    return p->n;
}

static const struct theory_parameter settable[] = {
    {"jobs", THEORY_COUNT, offsetof(struct storm, jobs), 1, 1e6},
    {"servers", THEORY_COUNT, offsetof(struct storm, servers), 1, 1e6},
};
/* From 1000 on the sd is that of the limit, pi/sqrt(6) (Gumbel), to three digits. */
static const struct theory_parameter largest_settable[] = {
    {"n", THEORY_COUNT, offsetof(struct largest, n), 1000, 1e6},
};
static const struct theory_variation storm_variation = {sizeof(struct storm), settable, 2,
                                                        derive_storm, storm_events};
static const struct theory_variation large_variation = {sizeof(struct storm), settable, 2,
                                                        derive_large_storm, storm_events};
static const struct theory_variation equal_variation = {sizeof(struct storm), settable, 2,
                                                        derive_equal, storm_events};
static const struct theory_variation largest_variation = {sizeof(struct largest), largest_settable,
                                                          1, derive_largest, largest_events};

/* ---- The rows ---- */

#define EXPONENTIAL(jobs, servers, makespan_s, sd_s, ...)                                          \
    {                                                                                              \
        jobs, servers, "exponential(1 s)", "0 s", makespan_s, sd_s,                                \
        {                                                                                          \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }
#define CONSTANT(jobs, servers)                                                                    \
    {                                                                                              \
        jobs, servers, "1 s", "0 s", 0, 1,                                                         \
        {                                                                                          \
            FIGURE_MAKESPAN                                                                        \
        }                                                                                          \
    }
static const struct storm storm500 = EXPONENTIAL(500, 16, 33.630728993229, 1.86412755289036,
                                                 FIGURE_MAKESPAN, FIGURE_SD, FIGURE_MEAN_END);
static const struct storm storm10000 =
    EXPONENTIAL(10000, 100, 104.18737751764, 1.62018020608354, FIGURE_MAKESPAN, FIGURE_GAPS_SD,
                FIGURE_MEAN_END);
static const struct storm storm1000000 =
    EXPONENTIAL(1000000, 256, 3911.37434496282, 4.11046448090829, FIGURE_MAKESPAN, FIGURE_GAPS_SD,
                FIGURE_MEAN_END);
static const struct storm maximum10 = EXPONENTIAL(10, 10, 2.92896825396825, 1, FIGURE_MAKESPAN);
static const struct storm maximum500 = EXPONENTIAL(500, 500, 6.79282342999052, 1, FIGURE_MAKESPAN);
static const struct largest largest1000000 = {1000000};
static const struct storm constant500 = CONSTANT(500, 16);
static const struct storm constant10000 = CONSTANT(10000, 100);
static const struct storm constant1000000 = CONSTANT(1000000, 256);
static const struct storm minute = {
    5000, 1, "0.05 s", "uniform(0, 60) s", 0, 1, {FIGURE_PEAK, FIGURE_MAKESPAN, FIGURE_MEAN_WAIT}};
static const struct lognormal by_mean = {
    "lognormal(mean=5e6, sigma=1)", 14.9249484703984, 1, {0.5, 0.95, 0.99, 0}};
static const struct lognormal by_median = {
    "lognormal(median=2e6, sigma=0.8)", 14.5086577385242, 0.8, {0.5, 0}};

#define SD "sqrt((N - c)/c^2 + sum 1/k^2)"

static const struct theory_program programs[] = {
    {"storm-500",
     "500 exponential jobs, 16 servers",
     simulate_storm,
     &storm500,
     &storm_variation,
     5000,
     3,
     {RANDOM("E[max]", "(N - c)/c + H_c", 33.630728993229), RANDOM("sd", SD, 1.86412755289036),
      RANDOM("mean", "1 + (N - c)(N - c + 1)/(2 c N)", 15.67125)}},
    {"storm-10000",
     "10,000 exponential jobs, 100 servers",
     simulate_storm,
     &storm10000,
     &large_variation,
     200,
     3,
     {RANDOM("E[max]", "(N - c)/c + H_c", 104.18737751764),
      RANDOM("sd, by gaps", SD, 1.62018020608354),
      RANDOM("mean", "1 + (N - c)(N - c + 1)/(2 c N)", 50.00995)}},
    {"storm-1000000",
     "1,000,000 exponential jobs, 256 servers",
     simulate_storm,
     &storm1000000,
     &large_variation,
     8,
     3,
     {RANDOM("E[max]", "(N - c)/c + H_c", 3911.37434496282),
      RANDOM("sd, by gaps", SD, 4.11046448090829),
      RANDOM("mean", "1 + (N - c)(N - c + 1)/(2 c N)", 1953.127080625)}},
    {"max-10",
     "maximum of 10 exponentials",
     simulate_storm,
     &maximum10,
     NULL,
     20000,
     1,
     {RANDOM("E[max]", "H_N", 2.92896825396825)}},
    {"max-500",
     "maximum of 500 exponentials",
     simulate_storm,
     &maximum500,
     NULL,
     1000,
     1,
     {RANDOM("E[max]", "H_N", 6.79282342999052)}},
    {"max-1000000",
     "maximum of 1,000,000 exponentials",
     simulate_largest,
     &largest1000000,
     &largest_variation,
     30,
     1,
     {{"E[max]", "H_N", 14.3927267228657, THEORY_RANDOM, 0, 1.28254922}}},
    {"equal-500",
     "500 equal jobs, 16 servers",
     simulate_storm,
     &constant500,
     &equal_variation,
     1,
     1,
     {IDENTITY("max", "ceil(N/c)", 32)}},
    {"equal-10000",
     "10,000 equal jobs, 100 servers",
     simulate_storm,
     &constant10000,
     &equal_variation,
     1,
     1,
     {IDENTITY("max", "ceil(N/c)", 100)}},
    {"equal-1000000",
     "1,000,000 equal jobs, 256 servers",
     simulate_storm,
     &constant1000000,
     &equal_variation,
     1,
     1,
     {IDENTITY("max", "ceil(N/c)", 3907)}},
    {"minute",
     "5000 jobs in a minute, 20/s",
     simulate_storm,
     &minute,
     NULL,
     40,
     3,
     {LIMIT("peak", "N - 60 * 20", 3800, 0.002), LIMIT("end", "N/20 s", 250, 0.002),
      LIMIT("E[wait]", "30 (N/1200 - 1) s", 95, 0.002)}},
    {"lognormal-mean",
     "lognormal, mean 5e6, sigma 1",
     simulate_lognormal,
     &by_mean,
     NULL,
     40,
     4,
     {RANDOM("median", "exp(mu)", 3032653.29856317),
      RANDOM("p95", "exp(mu + 1.6449 sigma)", 15709907.1088991),
      RANDOM("p99", "exp(mu + 2.3263 sigma)", 31055806.2126642),
      RANDOM("mean", "exp(mu + sigma^2/2)", 5e6)}},
    {"lognormal-median",
     "lognormal, median 2e6, sigma 0.8",
     simulate_lognormal,
     &by_median,
     NULL,
     40,
     2,
     {RANDOM("median", "exp(mu)", 2e6), RANDOM("mean", "exp(mu + sigma^2/2)", 2754255.52867191)}},
};

const struct theory_group theory_storm = {"storm", programs, sizeof programs / sizeof programs[0]};
