/* Time averages, samples, log histograms, series, intervals. */
#include "tests/support/alloc_fail.h"
#include "tests/support/check.h"

#include "sim/rng/stream.h"
#include "sim/stat/interval.h"
#include "sim/stat/loghist.h"
#include "sim/stat/sample.h"
#include "sim/stat/series.h"
#include "sim/stat/timeavg.h"

#include <stdlib.h>
#include <string.h>

/* ---- Time averages ---- */

static void test_time_average_by_hand(void **state)
{
    struct sim_timeavg a;
    (void)state;
    sim_timeavg_init(&a, 10, 2);
    sim_timeavg_set(&a, 14, 5);  /* 4 s of 2 */
    sim_timeavg_add(&a, 16, -5); /* 2 s of 5 */
    assert_close(sim_timeavg_area(&a, 20), 8 + 10, 1e-15);
    assert_close(sim_timeavg_mean(&a, 20), 1.8, 1e-15);
    assert_close(a.max, 5, 0);
    assert_close(sim_timeavg_area(&a, 16), 18, 1e-15); /* looking changes nothing */
    sim_timeavg_init(&a, 3, 7);
    assert_close(sim_timeavg_mean(&a, 3), 7, 0); /* no time has passed */
}

/* 1e6 terms of 0.1 s at 0.1: plain summation loses six digits more than this allows. */
static void test_many_small_terms_keep_their_digits(void **state)
{
    enum { N = 1000000 };
    struct sim_timeavg a;
    (void)state;
    sim_timeavg_init(&a, 0, 1e8);
    sim_timeavg_set(&a, 1, 0.1); /* a large area first */
    for (int i = 1; i <= N; i++) {
        sim_timeavg_set(&a, 1 + i * 0.0625, 0.1);
    }
    assert_close(sim_timeavg_area(&a, 1 + N * 0.0625), 1e8 + 0.1 * 0.0625 * N, 1e-15);
}

/* ---- Samples ---- */

static void test_quantiles_of_type_7(void **state)
{
    static const double values[] = {40, 10, 30, 20, 50};
    struct sim_sample s = {0};
    (void)state;
    assert_true(isnan(sim_sample_quantile(&s, 0.5)));
    for (int i = 0; i < 5; i++) {
        assert_int_equal(sim_sample_add(&s, values[i]), SIM_OK);
    }
    sim_sample_sort(&s);
    assert_close(sim_sample_quantile(&s, 0), 10, 0);
    assert_close(sim_sample_quantile(&s, 1), 50, 0);
    assert_close(sim_sample_quantile(&s, 0.5), 30, 0);
    assert_close(sim_sample_quantile(&s, 0.4), 26, 1e-14); /* (n - 1) p = 1.6 */
    assert_close(sim_sample_quantile(&s, 0.95), 48, 1e-14);
    assert_close(sim_sample_share_up_to(&s, 30), 0.6, 1e-15);
    assert_close(sim_sample_share_up_to(&s, 29.9), 0.4, 1e-15);
    assert_close(sim_sample_share_up_to(&s, 5), 0, 0);
    assert_close(sim_sample_share_up_to(&s, 500), 1, 0);
    sim_sample_fini(&s);
}

/* Three of ten never came: p60 is among those who did, p70 is not. */
static void test_never_is_later_than_everything(void **state)
{
    struct sim_sample s = {0};
    (void)state;
    for (int i = 0; i < 10; i++) {
        assert_int_equal(sim_sample_add(&s, i < 7 ? i : HUGE_VAL), SIM_OK);
    }
    sim_sample_sort(&s);
    assert_close(sim_sample_quantile(&s, 0.6), 5.4, 1e-14);
    assert_close(sim_sample_quantile(&s, 6.0 / 9), 6, 1e-14);
    assert_true(isinf(sim_sample_quantile(&s, 0.7)));
    assert_true(isinf(sim_sample_quantile(&s, 1)));
    alloc_fail_begin(1);
    enum sim_err err = SIM_OK;
    for (int i = 0; i < 100 && err == SIM_OK; i++) {
        err = sim_sample_add(&s, i);
    }
    assert_true(alloc_fail_end());
    assert_int_equal(err, SIM_ENOMEM);
    sim_sample_sort(&s);
    assert_close(sim_sample_quantile(&s, 0), 0, 0);
    sim_sample_fini(&s);
}

