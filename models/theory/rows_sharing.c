/* Sharing: processor sharing with equal caps under Poisson arrivals, and storms without caps.
 *
 * Flows arrive at rate lambda at a link of capacity C, each capped at C/m. Whatever the law of the
 * sizes, the number present is that of M/M/m (m = 1: of M/M/1, a geometric law), and independently
 * of it each flow present has the rest of a size drawn from the stationary excess law (Cohen, Acta
 * Informatica 12, 1979). The program begins in that law, so there is no warm-up. */
#include "models/theory/closed_form.h"
#include "models/theory/vary.h"

#include "sim/core/sim.h"
#include "sim/res/fluid.h"

#include <gsl/gsl_cdf.h>

/* Sizes are lognormal, or `small` with probability 1 - p_large and `large` otherwise. */
struct sizes {
    double mean, sigma; /* sigma 0: the two sizes */
    double small, large, p_large;
};

enum figure {
    FIGURE_PRESENT,
    FIGURE_SOJOURN,
    FIGURE_SOJOURN_OF_LARGE,
    FIGURE_CROWDED /* share of time with at least `crowd` present */
};

struct sharing {
    double capacity, rho;
    uint32_t m;
    struct sizes sizes;
    double duration_s;
    uint32_t crowd;
    enum figure row[THEORY_MAX_ROWS];
};

struct run {
    const struct sharing *p;
    struct sim *sim;
    struct sim_fluid *link;
    uint32_t class_id;
    struct sim_stream arrivals, sizes, start;
    double lambda_per_s;
    uint32_t present, n_large;
    double sojourn_of_large_s, arrived_large;
    struct sim_timeavg number, crowded;
};

static double lognormal(const struct sizes *z, double shift, double u)
{
    const double mu = log(z->mean) - z->sigma * z->sigma / 2 + shift;
    return exp(mu + z->sigma * gsl_cdf_ugaussian_Pinv(u));
}

static double draw_size(struct run *r)
{
    const struct sizes *const z = &r->p->sizes;
    const double u = sim_stream_uniform(&r->sizes);
    return z->sigma > 0 ? lognormal(z, 0, u) : u < z->p_large ? z->large : z->small;
}

/* The stationary excess of a size: a uniform part of a size drawn in proportion to itself. */
static double draw_rest(struct run *r)
{
    const struct sizes *const z = &r->p->sizes;
    const double u = sim_stream_uniform(&r->start);
    const double part = sim_stream_uniform(&r->start);
    if (z->sigma > 0) {
        return part * lognormal(z, z->sigma * z->sigma, u);
    }
    return part * (u < z->p_large * z->large / z->mean ? z->large : z->small);
}

/* The number present in M/M/m, by inversion. Weights are relative to the largest, that of floor(a): from P(N = 0) on
 * they would grow up to exp(a), beyond a double. Those below `negligible` are left out at both ends: together they are less
 * than one step of the uniform number. */
static uint32_t draw_present(struct run *r)
{
    static const double negligible = 1e-30;
    const double a = r->p->rho * r->p->m;
    uint32_t first = (uint32_t)a;
    double least = 1;
    for (; first > 0 && least > negligible; first--) {
        least *= first / a;
    }
    double term = least;
    double sum = 0;
    for (uint32_t n = first; n < r->p->m; n++, term *= a / n) {
        sum += term;
    }
    double u = sim_stream_uniform(&r->start) * (sum + term / (1 - r->p->rho));
    uint32_t n = first;
    term = least;
    while (u >= term && (n < r->p->m || term > negligible)) {
        u -= term;
        n++;
        term *= n < r->p->m ? a / n : r->p->rho;
    }
    return n;
}

static void set_present(struct run *r, uint32_t present)
{
    r->present = present;
    sim_timeavg_set(&r->number, sim_now(r->sim), present);
    sim_timeavg_set(&r->crowded, sim_now(r->sim), present >= r->p->crowd);
}

static void on_end(void *self, uint64_t unused)
{
    struct run *const r = self;
    (void)unused;
    set_present(r, r->present - 1);
}

static void on_large_end(void *self, uint64_t started)
{
    struct run *const r = self;
    r->sojourn_of_large_s += sim_now(r->sim) - theory_unpack(started);
    r->n_large--;
    on_end(self, 0);
}

