#include "cli/quantiles.h"

#include <stdlib.h>

enum sim_err study_quantile(const struct study *study, size_t metric, double p,
                            struct replication_quantile *out)
{
    double *const value = calloc((size_t)study->n + 1, sizeof *value);
    if (value == NULL) {
        return SIM_ENOMEM;
    }
    for (uint32_t r = 0; r < study->n; r++) {
        value[r] = study->metric[r][metric].value;
    }
    const enum sim_err err =
        replication_quantile(value, study->n, p, study->scenario->confidence, out);
    free(value);
    return err;
}
