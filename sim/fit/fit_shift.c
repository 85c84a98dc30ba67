/* Laws with a shift: X = shift + Y, 0 <= shift < the least value. For a given shift the other
 * parameters follow as for Y, which leaves a likelihood of one parameter, its profile. Where Y may
 * be infinitely dense at 0, or its lower tail is let go, that profile grows without bound as the
 * shift runs into the least value; the estimate is then an inner local maximum, or, without one,
 * that of the moments. */
#include "sim/fit/fit_internal.h"

#include <math.h>

/* What is common to the three laws with a profile; parameters without the shift. */
struct shifted {
    fit_likelihood_fn *likelihood;
    void (*given_shift)(const struct fit_data *d, double shift, double *q);
    double (*skewness)(double shape);
    void (*from_moments)(double shape, double sd, double mean, double *shift, double *q);
    double least_shape, most_shape; /* between which the skewness falls or rises, once */
};

/* Scratch takes the values without their shift. */
static const double *without_shift(const struct fit_data *d, double shift)
{
    for (size_t i = 0; i < d->n; i++) {
        d->scratch[i] = d->x[i] - shift;
    }
    return d->scratch;
}

/* ---- The profile ---- */

struct profile {
    const struct shifted *law;
    const struct fit_data *d;
};

/* Over the logarithm of the gap between shift and least value: what matters close to the least
 * value needs small steps there. */
static double profile_height(double log_gap, void *self)
{
    const struct profile *const p = self;
    double q[SIM_FIT_PARAMETERS];
    const double shift = fmax(p->d->min - exp(log_gap), 0);
    p->law->given_shift(p->d, shift, q);
    return p->law->likelihood(q, without_shift(p->d, shift), p->d->n);
}

enum { GRID = 33 };

/* The highest inner local maximum on a grid, 0 if there is none. Index 0 is a shift of 0. */
static int inner_maximum(const double *height)
{
    int best = 0;
    for (int i = 1; i < GRID - 1; i++) {
        const bool is_local = height[i] >= height[i - 1] && height[i] > height[i + 1];
        if (is_local && (best == 0 || height[i] > height[best])) {
            best = i;
        }
    }
    return best;
}

static void fit_moments(const struct shifted *law, const struct fit_data *d, struct fit_result *r);

static void fit_profile(const struct shifted *law, const struct fit_data *d, struct fit_result *r)
{
    struct profile profile = {law, d};
    const double decades = 5;
    const double step = decades * log(10) / (GRID - 1);
    const double top = log(d->min);
    double height[GRID];
    for (int i = 0; i < GRID; i++) {
        height[i] = profile_height(top - i * step, &profile);
    }
    const int best = inner_maximum(height);
    if (best == 0 && height[0] > height[1]) {
        fit_exclude(r, "it fits best without a shift");
        return;
    }
    if (best == 0) {
        fit_moments(law, d, r);
        return;
    }
    if (height[best] <= height[0]) {
        fit_exclude(r, "it fits best without a shift");
        return;
    }
    const double log_gap = fit_maximum(profile_height, &profile, top - (best + 1) * step,
                                       top - best * step, top - (best - 1) * step);
    r->p[0] = fmax(d->min - exp(log_gap), 0);
    law->given_shift(d, r->p[0], r->p + 1);
}

/* ---- Moments ---- */

struct wanted_skewness {
    double (*skewness)(double shape);
    double value;
};

static double skewness_error(double log_shape, void *self)
{
    const struct wanted_skewness *const w = self;
    return w->skewness(exp(log_shape)) - w->value;
}

