/* Points of experiments: strata, distances, discrepancy; the same bits for the same seed. */
#include "tests/support/alloc_fail.h"
#include "tests/support/check.h"

#include "sim/design/points.h"

#include <stdlib.h>
#include <string.h>

/* Is there exactly one of the n points in each of the n strata of factor j? */
static bool is_stratified(const double *point, size_t n, size_t k, size_t j)
{
    bool *const seen = calloc(n, sizeof *seen);
    bool ok = seen != NULL;
    for (size_t i = 0; i < n && ok; i++) {
        const double x = point[i * k + j];
        const size_t stratum = (size_t)floor(x * (double)n);
        ok = x >= 0 && x < 1 && !seen[stratum];
        seen[stratum] = true;
    }
    free(seen);
    return ok;
}

static double nearest2(const double *point, size_t n, size_t k)
{
    double least = INFINITY;
    for (size_t a = 1; a < n; a++) {
        for (size_t b = 0; b < a; b++) {
            double sum = 0;
            for (size_t j = 0; j < k; j++) {
                sum += pow(point[a * k + j] - point[b * k + j], 2);
            }
            least = fmin(least, sum);
        }
    }
    return least;
}

/* Warnock's formula for the square of the L2 star discrepancy. */
static double discrepancy2(const double *point, size_t n, size_t k)
{
    double single = 0;
    double pairs = 0;
    for (size_t a = 0; a < n; a++) {
        double product = 1;
        for (size_t j = 0; j < k; j++) {
            product *= (1 - pow(point[a * k + j], 2)) / 2;
        }
        single += product;
        for (size_t b = 0; b < n; b++) {
            product = 1;
            for (size_t j = 0; j < k; j++) {
                product *= 1 - fmax(point[a * k + j], point[b * k + j]);
            }
            pairs += product;
        }
    }
    const double m = (double)n;
    return pow(3, -(double)k) - 2 * single / m + pairs / (m * m);
}

/* The mean of the same over n independent uniform points. */
static double discrepancy2_at_random(size_t n, size_t k)
{
    return (pow(2, -(double)k) - pow(3, -(double)k)) / (double)n;
}

static void test_latin_has_one_point_in_each_stratum(void **state)
{
    (void)state;
    static const struct {
        size_t n, k;
    } shapes[] = {{1, 1}, {2, 3}, {7, 2}, {100, 5}, {1000, 3}};
    for (size_t s = 0; s < sizeof shapes / sizeof shapes[0]; s++) {
        const size_t n = shapes[s].n;
        const size_t k = shapes[s].k;
        double *const point = calloc(n * k, sizeof *point);
        for (uint32_t n_tries = 1; n_tries <= 5; n_tries += 4) {
            assert_int_equal(sim_design_latin(9, n, k, n_tries, point), SIM_OK);
            for (size_t j = 0; j < k; j++) {
                assert_true(is_stratified(point, n, k, j));
            }
        }
        free(point);
    }
}

/* Points of a factor are spread over their stratum: the mean place over 2000 strata is 1/2. */
static void test_latin_is_uniform_within_strata(void **state)
{
    enum { N = 2000 };
    static double point[N];
    double sum = 0;
    (void)state;
    assert_int_equal(sim_design_latin(1, N, 1, 1, point), SIM_OK);
    for (int i = 0; i < N; i++) {
        sum += point[i] * N - floor(point[i] * N);
    }
    assert_near(sum / N, 0.5, 3.29 / sqrt(12.0 * N)); /* 99.9 % */
}

static void test_maximin_is_no_worse(void **state)
{
    enum { N = 20, K = 3 };
    double plain[N * K];
    double best[N * K];
    int n_better = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        assert_int_equal(sim_design_latin(seed, N, K, 1, plain), SIM_OK);
        assert_int_equal(sim_design_latin(seed, N, K, 50, best), SIM_OK);
        assert_true(nearest2(best, N, K) >= nearest2(plain, N, K));
        n_better += nearest2(best, N, K) > 1.5 * nearest2(plain, N, K);
    }
    assert_true(n_better >= 10);
}

