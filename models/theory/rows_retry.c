/* Retries: the retrial queue M/M/1, loss with retries, and the time that back-off takes. */
#include "models/theory/vary.h"

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
    uint64_t n_watched,
        n_watched_here; /* new customers of the time observed; those who have not left */
    double sojourn_s;
};

/* Customers are known by the time they came, -1 for those whose sojourn is not asked for. */
static const double unwatched = -1;

static void on_return(void *self, uint64_t arrived);

static void set_orbit(struct run *r, uint32_t orbit)
{
    r->orbit = orbit;
    sim_timeavg_set(&r->orbiting, sim_now(r->sim), orbit);
}

static void enter_orbit(struct run *r, double arrived_s)
{
    set_orbit(r, r->orbit + 1);
    sim_after(r->sim, theory_exponential(&r->backoff, 1 / r->p->nu),
              (struct sim_call){on_return, r, theory_pack(arrived_s)});
}

static void leave(struct run *r, double arrived_s)
{
    if (arrived_s >= 0) {
        r->sojourn_s += sim_now(r->sim) - arrived_s;
        r->n_watched_here--;
    }
}

static void on_outcome(void *self, uint64_t arrived, enum sim_station_outcome outcome)
{
    struct run *const r = self;
    if (outcome == SIM_STATION_REFUSED && sim_stream_uniform(&r->give_up) < r->p->q) {
        enter_orbit(r, theory_unpack(arrived));
    } else {
        leave(r, theory_unpack(arrived));
    }
}

static void attempt(struct run *r, double arrived_s)
{
    const struct sim_station_job job = {.service_s = theory_exponential(&r->services, 1),
                                        .fn = on_outcome,
                                        .self = r,
                                        .arg = theory_pack(arrived_s)};
    sim_station_enter(r->station, &job, NULL);
}

static void on_return(void *self, uint64_t arrived)
{
    struct run *const r = self;
    set_orbit(r, r->orbit - 1);
    attempt(r, theory_unpack(arrived));
}

/* Arrivals go on until the last customer of the time observed has left. */
static void on_arrival(void *self, uint64_t unused)
{
    struct run *const r = self;
    const bool is_watched = sim_now(r->sim) <= r->p->duration_s;
    (void)unused;
    if (is_watched) {
        r->n_watched++;
        r->n_watched_here++;
    }
    if (r->n_watched_here > 0) {
        sim_after(r->sim, theory_exponential(&r->arrivals, 1 / r->p->lambda),
                  (struct sim_call){on_arrival, r, 0});
        attempt(r, is_watched ? sim_now(r->sim) : unwatched);
    }
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
        attempt(r, unwatched);
    }
    for (; n > 0; n--) {
        enter_orbit(r, unwatched);
    }
}

/* All servers busy and the mean orbit of the fixpoint; the servers forget within a few services. */
static void begin_near_fixpoint(struct run *r)
{
    for (uint32_t i = 0; i < r->p->servers; i++) {
        attempt(r, unwatched);
    }
    const uint32_t n = (uint32_t)(r->p->q * r->p->attempts * r->p->refused / r->p->nu);
    for (uint32_t i = 0; i < n; i++) {
        enter_orbit(r, unwatched);
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
        [FIGURE_SOJOURN] = {0, 1}, /* not before the last has left */
        [FIGURE_ATTEMPTS] = {(double)s->arrived, t},
        [FIGURE_REFUSED] = {(double)s->refused, (double)s->arrived},
    };
    for (int i = 0; i < THEORY_MAX_ROWS; i++) {
        value[i] = of[r->p->row[i]];
    }
}

static void report_sojourn(const struct run *r, struct theory_value value[])
{
    for (int i = 0; i < THEORY_MAX_ROWS; i++) {
        if (r->p->row[i] == FIGURE_SOJOURN) {
            value[i] = (struct theory_value){r->sojourn_s, (double)r->n_watched};
        }
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
                  (struct sim_call){on_arrival, &r, 0});
        err = sim_run(r.sim, r.p->duration_s);
        report(&r, r.p->duration_s, value);
    }
    if (err == SIM_OK) {
        err = sim_run(r.sim, INFINITY);
        report_sojourn(&r, value);
    }
    sim_station_destroy(r.station);
    sim_destroy(r.sim);
    return err;
}

