#include "cli/screening.h"

#include "cli/observe.h"
#include "cli/stop.h"
#include "models/scenario_load.h"
#include "models/schema.h"
#include "sim/base/assert.h"
#include "sim/run/replicate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SORTED_BY = SENSITIVITY_N_FIGURES - 1, N_RESAMPLES = 500 };

/* What the points share while they run. */
struct points {
    const struct settings *settings;
    const struct scenario *scenario;
    const struct screening *screening;
    const double *place;                   /* [point][factor] */
    double *result[SENSITIVITY_N_FIGURES]; /* [point]; NaN: no valid scenario */
    bool *is_never[SENSITIVITY_N_FIGURES]; /* [point] */
};

/* ---- One point ---- */

/* The mean over replications; "never" counts as the horizon, the least that it can be. */
static double mean(const double value[], uint32_t n, double horizon, bool *is_never)
{
    double sum = 0;
    for (uint32_t r = 0; r < n; r++) {
        *is_never = *is_never || isinf(value[r]);
        sum += isinf(value[r]) ? horizon : value[r];
    }
    return sum / n;
}

static enum sim_err observe_point(const struct points *p, uint32_t i, const struct scenario *s,
                                  struct sim_error *e)
{
    const char *names[SENSITIVITY_N_FIGURES];
    for (int k = 0; k < SENSITIVITY_N_FIGURES; k++) {
        names[k] = sensitivity_figures[k].metric;
    }
    double *const value = calloc((size_t)SENSITIVITY_N_FIGURES * s->replications, sizeof *value);
    if (value == NULL) {
        return sim_fail_memory(e, "the figures of a point");
    }
    const enum sim_err err =
        observe(s, 0, s->replications, 1, names, SENSITIVITY_N_FIGURES, value, e);
    for (size_t k = 0; k < SENSITIVITY_N_FIGURES && err == SIM_OK; k++) {
        p->result[k][i] =
            mean(value + k * s->replications, s->replications, s->horizon_s, &p->is_never[k][i]);
    }
    free(value);
    return err;
}

static enum sim_err run_point(void *context, uint32_t i, struct sim_error *e)
{
    const struct points *const p = context;
    const struct screening *const s = p->screening;
    struct settings changed;
    struct scenario variant = {0};
    struct problems problems = {0};
    enum sim_err err = settings_copy(p->settings, &changed);
    if (err == SIM_OK) {
        err = factors_place(s->factor, s->n, p->place + i * s->n, p->scenario, &changed);
    }
    if (err == SIM_OK) {
        err = scenario_from_settings(&changed, &variant, &problems);
    }
    if (err == SIM_OK) {
        err = observe_point(p, i, &variant, e);
    } else if (err == SIM_EINVAL && problems.n > 0) {
        for (int k = 0; k < SENSITIVITY_N_FIGURES; k++) {
            p->result[k][i] = NAN;
        }
        err = SIM_OK;
    } else {
        sim_fail_memory(e, "a variant of the scenario");
    }
    problems_fini(&problems);
    scenario_fini(&variant);
    settings_fini(&changed);
    return err;
}

/* ---- What follows from the points ---- */

static void count_points(const struct points *p, struct screening *s)
{
    for (size_t i = 0; i < s->n_points; i++) {
        s->n_invalid += isnan(p->result[0][i]) ? 1 : 0;
        for (size_t k = 0; k < SENSITIVITY_N_FIGURES; k++) {
            s->n_never[k] += p->is_never[k][i] ? 1 : 0;
        }
    }
}

static enum sim_err estimate(const struct points *p, const struct screening_task *t,
                             struct screening *s)
{
    const double confidence = p->scenario->confidence;
    enum sim_err err = SIM_OK;
    for (size_t k = 0; k < SENSITIVITY_N_FIGURES && err == SIM_OK; k++) {
        if (t->method == SCREENING_MORRIS) {
            sim_morris_effects(t->size, s->n, p->place, p->result[k], confidence,
                               s->effect + k * s->n);
        } else {
            err = sim_indices_estimate(p->scenario->seed, t->size, s->n, p->result[k], confidence,
                                       N_RESAMPLES, s->indices + k * s->n, &s->n_used[k]);
        }
    }
    return err;
}

static double importance(const struct screening *s, size_t factor)
{
    const size_t i = SORTED_BY * s->n + factor;
    const double x = s->effect != NULL ? s->effect[i].mu_star : s->indices[i].total.value;
    return isnan(x) ? -1 : x;
}

/* Insertion: there are some dozens; equal ones stay in the order of the keys. */
static void sort_factors(struct screening *s)
{
    for (size_t i = 0; i < s->n; i++) {
        size_t at = i;
        for (; at > 0 && importance(s, s->order[at - 1]) < importance(s, i); at--) {
            s->order[at] = s->order[at - 1];
        }
        s->order[at] = i;
    }
}

/* ---- The whole ---- */

size_t screening_n_points(enum screening_method method, size_t size, size_t n_factors)
{
    return size * (n_factors + (method == SCREENING_MORRIS ? 1 : 2));
}

