/* A name in the place of a balancer: who remembers the old address goes on knocking at a dead server. */
#include "tests/support/check.h"
#include "tests/support/run_text.h"
#include "tests/support/scenario_text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Phones that try each second, so that they are at B as soon as they know its address. */
static void run_dns(const char *dns, const char *timeline, struct run_result *r)
{
    char yaml[1200];
    snprintf(
        yaml, sizeof yaml,
        "schema: 1\nusers: 200\nhorizon: 12 h\n"
        "devices:\n  online: 100 %%\n  classes: {only: {share: 1, rate: 10 Mbit/s, rtt: 10 ms, "
        "promotion: 0 s, loss: 0, reconnect_delay: 100 ms, request_timeout: 1 h, backoff: "
        "{policy: fixed, first: 1 s, jitter: 1}}}\n"
        "servers: {A: {http_threads: 720}, B: {http_threads: 720, cores: 1000}}\n"
        "balancer: {method: dns, failover: manual, connect_timeout: 10 ms, dns: {%s}}\n"
        "timeline: [%s]\n",
        dns, timeline);
    run_text(yaml, 0, r);
    assert_true(r->is_complete);
}

static const char move_at_once[] = "{at: 0 s, do: fail host A}, {at: 0 s, do: redirect A to B}";

static int compare(const void *a, const void *b)
{
    const double *const x = a;
    const double *const y = b;
    return (*x > *y) - (*x < *y);
}

/* The largest difference between the times of the erase and the uniform law on (0, most). */
static double distance_from_uniform(const struct run_result *r, double most_s)
{
    double *const at_s = calloc(r->n_devices, sizeof *at_s);
    double distance = 0;
    assert_non_null(at_s);
    for (uint32_t i = 0; i < r->n_devices; i++) {
        at_s[i] = r->device[i].erased_s;
    }
    qsort(at_s, r->n_devices, sizeof *at_s, compare);
    for (uint32_t i = 0; i < r->n_devices; i++) {
        const double law = fmin(at_s[i] / most_s, 1);
        distance =
            fmax(distance, fmax(law - (double)i / r->n_devices, (i + 1.0) / r->n_devices - law));
    }
    free(at_s);
    return distance;
}

/* Kolmogorov and Smirnov: 1.63 / sqrt(n) is passed once in a hundred. */
static void assert_uniform(const char *dns, double most_s)
{
    struct run_result r;
    run_dns(dns, move_at_once, &r);
    assert_true(distance_from_uniform(&r, most_s) < 1.63 / sqrt(r.n_devices));
    for (uint32_t i = 0; i < r.n_devices; i++) {
        assert_true(r.device[i].erased_s < most_s + 5);
        assert_int_equal(r.device[i].refused, 0); /* nobody is there to say 503 */
        assert_int_equal(r.device[i].losses, 1);
    }
    run_result_fini(&r);
}

/* What is left of a remembered address is uniform, and so is the way to B: no herd, but a stream. */
static void test_devices_come_over_the_ttl(void **state)
{
    (void)state;
    assert_uniform("ttl: 10 min, violators: 0 %", 600);
    assert_uniform("ttl: 1 min, violators: 100 %, kept: 20 min", 1200);
    assert_uniform("ttl: 10 min, violators: 100 %, kept: 20 s", 600); /* the TTL at least */
}

/* Who is late beyond the TTL is a violator: 30 of 100, and of those all but a TTL out of 10 h. */
static void test_violators_are_late(void **state)
{
    struct run_result r;
    uint32_t late = 0;
    (void)state;
    run_dns("ttl: 2 min, violators: 30 %, kept: 10 h", move_at_once, &r);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        late += r.device[i].erased_s > 125;
    }
    const double p = 0.3 * (1 - 120 / 36000.0);
    const double z = (late - p * r.n_devices) / sqrt(p * (1 - p) * r.n_devices);
    assert_true(fabs(z) < 3);
    run_result_fini(&r);
}