static const char *derive(void *parameters, double exact[])
{
    const struct retrial *const p = parameters;
    exact[0] = p->lambda * p->lambda / (1 - p->lambda) * (1 + 1 / p->nu);
    exact[1] = p->lambda;
    exact[2] = 1 + exact[0] / p->lambda;
    return NULL;
}

/* Per second: arrivals and ends of services, lambda each, and returns, nu E[orbit]. */
static double events(const void *parameters)
{
    const struct retrial *const p = parameters;
    const double returns = p->lambda * p->lambda / (1 - p->lambda) * (p->nu + 1);
    return p->duration_s * (2 * p->lambda + returns);
}

static const struct theory_parameter settable[] = {
    {"lambda", THEORY_REAL, offsetof(struct retrial, lambda), 0.05, 0.9},
    {"nu", THEORY_REAL, offsetof(struct retrial, nu), 0.02, 100},
};
static const struct theory_variation retrial_variation = {sizeof(struct retrial), settable, 2,
                                                          derive, events};

/* ---- The time of the k-th retry ---- */

struct retries {
    enum backoff_policy policy;
    double max_s;
    struct {
        uint32_t k;
        double mean_s, sd_s; /* sd > 0: the row is about the sd, taken about the mean */
    } row[THEORY_MAX_ROWS];
};

static double time_of_retry_s(const struct backoff_config *config, uint32_t k,
                              struct sim_stream *stream)
{
    double sum_s = 0;
    double step_s;
    for (uint32_t n = 1; n <= k; n++) {
        sum_s += backoff_delay_s(config, n, &step_s, stream);
    }
    return sum_s;
}

