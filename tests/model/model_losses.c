/* What takes a server from its devices, once or more often, and what must follow. */
#include "tests/support/check.h"
#include "tests/support/run_text.h"

#include <stdlib.h>
#include <string.h>

static void assert_same_result(const struct run_result *a, const struct run_result *b)
{
    assert_int_equal(a->n_devices, b->n_devices);
    assert_memory_equal(a->device, b->device, a->n_devices * sizeof *a->device);
    assert_int_equal(a->events, b->events);
    assert_true(a->end_s == b->end_s && a->most_s == b->most_s);
    assert_true(a->user_loss_s == b->user_loss_s);
    assert_int_equal(sim_series_n_rows(a->series), sim_series_n_rows(b->series));
}

/* Whatever the time of day of a failure: all that is measured counts from it. */
static void test_the_clock_starts_at_the_failure(void **state)
{
    struct run_result now;
    struct run_result later;
    (void)state;
    run_text("schema: 1\nusers: 60\ndevices: {online: 70 %}\nservers: {A: , B: , C: }\n"
             "timeline:\n"
             "  - {at: 0 s, do: fail host A}\n"
             "  - {at: 4 min, do: redirect B to C}\n",
             3, &now);
    run_text("schema: 1\nusers: 60\ndevices: {online: 70 %}\nservers: {A: , B: , C: }\n"
             "timeline:\n"
             "  - {at: 72240 s, do: redirect B to C}\n"
             "  - {at: 20 h, do: fail host A}\n",
             3, &later);
    assert_same_result(&now, &later);
    run_result_fini(&now);
    run_result_fini(&later);
}

/* A standby that has failed before is nobody's loss; the third server takes over. */
static void test_a_dead_standby_is_passed_over(void **state)
{
    struct run_result r;
    (void)state;
    run_text("schema: 1\nusers: 20\nservers: {A: , B: , C: }\n"
             "timeline:\n"
             "  - {at: 0 s, do: fail host B}\n"
             "  - {at: 1 h, do: fail host A}\n",
             0, &r);
    assert_true(r.is_complete);
    assert_near(metric_of(&r, "servers.b.cpu.busy_share"), 0, 0);
    assert_true(metric_of(&r, "servers.c.cpu.busy_share") > 0);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        assert_int_equal(r.device[i].losses, 1);
        assert_near(r.device[i].lost_s, 0, 0);
        assert_true(r.device[i].full_s < 3600);
    }
    run_result_fini(&r);
}

/* A planned move: the old server lives, its connections are closed, everybody begins again. */
static void test_a_redirect_of_a_living_server_is_a_loss(void **state)
{
    struct run_result move;
    struct run_result crash;
    (void)state;
    run_text("schema: 1\nusers: 40\ntimeline: [{at: 0 s, do: redirect A to B}]\n", 0, &move);
    run_text("schema: 1\nusers: 40\n", 0, &crash);
    assert_true(move.is_complete);
    for (uint32_t i = 0; i < move.n_devices; i++) {
        assert_int_equal(move.device[i].losses, 1);
        assert_true(isfinite(move.device[i].erased_s));
    }
    assert_int_equal(move.refused, 0); /* nobody waits for a dead server */
    assert_true(crash.refused > 0);
    run_result_fini(&move);
    run_result_fini(&crash);
}

/* Taken out in mid-storm, B goes on with what it has begun, but nobody hears of it. */
static void test_a_redirect_in_mid_storm(void **state)
{
    struct run_result r;
    (void)state;
    run_text(
        "schema: 1\nusers: 200\nservers: {A: , B: {http_threads: 300}, C: {http_threads: 300}}\n"
        "timeline:\n"
        "  - {at: 0 s, do: fail host A}\n"
        "  - {at: 90 s, do: redirect B to C}\n",
        0, &r);
    uint32_t n_twice = 0;
    assert_true(r.is_complete);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        n_twice += r.device[i].losses == 2;
    }
    assert_true(n_twice > 100);
    assert_true(metric_of(&r, "servers.c.prime.limit_s") > 0);
    run_result_fini(&r);
}

static void test_without_failover_nobody_comes_back(void **state)
{
    struct run_result r;
    (void)state;
    run_text("schema: 1\nusers: 20\nhorizon: 1 h\nbalancer: {failover: manual}\n", 0, &r);
    assert_false(r.is_complete);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        assert_true(isinf(r.device[i].basic_s) && isinf(r.device[i].full_s));
        assert_true(isinf(r.device[i].erased_s)); /* nobody told it to */
        assert_near(r.device[i].total_s, 3600, 1e-9);
    }
    assert_true(r.refused > 0);
    assert_true(isinf(metric_of(&r, "basic_p50_s")));
    assert_near(metric_of(&r, "unfinished"), r.n_devices, 0);
    assert_near(metric_of(&r, "user_minutes_lost"), 20 * 60, 1e-9);
    run_result_fini(&r);
}

