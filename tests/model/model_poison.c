/* Documents that crash a sync server which has not banned them. */
#include "tests/support/check.h"
#include "tests/support/run_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void run_with(const char *more, struct run_result *r)
{
    char yaml[1000];
    snprintf(
        yaml, sizeof yaml,
        "schema: 1\nusers: 60\nbalancer: {failover: manual, check_interval: 10 ms, rise: 1}\n%s\n",
        more);
    run_text(yaml, 0, r);
}

/* A server that begins anew meets each document, crash_limit times, whatever the order. */
static void test_a_fresh_server_meets_each_again(void **state)
{
    static const char *const ways[] = {
        "timeline: [{at: 0 s, do: redirect A to B}]",
        "timeline: [{at: 0 s, do: fail host A}, {at: 10 s, do: restore host A without state}]"};
    (void)state;
    for (int way = 0; way < 2; way++) {
        for (int documents = 1; documents <= 5; documents += 2) {
            for (int limit = 1; limit <= 3; limit++) {
                char more[400];
                struct run_result r;
                snprintf(more, sizeof more,
                         "poison: {documents: %d, crash_limit: %d, restart: 100 s}\n%s", documents,
                         limit, ways[way]);
                run_with(more, &r);
                assert_true(r.is_complete);
                assert_near(metric_of(&r, "crashes"), documents * limit, 0);
                assert_near(metric_of(&r, "crash_s"), documents * limit * 100, 1e-9);
                assert_near(metric_of(&r, "banned"), documents, 0);
                run_result_fini(&r);
            }
        }
    }
}

/* Who keeps the state keeps the bans, and a reset does not touch them. */
static void test_bans_live_in_the_state(void **state)
{
    static const char *const ways[] = {
        "timeline: [{at: 0 s, do: fail host A}, {at: 60 s, do: restart host A}]",
        "timeline: [{at: 0 s, do: tell traveler reset *}]",
        "timeline: [{at: 0 s, do: fail host A}, {at: 60 s, do: restore host A with state}, {at: 1 "
        "h, do: tell traveler reset *}]"};
    (void)state;
    for (int way = 0; way < 3; way++) {
        char more[400];
        struct run_result r;
        snprintf(more, sizeof more, "poison: {documents: 4}\n%s", ways[way]);
        run_with(more, &r);
        assert_true(r.is_complete);
        assert_near(metric_of(&r, "crashes"), 0, 0);
        assert_near(metric_of(&r, "banned"), 4, 0);
        run_result_fini(&r);
    }
}

/* Entered at the other server before the failover: no crash. Of one user alone: the others crash it. */
static void test_bans_by_hand(void **state)
{
    struct run_result r;
    (void)state;
    run_with(
        "poison: {documents: 4}\ntimeline: [{at: 0 s, do: on B tell traveler banneddoc add * *}, "
        "{at: 1 s, do: redirect A to B}]",
        &r);
    assert_near(metric_of(&r, "crashes"), 0, 0);
    assert_near(metric_of(&r, "banned"), 4, 0);
    run_result_fini(&r);
    for (uint32_t user = 0, n = 0; user < 60; user++) {
        char more[300];
        snprintf(
            more, sizeof more,
            "poison: {documents: 1}\ntimeline: [{at: 0 s, do: on B tell traveler banneddoc add * "
            "%u}, {at: 1 s, do: redirect A to B}]",
            user);
        run_with(more, &r);
        n += metric_of(&r, "crashes") == 0;
        assert_true(metric_of(&r, "crashes") == 0 || metric_of(&r, "crashes") == 2);
        assert_true(user < 59 || n == 1); /* it is in one mail file */
        run_result_fini(&r);
    }
}

