#include "models/theory/queue.h"

#include "models/theory/closed_form.h"
#include "sim/base/assert.h"
#include "sim/core/sim.h"
#include "sim/res/station.h"
#include "sim/rng/dist.h"
#include "sim/stat/timeavg.h"

#include <stdlib.h>

struct customer {
    double arrived_s, started_s;
    struct sim_handle place;
};

struct run {
    const struct queue *q;
    struct sim *sim;
    struct sim_station *station;
    struct sim_dist *service;
    struct sim_stream arrivals, services;
    struct customer *customer; /* a ring: more than can be present */
    uint64_t n_customers, n_ring;
    uint32_t present, cycles_left;
    double excess_squares;       /* sum of S^2 - E[S^2] of the Pareto services */
    double chance_s;             /* taken away from their long waits, see take_chance */
    double work_s, work_since_s; /* before the server, when the last one in service arrived */
    struct sim_timeavg number, ten;
    struct theory_value *value;
};

/* Adds an observation to all rows about `figure`. */
static void observe(struct run *r, enum queue_figure figure, double sum, double weight)
{
    for (int i = 0; i < THEORY_MAX_ROWS; i++) {
        if (r->q->row[i].figure == figure) {
            r->value[i].sum += sum;
            r->value[i].weight += weight;
        }
    }
}

/* ... a share: 1 or 0 for each customer. */
static void observe_beyond(struct run *r, double wait_s)
{
    for (int i = 0; i < THEORY_MAX_ROWS; i++) {
        if (r->q->row[i].figure == QUEUE_WAIT_BEYOND) {
            r->value[i].sum += wait_s > r->q->row[i].at;
            r->value[i].weight += 1;
        }
    }
}

/* ... a quantile, as theory.h makes it a mean: both tails of M/M/1 fall at the rate 1 - lambda. */
static void observe_quantile(struct run *r, enum queue_figure figure, double time_s)
{
    for (int i = 0; i < THEORY_MAX_ROWS; i++) {
        const double order = r->q->row[i].at;
        if (r->q->row[i].figure == figure) {
            const double x = figure == QUEUE_SOJOURN_QUANTILE
                                 ? theory_mm1_sojourn_quantile(r->q->lambda, order)
                                 : theory_mm1_wait_quantile(r->q->lambda, order);
            const double density = (1 - order) * (1 - r->q->lambda);
            r->value[i].sum += x + ((time_s > x) - (1 - order)) / density;
            r->value[i].weight += 1;
        }
    }
}

static uint32_t room(const struct queue *q)
{
    return q->places == SIM_STATION_UNBOUNDED ? UINT32_MAX : q->servers + q->places;
}

static void set_present(struct run *r, uint32_t present)
{
    r->present = present;
    sim_timeavg_set(&r->number, sim_now(r->sim), present);
    sim_timeavg_set(&r->ten, sim_now(r->sim), present >= 10);
}

static void on_service_end(void *self, uint64_t i)
{
    struct run *const r = self;
    struct customer *const c = &r->customer[i % r->n_ring];
    observe_quantile(r, QUEUE_SOJOURN_QUANTILE, sim_now(r->sim) - c->arrived_s);
    set_present(r, r->present - 1);
    sim_station_release(r->station, &c->place);
}

/* Pareto(2.5) has no third moment, so a mean wait has no variance and its z means little. A service S
 * lengthens the waits by lambda S^2/(2 (1 - rho)) on the average: taken away as a control variate, of mean 0
 * by Wald, most of the tail goes with it. What remains grows as S^1.5, still without a variance: for that there is
 * take_chance. The other laws do without controls: one of S^2 would also take away an error of their second moment. */
static double service_s(struct run *r)
{
    if (r->service != NULL) {
        return sim_dist_draw(r->service, &r->services);
    }
    const double s = 0.6 * pow(sim_stream_uniform(&r->services), -1 / 2.5);
    r->excess_squares += s * s - 1.8;
    return s;
}

/* While a wait W is long, what services and arrivals add to it beyond their means is taken away too: lambda W (S - 1) of a
 * service, and W less lambda times the area under the work V until the next arrival. Both are martingales, of
 * mean 0, and what is left has a variance. (Over a cycle the sum of 2 W S + S^2 is twice the area under V, so if all
 * waits were long, nothing would be left but the exact value.) */
static void take_chance(struct run *r, double arrived_s, double wait_s)
{
    const double long_s = r->q->long_wait_s;
    const double left_s = fmax(r->work_s - (arrived_s - r->work_since_s), long_s);
    if (r->work_s > long_s) {
        r->chance_s -= r->q->lambda * (r->work_s * r->work_s - left_s * left_s) / 2;
    }
    if (wait_s > long_s) {
        r->chance_s += wait_s;
    }
}

