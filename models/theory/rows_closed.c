/* Closed networks: the repairman M/M/c//N, and terminals with several stations (MVA).
 *
 * N customers think for a time Exp(Z), then visit each station in turn. The stationary law is a
 * product (Gordon and Newell, Operations Research 15, 1967): n_0 thinking and n_k at station k have
 * the weight Z^n_0/n_0! times, for each k, D_k^n_k over min(1, c_k) ... min(n_k, c_k). The program
 * begins in it. */
#include "models/theory/vary.h"

#include "sim/base/assert.h"
#include "sim/core/sim.h"
#include "sim/res/station.h"
#include "sim/stat/timeavg.h"

enum { STATIONS = 3, MAX_CUSTOMERS = 1000 };

struct closed {
    uint32_t customers;
    double think_s;
    uint32_t n_stations;
    struct {
        uint32_t servers;
        double mean_s;
    } at[STATIONS];
    double duration_s;
};

struct run {
    const struct closed *p;
    struct sim *sim;
    struct sim_station *station[STATIONS];
    struct sim_stream think, start, service[STATIONS];
    uint32_t away; /* not thinking */
    uint64_t rounds;
    struct sim_timeavg number;
};

static void set_away(struct run *r, uint32_t away)
{
    r->away = away;
    sim_timeavg_set(&r->number, sim_now(r->sim), away);
}

static void on_think_end(void *self, uint64_t unused);

static void think(struct run *r)
{
    sim_after(r->sim, theory_exponential(&r->think, r->p->think_s),
              (struct sim_call){on_think_end, r, 0});
}

static void visit(struct run *r, uint64_t k);

static void on_served(void *self, uint64_t k, enum sim_station_outcome outcome)
{
    struct run *const r = self;
    (void)outcome;
    if (k + 1 < r->p->n_stations) {
        visit(r, k + 1);
        return;
    }
    r->rounds++;
    set_away(r, r->away - 1);
    think(r);
}

static void visit(struct run *r, uint64_t k)
{
    const struct sim_station_job job = {.service_s =
                                            theory_exponential(&r->service[k], r->p->at[k].mean_s),
                                        .fn = on_served,
                                        .self = r,
                                        .arg = k};
    sim_station_enter(r->station[k], &job, NULL);
}

static void on_think_end(void *self, uint64_t unused)
{
    struct run *const r = self;
    (void)unused;
    set_away(r, r->away + 1);
    visit(r, 0);
}

/* A factor for each customer: it changes nothing in the law and keeps Z^n/n!, up to exp(Z), within the
 * range of a double. */
static double scale_of(const struct closed *p)
{
    return fmin(1, 500 / p->think_s);
}

/* Weight of n customers at place k: 0 thinking, else station k - 1. */
static void weights(const struct closed *p, uint32_t k, double weight[])
{
    const double scale = scale_of(p);
    weight[0] = 1;
    for (uint32_t n = 1; n <= p->customers; n++) {
        const double divisor = k == 0 ? n : fmin(n, p->at[k - 1].servers);
        weight[n] = weight[n - 1] * scale * (k == 0 ? p->think_s : p->at[k - 1].mean_s) / divisor;
    }
}

/* sum[k][n]: the weight of all ways to place n customers at the places 0 .. k (Buzen). */
static void convolve(const struct closed *p, double sum[STATIONS + 1][MAX_CUSTOMERS + 1])
{
    double weight[MAX_CUSTOMERS + 1];
    weights(p, 0, sum[0]);
    for (uint32_t k = 1; k <= p->n_stations; k++) {
        weights(p, k, weight);
        for (uint32_t n = 0; n <= p->customers; n++) {
            sum[k][n] = 0;
            for (uint32_t j = 0; j <= n; j++) {
                sum[k][n] += weight[j] * sum[k - 1][n - j];
            }
        }
    }
}

static void begin_stationary(struct run *r)
{
    double sum[STATIONS + 1][MAX_CUSTOMERS + 1];
    double weight[MAX_CUSTOMERS + 1];
    uint32_t left = r->p->customers;
    convolve(r->p, sum);
    for (uint32_t k = r->p->n_stations; k > 0; k--) {
        weights(r->p, k, weight);
        double u = sim_stream_uniform(&r->start) * sum[k][left];
        uint32_t n = 0;
        for (; n < left && u >= weight[n] * sum[k - 1][left - n]; n++) {
            u -= weight[n] * sum[k - 1][left - n];
        }
        set_away(r, r->away + n);
        left -= n;
        for (; n > 0; n--) {
            visit(r, k - 1);
        }
    }
    for (; left > 0; left--) {
        think(r);
    }
}

static enum sim_err create(struct run *r, uint64_t seed, uint32_t replication)
{
    enum sim_err err = sim_create(seed, replication, &r->sim);
    for (uint32_t k = 0; k < r->p->n_stations && err == SIM_OK; k++) {
        sim_open_stream(r->sim, &r->service[k], k, THEORY_SERVICE, 0);
        err =
            sim_station_create(r->sim, r->p->at[k].servers, SIM_STATION_UNBOUNDED, &r->station[k]);
    }
    return err;
}

