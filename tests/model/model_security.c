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

/* What the first server knows, and what any other does not. */
enum { KNOWS, FRESH };

/* From `epoch`, and what happens to the records in the meantime, of N orders of one kind, with contacts every
 * 100 s at a phase that is uniform. Orders are 1000 s old. */
static void judge_with(struct judged *j, const struct security_epoch *epoch, size_t n,
                       const struct security_change *change, size_t n_changes, double horizon_s)
{
    static uint32_t user_of[1000];
    const struct security_scene scene = {user_of, 1000, 2, horizon_s};
    struct security_history history = {0};
    struct sim *sim;
    for (uint32_t i = 0; i < 1000; i++) {
        user_of[i] = i % 2;
    }
    assert_int_equal(sim_dist_constant(100, &j->config.contact), SIM_OK);
    assert_int_equal(sim_dist_constant(1000, &j->config.age), SIM_OK);
    assert_int_equal(sim_create(5, 0, &sim), SIM_OK);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(
            security_note(&history, epoch[i].from_s, epoch[i].is_reachable, epoch[i].server),
            SIM_OK);
    }
    for (size_t i = 0; i < n_changes; i++) {
        assert_int_equal(security_change(&history, &change[i]), SIM_OK);
    }
    assert_int_equal(security_judge(&j->config, sim, &history, &scene, j->outcome), SIM_OK);
    security_history_fini(&history);
    sim_destroy(sim);
    sim_dist_destroy(j->config.contact);
    sim_dist_destroy(j->config.age);
}

static void judge(struct judged *j, enum security_kind kind, const struct security_epoch *epoch,
                  size_t n, double reissue_s, double horizon_s)
{
    j->config = (struct security_config){.denied = kind == SECURITY_DENIED ? N : 0,
                                         .locks = kind == SECURITY_LOCK ? N : 0,
                                         .wipes = kind == SECURITY_WIPE ? N : 0,
                                         .reissue_s = reissue_s};
    judge_with(j, epoch, n, NULL, 0, horizon_s);
}

/* The phase of a contact: a multiple of 100 s before. */
static double phase_of(double time_s)
{
    return fmod(time_s, 100);
}

static void test_a_server_that_knows_carries_out(void **state)
{
    const struct security_epoch known[] = {{0, true, KNOWS}};
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
    const struct security_epoch lost[] = {{0, false, KNOWS}, {250, true, FRESH}};
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
    const struct security_epoch lost[] = {{0, true, FRESH}};
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
        {0, true, FRESH}, {300, true, KNOWS}, {600, true, FRESH}};
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

/* ---- What happens to the records ---- */

static const struct security_epoch at_first[] = {{0, true, KNOWS}};

/* Orders are 1000 s old: a delete before that meets none, one after it all of them. */
static void test_an_order_outlives_an_earlier_delete(void **state)
{
    const struct security_epoch always = {0, true, 0};
    (void)state;
    for (int is_later = 0; is_later < 2; is_later++) {
        struct judged j = {.config = {.denied = N, .reissue_s = INFINITY}};
        const struct security_change deleted = {is_later ? -500 : -2000, SECURITY_DELETED, 0,
                                                SECURITY_ALL_USERS, 0};
        judge_with(&j, &always, 1, &deleted, 1, 1000);
        for (int i = 0; i < N; i++) {
            assert_true(isinf(j.outcome[i].served_s) == !is_later);
        }
    }
}

/* Deleted for users 1 at 250 s: denied devices are served from the next contact on. */
static void test_a_deleted_order_is_gone(void **state)
{
    const struct security_change deleted = {250, SECURITY_DELETED, 0, 1, 0};
    struct judged j = {.config = {.denied = N, .reissue_s = 1e6}};
    (void)state;
    judge_with(&j, at_first, 1, &deleted, 1, 1000);
    for (int i = 0; i < N; i++) {
        const struct security_outcome *const o = &j.outcome[i];
        assert_int_equal(isfinite(o->served_s), o->device % 2 == 1);
        assert_true(isinf(o->served_s) || (o->served_s >= 250 && o->served_s < 350));
        assert_near(o->issued_s, -1000, 0);
    }
}

