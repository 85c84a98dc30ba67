/* sim/rng/inversion_internal.h -- inverse distribution functions without branches and without libm.
 *
 * One formula for single numbers and for batches: the same bits in both, on every CPU and with every
 * version of the C library. Errors are a unit in the last place or two (tests/unit/test_inversion.c).
 */
#ifndef SIM_RNG_INVERSION_INTERNAL_H
#define SIM_RNG_INVERSION_INTERNAL_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint64_t inversion_bits(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline double inversion_double(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* A number as 2^k (1 + f), 1 + f in [sqrt(1/2), sqrt(2)), and s = f/(2 + f), |s| <= 3 - sqrt(8). */
struct inversion_parts {
    double k, f, s;
};

/* Of a normal x in (0, 1]; `less_one` is x - 1, for which the caller may know more digits. */
static inline struct inversion_parts inversion_part(double x, double less_one)
{
    const uint64_t bits = inversion_bits(x);
    const uint64_t above = bits - UINT64_C(0x3FE6A09E667F3BCD); /* of sqrt(1/2) */
    const uint64_t exponent = above & UINT64_C(0xFFF0000000000000);
    /* The exponent as a double: 1024 + k in the lowest bits of 2^52. */
    const uint64_t biased = (above + UINT64_C(0x4000000000000000)) >> 52;
    const double k = inversion_double(biased | UINT64_C(0x4330000000000000)) - (0x1p52 + 1024);
    /* Behind the +, what rounding took from x; it counts for k = 0 alone, but a choice would be a
     * branch, and harms less than a unit in the last place elsewhere. */
    const double f = inversion_double(bits - exponent) - 1 + (less_one - (x - 1));
    return (struct inversion_parts){k, f, f / (2 + f)};
}

/* Minus the logarithm of the number: log(1 + f) = 2 artanh(s), and of the series
 * 2 (s + s^3/3 + s^5/5 + ...) ten terms behind the first give all digits. */
static inline double inversion_minus_log_of(struct inversion_parts x)
{
    static const double ln2_high = 0x1.62e42fee00000p-1; /* k times it is exact */
    static const double ln2_low = 0x1.a39ef35793c76p-33;
    const double z = x.s * x.s;
    const double w = z * z;
    const double odd =
        z * (2.0 / 3 + w * (2.0 / 7 + w * (2.0 / 11 + w * (2.0 / 15 + w * (2.0 / 19)))));
    const double even =
        w * (2.0 / 5 + w * (2.0 / 9 + w * (2.0 / 13 + w * (2.0 / 17 + w * (2.0 / 21)))));
    return x.s * (x.f - (odd + even)) - x.k * ln2_low - x.f - x.k * ln2_high;
}

/* -log(x), as inversion_part. */
static inline double inversion_minus_log(double x, double less_one)
{
    return inversion_minus_log_of(inversion_part(x, less_one));
}

/* The standard exponential, for u in (0, 1); small u keep their digits. */
static inline double inverse_exponential(double u)
{
    return inversion_minus_log(1 - u, -u);
}

enum { INVERSION_EXP_MOST = 700 }; /* largest size of an argument of inversion_exp */

/* exp(x) for |x| <= 700: x = n ln 2 + r, |r| <= ln(2)/2, and 13 terms of the series for r. */
static inline double inversion_exp(double x)
{
    static const double ln2_high = 0x1.62e42fee00000p-1;
    static const double ln2_low = 0x1.a39ef35793c76p-33;
    static const double to_integer = 0x1.8p52; /* added, it leaves no bits behind the point */
    const double shifted = x * 0x1.71547652b82fep+0 + to_integer;
    const double n = shifted - to_integer;
    const double r = x - n * ln2_high - n * ln2_low;
    const double q = r * r;
    const double odd =
        1.0 / 6 +
        q * (1.0 / 120 +
             q * (1.0 / 5040 + q * (1.0 / 362880 + q * (1.0 / 39916800 + q * (1.0 / 6227020800)))));
    const double even =
        1.0 / 2 +
        q * (1.0 / 24 +
             q * (1.0 / 720 + q * (1.0 / 40320 + q * (1.0 / 3628800 + q * (1.0 / 479001600)))));
    const double fraction = 1 + (r + q * (even + r * odd));
    return inversion_double(inversion_bits(fraction) + (inversion_bits(shifted) << 52));
}

/* The standard normal, by algorithm AS 241, PPND16 (Wichura, Applied Statistics 37, 1988): rational
 * functions of the distance from 1/2 in the middle, of sqrt(-log(tail)) outside; relative error about
 * 1e-16. This is the middle, |u - 1/2| <= 0.425, which 85 % of the draws fall in. */
static const double inverse_normal_middle = 0.425;

static inline double inverse_normal_in_middle(double u)
{
    const double q = u - 0.5;
    const double r = 0.180625 - q * q;
    const double above = (((((((2.5090809287301226727e3 * r + 3.3430575583588128105e4) * r +
                               6.7265770927008700853e4) *
                                  r +
                              4.5921953931549871457e4) *
                                 r +
                             1.3731693765509461125e4) *
                                r +
                            1.9715909503065514427e3) *
                               r +
                           1.3314166789178437745e2) *
                              r +
                          3.3871328727963666080e0);
    const double below = (((((((5.2264952788528545610e3 * r + 2.8729085735721942674e4) * r +
                               3.9307895800092710610e4) *
                                  r +
                              2.1213794301586595867e4) *
                                 r +
                             5.3941960214247511077e3) *
                                r +
                            6.8718700749205790830e2) *
                               r +
                           4.2313330701600911252e1) *
                              r +
                          1.0);
    return q * above / below;
}

double inverse_normal_in_tail(double u);

/* For u in (0, 1). */
static inline double inverse_normal(double u)
{
    return fabs(u - 0.5) <= inverse_normal_middle ? inverse_normal_in_middle(u)
                                                  : inverse_normal_in_tail(u);
}

/* exp(mu + sigma z), z the standard normal of u. */
static inline double inverse_lognormal(double mu, double sigma, double u)
{
    const double x = mu + sigma * inverse_normal(u);
    return fabs(x) <= INVERSION_EXP_MOST ? inversion_exp(x) : exp(x);
}

/* In place, from uniform numbers to variates; the bits of the functions above. */
void inverse_exponentials(double mean, double *u, size_t n);
void inverse_lognormals(double mu, double sigma, double *u, size_t n);

#endif
