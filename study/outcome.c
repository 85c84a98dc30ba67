#include "study/outcome.h"

#include "models/collect.h"
#include "study/distribution.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static enum sim_err keep(const struct sim_series *from, size_t column, const char *name,
                         struct kept_series *to)
{
    const size_t n = sim_series_n_rows(from);
    *to = (struct kept_series){strdup(name), sim_series_step_s(from), n,
                               calloc(n + 1, sizeof *to->value)};
    if (to->name == NULL || to->value == NULL) {
        return SIM_ENOMEM;
    }
    for (size_t i = 0; i < n; i++) {
        to->value[i] = sim_series_row(from, i)[column];
    }
    return SIM_OK;
}

static enum sim_err keep_all(const struct scenario *scenario, const struct run_result *result,
                             char *const series[], size_t n_series, struct outcome *o)
{
    size_t n_columns;
    struct series_column *const column = collect_columns(scenario, &n_columns);
    o->series = calloc(n_series + 1, sizeof *o->series);
    enum sim_err err = column != NULL && o->series != NULL ? SIM_OK : SIM_ENOMEM;
    for (size_t k = 0; k < n_series && err == SIM_OK; k++) {
        if (distribution_is(series[k])) {
            err = distribution_of(result, series[k], &o->series[o->n_series++]);
            continue;
        }
        for (size_t i = 0; i < n_columns && err == SIM_OK; i++) {
            if (strcmp(column[i].name, series[k]) == 0) {
                err = keep(result->series, i, series[k], &o->series[o->n_series++]);
            }
        }
    }
    free(column);
    return err;
}

enum sim_err outcome_run(const struct scenario *scenario, uint32_t r, char *const series[],
                         size_t n_series, bool (*stop_requested)(void *context), struct outcome *o,
                         struct sim_error *e)
{
    struct run_result result;
    *o = (struct outcome){0};
    const double begin_s = now_s();
    enum sim_err err = world_run(scenario, r, stop_requested, NULL, &result, e);
    if (err != SIM_OK) {
        return err;
    }
    o->metric = metrics_of(&result, &o->n_metrics);
    err = o->metric != NULL ? SIM_OK : SIM_ENOMEM;
    if (err == SIM_OK && n_series > 0) {
        err = keep_all(scenario, &result, series, n_series, o);
    }
    o->wall_s = now_s() - begin_s;
    run_result_fini(&result);
    if (err != SIM_OK) {
        outcome_fini(o);
        return sim_fail_memory(e, "the figures of a run");
    }
    return SIM_OK;
}

void outcome_fini(struct outcome *o)
{
    for (size_t i = 0; i < o->n_series; i++) {
        free(o->series[i].name);
        free(o->series[i].value);
    }
    free(o->series);
    free(o->metric);
    *o = (struct outcome){0};
}

double outcome_figure(const struct outcome *o, const char *name)
{
    for (size_t i = 0; i < o->n_metrics; i++) {
        if (strcmp(o->metric[i].name, name) == 0) {
            return o->metric[i].value;
        }
    }
    return (double)NAN;
}