/* ---- Log histograms ---- */

static void fill(struct sim_loghist *h, struct sim_sample *s, uint32_t entity, int n)
{
    struct sim_stream stream;
    sim_stream_open(&stream, 1, entity, 0, 0, 0);
    for (int i = 0; i < n; i++) {
        const double value = exp(8 * sim_stream_uniform(&stream) - 2);
        sim_loghist_add(h, value);
        if (s != NULL) {
            assert_int_equal(sim_sample_add(s, value), SIM_OK);
        }
    }
}

/* p (n - 1) and p n are whole numbers that the product misses by a rounding error. */
static void test_ranks_that_rounding_would_miss(void **state)
{
    struct sim_sample sample = {0};
    struct sim_loghist *h;
    (void)state;
    for (int i = 0; i <= 100; i++) {
        assert_int_equal(sim_sample_add(&sample, i <= 55 ? i : (double)INFINITY), SIM_OK);
    }
    sim_sample_sort(&sample);
    assert_near(sim_sample_quantile(&sample, 0.55), 55, 0);
    assert_true(isinf(sim_sample_quantile(&sample, 0.555)));
    assert_true(isinf(sim_sample_quantile(&sample, 0.755))); /* between two that never came */
    sim_sample_fini(&sample);
    assert_int_equal(sim_loghist_create(0.5, 200, 1.001, &h), SIM_OK);
    for (int i = 1; i <= 100; i++) {
        sim_loghist_add(h, i);
    }
    assert_close(sim_loghist_quantile(h, 0.07), 7, 1e-3);
    sim_loghist_destroy(h);
}

static void test_error_of_a_log_histogram(void **state)
{
    struct sim_loghist *h;
    struct sim_sample s = {0};
    (void)state;
    assert_int_equal(sim_loghist_create(1e-3, 1e4, 1.01, &h), SIM_OK);
    fill(h, &s, 0, 50001);
    sim_sample_sort(&s);
    for (double p = 0; p <= 1; p += 0.001) {
        const size_t rank = (size_t)fmax(ceil(p * 50001), 1) - 1; /* the value it stands for */
        assert_close(sim_loghist_quantile(h, p), s.value[rank], 0.00499);
    }
    assert_int_equal(sim_loghist_count(h), 50001);
    sim_sample_fini(&s);
    sim_loghist_destroy(h);
}

/* Kept elsewhere, bucket by bucket, and put together again. */
static void test_buckets_make_the_histogram_again(void **state)
{
    struct sim_loghist *h;
    struct sim_loghist *again;
    (void)state;
    assert_int_equal(sim_loghist_create(1, 100, 1.1, &h), SIM_OK);
    assert_int_equal(sim_loghist_create(1, 100, 1.1, &again), SIM_OK);
    fill(h, NULL, 0, 1000); /* from 0.14 to 403: both ends are met */
    for (size_t i = 0; i < sim_loghist_n_buckets(h); i++) {
        sim_loghist_add_to_bucket(again, i, sim_loghist_in_bucket(h, i));
    }
    assert_int_equal(sim_loghist_count(again), 1000);
    assert_true(sim_loghist_in_bucket(h, 0) > 0);
    assert_true(sim_loghist_in_bucket(h, sim_loghist_n_buckets(h) - 1) > 0);
    for (double p = 0; p <= 1; p += 0.01) {
        assert_close(sim_loghist_quantile(again, p), sim_loghist_quantile(h, p), 0);
    }
    sim_loghist_clear(again);
    assert_int_equal(sim_loghist_count(again), 0);
    assert_true(isnan(sim_loghist_quantile(again, 0.5)));
    sim_loghist_destroy(h);
    sim_loghist_destroy(again);
}

