/* Every family and form of the grammar: moments, distribution function, its inverse, samples. */
#include "tests/support/check.h"
#include "tests/support/law.h"
#include "tests/support/stat_check.h"

#include "sim/rng/dist.h"
#include "sim/stat/tally.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <stdlib.h>
#include <string.h>

struct law {
    const char *text;
    enum sim_dimension dimension;
    double mean, variance; /* worked out by hand; NAN: only by the integral */
    double min, max;
};

/* Moments of the truncated normal and of the bounded Pareto come from the integral alone. */
static const struct law laws[] = {
    {"uniform(2, 5)", SIM_NUMBER, 3.5, 0.75, 2, 5},
    {"uniform(0, 15) s", SIM_TIME, 7.5, 18.75, 0, 15},
    {"uniform(0 s, 1 min)", SIM_TIME, 30, 300, 0, 60},
    {"uniform(10, 20) %", SIM_SHARE, 0.15, 0.0025 / 3, 0.1, 0.2},
    {"exponential(30 min)", SIM_TIME, 1800, 1800.0 * 1800, 0, HUGE_VAL},
    {"normal(20, 5) ms", SIM_TIME, NAN, NAN, 0, HUGE_VAL},
    {"normal(1, 2)", SIM_NUMBER, NAN, NAN, 0, HUGE_VAL},
    {"normal(-3, 1)", SIM_NUMBER, NAN, NAN, 0, HUGE_VAL},
    {"lognormal(0, 0.5)", SIM_NUMBER, 1.1331484530668263, 0.3646958540123867, 0, HUGE_VAL},
    {"lognormal(median=1, sigma=0.8) Mbit/s", SIM_RATE, 1377127.764335957, NAN, 0, HUGE_VAL},
    {"lognormal(mean=3000, sigma=0.9)", SIM_NUMBER, 3000, NAN, 0, HUGE_VAL},
    {"lognormal(sigma=0.9, mean=3000)", SIM_NUMBER, 3000, NAN, 0, HUGE_VAL},
    {"lognormal(3.05, 0.67) ms", SIM_TIME, NAN, NAN, 0, HUGE_VAL},
    {"gamma(2.5, 4)", SIM_NUMBER, 10, 40, 0, HUGE_VAL},
    {"gamma(0.3, 2) s", SIM_TIME, 0.6, 1.2, 0, HUGE_VAL},
    {"gamma(1, 3)", SIM_NUMBER, 3, 9, 0, HUGE_VAL},
    {"gamma(1e5, 2)", SIM_NUMBER, 2e5, 4e5, 0, HUGE_VAL},
    {"weibull(1, 3)", SIM_NUMBER, 3, 9, 0, HUGE_VAL},
    {"weibull(2, 1)", SIM_NUMBER, 0.886226925452758, 0.21460183660255172, 0, HUGE_VAL},
    {"weibull(0.7, 30) s", SIM_TIME, NAN, NAN, 0, HUGE_VAL},
    {"pareto(0.64, 32 KiB, 2 MiB)", SIM_SIZE, NAN, NAN, 32768, 2097152},
    {"pareto(1, 1, 10)", SIM_NUMBER, 2.558427881104495, NAN, 1, 10},  /* 10/9 ln 10 */
    {"pareto(2, 1, 10)", SIM_NUMBER, 1.8181818181818181, NAN, 1, 10}, /* 20/11 */
    {"weibull(100, 1)", SIM_NUMBER, NAN, NAN, 0, HUGE_VAL},
    {"pareto(2.5, 3, 4)", SIM_NUMBER, NAN, NAN, 3, 4},
    {"triangular(1, 2, 6)", SIM_NUMBER, 3, 7.0 / 6, 1, 6},
    {"triangular(0, 0, 3)", SIM_NUMBER, 1, 0.5, 0, 3},
    {"triangular(0, 3, 3)", SIM_NUMBER, 2, 0.5, 0, 3},
    {"62 ms + exponential(10 ms)", SIM_TIME, 0.072, 1e-4, 0.062, HUGE_VAL},
    {"mixture(uniform(0, 1) @ 0.25, uniform(2, 4) @ 0.75)", SIM_NUMBER, 2.375, NAN, 0, 4},
    {"mixture(lognormal(8.49, 1.33) @ 85.4 %, pareto(0.64, 32768, 2097152) @ 14.6 %) byte",
     SIM_SIZE, NAN, NAN, 0, HUGE_VAL},
    {"mixture(exponential(1 s) @ 0.5, 3 s + exponential(2 s) @ 0.5)", SIM_TIME, 3, NAN, 0,
     HUGE_VAL},
};

