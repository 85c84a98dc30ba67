/* Commands about the server itself: what a quit, a load and an unavailable server come to. */
#include "tests/support/check.h"
#include "tests/support/run_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void run_entries(const char *head, const char *entries, struct run_result *r)
{
    char yaml[1000];
    snprintf(yaml, sizeof yaml, "schema: 1\nusers: 20\n%stimeline: [%s]\n", head, entries);
    run_text(yaml, 0, r);
}

static void assert_same(const char *head, const char *one, const char *other)
{
    struct run_result a;
    struct run_result b;
    print_message("%s\n", one);
    run_entries(head, one, &a);
    run_entries(head, other, &b);
    assert_true(metric_of(&a, "user_minutes_lost") > 0);
    assert_memory_equal(a.device, b.device, a.n_devices * sizeof *a.device);
    run_result_fini(&a);
    run_result_fini(&b);
}

/* Its state stays: what was quit and is loaded again is a host that failed and was restarted, device by device. */
static void test_a_quit_is_a_failure_and_a_load_a_restart(void **state)
{
    static const char manual[] = "balancer: {failover: manual}\n";
    static const char defrag[] = "balancer: {failover: manual}\nservers: {A: {defrag: {data: "
                                 "1 GB, rate: 80 Mbit/s}}}\n";
    (void)state;
    assert_same("", "{at: 0 s, do: tell traveler quit}", "{at: 0 s, do: fail host A}");
    assert_same("", "{at: 0 s, do: tell traveler quit, connections: silent}",
                "{at: 0 s, do: fail host A, connections: silent}");
    assert_same(manual, "{at: 0 s, do: tell traveler quit}, {at: 9 min, do: load traveler}",
                "{at: 0 s, do: fail host A}, {at: 9 min, do: restart host A}");
    assert_same(manual, "{at: 0 s, do: On A Tell HTTP quit}, {at: 9 min, do: on A load http}",
                "{at: 0 s, do: fail host A}, {at: 9 min, do: restart host A}");
    assert_same(defrag, "{at: 0 s, do: tell traveler quit}, {at: 9 min, do: load traveler -defrag}",
                "{at: 0 s, do: fail host A}, {at: 9 min, do: restart host A with defragmentation}");
    assert_same("", "{at: 0 s, do: tell traveler quit}, {at: 2 h, do: on B tell traveler quit}",
                "{at: 0 s, do: fail host A}, {at: 2 h, do: fail host B}");
}

/* A cluster restarts machines that have failed; that of a task that was quit has not. */
static void test_a_cluster_does_not_load_what_was_quit(void **state)
{
    static const char head[] =
        "horizon: 3 h\nbalancer: {failover: manual}\nservers: {A: {vm: {restarts: true}}}\n";
    struct run_result r;
    (void)state;
    run_entries(head, "{at: 0 s, do: tell traveler quit}", &r);
    assert_false(r.is_complete);
    run_result_fini(&r);
    run_entries(head, "{at: 0 s, do: tell traveler quit}, {at: 2 h, do: load traveler}", &r);
    assert_true(r.is_complete);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        assert_true(r.device[i].full_s > 2 * 3600 && isinf(r.device[i].erased_s));
    }
    run_result_fini(&r);
}

/* Who has begun to load ends in peace; who has not is refused until the server is available again. */
static void test_an_unavailable_server_begins_nothing(void **state)
{
    struct run_result r;
    uint32_t n_early = 0;
    (void)state;
    run_entries("devices: {classes: {only: {share: 1, reconnect_delay: \"uniform(0, 2) min\"}}}\n",
                "{at: 0 s, do: fail host A}, {at: 60 s, do: tell traveler available off}, {at: 1 "
                "h, do: on B tell traveler available on}",
                &r);
    assert_true(r.is_complete);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        const struct device_record *const d = &r.device[i];
        const bool is_early = d->erased_s < 3600;
        n_early += is_early;
        assert_true(is_early ? d->erased_s < 70 && d->full_s < 1800 : d->refused > 0);
    }
    assert_in_range(n_early, 1, r.n_devices - 1);
    run_result_fini(&r);
}

