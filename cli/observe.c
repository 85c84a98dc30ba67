#include "cli/observe.h"

#include "cli/stop.h"
#include "models/metrics.h"
#include "models/world.h"
#include "sim/run/replicate.h"

#include <stdlib.h>

struct task {
    const struct scenario *scenario;
    uint32_t first, n;
    const char *const *metric;
    size_t n_metrics;
    double *value;
};

static enum sim_err run_one(void *context, uint32_t r, struct sim_error *e)
{
    const struct task *const t = context;
    struct run_result result;
    size_t n;
    const enum sim_err err = world_run(t->scenario, t->first + r, stop_requested, NULL, &result, e);
    if (err != SIM_OK) {
        return err;
    }
    struct metric *const all = metrics_of(&result, &n);
    for (size_t k = 0; k < t->n_metrics && all != NULL; k++) {
        t->value[k * t->n + r] = all[metrics_find(all, n, t->metric[k])].value;
    }
    run_result_fini(&result);
    const bool has_memory = all != NULL;
    free(all);
    return has_memory ? SIM_OK : sim_fail_memory(e, "metrics");
}

enum sim_err observe(const struct scenario *scenario, uint32_t first, uint32_t n, uint32_t threads,
                     const char *const metric[], size_t n_metrics, double value[],
                     struct sim_error *e)
{
    struct task task = {scenario, first, n, metric, n_metrics, value};
    const struct sim_experiment experiment = {
        .run = run_one, .stop_requested = stop_requested, .context = &task};
    return sim_replicate(&experiment, n, threads, e);
}