static void start(struct run *r, double size, sim_call_fn *end)
{
    set_present(r, r->present + 1);
    sim_fluid_start(r->link, r->class_id, size,
                    (struct sim_call){end, r, theory_pack(sim_now(r->sim))}, NULL);
}

/* Arrivals go on until the last large flow of the time observed has ended. */
static void on_arrival(void *self, uint64_t unused)
{
    struct run *const r = self;
    const double size = draw_size(r);
    const bool large = r->p->sizes.sigma <= 0 && size >= r->p->sizes.large;
    const bool observed = sim_now(r->sim) <= r->p->duration_s;
    (void)unused;
    if (large && observed) {
        r->n_large++;
        r->arrived_large++;
    }
    if (observed || r->n_large > 0) {
        start(r, size, large && observed ? on_large_end : on_end);
        sim_after(r->sim, theory_exponential(&r->arrivals, 1 / r->lambda_per_s),
                  (struct sim_call){on_arrival, r, 0});
    }
}

static void report(struct run *r, double area, double area_crowded, struct theory_value value[])
{
    const double t = r->p->duration_s;
    for (int i = 0; i < THEORY_MAX_ROWS; i++) {
        const struct theory_value of[] = {
            [FIGURE_PRESENT] = {area, t},
            [FIGURE_SOJOURN] = {area / r->lambda_per_s, t},
            [FIGURE_SOJOURN_OF_LARGE] = {r->sojourn_of_large_s, r->arrived_large},
            [FIGURE_CROWDED] = {area_crowded, t},
        };
        value[i] = of[r->p->row[i]];
    }
}

static enum sim_err create(struct run *r, uint64_t seed, uint32_t replication)
{
    const uint64_t capacity = (uint64_t)r->p->capacity;
    enum sim_err err = sim_create(seed, replication, &r->sim);
    if (err == SIM_OK) {
        err = sim_fluid_create(r->sim, capacity, &r->link);
    }
    if (err == SIM_OK) {
        const uint64_t cap = r->p->m == 1 ? SIM_FLUID_UNCAPPED : capacity / r->p->m;
        err = sim_fluid_add_class(r->link, cap, 1, &r->class_id);
    }
    return err;
}

static enum sim_err simulate_sharing(const void *parameters, uint64_t seed, uint32_t replication,
                                     struct theory_value value[])
{
    struct run r = {.p = parameters};
    enum sim_err err = create(&r, seed, replication);
    if (err == SIM_OK) {
        sim_open_stream(r.sim, &r.arrivals, 0, THEORY_ARRIVAL, 0);
        sim_open_stream(r.sim, &r.sizes, 0, THEORY_SIZE, 0);
        sim_open_stream(r.sim, &r.start, 0, THEORY_START_STATE, 0);
        r.lambda_per_s = r.p->rho * r.p->capacity / r.p->sizes.mean;
        for (uint32_t n = draw_present(&r); n > 0; n--) {
            start(&r, draw_rest(&r), on_end);
        }
        sim_after(r.sim, theory_exponential(&r.arrivals, 1 / r.lambda_per_s),
                  (struct sim_call){on_arrival, &r, 0});
        err = sim_run(r.sim, r.p->duration_s);
        const double area = sim_timeavg_area(&r.number, sim_now(r.sim));
        const double area_crowded = sim_timeavg_area(&r.crowded, sim_now(r.sim));
        if (err == SIM_OK) {
            err = sim_run(r.sim, INFINITY);
        }
        report(&r, area, area_crowded, value);
    }
    if (err == SIM_OK && sim_fluid_conservation_gap(r.link) > 1e-9) {
        err = SIM_EINVAL;
    }
    sim_fluid_destroy(r.link);
    sim_destroy(r.sim);
    return err;
}

/* ---- Closed forms ---- */