/* A host that fails and is back has forgotten that it was not to be used. */
static void test_a_restart_makes_available(void **state)
{
    struct run_result r;
    (void)state;
    run_entries("balancer: {failover: manual}\n",
                "{at: 0 s, do: tell traveler available off}, {at: 1 h, do: fail host A}, {at: 2 h, "
                "do: restart host A}",
                &r);
    assert_true(r.is_complete);
    run_result_fini(&r);
}

/* In a pool its users move, with nothing to erase, so that they do not lose it when it fails an hour later; if nobody else
 * is there they wait for it. */
static void test_an_unavailable_server_of_a_pool(void **state)
{
    static const char head[] =
        "servers: {A: , B: , C: }\nbalancer: {method: pool}\ndevices: {heartbeat: 5 min}\n";
    struct run_result r;
    (void)state;
    run_entries(head,
                "{at: 0 s, do: fail host C}, {at: 0 s, do: on A tell traveler available off}, "
                "{at: 1 h, do: fail host A}",
                &r);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        const struct device_record *const d = &r.device[i];
        assert_true(isinf(d->erased_s));
        assert_true(d->refused <= 3); /* a poll, and perhaps again before the next checks */
        assert_int_equal(isfinite(d->lost_s), d->user % 3 == 2);
    }
    run_result_fini(&r);
    run_entries(head,
                "{at: 0 s, do: fail host C}, {at: 0 s, do: fail host B}, {at: 0 s, do: on A tell "
                "traveler available off}, {at: 2 h, do: on A tell traveler available on}",
                &r);
    assert_true(r.is_complete);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        const struct device_record *const d = &r.device[i];
        assert_true(isinf(d->erased_s));
        assert_true(d->user % 3 == 0 || d->full_s > 2 * 3600);
    }
    run_result_fini(&r);
}

/* Of a pool, until the checks have seen it too: A, with most to spare, is unavailable from 61 s on, C takes whoever
 * comes from the dead B at 61.5 s, and they need ask once. */
static void test_an_unavailable_server_takes_no_users(void **state)
{
    struct run_result r;
    (void)state;
    run_entries("servers: {A: {http_threads: 1000}, B: , C: }\nbalancer: {method: pool, "
                "check_interval: 60 s, fall: 1}\ndevices: {online: 100 %, classes: {only: "
                "{share: 1, reconnect_delay: 61.5 s, promotion: 0 s, rtt: 100 ms}}}\n",
                "{at: 0 s, do: fail host B}, {at: 61 s, do: on A tell traveler available off}", &r);
    assert_true(r.is_complete);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        const struct device_record *const d = &r.device[i];
        assert_int_equal(isfinite(d->lost_s), d->user % 3 == 1);
        assert_true(d->user % 3 != 1 || d->refused == 0);
    }
    run_result_fini(&r);
}

/* The machine of A is expected back before the balancer takes B. Where it comes later, B has the connections and is what
 * ends; the load finds A running, and does nothing. */
static void test_a_load_of_what_runs_does_nothing(void **state)
{
    static const char *const loads[] = {"load traveler", "load traveler -defrag"};
    (void)state;
    for (int i = 0; i < 2; i++) {
        uint32_t n_late = 0;
        for (uint32_t replication = 0; replication < 8; replication++) {
            char yaml[600];
            struct run_result r;
            snprintf(yaml, sizeof yaml,
                     "schema: 1\nusers: 20\nservers: {A: {vm: {restarts: true, server_start: "
                     "'uniform(0 s, 40 min)'}}, B: }\nbalancer: {hold_down: 28 min}\ntimeline: "
                     "[{at: 0 s, do: fail host A}, {at: 2 h, do: tell traveler quit}, "
                     "{at: 3 h, do: %s}]\n",
                     loads[i]);
            run_text(yaml, replication, &r);
            assert_true(r.is_complete);
            n_late += r.device[0].erased_s < 2 * 3600;
            run_result_fini(&r);
        }
        assert_in_range(n_late, 1, 7);
    }
}

