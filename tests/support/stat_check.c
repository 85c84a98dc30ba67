#include "tests/support/stat_check.h"

#include <math.h>
#include <stdlib.h>

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

double ks_distance(double *sample, size_t n, const struct sim_dist *law)
{
    double distance = 0;
    qsort(sample, n, sizeof *sample, compare_doubles);
    for (size_t i = 0; i < n; i++) {
        const double p = sim_dist_cdf(law, sample[i]);
        distance = fmax(distance, fmax((double)(i + 1) / (double)n - p, p - (double)i / (double)n));
    }
    return distance;
}

/* P(sqrt(n) D > x) ~ 2 exp(-2 x^2), so x = sqrt(ln(2/0.001)/2). */
double ks_critical(size_t n)
{
    return sqrt(log(2 / 0.001) / 2 / (double)n);
}
