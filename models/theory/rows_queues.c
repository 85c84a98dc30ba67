/* Queues: M/M/1, M/M/c, Erlang B, M/M/c/K, M/G/1, M/D/1, all simulated by queue.c; a tandem. */
#include "models/theory/queue.h"

#include "sim/core/sim.h"
#include "sim/res/station.h"

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

#define LONG_WAIT_S 100.0 /* of Pareto services one wait in some 1,500 is longer */

#define QUEUE(lambda, servers, places, service, level, cycles, ...)                                \
    {                                                                                              \
        lambda, servers, places, service, level, cycles, LONG_WAIT_S,                              \
        {                                                                                          \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }
#define MMC(c, a, cycles)                                                                          \
    QUEUE(a, c, SIM_STATION_UNBOUNDED, "exponential(1)", (uint32_t)(a), cycles, {QUEUE_WAITS, 0},  \
          {QUEUE_WAIT, 0}, {QUEUE_PRESENT, 0})
#define ERLANG_B(c, a, level, cycles)                                                              \
    QUEUE(a, c, 0, "exponential(1)", level, cycles, {QUEUE_REFUSED, 0})
#define MMCK(c, places, a, level, cycles)                                                          \
    QUEUE(a, c, places, "exponential(1)", level, cycles, {QUEUE_REFUSED, 0}, {QUEUE_PRESENT, 0},   \
          {QUEUE_SOJOURN, 0})
#define MG1(law, cycles) QUEUE(0.8, 1, SIM_STATION_UNBOUNDED, law, 1, cycles, {QUEUE_WAIT, 0})

static const struct queue mm1 = QUEUE(0.8, 1, SIM_STATION_UNBOUNDED, "exponential(1)", 1, 7000,
                                      {QUEUE_PRESENT, 0}, {QUEUE_SOJOURN, 0}, {QUEUE_WAIT, 0},
                                      {QUEUE_PRESENT_10, 0}, {QUEUE_SOJOURN_QUANTILE, 0.95},
                                      {QUEUE_SOJOURN_QUANTILE, 0.99}, {QUEUE_WAIT_QUANTILE, 0.95});
static const struct queue mm2 = MMC(2, 1.6, 6000);
static const struct queue mm10 = MMC(10, 8.0, 12000);
static const struct queue mm100 = MMC(100, 95.0, 4500);

static const struct queue erlang10 = ERLANG_B(10, 8.0, 8, 4000);
static const struct queue erlang100 = ERLANG_B(100, 90.0, 90, 1100);
static const struct queue erlang1000 = ERLANG_B(1000, 1000.0, 975, 1000);
static const struct queue erlang250 = ERLANG_B(250, 1000.0, 250, 4000);

static const struct queue mm4k10 = MMCK(4, 6, 5.0, 8, 6000);
static const struct queue mm1k10 = MMCK(1, 9, 0.8, 1, 3000);
static const struct queue mm16k256 = MMCK(16, 240, 20.0, 255, 6000);

static const struct queue md1 = QUEUE(0.8, 1, SIM_STATION_UNBOUNDED, "1", 1, 12000, {QUEUE_WAIT, 0},
                                      {QUEUE_WAIT_BEYOND, 2}, {QUEUE_WAIT_BEYOND, 5});
static const struct queue me41 = MG1("gamma(4, 0.25)", 3000);
static const struct queue mu1 = MG1("uniform(0, 2)", 4000);
static const struct queue mpareto1 = MG1(NULL, 15000);
static const struct queue mln8 = MG1("lognormal(mean=1, sigma=0.8)", 6000);
static const struct queue mln10 = MG1("lognormal(mean=1, sigma=1)", 12000);
/* Balanced means: p = (1 + sqrt(3/5))/2, branches with means 1/(2 p) and 1/(2 (1 - p)). */
static const struct queue mh21 =
    MG1("mixture(exponential(0.563508326896291557) @ 0.887298334620741702, "
        "exponential(4.43649167310370844) @ 0.112701665379258298)",
        4500);

static const struct theory_program programs[] = {
    {"mm1",
     "M/M/1, rho = 0.8",
     queue_simulate,
     &mm1,
     &queue_variation_lambda,
     160,
     7,
     {RANDOM("L", "rho/(1 - rho)", 4), RANDOM("W", "1/(mu - lambda)", 5),
      RANDOM("Wq", "rho/(mu - lambda)", 4), RANDOM("P(N >= 10)", "rho^10", 0.1073741824),
      RANDOM("T p95", "ln(20)/(mu - lambda)", 14.97866136777),
      RANDOM("T p99", "ln(100)/(mu - lambda)", 23.0258509299405),
      RANDOM("Wq p95", "ln(rho/0.05)/(mu - lambda)", 13.8629436111989)}},
    {"mm2",
     "M/M/2, a = 1.6",
     queue_simulate,
     &mm2,
     &queue_variation_servers,
     40,
     3,
     {RANDOM("C", "Erlang C", 0.711111111111111), RANDOM("Wq", "C/(c - a)", 1.77777777777778),
      RANDOM("L", "a + C a/(c - a)", 1.6 + 1.6 * 1.77777777777778)}},
    {"mm10",
     "M/M/10, a = 8",
     queue_simulate,
     &mm10,
     &queue_variation_servers,
     40,
     3,
     {RANDOM("C", "Erlang C", 0.409180150796444), RANDOM("Wq", "C/(c - a)", 0.204590075398222),
      RANDOM("L", "a + C a/(c - a)", 9.63672060318577)}},
    {"mm100",
     "M/M/100, a = 95",
     queue_simulate,
     &mm100,
     &queue_variation_servers,
     160,
     3,
     {RANDOM("C", "Erlang C", 0.506456853913021), RANDOM("Wq", "C/(c - a)", 0.101291370782604),
      RANDOM("L", "a + C a/(c - a)", 104.622680224347)}},
    {"erlang-b-10",
     "M/M/10/10, a = 8",
     queue_simulate,
     &erlang10,
     &queue_variation_servers,
     40,
     1,
     {RANDOM("B", "Erlang B", 0.121661064252952)}},
    {"erlang-b-100",
     "M/M/100/100, a = 90",
     queue_simulate,
     &erlang100,
     &queue_variation_servers,
     160,
     1,
     {RANDOM("B", "Erlang B", 0.0269573804643592)}},
    {"erlang-b-1000",
     "M/M/1000/1000, a = 1000",
     queue_simulate,
     &erlang1000,
     &queue_variation_servers,
     160,
     1,
     {RANDOM("B", "Erlang B", 0.0248119176461604)}},
    {"erlang-b-250",
     "M/M/250/250, a = 1000",
     queue_simulate,
     &erlang250,
     &queue_variation_servers,
     40,
     1,
     {RANDOM("B", "Erlang B", 0.750332155457824)}},
    {"mm4k10",
     "M/M/4/10, a = 5",
     queue_simulate,
     &mm4k10,
     &queue_variation_servers,
     40,
     3,
     {RANDOM("P_K", "birth and death", 0.230024325429412),
      RANDOM("L", "birth and death", 7.35611156245441), RANDOM("W", "Little", 1.9107386909481)}},
    {"mm1k10",
     "M/M/1/10, a = 0.8",
     queue_simulate,
     &mm1k10,
     &queue_variation_servers,
     160,
     3,
     {RANDOM("P_K", "birth and death", 0.0234928575799056),
      RANDOM("L", "birth and death", 2.96631426648415), RANDOM("W", "Little", 3.79709750398329)}},
    {"mm16k256",
     "M/M/16/256, a = 20",
     queue_simulate,
     &mm16k256,
     &queue_variation_servers,
     40,
     3,
     {RANDOM("P_K", "birth and death", 0.2), RANDOM("L", "birth and death", 252),
      RANDOM("W", "Little", 15.75)}},
    {"md1",
     "M/D/1, rho = 0.8",
     queue_simulate,
     &md1,
     &queue_variation_lambda,
     40,
     3,
     {RANDOM("Wq", "rho (1 + cs2)/(2 (1 - rho))", 2),
      RANDOM("P(Wq > 2)", "Erlang 1909", 1 - 0.634519936320228),
      RANDOM("P(Wq > 5)", "Erlang 1909", 1 - 0.899502761753602)}},
    {"mg1-erlang-4",
     "M/E4/1, rho = 0.8",
     queue_simulate,
     &me41,
     &queue_variation_lambda,
     40,
     1,
     {RANDOM("Wq", "rho (1 + cs2)/(2 (1 - rho))", 2.5)}},
    {"mg1-uniform",
     "M/U(0,2)/1, rho = 0.8",
     queue_simulate,
     &mu1,
     &queue_variation_lambda,
     40,
     1,
     {RANDOM("Wq", "rho (1 + cs2)/(2 (1 - rho))", 8.0 / 3)}},
    {"mg1-pareto",
     "M/Pareto 2.5/1, rho = 0.8",
     queue_simulate,
     &mpareto1,
     &queue_variation_lambda,
     60,
     1,
     {RANDOM("Wq", "rho (1 + cs2)/(2 (1 - rho))", 3.6)}},
    {"mg1-lognormal-0.8",
     "M/LN(0.8)/1, rho = 0.8",
     queue_simulate,
     &mln8,
     &queue_variation_lambda,
     40,
     1,
     {RANDOM("Wq", "rho (1 + cs2)/(2 (1 - rho))", 3.7929617586099)}},
    {"mg1-lognormal-1",
     "M/LN(1)/1, rho = 0.8",
     queue_simulate,
     &mln10,
     &queue_variation_lambda,
     40,
     1,
     {RANDOM("Wq", "rho (1 + cs2)/(2 (1 - rho))", 5.43656365691809)}},
    {"mg1-h2",
     "M/H2/1, rho = 0.8, cs2 = 4",
     queue_simulate,
     &mh21,
     &queue_variation_lambda,
     160,
     1,
     {RANDOM("Wq", "rho (1 + cs2)/(2 (1 - rho))", 10)}},
    {"tandem",
     "tandem, lambda = 0.5, mu = 1, 0.8",
     simulate_tandem,
     NULL,
     NULL,
     40,
     1,
     {RANDOM("T", "1/(1 - 0.5) + 1/(0.8 - 0.5)", 5.33333333333333)}},
};

const struct theory_group theory_queues = {"queues", programs,
                                           sizeof programs / sizeof programs[0]};