static uint32_t n_at_the_dead(const struct run_result *r)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < r->n_devices; i++) {
        n += r->device[i].stage_s[STAGE_BALANCER] > 0;
    }
    return n;
}

/* The name is changed first, and A is taken down when the TTL is over: nobody meets it. Half a TTL is half
 * of them. The clock starts when A goes. */
static void test_a_name_that_is_changed_in_time(void **state)
{
    struct run_result r;
    (void)state;
    run_dns("ttl: 300 s, violators: 0 %",
            "{at: 0 s, do: redirect A to B}, {at: 300 s, do: fail host A}", &r);
    assert_int_equal(n_at_the_dead(&r), 0);
    assert_near(metric_of(&r, "retries"), 0, 0);
    run_result_fini(&r);
    run_dns("ttl: 300 s, violators: 0 %",
            "{at: 0 s, do: redirect A to B}, {at: 150 s, do: fail host A}", &r);
    const double z = (n_at_the_dead(&r) - r.n_devices / 2.0) / sqrt(r.n_devices / 4.0);
    assert_true(fabs(z) < 3);
    run_result_fini(&r);
}

/* A is back before all have learned of B: they go on there, and B's are at B. */
static void test_who_still_knows_the_old_address_goes_on_there(void **state)
{
    struct run_result r;
    (void)state;
    run_dns("ttl: 10 min, violators: 0 %",
            "{at: 0 s, do: fail host A}, {at: 0 s, do: redirect A to B}, {at: 5 min, do: restart "
            "host A}",
            &r);
    uint32_t stay = 0;
    for (uint32_t i = 0; i < r.n_devices; i++) {
        stay += isinf(r.device[i].erased_s) ? 1 : 0;
        assert_int_equal(r.device[i].losses, 1);
    }
    const double z = (stay - r.n_devices / 2.0) / sqrt(r.n_devices / 4.0);
    assert_true(fabs(z) < 3);
    run_result_fini(&r);
}

static void assert_problem(const char *balancer, const char *timeline, const char *text)
{
    char yaml[600];
    snprintf(yaml, sizeof yaml, "schema: 1\nbalancer: {%s}\ntimeline: [%s]\n", balancer, timeline);
    assert_scenario_problem(yaml, text);
}

static void test_bad_combinations(void **state)
{
    static const char *const needs[] = {
        "rate_limit: 2 /s",    "bucket: 5",          "retry_after: 60 s", "idle_timeout: 60 s",
        "failback: automatic", "max_connections: 9", "groups: 2"};
    static const char fail[] = "{at: 0 s, do: fail host A}";
    (void)state;
    for (size_t i = 0; i < sizeof needs / sizeof needs[0]; i++) {
        char balancer[100];
        snprintf(balancer, sizeof balancer, "method: dns, %s", needs[i]);
        assert_problem(balancer, fail,
                       ": balancer.method is dns: there is no balancer that could do it");
    }
    assert_problem("method: dns", "{at: 0 s, do: fail host A}, {at: 9 s, do: block all}",
                   "timeline.1.do: balancer.method is dns: there is no balancer that could do it");
    assert_problem("method: dns", "{at: 0 s, do: fail host B}, {at: 9 s, do: drain A to B}",
                   "timeline.1.do: 'drain A to B': host B has failed before");
    assert_problem("method: dns", "{at: 0 s, do: redirect A to B}",
                   "timeline: nothing takes a server from its devices");
    assert_problem("dns: {ttl: 60 s}", fail, "balancer.dns.ttl: of balancer.method dns");
    assert_problem("dns: {violators: 10 %}", fail,
                   "balancer.dns.violators: of balancer.method dns");
    assert_problem("method: dns, stickiness: user", fail, "with dns a name stands for one");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_devices_come_over_the_ttl),
        cmocka_unit_test(test_violators_are_late),
        cmocka_unit_test(test_a_name_that_is_changed_in_time),
        cmocka_unit_test(test_who_still_knows_the_old_address_goes_on_there),
        cmocka_unit_test(test_bad_combinations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
