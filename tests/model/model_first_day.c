/* Who goes first: adaptive initial sync (today's mail of everybody before the rest of anybody), and VIPs. */
#include "tests/support/check.h"
#include "tests/support/run_text.h"

#include <math.h>
#include <stdio.h>

/* Nobody is refused or gives up: what is seen is the order of the work alone. */
#define STORM                                                                                      \
    "schema: 1\nusers: 60\nhorizon: 8 h\nseed: 3\n"                                                \
    "servers: {A: , B: {http_threads: 1000, prime_workers: 5, cores: 1}}\n"                        \
    "devices:\n  classes:\n"                                                                       \
    "    staff: {share: 90 %, request_timeout: 8 h}\n"

struct span {
    double first_s, last_s;
};

static void include(struct span *s, double time_s)
{
    s->first_s = fmin(s->first_s, time_s);
    s->last_s = fmax(s->last_s, time_s);
}

static struct span basic_of(const struct run_result *r, uint32_t class_id)
{
    struct span s = {HUGE_VAL, 0};
    for (uint32_t i = 0; i < r->n_devices; i++) {
        if (r->device[i].class_id == class_id) {
            include(&s, r->device[i].basic_s);
        }
    }
    return s;
}

static struct span full_of(const struct run_result *r)
{
    struct span s = {HUGE_VAL, 0};
    for (uint32_t i = 0; i < r->n_devices; i++) {
        include(&s, r->device[i].full_s);
    }
    return s;
}

static void test_today_comes_before_the_rest(void **state)
{
    struct run_result plain;
    struct run_result adaptive;
    (void)state;
    run_text(STORM "    board: {share: 10 %, request_timeout: 8 h}\n", 0, &plain);
    run_text(STORM "    board: {share: 10 %, request_timeout: 8 h}\n"
                   "sync: {adaptive: {enabled: true, most_urgent: 0}}\n",
             0, &adaptive);
    assert_true(plain.is_complete && adaptive.is_complete);
    assert_near(metric_of(&adaptive, "timeouts"), 0, 0);
    assert_true(full_of(&plain).first_s < basic_of(&plain, 0).last_s);
    assert_true(full_of(&adaptive).first_s > basic_of(&adaptive, 0).last_s);
    assert_true(full_of(&adaptive).first_s > basic_of(&adaptive, 1).last_s);
    assert_true(metric_of(&adaptive, "basic_max_s") < metric_of(&plain, "basic_max_s"));
    assert_true(metric_of(&adaptive, "user_minutes_lost") < metric_of(&plain, "user_minutes_lost"));
    /* the same mail: only its parts differ, and the sizes that are drawn for them */
    assert_close(metric_of(&adaptive, "payload_byte"), metric_of(&plain, "payload_byte"), 0.05);
    run_result_fini(&plain);
    run_result_fini(&adaptive);
}

/* With a limit that is never reached nothing is held back. */
static void test_a_high_limit_holds_nobody_back(void **state)
{
    struct run_result r;
    (void)state;
    run_text(STORM "    board: {share: 10 %, request_timeout: 8 h}\n"
                   "sync: {adaptive: {enabled: true, most_urgent: 1000}}\n",
             0, &r);
    assert_true(full_of(&r).first_s < basic_of(&r, 0).last_s);
    run_result_fini(&r);
}

/* A host that fails while chunks are held back takes them along; the storm goes on when it is back. */
static void test_a_failure_while_some_are_held(void **state)
{
    struct run_result r;
    (void)state;
    run_text(STORM "    board: {share: 10 %, request_timeout: 8 h}\n"
                   "sync: {adaptive: {enabled: true, most_urgent: 0}}\n"
                   "timeline:\n  - {at: 0 s, do: fail host A}\n  - {at: 2 min, do: fail host B}\n"
                   "  - {at: 3 min, do: restart host B}\n",
             0, &r);
    assert_true(r.is_complete);
    assert_true(full_of(&r).first_s > 180);
    run_result_fini(&r);
}

/* The board waits for five workers like all others, or before them: not longer than its own prime syncs
 * and those under way when it came. */
static void test_vips_go_first(void **state)
{
    struct run_result plain;
    struct run_result ranked;
    (void)state;
    run_text(STORM "    board: {share: 10 %, request_timeout: 8 h}\n", 0, &plain);
    run_text(STORM "    board: {share: 10 %, request_timeout: 8 h, vip: true}\n", 0, &ranked);
    const struct span before = basic_of(&plain, 1);
    const struct span after = basic_of(&ranked, 1);
    assert_true(after.last_s < before.last_s / 2);
    assert_true(after.last_s < basic_of(&ranked, 0).last_s / 2);
    assert_near(full_of(&ranked).last_s, full_of(&plain).last_s, 0.1 * full_of(&plain).last_s);
    run_result_fini(&plain);
    run_result_fini(&ranked);
}

/* In each line of the server alone: whoever is behind the narrow place goes first there. Polls come every half
 * minute, so that a few threads are enough for those who have everything. */
static void test_vips_go_first_in_every_line(void **state)
{
    static const char *const narrow[] = {
        "http_threads: 6, prime_workers: 1000, device_workers: 1000",
        "http_threads: 1000, prime_workers: 2, device_workers: 1000",
        "http_threads: 1000, prime_workers: 1000, device_workers: 1",
    };
    (void)state;
    for (size_t i = 0; i < sizeof narrow / sizeof narrow[0]; i++) {
        struct span span[2];
        for (int k = 0; k < 2; k++) {
            struct run_result r;
            char yaml[700];
            snprintf(
                yaml, sizeof yaml,
                "schema: 1\nusers: 60\nhorizon: 8 h\nseed: 3\nservers: {A: , B: {http_backlog: "
                "1000, "
                "heap: 16 GiB, cores: 8, %s}}\nmail: {disk_iops: 10000 /s}\ndevices:\n  heartbeat: "
                "30 "
                "s\n  online: 100 %%\n  classes:\n    staff: {share: 90 %%, request_timeout: 8 h}\n"
                "    board: {share: 10 %%, request_timeout: 8 h%s}\n",
                narrow[i], k == 1 ? ", vip: true" : "");
            run_text(yaml, 0, &r);
            span[k] = basic_of(&r, 1);
            run_result_fini(&r);
        }
        assert_true(span[1].last_s < 0.8 * span[0].last_s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_today_comes_before_the_rest),
        cmocka_unit_test(test_a_high_limit_holds_nobody_back),
        cmocka_unit_test(test_a_failure_while_some_are_held),
        cmocka_unit_test(test_vips_go_first),
        cmocka_unit_test(test_vips_go_first_in_every_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
