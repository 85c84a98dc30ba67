/* A balancer that cuts connections on which nothing is sent. */
#include "tests/support/check.h"
#include "tests/support/run_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* One phone; the second entry does nothing but keep the clock running for two hours. */
static void run_two_hours(const char *more, const char *balancer, struct run_result *r)
{
    char yaml[900];
    snprintf(yaml, sizeof yaml,
             "schema: 1\nusers: 1\n"
             "devices:\n  per_user: 1\n  online: 100 %%\n  heartbeat: 900 s\n  classes: {only: "
             "{share: 1, rate: 1 Mbit/s, rtt: 200 ms, promotion: 2 s, loss: 0, reconnect_delay: 5 "
             "s%s}}\n"
             "balancer: {check_interval: 10 ms, fall: 1%s}\n"
             "timeline:\n  - {at: 0 s, do: redirect A to B}\n"
             "  - {at: 2 h, do: tell traveler security delete *}\n",
             more, balancer);
    run_text(yaml, 0, r);
}

/* Each poll is cut 300 s after it was sent; the phone is there again after 5 s, 2 s of promotion and 3
 * round trips, and goes on polling: a connection each 307.6 s from when it was full. */
static void test_a_long_poll_is_cut(void **state)
{
    struct run_result r;
    (void)state;
    run_two_hours("", ", idle_timeout: 300 s", &r);
    const struct device_record *const d = &r.device[0];
    assert_int_equal(d->losses, 1); /* a cut is none: it has its state */
    assert_int_equal(d->timeouts, 0);
    assert_int_equal(d->connections, 1 + (int)floor((7200 - d->full_s - 300 - 5) / 307.6) + 1);
    run_result_fini(&r);
}

static void assert_no_effect(const char *idle)
{
    struct run_result with;
    struct run_result without;
    run_two_hours("", idle, &with);
    run_two_hours("", "", &without);
    assert_memory_equal(with.device, without.device, sizeof *with.device);
    run_result_fini(&with);
    run_result_fini(&without);
}

/* It must exceed the heartbeat, and then nobody notices. */
static void test_longer_than_the_heartbeat_is_no_limit(void **state)
{
    (void)state;
    assert_no_effect(", idle_timeout: 901 s");
    assert_no_effect(", idle_timeout: 0 s");
}

/* Who comes back has to be let in: beside the first one a token each ten minutes, and a poll each five. */
static void test_who_is_cut_takes_a_token(void **state)
{
    struct run_result r;
    (void)state;
    run_two_hours(", backoff: {policy: fixed, first: 30 s, jitter: 1}",
                  ", idle_timeout: 300 s, rate_limit: 0.001667 /s", &r);
    assert_true(r.device[0].refused > 50);
    assert_true(r.device[0].connections - r.device[0].refused <= 13);
    run_result_fini(&r);
}

/* A request whose answer takes longer to begin is cut too, whatever the phone would wait. */
static void test_a_slow_answer_is_cut(void **state)
{
    static const char *const limits[][2] = {{", request_timeout: 10 s", ""},
                                            {", request_timeout: 1 h", ", idle_timeout: 10 s"}};
    struct run_result r[2];
    (void)state;
    for (int i = 0; i < 2; i++) {
        char yaml[600];
        snprintf(yaml, sizeof yaml,
                 "schema: 1\nusers: 40\nhorizon: 20 min\n"
                 "devices:\n  heartbeat: 5 s\n  classes: {only: {share: 1%s}}\n"
                 "servers: {A: , B: {cores: 1}}\nbalancer: {failover: automatic%s}\n",
                 limits[i][0], limits[i][1]);
        run_text(yaml, 0, &r[i]);
        assert_true(r[i].device[0].timeouts > 0);
    }
    assert_memory_equal(r[0].device, r[1].device, r[0].n_devices * sizeof *r[0].device);
    run_result_fini(&r[0]);
    run_result_fini(&r[1]);
}

/* Lost without a word, a phone learns of it when its poll would end, or when the balancer cuts it. */
static void test_silence_ends_with_the_cut(void **state)
{
    static const char *const limits[] = {"devices: {online: 100 %, heartbeat: 300 s}\n",
                                         "devices: {online: 100 %, heartbeat: 900 s}\n"
                                         "balancer: {idle_timeout: 300 s}\n"};
    double unaware_s[2] = {0};
    (void)state;
    for (int i = 0; i < 2; i++) {
        char yaml[600];
        struct run_result r;
        snprintf(yaml, sizeof yaml,
                 "schema: 1\nusers: 50\n%stimeline: [{at: 0 s, do: fail host A, connections: "
                 "silent}]\n",
                 limits[i]);
        run_text(yaml, 0, &r);
        for (uint32_t k = 0; k < r.n_devices; k++) {
            assert_true(r.device[k].stage_s[STAGE_UNAWARE] <= 300);
            unaware_s[i] += r.device[k].stage_s[STAGE_UNAWARE];
        }
        run_result_fini(&r);
    }
    assert_near(unaware_s[0], unaware_s[1], 1e-9);
    assert_true(unaware_s[0] > 60 * 100);
}

/* A phone is told to leave B while a poll is under way, and A dies while its hello is: after request_timeout it takes that
 * for no answer. A request_timeout that ends when the poll would have been cut, to the bit, changes nothing in that: the
 * event of the poll, which is not struck out, comes first and has to leave it alone. */
static void run_silent_hello(double request_timeout_s, const char *timeline, struct run_result *r)
{
    char yaml[900];
    snprintf(yaml, sizeof yaml,
             "schema: 1\nusers: 1\nhorizon: 30 min\n"
             "devices:\n  per_user: 1\n  online: 100 %%\n  heartbeat: 900 s\n  classes: {only: "
             "{share: 1, rate: 1 Mbit/s, rtt: 250 ms, promotion: 2 s, loss: 0, reconnect_delay: 5 "
             "s, request_timeout: %.17g s}}\n"
             "balancer: {idle_timeout: 500 s, check_interval: 1 h}\n"
             "timeline:\n  - {at: 0 s, do: redirect A to B}\n%s",
             request_timeout_s, timeline);
    run_text(yaml, 0, r);
}

static void test_a_deadline_is_not_taken_for_that_of_another_request(void **state)
{
    static const char silence[] = "  - {at: 400 s, do: redirect B to A}\n"
                                  "  - {at: 407.8 s, do: fail host A, connections: silent}\n";
    const double hello_s = 400 + 5 + 2 + 3 * 0.25; /* all exact */
    struct run_result r;
    (void)state;
    run_silent_hello(100, "", &r);
    const double full_s = r.device[0].full_s; /* the poll is sent then */
    run_result_fini(&r);
    const double timeout_s = full_s + 500 - hello_s;
    assert_true(hello_s + timeout_s == full_s + 500); /* the same double */
    for (int i = -1; i <= 1; i++) {
        run_silent_hello(timeout_s + i, silence, &r);
        assert_int_equal(r.device[0].timeouts, 1);
        run_result_fini(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_long_poll_is_cut),
        cmocka_unit_test(test_longer_than_the_heartbeat_is_no_limit),
        cmocka_unit_test(test_who_is_cut_takes_a_token),
        cmocka_unit_test(test_a_slow_answer_is_cut),
        cmocka_unit_test(test_silence_ends_with_the_cut),
        cmocka_unit_test(test_a_deadline_is_not_taken_for_that_of_another_request),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
