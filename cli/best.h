/* cli/best.h -- which alternative is the best, with a stated guarantee. */
#ifndef CLI_BEST_H
#define CLI_BEST_H

#include "cli/alternatives.h"

struct best_task {
    const char *metric;  /* less is better */
    double indifference; /* in the unit of the metric; > 0 */
    uint32_t most;       /* replications of each at most */
    uint32_t threads;
    bool progress;
};

struct best_result {
    size_t best;     /* the selected alternative */
    bool is_decided; /* false: `most` replications were not enough, `best` is only the least mean */
    uint32_t replications; /* of each alternative that stayed to the end */
};

/* Procedure KN (sim/stat/selection.h) with the confidence of the scenarios. SIM_EINVAL for a metric that
 * is "never" in a replication, with the place. */
SIM_MUST_CHECK enum sim_err best_find(const struct alternatives *a, const struct best_task *task,
                                      struct best_result *result, struct sim_error *e);

#endif
