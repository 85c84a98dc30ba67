/* Elementary effects and Sobol' indices against functions whose values are known. */
#include "tests/support/alloc_fail.h"
#include "tests/support/check.h"

#include "sim/design/indices.h"
#include "sim/design/morris.h"

#include <stdlib.h>

static const double pi = 3.14159265358979323846;

/* ---- Functions ---- */

typedef double (*function)(const double *x, size_t k);

/* Ishigami and Homma 1990, a = 7, b = 0.1, on (-pi, pi)^3. */
static double ishigami(const double *x, size_t k)
{
    double z[3];
    assert_int_equal(k, 3);
    for (int j = 0; j < 3; j++) {
        z[j] = pi * (2 * x[j] - 1);
    }
    return sin(z[0]) + 7 * pow(sin(z[1]), 2) + 0.1 * pow(z[2], 4) * sin(z[0]);
}

/* Sobol's g function, with coefficients from important to unimportant. */
static const double g_a[] = {0, 1, 4.5, 9, 99, 99};

static double g_function(const double *x, size_t k)
{
    double product = 1;
    for (size_t j = 0; j < k; j++) {
        product *= (fabs(4 * x[j] - 2) + g_a[j]) / (1 + g_a[j]);
    }
    return product;
}

/* 3 x0 - 2 x1 + 4 x2 x3 and nothing of x4. */
static double with_product(const double *x, size_t k)
{
    (void)k;
    return 3 * x[0] - 2 * x[1] + 4 * x[2] * x[3];
}

static double additive(const double *x, size_t k)
{
    double sum = 1000; /* a mean that must not matter */
    for (size_t j = 0; j < k; j++) {
        sum += (double)(j + 1) * x[j];
    }
    return sum;
}

static double *evaluate(function f, const double *point, size_t n, size_t k)
{
    double *const y = calloc(n, sizeof *y);
    assert_non_null(y);
    for (size_t i = 0; i < n; i++) {
        y[i] = f(point + i * k, k);
    }
    return y;
}

/* ---- Elementary effects ---- */

static void test_trajectories_move_each_factor_once(void **state)
{
    enum { R = 50, K = 7 };
    static double point[R * (K + 1) * K];
    int n_level[4] = {0};
    (void)state;
    assert_int_equal(sim_morris_design(3, R, K, point), SIM_OK);
    for (int t = 0; t < R; t++) {
        int moved[K] = {0};
        for (int s = 0; s < K; s++) {
            const double *const from = point + (size_t)(t * (K + 1) + s) * K;
            int n_moved = 0;
            for (int j = 0; j < K; j++) {
                const double d = fabs(from[K + j] - from[j]);
                n_moved += d > 0;
                moved[j] += d > 0;
                assert_true(d <= 0 || fabs(d - 2.0 / 3) < 1e-15);
                n_level[(int)round(3 * from[j])]++;
            }
            assert_int_equal(n_moved, 1);
        }
        for (int j = 0; j < K; j++) {
            assert_int_equal(moved[j], 1);
        }
    }
    for (int l = 0; l < 4; l++) { /* a quarter of 2450 each; 5 sd of clustered draws */
        assert_near(n_level[l], R * K * K / 4.0, 250);
    }
}

static void test_effects_of_a_polynomial(void **state)
{
    enum { R = 400, K = 5 };
    static double point[R * (K + 1) * K];
    struct sim_morris_effect e[K];
    (void)state;
    assert_int_equal(sim_morris_design(1, R, K, point), SIM_OK);
    double *const y = evaluate(with_product, point, (size_t)R * (K + 1), K);
    sim_morris_effects(R, K, point, y, 0.999, e);
    free(y);
    assert_near(e[0].mu, 3, 1e-12);
    assert_near(e[0].mu_star, 3, 1e-12);
    assert_near(e[0].sigma, 0, 1e-12);
    assert_near(e[1].mu, -2, 1e-12);
    assert_near(e[1].mu_star, 2, 1e-12);
    assert_near(e[4].mu_star, 0, 1e-12);
    for (int j = 2; j <= 3; j++) { /* 4 times the other, on four levels: mean 2, sd 4 sqrt(5)/6 */
        assert_near(e[j].mu_star, 2, e[j].half_width);
        assert_near(e[j].sigma, 4 * sqrt(5.0) / 6, 0.12);
        assert_int_equal(e[j].n, R);
    }
}