static void test_same_seed_same_points(void **state)
{
    double a[30], b[30], c[30];
    (void)state;
    assert_int_equal(sim_design_latin(5, 10, 3, 4, a), SIM_OK);
    assert_int_equal(sim_design_latin(5, 10, 3, 4, b), SIM_OK);
    assert_int_equal(sim_design_latin(6, 10, 3, 4, c), SIM_OK);
    assert_memory_equal(a, b, sizeof a);
    assert_memory_not_equal(a, c, sizeof a);
    assert_int_equal(sim_design_sobol(5, 10, 3, a), SIM_OK);
    assert_int_equal(sim_design_sobol(5, 10, 3, b), SIM_OK);
    assert_int_equal(sim_design_sobol(6, 10, 3, c), SIM_OK);
    assert_memory_equal(a, b, sizeof a);
    assert_memory_not_equal(a, c, sizeof a);
}

/* The first points of the sequence in two dimensions, as in Sobol' 1967. */
static void test_sobol_begins_as_published(void **state)
{
    static const double expected[] = {0, 0, 0.5, 0.5, 0.75, 0.25, 0.25, 0.75};
    double point[8];
    (void)state;
    assert_int_equal(sim_design_sobol(0, 4, 2, point), SIM_OK);
    assert_memory_equal(point, expected, sizeof point);
}

/* 2^m points that are not shifted have one in each of the 2^m strata of each factor. */
static void test_sobol_is_stratified_in_all_dimensions(void **state)
{
    enum { N = 256, K = SIM_SOBOL_MAX_DIMENSIONS };
    static double point[N * K];
    (void)state;
    assert_int_equal(sim_design_sobol(0, N, K, point), SIM_OK);
    for (size_t j = 0; j < K; j++) {
        assert_true(is_stratified(point, N, K, j));
    }
}

static void test_sobol_has_a_small_discrepancy(void **state)
{
    enum { N = 256, K = 4 };
    static double point[N * K];
    (void)state;
    for (uint64_t seed = 0; seed < 10; seed++) { /* a shift costs some of it */
        assert_int_equal(sim_design_sobol(seed, N, K, point), SIM_OK);
        const double most = seed == 0 ? 0.12 : 0.3;
        assert_true(discrepancy2(point, N, K) < most * discrepancy2_at_random(N, K));
    }
}

/* One point each of 2000 shifts: uniform, so the mean is 1/2 (99.9 %). */
static void test_shifted_points_are_uniform(void **state)
{
    enum { N = 2000 };
    double point[8];
    double sum = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= N; seed++) {
        assert_int_equal(sim_design_sobol(seed, 4, 2, point), SIM_OK);
        for (int i = 0; i < 8; i++) {
            assert_true(point[i] >= 0 && point[i] < 1);
        }
        sum += point[5];
    }
    assert_near(sum / N, 0.5, 3.29 / sqrt(12.0 * N));
}

static void test_bad_arguments_and_no_memory(void **state)
{
    double point[100];
    (void)state;
    assert_int_equal(sim_design_latin(1, 0, 1, 1, point), SIM_EINVAL);
    assert_int_equal(sim_design_latin(1, 1, 0, 1, point), SIM_EINVAL);
    assert_int_equal(sim_design_latin(1, 1, 1, 0, point), SIM_EINVAL);
    assert_int_equal(sim_design_sobol(1, 0, 1, point), SIM_EINVAL);
    assert_int_equal(sim_design_sobol(1, 1, SIM_SOBOL_MAX_DIMENSIONS + 1, point), SIM_EINVAL);
    for (unsigned n = 1; alloc_fail_begin(n); n++) {
        const enum sim_err err = sim_design_latin(1, 10, 2, 3, point);
        if (!alloc_fail_end()) {
            assert_int_equal(err, SIM_OK);
            assert_true(n > 1);
            break;
        }
        assert_int_equal(err, SIM_ENOMEM);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_latin_has_one_point_in_each_stratum),
        cmocka_unit_test(test_latin_is_uniform_within_strata),
        cmocka_unit_test(test_maximin_is_no_worse),
        cmocka_unit_test(test_same_seed_same_points),
        cmocka_unit_test(test_sobol_begins_as_published),
        cmocka_unit_test(test_sobol_is_stratified_in_all_dimensions),
        cmocka_unit_test(test_sobol_has_a_small_discrepancy),
        cmocka_unit_test(test_shifted_points_are_uniform),
        cmocka_unit_test(test_bad_arguments_and_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
