/* Work that served nobody, devices that begin from zero by themselves, and users who pull to refresh. */
#include "tests/support/check.h"
#include "tests/support/run_text.h"

#include <math.h>
#include <stdio.h>

/* Nothing but prime syncs and chunks takes CPU time, and no mail comes. */
#define PLAIN_YAML                                                                                 \
    "schema: 1\n"                                                                                  \
    "mailbox: {documents: 400, received_per_day: 0, contacts: 100, calendar_entries: 60}\n"        \
    "sync:\n"                                                                                      \
    "  registration: {cpu: 0 s}\n"                                                                 \
    "  delta: {cpu: 0 s}\n"                                                                        \
    "  prime: {cpu_per_document: 10 ms}\n"                                                         \
    "  chunk: {cpu_per_item: %s, items: 40}\n"

static void run_costly(const char *cpu_per_item, const char *rest, struct run_result *r)
{
    char yaml[1600];
    const int n = snprintf(yaml, sizeof yaml, PLAIN_YAML, cpu_per_item);
    snprintf(yaml + n, sizeof yaml - (size_t)n, "%s", rest);
    run_text(yaml, 0, r);
}

static void run_plain(const char *rest, struct run_result *r)
{
    run_costly("20 ms", rest, r);
}

/* 160 items of 0.5 s: a chunk of 40 takes 20 s of CPU, the device waits for 15 s, so that each attempt is in
 * vain, and the server makes it to the end. */
static void test_chunks_for_a_device_that_has_given_up(void **state)
{
    struct run_result r;
    (void)state;
    run_costly(
        "0.5 s",
        "users: 1\nhorizon: 1 h\ndevices: {per_user: 1, online: 100 "
        "%, classes: {only: {share: 1, request_timeout: 15 s, backoff: {policy: fixed, first: 60 "
        "s}}}}\ntimeline: [{at: 0 s, do: fail host A}]\n",
        &r);
    assert_true(r.discarded_chunks > 30);
    assert_near(metric_of(&r, "wasted_cpu_s"), 20.0 * (double)r.discarded_chunks, 1e-6);
    assert_near(metric_of(&r, "wasted_cpu_share"),
                20.0 * (double)r.discarded_chunks / (20.0 * (double)r.discarded_chunks + 4), 1e-9);
    assert_near(metric_of(&r, "wasted_byte"), 0, 0);
    run_result_fini(&r);
}

/* Useful work is known beforehand: each document walked through once, each item made once for each device. A
 * server that fails in the middle, three times, and comes back with its state makes some of it again. */
static void test_useful_and_wasted_are_all(void **state)
{
    static const char *const failures[] = {
        "{at: 0 s, do: tell traveler reset *}",
        "{at: 0 s, do: tell traveler reset *}, {at: 12 s, do: fail host A}, {at: 15 s, do: restart "
        "host A}, {at: 60 s, do: fail host A}, {at: 61 s, do: restart host A}, {at: 150 s, do: "
        "fail "
        "host A}, {at: 300 s, do: restart host A}"};
    const double useful_s = 30 * 400 * 0.01 + 36 * 160 * 0.02;
    (void)state;
    for (int i = 0; i < 2; i++) {
        char rest[900];
        struct run_result r;
        snprintf(rest, sizeof rest,
                 "users: 30\nservers: {A: }\ndevices: {online: 100 %%, classes: {only: {share: 1, "
                 "rate: 64 kbit/s, rtt: "
                 "1 ms, promotion: 0 s, request_timeout: 1 h, backoff: {policy: fixed, first: 5 "
                 "s}}}}\ntimeline: [%s]\n",
                 failures[i]);
        run_plain(rest, &r);
        assert_true(r.is_complete);
        assert_near(r.cpu_s - metric_of(&r, "wasted_cpu_s"), useful_s, 1e-6);
        assert_int_equal(metric_of(&r, "wasted_cpu_s") > 1, i == 1);
        assert_int_equal(metric_of(&r, "wasted_byte") > 1000, i == 1); /* cut on its way */
        run_result_fini(&r);
    }
}

/* What was loaded from B is erased when A, which knows nothing of it, has the devices again. */
static void test_a_second_erase_throws_away_what_was_loaded(void **state)
{
    struct run_result r;
    double payload_byte = 0;
    (void)state;
    run_plain(
        "users: 10\ntimeline: [{at: 0 s, do: redirect A to B}, {at: 4 h, do: redirect B to A}]\n",
        &r);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        assert_near(r.device[i].erased_byte, r.device[i].payload_byte / 2, 1e-6);
        payload_byte += r.device[i].payload_byte;
    }
    assert_near(metric_of(&r, "wasted_byte"), payload_byte / 2, 1e-3);
    assert_near(metric_of(&r, "wasted_cpu_s"), 0, 0);
    run_result_fini(&r);
}

/* ---- From zero after refusals ---- */

/* Refused for ten minutes, every minute or so, by a balancer that lets nobody in; the server has all of its
 * state. */
