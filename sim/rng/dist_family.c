/* The families with a closed form. Above each: its distribution function and where its moments come
 * from. Parameters arrive checked by the family's `problem`. */
#include "sim/base/minmax.h"
#include "sim/rng/dist_internal.h"
#include "sim/rng/inversion_internal.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>

static double zero(const double *p)
{
    (void)p;
    return 0;
}

static double infinity(const double *p)
{
    (void)p;
    return INFINITY;
}

static double first(const double *p)
{
    return p[0];
}

static double square(double x)
{
    return x * x;
}

/* constant(c): F(x) = 1 for x >= c. */

static const char *constant_problem(const double *p)
{
    return isfinite(p[0]) ? NULL : "the value must be finite";
}

static double constant_cdf(const double *p, double x)
{
    return x >= p[0] ? 1 : 0;
}

static double constant_quantile(const double *p, double u)
{
    (void)u;
    return p[0];
}

/* uniform(a, b): F(x) = (x - a)/(b - a). */

static const char *uniform_problem(const double *p)
{
    return p[0] < p[1] ? NULL : "min must be below max";
}

static double uniform_mean(const double *p)
{
    return p[0] + (p[1] - p[0]) / 2;
}

static double uniform_variance(const double *p)
{
    return square(p[1] - p[0]) / 12;
}

static double uniform_cdf(const double *p, double x)
{
    return fmin(fmax((x - p[0]) / (p[1] - p[0]), 0), 1);
}

static double uniform_quantile(const double *p, double u)
{
    return p[0] + u * (p[1] - p[0]);
}

static void uniform_quantiles(const double *p, double *u, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        u[i] = uniform_quantile(p, u[i]);
    }
}

static double second(const double *p)
{
    return p[1];
}

/* exponential(m): F(x) = 1 - exp(-x/m). */

static const char *exponential_problem(const double *p)
{
    return p[0] > 0 ? NULL : "the mean must be above 0";
}

static double exponential_variance(const double *p)
{
    return square(p[0]);
}

static double exponential_cdf(const double *p, double x)
{
    return x <= 0 ? 0 : -expm1(-x / p[0]);
}

static double exponential_quantile(const double *p, double u)
{
    return p[0] * inverse_exponential(u);
}

static void exponential_quantiles(const double *p, double *u, size_t n)
{
    inverse_exponentials(p[0], u, n);
}

/* normal(m, s), conditional on X >= 0 (Johnson, Kotz, Balakrishnan, vol. 1, 13.10.1): with
 * a = -m/s, Z = 1 - Phi(a), h = phi(a)/Z: F(x) = (Phi((x - m)/s) - Phi(a))/Z, mean m + s h,
 * variance s^2 (1 + a h - h^2). Tails are computed from the side where digits survive. */

static const char *normal_problem(const double *p)
{
    if (!(p[1] > 0)) {
        return "sd must be above 0";
    }
    return p[0] >= -8 * p[1] ? NULL : "the mean lies more than 8 sd below 0, where it is cut off";
}

static double normal_hazard(const double *p)
{
    return gsl_ran_ugaussian_pdf(-p[0] / p[1]) / gsl_cdf_ugaussian_Q(-p[0] / p[1]);
}

static double normal_mean(const double *p)
{
    return p[0] + p[1] * normal_hazard(p);
}

static double normal_variance(const double *p)
{
    const double h = normal_hazard(p);
    return square(p[1]) * (1 - p[0] / p[1] * h - square(h));
}

static double normal_cdf(const double *p, double x)
{
    if (x <= 0) {
        return 0;
    }
    const double a = -p[0] / p[1];
    const double z = (x - p[0]) / p[1];
    const double kept = gsl_cdf_ugaussian_Q(a);
    const double middle = a > 0 ? gsl_cdf_ugaussian_Q(a) - gsl_cdf_ugaussian_Q(z)
                                : gsl_cdf_ugaussian_P(z) - gsl_cdf_ugaussian_P(a);
    return fmin(middle / kept, 1);
}

static double normal_quantile(const double *p, double u)
{
    const double a = -p[0] / p[1];
    const double kept = gsl_cdf_ugaussian_Q(a);
    const double below = gsl_cdf_ugaussian_P(a) + u * kept;
    const double z =
        below < 0.5 ? gsl_cdf_ugaussian_Pinv(below) : gsl_cdf_ugaussian_Qinv((1 - u) * kept);
    return sim_max(p[0] + p[1] * z, 0);
}