/* All on their own server: while it restarts nobody gets anything, and what it had sent is not lost. */
static void test_what_a_crash_costs(void **state)
{
    const double restart_s = 300;
    struct run_result with;
    struct run_result without;
    uint32_t n_lost_more = 0;
    (void)state;
    run_with("poison: {documents: 1, restart: 5 min}\ntimeline: [{at: 0 s, do: redirect A to B}]",
             &with);
    run_with("timeline: [{at: 0 s, do: redirect A to B}]", &without);
    for (uint32_t i = 0; i < with.n_devices; i++) {
        n_lost_more += with.device[i].losses > without.device[i].losses;
        assert_int_equal(with.device[i].items_done, with.device[i].items);
    }
    assert_true(n_lost_more > with.n_devices / 2);
    assert_true(metric_of(&with, "full_p90_s") > metric_of(&without, "full_p90_s") + restart_s);
    assert_true(metric_of(&with, "user_minutes_lost") > metric_of(&without, "user_minutes_lost"));
    run_result_fini(&with);
    run_result_fini(&without);
}

/* An automatic balancer moves the devices at every crash to the other fresh server, which has its own
 * crashes before it, up to 2 x 2 x documents of them, and a herd each time. */
static void test_two_fresh_servers_in_turn(void **state)
{
    struct run_result r;
    (void)state;
    run_text("schema: 1\nusers: 60\npoison: {documents: 1}\nservers: {A: , B: , C: }\ntimeline: "
             "[{at: 0 s, do: fail host A}]\n",
             0, &r);
    assert_true(r.is_complete);
    assert_in_range((unsigned)metric_of(&r, "crashes"), 3, 4);
    assert_true(metric_of(&r, "servers.b.prime.busy_share") > 0);
    assert_true(metric_of(&r, "servers.c.prime.busy_share") > 0);
    run_result_fini(&r);
}

/* The host fails while the server restarts after a crash: it does not come back by itself. */
static void test_a_host_that_fails_after_a_crash(void **state)
{
    struct run_result r;
    (void)state;
    run_with(
        "horizon: 3 h\npoison: {documents: 1, restart: 30 min}\ntimeline: [{at: 0 s, do: redirect "
        "A to B}, {at: 20 min, do: fail host B}]",
        &r);
    assert_false(r.is_complete);
    assert_near(metric_of(&r, "crashes"), 1, 0);
    run_result_fini(&r);
}

/* The places are uniform over users and mail files: chi-square over 10 users, 9 degrees of freedom; 29.7 is
 * passed by 1 in 2000. */
static void test_places_are_uniform(void **state)
{
    enum { N = 1000, USERS = 10 };
    static struct poison poison[N];
    const struct poison_config config = {.documents = N};
    struct mailbox mailboxes[USERS];
    double n[USERS] = {0};
    double chi = 0, middle = 0;
    const double expected = (double)N / USERS;
    struct sim *sim;
    (void)state;
    for (int i = 0; i < USERS; i++) {
        mailboxes[i] = (struct mailbox){.documents = 1000};
    }
    assert_int_equal(sim_create(1, 0, &sim), SIM_OK);
    poison_draw(poison, sim, &config, mailboxes, USERS);
    for (int i = 0; i < N; i++) {
        assert_true(poison[i].user < USERS && poison[i].document < 1000);
        n[poison[i].user]++;
        middle += poison[i].document / (double)N;
    }
    for (int i = 0; i < USERS; i++) {
        chi += pow(n[i] - expected, 2) / expected;
    }
    assert_true(chi < 29.7);
    assert_near(middle, 499.5, 3.3 * 1000 / sqrt(12.0 * N)); /* 1 in 1000 */
    sim_destroy(sim);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_fresh_server_meets_each_again),
        cmocka_unit_test(test_bans_live_in_the_state),
        cmocka_unit_test(test_bans_by_hand),
        cmocka_unit_test(test_what_a_crash_costs),
        cmocka_unit_test(test_two_fresh_servers_in_turn),
        cmocka_unit_test(test_a_host_that_fails_after_a_crash),
        cmocka_unit_test(test_places_are_uniform),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