static enum sim_err simulate_closed(const void *parameters, uint64_t seed, uint32_t replication,
                                    struct theory_value value[])
{
    struct run r = {.p = parameters};
    enum sim_err err = create(&r, seed, replication);
    if (err == SIM_OK) {
        sim_open_stream(r.sim, &r.think, 0, THEORY_THINK, 0);
        sim_open_stream(r.sim, &r.start, 0, THEORY_START_STATE, 0);
        begin_stationary(&r);
        err = sim_run(r.sim, r.p->duration_s);
        const double area = sim_timeavg_area(&r.number, sim_now(r.sim));
        value[0] = (struct theory_value){(double)r.rounds, r.p->duration_s};
        value[1] = (struct theory_value){area, (double)r.rounds};
    }
    for (int k = 0; k < STATIONS; k++) {
        sim_station_destroy(r.station[k]);
    }
    sim_destroy(r.sim);
    return err;
}

/* ---- Closed forms ---- */

/* X = G(N - 1)/G(N). */
static double throughput_per_s(const struct closed *p)
{
    double sum[STATIONS + 1][MAX_CUSTOMERS + 1];
    SIM_ASSERT(p->customers > 0);
    convolve(p, sum);
    const double *const g = sum[p->n_stations];
    return scale_of(p) * g[p->customers - 1] / g[p->customers];
}

/* R = N/X - Z. */
static const char *derive(void *parameters, double exact[])
{
    const struct closed *const p = parameters;
    exact[0] = throughput_per_s(p);
    exact[1] = p->customers / exact[0] - p->think_s;
    return isfinite(exact[1]) ? NULL : "the weights of its states leave the range of a double";
}

/* Of each round: an end of thinking, and one at each station. */
static double events(const void *parameters)
{
    const struct closed *const p = parameters;
    return throughput_per_s(p) * p->duration_s * (p->n_stations + 1);
}

static const struct theory_parameter settable[] = {
    {"customers", THEORY_COUNT, offsetof(struct closed, customers), 1, MAX_CUSTOMERS},
    {"think_s", THEORY_REAL, offsetof(struct closed, think_s), 0.01, 10000},
    {"servers", THEORY_COUNT, offsetof(struct closed, at[0].servers), 1, 100},
    {"service_s", THEORY_REAL, offsetof(struct closed, at[0].mean_s), 0.01, 10},
};
static const struct theory_variation closed_variation = {sizeof(struct closed), settable, 4, derive,
                                                         events};

/* ---- The rows ---- */

#define REPAIRMAN(n, think_s, c, duration_s)                                                       \
    {                                                                                              \
        n, think_s, 1, {{c, 1}}, duration_s                                                        \
    }
static const struct closed repair10 = REPAIRMAN(10, 10, 1, 20000);
static const struct closed repair50 = REPAIRMAN(50, 50, 1, 20000);
static const struct closed repair1000 = REPAIRMAN(1000, 1000, 1, 100000);
static const struct closed repair100 = REPAIRMAN(100, 20, 4, 10000);

#define TERMINALS(n, duration_s)                                                                   \
    {                                                                                              \
        n, 5, 3, {{1, 0.2}, {1, 0.1}, {1, 0.05}}, duration_s                                       \
    }
static const struct closed terminals1 = TERMINALS(1, 20000);
static const struct closed terminals10 = TERMINALS(10, 10000);
static const struct closed terminals50 = TERMINALS(50, 4000);
static const struct closed terminals200 = TERMINALS(200, 4000);

static const struct theory_program programs[] = {
    {"repair-10",
     "M/M/1//10, lambda = 0.1",
     simulate_closed,
     &repair10,
     &closed_variation,
     40,
     2,
     {RANDOM("X", "birth and death", 0.785417656892653), RANDOM("R", "N/X - Z", 2.73207943855374)}},
    {"repair-50",
     "M/M/1//50, lambda = 0.02",
     simulate_closed,
     &repair50,
     &closed_variation,
     40,
     2,
     {RANDOM("X", "birth and death", 0.895212544496448), RANDOM("R", "N/X - Z", 5.85265790497242)}},
    {"repair-1000",
     "M/M/1//1000, lambda = 0.001",
     simulate_closed,
     &repair1000,
     &closed_variation,
     40,
     2,
     {RANDOM("X", "birth and death", 0.97518808235384), RANDOM("R", "N/X - Z", 25.4432125403657)}},
    {"repair-100-4",
     "M/M/4//100, lambda = 0.05",
     simulate_closed,
     &repair100,
     &closed_variation,
     40,
     2,
     {RANDOM("X", "birth and death", 3.97586199192037), RANDOM("R", "N/X - Z", 5.15177845790851)}},
    {"terminals-1",
     "terminals, Z = 5, D = 0.2, 0.1, 0.05, N = 1",
     simulate_closed,
     &terminals1,
     &closed_variation,
     40,
     2,
     {RANDOM("X", "N/(Z + R)", 0.186915887850467), RANDOM("R", "MVA", 0.35)}},
    {"terminals-10",
     "terminals, N = 10",
     simulate_closed,
     &terminals10,
     &closed_variation,
     40,
     2,
     {RANDOM("X", "N/(Z + R)", 1.82960527471618), RANDOM("R", "MVA", 0.465659800063312)}},
    {"terminals-50",
     "terminals, N = 50",
     simulate_closed,
     &terminals50,
     &closed_variation,
     40,
     2,
     {RANDOM("X", "N/(Z + R)", 4.99988434839709), RANDOM("R", "MVA", 5.00023130855606)}},
    {"terminals-200",
     "terminals, N = 200",
     simulate_closed,
     &terminals200,
     &closed_variation,
     40,
     2,
     {RANDOM("X", "N/(Z + R)", 5), RANDOM("R", "MVA", 35)}},
};

const struct theory_group theory_closed = {"closed", programs,
                                           sizeof programs / sizeof programs[0]};
