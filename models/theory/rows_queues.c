/* Queues: M/M/1, M/M/c, Erlang B, M/M/c/K, M/G/1, M/D/1, a tandem.
 *
 * One program serves them all: customers arrive at rate lambda at c servers with room for K. It is
 * regenerative: it begins at the moment an arrival raises the number present to `level`, and ends
 * after a number of returns to that moment. With exponential services any level will do; otherwise
 * the level is 1, an arrival at an empty system. At a level up to c nobody waits, so every customer of
 * a cycle has begun service within it. */
#include "models/theory/theory.h"

#include "sim/core/sim.h"
#include "sim/res/station.h"
#include "sim/rng/dist.h"
#include "sim/stat/timeavg.h"

#include <stdlib.h>

/* What a row asks for. */
enum figure {
    FIGURE_PRESENT,      /* mean number present */
    FIGURE_WAIT,         /* mean wait of those who get in */
    FIGURE_SOJOURN,      /* mean time present of those who get in, as number over rate (Little) */
    FIGURE_WAITS,        /* share of arrivals that wait */
    FIGURE_REFUSED,      /* share of arrivals that are refused */
    FIGURE_PRESENT_10,   /* share of time with ten or more present */
    FIGURE_WAIT_UP_TO,   /* share of customers who wait up to a time */
    FIGURE_SOJOURN_UP_TO /* share who are present up to a time */
};

struct queue {
    double lambda;
    uint32_t servers, room; /* room: customers present, those in service included */
    const char *service;    /* a distribution; NULL: Pareto with exponent 2.5 and mean 1 */
    uint32_t level, cycles;
    struct {
        enum figure figure;
        double up_to;
    } row[THEORY_MAX_ROWS];
};

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
    double excess_squares; /* sum of S^2 - E[S^2] of the Pareto services */
    struct sim_timeavg number, ten;
    struct theory_value *value;
};

/* Adds an observation to all rows about `figure`. */
static void observe(struct run *r, enum figure figure, double sum, double weight)
{
    for (int i = 0; i < THEORY_MAX_ROWS; i++) {
        if (r->q->row[i].figure == figure) {
            r->value[i].sum += sum;
            r->value[i].weight += weight;
        }
    }
}

/* ... to all rows that ask for the share up to a bound. */
static void observe_share(struct run *r, enum figure figure, double time_s)
{
    for (int i = 0; i < THEORY_MAX_ROWS; i++) {
        if (r->q->row[i].figure == figure) {
            r->value[i].sum += time_s <= r->q->row[i].up_to;
            r->value[i].weight += 1;
        }
    }
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
    observe_share(r, FIGURE_SOJOURN_UP_TO, sim_now(r->sim) - c->arrived_s);
    set_present(r, r->present - 1);
    sim_station_release(r->station, &c->place);
}

/* Pareto(2.5) has no third moment, so a mean wait has no variance and its z means nothing. But a
 * service S lengthens the waits by lambda S^2/(2 (1 - rho)) = 2 S^2 on the average: taken away as a
 * control variate, of mean 0 by Wald, it takes the heavy tail with it. */
static double service_s(struct run *r)
{
    if (r->service != NULL) {
        return sim_dist_draw(r->service, &r->services);
    }
    const double s = 0.6 * pow(sim_stream_uniform(&r->services), -1 / 2.5);
    r->excess_squares += s * s - 1.8;
    return s;
}

static void on_outcome(void *self, uint64_t i, enum sim_station_outcome outcome)
{
    struct run *const r = self;
    observe(r, FIGURE_REFUSED, outcome == SIM_STATION_REFUSED, 1);
    if (outcome == SIM_STATION_STARTED) {
        const double wait_s = sim_now(r->sim) - r->customer[i % r->n_ring].arrived_s;
        observe(r, FIGURE_WAIT, wait_s, 1);
        observe(r, FIGURE_WAITS, wait_s > 0, 1);
        observe_share(r, FIGURE_WAIT_UP_TO, wait_s);
        sim_after(r->sim, service_s(r), (struct sim_call){on_service_end, r, i});
    }
}