enum { N_LAWS = sizeof laws / sizeof laws[0] };

/* ---- Moments ---- */

struct moment {
    const struct sim_dist *d;
    int power;
};

static double integrand(double u, void *parameters)
{
    const struct moment *const m = parameters;
    return pow(sim_dist_quantile(m->d, fmin(u, 1 - 0x1p-53)), m->power);
}

/* E[X^n] as the integral of quantile(u)^n, an independent way from the closed forms; in pieces, so that
 * a heavy tail and a kink do not meet in one. */
static double integral(const struct sim_dist *d, int power)
{
    static const double ends[] = {0,    1e-6,  1e-3,     0.1,      0.5,      0.8, 0.9,
                                  0.99, 0.999, 1 - 1e-4, 1 - 1e-6, 1 - 1e-8, 1};
    struct moment m = {d, power};
    gsl_function f = {integrand, &m};
    gsl_integration_workspace *const w = gsl_integration_workspace_alloc(2000);
    double sum = 0;
    for (size_t i = 0; i + 1 < sizeof ends / sizeof ends[0]; i++) {
        double value;
        double error;
        gsl_integration_qags(&f, ends[i], ends[i + 1], 0, 1e-10, 2000, w, &value, &error);
        sum += value;
    }
    gsl_integration_workspace_free(w);
    return sum;
}

static void test_moments(void **state)
{
    (void)state;
    for (int i = 0; i < N_LAWS; i++) {
        struct sim_dist *const d = law_parse(laws[i].text, laws[i].dimension);
        const double mean = sim_dist_mean(d);
        const double second = sim_dist_variance(d) + mean * mean;
        assert_close(mean, integral(d, 1), 1e-7);
        assert_close(second, integral(d, 2), 1e-5); /* heavy tails are hard on the integral */
        if (!isnan(laws[i].mean)) {
            assert_close(mean, laws[i].mean, 1e-12);
        }
        if (!isnan(laws[i].variance)) {
            assert_close(sim_dist_variance(d), laws[i].variance, 1e-9);
        }
        assert_close(sim_dist_min(d), laws[i].min, 1e-12);
        assert_close(sim_dist_max(d), laws[i].max, 1e-12);
        sim_dist_destroy(d);
    }
}

/* ---- Distribution function and quantile ---- */

static void test_cdf_and_quantile_are_inverse(void **state)
{
    static const double levels[] = {1e-12, 1e-9, 1e-6, 1e-3,  0.01,     0.1,      0.25,     0.5,
                                    0.75,  0.9,  0.99, 0.999, 1 - 1e-6, 1 - 1e-9, 1 - 1e-12};
    (void)state;
    for (int i = 0; i < N_LAWS; i++) {
        struct sim_dist *const d = law_parse(laws[i].text, laws[i].dimension);
        double last = -HUGE_VAL;
        for (size_t k = 0; k < sizeof levels / sizeof levels[0]; k++) {
            const double u = levels[k];
            const double x = sim_dist_quantile(d, u);
            /* The error of a cdf value is relative near 0 and absolute near 1. */
            if (!(fabs(sim_dist_cdf(d, x) - u) <= fmax(1e-9 * u, 1e-14) + 1e-12 * (u > 0.5))) {
                fail_msg("%s: cdf(quantile(%.17g)) = %.17g", laws[i].text, u, sim_dist_cdf(d, x));
            }
            assert_true(x >= last);
            assert_true(x >= sim_dist_min(d) && x <= sim_dist_max(d));
            last = x;
        }
        sim_dist_destroy(d);
    }
}

static void test_cdf_grows_from_zero_to_one(void **state)
{
    (void)state;
    for (int i = 0; i < N_LAWS; i++) {
        struct sim_dist *const d = law_parse(laws[i].text, laws[i].dimension);
        const double low = sim_dist_min(d) - 1;
        const double high = sim_dist_quantile(d, 0.9999);
        double last = 0;
        assert_close(sim_dist_cdf(d, low), 0, 0);
        for (int k = 0; k <= 1000; k++) {
            const double p = sim_dist_cdf(d, low + (high - low) * k / 1000);
            assert_true(p >= last && p <= 1);
            last = p;
        }
        assert_close(sim_dist_cdf(d, 1e300), 1, 1e-12);
        sim_dist_destroy(d);
    }
}

/* ---- Samples ---- */

