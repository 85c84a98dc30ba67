#include "tests/support/run_text.h"

#include "tests/support/check.h"

#include <stdlib.h>

void run_text(const char *yaml, uint32_t replication, struct run_result *result)
{
    struct scenario scenario;
    struct sim_error e = {SIM_OK, ""};
    scenario_from_text(yaml, &scenario);
    if (world_run(&scenario, replication, NULL, NULL, result, &e) != SIM_OK) {
        fail_msg("%s", e.text);
    }
    scenario_fini(&scenario);
}

double metric_of(const struct run_result *result, const char *name)
{
    size_t n;
    struct metric *const m = metrics_of(result, &n);
    assert_non_null(m);
    const double value = m[metrics_find(m, n, name)].value;
    free(m);
    return value;
}