/* lognormal(mu, sigma): F(x) = Phi((ln x - mu)/sigma). */

static const char *lognormal_problem(const double *p)
{
    return p[1] > 0 ? NULL : "sigma must be above 0";
}

static double lognormal_mean(const double *p)
{
    return exp(p[0] + square(p[1]) / 2);
}

static double lognormal_variance(const double *p)
{
    return expm1(square(p[1])) * exp(2 * p[0] + square(p[1]));
}

static double lognormal_cdf(const double *p, double x)
{
    return x <= 0 ? 0 : gsl_cdf_ugaussian_P((log(x) - p[0]) / p[1]);
}

static double lognormal_quantile(const double *p, double u)
{
    return inverse_lognormal(p[0], p[1], u);
}

static void lognormal_quantiles(const double *p, double *u, size_t n)
{
    inverse_lognormals(p[0], p[1], u, n);
}

/* gamma(k, s): density x^(k-1) exp(-x/s) / (Gamma(k) s^k). Beyond k = 1e5 GSL's distribution function
 * loses its way, and the law is as good as normal. */

static const char *gamma_problem(const double *p)
{
    return p[0] >= 1e-3 && p[0] <= 1e5 && p[1] > 0 ? NULL
                                                   : "shape must be 0.001 to 1e5 and scale above 0";
}

static double gamma_mean(const double *p)
{
    return p[0] * p[1];
}

static double gamma_variance(const double *p)
{
    return p[0] * square(p[1]);
}

static double gamma_cdf(const double *p, double x)
{
    if (x <= 0) {
        return 0;
    }
    return isinf(x) ? 1 : gsl_cdf_gamma_P(x, p[0], p[1]);
}

static double gamma_quantile(const double *p, double u)
{
    return p[1] * dist_gamma_quantile(u, p[0]);
}

/* weibull(k, s): F(x) = 1 - exp(-(x/s)^k); moments s^n Gamma(1 + n/k). */

static const char *weibull_problem(const double *p)
{
    return p[0] >= 0.05 && p[1] > 0 ? NULL : "shape must be at least 0.05 and scale above 0";
}

static double weibull_mean(const double *p)
{
    return p[1] * tgamma(1 + 1 / p[0]);
}

static double weibull_variance(const double *p)
{
    return square(p[1]) * dist_weibull_variance(p[0]);
}

static double weibull_cdf(const double *p, double x)
{
    return x <= 0 ? 0 : -expm1(-pow(x / p[1], p[0]));
}

static double weibull_quantile(const double *p, double u)
{
    return p[1] * pow(-log1p(-u), 1 / p[0]);
}

/* pareto(a, L, H), bounded: F(x) = (1 - (L/x)^a) / (1 - (L/H)^a). Its n-th moment is
 * a L^n / (1 - (L/H)^a) * ((H/L)^(n-a) - 1)/(n - a), the last factor being ln(H/L) at n = a. */

static const char *pareto_problem(const double *p)
{
    return p[0] > 0 && 0 < p[1] && p[1] < p[2] ? NULL : "shape must be above 0, and 0 < min < max";
}

static double pareto_mass(const double *p)
{
    return -expm1(p[0] * dist_log_ratio(p[1], p[2]));
}

static double pareto_moment(const double *p, int n)
{
    const double e = n - p[0];
    const double span = dist_log_ratio(p[2], p[1]);
    const double factor = e == 0 ? span : expm1(e * span) / e;
    return p[0] * pow(p[1], n) / pareto_mass(p) * factor;
}

static double pareto_mean(const double *p)
{
    return pareto_moment(p, 1);
}

static double pareto_variance(const double *p)
{
    const double mean = pareto_moment(p, 1);
    const double square_mean = pareto_moment(p, 2);
    const double worth_a_subtraction = 1e-3; /* of the second moment; below, digits are lost */
    return square_mean - square(mean) > worth_a_subtraction * square_mean
               ? square_mean - square(mean)
               : square(p[1]) * dist_narrow_pareto_variance(p[0], (p[2] - p[1]) / p[1]);
}