static void enter(struct run *r)
{
    const uint64_t i = r->n_customers++;
    struct customer *const c = &r->customer[i % r->n_ring];
    const struct sim_station_job job = {SIM_STATION_HELD, 0, 0, on_outcome, r, i};
    c->arrived_s = sim_now(r->sim);
    if (r->present < r->q->room) {
        observe(r, FIGURE_SOJOURN, 0, 1);
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

static enum sim_err build(struct run *r, uint64_t seed, uint32_t replication)
{
    const struct queue *const q = r->q;
    const uint32_t waiting = q->room == UINT32_MAX ? SIM_STATION_UNBOUNDED : q->room - q->servers;
    enum sim_err err = sim_create(seed, replication, &r->sim);
    if (err == SIM_OK) {
        err = sim_station_create(r->sim, q->servers, waiting, &r->station);
    }
    if (err == SIM_OK && q->service != NULL) {
        err = sim_dist_parse(q->service, SIM_NUMBER, NULL, &r->service, NULL);
    }
    r->n_ring = 1 << 16;
    r->customer = calloc(r->n_ring, sizeof *r->customer);
    sim_open_stream(r->sim, &r->arrivals, 0, THEORY_ARRIVAL, 0);
    sim_open_stream(r->sim, &r->services, 0, THEORY_SERVICE, 0);
    return r->customer == NULL ? SIM_ENOMEM : err;
}

static enum sim_err simulate_queue(const void *parameters, uint64_t seed, uint32_t replication,
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
        observe(&r, FIGURE_WAIT, 0, r.q->level <= r.q->servers);
        observe(&r, FIGURE_WAITS, 0, r.q->level <= r.q->servers);
        observe(&r, FIGURE_REFUSED, 0, 1);
        observe(&r, FIGURE_SOJOURN, 0, 1);
        observe_share(&r, FIGURE_WAIT_UP_TO, 0);
        sim_after(r.sim, theory_exponential(&r.arrivals, 1 / r.q->lambda),
                  (struct sim_call){on_arrival, &r, 0});
        err = sim_run(r.sim, INFINITY);
        const double area = sim_timeavg_area(&r.number, sim_now(r.sim));
        observe(&r, FIGURE_PRESENT, area, sim_now(r.sim));
        observe(&r, FIGURE_SOJOURN, area, 0);
        observe(&r, FIGURE_WAIT, -2 * r.excess_squares, 0);
        observe(&r, FIGURE_PRESENT_10, sim_timeavg_area(&r.ten, sim_now(r.sim)), sim_now(r.sim));
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

/* ---- Two stations in a row (Jackson) ---- */

struct tandem {
    struct sim *sim;
    struct sim_station *station[2];
    struct sim_stream arrivals, services[2];
    uint32_t present, cycles_left;
    struct theory_value *value;
};

static void on_stage_end(void *self, uint64_t arrived, enum sim_station_outcome outcome);

static void enter_stage(struct tandem *t, int stage, double mean_s, uint64_t arrived)
{
    const struct sim_station_job job = {
        .service_s = theory_exponential(&t->services[stage], mean_s),
        .fn = on_stage_end,
        .self = t,
        .arg = arrived | (uint64_t)stage}; /* the last bit of the time carries the stage */
    sim_station_enter(t->station[stage], &job, NULL);
}

static void on_stage_end(void *self, uint64_t arrived, enum sim_station_outcome outcome)
{
    struct tandem *const t = self;
    (void)outcome;
    if ((arrived & 1) == 0) {
        enter_stage(t, 1, 1 / 0.8, arrived);
        return;
    }
    t->value[0].sum += sim_now(t->sim) - theory_unpack(arrived & ~UINT64_C(1));
    t->value[0].weight += 1;
    t->present--;
}

static void on_tandem_arrival(void *self, uint64_t unused)
{
    struct tandem *const t = self;
    (void)unused;
    if (t->present == 0 && t->cycles_left-- == 0) {
        sim_stop(t->sim);
        return;
    }
    t->present++;
    enter_stage(t, 0, 1, theory_pack(sim_now(t->sim)) & ~UINT64_C(1));
    sim_after(t->sim, theory_exponential(&t->arrivals, 1 / 0.5),
              (struct sim_call){on_tandem_arrival, t, 0});
}

static enum sim_err simulate_tandem(const void *parameters, uint64_t seed, uint32_t replication,
                                    struct theory_value value[])
{
    struct tandem t = {.cycles_left = 1500, .value = value};
    (void)parameters;
    enum sim_err err = sim_create(seed, replication, &t.sim);
    for (int i = 0; i < 2 && err == SIM_OK; i++) {
        err = sim_station_create(t.sim, 1, SIM_STATION_UNBOUNDED, &t.station[i]);
        sim_open_stream(t.sim, &t.services[i], (uint32_t)i, THEORY_SERVICE, 0);
    }
    if (err == SIM_OK) {
        sim_open_stream(t.sim, &t.arrivals, 0, THEORY_ARRIVAL, 0);
        on_tandem_arrival(&t, 0);
        err = sim_run(t.sim, INFINITY);
    }
    sim_station_destroy(t.station[0]);
    sim_station_destroy(t.station[1]);
    sim_destroy(t.sim);
    return err;
}

/* ---- The rows ---- */

#define UNBOUNDED UINT32_MAX

#define QUEUE(lambda, servers, room, service, level, cycles, ...)                                  \
    {                                                                                              \
        lambda, servers, room, service, level, cycles,                                             \
        {                                                                                          \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }
#define MMC(c, a, cycles)                                                                          \
    QUEUE(a, c, UNBOUNDED, "exponential(1)", (uint32_t)(a), cycles, {FIGURE_WAITS, 0},             \
          {FIGURE_WAIT, 0}, {FIGURE_PRESENT, 0})
#define ERLANG_B(c, a, level, cycles)                                                              \
    QUEUE(a, c, c, "exponential(1)", level, cycles, {FIGURE_REFUSED, 0})
#define MMCK(c, k, a, level, cycles)                                                               \
    QUEUE(a, c, k, "exponential(1)", level, cycles, {FIGURE_REFUSED, 0}, {FIGURE_PRESENT, 0},      \
          {FIGURE_SOJOURN, 0})
#define MG1(law, cycles) QUEUE(0.8, 1, UNBOUNDED, law, 1, cycles, {FIGURE_WAIT, 0})

static const struct queue mm1 =
    QUEUE(0.8, 1, UNBOUNDED, "exponential(1)", 1, 2000, {FIGURE_PRESENT, 0}, {FIGURE_SOJOURN, 0},
          {FIGURE_WAIT, 0}, {FIGURE_PRESENT_10, 0}, {FIGURE_SOJOURN_UP_TO, 14.97866136777},
          {FIGURE_SOJOURN_UP_TO, 23.0258509299405}, {FIGURE_WAIT_UP_TO, 13.8629436111989});
static const struct queue mm2 = MMC(2, 1.6, 6000);
static const struct queue mm10 = MMC(10, 8.0, 4000);
static const struct queue mm100 = MMC(100, 95.0, 1500);

static const struct queue erlang10 = ERLANG_B(10, 8.0, 8, 4000);
static const struct queue erlang100 = ERLANG_B(100, 90.0, 90, 1500);
static const struct queue erlang1000 = ERLANG_B(1000, 1000.0, 975, 300);
static const struct queue erlang250 = ERLANG_B(250, 1000.0, 250, 4000);

static const struct queue mm4k10 = MMCK(4, 10, 5.0, 8, 6000);
static const struct queue mm1k10 = MMCK(1, 10, 0.8, 1, 4000);
static const struct queue mm16k256 = MMCK(16, 256, 20.0, 255, 6000);

static const struct queue md1 = QUEUE(0.8, 1, UNBOUNDED, "1", 1, 3000, {FIGURE_WAIT, 0},
                                      {FIGURE_WAIT_UP_TO, 2}, {FIGURE_WAIT_UP_TO, 5});
static const struct queue me41 = MG1("gamma(4, 0.25)", 2000);
static const struct queue mu1 = MG1("uniform(0, 2)", 3000);
static const struct queue mpareto1 = MG1(NULL, 4000);
static const struct queue mln8 = MG1("lognormal(mean=1, sigma=0.8)", 3000);
static const struct queue mln10 = MG1("lognormal(mean=1, sigma=1)", 3000);
/* Balanced means: p = (1 + sqrt(3/5))/2, branches with means 1/(2 p) and 1/(2 (1 - p)). */
static const struct queue mh21 =
    MG1("mixture(exponential(0.563508326896291557) @ 0.887298334620741702, "
        "exponential(4.43649167310370844) @ 0.112701665379258298)",
        2000);

static const struct theory_program programs[] = {
    {"M/M/1, rho = 0.8",
     simulate_queue,
     &mm1,
     40,
     7,
     {RANDOM("L", "rho/(1 - rho)", 4), RANDOM("W", "1/(mu - lambda)", 5),
      RANDOM("Wq", "rho/(mu - lambda)", 4), RANDOM("P(N >= 10)", "rho^10", 0.1073741824),
      RANDOM("P(T <= p95)", "T ~ Exp(mu - lambda)", 0.95),
      RANDOM("P(T <= p99)", "T ~ Exp(mu - lambda)", 0.99),
      RANDOM("P(Wq <= p95)", "ln(rho/0.05)/(mu - lambda)", 0.95)}},
    {"M/M/2, a = 1.6",
     simulate_queue,
     &mm2,
     40,
     3,
     {RANDOM("C", "Erlang C", 0.711111111111111), RANDOM("Wq", "C/(c - a)", 1.77777777777778),
      RANDOM("L", "a + C a/(c - a)", 1.6 + 1.6 * 1.77777777777778)}},
    {"M/M/10, a = 8",
     simulate_queue,
     &mm10,
     40,
     3,
     {RANDOM("C", "Erlang C", 0.409180150796444), RANDOM("Wq", "C/(c - a)", 0.204590075398222),
      RANDOM("L", "a + C a/(c - a)", 9.63672060318577)}},
    {"M/M/100, a = 95",
     simulate_queue,
     &mm100,
     40,
     3,
     {RANDOM("C", "Erlang C", 0.506456853913021), RANDOM("Wq", "C/(c - a)", 0.101291370782604),
      RANDOM("L", "a + C a/(c - a)", 104.622680224347)}},
    {"M/M/10/10, a = 8",
     simulate_queue,
     &erlang10,
     40,
     1,
     {RANDOM("B", "Erlang B", 0.121661064252952)}},
    {"M/M/100/100, a = 90",
     simulate_queue,
     &erlang100,
     40,
     1,
     {RANDOM("B", "Erlang B", 0.0269573804643592)}},
    {"M/M/1000/1000, a = 1000",
     simulate_queue,
     &erlang1000,
     40,
     1,
     {RANDOM("B", "Erlang B", 0.0248119176461604)}},
    {"M/M/250/250, a = 1000",
     simulate_queue,
     &erlang250,
     40,
     1,
     {RANDOM("B", "Erlang B", 0.750332155457824)}},
    {"M/M/4/10, a = 5",
     simulate_queue,
     &mm4k10,
     40,
     3,
     {RANDOM("P_K", "birth and death", 0.230024325429412),
      RANDOM("L", "birth and death", 7.35611156245441), RANDOM("W", "Little", 1.9107386909481)}},
    {"M/M/1/10, a = 0.8",
     simulate_queue,
     &mm1k10,
     40,
     3,
     {RANDOM("P_K", "birth and death", 0.0234928575799056),
      RANDOM("L", "birth and death", 2.96631426648415), RANDOM("W", "Little", 3.79709750398329)}},
    {"M/M/16/256, a = 20",
     simulate_queue,
     &mm16k256,
     40,
     3,
     {RANDOM("P_K", "birth and death", 0.2), RANDOM("L", "birth and death", 252),
      RANDOM("W", "Little", 15.75)}},
    {"M/D/1, rho = 0.8",
     simulate_queue,
     &md1,
     40,
     3,
     {RANDOM("Wq", "rho (1 + cs2)/(2 (1 - rho))", 2),
      RANDOM("P(Wq <= 2)", "Erlang 1909", 0.634519936320228),
      RANDOM("P(Wq <= 5)", "Erlang 1909", 0.899502761753602)}},
    {"M/E4/1, rho = 0.8",
     simulate_queue,
     &me41,
     40,
     1,
     {RANDOM("Wq", "rho (1 + cs2)/(2 (1 - rho))", 2.5)}},
    {"M/U(0,2)/1, rho = 0.8",
     simulate_queue,
     &mu1,
     40,
     1,
     {RANDOM("Wq", "rho (1 + cs2)/(2 (1 - rho))", 8.0 / 3)}},
    {"M/Pareto 2.5/1, rho = 0.8",
     simulate_queue,
     &mpareto1,
     60,
     1,
     {RANDOM("Wq", "rho (1 + cs2)/(2 (1 - rho))", 3.6)}},
    {"M/LN(0.8)/1, rho = 0.8",
     simulate_queue,
     &mln8,
     40,
     1,
     {RANDOM("Wq", "rho (1 + cs2)/(2 (1 - rho))", 3.7929617586099)}},
    {"M/LN(1)/1, rho = 0.8",
     simulate_queue,
     &mln10,
     40,
     1,
     {RANDOM("Wq", "rho (1 + cs2)/(2 (1 - rho))", 5.43656365691809)}},
    {"M/H2/1, rho = 0.8, cs2 = 4",
     simulate_queue,
     &mh21,
     40,
     1,
     {RANDOM("Wq", "rho (1 + cs2)/(2 (1 - rho))", 10)}},
    {"tandem, lambda = 0.5, mu = 1, 0.8",
     simulate_tandem,
     NULL,
     40,
     1,
     {RANDOM("T", "1/(1 - 0.5) + 1/(0.8 - 0.5)", 5.33333333333333)}},
};

const struct theory_group theory_queues = {"queues", programs,
                                           sizeof programs / sizeof programs[0]};
