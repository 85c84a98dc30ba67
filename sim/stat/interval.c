#include "sim/stat/interval.h"

#include "sim/base/assert.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdbool.h>

double sim_interval_critical(uint64_t n, double confidence)
{
    return gsl_cdf_tdist_Pinv((1 + confidence) / 2, (double)(n - 1));
}

struct sim_interval sim_interval_student(const struct sim_tally *t, double confidence)
{
    SIM_ASSERT(confidence > 0 && confidence < 1);
    struct sim_interval interval = {t->mean, NAN};
    if (t->n >= 2) {
        const double critical = sim_interval_critical(t->n, confidence);
        interval.half_width = critical * sim_tally_sd(t) / sqrt((double)t->n);
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

/* P(N <= k - 1) for N ~ Bin(n, p), k from 0 to n + 1. */
static double below(uint64_t k, double p, uint64_t n)
{
    return k == 0 ? 0 : gsl_cdf_binomial_P((unsigned)(k - 1), p, (unsigned)n);
}

/* The least k in 1..n + 1 with P(N <= k - 1) > bound, or >= bound; by bisection. */
static uint64_t first_above(double bound, bool or_equal, double p, uint64_t n)
{
    uint64_t low = 0;
    uint64_t high = n + 1;
    while (high - low > 1) {
        const uint64_t middle = low + (high - low) / 2;
        const double x = below(middle, p, n);
        if (x > bound || (or_equal && x >= bound)) {
            high = middle;
        } else {
            low = middle;
        }
    }
    return high;
}

struct sim_quantile_interval sim_interval_quantile(const struct sim_sample *s, double p,
                                                   double confidence)
{
    SIM_ASSERT(p > 0 && p < 1 && confidence > 0 && confidence < 1);
    SIM_ASSERT(s->n == 0 || s->sorted);
    const uint64_t n = s->n;
    struct sim_quantile_interval i = {-INFINITY, INFINITY, 1, 0, n + 1};
    if (n == 0) {
        return i;
    }
    i.l = first_above((1 - confidence) / 2, false, p, n) - 1;
    i.u = first_above((1 + confidence) / 2, true, p, n);
    i.coverage = (i.u == n + 1 ? 1 : below(i.u, p, n)) - below(i.l, p, n);
    if (i.l >= 1) {
        i.low = s->value[i.l - 1];
    }
    if (i.u <= n) {
        i.high = s->value[i.u - 1];
    }
    return i;
}

uint64_t sim_interval_quantile_needs(double p, double confidence)
{
    SIM_ASSERT(p > 0 && p < 1 && confidence > 0 && confidence < 1);
    return (uint64_t)ceil(log((1 - confidence) / 2) / log(fmax(p, 1 - p)));
}
