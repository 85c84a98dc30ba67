/* Retries: the retrial queue M/M/1, loss with retries, and the time that back-off takes. */
#include "models/theory/theory.h"

#include "models/backoff.h"
#include "sim/core/sim.h"
#include "sim/res/station.h"
#include "sim/stat/timeavg.h"

/* ---- Servers without a waiting line; who is refused comes back from an orbit ---- */

enum figure { FIGURE_ORBIT, FIGURE_BUSY, FIGURE_SOJOURN, FIGURE_ATTEMPTS, FIGURE_REFUSED };

struct retrial {
    double lambda; /* services are Exp(1) */
    uint32_t servers;
    double q, nu;             /* a refused one comes back with probability q after Exp(1/nu) */
    double attempts, refused; /* of the fixpoint, to begin with; 0: begin in the exact law */
    double duration_s;
    enum figure row[THEORY_MAX_ROWS];
};

struct run {
    const struct retrial *p;
    struct sim *sim;
    struct sim_station *station;
    struct sim_stream arrivals, services, backoff, give_up, start;
    uint32_t orbit;
    struct sim_timeavg orbiting;
};

static void on_attempt(void *self, uint64_t is_new);

static void set_orbit(struct run *r, uint32_t orbit)
{
    r->orbit = orbit;
    sim_timeavg_set(&r->orbiting, sim_now(r->sim), orbit);
}

static void enter_orbit(struct run *r)
{
    set_orbit(r, r->orbit + 1);
    sim_after(r->sim, theory_exponential(&r->backoff, 1 / r->p->nu),
              (struct sim_call){on_attempt, r, 0});
}

static void on_outcome(void *self, uint64_t unused, enum sim_station_outcome outcome)
{
    struct run *const r = self;
    (void)unused;
    if (outcome == SIM_STATION_REFUSED && sim_stream_uniform(&r->give_up) < r->p->q) {
        enter_orbit(r);
    }
}

static void attempt(struct run *r)
{
    const struct sim_station_job job = {
        .service_s = theory_exponential(&r->services, 1), .fn = on_outcome, .self = r};
    sim_station_enter(r->station, &job, NULL);
}

static void on_attempt(void *self, uint64_t is_new)
{
    struct run *const r = self;
    if (is_new) {
        sim_after(r->sim, theory_exponential(&r->arrivals, 1 / r->p->lambda),
                  (struct sim_call){on_attempt, r, 1});
    } else {
        set_orbit(r, r->orbit - 1);
    }
    attempt(r);
}

/* The joint law of server and orbit (Falin and Templeton, "Retrial Queues", 1997, section 1.2): with
 * n in orbit, idle p_n and busy q_n, where q_0 = rho p_0 and, for mu = 1,
 * p_n = p_(n-1) rho (lambda + (n - 1) nu)/(n nu),  q_n = q_(n-1) rho (lambda + n nu)/(n nu). */
static void begin_in_exact_law(struct run *r)
{
    const double lambda = r->p->lambda;
    const double nu = r->p->nu;
    double idle = pow(1 - lambda, lambda / nu + 1);
    double busy = lambda * idle;
    double u = sim_stream_uniform(&r->start);
    uint32_t n = 0;
    while (u >= idle + busy) {
        u -= idle + busy;
        n++;
        idle *= lambda * (lambda + (n - 1) * nu) / (n * nu);
        busy *= lambda * (lambda + n * nu) / (n * nu);
    }
    if (u >= idle) {
        attempt(r);
    }
    for (; n > 0; n--) {
        enter_orbit(r);
    }
}

/* All servers busy and the mean orbit of the fixpoint; the servers forget within a few services. */
static void begin_near_fixpoint(struct run *r)
{
    for (uint32_t i = 0; i < r->p->servers; i++) {
        attempt(r);
    }
    const uint32_t n = (uint32_t)(r->p->q * r->p->attempts * r->p->refused / r->p->nu);
    for (uint32_t i = 0; i < n; i++) {
        enter_orbit(r);
    }
}

