/* cli/study.h -- the replications of a scenario, run on threads, stopped by signals. */
#ifndef CLI_STUDY_H
#define CLI_STUDY_H

#include "models/metrics.h"
#include "models/world.h"
#include "study/summary.h"

struct study {
    const struct scenario *scenario;
    uint32_t n; /* replications */
    struct run_result *result;
    struct metric **metric; /* by replication: n_metrics each */
    size_t n_metrics;
    struct metric_summary *summary; /* n_metrics */
};

/* Runs all replications; with `progress`, a line on stderr says how far it is. A stop that
 * is requested (stop.h) ends it with SIM_ESTOPPED. On an error `*study` is empty. */
SIM_MUST_CHECK enum sim_err study_run(const struct scenario *scenario, uint32_t threads,
                                      bool progress, struct study *study, struct sim_error *e);
void study_fini(struct study *study);

/* The summary of a metric by name; asserts that there is one. */
struct metric_summary study_summary_of(const struct study *study, const char *metric);

#endif