static void test_a_redirect_by_hand_brings_them_back(void **state)
{
    struct run_result r;
    (void)state;
    run_text("schema: 1\nusers: 20\nbalancer: {failover: manual}\n"
             "timeline:\n"
             "  - {at: 0 s, do: fail host A}\n"
             "  - {at: 600 s, do: redirect A to B}\n",
             0, &r);
    assert_true(r.is_complete);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        assert_true(r.device[i].erased_s > 600);
        assert_true(isfinite(r.device[i].full_s));
    }
    run_result_fini(&r);
}

/* The standby fails in mid-storm; a third server takes over and everybody begins again. */
static void test_a_second_loss_begins_again(void **state)
{
    struct run_result r;
    uint32_t erased_twice = 0;
    (void)state;
    run_text("schema: 1\nusers: 50\nservers: {A: , B: , C: }\n"
             "timeline:\n"
             "  - {at: 0 s, do: fail host A}\n"
             "  - {at: 60 s, do: fail host B}\n",
             0, &r);
    assert_true(r.is_complete);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        const struct device_record *const d = &r.device[i];
        assert_true(d->full_s > 60);
        erased_twice += d->losses == 2 && d->erased_s < 60;
        assert_true(d->blackout_s <= d->basic_s - d->erased_s + 1e-9);
    }
    assert_true(erased_twice > 10);
    /* who had no mail yet at the second loss goes on being without it */
    assert_true(metric_of(&r, "user_minutes_lost") < 50 * metric_of(&r, "basic_max_s") / 60);
    run_result_fini(&r);
}

/* A full device that loses its server again counts the two losses, not the time between. */
static void test_time_between_two_losses_does_not_count(void **state)
{
    struct run_result r;
    (void)state;
    run_text("schema: 1\nusers: 5\nservers: {A: , B: , C: }\n"
             "timeline:\n"
             "  - {at: 0 s, do: fail host A}\n"
             "  - {at: 3 h, do: fail host B}\n",
             0, &r);
    assert_true(r.is_complete);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        assert_int_equal(r.device[i].losses, 2);
        assert_true(r.device[i].full_s > 3 * 3600);
        assert_true(r.device[i].total_s < 3600);
    }
    /* two storms of some minutes, and three hours with mail between them */
    assert_true(metric_of(&r, "user_minutes_lost") < 5 * 60);
    assert_true(metric_of(&r, "user_minutes_lost") > 1);
    run_result_fini(&r);
}

/* 20 threads for 60 devices: who is full and refused still loses what B knew of it when B dies. */
static void test_who_is_not_connected_loses_too(void **state)
{
    struct run_result r;
    (void)state;
    run_text("schema: 1\nusers: 50\nhorizon: 10 h\ndevices: {heartbeat: 5 min}\n"
             "servers: {A: , B: {http_threads: 20, http_backlog: 5}, C: {http_threads: 100}}\n"
             "timeline:\n"
             "  - {at: 0 s, do: fail host A}\n"
             "  - {at: 8 h, do: fail host B}\n",
             0, &r);
    assert_true(r.is_complete);
    assert_true(r.refused > 100);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        /* whom B never served has nothing to lose with it */
        assert_int_equal(r.device[i].losses, r.device[i].erased_s < 8 * 3600 ? 2 : 1);
        assert_true(r.device[i].full_s > 8 * 3600);
    }
    run_result_fini(&r);
}

/* The balancer takes 30 of 60 devices: the others have been refused again and again, and are counted
 * only from the failure on. */
static void test_a_full_balancer_refuses(void **state)
{
    struct run_result capped;
    struct run_result open;
    (void)state;
    run_text("schema: 1\nusers: 50\nhorizon: 2 h\nbalancer: {max_connections: 30}\n", 0, &capped);
    run_text("schema: 1\nusers: 50\nhorizon: 2 h\n", 0, &open);
    uint32_t n_refused = 0;
    for (uint32_t i = 0; i < capped.n_devices; i++) {
        assert_int_equal(capped.device[i].losses, 1);
        n_refused += capped.device[i].refused;
    }
    assert_true(n_refused > 30);
    assert_int_equal(n_refused, capped.refused);
    assert_true(metric_of(&capped, "user_minutes_lost") > metric_of(&open, "user_minutes_lost"));
    run_result_fini(&capped);
    run_result_fini(&open);
}

/* B is taken out while it lives, then C fails: the balancer must not go back to B, which is stale. */
static void test_who_is_taken_out_stays_out(void **state)
{
    struct run_result r;
    (void)state;
    run_text("schema: 1\nusers: 30\nservers: {A: , B: , C: , D: }\n"
             "timeline:\n"
             "  - {at: 0 s, do: redirect A to D}\n"
             "  - {at: 1 h, do: fail host D}\n",
             0, &r);
    assert_true(r.is_complete);
    assert_near(metric_of(&r, "servers.a.cpu.busy_share"), 0, 0);
    assert_true(metric_of(&r, "servers.b.cpu.busy_share") > 0);
    run_result_fini(&r);
}

