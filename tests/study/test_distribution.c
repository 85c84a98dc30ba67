/* Distributions: what is kept of the waits of a run, and what comes out of several. */
#include "tests/support/alloc_fail.h"
#include "tests/support/check.h"

#include "sim/rng/stream.h"
#include "study/distribution.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N = 5 };

/* Five devices: three that are done, one that never is, one that has lost nothing. */
static void make_run(struct device_record device[N], struct run_result *result)
{
    static const double full_s[N] = {10, 1000, 100, NAN, NAN};
    memset(device, 0, N * sizeof *device);
    for (int i = 0; i < N; i++) {
        device[i].lost_s = i < N - 1 ? 0 : (double)NAN;
        device[i].basic_s = i < N - 1 ? 1 : (double)NAN;
        device[i].full_s = full_s[i];
    }
    *result = (struct run_result){.n_devices = N, .device = device};
}

static void test_waits_of_two_runs_are_pooled(void **state)
{
    struct device_record device[N];
    struct run_result result;
    struct kept_series kept;
    struct sim_loghist *h;
    (void)state;
    make_run(device, &result);
    assert_int_equal(distribution_of(&result, "distribution.full_s", &kept), SIM_OK);
    assert_string_equal(kept.name, "distribution.full_s");
    assert_int_equal(kept.n, 8); /* four buckets */
    assert_int_equal(distribution_create(&h), SIM_OK);
    assert_true(distribution_add(&kept, h));
    assert_true(distribution_add(&kept, h));
    assert_int_equal(sim_loghist_count(h), 8);
    assert_close(distribution_quantile(h, 0.25), 10, 0.005);
    assert_close(distribution_quantile(h, 0.5), 100, 0.005);
    assert_close(distribution_quantile(h, 0.75), 1000, 0.005);
    assert_true(isinf(distribution_quantile(h, 0.76)));
    sim_loghist_destroy(h);
    free(kept.name);
    free(kept.value);
}

/* Storms with a factor of their own, which all their devices share: the interval holds the median of all devices as often
 * as it says, where one that took devices for independent would do so in one case of four. */
static void test_the_interval_covers(void **state)
{
    enum { EXPERIMENTS = 400, STORMS = 20, DEVICES = 50 };
    const double median_s = 100;
    unsigned n_held = 0;
    (void)state;
    for (uint32_t x = 0; x < EXPERIMENTS; x++) {
        struct sim_loghist *all;
        struct sim_loghist *own[STORMS];
        struct distribution_share share = {0};
        double low_s;
        double high_s;
        assert_int_equal(distribution_create(&all), SIM_OK);
        for (uint32_t r = 0; r < STORMS; r++) {
            struct sim_stream stream;
            sim_stream_open(&stream, 1, x * STORMS + r, 0, 0, 0);
            assert_int_equal(distribution_create(&own[r]), SIM_OK);
            const double storm = sim_stream_uniform(&stream) - 0.5; /* symmetric about 0 */
            for (int i = 0; i < DEVICES; i++) {
                sim_loghist_add(own[r],
                                median_s * exp(storm + (sim_stream_uniform(&stream) - 0.5) / 2));
            }
            assert_int_equal(sim_loghist_merge(all, own[r]), SIM_OK);
        }
        const double estimate_s = distribution_quantile(all, 0.5);
        for (uint32_t r = 0; r < STORMS; r++) {
            distribution_share_add(&share, (double)sim_loghist_count_to(own[r], estimate_s),
                                   DEVICES);
            sim_loghist_destroy(own[r]);
        }
        distribution_interval(all, &share, 0.5, 0.95, &low_s, &high_s);
        n_held += low_s * 0.995 <= median_s && median_s <= high_s * 1.005;
        sim_loghist_destroy(all);
    }
    /* Of 400 at 95 %: 380 and a standard deviation of 4.4; small samples may hold a little less. */
    assert_in_range(n_held, 364, 396);
}

static void test_open_ends_and_one_storm(void **state)
{
    struct sim_loghist *h;
    struct distribution_share share = {0};
    double low_s;
    double high_s;
    (void)state;
    assert_int_equal(distribution_create(&h), SIM_OK);
    for (int i = 1; i <= 100; i++) {
        sim_loghist_add(h, i);
    }
    distribution_share_add(&share, 50, 100);
    distribution_interval(h, &share, 0.5, 0.95, &low_s, &high_s);
    assert_true(isnan(low_s) && isnan(high_s)); /* one storm says nothing of the spread */
    distribution_share_add(&share, 60, 100);
    /* 50 and 60 of 100: the error of the share is 0.05, and t of one degree of freedom 12.7: beyond both ends. */
    assert_near(distribution_share_error(&share), 0.05, 1e-12);
    distribution_interval(h, &share, 0.5, 0.95, &low_s, &high_s);
    assert_true(isnan(low_s) && isnan(high_s));
    distribution_interval(h, &share, 0.5, 0.5, &low_s, &high_s); /* t is 1 */
    assert_close(low_s, 45, 0.005);
    assert_close(high_s, 55, 0.005);
    sim_loghist_destroy(h);
}

static void test_what_is_no_histogram_is_refused(void **state)
{
    double wrong[][3] = {{-1, 1, 0}, {1e9, 1, 0}, {1, 0, 0}, {1, NAN, 0}, {1, 1, 1}};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        const struct kept_series kept = {.n = i == 4 ? 3 : 2, .value = wrong[i]};
        struct sim_loghist *h;
        assert_int_equal(distribution_create(&h), SIM_OK);
        assert_false(distribution_add(&kept, h));
        sim_loghist_destroy(h);
    }
}

static void test_without_memory_it_says_so(void **state)
{
    struct device_record device[N];
    struct run_result result;
    bool has_failed = true;
    (void)state;
    make_run(device, &result);
    for (unsigned n = 1; has_failed; n++) {
        struct kept_series kept;
        alloc_fail_begin(n);
        const enum sim_err err = distribution_of(&result, "distribution.basic_s", &kept);
        has_failed = alloc_fail_end();
        assert_int_equal(err, has_failed ? SIM_ENOMEM : SIM_OK);
        free(kept.name);
        free(kept.value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_waits_of_two_runs_are_pooled),
        cmocka_unit_test(test_the_interval_covers),
        cmocka_unit_test(test_open_ends_and_one_storm),
        cmocka_unit_test(test_what_is_no_histogram_is_refused),
        cmocka_unit_test(test_without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