/* C(1, rho) = rho, so one formula serves links with and without caps. */
static const char *derive(void *parameters, double exact[])
{
    struct sharing *const p = parameters;
    const double offered = p->rho * p->m;
    const double c = theory_erlang_c(offered, p->m);
    const double sojourn_s =
        p->sizes.mean * p->m / p->capacity * (1 + c / (p->m - offered)); /* alone: at the cap */
    p->crowd = p->m == 1 ? p->crowd : p->m;
    const double of[] = {
        [FIGURE_PRESENT] = sojourn_s * p->rho * p->capacity / p->sizes.mean,
        [FIGURE_SOJOURN] = sojourn_s,
        [FIGURE_SOJOURN_OF_LARGE] = p->sizes.large / p->capacity / (1 - p->rho),
        [FIGURE_CROWDED] = p->m == 1 ? pow(p->rho, p->crowd) : c,
    };
    for (int i = 0; i < THEORY_MAX_ROWS; i++) {
        exact[i] = of[p->row[i]];
    }
    return NULL;
}

/* An arrival and an end for each flow, and the ends of those present at first. */
static double events(const void *parameters)
{
    const struct sharing *const p = parameters;
    return 2 * p->rho * p->capacity / p->sizes.mean * p->duration_s + p->rho * p->m;
}

static const struct theory_parameter settable[] = {
    {"rho", THEORY_REAL, offsetof(struct sharing, rho), 0.05, 0.98},
    {"m", THEORY_COUNT, offsetof(struct sharing, m), 2, 5000},
};
static const struct theory_variation sharing_variation = {sizeof(struct sharing), settable, 1,
                                                          derive, events};
static const struct theory_variation capped_variation = {sizeof(struct sharing), settable, 2,
                                                         derive, events};

/* ---- Storms: all flows at time 0, no caps ---- */

enum { STORM_FLOWS = 500 };

struct storm {
    double exponential_s; /* mean size over capacity; 0: sizes 1, 2, ..., flows */
    uint32_t flows;
    uint32_t rank[THEORY_MAX_ROWS]; /* rows: end of the k-th flow; 0: mean of all */
};

struct storm_run {
    struct sim *sim;
    uint32_t n_ended;
    double end_s[STORM_FLOWS];
};

static void on_storm_end(void *self, uint64_t unused)
{
    struct storm_run *const r = self;
    (void)unused;
    r->end_s[r->n_ended++] = sim_now(r->sim);
}

static void report_storm(const struct storm *p, const struct storm_run *r,
                         struct theory_value value[])
{
    double sum = 0;
    for (uint32_t k = 0; k < p->flows; k++) {
        sum += r->end_s[k];
    }
    for (int i = 0; i < THEORY_MAX_ROWS; i++) {
        const uint32_t k = p->rank[i];
        value[i] = (struct theory_value){k == 0 ? sum / p->flows : r->end_s[k - 1], 1};
    }
}

static enum sim_err simulate_storm(const void *parameters, uint64_t seed, uint32_t replication,
                                   struct theory_value value[])
{
    static const double capacity = 1e9;
    const struct storm *const p = parameters;
    struct storm_run r = {0};
    struct sim_fluid *link = NULL;
    struct sim_stream sizes;
    uint32_t class_id = 0;
    enum sim_err err = sim_create(seed, replication, &r.sim);
    if (err == SIM_OK) {
        sim_open_stream(r.sim, &sizes, 0, THEORY_SIZE, 0);
        err = sim_fluid_create(r.sim, (uint64_t)capacity, &link);
    }
    if (err == SIM_OK) {
        err = sim_fluid_add_class(link, SIM_FLUID_UNCAPPED, 1, &class_id);
    }
    for (uint32_t k = 1; k <= p->flows && err == SIM_OK; k++) {
        const double size_s =
            p->exponential_s > 0 ? theory_exponential(&sizes, p->exponential_s) : k;
        sim_fluid_start(link, class_id, size_s * capacity, (struct sim_call){on_storm_end, &r, 0},
                        NULL);
    }
    if (err == SIM_OK) {
        err = sim_run(r.sim, INFINITY);
        report_storm(p, &r, value);
    }
    sim_fluid_destroy(link);
    sim_destroy(r.sim);
    return err;
}

/* ---- The rows ---- */

/* Mean 1 s of the whole link: 3 s with probability 0.1, 7/9 s else. */
#define TWO_SIZES                                                                                  \
    {                                                                                              \
        .mean = 1e9, .small = 7e9 / 9, .large = 3e9, .p_large = 0.1                                \
    }