/* After a second loss what servers did is judged up to the second time that 95 % are done. */
static void test_use_is_judged_by_the_last_loss(void **state)
{
    struct run_result r;
    (void)state;
    run_text("schema: 1\nusers: 30\nservers: {A: , B: , C: }\n"
             "timeline:\n"
             "  - {at: 0 s, do: fail host A}\n"
             "  - {at: 1 h, do: fail host B}\n",
             0, &r);
    assert_true(r.most_s > 3600 && r.most_s <= r.end_s);
    assert_true(metric_of(&r, "servers.b.cpu.busy_share") > 0);
    assert_true(metric_of(&r, "servers.c.cpu.busy_share") > 0);
    run_result_fini(&r);
}

/* A run of 6 minutes: what is felt in its last minute is not lost with an unfinished window. */
static void test_the_worst_minutes_are_no_better_than_the_mean(void **state)
{
    struct run_result r;
    (void)state;
    run_text("schema: 1\nusers: 60\nbalancer: {failover: manual}\nmail: {probe_interval: 1 s}\n"
             "timeline:\n"
             "  - {at: 0 s, do: fail host A}\n"
             "  - {at: 299 s, do: redirect A to B}\n",
             0, &r);
    assert_true(r.desktop_response_s > 1.1 * r.desktop_usual_s);
    assert_true(r.desktop_worst_s >= r.desktop_response_s);
    run_result_fini(&r);
}

/* ---- What cannot be done ---- */

static void assert_problem(const char *timeline, const char *expected)
{
    char yaml[400];
    snprintf(yaml, sizeof yaml, "schema: 1\nservers: {A: , B: , C: }\ntimeline:\n%s", timeline);
    assert_scenario_problem(yaml, expected);
}

static void test_entries_without_effect_are_refused(void **state)
{
    (void)state;
    assert_problem("  - {at: 0 s, do: fail host B}\n",
                   "timeline: nothing takes a server from its devices; all are at A at first: "
                   "'fail host A'");
    assert_problem("  - {at: 0 s, do: fail host A}\n  - {at: 5 s, do: redirect C to B}\n",
                   "timeline.1.do: 'redirect C to B': no connections go to C then, they go to A");
    /* checks every 2 s, three in a row: from 6 s on the failure has been noticed */
    assert_problem("  - {at: 0 s, do: fail host A}\n  - {at: 1 h, do: redirect A to C}\n",
                   "timeline.1.do: 'redirect A to C': no connections go to A then, they go to B");
    assert_problem("  - {at: 0 s, do: redirect A to A}\n",
                   "timeline.0.do: 'redirect A to A' leads back to the same server");
    assert_problem("  - {at: 0 s, do: fail host B}\n  - {at: 5 s, do: redirect A to B}\n",
                   "timeline.1.do: 'redirect A to B': host B has failed before");
    assert_problem("  - {at: 0 s, do: fail host A}\n  - {at: 5 s, do: fail host A}\n",
                   "timeline.1.do: host A has failed already (timeline.0)");
    assert_problem("  - {at: 0 s, do: fail host A}\n  - {at: 5 s, do: restart host B}\n",
                   "timeline.1.do: 'restart host B': host B is up then");
    assert_problem("  - {at: 0 s, do: fail host A}\n  - {at: 5 s, do: fail back to B}\n",
                   "timeline.1.do: 'fail back to B': B has not failed or been taken out before");
    assert_problem(
        "  - {at: 0 s, do: fail host A}\n  - {at: 1 h, do: fail back to A}\n",
        "timeline.1.do: 'fail back to A': host A is down then; 'restart host A' before it");
    assert_problem("  - {at: 0 s, do: redirect A to B}\n  - {at: 1 h, do: redirect B to A}\n"
                   "  - {at: 2 h, do: fail back to A}\n",
                   "timeline.2.do: 'fail back to A': connections go to A already");
    assert_problem("  - {at: 0 s, do: fail host A}\n  - {at: 13 h, do: fail host B}\n",
                   "timeline.1.at: later than the horizon of 12 h after the failure");
}

static struct timeline_outcome outcome_of(const char *yaml)
{
    struct scenario scenario;
    scenario_from_text(yaml, &scenario);
    const struct timeline_outcome outcome = scenario.outcome;
    scenario_fini(&scenario);
    return outcome;
}