static enum sim_err simulate_retries(const void *parameters, uint64_t seed, uint32_t replication,
                                     struct theory_value value[])
{
    const struct retries *const p = parameters;
    struct backoff_config config = {
        .policy = p->policy, .first_s = 1, .factor = 2, .max_s = p->max_s};
    const enum sim_err err = sim_dist_constant(1, &config.jitter);
    for (uint16_t i = 0; i < THEORY_MAX_ROWS && err == SIM_OK; i++) {
        struct sim_stream stream;
        sim_stream_open(&stream, seed, i, THEORY_BACKOFF, 0, replication);
        const double t = time_of_retry_s(&config, p->row[i].k, &stream);
        const double off_s = t - p->row[i].mean_s;
        const double sd_s = p->row[i].sd_s;
        value[i] = (struct theory_value){sd_s > 0 ? sd_s / 2 + off_s * off_s / (2 * sd_s) : t, 1};
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
static const struct retries full_jitter = {BACKOFF_FULL_JITTER,
                                           64,
                                           {{1, 0, 0},
                                            {5, 0, 0},
                                            {7, 0, 0},
                                            {10, 0, 0},
                                            {5, 15.5, 5.33073055307316},
                                            {7, 63.5, 21.3326822817323},
                                            {10, 159.5, 38.4588524703134}}};
static const struct retries equal_jitter = {
    BACKOFF_EQUAL_JITTER, 64, {{5, 0, 0}, {7, 0, 0}, {10, 0, 0}}};
/* With s_n the n-th wait, uniform between 1 and 3 s_(n-1), s_0 = 1: E s_n = 1/2 + 3/2 E s_(n-1), E s_n^2 =
 * 1/3 + E s_(n-1) + 3 E s_(n-1)^2, and with S the sum, E[S_(n-1) s_n] = E S_(n-1)/2 + 3/2 E[S_(n-1) s_(n-1)]. */
static const struct retries decorrelated_jitter = {BACKOFF_DECORRELATED_JITTER,
                                                   1e9, /* never reached: 3^7 = 2187 */
                                                   {{1, 0, 0},
                                                    {3, 0, 0},
                                                    {5, 0, 0},
                                                    {7, 0, 0},
                                                    {1, 2, 0.577350269189626},
                                                    {3, 11.25, 5.65132727772866},
                                                    {5, 34.5625, 27.6084273441402}}};
static const struct retries exponential = {
    BACKOFF_EXPONENTIAL, 64, {{1, 0, 0}, {5, 0, 0}, {7, 0, 0}, {10, 0, 0}}};

static const struct theory_program programs[] = {
    {"retrial-fast",
     "M/M/1 retrial, rho = 0.5, nu = 1",
     simulate_retrial,
     &fast_retrial,
     &retrial_variation,
     40,
     3,
     {RANDOM("E[orbit]", "rho^2/(1 - rho) (1 + mu/nu)", 1), RANDOM("P(busy)", "rho", 0.5),
      RANDOM("E[T]", "1/mu + E[orbit]/lambda", 3)}},
    {"retrial-slow",
     "M/M/1 retrial, rho = 0.8, nu = 0.1",
     simulate_retrial,
     &slow_retrial,
     &retrial_variation,
     40,
     3,
     {RANDOM("E[orbit]", "rho^2/(1 - rho) (1 + mu/nu)", 35.2), RANDOM("P(busy)", "rho", 0.8),
      RANDOM("E[T]", "1/mu + E[orbit]/lambda", 45)}},
    {"return-half",
     "10 servers, a = 8, half of the refused return",
     simulate_retrial,
     &half_return,
     NULL,
     40,
     2,
     {LIMIT("lambda'", "lambda + q lambda' B(c, lambda')", 8.65778440767054, 0.005),
      LIMIT("B", "Erlang B", 0.151952133871054, 0.005)}},
    {"return-most",
     "10 servers, a = 8, 90 % of the refused return",
     simulate_retrial,
     &most_return,
     NULL,
     40,
     2,
     {LIMIT("lambda'", "lambda + q lambda' B(c, lambda')", 9.82740640693681, 0.005),
      LIMIT("B", "Erlang B", 0.206611132091769, 0.005)}},
    {"full-jitter",
     "full jitter, 1 s doubling up to 64 s",
     simulate_retries,
     &full_jitter,
     NULL,
     10000,
     7,
     {RANDOM("retry 1", "sum d/2", 0.5), RANDOM("retry 5", "sum d/2", 15.5),
      RANDOM("retry 7", "sum d/2", 63.5), RANDOM("retry 10", "sum d/2", 159.5),
      RANDOM("sd, retry 5", "sqrt(sum d^2/12)", 5.33073055307316),
      RANDOM("sd, retry 7", "sqrt(sum d^2/12)", 21.3326822817323),
      RANDOM("sd, retry 10", "sqrt(sum d^2/12)", 38.4588524703134)}},
    {"equal-jitter",
     "equal jitter",
     simulate_retries,
     &equal_jitter,
     NULL,
     10000,
     3,
     {RANDOM("retry 5", "3/4 sum d", 23.25), RANDOM("retry 7", "3/4 sum d", 95.25),
      RANDOM("retry 10", "3/4 sum d", 239.25)}},
    {"decorrelated-jitter",
     "decorrelated jitter, no cap",
     simulate_retries,
     &decorrelated_jitter,
     NULL,
     40000,
     7,
     {RANDOM("retry 1", "6 (1.5^k - 1) - k", 2), RANDOM("retry 3", "6 (1.5^k - 1) - k", 11.25),
      RANDOM("retry 5", "6 (1.5^k - 1) - k", 34.5625),
      RANDOM("retry 7", "6 (1.5^k - 1) - k", 89.515625),
      RANDOM("sd, retry 1", "1/sqrt(3)", 0.577350269189626),
      RANDOM("sd, retry 3", "recursion of moments", 5.65132727772866),
      RANDOM("sd, retry 5", "recursion of moments", 27.6084273441402)}},
    {"no-jitter",
     "no jitter",
     simulate_retries,
     &exponential,
     NULL,
     1,
     4,
     {IDENTITY("retry 1", "sum d", 1), IDENTITY("retry 5", "sum d", 31),
      IDENTITY("retry 7", "sum d", 127), IDENTITY("retry 10", "sum d", 319)}},
};

const struct theory_group theory_retry = {"retry", programs, sizeof programs / sizeof programs[0]};