/* The shape from the skewness, the scale from the standard deviation, the shift from the mean. */
static void fit_moments(const struct shifted *law, const struct fit_data *d, struct fit_result *r)
{
    struct wanted_skewness w = {law->skewness, d->skewness};
    const double low = log(law->least_shape);
    const double high = log(law->most_shape);
    if (skewness_error(low, &w) * skewness_error(high, &w) >= 0) {
        fit_exclude(r, "the likelihood has no maximum, and no such law has this skewness");
        return;
    }
    const double shape = exp(fit_root(skewness_error, &w, low, high));
    law->from_moments(shape, d->sd, d->mean, &r->p[0], r->p + 1);
    if (!(r->p[0] >= 0 && r->p[0] < d->min)) {
        fit_exclude(r, "the likelihood has no maximum, and the moments ask for a shift that is "
                       "below 0 or above the least value");
        return;
    }
    r->method = SIM_FIT_MOMENTS;
    r->reason = "the likelihood grows without bound as the shift nears the least value";
}

static void fit_shifted(const struct shifted *law, const struct fit_data *d, const double *start,
                        struct fit_result *r)
{
    (void)start;
    if (!(d->min > 0)) {
        fit_exclude(r, "there is a zero, which leaves no room for a shift");
        return;
    }
    fit_profile(law, d, r);
}

static double shifted_likelihood(fit_likelihood_fn *likelihood, const double *p, const double *x,
                                 size_t n)
{
    /* A block at a time: the sample is too long for the stack, and this may not fail. */
    enum { BLOCK = 512 };
    double block[BLOCK];
    double sum = 0;
    for (size_t i = 0; i < n; i += BLOCK) {
        const size_t m = n - i < BLOCK ? n - i : BLOCK;
        for (size_t k = 0; k < m; k++) {
            block[k] = x[i + k] - p[0];
        }
        sum += likelihood(p + 1, block, m);
    }
    return p[0] >= 0 ? sum : -INFINITY;
}

/* The estimate of a shift is off by 1/sqrt(n) only if the density starts flat enough: shape > 2. At
 * a lower shape it converges faster, and the others are as if it were known (Smith, 1985). */
void fit_shift_errors(const struct fit_family *family, const struct fit_data *d,
                      struct fit_result *r)
{
    const bool has_shape = family->parameter[1].has_unit == false;
    const size_t first = has_shape && r->p[1] <= 2 ? 1 : 0;
    /* The step of the shift may not reach the least value. */
    const double gap = fmin(d->sd, d->min - r->p[0]);
    fit_information(family, d, first, (const double[]){gap, r->p[1], r->p[2]}, r);
}

/* ---- shift + exponential: the least value, and the mean above it ---- */

double fit_shift_exponential_likelihood(const double *p, const double *x, size_t n)
{
    return shifted_likelihood(fit_exponential_likelihood, p, x, n);
}

void fit_shift_exponential(const struct fit_data *d, const double *start, struct fit_result *r)
{
    (void)start;
    if (!(d->min > 0)) {
        fit_exclude(r, "there is a zero, which leaves no room for a shift");
        return;
    }
    r->p[0] = d->min;
    r->p[1] = d->mean - d->min;
}

/* The least of n is off by an exponential amount of mean m/n. */
void fit_shift_exponential_errors(const struct fit_family *family, const struct fit_data *d,
                                  struct fit_result *r)
{
    (void)family;
    r->error[0] = r->p[1] / (double)d->n;
    r->error[1] = r->p[1] / sqrt((double)d->n);
}

/* ---- shift + lognormal(median, sigma) ---- */

double fit_shift_lognormal_likelihood(const double *p, const double *x, size_t n)
{
    return shifted_likelihood(fit_lognormal_likelihood, p, x, n);
}

static void lognormal_given_shift(const struct fit_data *d, double shift, double *q)
{
    double sum = 0;
    double squares = 0;
    for (size_t i = 0; i < d->n; i++) {
        d->scratch[i] = log(d->x[i] - shift);
        sum += d->scratch[i];
    }
    const double mean = sum / (double)d->n;
    for (size_t i = 0; i < d->n; i++) {
        squares += (d->scratch[i] - mean) * (d->scratch[i] - mean);
    }
    q[0] = exp(mean);
    q[1] = sqrt(squares / (double)d->n);
}