static void test_what_a_timeline_comes_to(void **state)
{
    (void)state;
    struct timeline_outcome o = outcome_of("schema: 1\n");
    assert_true(o.is_served && o.failure_s == 0);
    assert_int_equal(o.n_losses, 1);
    o = outcome_of("schema: 1\nbalancer: {failover: manual}\n");
    assert_false(o.is_served);
    o = outcome_of("schema: 1\nservers: {A: }\n");
    assert_false(o.is_served);
    o = outcome_of("schema: 1\ntimeline:\n  - {at: 9 h, do: fail host A}\n"
                   "  - {at: 10 h, do: fail host B}\n");
    assert_false(o.is_served);
    assert_int_equal(o.n_losses, 2);
    assert_near(o.failure_s, 9 * 3600, 0);
#define ABC "schema: 1\nservers: {A: , B: , C: }\ntimeline:\n  - {at: 0 s, do: fail host A}\n"
    /* nobody has reached B when it goes: no loss */
    o = outcome_of(ABC "  - {at: 1 s, do: fail host B}\n");
    assert_true(o.is_served);
    assert_int_equal(o.n_losses, 1);
    o = outcome_of(ABC "  - {at: 1 s, do: fail host B}\n  - {at: 2 s, do: redirect A to C}\n");
    assert_true(o.is_served);
    assert_int_equal(o.n_losses, 1);
    o = outcome_of(ABC "  - {at: 1 s, do: redirect B to C}\n");
    assert_true(o.is_served);
    assert_int_equal(o.n_losses, 1);
    o = outcome_of(ABC "  - {at: 2 s, do: redirect A to C}\n  - {at: 2 h, do: fail host C}\n");
    assert_true(o.is_served);
    assert_int_equal(o.n_losses, 2);
    o = outcome_of(ABC "  - {at: 6 s, do: fail host B}\n");
    assert_int_equal(o.n_losses, 2);
    assert_int_equal(o.served_by, 2);
    o = outcome_of(ABC "  - {at: 1 h, do: restart host A}\n");
    assert_int_equal(o.n_losses, 1);
    assert_int_equal(o.served_by, 1);
    o = outcome_of(ABC "  - {at: 1 h, do: restart host A}\n  - {at: 2 h, do: fail back to A}\n");
    assert_int_equal(o.n_losses, 2);
    assert_int_equal(o.served_by, 0);
    /* up again before anybody has noticed: two good checks, and the third bad one has not come */
    o = outcome_of(ABC "  - {at: 1 s, do: restart host A}\n  - {at: 2 h, do: fail host A}\n");
    assert_int_equal(o.n_losses, 2);
    assert_int_equal(o.served_by, 1);
    o = outcome_of("schema: 1\nbalancer: {hold_down: 10 min}\ntimeline:\n"
                   "  - {at: 0 s, do: fail host A}\n  - {at: 9 min, do: restart host A}\n");
    assert_int_equal(o.n_losses, 1);
    assert_int_equal(o.served_by, 0);
    o = outcome_of("schema: 1\nbalancer: {failback: automatic}\ntimeline:\n"
                   "  - {at: 0 s, do: fail host A}\n  - {at: 1 h, do: restart host A}\n");
    assert_int_equal(o.n_losses, 2);
    assert_int_equal(o.served_by, 0);
    o = outcome_of("schema: 1\nservers: {A: {vm: {restarts: true}}}\n");
    assert_true(o.is_served);
    o = outcome_of("schema: 1\nservers: {A: {vm: {restarts: true}}, B: }\n"
                   "balancer: {hold_down: 7 min}\n");
    assert_int_equal(o.served_by, 1); /* 425 s, and two good checks */
    o = outcome_of("schema: 1\nservers: {A: {vm: {restarts: true}}, B: }\n"
                   "balancer: {hold_down: 8 min}\n");
    assert_int_equal(o.served_by, 0);
#undef ABC
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_clock_starts_at_the_failure),
        cmocka_unit_test(test_a_dead_standby_is_passed_over),
        cmocka_unit_test(test_a_redirect_of_a_living_server_is_a_loss),
        cmocka_unit_test(test_a_redirect_in_mid_storm),
        cmocka_unit_test(test_without_failover_nobody_comes_back),
        cmocka_unit_test(test_a_redirect_by_hand_brings_them_back),
        cmocka_unit_test(test_a_second_loss_begins_again),
        cmocka_unit_test(test_time_between_two_losses_does_not_count),
        cmocka_unit_test(test_who_is_not_connected_loses_too),
        cmocka_unit_test(test_a_full_balancer_refuses),
        cmocka_unit_test(test_who_is_taken_out_stays_out),
        cmocka_unit_test(test_use_is_judged_by_the_last_loss),
        cmocka_unit_test(test_the_worst_minutes_are_no_better_than_the_mean),
        cmocka_unit_test(test_entries_without_effect_are_refused),
        cmocka_unit_test(test_what_a_timeline_comes_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