/* A backup has the orders that were given before it. */
static void test_a_restored_state_knows_the_older_orders(void **state)
{
    (void)state;
    for (int is_older = 0; is_older < 2; is_older++) {
        const struct security_change restored = {0, SECURITY_RESTORED, 0, SECURITY_ALL_USERS,
                                                 is_older ? -999 : -1001};
        struct judged j = {.config = {.wipes = N, .reissue_s = 1e6}};
        judge_with(&j, at_first, 1, &restored, 1, 1000);
        for (int i = 0; i < N; i++) {
            assert_int_equal(isfinite(j.outcome[i].executed_s), is_older);
            assert_int_equal(isfinite(j.outcome[i].served_s), !is_older);
        }
    }
}

/* 2011: kept. Later: until the device has not come for the time-out, after the reset or after its last visit.
 * The contacts of denied devices are 100 s apart, so a time-out of 150 s never comes, and one of 50 s does at
 * once, as one of 0 s; nobody is there between 300 and 600 s. */
static void test_the_cleanup_of_orders_after_a_reset(void **state)
{
    static const struct {
        double timeout_s, first_s, last_s; /* served between them */
        enum security_after_reset after;
        bool is_away;
    } cases[] = {{0, INFINITY, INFINITY, AFTER_RESET_KEPT, true},
                 {0, 50, 150, AFTER_RESET_CLEANUP, false},
                 {99, 149, 250, AFTER_RESET_CLEANUP, false},
                 {150, INFINITY, INFINITY, AFTER_RESET_CLEANUP, false},
                 {150, 600, 700, AFTER_RESET_CLEANUP, true}};
    const struct security_change reset = {50, SECURITY_RESET, 0, SECURITY_ALL_USERS, 0};
    const struct security_epoch away[] = {
        {0, true, KNOWS}, {300, false, KNOWS}, {600, true, KNOWS}};
    (void)state;
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        struct judged j = {.config = {.denied = N,
                                      .reissue_s = 1e6,
                                      .after_reset = cases[k].after,
                                      .cleanup_timeout_s = cases[k].timeout_s}};
        judge_with(&j, cases[k].is_away ? away : at_first, cases[k].is_away ? 3 : 1, &reset, 1,
                   1000);
        for (int i = 0; i < N; i++) {
            const double served_s = j.outcome[i].served_s;
            assert_int_equal(isinf(served_s), isinf(cases[k].first_s));
            assert_true(isinf(served_s) ||
                        (served_s >= cases[k].first_s && served_s <= cases[k].last_s));
        }
    }
}

/* The projection shows what was given a lag before the backup; it haunts where the record is gone. */
static void test_ghosts(void **state)
{
    static const struct {
        double backup_s, lag_s;
        bool is_emptied, is_ghost;
    } cases[] = {{-900, 60, true, true},
                 {-900, 101, true, false},
                 {-1100, 0, true, false},
                 {-900, 60, false, false}};
    (void)state;
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        const struct security_epoch nobody[] = {{0, false, KNOWS}};
        const struct security_change change[] = {
            {10, cases[k].is_emptied ? SECURITY_EMPTIED : SECURITY_RESET, 0, SECURITY_ALL_USERS, 0},
            {20, SECURITY_PROJECTION, 0, SECURITY_ALL_USERS, cases[k].backup_s}};
        struct judged j = {
            .config = {.wipes = N, .reissue_s = 1e6, .projection_lag_s = cases[k].lag_s}};
        judge_with(&j, nobody, 1, change, 2, 1000);
        for (int i = 0; i < N; i++) {
            assert_int_equal(j.outcome[i].is_ghost, cases[k].is_ghost);
        }
    }
}

/* ---- In a world ---- */