static void test_samples_follow_the_law(void **state)
{
    enum { N = 10000 };
    static double sample[N];
    (void)state;
    for (int i = 0; i < N_LAWS; i++) {
        struct sim_dist *const d = law_parse(laws[i].text, laws[i].dimension);
        struct sim_stream s;
        struct sim_tally t = {0};
        sim_stream_open(&s, 99, (uint32_t)i, 0, 0, 0);
        for (int k = 0; k < N; k++) {
            sample[k] = sim_dist_draw(d, &s);
            sim_tally_add(&t, sample[k]);
        }
        assert_near((t.mean - sim_dist_mean(d)) / sqrt(sim_dist_variance(d) / N), 0, 4);
        const double distance = ks_distance(sample, N, d);
        if (distance > ks_critical(N)) {
            fail_msg("%s: Kolmogorov-Smirnov distance %g", laws[i].text, distance);
        }
        sim_dist_destroy(d);
    }
}

static void test_the_test_of_samples_can_fail(void **state)
{
    enum { N = 10000 };
    static double sample[N];
    struct sim_dist *const drawn = law_parse("exponential(1.05)", SIM_NUMBER); /* 5 % off */
    struct sim_dist *const claimed = law_parse("exponential(1)", SIM_NUMBER);
    struct sim_stream s;
    (void)state;
    sim_stream_open(&s, 99, 0, 0, 0, 0);
    for (int k = 0; k < N; k++) {
        sample[k] = sim_dist_draw(drawn, &s);
    }
    assert_true(ks_distance(sample, N, claimed) > ks_critical(N) / 2);
    struct sim_dist *const far = law_parse("exponential(1.2)", SIM_NUMBER);
    assert_true(ks_distance(sample, N, far) > ks_critical(N));
    sim_dist_destroy(drawn);
    sim_dist_destroy(claimed);
    sim_dist_destroy(far);
}

/* One variate, one uniform number: the n-th draw does not depend on the law. */
static void test_a_draw_takes_one_number(void **state)
{
    (void)state;
    for (int i = 0; i < N_LAWS; i++) {
        struct sim_dist *const d = law_parse(laws[i].text, laws[i].dimension);
        struct sim_stream s;
        struct sim_stream uniform;
        sim_stream_open(&s, 1, 2, 3, 4, 5);
        uniform = s;
        for (int k = 0; k < 20; k++) {
            const double u = sim_stream_uniform(&uniform);
            assert_close(sim_dist_draw(d, &s), sim_dist_quantile(d, u), 0);
        }
        sim_dist_destroy(d);
    }
}

/* ---- Steps ---- */

static void test_discrete(void **state)
{
    struct sim_dist *const d = law_parse("discrete(7 @ 30 %, 3 @ 20 %, 5 @ 0.5) d", SIM_TIME);
    (void)state;
    assert_close(sim_dist_mean(d), 86400 * (7 * 0.3 + 3 * 0.2 + 5 * 0.5), 1e-15);
    assert_close(sim_dist_variance(d),
                 86400.0 * 86400 * (49 * 0.3 + 9 * 0.2 + 25 * 0.5 - 5.2 * 5.2), 1e-12);
    assert_close(sim_dist_cdf(d, 3 * 86400 - 1), 0, 0);
    assert_close(sim_dist_cdf(d, 3 * 86400), 0.2, 1e-15);
    assert_close(sim_dist_cdf(d, 5 * 86400), 0.7, 1e-15);
    assert_close(sim_dist_cdf(d, 8 * 86400), 1, 0);
    assert_close(sim_dist_quantile(d, 0.2), 3 * 86400, 0); /* the smallest x with cdf(x) >= u */
    assert_close(sim_dist_quantile(d, 0.2 + 1e-12), 5 * 86400, 0);
    assert_close(sim_dist_quantile(d, 0.999999), 7 * 86400, 0);
    assert_close(sim_dist_min(d), 3 * 86400, 0);
    assert_close(sim_dist_max(d), 7 * 86400, 0);
    sim_dist_destroy(d);
}