static void report(struct run *r, double t, struct theory_value value[])
{
    const struct sim_station_stats *const s = sim_station_stats(r->station);
    const double orbit = sim_timeavg_area(&r->orbiting, t);
    const double busy = sim_timeavg_area(&s->busy, t);
    const struct theory_value of[] = {
        [FIGURE_ORBIT] = {orbit, t},
        [FIGURE_BUSY] = {busy, t},
        [FIGURE_SOJOURN] = {(orbit + busy) / r->p->lambda, t},
        [FIGURE_ATTEMPTS] = {(double)s->arrived, t},
        [FIGURE_REFUSED] = {(double)s->refused, (double)s->arrived},
    };
    for (int i = 0; i < THEORY_MAX_ROWS; i++) {
        value[i] = of[r->p->row[i]];
    }
}

static void open_streams(struct run *r)
{
    sim_open_stream(r->sim, &r->arrivals, 0, THEORY_ARRIVAL, 0);
    sim_open_stream(r->sim, &r->services, 0, THEORY_SERVICE, 0);
    sim_open_stream(r->sim, &r->backoff, 0, THEORY_BACKOFF, 0);
    sim_open_stream(r->sim, &r->give_up, 0, THEORY_GIVE_UP, 0);
    sim_open_stream(r->sim, &r->start, 0, THEORY_START_STATE, 0);
}

static enum sim_err simulate_retrial(const void *parameters, uint64_t seed, uint32_t replication,
                                     struct theory_value value[])
{
    struct run r = {.p = parameters};
    enum sim_err err = sim_create(seed, replication, &r.sim);
    if (err == SIM_OK) {
        err = sim_station_create(r.sim, r.p->servers, 0, &r.station);
    }
    if (err == SIM_OK) {
        open_streams(&r);
        if (r.p->attempts > 0) {
            begin_near_fixpoint(&r);
        } else {
            begin_in_exact_law(&r);
        }
        sim_after(r.sim, theory_exponential(&r.arrivals, 1 / r.p->lambda),
                  (struct sim_call){on_attempt, &r, 1});
        err = sim_run(r.sim, r.p->duration_s);
        report(&r, r.p->duration_s, value);
    }
    sim_station_destroy(r.station);
    sim_destroy(r.sim);
    return err;
}

/* ---- The time of the k-th retry ---- */

struct retries {
    enum backoff_policy policy;
    struct {
        uint32_t k;
        double expected_s; /* > 0: the squared deviation from it */
    } row[THEORY_MAX_ROWS];
};

static double time_of_retry_s(const struct backoff_config *config, uint32_t k,
                              struct sim_stream *stream)
{
    double sum_s = 0;
    for (uint32_t n = 1; n <= k; n++) {
        sum_s += backoff_delay_s(config, n, stream);
    }
    return sum_s;
}

static enum sim_err simulate_retries(const void *parameters, uint64_t seed, uint32_t replication,
                                     struct theory_value value[])
{
    const struct retries *const p = parameters;
    struct backoff_config config = {.policy = p->policy, .first_s = 1, .factor = 2, .max_s = 64};
    const enum sim_err err = sim_dist_constant(1, &config.jitter);
    for (uint16_t i = 0; i < THEORY_MAX_ROWS && err == SIM_OK; i++) {
        struct sim_stream stream;
        sim_stream_open(&stream, seed, i, THEORY_BACKOFF, 0, replication);
        const double t = time_of_retry_s(&config, p->row[i].k, &stream);
        const double off = t - p->row[i].expected_s;
        value[i] = (struct theory_value){p->row[i].expected_s > 0 ? off * off : t, 1};
    }
    sim_dist_destroy(config.jitter);
    return err;
}

/* ---- The rows ---- */

static const struct retrial fast_retrial = {
    0.5, 1, 1, 1, 0, 0, 20000, {FIGURE_ORBIT, FIGURE_BUSY, FIGURE_SOJOURN}};
