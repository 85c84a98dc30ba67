/* What a sample is like: moments, ties, order. */
#include "sim/fit/fit_internal.h"

#include <math.h>

void fit_data_moments(struct fit_data *d)
{
    const double n = (double)d->n;
    double sum = 0;
    double squares = 0;
    for (size_t i = 0; i < d->n; i++) {
        sum += d->x[i];
    }
    d->mean = sum / n;
    for (size_t i = 0; i < d->n; i++) {
        squares += (d->x[i] - d->mean) * (d->x[i] - d->mean);
    }
    d->sd = sqrt(squares / n);
}

static void describe_logs(struct fit_data *d)
{
    const double n = (double)d->n;
    double sum = 0;
    double squares = 0;
    for (size_t i = 0; i < d->n; i++) {
        d->scratch[i] = log(d->x[i]);
        sum += d->scratch[i];
    }
    d->mean_log = sum / n;
    for (size_t i = 0; i < d->n; i++) {
        squares += (d->scratch[i] - d->mean_log) * (d->scratch[i] - d->mean_log);
    }
    d->sd_log = sqrt(squares / n);
}

void fit_data_describe(struct fit_data *d)
{
    d->min = d->x[0];
    d->max = d->x[d->n - 1];
    d->mean_log = d->sd_log = NAN;
    fit_data_moments(d);
    double cubes = 0;
    for (size_t i = 0; i < d->n; i++) {
        const double z = (d->x[i] - d->mean) / d->sd;
        cubes += z * z * z;
    }
    d->skewness = cubes / (double)d->n;
    if (d->min > 0) {
        describe_logs(d);
    }
}