static void test_reload_after_refusals(void **state)
{
    static const struct {
        unsigned after;
        bool reloads;
    } cases[] = {{0, false}, {3, true}, {8, true}, {14, false}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char rest[700];
        struct run_result r;
        snprintf(
            rest, sizeof rest,
            "users: 10\nservers: {A: }\ndevices: {per_user: 1, online: 100 %%, classes: {only: "
            "{share: 1, reload_after: %u, backoff: {policy: fixed, first: 60 s, jitter: "
            "1}}}}\ntimeline: [{at: 0 s, do: block all}, {at: 0 s, do: fail host A}, {at: 5 s, do: "
            "restart host A}, {at: 10 min, do: release all}]\n",
            cases[i].after);
        run_plain(rest, &r);
        assert_true(r.is_complete);
        for (uint32_t k = 0; k < r.n_devices; k++) {
            assert_in_range(r.device[k].refused, 8, 11);
            assert_int_equal(isfinite(r.device[k].erased_s), cases[i].reloads);
            assert_int_equal(r.device[k].reloads, cases[i].reloads);
        }
        assert_near(metric_of(&r, "reloads"), cases[i].reloads ? 10 : 0, 0);
        run_result_fini(&r);
    }
}

/* In a row: an answer in between begins anew. Each of two failures is met with one refusal. */
static void test_an_answer_forgives_refusals(void **state)
{
    struct run_result r;
    (void)state;
    run_plain(
        "users: 10\nservers: {A: }\ndevices: {per_user: 1, online: 100 %, classes: {only: {share: "
        "1, "
        "reload_after: 2, backoff: {policy: fixed, first: 60 s, jitter: 1}}}}\ntimeline: [{at: 0 "
        "s, "
        "do: block all}, {at: 0 s, do: fail host A}, {at: 5 s, do: restart host A}, {at: 40 s, do: "
        "release all}, {at: 600 s, do: block all}, {at: 600 s, do: fail host A}, {at: 605 s, do: "
        "restart host A}, {at: 640 s, do: release all}]\n",
        &r);
    assert_true(r.is_complete);
    for (uint32_t k = 0; k < r.n_devices; k++) {
        assert_int_equal(r.device[k].losses, 2);
        assert_int_equal(r.device[k].refused, 2);
        assert_int_equal(r.device[k].reloads, 0);
        assert_true(isinf(r.device[k].erased_s));
    }
    run_result_fini(&r);
}

/* ---- Pull to refresh ---- */

/* Who has his mail looks at it: he does not pull, and waits for his back-off to end. */
static void test_nobody_pulls_at_a_full_phone(void **state)
{
    struct run_result r;
    (void)state;
    run_plain(
        "users: 20\nservers: {A: }\nhorizon: 6 h\ndevices: {online: 100 %, classes: {only: {share: "
        "1, pulls: 0.05 /s, backoff: {policy: fixed, first: 1 h, jitter: 1}}}}\n"
        "timeline: [{at: 0 s, do: fail host A}, {at: 10 min, do: restart host A}]\n",
        &r);
    assert_true(r.is_complete);
    assert_near(metric_of(&r, "pulls"), 0, 0);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        assert_true(isinf(r.device[i].erased_s));
        assert_true(r.device[i].full_s > 3600);
    }
    run_result_fini(&r);
}

/* Empty phones and no server: of a back-off of an hour each pull ends what is left, so that the mean wait is
 * the mean time between pulls. */
static void test_waits_end_with_a_pull(void **state)
{
    struct run_result r;
    double wait_s = 0, pulls = 0;
    (void)state;
    run_plain(
        "users: 20\nservers: {A: }\nhorizon: 6 h\ndevices: {online: 100 %, classes: {only: {share: "
        "1, pulls: 0.05 /s, backoff: {policy: fixed, first: 1 h}}}}\n"
        "timeline: [{at: 0 s, do: tell traveler reset *}, {at: 8 s, do: fail host A}]\n",
        &r);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        if (isfinite(r.device[i].erased_s)) {
            wait_s += r.device[i].stage_s[STAGE_BACKOFF];
            pulls += r.device[i].pulls;
        }
    }
    assert_true(pulls > 5000);
    assert_near(wait_s / pulls, 20, 4 * 20 / sqrt(pulls));
    run_result_fini(&r);
}

/* A pull closes a request that has no answer yet: its chunk is made for nobody. Patient users waste nothing. */
static void test_pulls_waste_work(void **state)
{
    static const char *const rates[] = {"0 /s", "0.02 /s"};
    double wasted_s[2];
    (void)state;
    for (int i = 0; i < 2; i++) {
        char rest[600];
        struct run_result r;
        snprintf(rest, sizeof rest,
                 "users: 40\ndevices: {online: 100 %%, classes: {only: {share: 1, pulls: %s}}}\n"
                 "timeline: [{at: 0 s, do: fail host A}]\n",
                 rates[i]);
        run_plain(rest, &r);
        wasted_s[i] = metric_of(&r, "wasted_cpu_s");
        assert_true(r.is_complete);
        assert_int_equal(metric_of(&r, "pulls") > 0, i == 1);
        run_result_fini(&r);
    }
    assert_near(wasted_s[0], 0, 0);
    assert_true(wasted_s[1] > 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chunks_for_a_device_that_has_given_up),
        cmocka_unit_test(test_useful_and_wasted_are_all),
        cmocka_unit_test(test_a_second_erase_throws_away_what_was_loaded),
        cmocka_unit_test(test_reload_after_refusals),
        cmocka_unit_test(test_waits_end_with_a_pull),
        cmocka_unit_test(test_pulls_waste_work),
        cmocka_unit_test(test_an_answer_forgives_refusals),
        cmocka_unit_test(test_nobody_pulls_at_a_full_phone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
