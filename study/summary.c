#include "study/summary.h"

#include "sim/stat/interval.h"
#include "sim/stat/sample.h"

#include <math.h>
#include <stdbool.h>

enum sim_err summary_of(const double value[], uint32_t n, double confidence,
                        struct metric_summary *s)
{
    struct sim_tally tally = {0};
    struct sim_sample sample = {0};
    bool all_finite = true;
    for (uint32_t r = 0; r < n; r++) {
        if (isnan(value[r])) {
            continue; /* not measured */
        }
        all_finite = all_finite && isfinite(value[r]);
        if (sim_sample_add(&sample, value[r]) != SIM_OK) {
            sim_sample_fini(&sample);
            return SIM_ENOMEM;
        }
        sim_tally_add(&tally, value[r]);
    }
    const struct sim_interval none = {NAN, NAN};
    const struct sim_interval interval =
        tally.n > 0 ? sim_interval_student(&tally, confidence) : none;
    sim_sample_sort(&sample);
    *s = (struct metric_summary){
        .n = n,
        .mean = all_finite ? interval.mean : (double)INFINITY,
        .half_width = all_finite ? interval.half_width : (double)NAN,
        .min = sim_sample_quantile(&sample, 0),
        .p05 = sim_sample_quantile(&sample, 0.05),
        .p50 = sim_sample_quantile(&sample, 0.5),
        .p95 = sim_sample_quantile(&sample, 0.95),
        .max = sim_sample_quantile(&sample, 1),
    };
    sim_sample_fini(&sample);
    return SIM_OK;
}