static void take_service_chance(struct run *r, double arrived_s, double wait_s, double s)
{
    take_chance(r, arrived_s, wait_s);
    r->chance_s += wait_s > r->q->long_wait_s ? r->q->lambda * wait_s * (s - 1) : 0;
    r->work_s = wait_s + s;
    r->work_since_s = arrived_s;
}

/* At the end: they are for one server and lambda < 1. */
static void take_controls(struct run *r)
{
    if (r->service == NULL) {
        take_chance(r, sim_now(r->sim), 0); /* since the last arrival */
        observe(r, QUEUE_WAIT,
                -(r->q->lambda * r->excess_squares / 2 + r->chance_s) / (1 - r->q->lambda), 0);
    }
}

static void serve(struct run *r, uint64_t i, double wait_s)
{
    const double s = service_s(r);
    if (r->service == NULL) {
        take_service_chance(r, r->customer[i % r->n_ring].arrived_s, wait_s, s);
    }
    sim_after(r->sim, s, (struct sim_call){on_service_end, r, i});
}

static void on_outcome(void *self, uint64_t i, enum sim_station_outcome outcome)
{
    struct run *const r = self;
    observe(r, QUEUE_REFUSED, outcome == SIM_STATION_REFUSED, 1);
    if (outcome == SIM_STATION_STARTED) {
        const double wait_s = sim_now(r->sim) - r->customer[i % r->n_ring].arrived_s;
        observe(r, QUEUE_WAIT, wait_s, 1);
        observe(r, QUEUE_WAITS, wait_s > 0, 1);
        observe_beyond(r, wait_s);
        observe_quantile(r, QUEUE_WAIT_QUANTILE, wait_s);
        serve(r, i, wait_s);
    }
}

static void enter(struct run *r)
{
    const uint64_t i = r->n_customers++;
    struct customer *const c = &r->customer[i % r->n_ring];
    const struct sim_station_job job = {SIM_STATION_HELD, 0, 0, on_outcome, r, i};
    SIM_ASSERT(r->present < r->n_ring);
    c->arrived_s = sim_now(r->sim);
    if (r->present < room(r->q)) {
        observe(r, QUEUE_SOJOURN, 0, 1);
        set_present(r, r->present + 1);
    }
    sim_station_enter(r->station, &job, &c->place);
}

/* The cycle ends with an arrival that raises the number to the level; it belongs to the next one. */
static void on_arrival(void *self, uint64_t unused)
{
    struct run *const r = self;
    (void)unused;
    if (r->present + 1 == r->q->level && --r->cycles_left == 0) {
        sim_stop(r->sim);
        return;
    }
    enter(r);
    sim_after(r->sim, theory_exponential(&r->arrivals, 1 / r->q->lambda),
              (struct sim_call){on_arrival, r, 0});
}

/* More than are ever present: with one server P(N > 64/(1 - rho)) is below 1e-27. */
static uint64_t ring(const struct queue *q)
{
    uint64_t n = 1 << 16;
    while (q->places == SIM_STATION_UNBOUNDED && (double)n < 64 / (1 - q->lambda / q->servers)) {
        n *= 2;
    }
    return n;
}

static enum sim_err build(struct run *r, uint64_t seed, uint32_t replication)
{
    const struct queue *const q = r->q;
    enum sim_err err = sim_create(seed, replication, &r->sim);
    if (err == SIM_OK) {
        err = sim_station_create(r->sim, q->servers, q->places, &r->station);
    }
    if (err == SIM_OK && q->service != NULL) {
        err = sim_dist_parse(q->service, SIM_NUMBER, NULL, &r->service, NULL);
    }
    r->n_ring = ring(q);
    r->customer = calloc(r->n_ring, sizeof *r->customer);
    sim_open_stream(r->sim, &r->arrivals, 0, THEORY_ARRIVAL, 0);
    sim_open_stream(r->sim, &r->services, 0, THEORY_SERVICE, 0);
    return r->customer == NULL ? SIM_ENOMEM : err;
}