/* Signs cancel in mu and not in mu*: sin over a full period. */
static double wave(const double *x, size_t k)
{
    (void)k;
    return fabs(x[0] - 0.5) * 2;
}

static void test_signs_cancel_only_in_mu(void **state)
{
    enum { R = 200 };
    static double point[R * 2];
    struct sim_morris_effect e;
    (void)state;
    assert_int_equal(sim_morris_design(1, R, 1, point), SIM_OK);
    double *const y = evaluate(wave, point, (size_t)R * 2, 1);
    sim_morris_effects(R, 1, point, y, 0.95, &e);
    free(y);
    assert_near(e.mu_star, 1, 1e-12); /* 2/3 over a step of 2/3 */
    assert_true(fabs(e.mu) < 0.3);
}

static void test_points_without_result_are_left_out(void **state)
{
    double point[2 * 3 * 2];
    double y[6];
    struct sim_morris_effect e[2];
    (void)state;
    assert_int_equal(sim_morris_design(1, 2, 2, point), SIM_OK);
    for (int i = 0; i < 6; i++) {
        const double *const x = point + (size_t)i * 2;
        y[i] = x[0] + 5 * x[1];
    }
    y[1] = NAN; /* both steps of the first trajectory touch it */
    sim_morris_effects(2, 2, point, y, 0.95, e);
    assert_int_equal(e[0].n, 1);
    assert_near(e[0].mu, 1, 1e-12);
    assert_near(e[1].mu, 5, 1e-12);
    assert_true(isnan(e[0].half_width) && isnan(e[0].sigma));
    y[4] = NAN;
    sim_morris_effects(2, 2, point, y, 0.95, e);
    assert_int_equal(e[1].n, 0);
    assert_true(isnan(e[1].mu_star));
}

/* ---- Indices ---- */

static void estimate(function f, size_t n, size_t k, uint64_t seed, double confidence,
                     struct sim_indices *out)
{
    double *const point = calloc(n * (k + 2) * k, sizeof *point);
    size_t n_used;
    assert_non_null(point);
    assert_int_equal(sim_indices_design(seed, n, k, point), SIM_OK);
    double *const y = evaluate(f, point, n * (k + 2), k);
    assert_int_equal(sim_indices_estimate(seed, n, k, y, confidence, 500, out, &n_used), SIM_OK);
    assert_int_equal(n_used, n);
    free(point);
    free(y);
}

/* S = 0.3139, 0.4424, 0; T = 0.5576, 0.4424, 0.2437 (Sobol', Levitan 1999; closed form). */
static void test_ishigami(void **state)
{
    const double p4 = pow(pi, 4);
    const double v1 = 0.5 * pow(1 + 0.1 * p4 / 5, 2);
    const double v2 = 49.0 / 8;
    const double v13 = 0.01 * pow(pi, 8) * 8 / 225;
    const double v = v1 + v2 + v13;
    struct sim_indices s[3];
    (void)state;
    estimate(ishigami, 8192, 3, 1, 0.999, s);
    const double first[] = {v1 / v, v2 / v, 0};
    const double total[] = {(v1 + v13) / v, v2 / v, v13 / v};
    for (int j = 0; j < 3; j++) {
        assert_near(s[j].first.value, first[j], 0.01);
        assert_near(s[j].total.value, total[j], 0.01);
        assert_true(s[j].first.low <= first[j] && first[j] <= s[j].first.high);
        assert_true(s[j].total.low <= total[j] && total[j] <= s[j].total.high);
    }
}

static void test_g_function(void **state)
{
    enum { K = 6 };
    struct sim_indices s[K];
    double part[K];
    double all = 1;
    (void)state;
    for (int j = 0; j < K; j++) {
        part[j] = 1 / (3 * pow(1 + g_a[j], 2));
        all *= 1 + part[j];
    }
    estimate(g_function, 8192, K, 2, 0.999, s);
    for (int j = 0; j < K; j++) {
        assert_near(s[j].first.value, part[j] / (all - 1), 0.01);
        assert_near(s[j].total.value, part[j] * all / (1 + part[j]) / (all - 1), 0.01);
    }
}