static void test_merging_is_exact_in_any_order(void **state)
{
    struct sim_loghist *h[3];
    struct sim_loghist *left;
    struct sim_loghist *right;
    (void)state;
    assert_int_equal(sim_loghist_create(1e-3, 1e4, 1.02, &left), SIM_OK);
    assert_int_equal(sim_loghist_create(1e-3, 1e4, 1.02, &right), SIM_OK);
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(sim_loghist_create(1e-3, 1e4, 1.02, &h[i]), SIM_OK);
        fill(h[i], NULL, i, 1000 + (int)i);
    }
    for (int i = 0; i < 3; i++) {
        assert_int_equal(sim_loghist_merge(left, h[i]), SIM_OK);
        assert_int_equal(sim_loghist_merge(right, h[2 - i]), SIM_OK);
    }
    for (double p = 0; p <= 1; p += 0.01) {
        assert_close(sim_loghist_quantile(left, p), sim_loghist_quantile(right, p), 0);
    }
    assert_int_equal(sim_loghist_count(left), 3003);
    struct sim_loghist *other;
    assert_int_equal(sim_loghist_create(1e-3, 1e4, 1.01, &other), SIM_OK);
    assert_int_equal(sim_loghist_merge(left, other), SIM_EINVAL);
    sim_loghist_destroy(other);
    for (int i = 0; i < 3; i++) {
        sim_loghist_destroy(h[i]);
    }
    sim_loghist_destroy(left);
    sim_loghist_destroy(right);
}

static void test_values_outside_the_range(void **state)
{
    struct sim_loghist *h;
    (void)state;
    assert_int_equal(sim_loghist_create(1, 100, 1.1, &h), SIM_OK);
    assert_true(isnan(sim_loghist_quantile(h, 0.5)));
    sim_loghist_add(h, -5);
    sim_loghist_add(h, 0);
    sim_loghist_add(h, 10);
    sim_loghist_add(h, 1e9);
    sim_loghist_add(h, HUGE_VAL);
    assert_close(sim_loghist_quantile(h, 0.2), 1, 0);
    assert_close(sim_loghist_quantile(h, 0.6), 10, 0.05);
    assert_close(sim_loghist_quantile(h, 1), 100, 0);
    sim_loghist_destroy(h);
    sim_loghist_destroy(NULL);
    assert_int_equal(sim_loghist_create(0, 100, 1.1, &h), SIM_EINVAL);
    assert_int_equal(sim_loghist_create(5, 5, 1.1, &h), SIM_EINVAL);
    assert_int_equal(sim_loghist_create(1, 100, 1, &h), SIM_EINVAL);
    assert_int_equal(sim_loghist_create(1, HUGE_VAL, 2, &h), SIM_EINVAL);
    assert_int_equal(sim_loghist_create(1e-300, 1e300, 1.000001, &h), SIM_EINVAL);
    alloc_fail_begin(1);
    assert_int_equal(sim_loghist_create(1, 100, 1.1, &h), SIM_ENOMEM);
    assert_true(alloc_fail_end());
}

/* ---- Series ---- */

static void test_series(void **state)
{
    struct sim_series *s;
    (void)state;
    assert_int_equal(sim_series_create(0, 1, 1, &s), SIM_EINVAL);
    assert_int_equal(sim_series_create(1, 0, 1, &s), SIM_EINVAL);
    assert_int_equal(sim_series_create(1, 1, 0, &s), SIM_EINVAL);
    assert_int_equal(sim_series_create(2.5, 3, 50, &s), SIM_OK);
    for (int i = 0; i < 50; i++) {
        double *const row = sim_series_next_row(s);
        assert_non_null(row);
        assert_close(row[1], 0, 0); /* rows begin as zeros */
        row[2] = i;
    }
    assert_null(sim_series_next_row(s)); /* full */
    assert_int_equal(sim_series_n_rows(s), 50);
    assert_int_equal(sim_series_n_columns(s), 3);
    assert_close(sim_series_time_s(s, 4), 10, 0);
    assert_close(sim_series_step_s(s), 2.5, 0);
    assert_close(sim_series_row(s, 49)[2], 49, 0);
    sim_series_destroy(s);
    sim_series_destroy(NULL);
    for (unsigned n = 1; n <= 2; n++) {
        s = NULL;
        alloc_fail_begin(n);
        enum sim_err err = sim_series_create(1, 3, 10, &s);
        err = err == SIM_OK && sim_series_next_row(s) == NULL ? SIM_ENOMEM : err;
        assert_true(alloc_fail_end());
        assert_int_equal(err, SIM_ENOMEM);
        sim_series_destroy(s);
    }
}