static const struct retrial slow_retrial = {
    0.8, 1, 1, 0.1, 0, 0, 40000, {FIGURE_ORBIT, FIGURE_BUSY, FIGURE_SOJOURN}};
static const struct retrial half_return = {8,
                                           10,
                                           0.5,
                                           0.002,
                                           8.65778440767054,
                                           0.151952133871054,
                                           10000,
                                           {FIGURE_ATTEMPTS, FIGURE_REFUSED}};
static const struct retrial most_return = {8,
                                           10,
                                           0.9,
                                           0.002,
                                           9.82740640693681,
                                           0.206611132091769,
                                           10000,
                                           {FIGURE_ATTEMPTS, FIGURE_REFUSED}};
static const struct retries full_jitter = {
    BACKOFF_FULL_JITTER, {{1, 0}, {5, 0}, {7, 0}, {10, 0}, {5, 15.5}, {7, 63.5}, {10, 159.5}}};
static const struct retries equal_jitter = {BACKOFF_EQUAL_JITTER, {{5, 0}, {7, 0}, {10, 0}}};
static const struct retries exponential = {BACKOFF_EXPONENTIAL, {{1, 0}, {5, 0}, {7, 0}, {10, 0}}};

static const struct theory_program programs[] = {
    {"M/M/1 retrial, rho = 0.5, nu = 1",
     simulate_retrial,
     &fast_retrial,
     40,
     3,
     {RANDOM("E[orbit]", "rho^2/(1 - rho) (1 + mu/nu)", 1), RANDOM("P(busy)", "rho", 0.5),
      RANDOM("E[T]", "Little", 3)}},
    {"M/M/1 retrial, rho = 0.8, nu = 0.1",
     simulate_retrial,
     &slow_retrial,
     40,
     3,
     {RANDOM("E[orbit]", "rho^2/(1 - rho) (1 + mu/nu)", 35.2), RANDOM("P(busy)", "rho", 0.8),
      RANDOM("E[T]", "Little", 45)}},
    {"10 servers, a = 8, half of the refused return",
     simulate_retrial,
     &half_return,
     10,
     2,
     {LIMIT("lambda'", "lambda + q lambda' B(c, lambda')", 8.65778440767054, 0.005),
      LIMIT("B", "Erlang B", 0.151952133871054, 0.005)}},
    {"10 servers, a = 8, 90 % of the refused return",
     simulate_retrial,
     &most_return,
     10,
     2,
     {LIMIT("lambda'", "lambda + q lambda' B(c, lambda')", 9.82740640693681, 0.005),
      LIMIT("B", "Erlang B", 0.206611132091769, 0.005)}},
    {"full jitter, 1 s doubling up to 64 s",
     simulate_retries,
     &full_jitter,
     10000,
     7,
     {RANDOM("retry 1", "sum d/2", 0.5), RANDOM("retry 5", "sum d/2", 15.5),
      RANDOM("retry 7", "sum d/2", 63.5), RANDOM("retry 10", "sum d/2", 159.5),
      RANDOM("Var, retry 5", "sum d^2/12", 5.33073055307316 * 5.33073055307316),
      RANDOM("Var, retry 7", "sum d^2/12", 21.3326822817323 * 21.3326822817323),
      RANDOM("Var, retry 10", "sum d^2/12", 38.4588524703134 * 38.4588524703134)}},
    {"equal jitter",
     simulate_retries,
     &equal_jitter,
     10000,
     3,
     {RANDOM("retry 5", "3/4 sum d", 23.25), RANDOM("retry 7", "3/4 sum d", 95.25),
      RANDOM("retry 10", "3/4 sum d", 239.25)}},
    {"no jitter",
     simulate_retries,
     &exponential,
     1,
     4,
     {IDENTITY("retry 1", "sum d", 1), IDENTITY("retry 5", "sum d", 31),
      IDENTITY("retry 7", "sum d", 127), IDENTITY("retry 10", "sum d", 319)}},
};

const struct theory_group theory_retry = {"retry", programs, sizeof programs / sizeof programs[0]};