enum sim_err queue_simulate(const void *parameters, uint64_t seed, uint32_t replication,
                            struct theory_value value[])
{
    struct run r = {.q = parameters, .value = value};
    enum sim_err err = build(&r, seed, replication);
    if (err == SIM_OK) {
        r.cycles_left = r.q->cycles;
        sim_timeavg_init(&r.number, 0, 0);
        sim_timeavg_init(&r.ten, 0, 0);
        for (uint32_t i = 0; i < r.q->level; i++) {
            enter(&r);
        }
        /* The customers present at the start are those of the end; all but the last belong to nobody. */
        memset(value, 0, THEORY_MAX_ROWS * sizeof *value);
        observe(&r, QUEUE_WAIT, 0, r.q->level <= r.q->servers);
        observe(&r, QUEUE_WAITS, 0, r.q->level <= r.q->servers);
        observe(&r, QUEUE_REFUSED, 0, 1);
        observe(&r, QUEUE_SOJOURN, 0, 1);
        observe_beyond(&r, 0);
        observe_quantile(&r, QUEUE_WAIT_QUANTILE, 0);
        sim_after(r.sim, theory_exponential(&r.arrivals, 1 / r.q->lambda),
                  (struct sim_call){on_arrival, &r, 0});
        err = sim_run(r.sim, INFINITY);
        const double area = sim_timeavg_area(&r.number, sim_now(r.sim));
        observe(&r, QUEUE_PRESENT, area, sim_now(r.sim));
        observe(&r, QUEUE_SOJOURN, area, 0);
        take_controls(&r);
        observe(&r, QUEUE_PRESENT_10, sim_timeavg_area(&r.ten, sim_now(r.sim)), sim_now(r.sim));
    }
    if (err == SIM_OK && sim_station_little_gap(r.station) > 1e-9) {
        err = SIM_EINVAL; /* Little's law is an identity of the station, whatever the model */
    }
    sim_dist_destroy(r.service);
    sim_station_destroy(r.station);
    sim_destroy(r.sim);
    free(r.customer);
    return err;
}

/* ---- Closed forms ---- */

/* A service has the mean 1, so its variance is its squared coefficient of variation. */
static double scv_of(const struct queue *q)
{
    struct sim_dist *service = NULL;
    if (q->service == NULL) {
        return 0.8;
    }
    const double scv = sim_dist_parse(q->service, SIM_NUMBER, NULL, &service, NULL) == SIM_OK
                           ? sim_dist_variance(service)
                           : (double)NAN;
    sim_dist_destroy(service);
    return scv;
}

/* What all figures follow from. */
struct solution {
    double present, wait, waits, refused;
};

static struct solution solve(const struct queue *q)
{
    struct solution s = {0};
    if (q->places != SIM_STATION_UNBOUNDED) {
        theory_finite_room(q->lambda, q->servers, room(q), &s.present, &s.refused);
        return s;
    }
    s.waits = theory_erlang_c(q->lambda, q->servers);
    s.wait =
        q->servers > 1 ? s.waits / (q->servers - q->lambda) : theory_mg1_wait(q->lambda, scv_of(q));
    s.present = q->lambda * (s.wait + 1);
    return s;
}

static double exact_of(const struct queue *q, const struct solution *s, size_t row)
{
    const double at = q->row[row].at;
    switch (q->row[row].figure) {
    case QUEUE_PRESENT:
        return s->present;
    case QUEUE_WAIT:
        return s->wait;
    case QUEUE_SOJOURN:
        return s->present / (q->lambda * (1 - s->refused));
    case QUEUE_WAITS:
        return s->waits;
    case QUEUE_REFUSED:
        return s->refused;
    case QUEUE_PRESENT_10:
        return pow(q->lambda, 10);
    case QUEUE_WAIT_BEYOND:
        return theory_md1_wait_beyond(q->lambda, at);
    case QUEUE_SOJOURN_QUANTILE:
        return theory_mm1_sojourn_quantile(q->lambda, at);
    case QUEUE_WAIT_QUANTILE:
        return theory_mm1_wait_quantile(q->lambda, at);
    }
    return (double)NAN;
}

/* A level that is often passed: cycles are short. */
static uint32_t good_level(const struct queue *q, const struct solution *s)
{
    const double often = q->places == SIM_STATION_UNBOUNDED ? q->lambda : round(s->present);
    return (uint32_t)fmax(1, often);
}

static const char *derive(void *parameters, double exact[])
{
    struct queue *const q = parameters;
    if (q->places == SIM_STATION_UNBOUNDED && q->lambda >= q->servers) {
        return "lambda must stay below the number of servers, or the line grows for ever";
    }
    const struct solution s = solve(q);
    q->level = good_level(q, &s);
    for (size_t i = 0; i < THEORY_MAX_ROWS; i++) {
        exact[i] = exact_of(q, &s, i);
    }
    return NULL;
}

/* An arrival and an end for each customer; a cycle begins with who finds level - 1 present. */
static double events(const void *parameters)
{
    const struct queue *const q = parameters;
    const bool is_endless = q->places == SIM_STATION_UNBOUNDED;
    return 2 * (double)q->cycles /
           theory_present_just(q->lambda, q->servers, is_endless ? UINT32_MAX : room(q),
                               q->level - 1);
}

static const struct theory_parameter settable[] = {
    {"lambda", THEORY_REAL, offsetof(struct queue, lambda), 0.1, 2000},
    {"servers", THEORY_COUNT, offsetof(struct queue, servers), 1, 2000},
};

const struct theory_variation queue_variation_lambda = {sizeof(struct queue), settable, 1, derive,
                                                        events};
const struct theory_variation queue_variation_servers = {sizeof(struct queue), settable, 2, derive,
                                                         events};
