/* Orders against devices: kept with the state, lost with it, and what that costs. */
#include "tests/support/check.h"
#include "tests/support/run_text.h"

#include <math.h>
#include <stdio.h>

/* ---- One order, contacts every 100 s, by hand ---- */

enum { N = 200 };

struct judged {
    struct security_outcome outcome[N];
    struct security_config config;
};

/* From `epoch` of N orders of one kind, with contacts every 100 s at a phase that is uniform. */
static void judge(struct judged *j, enum security_kind kind, const struct security_epoch *epoch,
                  size_t n, double reissue_s, double horizon_s)
{
    struct security_history history = {.ghosts_from_s = INFINITY};
    struct sim *sim;
    j->config = (struct security_config){.denied = kind == SECURITY_DENIED ? N : 0,
                                         .locks = kind == SECURITY_LOCK ? N : 0,
                                         .wipes = kind == SECURITY_WIPE ? N : 0,
                                         .reissue_s = reissue_s};
    assert_int_equal(sim_dist_constant(100, &j->config.contact), SIM_OK);
    assert_int_equal(sim_create(5, 0, &sim), SIM_OK);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(
            security_note(&history, epoch[i].from_s, epoch[i].is_reachable, epoch[i].knows_orders),
            SIM_OK);
    }
    security_judge(&j->config, sim, &history, 1000, horizon_s, j->outcome);
    security_history_fini(&history);
    sim_destroy(sim);
    sim_dist_destroy(j->config.contact);
}

/* The phase of a contact: a multiple of 100 s before. */
static double phase_of(double time_s)
{
    return fmod(time_s, 100);
}

static void test_a_server_that_knows_carries_out(void **state)
{
    const struct security_epoch known[] = {{0, true, true}};
    struct judged j;
    (void)state;
    judge(&j, SECURITY_WIPE, known, 1, 1e6, 10000);
    for (int i = 0; i < N; i++) {
        assert_true(isinf(j.outcome[i].served_s));
        assert_true(j.outcome[i].executed_s >= 0 && j.outcome[i].executed_s <= 100);
        assert_near(j.outcome[i].exposure_s, 0, 0);
        assert_int_equal(j.outcome[i].device / 5, i); /* spread over all, each device once */
    }
}

/* Nobody is there until 250 s, from then on a server that knows nothing; issued again at 600 s. */
static void test_a_fresh_server_serves_until_it_is_told(void **state)
{
    const struct security_epoch lost[] = {{0, false, true}, {250, true, false}};
    struct judged j;
    double sum_s = 0;
    (void)state;
    judge(&j, SECURITY_LOCK, lost, 2, 600, 10000);
    for (int i = 0; i < N; i++) {
        const struct security_outcome *const o = &j.outcome[i];
        assert_true(o->served_s >= 250 && o->served_s < 350);
        assert_true(o->executed_s >= 600 && o->executed_s < 700);
        assert_near(phase_of(o->served_s), phase_of(o->executed_s), 1e-9);
        assert_near(o->exposure_s, o->executed_s - o->served_s, 1e-9);
        sum_s += o->exposure_s;
    }
    /* 300 s or 400 s, each for half of the phases; 200 phases spread by chance: 4 sigma are 14 s */
    assert_near(sum_s / N, 350, 15);
}

static void test_the_horizon_ends_the_count(void **state)
{
    const struct security_epoch lost[] = {{0, true, false}};
    struct judged j;
    (void)state;
    judge(&j, SECURITY_WIPE, lost, 1, 1e6, 1000);
    for (int i = 0; i < N; i++) {
        assert_true(j.outcome[i].served_s < 100);
        assert_true(isinf(j.outcome[i].executed_s));
        assert_near(j.outcome[i].exposure_s, 1000 - j.outcome[i].served_s, 1e-9);
    }
}

/* Served from 0 to 300 s, denied until 600 s, served again. */
static void test_a_denied_device_can_be_exposed_twice(void **state)
{
    const struct security_epoch to_and_fro[] = {
        {0, true, false}, {300, true, true}, {600, true, false}};
    struct judged j;
    (void)state;
    judge(&j, SECURITY_DENIED, to_and_fro, 3, 1e6, 1000);
    for (int i = 0; i < N; i++) {
        const double phase_s = j.outcome[i].served_s;
        assert_true(phase_s < 100);
        assert_near(j.outcome[i].exposure_s, 300 + (1000 - 600 - phase_s), 1e-9);
        assert_true(isinf(j.outcome[i].executed_s));
    }
}

/* ---- In a world ---- */

#define ORDERS "schema: 1\nusers: 50\nsecurity: {denied: 3, locks: 2, wipes: 5, contact: 20 min}\n"

static void run(const char *rest, struct run_result *r)
{
    char yaml[1000];
    snprintf(yaml, sizeof yaml, "%s%s", ORDERS, rest);
    run_text(yaml, 0, r);
}

static void assert_figures(const char *rest, double served, double missed, double ghosts)
{
    struct run_result r;
    run(rest, &r);
    assert_near(metric_of(&r, "security_wrongly_served"), served, 0);
    assert_near(metric_of(&r, "security_wipes_missed"), missed, 0);
    assert_near(metric_of(&r, "security_ghost_wipes"), ghosts, 0);
    assert_true((metric_of(&r, "security_exposure_min") > 0) == (served > 0));
    run_result_fini(&r);
}

static void test_what_each_way_back_does_to_orders(void **state)
{
    (void)state;
    /* a failover forgets them all */
    assert_figures("", 10, 5, 0);
    /* a restart keeps them */
    assert_figures("balancer: {failover: manual}\ntimeline: [{at: 0 s, do: fail host A}, "
                   "{at: 10 min, do: restart host A}]\n",
                   0, 0, 0);
    /* a restore forgets them, and its projection goes on showing the wipes */
    assert_figures("balancer: {failover: manual}\ntimeline: [{at: 0 s, do: fail host A}, "
                   "{at: 10 min, do: restore host A without state}]\n",
                   10, 5, 5);
    assert_figures(
        "servers: {A: {restore: {projection: false}}, B: }\nbalancer: {failover: manual}\n"
        "timeline: [{at: 0 s, do: fail host A}, "
        "{at: 10 min, do: restore host A without state}]\n",
        10, 5, 0);
    /* a redirect goes to a server that knows nothing */
    assert_figures("timeline: [{at: 0 s, do: redirect A to B}]\n", 10, 5, 0);
}

/* Back at A, with the records that it kept: exposed from the first contact at B to the first at A. */
static void test_a_failback_brings_the_orders_back(void **state)
{
    struct run_result r;
    (void)state;
    run("timeline: [{at: 0 s, do: fail host A}, {at: 1 h, do: restart host A}, {at: 2 h, do: fail "
        "back to A}]\n",
        &r);
    for (uint32_t i = 0; i < r.n_orders; i++) {
        assert_true(r.order[i].served_s < 1200 + 30);
        assert_true(r.order[i].exposure_s > 7200 - 1230 && r.order[i].exposure_s < 7200 + 1230);
        assert_true((r.order[i].kind == SECURITY_DENIED) == isinf(r.order[i].executed_s));
    }
    run_result_fini(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_server_that_knows_carries_out),
        cmocka_unit_test(test_a_fresh_server_serves_until_it_is_told),
        cmocka_unit_test(test_the_horizon_ends_the_count),
        cmocka_unit_test(test_a_denied_device_can_be_exposed_twice),
        cmocka_unit_test(test_what_each_way_back_does_to_orders),
        cmocka_unit_test(test_a_failback_brings_the_orders_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
