/* Families whose likelihood has its maximum in a closed form, or is one equation away from it. */
#include "sim/fit/fit_internal.h"

#include <math.h>

/* ---- constant(c): only for a sample that is one ---- */

double fit_constant_likelihood(const double *p, const double *x, size_t n)
{
    return x[0] == p[0] && x[n - 1] == p[0] ? 0 : -INFINITY;
}

void fit_constant(const struct fit_data *d, const double *start, struct fit_result *r)
{
    (void)start;
    if (d->min != d->max) {
        fit_exclude(r, "the values differ");
        return;
    }
    r->p[0] = d->min;
}

void fit_no_errors(const struct fit_family *family, const struct fit_data *d, struct fit_result *r)
{
    (void)family;
    (void)d;
    for (int i = 0; i < SIM_FIT_PARAMETERS; i++) {
        r->error[i] = NAN;
    }
}

/* ---- uniform(a, b): the extremes. Each is off by an exponential amount of mean (b - a)/n ---- */

double fit_uniform_likelihood(const double *p, const double *x, size_t n)
{
    if (!(p[0] < p[1]) || x[0] < p[0] || x[n - 1] > p[1]) {
        return -INFINITY;
    }
    return -(double)n * log(p[1] - p[0]);
}

void fit_uniform(const struct fit_data *d, const double *start, struct fit_result *r)
{
    (void)start;
    r->p[0] = d->min;
    r->p[1] = d->max;
}

void fit_uniform_errors(const struct fit_family *family, const struct fit_data *d,
                        struct fit_result *r)
{
    (void)family;
    r->error[0] = r->error[1] = (d->max - d->min) / (double)d->n;
}

/* ---- exponential(m): the mean ---- */

double fit_exponential_likelihood(const double *p, const double *x, size_t n)
{
    double sum = 0;
    if (!(p[0] > 0) || x[0] < 0) {
        return -INFINITY;
    }
    for (size_t i = 0; i < n; i++) {
        sum += x[i];
    }
    return -(double)n * log(p[0]) - sum / p[0];
}

void fit_exponential(const struct fit_data *d, const double *start, struct fit_result *r)
{
    (void)start;
    r->p[0] = d->mean;
}

void fit_exponential_errors(const struct fit_family *family, const struct fit_data *d,
                            struct fit_result *r)
{
    (void)family;
    r->error[0] = r->p[0] / sqrt((double)d->n);
}

/* ---- lognormal(median, sigma): mean and standard deviation of the logarithms ---- */

double fit_lognormal_likelihood(const double *p, const double *x, size_t n)
{
    double squares = 0;
    double logs = 0;
    if (!(p[0] > 0 && p[1] > 0) || x[0] <= 0) {
        return -INFINITY;
    }
    const double mu = log(p[0]);
    for (size_t i = 0; i < n; i++) {
        const double y = log(x[i]);
        logs += y;
        squares += (y - mu) * (y - mu);
    }
    return -logs - squares / (2 * p[1] * p[1]) - (double)n * (log(p[1]) + log(2 * M_PI) / 2);
}

void fit_lognormal(const struct fit_data *d, const double *start, struct fit_result *r)
{
    (void)start;
    r->p[0] = exp(d->mean_log);
    r->p[1] = d->sd_log;
}

/* Var(mu) = sigma^2/n, Var(sigma) = sigma^2/(2n). */
void fit_lognormal_errors(const struct fit_family *family, const struct fit_data *d,
                          struct fit_result *r)
{
    (void)family;
    r->error[0] = r->p[0] * r->p[1] / sqrt((double)d->n);
    r->error[1] = r->p[1] / sqrt(2 * (double)d->n);
}

/* ---- pareto(a, L, H), bounded: L and H are the extremes, a the root of
 *     1/a + ln r r^a/(1 - r^a) - mean ln(x/L) = 0,   r = L/H
 * (Aban, Meerschaert, Panorska, JASA 101, 2006), where 0 < a < 1/mean ln(x/L). ---- */

double fit_pareto_likelihood(const double *p, const double *x, size_t n)
{
    if (!(p[0] > 0 && 0 < p[1] && p[1] < p[2]) || x[0] < p[1] || x[n - 1] > p[2]) {
        return -INFINITY;
    }
    double logs = 0;
    for (size_t i = 0; i < n; i++) {
        logs += log(x[i] / p[1]);
    }
    const double mass = -expm1(p[0] * log(p[1] / p[2]));
    return (double)n * (log(p[0]) - log(p[1]) - log(mass)) - (p[0] + 1) * logs;
}

struct pareto {
    double log_r, mean; /* of ln(x/L) */
};

static double pareto_slope(double a, void *self)
{
    const struct pareto *const s = self;
    return 1 / a + s->log_r / expm1(-a * s->log_r) - s->mean;
}

void fit_pareto(const struct fit_data *d, const double *start, struct fit_result *r)
{
    (void)start;
    struct pareto s = {log(d->min / d->max), d->mean_log - log(d->min)};
    const double least = 1e-6;
    if (!(pareto_slope(least, &s) > 0)) {
        fit_exclude(r, "its density falls faster than 1/x, that of these values does not");
        return;
    }
    r->p[0] = fit_root(pareto_slope, &s, least, 1 / s.mean);
    r->p[1] = d->min;
    r->p[2] = d->max;
}

/* The extremes are off by exponential amounts of mean 1/(n density), as those of a uniform law. */
void fit_pareto_errors(const struct fit_family *family, const struct fit_data *d,
                       struct fit_result *r)
{
    (void)family;
    const double a = r->p[0];
    const double log_r = log(r->p[1] / r->p[2]);
    const double n = (double)d->n;
    const double root = 2 * sinh(-a * log_r / 2); /* r^(-a/2) - r^(a/2) */
    r->error[0] = 1 / sqrt(n * (1 / (a * a) - log_r * log_r / (root * root)));
    const double density = a / -expm1(a * log_r) / r->p[1];
    r->error[1] = 1 / (n * density);
    r->error[2] = 1 / (n * density * exp((a + 1) * log_r));
}
