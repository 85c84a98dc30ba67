#include "cli/paired.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdbool.h>

struct sim_interval paired_interval(const double to[], const double from[], uint32_t n,
                                    double confidence)
{
    struct sim_tally tally = {0};
    bool is_finite = true;
    for (uint32_t r = 0; r < n; r++) {
        const double value = from == NULL ? to[r] : to[r] - from[r];
        is_finite = is_finite && isfinite(value);
        sim_tally_add(&tally, value);
    }
    const struct sim_interval never = {INFINITY, NAN};
    return is_finite ? sim_interval_student(&tally, confidence) : never;
}

double paired_correlation(const double a[], const double b[], uint32_t n)
{
    return n < 2 ? (double)NAN : gsl_stats_correlation(a, 1, b, 1, n);
}