/* A bounded Pareto law whose ends are near each other is as good as uniform. */
static void test_narrow_pareto(void **state)
{
    static const double lows[] = {1e3, 1e6, 1e9, 1e12};
    (void)state;
    for (size_t i = 0; i < sizeof lows / sizeof lows[0]; i++) {
        char text[80];
        snprintf(text, sizeof text, "pareto(1.5, %.17g, %.17g)", lows[i], lows[i] + 1);
        struct sim_dist *const d = law_parse(text, SIM_NUMBER);
        assert_near(sim_dist_mean(d), lows[i] + 0.5, 1 / lows[i] + 8 * lows[i] * 0x1p-52);
        for (double u = 0.05; u < 1; u += 0.05) {
            const double near = 1 / lows[i] + lows[i] * 0x1p-52;
            assert_near(sim_dist_cdf(d, lows[i] + u), u, near);
            assert_near(sim_dist_quantile(d, u), lows[i] + u, near);
        }
        sim_dist_destroy(d);
    }
}

/* Narrow laws, whose second moment is the square of the first in all digits but the last. */
static void test_variance_of_narrow_laws(void **state)
{
    static const struct {
        const char *text;
        double variance;
    } narrow[] = {
        {"pareto(1.5, 1e6, 1000001)", 1.0 / 12},
        {"pareto(1.5, 1e9, 1000000001)", 1.0 / 12},
        {"pareto(1e8, 1, 2)", 1e-16},                    /* exponential(1e-8) */
        {"weibull(1e8, 1)", 1.6449340668482264 * 1e-16}, /* pi^2/6 / k^2 */
    };
    (void)state;
    for (size_t i = 0; i < sizeof narrow / sizeof narrow[0]; i++) {
        struct sim_dist *const d = law_parse(narrow[i].text, SIM_NUMBER);
        assert_close(sim_dist_variance(d), narrow[i].variance, 1e-5);
        sim_dist_destroy(d);
    }
    struct sim_dist *const below = law_parse("weibull(9.9999999, 1)", SIM_NUMBER);
    struct sim_dist *const above = law_parse("weibull(10.0000001, 1)", SIM_NUMBER);
    assert_close(sim_dist_variance(below), sim_dist_variance(above), 1e-7);
    sim_dist_destroy(below);
    sim_dist_destroy(above);
}

/* Shapes for which GSL's inverse does not converge, gives NaN or loses digits are among them. */
static void test_gamma_of_any_shape(void **state)
{
    static const double shapes[] = {0.001, 0.01, 0.1, 0.11, 0.12, 0.15, 0.5,
                                    3,     30,   1e3, 3e3,  3e4,  1e5};
    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        char text[64];
        snprintf(text, sizeof text, "gamma(%.17g, 2)", shapes[i]);
        struct sim_dist *const d = law_parse(text, SIM_NUMBER);
        double last = 0;
        for (double u = 0.0005; u < 1; u += 0.001) {
            const double x = sim_dist_quantile(d, u);
            const double tiny = 1e-300; /* below it the answer has no digits left */
            assert_true(x >= last);
            if (x > tiny) {
                assert_near(sim_dist_cdf(d, x), u, 1e-7); /* what GSL's cdf is good for */
            }
            last = x;
        }
        assert_near(sim_dist_cdf(d, INFINITY), 1, 0);
        sim_dist_destroy(d);
    }
}

/* By 50-digit arithmetic (halving the interval of the regularised incomplete gamma function). */
static void test_gamma_against_long_arithmetic(void **state)
{
    static const struct {
        double shape, u, x;
    } exact[] = {
        {0.01, 0.5, 4.4655350189103551e-31},    {0.11, 0.1, 4.9629427742396512e-10},
        {0.15, 0.75, 0.10086478493104792},      {1000, 0x1p-20, 856.54165848882617},
        {3e4, 0.25, 29882.993968979848},        {1e5, 0.25, 99786.526313167177},
        {1e5, 1 - 0x1p-40, 102244.92818816559}, {79432, 1 - 0x1p-44, 81542.413032085135},
    };
    (void)state;
    for (size_t i = 0; i < sizeof exact / sizeof exact[0]; i++) {
        char text[64];
        snprintf(text, sizeof text, "gamma(%.17g, 1)", exact[i].shape);
        struct sim_dist *const d = law_parse(text, SIM_NUMBER);
        assert_close(sim_dist_quantile(d, exact[i].u), exact[i].x, 1e-10);
        sim_dist_destroy(d);
    }
}

/* Far out, where the distribution function has run out of digits and its complement has not. */
static void test_far_tail_of_gamma(void **state)
{
    static const double shapes[] = {0.01, 0.5, 1, 30, 1e3, 50118.7, 56234.1, 79432, 1e5};
    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        char text[64];
        snprintf(text, sizeof text, "gamma(%.17g, 1)", shapes[i]);
        struct sim_dist *const d = law_parse(text, SIM_NUMBER);
        double last = 0;
        for (double q = 0.5; q >= 0x1p-53; q *= 0.7) {
            const double x = sim_dist_quantile(d, 1 - q);
            assert_true(x >= last && x < shapes[i] + 9 * sqrt(shapes[i]) + 40);
            last = x;
        }
        sim_dist_destroy(d);
    }
}

