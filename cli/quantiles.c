#include "cli/quantiles.h"

#include <math.h>

enum sim_err replication_quantile(const struct study *study, size_t metric, double p,
                                  struct replication_quantile *out)
{
    struct sim_sample sample = {0};
    enum sim_err err = SIM_OK;
    for (uint32_t r = 0; r < study->n && err == SIM_OK; r++) {
        const double value = study->metric[r][metric].value;
        err = isnan(value) ? SIM_OK : sim_sample_add(&sample, value);
    }
    if (err == SIM_OK) {
        const double confidence = study->scenario->confidence;
        sim_sample_sort(&sample);
        *out =
            (struct replication_quantile){.p = p,
                                          .value = sim_sample_quantile(&sample, p),
                                          .interval = sim_interval_quantile(&sample, p, confidence),
                                          .n = sample.n,
                                          .needs = sim_interval_quantile_needs(p, confidence)};
    }
    sim_sample_fini(&sample);
    return err;
}
