#include "sim/rng/inversion_internal.h"

#include "sim/rng/vector_internal.h"

#include <float.h>
#include <stdbool.h>

#define ALWAYS_INLINE __attribute__((always_inline)) static inline

/* AS 241 outside the middle: two rational functions of sqrt(-log(tail)), up to 5 and beyond. */
ALWAYS_INLINE double quotient_near(double root)
{
    const double r = root - 1.6;
    const double above = (((((((7.74545014278341407640e-4 * r + 2.27238449892691845833e-2) * r +
                               2.41780725177450611770e-1) *
                                  r +
                              1.27045825245236838258e0) *
                                 r +
                             3.64784832476320460504e0) *
                                r +
                            5.76949722146069140550e0) *
                               r +
                           4.63033784615654529590e0) *
                              r +
                          1.42343711074968357734e0);
    const double below = (((((((1.05075007164441684324e-9 * r + 5.47593808499534494600e-4) * r +
                               1.51986665636164571966e-2) *
                                  r +
                              1.48103976427480074590e-1) *
                                 r +
                             6.89767334985100004550e-1) *
                                r +
                            1.67638483018380384940e0) *
                               r +
                           2.05319162663775882187e0) *
                              r +
                          1.0);
    return above / below;
}

static double quotient_far(double root)
{
    const double r = root - 5;
    const double above = (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r +
                               1.24266094738807843860e-3) *
                                  r +
                              2.65321895265761230930e-2) *
                                 r +
                             2.96560571828504891230e-1) *
                                r +
                            1.78482653991729133580e0) *
                               r +
                           5.46378491116411436990e0) *
                              r +
                          6.65790464350110377720e0);
    const double below = (((((((2.04426310338993978564e-15 * r + 1.42151175831644588870e-7) * r +
                               1.84631831751005468180e-5) *
                                  r +
                              7.86869131145613259100e-4) *
                                 r +
                             1.48753612908506148525e-2) *
                                r +
                            1.36929880922735805310e-1) *
                               r +
                           5.99832206555887937690e-1) *
                              r +
                          1.0);
    return above / below;
}

double inverse_normal_in_tail(double u)
{
    const double tail = u < 0.5 ? u : 1 - u;
    const double root = sqrt(tail >= DBL_MIN ? inversion_minus_log(tail, tail - 1) : -log(tail));
    return copysign(root <= 5 ? quotient_near(root) : quotient_far(root), u - 0.5);
}

enum {
    CHUNK = 32,         /* exponentials: vectorised without a remainder, as the compiler knows it */
    STRETCH = 16,       /* normals, for the same reason */
    MOST_NORMALS = 64,  /* at a time, so that who is in a tail is a bit of a word */
    TAILS = 8,          /* of them worked out side by side: of 64 numbers ten are the mean */
    WORTH_A_STRETCH = 3 /* so many numbers cost as much one by one as a whole stretch */
};

/* As inverse_exponential, in two passes: a logarithm is a chain of operations that wait for each other, and of
 * short chains the CPU has more under way at a time. A quarter less. */
ALWAYS_INLINE void exponential_chunk(double mean, double *u)
{
    double k[CHUNK];
    double f[CHUNK];
    double s[CHUNK];
    for (int i = 0; i < CHUNK; i++) {
        const struct inversion_parts x = inversion_part(1 - u[i], -u[i]);
        k[i] = x.k;
        f[i] = x.f;
        s[i] = x.s;
    }
    for (int i = 0; i < CHUNK; i++) {
        u[i] = mean * inversion_minus_log_of((struct inversion_parts){k[i], f[i], s[i]});
    }
}

/* Tails above e^-25, where the root is below 5. */
static const double near_tail = 0x1p-36;

ALWAYS_INLINE void normal_tails(const double *u, double *z)
{
    for (int i = 0; i < TAILS; i++) {
        const double rest = 1 - u[i];
        const double tail = u[i] < rest ? u[i] : rest;
        z[i] = copysign(quotient_near(sqrt(inversion_minus_log(tail, tail - 1))), u[i] - 0.5);
    }
}

ALWAYS_INLINE bool is_in_middle(double u)
{
    return fabs(u - 0.5) <= inverse_normal_middle;
}

/* Which of a stretch are in the tails, as bits. */
ALWAYS_INLINE uint64_t find_tails(const double *u)
{
    uint64_t tails = 0;
    for (uint64_t i = 0; i < STRETCH; i++) {
        tails |= is_in_middle(u[i]) ? 0 : UINT64_C(1) << i;
    }
    return tails;
}