/* The least x with F(x) >= u is the point itself, with any shift. */
static void test_a_shifted_step_is_where_its_point_is(void **state)
{
    static const char *const terms[] = {"constant(0.009)", "discrete(0.009 @ 1)",
                                        "mixture(0.009 @ 1)"};
    (void)state;
    for (int i = 0; i < 300; i++) {
        char text[64];
        snprintf(text, sizeof text, "%.3f + %s", 0.001 * (i / 3.0), terms[i % 3]);
        struct sim_dist *const d = law_parse(text, SIM_NUMBER);
        const double x = sim_dist_quantile(d, 0.5);
        assert_near(sim_dist_cdf(d, x), 1, 0);
        assert_near(sim_dist_cdf(d, nextafter(x, 0)), 0, 0);
        sim_dist_destroy(d);
    }
}

static void test_constant(void **state)
{
    struct sim_dist *const d = law_parse("12 min", SIM_TIME);
    struct sim_dist *made;
    (void)state;
    assert_close(sim_dist_mean(d), 720, 0);
    assert_close(sim_dist_variance(d), 0, 0);
    assert_close(sim_dist_quantile(d, 0.3), 720, 0);
    assert_close(sim_dist_cdf(d, 719.9), 0, 0);
    assert_close(sim_dist_cdf(d, 720), 1, 0);
    assert_int_equal(sim_dist_constant(4, &made), SIM_OK);
    assert_close(sim_dist_quantile(made, 0.5), 4, 0);
    sim_dist_destroy(made);
    sim_dist_destroy(d);
    sim_dist_destroy(NULL);
}

/* A mixture with a jump: quantiles stay at it as long as they should. */
static void test_mixture_with_a_step(void **state)
{
    struct sim_dist *const d = law_parse("mixture(uniform(0, 10) s @ 0.5, 4 s @ 0.5)", SIM_TIME);
    (void)state;
    assert_close(sim_dist_cdf(d, 4), 0.2 + 0.5, 1e-15);
    assert_close(sim_dist_cdf(d, 3.999999), 0.19999995, 1e-12);
    assert_close(sim_dist_quantile(d, 0.1), 2, 1e-14);
    assert_close(sim_dist_quantile(d, 0.21), 4, 1e-14);
    assert_close(sim_dist_quantile(d, 0.69), 4, 1e-14);
    assert_close(sim_dist_quantile(d, 0.75), 5, 1e-14);
    sim_dist_destroy(d);
}

/* ---- Printing ---- */

static void test_printed_laws_read_back(void **state)
{
    (void)state;
    for (int i = 0; i < N_LAWS; i++) {
        struct sim_dist *const d = law_parse(laws[i].text, laws[i].dimension);
        char *const text = law_text(d, laws[i].dimension);
        struct sim_dist *const copy = law_parse(text, laws[i].dimension);
        char *const again = law_text(copy, laws[i].dimension);
        assert_close(sim_dist_mean(copy), sim_dist_mean(d), 1e-14);
        assert_close(sim_dist_variance(copy), sim_dist_variance(d), 1e-12);
        assert_string_equal(again, text); /* canonical */
        free(text);
        free(again);
        sim_dist_destroy(copy);
        sim_dist_destroy(d);
    }
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_moments),
        cmocka_unit_test(test_cdf_and_quantile_are_inverse),
        cmocka_unit_test(test_cdf_grows_from_zero_to_one),
        cmocka_unit_test(test_samples_follow_the_law),
        cmocka_unit_test(test_the_test_of_samples_can_fail),
        cmocka_unit_test(test_a_draw_takes_one_number),
        cmocka_unit_test(test_discrete),
        cmocka_unit_test(test_narrow_pareto),
        cmocka_unit_test(test_variance_of_narrow_laws),
        cmocka_unit_test(test_gamma_of_any_shape),
        cmocka_unit_test(test_gamma_against_long_arithmetic),
        cmocka_unit_test(test_far_tail_of_gamma),
        cmocka_unit_test(test_a_shifted_step_is_where_its_point_is),
        cmocka_unit_test(test_constant),
        cmocka_unit_test(test_mixture_with_a_step),
        cmocka_unit_test(test_printed_laws_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