static struct timeline_outcome outcome_of(const char *balancer, const char *entries)
{
    char yaml[700];
    struct scenario scenario;
    snprintf(yaml, sizeof yaml,
             "schema: 1\nservers: {A: , B: , C: }\nbalancer: {%s}\ntimeline: [%s]\n", balancer,
             entries);
    scenario_from_text(yaml, &scenario);
    const struct timeline_outcome outcome = scenario.outcome;
    scenario_fini(&scenario);
    return outcome;
}

static void assert_served(const char *balancer, const char *entries, bool is_served,
                          uint32_t served_by)
{
    print_message("%s: %s\n", balancer, entries);
    const struct timeline_outcome o = outcome_of(balancer, entries);
    assert_int_equal(o.is_served, is_served);
    assert_true(!is_served || o.served_by == served_by);
}

/* Any server that is there and available will do, where the balancer uses all; else the one that has the connections. */
static void test_who_serves_after_the_last_entry(void **state)
{
    (void)state;
#define OFF(server) ", {at: 1 h, do: on " #server " tell traveler available off}"
#define RESET       "{at: 0 s, do: tell traveler reset *}"
#define FAIL_A      "{at: 0 s, do: fail host A}"
    assert_served("method: round_robin", RESET OFF(A), true, 1);
    assert_served("method: round_robin", RESET OFF(A) OFF(B) OFF(C), false, 0);
    assert_served("method: round_robin", FAIL_A OFF(B), true, 2);
    assert_served("method: round_robin, failover: manual", FAIL_A, true, 1);
    assert_served("method: round_robin, stickiness: source", RESET OFF(A), false, 0);
    assert_served("method: round_robin, stickiness: source", FAIL_A OFF(B), true, 2);
    assert_served("method: pool", FAIL_A OFF(B), true, 2);
    assert_served("method: pool", FAIL_A OFF(B) OFF(C), false, 0);
    assert_served("method: pool", FAIL_A ", {at: 1 h, do: fail pool database}", false, 0);
    assert_served("method: active", RESET OFF(A), false, 0);
    assert_served("method: active", RESET OFF(B), true, 0);
    assert_served("method: dns", FAIL_A OFF(B), false, 0);
#undef OFF
#undef RESET
#undef FAIL_A
}

/* It is back when its defragmentation is over, 30 min later, and can lose its state then. */
static void test_what_is_loaded_is_expected_back(void **state)
{
    static const char manual[] = "failover: manual";
    (void)state;
    assert_served(manual,
                  "{at: 0 s, do: tell traveler quit}, {at: 9 min, do: load traveler -defrag}", true,
                  0);
    const struct timeline_outcome o =
        outcome_of(manual, "{at: 0 s, do: tell traveler quit}, {at: 9 min, do: load traveler "
                           "-defrag}, {at: 40 min, do: tell traveler reset *}");
    assert_int_equal(o.n_losses, 2);
}

static void assert_problem(const char *entries, const char *text)
{
    char yaml[600];
    snprintf(yaml, sizeof yaml, "schema: 1\nusers: 10\nservers: {A: , B: }\ntimeline: [%s]\n",
             entries);
    assert_scenario_problem(yaml, text);
}

/* Another load would cut short what is under way, or serve a state that a restore is about to replace. */
static void test_no_load_of_what_is_on_its_way(void **state)
{
#define QUIT "{at: 0 s, do: tell traveler quit}, "
    (void)state;
    assert_problem(QUIT "{at: 1 min, do: load traveler -defrag}, {at: 5 min, do: load traveler}",
                   "timeline.2.do: 'load traveler': a defragmentation of A is under way then "
                   "(timeline.1)");
    assert_problem(QUIT "{at: 1 min, do: load traveler -defrag}, {at: 5 min, do: on A load "
                        "traveler -defrag}",
                   "timeline.2.do: 'on A load traveler -defrag': a defragmentation of A is under "
                   "way then (timeline.1)");
    assert_problem(QUIT "{at: 1 min, do: restart host A with defragmentation}, {at: 5 min, do: "
                        "load traveler}",
                   "'load traveler': a defragmentation of A is under way then (timeline.1)");
    assert_problem(QUIT "{at: 1 min, do: begin to restore host A without state}, {at: 5 min, do: "
                        "load traveler}",
                   "timeline.2.do: 'load traveler': a restore of A is under way then (timeline.1)");
    assert_problem(QUIT "{at: 1 min, do: load traveler -defrag}, {at: 2 h, do: load traveler}",
                   "'load traveler': Traveler runs at A then");
#undef QUIT
}

