#include "cli/study.h"

#include "cli/stop.h"
#include "sim/run/replicate.h"

#include <stdio.h>
#include <stdlib.h>

static enum sim_err run_one(void *context, uint32_t r, struct sim_error *e)
{
    struct study *const s = context;
    size_t n_metrics;
    const enum sim_err err = world_run(s->scenario, r, stop_requested, NULL, &s->result[r], e);
    if (err != SIM_OK) {
        return err;
    }
    s->metric[r] = metrics_of(&s->result[r], &n_metrics);
    return s->metric[r] != NULL ? SIM_OK : sim_fail_memory(e, "metrics");
}

static void show_progress(void *context, uint32_t n_done, uint32_t n)
{
    (void)context;
    fprintf(stderr, "\rreplications: %u of %u%s", n_done, n, n_done == n ? "\n" : "");
    fflush(stderr);
}

static enum sim_err summarize_all(struct study *s, struct sim_error *e)
{
    double *const value = calloc((size_t)s->n + 1, sizeof *value);
    struct metric *const first = metrics_of(&s->result[0], &s->n_metrics);
    s->summary = first != NULL ? calloc(s->n_metrics + 1, sizeof *s->summary) : NULL;
    enum sim_err err = s->summary != NULL && value != NULL ? SIM_OK : SIM_ENOMEM;
    for (size_t i = 0; i < s->n_metrics && err == SIM_OK; i++) {
        for (uint32_t r = 0; r < s->n; r++) {
            value[r] = s->metric[r][i].value;
        }
        err = summary_of(value, s->n, s->scenario->confidence, &s->summary[i]);
    }
    free(value);
    free(first);
    return err == SIM_OK ? SIM_OK : sim_fail_memory(e, "the figures over the replications");
}

static enum sim_err run_all(struct study *s, uint32_t threads, bool progress, struct sim_error *e)
{
    const struct sim_experiment experiment = {.run = run_one,
                                              .progress = progress ? show_progress : NULL,
                                              .stop_requested = stop_requested,
                                              .context = s};
    const enum sim_err err = sim_replicate(&experiment, s->n, threads, e);
    return err == SIM_OK ? summarize_all(s, e) : err;
}

enum sim_err study_run(const struct scenario *scenario, uint32_t threads, bool progress,
                       struct study *study, struct sim_error *e)
{
    *study = (struct study){.scenario = scenario, .n = scenario->replications};
    study->result = calloc(study->n, sizeof *study->result);
    study->metric = calloc(study->n, sizeof *study->metric);
    const bool has_memory = study->result != NULL && study->metric != NULL;
    const enum sim_err err =
        has_memory ? run_all(study, threads, progress, e) : sim_fail_memory(e, "the results");
    if (err != SIM_OK) {
        study_fini(study);
    }
    return err;
}

void study_fini(struct study *study)
{
    for (uint32_t r = 0; r < study->n; r++) {
        if (study->result != NULL) {
            run_result_fini(&study->result[r]);
        }
        if (study->metric != NULL) {
            free(study->metric[r]);
        }
    }
    free(study->result);
    free(study->metric);
    free(study->summary);
    *study = (struct study){0};
}

struct metric_summary study_summary_of(const struct study *study, const char *metric)
{
    return study->summary[metrics_find(study->metric[0], study->n_metrics, metric)];
}