/* ---- Intervals ---- */

static struct sim_tally tally_of(int n)
{
    struct sim_tally t = {0};
    for (int i = 0; i < n; i++) {
        sim_tally_add(&t, i % 2 == 0 ? -1 : 1);
    }
    return t;
}

/* t(0.975; 9, 19, 29), from tables of 15 digits. */
static void test_student_intervals(void **state)
{
    static const struct {
        int n;
        double quantile;
    } rows[] = {{10, 2.26215716279821}, {20, 2.09302405440831}, {30, 2.0452296421327}};
    (void)state;
    for (int i = 0; i < 3; i++) {
        const struct sim_tally t = tally_of(rows[i].n);
        const struct sim_interval interval = sim_interval_student(&t, 0.95);
        const double n = rows[i].n;
        assert_near(interval.mean, 0, 1e-15);
        /* values of +-1 have the variance n/(n - 1) */
        assert_close(interval.half_width, rows[i].quantile * sqrt(n / (n - 1)) / sqrt(n), 1e-9);
    }
    const struct sim_tally one = tally_of(1);
    assert_true(isnan(sim_interval_student(&one, 0.95).half_width));
}

/* Of 2,000 intervals around means of 5 normal-like values, 95 % hold the true mean. */
static void test_coverage_of_student_intervals(void **state)
{
    enum { N = 2000, OF = 5 };
    struct sim_stream s;
    int n_hits = 0;
    (void)state;
    sim_stream_open(&s, 21, 0, 0, 0, 0);
    for (int i = 0; i < N; i++) {
        struct sim_tally t = {0};
        for (int k = 0; k < OF; k++) {
            double x = -6;
            for (int j = 0; j < 12; j++) {
                x += sim_stream_uniform(&s);
            }
            sim_tally_add(&t, x);
        }
        const struct sim_interval interval = sim_interval_student(&t, 0.95);
        n_hits += fabs(interval.mean) <= interval.half_width;
    }
    assert_near((n_hits - 0.95 * N) / sqrt(N * 0.95 * 0.05), 0, 4);
}

static void test_intervals_of_a_proportion(void **state)
{
    double low;
    double high;
    (void)state;
    sim_interval_proportion(3, 20, 0.95, &low, &high);
    assert_close(low, 0.0320709371855, 1e-9);
    assert_close(high, 0.378926826545, 1e-9);
    sim_interval_proportion(0, 10, 0.95, &low, &high);
    assert_close(low, 0, 0);
    assert_close(high, 1 - pow(0.025, 0.1), 1e-9);
    sim_interval_proportion(10, 10, 0.95, &low, &high);
    assert_close(low, pow(0.025, 0.1), 1e-9);
    assert_close(high, 1, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_time_average_by_hand),
        cmocka_unit_test(test_many_small_terms_keep_their_digits),
        cmocka_unit_test(test_quantiles_of_type_7),
        cmocka_unit_test(test_never_is_later_than_everything),
        cmocka_unit_test(test_ranks_that_rounding_would_miss),
        cmocka_unit_test(test_error_of_a_log_histogram),
        cmocka_unit_test(test_buckets_make_the_histogram_again),
        cmocka_unit_test(test_merging_is_exact_in_any_order),
        cmocka_unit_test(test_values_outside_the_range),
        cmocka_unit_test(test_series),
        cmocka_unit_test(test_student_intervals),
        cmocka_unit_test(test_coverage_of_student_intervals),
        cmocka_unit_test(test_intervals_of_a_proportion),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