static double pareto_cdf(const double *p, double x)
{
    if (x <= p[1]) {
        return 0;
    }
    return x >= p[2] ? 1 : -expm1(p[0] * dist_log_ratio(p[1], x)) / pareto_mass(p);
}

static double pareto_quantile(const double *p, double u)
{
    return fmin(p[1] * exp(-log1p(-u * pareto_mass(p)) / p[0]), p[2]);
}

static double third(const double *p)
{
    return p[2];
}

/* triangular(a, c, b): the density rises from a to the mode c and falls to b. */

static const char *triangular_problem(const double *p)
{
    return p[0] <= p[1] && p[1] <= p[2] && p[0] < p[2] ? NULL
                                                       : "needs min <= mode <= max, min < max";
}

static double triangular_mean(const double *p)
{
    return (p[0] + p[1] + p[2]) / 3;
}

static double triangular_variance(const double *p)
{
    const double width = p[2] - p[0];
    const double mode = p[1] - p[0];
    return (square(width) - width * mode + square(mode)) / 18;
}

static double triangular_cdf(const double *p, double x)
{
    if (x <= p[0]) {
        return 0;
    }
    if (x >= p[2]) {
        return 1;
    }
    const double width = p[2] - p[0];
    return x <= p[1] ? square(x - p[0]) / (width * (p[1] - p[0]))
                     : 1 - square(p[2] - x) / (width * (p[2] - p[1]));
}

static double triangular_quantile(const double *p, double u)
{
    const double width = p[2] - p[0];
    const double rise = p[1] - p[0];
    return u * width <= rise ? p[0] + sqrt(u * width * rise)
                             : p[2] - sqrt((1 - u) * width * (p[2] - p[1]));
}

const struct dist_family dist_families[] = {
    {"constant",
     1,
     {{"value", DIST_VALUE}},
     constant_problem,
     first,
     zero,
     constant_cdf,
     constant_quantile,
     first,
     first,
     NULL},
    {"uniform",
     2,
     {{"min", DIST_VALUE}, {"max", DIST_VALUE}},
     uniform_problem,
     uniform_mean,
     uniform_variance,
     uniform_cdf,
     uniform_quantile,
     first,
     second,
     uniform_quantiles},
    {"exponential",
     1,
     {{"mean", DIST_VALUE}},
     exponential_problem,
     first,
     exponential_variance,
     exponential_cdf,
     exponential_quantile,
     zero,
     infinity,
     exponential_quantiles},
    {"normal",
     2,
     {{"mean", DIST_VALUE}, {"sd", DIST_VALUE}},
     normal_problem,
     normal_mean,
     normal_variance,
     normal_cdf,
     normal_quantile,
     zero,
     infinity,
     NULL},
    {"lognormal",
     2,
     {{"mu", DIST_LOG}, {"sigma", DIST_SHAPE}},
     lognormal_problem,
     lognormal_mean,
     lognormal_variance,
     lognormal_cdf,
     lognormal_quantile,
     zero,
     infinity,
     lognormal_quantiles},
    {"gamma",
     2,
     {{"shape", DIST_SHAPE}, {"scale", DIST_VALUE}},
     gamma_problem,
     gamma_mean,
     gamma_variance,
     gamma_cdf,
     gamma_quantile,
     zero,
     infinity,
     NULL},
    {"weibull",
     2,
     {{"shape", DIST_SHAPE}, {"scale", DIST_VALUE}},
     weibull_problem,
     weibull_mean,
     weibull_variance,
     weibull_cdf,
     weibull_quantile,
     zero,
     infinity,
     NULL},
    {"pareto",
     3,
     {{"shape", DIST_SHAPE}, {"min", DIST_VALUE}, {"max", DIST_VALUE}},
     pareto_problem,
     pareto_mean,
     pareto_variance,
     pareto_cdf,
     pareto_quantile,
     second,
     third,
     NULL},
    {"triangular",
     3,
     {{"min", DIST_VALUE}, {"mode", DIST_VALUE}, {"max", DIST_VALUE}},
     triangular_problem,
     triangular_mean,
     triangular_variance,
     triangular_cdf,
     triangular_quantile,
     first,
     third,
     NULL},
};

const struct dist_family *const dist_constant = &dist_families[0];
const size_t dist_n_families = sizeof dist_families / sizeof dist_families[0];
