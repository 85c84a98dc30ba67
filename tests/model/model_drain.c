/* A server that is drained, and devices that are blocked and released by group or class. */
#include "tests/support/check.h"
#include "tests/support/run_text.h"

#include <math.h>
#include <stdio.h>

enum { HEARTBEAT_S = 600 };

/* 400 devices of two classes, all online. */
static void run_timeline(const char *timeline, struct run_result *r)
{
    char yaml[1600];
    snprintf(yaml, sizeof yaml,
             "schema: 1\nusers: 400\nhorizon: 12 h\n"
             "devices:\n  per_user: 1\n  online: 100 %%\n  heartbeat: %d s\n  classes:\n"
             "    fast: {share: 0.5, rtt: 100 ms, promotion: 0 s, loss: 0, reconnect_delay: 5 s,\n"
             "           backoff: {policy: fixed, first: 30 s, jitter: 1}}\n"
             "    slow: {share: 0.5, rtt: 200 ms, promotion: 0 s, loss: 0, reconnect_delay: 5 s,\n"
             "           backoff: {policy: fixed, first: 30 s, jitter: 1}}\n"
             "balancer: {check_interval: 10 ms, fall: 1, rise: 1, groups: 4}\n"
             "timeline:\n%s",
             HEARTBEAT_S, timeline);
    run_text(yaml, 0, r);
}

/* Each device leaves when its poll ends, at any time of the heartbeat: uniform, mean and variance known.
 * Nobody meets a 503 and nobody is without mail before he leaves. */
static void test_a_drained_server_is_left_poll_by_poll(void **state)
{
    struct run_result r;
    double sum_s = 0;
    (void)state;
    run_timeline("  - {at: 9 h, do: drain A to B}\n", &r);
    assert_true(r.is_complete);
    assert_int_equal(r.refused, 0);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        const struct device_record *const d = &r.device[i];
        assert_true(d->lost_s > 0 && d->lost_s < HEARTBEAT_S);
        assert_int_equal(d->losses, 1);
        assert_near(d->total_s, d->full_s - d->lost_s, 1e-6);
        sum_s += d->lost_s;
    }
    const double sd_s = HEARTBEAT_S / sqrt(12.0 * r.n_devices);
    assert_near((sum_s / r.n_devices - HEARTBEAT_S / 2.0) / sd_s, 0, 4);
    run_result_fini(&r);
}

/* B is drained two hours after it has taken all: their polls are requests now, and each leaves at the end
 * of the one it is in. The run is not over before. */
static void test_who_is_served_leaves_when_his_poll_ends(void **state)
{
    struct run_result r;
    double last_s = 0;
    (void)state;
    run_timeline("  - {at: 0 s, do: fail host A}\n  - {at: 7200 s, do: restart host A}\n"
                 "  - {at: 7260 s, do: drain B to A}\n",
                 &r);
    assert_true(r.is_complete);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        const struct device_record *const d = &r.device[i];
        assert_int_equal(d->losses, 2);
        assert_true(d->full_s > 7260);
        last_s = fmax(last_s, d->full_s);
    }
    assert_true(last_s > 7260 + 0.9 * HEARTBEAT_S);
    run_result_fini(&r);
}

/* In the middle of the storm: what is loading goes on at B to the end, and only then begins anew at A. */
static void test_who_is_loading_ends_first(void **state)
{
    struct run_result r;
    uint32_t n_twice = 0;
    (void)state;
    run_timeline("  - {at: 0 s, do: fail host A}\n  - {at: 60 s, do: restart host A}\n"
                 "  - {at: 300 s, do: drain B to A}\n",
                 &r);
    assert_true(r.is_complete);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        n_twice += r.device[i].losses == 2;
        assert_int_equal(r.device[i].items_done, r.device[i].items);
    }
    assert_true(n_twice > r.n_devices / 2); /* the others had not got to B by then */
    run_result_fini(&r);
}

/* Group g is released at 1000 (g + 1) s; a refused device asks every 30 s and a bit. */
static void test_groups_are_released_one_by_one(void **state)
{
    struct run_result r;
    (void)state;
    run_timeline("  - {at: 0 s, do: block all}\n  - {at: 0 s, do: fail host A}\n"
                 "  - {at: 1000 s, do: release group 1}\n  - {at: 2000 s, do: release group 2}\n"
                 "  - {at: 3000 s, do: release group 3}\n  - {at: 4000 s, do: release group 4}\n",
                 &r);
    assert_true(r.is_complete);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        const double released_s = 1000 * (floor(r.device[i].user / 100.0) + 1);
        assert_true(r.device[i].erased_s >= released_s);
        assert_true(r.device[i].erased_s <= released_s + 60);
    }
    run_result_fini(&r);
}

/* What is connected stays so: a block alone changes nothing until the failure. */
static void test_a_class_is_kept_out(void **state)
{
    struct run_result r;
    (void)state;
    run_timeline("  - {at: 8 h, do: block class SLOW}\n  - {at: 9 h, do: fail host A}\n", &r);
    assert_false(r.is_complete);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        assert_int_equal(isinf(r.device[i].erased_s), r.device[i].class_id == 1);
    }
    run_result_fini(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_drained_server_is_left_poll_by_poll),
        cmocka_unit_test(test_who_is_served_leaves_when_his_poll_ends),
        cmocka_unit_test(test_who_is_loading_ends_first),
        cmocka_unit_test(test_groups_are_released_one_by_one),
        cmocka_unit_test(test_a_class_is_kept_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
