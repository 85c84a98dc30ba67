/* A mixture of two exponentials (hyperexponential: service times of two kinds), by expectation and maximisation from
 * three beginnings, then the simplex. The likelihood is bounded, as an exponential with a small mean is high near 0
 * alone; but where one exponential does as well the two cannot be told apart, and the fit is refused. */
#include "sim/fit/fit_internal.h"

#include <math.h>

/* Parameters: mean, mean, weight of the first part. */
double fit_mixture_exponential_likelihood(const double *p, const double *x, size_t n)
{
    double sum = 0;
    if (!(p[0] > 0 && p[1] > 0 && p[2] > 0 && p[2] < 1)) {
        return -INFINITY;
    }
    const double share[2] = {log(p[2] / p[0]), log((1 - p[2]) / p[1])};
    for (size_t i = 0; i < n; i++) {
        const double a = share[0] - x[i] / p[0];
        const double b = share[1] - x[i] / p[1];
        sum += fmax(a, b) + log1p(exp(-fabs(a - b)));
    }
    return sum;
}

/* Each value is divided between the parts by what is likely; a part's mean is that of what it got. Returns the
 * log-likelihood before the step. */
static double improve(double *p, const double *x, size_t n)
{
    const double share[2] = {log(p[2] / p[0]), log((1 - p[2]) / p[1])};
    double count[2] = {0, 0};
    double sum[2] = {0, 0};
    double height = 0;
    for (size_t i = 0; i < n; i++) {
        const double a = share[0] - x[i] / p[0];
        const double b = share[1] - x[i] / p[1];
        const double rest = exp(-fabs(a - b));
        const double first = (a > b ? 1 : rest) / (1 + rest);
        height += fmax(a, b) + log1p(rest);
        count[0] += first;
        count[1] += 1 - first;
        sum[0] += first * x[i];
        sum[1] += (1 - first) * x[i];
    }
    p[0] = sum[0] / count[0];
    p[1] = sum[1] / count[1];
    p[2] = count[0] / (double)n;
    return height;
}

struct ascent {
    double *p;
    const struct fit_data *data;
};

static double step(void *self)
{
    const struct ascent *const a = self;
    const double *const p = a->p;
    const double height = improve(a->p, a->data->x, a->data->n);
    return p[0] > 0 && p[1] > 0 && p[2] > 0 && p[2] < 1 ? height : -INFINITY;
}

void fit_mixture_exponential(const struct fit_data *d, const double *start, struct fit_result *r)
{
    enum { MOST_STEPS = 200 };
    const double least_step = 1e-6;
    const double least_gain = 2; /* in log-likelihood: what AIC asks of two parameters more */
    const double least_values = 10;
    double best = -INFINITY;
    for (int i = start != NULL ? 0 : 1; i <= (start != NULL ? 0 : 3); i++) {
        /* A share of 1/4, 1/2 or 3/4 with a mean that is half as long as all. */
        const double share = 0.25 * i;
        double p[3] = {d->mean / 2, d->mean * (1 - share / 2) / (1 - share), share};
        for (int k = 0; k < 3 && start != NULL; k++) {
            p[k] = start[k];
        }
        struct ascent ascent = {p, d};
        double height = fit_repeat(step, &ascent, least_step, MOST_STEPS);
        height = isfinite(height) ? fit_polish_mixture(d, fit_mixture_exponential_likelihood, p, 3)
                                  : height;
        if (height > best) {
            best = height;
            for (int k = 0; k < 3; k++) {
                r->p[k] = p[k];
            }
        }
    }
    const double alone = fit_exponential_likelihood(&d->mean, d->x, d->n);
    const double fewest = fmin(r->p[2], 1 - r->p[2]) * (double)d->n;
    if (!(best > alone + least_gain) || !(fewest >= least_values)) {
        fit_exclude(r, "one exponential does as well: there are no two in these values");
    } else if (r->p[0] > r->p[1]) { /* the shorter one first */
        const double mean = r->p[0];
        r->p[0] = r->p[1];
        r->p[1] = mean;
        r->p[2] = 1 - r->p[2];
    }
}