/* The normals of those in the tails, a seventh of the numbers, each at its place. */
ALWAYS_INLINE void fill_tails(uint64_t tails, const double *u, double *z)
{
    uint32_t at = 0;
    while (tails != 0) {
        uint32_t place[TAILS];
        double tail[TAILS];
        double found[TAILS];
        for (uint32_t i = 0; i < TAILS; i++) { /* behind the last that one again */
            at = tails != 0 ? (uint32_t)__builtin_ctzll(tails) : at;
            tails &= tails - 1;
            place[i] = at;
            tail[i] = u[at];
        }
        normal_tails(tail, found);
        for (uint32_t i = 0; i < TAILS; i++) {
            const bool is_near = tail[i] >= near_tail && 1 - tail[i] >= near_tail;
            z[place[i]] = is_near ? found[i] : inverse_normal_in_tail(tail[i]);
        }
    }
}

/* The tails first and side by side, then the middle for all numbers, as branches would keep the compiler from vector
 * code: one by one the tails, a seventh of the numbers, took a quarter of the time. They are found as bits and sixteen
 * numbers go through at a time, not all of a longer batch: 7 % of a lognormal. Of those not in a tail `z` is not used,
 * and not set, which would cost 4 %. */
ALWAYS_INLINE void lognormal_stretches(double mu, double sigma, double *u, size_t n)
{
    double z[MOST_NORMALS];
    uint64_t tails = 0;
    for (size_t i = 0; i < n; i += STRETCH) {
        tails |= find_tails(u + i) << i;
    }
    fill_tails(tails, u, z);
    for (size_t from = 0; from < n; from += STRETCH) {
        double middle[STRETCH];
        for (size_t i = 0; i < STRETCH; i++) {
            middle[i] = inverse_normal_in_middle(u[from + i]);
        }
        for (size_t i = 0; i < STRETCH; i++) {
            const double normal = is_in_middle(u[from + i]) ? middle[i] : z[from + i];
            u[from + i] = inversion_exp(mu + sigma * normal);
        }
    }
}

#if VECTOR_HAS_AVX2
__attribute__((target("avx2"))) static void exponential_chunk_avx2(double mean, double *u)
{
    exponential_chunk(mean, u);
}

__attribute__((target("avx2"))) static void lognormal_stretches_avx2(double mu, double sigma,
                                                                     double *u, size_t n)
{
    lognormal_stretches(mu, sigma, u, n);
}
#endif

static void exponential_chunk_portable(double mean, double *u)
{
    exponential_chunk(mean, u);
}

static void lognormal_stretches_portable(double mu, double sigma, double *u, size_t n)
{
    lognormal_stretches(mu, sigma, u, n);
}

void inverse_exponentials(double mean, double *u, size_t n)
{
    void (*chunk)(double, double *) = exponential_chunk_portable;
    size_t i = 0;
#if VECTOR_HAS_AVX2
    if (__builtin_cpu_supports("avx2")) {
        chunk = exponential_chunk_avx2;
    }
#endif
    for (; n - i >= CHUNK; i += CHUNK) {
        chunk(mean, u + i);
    }
    for (; i < n; i++) {
        u[i] = mean * inverse_exponential(u[i]);
    }
}

/* Sizes of standard normals: below 9 for every double in (0, 1) above 2^-62. */
static const double normal_most = 9;

/* At most MOST_NORMALS, and few enough that no argument of exp is too large for inversion_exp. */
static void fill_lognormals(double mu, double sigma, double *u, size_t n)
{
    void (*stretches)(double, double, double *, size_t) = lognormal_stretches_portable;
    double filled[MOST_NORMALS];
    const size_t whole = (n + STRETCH - 1) / STRETCH * STRETCH;
#if VECTOR_HAS_AVX2
    if (__builtin_cpu_supports("avx2")) {
        stretches = lognormal_stretches_avx2;
    }
#endif
    if (n == whole) {
        stretches(mu, sigma, u, n);
        return;
    }
    memcpy(filled, u, n * sizeof *u);
    for (size_t i = n; i < whole; i++) {
        filled[i] = 0.5;
    }
    stretches(mu, sigma, filled, whole);
    memcpy(u, filled, n * sizeof *u);
}

void inverse_lognormals(double mu, double sigma, double *u, size_t n)
{
    const bool is_small = fabs(mu) + sigma * normal_most <= INVERSION_EXP_MOST;
    size_t i = 0;
    while (is_small && n - i >= WORTH_A_STRETCH) {
        const size_t now = n - i < MOST_NORMALS ? n - i : MOST_NORMALS;
        fill_lognormals(mu, sigma, u + i, now);
        i += now;
    }
    for (; i < n; i++) {
        u[i] = inverse_lognormal(mu, sigma, u[i]);
    }
}