static void test_commands_that_cannot_be(void **state)
{
    (void)state;
    assert_problem("{at: 0 s, do: load traveler}",
                   "timeline.0.do: 'load traveler': Traveler runs at A then; another server is "
                   "told by 'on NAME load traveler'");
    assert_problem("{at: 0 s, do: fail host A}, {at: 1 h, do: on B load traveler}",
                   "timeline.1.do: 'on B load traveler': Traveler runs at B then\n");
    assert_problem("{at: 0 s, do: fail host A}, {at: 1 h, do: load traveler}",
                   "timeline.1.do: 'load traveler': host A is down then: 'restart host A'");
    assert_problem("{at: 0 s, do: tell traveler quit}, {at: 1 h, do: load http}",
                   "'load http': HTTP runs at A then");
    assert_problem("{at: 0 s, do: tell traveler quit}, {at: 1 h, do: on A tell http quit}",
                   "'on A tell http quit': Traveler of A has been quit before (timeline.0)");
    assert_problem("{at: 0 s, do: tell http quit}, {at: 1 h, do: fail host A}",
                   "what runs at host A has been quit before (timeline.0)");
    assert_problem("{at: 0 s, do: fail host A}, {at: 1 h, do: on A tell traveler quit}",
                   "host A is down then, and so is its console");
    assert_problem("{at: 0 s, do: fail host A}, {at: 1 h, do: tell traveler available on}",
                   "'tell traveler available on': B is available then");
    assert_problem("{at: 0 s, do: tell traveler available off}, {at: 1 h, do: on A tell traveler "
                   "available off}",
                   "'on A tell traveler available off': A is unavailable then");
    assert_problem("{at: 0 s, do: fail host A}, {at: 1 s, do: tell traveler reset *}",
                   "'tell traveler reset *': host A is down then, and so is its console");
    assert_problem("{at: 0 s, do: tell traveler available off}",
                   "timeline: nothing takes a server from its devices");
    assert_problem("{at: 0 s, do: on A fail host A}",
                   "'on A fail host A' is not understood; after 'on NAME' comes: 'tell traveler "
                   "clearanchors USER', ");
    assert_problem("{at: 0 s, do: load domino}",
                   "'load domino' is not understood; allowed: 'load traveler', 'load traveler "
                   "-defrag', 'load http'");
    assert_scenario_problem("schema: 1\nservers: {A: , B: }\nbalancer: {method: pool}\ntimeline: "
                            "[{at: 0 s, do: on A tell traveler quit}, {at: 1 h, do: load traveler "
                            "-defrag}]\n",
                            "balancer.method is pool: the state is in its database");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_quit_is_a_failure_and_a_load_a_restart),
        cmocka_unit_test(test_a_cluster_does_not_load_what_was_quit),
        cmocka_unit_test(test_an_unavailable_server_begins_nothing),
        cmocka_unit_test(test_a_restart_makes_available),
        cmocka_unit_test(test_an_unavailable_server_of_a_pool),
        cmocka_unit_test(test_an_unavailable_server_takes_no_users),
        cmocka_unit_test(test_a_load_of_what_runs_does_nothing),
        cmocka_unit_test(test_who_serves_after_the_last_entry),
        cmocka_unit_test(test_what_is_loaded_is_expected_back),
        cmocka_unit_test(test_no_load_of_what_is_on_its_way),
        cmocka_unit_test(test_commands_that_cannot_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