#define ORDERS                                                                                     \
    "schema: 1\nusers: 50\nsecurity: {denied: 3, locks: 2, wipes: 5, contact: 20 min, age: 2 d}\n"

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
    /* of an old state too, if they are older; its projection shows no more than it knows */
    assert_figures(
        "servers: {A: {restore: {age: 1 d}}, B: }\nbalancer: {failover: manual}\ntimeline: "
        "[{at: 0 s, do: fail host A}, {at: 10 min, do: restore host A with state}]\n",
        0, 0, 0);
    assert_figures(
        "servers: {A: {restore: {age: 3 d}}, B: }\nbalancer: {failover: manual}\ntimeline: "
        "[{at: 0 s, do: fail host A}, {at: 10 min, do: restore host A with state}]\n",
        10, 5, 0);
    /* deleted by hand; the projection alone restored makes ghosts of them */
    assert_figures("timeline: [{at: 0 s, do: tell traveler reset *}, {at: 0 s, do: tell traveler "
                   "security delete *}]\n",
                   10, 5, 0);
    assert_figures("timeline: [{at: 0 s, do: tell traveler reset *}, {at: 0 s, do: tell traveler "
                   "security delete *}, {at: 1 s, do: restore projection of A}]\n",
                   10, 5, 5);
    /* a reset keeps them, or not: it depends on the version */
    assert_figures("timeline: [{at: 0 s, do: tell traveler reset *}]\n", 0, 0, 0);
    assert_figures("security.after_reset: cleanup\nsecurity.cleanup_timeout: 0 s\n"
                   "timeline: [{at: 0 s, do: tell traveler reset *}]\n",
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

/* ---- A server that is unavailable ---- */

enum fortune { CARRIED_OUT, WRONGLY_SERVED, UNREACHED };

static void assert_fortune(const char *balancer, const char *entries, enum fortune fortune)
{
    char rest[500];
    struct run_result r;
    snprintf(rest, sizeof rest, "servers: {A: , B: , C: }\nbalancer: {%s}\ntimeline: [%s]\n",
             balancer, entries);
    print_message("%s", rest);
    run(rest, &r);
    for (uint32_t i = 0; i < r.n_orders; i++) {
        const struct security_outcome *const o = &r.order[i];
        const bool is_once = o->kind != SECURITY_DENIED && fortune == CARRIED_OUT;
        assert_int_equal(isfinite(o->executed_s), is_once);
        assert_int_equal(isfinite(o->served_s), fortune == WRONGLY_SERVED);
    }
    run_result_fini(&r);
}

/* Whoever is there and available knows the orders of a pool; elsewhere only the first server does. */
static void test_an_unavailable_server_is_not_met(void **state)
{
    (void)state;
#define OFF(server) "{at: 0 s, do: on " #server " tell traveler available off}"
    assert_fortune("method: pool", "{at: 0 s, do: fail host C}, " OFF(A), CARRIED_OUT);
    assert_fortune("method: pool", "{at: 0 s, do: fail host C}, " OFF(B), CARRIED_OUT);
    assert_fortune("method: pool", "{at: 0 s, do: fail host A}, " OFF(B), CARRIED_OUT);
    assert_fortune("method: pool", "{at: 0 s, do: fail host C}, " OFF(A) ", " OFF(B), UNREACHED);
    assert_fortune("method: round_robin", "{at: 0 s, do: tell traveler reset *}, " OFF(A),
                   WRONGLY_SERVED);
    assert_fortune("method: round_robin", "{at: 0 s, do: tell traveler reset *}, " OFF(B),
                   CARRIED_OUT);
    assert_fortune("method: round_robin", "{at: 0 s, do: fail host A}, " OFF(B), WRONGLY_SERVED);
    assert_fortune("method: round_robin", "{at: 0 s, do: fail host A}, " OFF(B) ", " OFF(C),
                   UNREACHED);
    /* who sticks to the first server stays there, unless that goes */
    assert_fortune("method: round_robin, stickiness: source",
                   "{at: 0 s, do: tell traveler reset *}, " OFF(A), UNREACHED);
    assert_fortune("method: round_robin, stickiness: source, failover: manual",
                   "{at: 0 s, do: fail host A}, " OFF(B), WRONGLY_SERVED);
    assert_fortune("method: active", "{at: 0 s, do: tell traveler reset *}, " OFF(A), UNREACHED);
#undef OFF
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_order_outlives_an_earlier_delete),
        cmocka_unit_test(test_a_server_that_knows_carries_out),
        cmocka_unit_test(test_a_fresh_server_serves_until_it_is_told),
        cmocka_unit_test(test_the_horizon_ends_the_count),
        cmocka_unit_test(test_a_denied_device_can_be_exposed_twice),
        cmocka_unit_test(test_a_deleted_order_is_gone),
        cmocka_unit_test(test_a_restored_state_knows_the_older_orders),
        cmocka_unit_test(test_the_cleanup_of_orders_after_a_reset),
        cmocka_unit_test(test_ghosts),
        cmocka_unit_test(test_what_each_way_back_does_to_orders),
        cmocka_unit_test(test_a_failback_brings_the_orders_back),
        cmocka_unit_test(test_an_unavailable_server_is_not_met),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
