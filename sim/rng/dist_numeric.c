#include "sim/rng/dist_internal.h"

#include <float.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_zeta.h>
#include <math.h>
#include <string.h>

/* ---- gamma ---- */

static double double_of(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* F(x) - u, from the side on which F(x) or 1 - F(x) keeps its digits. */
static double gamma_excess(double x, double u, double shape)
{
    return u <= 0.5 ? gsl_cdf_gamma_P(x, shape, 1) - u : (1 - u) - gsl_cdf_gamma_Q(x, shape, 1);
}

/* The bits of positive doubles are in the order of their values, so halving the interval of the bits
 * finds the answer in 62 steps, near 0 as well as far from it. */
static double search_gamma(double u, double shape)
{
    uint64_t low = 1; /* the least positive double */
    uint64_t high = bits_of(shape + 40 * sqrt(shape) + 1000);
    while (high - low > 1) {
        const uint64_t middle = low + (high - low) / 2;
        if (gamma_excess(double_of(middle), u, shape) < 0) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return double_of(high);
}

/* GSL's inverse does not converge for small shapes, and loses digits or gives NaN for large ones: it is
 * checked, and replaced by a search where it misses. */
double dist_gamma_quantile(double u, double shape)
{
    const double near = 1e-11;
    const double x =
        u <= 0.5 ? gsl_cdf_gamma_Pinv(u, shape, 1) : gsl_cdf_gamma_Qinv(1 - u, shape, 1);
    const bool is_answer = x > 0 && fabs(gamma_excess(x, u, shape)) <= near * fmin(u, 1 - u);
    return is_answer ? x : search_gamma(u, shape);
}

/* ---- weibull ---- */

/* With e = 1/k the variance is m^2 (exp(D) - 1), m = Gamma(1 + e), D = ln Gamma(1 + 2 e) - 2 ln m. For
 * small e the difference loses all digits; the series of ln Gamma (Abramowitz and Stegun 6.1.33) gives
 * D = sum_{n >= 2} zeta(n) (-e)^n (2^n - 2)/n, whose terms fall by 2 e. */
double dist_weibull_variance(double shape)
{
    const double e = 1 / shape;
    const double mean = tgamma(1 + e);
    if (e > 0.1) {
        return tgamma(1 + 2 * e) - mean * mean;
    }
    double sum = 0;
    double power = -e;
    for (int n = 2; n <= 26; n++) {
        power *= -e;
        sum += gsl_sf_zeta_int(n) * power * (exp2(n) - 2) / n;
    }
    return mean * mean * expm1(sum);
}

/* ---- pareto ---- */

/* A quotient near 1 keeps few digits of what is beside it; the difference of near numbers is exact. */
double dist_log_ratio(double x, double y)
{
    return fabs(x - y) <= y / 4 ? log1p((x - y) / y) : log(x / y);
}

enum { GAUSS_POINTS = 5, PANELS = 64 };

/* Moments of the density (1 + y)^-(a + 1) on (0, width) about `centre`, by Gauss's rule in panels. */
static double integrate(double a, double width, double centre, int order)
{
    static const double x[GAUSS_POINTS] = {-0.906179845938663992797627, -0.538469310105683091036314,
                                           0, 0.538469310105683091036314,
                                           0.906179845938663992797627};
    static const double weight[GAUSS_POINTS] = {
        0.236926885056189087514264, 0.478628670499366468041292, 0.568888888888888888888889,
        0.478628670499366468041292, 0.236926885056189087514264};
    const double half = width / (2 * PANELS);
    double sum = 0;
    for (int panel = 0; panel < PANELS; panel++) {
        for (int i = 0; i < GAUSS_POINTS; i++) {
            const double y = half * (2 * panel + 1 + x[i]);
            sum += weight[i] * pow(y - centre, order) * exp(-(a + 1) * log1p(y));
        }
    }
    return sum * half;
}

/* Where the law is narrow, because its ends are near each other or the exponent is large. Beyond
 * 60/(a + 1) nothing is left of the density. */
double dist_narrow_pareto_variance(double a, double width)
{
    const double far = fmin(width, expm1(60 / (a + 1)));
    const double mass = integrate(a, far, 0, 0);
    const double mean = integrate(a, far, 0, 1) / mass;
    return integrate(a, far, mean, 2) / mass;
}