#define FILES                                                                                      \
    {                                                                                              \
        .mean = 4e7, .sigma = 1                                                                    \
    }

static const struct sharing two_sizes = {
    1e9, 0.8, 1, TWO_SIZES, 80000, 10, {FIGURE_PRESENT, FIGURE_SOJOURN_OF_LARGE, FIGURE_CROWDED}};
static const struct sharing ps_lognormal = {
    1e9, 0.8, 1, {.mean = 1e9, .sigma = 1}, 40000, 10, {FIGURE_PRESENT}};
static const struct sharing ps_files = {1e8, 0.95, 1, FILES, 30000, 10, {FIGURE_SOJOURN}};
static const struct sharing capped50 = {
    1e8, 0.95, 50, FILES, 8000, 50, {FIGURE_SOJOURN, FIGURE_CROWDED}};
static const struct sharing capped500 = {
    1e9, 0.95, 500, {.mean = 4e7, .sigma = 0.5}, 3000, 500, {FIGURE_SOJOURN, FIGURE_CROWDED}};
static const struct storm one_to_ten = {0, 10, {1, 5, 9, 10, 0}};
static const struct storm exponential = {0.4, STORM_FLOWS, {1, 250, 500, 0}};

static const struct theory_program programs[] = {
    {"ps-two-sizes",
     "M/G/1-PS, rho = 0.8, two sizes",
     simulate_sharing,
     &two_sizes,
     &sharing_variation,
     40,
     3,
     {RANDOM("E[N]", "rho/(1 - rho)", 4), RANDOM("E[T | 3 s]", "x/(1 - rho)", 15),
      RANDOM("P(N >= 10)", "rho^10, insensitive", 0.1073741824)}},
    {"ps-lognormal",
     "M/G/1-PS, rho = 0.8, lognormal",
     simulate_sharing,
     &ps_lognormal,
     &sharing_variation,
     40,
     1,
     {RANDOM("E[N]", "rho/(1 - rho)", 4)}},
    {"ps-files",
     "M/G/1-PS, 100 Mbit/s, 40 Mbit files, rho = 0.95",
     simulate_sharing,
     &ps_files,
     &sharing_variation,
     160,
     1,
     {RANDOM("E[T]", "mean/C/(1 - rho) s", 8)}},
    {"capped-50",
     "100 Mbit/s, caps 2 Mbit/s, rho = 0.95",
     simulate_sharing,
     &capped50,
     &capped_variation,
     160,
     2,
     {RANDOM("E[T]", "mean/c (1 + C(m, a)/(m - a)) s", 25.0327578393214),
      RANDOM("P(N >= m)", "Erlang C", 0.629094729915172)}},
    {"capped-500",
     "1000 Mbit/s, caps 2 Mbit/s, rho = 0.95",
     simulate_sharing,
     &capped500,
     &capped_variation,
     200,
     2,
     {RANDOM("E[T]", "mean/c (1 + C(m, a)/(m - a)) s", 20.1415710655716),
      RANDOM("P(N >= m)", "Erlang C", 0.176963831964531)}},
    {"ps-storm-ten",
     "storm, sizes 1 to 10",
     simulate_storm,
     &one_to_ten,
     NULL,
     1,
     5,
     {IDENTITY("t_1", "(s_1 + ... + s_k + (n - k) s_k)/C", 10),
      IDENTITY("t_5", "(s_1 + ... + s_k + (n - k) s_k)/C", 40),
      IDENTITY("t_9", "(s_1 + ... + s_k + (n - k) s_k)/C", 54), IDENTITY("t_10", "sum s/C", 55),
      IDENTITY("mean", "(t_1 + ... + t_n)/n", 38.5)}},
    {"ps-storm-500",
     "storm, 500 exponential sizes",
     simulate_storm,
     &exponential,
     NULL,
     6000,
     4,
     {RANDOM("t_1", "k m/C", 0.4), RANDOM("t_250", "k m/C", 100), RANDOM("t_500", "k m/C", 200),
      RANDOM("mean", "(N + 1)/2 m/C", 100.2)}},
};

const struct theory_group theory_sharing = {"sharing", programs,
                                            sizeof programs / sizeof programs[0]};