/* 25 factors: more than Sobol' points have dimensions. T = S = j^2 / sum of squares; the bound is 5 standard
 * deviations of the estimate from as many independent points. */
static void test_many_factors(void **state)
{
    enum { K = 25 };
    struct sim_indices s[K];
    double squares = 0;
    (void)state;
    for (int j = 0; j < K; j++) {
        squares += pow(j + 1, 2);
    }
    estimate(additive, 4096, K, 1, 0.95, s);
    for (int j = 0; j < K; j++) {
        const double share = pow(j + 1, 2) / squares;
        assert_near(s[j].first.value, share, 0.04);
        assert_near(s[j].total.value, share, 0.02);
    }
}

/* A 90 % interval holds the truth in about 90 of 100 independent studies: within what a proportion of 0.8
 * (bootstrap intervals are a little short) to 1 gives. */
static void test_bootstrap_covers(void **state)
{
    int n_covered = 0;
    struct sim_indices s[3];
    (void)state;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        estimate(ishigami, 256, 3, seed, 0.9, s);
        n_covered += s[0].total.low <= 0.5576 && 0.5576 <= s[0].total.high;
    }
    assert_true(n_covered >= 75);
}

static void test_blocks_without_result_are_left_out(void **state)
{
    enum { N = 8, K = 2 };
    double point[N * (K + 2) * K];
    struct sim_indices s[K];
    size_t n_used;
    (void)state;
    assert_int_equal(sim_indices_design(1, N, K, point), SIM_OK);
    double *const y = evaluate(additive, point, (size_t)N * (K + 2), K);
    y[5] = NAN;
    assert_int_equal(sim_indices_estimate(1, N, K, y, 0.95, 50, s, &n_used), SIM_OK);
    assert_int_equal(n_used, N - 1);
    assert_true(isfinite(s[0].first.value));
    for (int i = 0; i < N * (K + 2); i++) {
        y[i] = 3; /* nothing varies: there is nothing to explain */
    }
    assert_int_equal(sim_indices_estimate(1, N, K, y, 0.95, 50, s, &n_used), SIM_OK);
    assert_true(isnan(s[0].first.value) && isnan(s[1].total.high));
    for (int i = 0; i < N * (K + 2); i++) {
        y[i] = NAN;
    }
    assert_int_equal(sim_indices_estimate(1, N, K, y, 0.95, 50, s, &n_used), SIM_OK);
    assert_int_equal(n_used, 0);
    assert_true(isnan(s[0].total.value));
    free(y);
}

static void test_bad_arguments_and_no_memory(void **state)
{
    double point[4 * 4 * 2];
    double y[16];
    struct sim_indices s[2];
    size_t n_used;
    (void)state;
    assert_int_equal(sim_morris_design(1, 0, 1, point), SIM_EINVAL);
    assert_int_equal(sim_morris_design(1, 1, 0, point), SIM_EINVAL);
    assert_int_equal(sim_indices_design(1, 1, 1, point), SIM_EINVAL);
    assert_int_equal(sim_indices_design(1, 2, 0, point), SIM_EINVAL);
    for (int i = 0; i < 16; i++) {
        y[i] = sin(i);
    }
    for (unsigned n = 1; alloc_fail_begin(n); n++) {
        enum sim_err err = sim_morris_design(1, 2, 2, point);
        err = err == SIM_OK ? sim_indices_design(1, 4, 2, point) : err;
        err = err == SIM_OK ? sim_indices_estimate(1, 4, 2, y, 0.9, 5, s, &n_used) : err;
        if (!alloc_fail_end()) {
            assert_int_equal(err, SIM_OK);
            assert_true(n > 8);
            break;
        }
        assert_int_equal(err, SIM_ENOMEM);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trajectories_move_each_factor_once),
        cmocka_unit_test(test_effects_of_a_polynomial),
        cmocka_unit_test(test_signs_cancel_only_in_mu),
        cmocka_unit_test(test_points_without_result_are_left_out),
        cmocka_unit_test(test_ishigami),
        cmocka_unit_test(test_g_function),
        cmocka_unit_test(test_many_factors),
        cmocka_unit_test(test_bootstrap_covers),
        cmocka_unit_test(test_blocks_without_result_are_left_out),
        cmocka_unit_test(test_bad_arguments_and_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
