/* Gamma, Weibull, and the normal truncated at 0. */
#include "sim/fit/fit_internal.h"

#include <gsl/gsl_math.h>
#include <gsl/gsl_sf_erf.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sf_psi.h>
#include <math.h>

/* ---- gamma(k, s): log k - psi(k) = log(mean) - mean(log), s = mean/k ---- */

double fit_gamma_likelihood(const double *p, const double *x, size_t n)
{
    double sum = 0;
    double logs = 0;
    if (!(p[0] > 0 && p[1] > 0) || x[0] <= 0) {
        return -INFINITY;
    }
    for (size_t i = 0; i < n; i++) {
        sum += x[i];
        logs += log(x[i]);
    }
    return (p[0] - 1) * logs - sum / p[1] - (double)n * (p[0] * log(p[1]) + gsl_sf_lngamma(p[0]));
}

/* Falls from infinity to minus the wanted value. */
static double gamma_slope(double log_shape, void *self)
{
    const double *const wanted = self;
    return log_shape - gsl_sf_psi(exp(log_shape)) - *wanted;
}

/* 1/(2k) < log k - psi(k) < 1/k brackets the root (Alzer, Math. Comp. 66, 1997). */
double fit_gamma_shape(double log_mean_less_mean_log)
{
    const double low = log(0.5 / log_mean_less_mean_log);
    return exp(fit_root(gamma_slope, &log_mean_less_mean_log, low - 1e-9, low + log(2) + 1e-9));
}

void fit_gamma(const struct fit_data *d, const double *start, struct fit_result *r)
{
    (void)start;
    r->p[0] = fit_gamma_shape(log(d->mean) - d->mean_log);
    r->p[1] = d->mean / r->p[0];
}

/* Where the likelihood is smooth around its maximum. All parameters are above 0. */
void fit_regular_errors(const struct fit_family *family, const struct fit_data *d,
                        struct fit_result *r)
{
    fit_information(family, d, 0, r->p, r);
}

/* ---- weibull(k, s): sum x^k ln x / sum x^k - 1/k = mean(ln x), s^k = mean(x^k). The powers are
 * taken relative to the greatest value, so none overflows. ---- */

double fit_weibull_likelihood(const double *p, const double *x, size_t n)
{
    double powers = 0;
    double logs = 0;
    if (!(p[0] > 0 && p[1] > 0) || x[0] <= 0) {
        return -INFINITY;
    }
    const double log_scale = log(p[1]);
    for (size_t i = 0; i < n; i++) {
        const double y = log(x[i]) - log_scale;
        logs += y;
        powers += exp(p[0] * y);
    }
    return (double)n * (log(p[0]) - log_scale) + (p[0] - 1) * logs - powers;
}

struct weibull {
    const double *log_x;
    size_t n;
    double mean, max;
};

static double weibull_slope(double log_shape, void *self)
{
    const struct weibull *const s = self;
    const double shape = exp(log_shape);
    double powers = 0;
    double moments = 0;
    for (size_t i = 0; i < s->n; i++) {
        const double y = s->log_x[i] - s->max;
        const double power = exp(shape * y);
        powers += power;
        moments += power * y;
    }
    return moments / powers - 1 / shape - (s->mean - s->max);
}

/* The function rises; the bracket grows by factors of e from a guess. */
double fit_weibull_shape(const double *log_x, size_t n, double mean, double max)
{
    struct weibull s = {log_x, n, mean, max};
    double low = -log(max - mean); /* 1/k is of the order of the spread of the logarithms */
    double high = low;
    if (!isfinite(low)) {
        return NAN; /* the values differ in their last bits only */
    }
    while (weibull_slope(low, &s) > 0 && low > -20) {
        high = low;
        low -= 1;
    }
    while (low == high || (weibull_slope(high, &s) < 0 && high < 20)) {
        low = high;
        high += 1;
    }
    return exp(fit_root(weibull_slope, &s, low, high));
}

double fit_weibull_scale(const double *log_x, size_t n, double shape, double max)
{
    double powers = 0;
    for (size_t i = 0; i < n; i++) {
        powers += exp(shape * (log_x[i] - max));
    }
    return exp(max + log(powers / (double)n) / shape);
}

void fit_weibull(const struct fit_data *d, const double *start, struct fit_result *r)
{
    const double least_shape = 0.05; /* of the grammar: below, the mean overflows */
    (void)start;
    for (size_t i = 0; i < d->n; i++) {
        d->scratch[i] = log(d->x[i]);
    }
    const double max = log(d->max);
    r->p[0] = fit_weibull_shape(d->scratch, d->n, d->mean_log, max);
    r->p[1] = fit_weibull_scale(d->scratch, d->n, r->p[0], max);
    if (!(r->p[0] >= least_shape)) {
        fit_exclude(r, "its shape would lie below 0.05, the least that the grammar takes");
    }
}

/* ---- normal(m, s) cut off at 0: density phi((x - m)/s)/s over Phi(m/s). Mean and standard
 * deviation of the sample suffice, so a step of the search costs nothing. ---- */

static double normal_likelihood(double m, double s, double mean, double sd, double n)
{
    const double lowest = -8; /* m/s, of the grammar */
    if (!(s > 0) || m < lowest * s) {
        return -INFINITY;
    }
    const double squares = (sd * sd + (mean - m) * (mean - m)) / (s * s);
    const double log_kept = gsl_sf_log_erfc(-m / s / M_SQRT2) - M_LN2;
    return -n * (squares / 2 + log(s) + log(2 * M_PI) / 2 + log_kept);
}

double fit_normal_likelihood(const double *p, const double *x, size_t n)
{
    struct fit_data d = {.x = x, .n = n};
    if (x[0] < 0) {
        return -INFINITY;
    }
    fit_data_moments(&d);
    return normal_likelihood(p[0], p[1], d.mean, d.sd, (double)n);
}

/* Parameters of the search: m and ln s, in units of the sample's standard deviation. */
static double normal_height(const double *q, void *self)
{
    const struct fit_data *const d = self;
    return normal_likelihood(q[0], exp(q[1]), d->mean / d->sd, 1, (double)d->n);
}

void fit_normal(const struct fit_data *d, const double *start, struct fit_result *r)
{
    struct fit_data copy = *d;
    double q[2] = {start != NULL ? start[0] / d->sd : d->mean / d->sd,
                   start != NULL ? log(start[1] / d->sd) : 0};
    fit_climb(normal_height, &copy, 2, q, (const double[]){0.2, 0.2});
    r->p[0] = q[0] * d->sd;
    r->p[1] = exp(q[1]) * d->sd;
    if (r->p[0] < -7.9 * r->p[1]) {
        fit_exclude(r, "its mean runs below 0 without end, towards an exponential law");
    }
}

void fit_normal_errors(const struct fit_family *family, const struct fit_data *d,
                       struct fit_result *r)
{
    fit_information(family, d, 0, (const double[]){r->p[1], r->p[1]}, r);
}
