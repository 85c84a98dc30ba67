/* Distributions: what is kept of the waits of a run, and what comes out of several. */
#include "tests/support/alloc_fail.h"
#include "tests/support/check.h"

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
        cmocka_unit_test(test_what_is_no_histogram_is_refused),
        cmocka_unit_test(test_without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
