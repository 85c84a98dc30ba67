#include "cli/sensitivity.h"

#include "cli/observe.h"
#include "cli/paired.h"
#include "models/scenario_load.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const struct sensitivity_figure sensitivity_figures[SENSITIVITY_N_FIGURES] = {
    {"basic_p50_s", "s", "half have today's mail", "min", 60, 1},
    {"full_max_s", "s", "all have everything", "min", 60, 1},
    {"user_minutes_lost", "min", "user-minutes lost", "min", 1, 0},
};

enum { SORTED_BY = 2 };

enum {
    OUTSIDE_SHARE = SENSITIVITY_N_FIGURES,
    N_OBSERVED,
};

/* The watched figures of all replications of a scenario, and where the model does not hold. */
struct observations {
    double *value; /* N_OBSERVED times n, as observe() leaves them */
    uint32_t n;
};

static const double *figure(const struct observations *o, int i)
{
    return o->value + (size_t)i * o->n;
}

static enum sim_err observe_all(const struct scenario *scenario, uint32_t threads,
                                struct observations *o, struct sim_error *e)
{
    const char *names[N_OBSERVED] = {[OUTSIDE_SHARE] = "outside_model_share"};
    for (int i = 0; i < SENSITIVITY_N_FIGURES; i++) {
        names[i] = sensitivity_figures[i].metric;
    }
    o->n = scenario->replications;
    o->value = calloc((size_t)N_OBSERVED * o->n, sizeof *o->value);
    if (o->value == NULL) {
        return sim_fail_memory(e, "the figures of the replications");
    }
    return observe(scenario, 0, o->n, threads, names, N_OBSERVED, o->value, e);
}

static double mean(const double value[], uint32_t n)
{
    return paired_interval(value, NULL, n, 0.95).mean;
}

static void compare(const struct observations ends[FACTOR_N_ENDS], double confidence,
                    struct effect effect[SENSITIVITY_N_FIGURES])
{
    for (int i = 0; i < SENSITIVITY_N_FIGURES; i++) {
        const double *const low = figure(&ends[FACTOR_LOW], i);
        const double *const high = figure(&ends[FACTOR_HIGH], i);
        const uint32_t n = ends[FACTOR_LOW].n;
        const struct sim_interval change = paired_interval(high, low, n, confidence);
        effect[i] = (struct effect){.mean = {mean(low, n), mean(high, n)},
                                    .change = change.mean,
                                    .half_width = change.half_width};
    }
}

/* Runs one end of a factor's range; an end that is no valid scenario is told in `row`. */
static enum sim_err observe_end(const struct settings *settings, const struct scenario *scenario,
                                enum factor_end end, uint32_t threads, struct sensitivity_row *row,
                                struct observations *o, struct sim_error *e)
{
    struct settings changed;
    struct scenario variant = {0};
    struct problems problems = {0};
    enum sim_err err = settings_copy(settings, &changed);
    if (err == SIM_OK) {
        err = factor_apply(row->factor, end, scenario, &changed);
    }
    if (err == SIM_OK) {
        err = scenario_from_settings(&changed, &variant, &problems);
    }
    if (err == SIM_OK) {
        err = observe_all(&variant, threads, o, e);
        row->outside_share[end] = err == SIM_OK ? mean(figure(o, OUTSIDE_SHARE), o->n) : 0;
    } else if (err == SIM_EINVAL && problems.n > 0) {
        snprintf(row->problem, sizeof row->problem, "at %s: %s", row->factor->end[end],
                 problems.item[0].text);
        err = SIM_OK;
    } else {
        sim_fail_memory(e, "a variant of the scenario");
    }
    problems_fini(&problems);
    scenario_fini(&variant);
    settings_fini(&changed);
    return err;
}

static enum sim_err run_row(const struct settings *settings, const struct scenario *scenario,
                            uint32_t threads, struct sensitivity_row *row, struct sim_error *e)
{
    struct observations ends[FACTOR_N_ENDS] = {0};
    enum sim_err err = SIM_OK;
    for (int end = 0; end < FACTOR_N_ENDS && err == SIM_OK && *row->problem == '\0'; end++) {
        err = observe_end(settings, scenario, (enum factor_end)end, threads, row, &ends[end], e);
    }
    if (err == SIM_OK && *row->problem == '\0') {
        compare(ends, scenario->confidence, row->effect);
    }
    free(ends[FACTOR_LOW].value);
    free(ends[FACTOR_HIGH].value);
    return err;
}

static enum sim_err run_base(const struct scenario *scenario, uint32_t threads,
                             struct sensitivity *s, struct sim_error *e)
{
    struct observations o = {0};
    const enum sim_err err = observe_all(scenario, threads, &o, e);
    for (int i = 0; i < SENSITIVITY_N_FIGURES && err == SIM_OK; i++) {
        const struct sim_interval interval =
            paired_interval(figure(&o, i), NULL, o.n, scenario->confidence);
        s->mean[i] = interval.mean;
        s->half_width[i] = interval.half_width;
    }
    free(o.value);
    return err;
}

/* Largest change first, "never" before all; ties by key, so that the order is the same everywhere. */
static int by_change(const void *a, const void *b)
{
    const struct sensitivity_row *const x = a;
    const struct sensitivity_row *const y = b;
    const double dx = fabs(x->effect[SORTED_BY].change);
    const double dy = fabs(y->effect[SORTED_BY].change);
    if (dx > dy || dx < dy) {
        return dx > dy ? -1 : 1;
    }
    return strcmp(x->factor->key, y->factor->key);
}

static void show_progress(size_t n_done, size_t n)
{
    fprintf(stderr, "\restimates: %zu of %zu%s", n_done, n, n_done == n ? "\n" : "");
    fflush(stderr);
}

static enum sim_err run_rows(const struct settings *settings, const struct scenario *scenario,
                             uint32_t threads, bool progress, struct sensitivity *s,
                             struct sim_error *e)
{
    enum sim_err err = SIM_OK;
    s->row = calloc(s->n + 1, sizeof *s->row);
    if (s->row == NULL) {
        return sim_fail_memory(e, "the effects");
    }
    for (size_t i = 0; i < s->n && err == SIM_OK; i++) {
        s->row[i].factor = &s->factor[i];
        err = run_row(settings, scenario, threads, &s->row[i], e);
        if (progress) {
            show_progress(i + 1, s->n);
        }
    }
    if (err == SIM_OK) {
        qsort(s->row, s->n, sizeof *s->row, by_change);
    }
    return err;
}

enum sim_err sensitivity_run(const struct settings *settings, const struct scenario *scenario,
                             uint32_t threads, bool progress, struct sensitivity *out,
                             struct sim_error *e)
{
    *out = (struct sensitivity){0};
    enum sim_err err = factors_of(settings, scenario, &out->factor, &out->n);
    if (err != SIM_OK) {
        return sim_fail_memory(e, "the list of estimates");
    }
    err = run_base(scenario, threads, out, e);
    if (err == SIM_OK) {
        err = run_rows(settings, scenario, threads, progress, out, e);
    }
    if (err != SIM_OK) {
        sensitivity_fini(out);
    }
    return err;
}

void sensitivity_fini(struct sensitivity *s)
{
    free(s->factor);
    free(s->row);
    *s = (struct sensitivity){0};
}
