/* Reliability: components that fail and are repaired, and jobs under that hazard.
 *
 * A component is up for Exp(MTTF), then down for Exp(MTTR). It begins up, or in the stationary
 * law. The rows are about the time down, the smaller part: an error of it is lost in the time up. A job
 * begins when its component is up, from where the future does not depend on the past. */
#include "models/theory/vary.h"

#include "sim/core/sim.h"
#include "sim/stat/timeavg.h"

#define MTTF_S 3600.0
#define MTTR_S 90.0

/* ---- Components ---- */

enum figure { FIGURE_DOWN, FIGURE_DOWN_AT_60, FIGURE_TOO_FEW };

struct components {
    uint32_t n, needed;
    bool stationary;
    double duration_s;
    enum figure row[THEORY_MAX_ROWS];
};

struct components_run {
    const struct components *p;
    struct sim *sim;
    struct sim_stream failure, repair;
    uint32_t n_up, n_up_at_60;
    struct sim_timeavg up, enough;
};

static void change(struct components_run *r, bool goes_up);

static void on_change(void *self, uint64_t goes_up)
{
    struct components_run *const r = self;
    r->n_up = goes_up ? r->n_up + 1 : r->n_up - 1;
    change(r, goes_up);
}

/* A component has just gone up or down, or begins so. */
static void change(struct components_run *r, bool goes_up)
{
    const double stay_s =
        goes_up ? theory_exponential(&r->failure, MTTF_S) : theory_exponential(&r->repair, MTTR_S);
    sim_timeavg_set(&r->up, sim_now(r->sim), r->n_up);
    sim_timeavg_set(&r->enough, sim_now(r->sim), r->n_up >= r->p->needed);
    sim_after(r->sim, stay_s, (struct sim_call){on_change, r, !goes_up});
}

static void at_60(void *self, uint64_t unused)
{
    struct components_run *const r = self;
    (void)unused;
    r->n_up_at_60 = r->n_up;
}

static void begin(struct components_run *r)
{
    struct sim_stream start;
    sim_open_stream(r->sim, &start, 0, THEORY_START_STATE, 0);
    sim_open_stream(r->sim, &r->failure, 0, THEORY_FAILURE, 0);
    sim_open_stream(r->sim, &r->repair, 0, THEORY_REPAIR, 0);
    for (uint32_t i = 0; i < r->p->n; i++) {
        const bool up =
            !r->p->stationary || sim_stream_uniform(&start) < MTTF_S / (MTTF_S + MTTR_S);
        r->n_up += up;
        change(r, up);
    }
    sim_at(r->sim, 60, SIM_LAST, (struct sim_call){at_60, r, 0});
}

static enum sim_err simulate_components(const void *parameters, uint64_t seed, uint32_t replication,
                                        struct theory_value value[])
{
    struct components_run r = {.p = parameters};
    enum sim_err err = sim_create(seed, replication, &r.sim);
    if (err == SIM_OK) {
        begin(&r);
        err = sim_run(r.sim, r.p->duration_s);
        const double t = r.p->duration_s;
        const struct theory_value of[] = {
            [FIGURE_DOWN] = {t * r.p->n - sim_timeavg_area(&r.up, t), t * r.p->n},
            [FIGURE_DOWN_AT_60] = {r.p->n - r.n_up_at_60, r.p->n},
            [FIGURE_TOO_FEW] = {t - sim_timeavg_area(&r.enough, t), t},
        };
        for (int i = 0; i < THEORY_MAX_ROWS; i++) {
            value[i] = of[r.p->row[i]];
        }
    }
    sim_destroy(r.sim);
    return err;
}

/* ---- A job ---- */

struct job {
    double work_s;
    bool resumes; /* after a failure; else it begins anew */
    uint32_t n;   /* one after the other */
};

struct job_run {
    const struct job *p;
    struct sim *sim;
    struct sim_stream failure, repair;
    struct sim_handle end;
    double begun_s, left_s;
    uint32_t n_done;
};

static void on_failure(void *self, uint64_t unused);

static void on_end(void *self, uint64_t unused)
{
    struct job_run *const r = self;
    (void)unused;
    r->left_s = r->p->work_s;
    if (++r->n_done == r->p->n) {
        sim_stop(r->sim);
        return;
    }
    r->begun_s = sim_now(r->sim);
    r->end = sim_after(r->sim, r->left_s, (struct sim_call){on_end, r, 0});
}

static void on_repaired(void *self, uint64_t unused)
{
    struct job_run *const r = self;
    (void)unused;
    r->begun_s = sim_now(r->sim);
    r->end = sim_after(r->sim, r->left_s, (struct sim_call){on_end, r, 0});
    sim_after(r->sim, theory_exponential(&r->failure, MTTF_S), (struct sim_call){on_failure, r, 0});
}