/* (w + 2) sqrt(w - 1), w = exp(sigma^2) (Johnson, Kotz, Balakrishnan, vol. 1, 14.3). */
static double lognormal_skewness(double sigma)
{
    const double excess = expm1(sigma * sigma);
    return (excess + 3) * sqrt(excess);
}

static void lognormal_from_moments(double sigma, double sd, double mean, double *shift, double *q)
{
    const double excess = expm1(sigma * sigma);
    const double law_mean = sd / sqrt(excess);
    *shift = mean - law_mean;
    q[0] = law_mean / sqrt(1 + excess);
    q[1] = sigma;
}

void fit_shift_lognormal(const struct fit_data *d, const double *start, struct fit_result *r)
{
    static const struct shifted law = {fit_lognormal_likelihood,
                                       lognormal_given_shift,
                                       lognormal_skewness,
                                       lognormal_from_moments,
                                       1e-3,
                                       5};
    fit_shifted(&law, d, start, r);
}

/* ---- shift + gamma(shape, scale) ---- */

double fit_shift_gamma_likelihood(const double *p, const double *x, size_t n)
{
    return shifted_likelihood(fit_gamma_likelihood, p, x, n);
}

static void gamma_given_shift(const struct fit_data *d, double shift, double *q)
{
    double logs = 0;
    for (size_t i = 0; i < d->n; i++) {
        logs += log(d->x[i] - shift);
    }
    const double mean = d->mean - shift;
    q[0] = fit_gamma_shape(log(mean) - logs / (double)d->n);
    q[1] = mean / q[0];
}

static double gamma_skewness(double shape)
{
    return 2 / sqrt(shape);
}

static void gamma_from_moments(double shape, double sd, double mean, double *shift, double *q)
{
    q[0] = shape;
    q[1] = sd / sqrt(shape);
    *shift = mean - shape * q[1];
}

void fit_shift_gamma(const struct fit_data *d, const double *start, struct fit_result *r)
{
    static const struct shifted law = {
        fit_gamma_likelihood, gamma_given_shift, gamma_skewness, gamma_from_moments, 1e-3, 1e6};
    fit_shifted(&law, d, start, r);
}

/* ---- shift + weibull(shape, scale) ---- */

double fit_shift_weibull_likelihood(const double *p, const double *x, size_t n)
{
    return shifted_likelihood(fit_weibull_likelihood, p, x, n);
}

static void weibull_given_shift(const struct fit_data *d, double shift, double *q)
{
    double logs = 0;
    for (size_t i = 0; i < d->n; i++) {
        d->scratch[i] = log(d->x[i] - shift);
        logs += d->scratch[i];
    }
    const double max = d->scratch[d->n - 1];
    q[0] = fit_weibull_shape(d->scratch, d->n, logs / (double)d->n, max);
    q[1] = fit_weibull_scale(d->scratch, d->n, q[0], max);
}

/* With g_i = Gamma(1 + i/k): (g_3 - 3 g_1 g_2 + 2 g_1^3)/(g_2 - g_1^2)^(3/2). */
static double weibull_skewness(double shape)
{
    const double g1 = tgamma(1 + 1 / shape);
    const double g2 = tgamma(1 + 2 / shape);
    const double g3 = tgamma(1 + 3 / shape);
    return (g3 - 3 * g1 * g2 + 2 * g1 * g1 * g1) / pow(g2 - g1 * g1, 1.5);
}

static void weibull_from_moments(double shape, double sd, double mean, double *shift, double *q)
{
    const double g1 = tgamma(1 + 1 / shape);
    const double g2 = tgamma(1 + 2 / shape);
    q[0] = shape;
    q[1] = sd / sqrt(g2 - g1 * g1);
    *shift = mean - q[1] * g1;
}

void fit_shift_weibull(const struct fit_data *d, const double *start, struct fit_result *r)
{
    static const struct shifted law = {fit_weibull_likelihood,
                                       weibull_given_shift,
                                       weibull_skewness,
                                       weibull_from_moments,
                                       0.2,
                                       50};
    fit_shifted(&law, d, start, r);
}