static bool is_wanted(const struct factor *f, const struct screening_task *t)
{
    bool is_named = t->n_only == 0;
    for (size_t i = 0; i < t->n_only; i++) {
        is_named = is_named || strstr(f->key, t->only[i]) != NULL;
    }
    return is_named;
}

/* A part of some key may be meant; one that no estimate has would be wrong again. */
static enum sim_err fail_only(const char *part, const struct screening *s, struct sim_error *e)
{
    char near[96];
    bool is_near = false;
    if (schema_suggest_part(part, near, sizeof near)) {
        for (size_t i = 0; i < s->n; i++) {
            is_near = is_near || strstr(s->factor[i].key, near) != NULL;
        }
    }
    return sim_fail(e, SIM_EINVAL,
                    "--only %s: no estimate of this scenario has that in its key%s%s%s", part,
                    is_near ? "; did you mean '" : "", is_near ? near : "", is_near ? "'?" : "");
}

static enum sim_err choose_factors(const struct screening_task *t, struct screening *s,
                                   struct sim_error *e)
{
    size_t n = 0;
    for (size_t w = 0; w < t->n_only; w++) {
        const struct screening_task one = {.only = t->only + w, .n_only = 1};
        bool is_known = false;
        for (size_t i = 0; i < s->n; i++) {
            is_known = is_known || is_wanted(&s->factor[i], &one);
        }
        if (!is_known) {
            return fail_only(t->only[w], s, e);
        }
    }
    for (size_t i = 0; i < s->n; i++) {
        if (is_wanted(&s->factor[i], t)) {
            s->factor[n++] = s->factor[i];
        }
    }
    s->n = n;
    return n > 0 ? SIM_OK : sim_fail(e, SIM_EINVAL, "this scenario stands on no estimate");
}

static bool allocate(const struct screening_task *t, struct screening *s, struct points *p)
{
    const size_t n_estimates = SENSITIVITY_N_FIGURES * s->n;
    bool ok = true;
    if (t->method == SCREENING_MORRIS) {
        s->effect = calloc(n_estimates, sizeof *s->effect);
        ok = s->effect != NULL;
    } else {
        s->indices = calloc(n_estimates, sizeof *s->indices);
        ok = s->indices != NULL;
    }
    s->order = calloc(s->n, sizeof *s->order);
    for (int k = 0; k < SENSITIVITY_N_FIGURES; k++) {
        p->result[k] = calloc(s->n_points, sizeof(double));
        p->is_never[k] = calloc(s->n_points, sizeof(bool));
        ok = ok && p->result[k] != NULL && p->is_never[k] != NULL;
    }
    return ok && s->order != NULL;
}

static void show_progress(void *context, uint32_t n_done, uint32_t n)
{
    (void)context;
    fprintf(stderr, "\rpoints: %u of %u%s", n_done, n, n_done == n ? "\n" : "");
    fflush(stderr);
}

static enum sim_err run_points(const struct screening_task *t, struct points *p,
                               struct screening *s, struct sim_error *e)
{
    SIM_ASSERT(s->n > 0 && t->size > 0);
    double *const place = calloc(s->n_points * s->n, sizeof *place);
    enum sim_err err = place != NULL && allocate(t, s, p) ? SIM_OK : SIM_ENOMEM;
    if (err == SIM_OK) {
        err = t->method == SCREENING_MORRIS
                  ? sim_morris_design(p->scenario->seed, t->size, s->n, place)
                  : sim_indices_design(p->scenario->seed, t->size, s->n, place);
    }
    p->place = place;
    sim_fail_memory(e, "the points"); /* replaced by what sim_replicate says */
    if (err == SIM_OK) {
        const struct sim_experiment experiment = {.run = run_point,
                                                  .progress = t->progress ? show_progress : NULL,
                                                  .stop_requested = stop_requested,
                                                  .context = p};
        err = sim_replicate(&experiment, (uint32_t)s->n_points, t->threads, e);
    }
    if (err == SIM_OK) {
        count_points(p, s);
        err = estimate(p, t, s);
    }
    free(place);
    return err;
}

enum sim_err screening_run(const struct settings *settings, const struct scenario *scenario,
                           const struct screening_task *task, struct screening *out,
                           struct sim_error *e)
{
    struct points p = {.settings = settings, .scenario = scenario, .screening = out};
    *out = (struct screening){0};
    if (factors_of(settings, scenario, &out->factor, &out->n) != SIM_OK) {
        return sim_fail_memory(e, "the list of estimates");
    }
    enum sim_err err = choose_factors(task, out, e);
    out->n_points = screening_n_points(task->method, task->size, out->n);
    if (err == SIM_OK) {
        err = run_points(task, &p, out, e);
    }
    for (int k = 0; k < SENSITIVITY_N_FIGURES; k++) {
        free(p.result[k]);
        free(p.is_never[k]);
    }
    if (err == SIM_OK) {
        sort_factors(out);
    } else {
        screening_fini(out);
    }
    return err;
}

void screening_fini(struct screening *s)
{
    free(s->factor);
    free(s->effect);
    free(s->indices);
    free(s->order);
    *s = (struct screening){0};
}