static void on_failure(void *self, uint64_t unused)
{
    struct job_run *const r = self;
    (void)unused;
    sim_cancel(r->sim, &r->end);
    r->left_s = r->p->resumes ? r->left_s - (sim_now(r->sim) - r->begun_s) : r->p->work_s;
    sim_after(r->sim, theory_exponential(&r->repair, MTTR_S), (struct sim_call){on_repaired, r, 0});
}

static enum sim_err simulate_job(const void *parameters, uint64_t seed, uint32_t replication,
                                 struct theory_value value[])
{
    struct job_run r = {.p = parameters};
    enum sim_err err = sim_create(seed, replication, &r.sim);
    if (err == SIM_OK) {
        sim_open_stream(r.sim, &r.failure, 0, THEORY_FAILURE, 0);
        sim_open_stream(r.sim, &r.repair, 0, THEORY_REPAIR, 0);
        r.left_s = r.p->work_s;
        on_repaired(&r, 0);
        err = sim_run(r.sim, INFINITY);
        value[0] = (struct theory_value){sim_now(r.sim), r.n_done};
    }
    sim_destroy(r.sim);
    return err;
}

static const char *derive(void *parameters, double exact[])
{
    const struct job *const p = parameters;
    exact[0] = p->resumes ? p->work_s * (1 + MTTR_S / MTTF_S)
                          : expm1(p->work_s / MTTF_S) * (MTTF_S + MTTR_S);
    return NULL;
}

/* A failure and a repair for each interruption of a job, and its end. */
static double events(const void *parameters)
{
    const struct job *const p = parameters;
    const double interruptions = p->resumes ? p->work_s / MTTF_S : expm1(p->work_s / MTTF_S);
    return p->n * (2 * interruptions + 1);
}

static const struct theory_parameter settable[] = {
    {"work_s", THEORY_REAL, offsetof(struct job, work_s), 1, 20000},
};
static const struct theory_variation job_variation = {sizeof(struct job), settable, 1, derive,
                                                      events};

/* ---- The rows ---- */

static const struct components forever = {1, 1, true, 4e6, {FIGURE_DOWN}};
static const struct components an_hour = {100, 1, false, 3600, {FIGURE_DOWN_AT_60, FIGURE_DOWN}};
static const struct components sixteen = {16, 15, true, 5e5, {FIGURE_TOO_FEW}};
static const struct job restart300 = {300, false, 2000};
static const struct job restart3600 = {3600, false, 1000};
static const struct job resume300 = {300, true, 2000};
static const struct job resume3600 = {3600, true, 1000};

static const struct theory_program programs[] = {
    {"availability",
     "component, MTTF 3600 s, MTTR 90 s",
     simulate_components,
     &forever,
     NULL,
     40,
     1,
     {RANDOM("1 - A", "MTTR/(MTTF + MTTR)", 1 - 0.975609756097561)}},
    {"up-at-first",
     "component up at time 0",
     simulate_components,
     &an_hour,
     NULL,
     5000,
     2,
     {RANDOM("1 - A(60 s)", "(1 - A)(1 - exp(-(l + m) t))", 1 - 0.987925148304192),
      RANDOM("mean over 3600 s", "its integral over t, by t", 1 - 0.976204640095181)}},
    {"sixteen",
     "16 components",
     simulate_components,
     &sixteen,
     NULL,
     40,
     1,
     {RANDOM("P(2 or more down)", "1 - A^16 - 16 A^15 (1 - A)", 1 - 0.943074906902029)}},
    {"restart-300",
     "job of 300 s that begins anew",
     simulate_job,
     &restart300,
     &job_variation,
     40,
     1,
     {RANDOM("E[T]", "(exp(l x) - 1)(1/l + R)", 320.675942733335)}},
    {"restart-3600",
     "job of 3600 s that begins anew",
     simulate_job,
     &restart3600,
     &job_variation,
     40,
     1,
     {RANDOM("E[T]", "(exp(l x) - 1)(1/l + R)", 6340.45994701388)}},
    {"resume-300",
     "job of 300 s that goes on",
     simulate_job,
     &resume300,
     &job_variation,
     40,
     1,
     {RANDOM("E[T]", "x (1 + l R)", 307.5)}},
    {"resume-3600",
     "job of 3600 s that goes on",
     simulate_job,
     &resume3600,
     &job_variation,
     40,
     1,
     {RANDOM("E[T]", "x (1 + l R)", 3690)}},
};

const struct theory_group theory_reliability = {"reliability", programs,
                                                sizeof programs / sizeof programs[0]};
