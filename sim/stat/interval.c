#include "sim/stat/interval.h"

#include "sim/base/assert.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

struct sim_interval sim_interval_student(const struct sim_tally *t, double confidence)
{
    SIM_ASSERT(confidence > 0 && confidence < 1);
    struct sim_interval interval = {t->mean, NAN};
    if (t->n >= 2) {
        const double quantile = gsl_cdf_tdist_Pinv((1 + confidence) / 2, (double)(t->n - 1));
        interval.half_width = quantile * sim_tally_sd(t) / sqrt((double)t->n);
    }
    return interval;
}

void sim_interval_proportion(uint64_t k, uint64_t n, double confidence, double *low, double *high)
{
    SIM_ASSERT(n > 0 && k <= n && confidence > 0 && confidence < 1);
    const double tail = (1 - confidence) / 2;
    const double hits = (double)k;
    const double misses = (double)(n - k);
    *low = k == 0 ? 0 : gsl_cdf_beta_Pinv(tail, hits, misses + 1);
    *high = k == n ? 1 : gsl_cdf_beta_Pinv(1 - tail, hits + 1, misses);
}
