/* Servers in a pool: one database, each user one server's, and nothing lost with a host. */
#include "tests/support/check.h"
#include "tests/support/run_text.h"
#include "tests/support/scenario_text.h"

#include "models/collect.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char base_yaml[] =
    "schema: 1\n"
    "devices:\n"
    "  classes: {only: {share: 1, reconnect_delay: 100 s, promotion: 0 s, "
    "rtt: 100 ms}}\n";

static void run_pool(const char *rest, struct run_result *r)
{
    char yaml[1000];
    snprintf(yaml, sizeof yaml, "%s%s", base_yaml, rest);
    run_text(yaml, 0, r);
}

/* The other server of a pool is to a device what its own is that is back with its state: the same road, to
 * the last digit. */
static void test_another_server_is_as_good_as_the_own(void **state)
{
    struct run_result pool;
    struct run_result restart;
    (void)state;
    run_pool("users: 1\nservers: {A: , B: }\nbalancer: {method: pool}\n"
             "pool: {database: {iops: 450 /s, latency: 0 s, cpu_per_transaction: 0 s}}\ntimeline: "
             "[{at: 0 s, do: fail host A}]\n",
             &pool);
    run_pool("users: 1\nservers: {A: }\ntimeline: [{at: 0 s, do: fail host A}, {at: 20 s, do: "
             "restart host A}]\n",
             &restart);
    assert_true(pool.is_complete);
    assert_true(pool.device[0].full_s > 100);
    assert_true(isinf(pool.device[0].erased_s));
    assert_near(pool.device[0].full_s, restart.device[0].full_s, 1e-9);
    assert_near(pool.device[0].basic_s, restart.device[0].basic_s, 1e-9);
    run_result_fini(&pool);
    run_result_fini(&restart);
}

/* Users are dealt by turns: of 30 at three servers ten are at the one that fails. */
static void test_only_the_users_of_the_failed_server_notice(void **state)
{
    struct run_result r;
    (void)state;
    run_pool("users: 30\nservers: {A: , B: , C: }\nbalancer: {method: pool}\n"
             "timeline: [{at: 0 s, do: fail host B}]\n",
             &r);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        assert_int_equal(isfinite(r.device[i].lost_s), r.device[i].user % 3 == 1);
        assert_true(isinf(r.device[i].erased_s));
        assert_int_equal(r.device[i].losses, r.device[i].user % 3 == 1);
    }
    assert_true(r.is_complete);
    assert_near(metric_of(&r, "affected"), 12, 0);
    assert_near(metric_of(&r, "unfinished"), 0, 0);
    assert_true(metric_of(&r, "full_max_s") < 110);
    run_result_fini(&r);
}

/* Of 300 users 100 are at each server, with a poll on a thread. A's go where the greater share of threads is
 * free: x of them to C, so that (400 - 100 - x) / 400 = (300 - 100 - (100 - x)) / 300, x = 500/7. */
static void test_users_go_where_most_is_to_spare(void **state)
{
    struct scenario scenario;
    struct run_result r;
    struct sim_error e;
    struct world *w;
    uint32_t parked[3];
    (void)state;
    scenario_from_text("schema: 1\nusers: 300\nservers: {A: , B: {http_threads: 300}, C: "
                       "{http_threads: 400}}\nbalancer: {method: pool}\ndevices: {per_user: 1}\n"
                       "timeline: [{at: 0 s, do: fail host A}]\n",
                       &scenario);
    assert_int_equal(world_create(&scenario, 0, NULL, NULL, &w, &e), SIM_OK);
    assert_int_equal(world_go(w, &r, &e), SIM_OK);
    for (int i = 0; i < 3; i++) {
        parked[i] = sim_station_n_busy(sync_server_threads(w->server[i]));
    }
    assert_int_equal(parked[0], 0);
    assert_int_equal(parked[1] + parked[2], 300);
    assert_in_range(parked[2], 100 + 71 - 3, 100 + 71 + 3); /* some come at the same moment */
    assert_near(pool_availability(w->server[0]), 100, 0);
    assert_near(pool_availability(w->server[1]), 100 * (1 - parked[1] / 300.0), 1e-9);
    world_destroy(w);
    scenario_fini(&scenario);
    run_result_fini(&r);
}

static bool has_column(const struct scenario *s, const char *name, size_t *column)
{
    size_t n;
    struct series_column *const columns = collect_columns(s, &n);
    assert_non_null(columns);
    for (*column = 0; *column < n && strcmp(columns[*column].name, name) != 0; (*column)++) {
    }
    free(columns);
    return *column < n;
}

static double last_cell(const struct run_result *r, size_t column)
{
    return sim_series_row(r->series, sim_series_n_rows(r->series) - 1)[column];
}

/* Once all is quiet nothing but parked polls holds anything: 36 devices are at 50 threads of B, 72 % taken. The index
 * is that of the pool's servers alone, and of those that serve: A is down, and while the database is, so
 * are both. */
static void test_the_series_has_the_index_of_who_serves(void **state)
{
    static const char yaml[] =
        "schema: 1\nusers: 30\nservers: {A: , B: {http_threads: 50}}\nbalancer: {method: "
        "pool}\nseries_step: 30 s\n"
        "timeline: [{at: 0 s, do: fail pool database}, {at: 4 min, do: restart pool database}, "
        "{at: 5 min, do: fail host A}]\n";
    struct scenario scenario;
    struct scenario lone;
    struct run_result r;
    size_t a;
    size_t b;
    (void)state;
    run_text(yaml, 0, &r);
    scenario_from_text(yaml, &scenario);
    scenario_from_text("schema: 1\nusers: 30\n", &lone);
    assert_true(has_column(&scenario, "servers.a.availability_index", &a));
    assert_true(has_column(&scenario, "servers.b.availability_index", &b));
    assert_near(last_cell(&r, b), 100 * (1 - 36 / 50.0), 1e-9);
    assert_true(isnan(last_cell(&r, a)));
    for (size_t row = 0; row < 8; row++) { /* up to 3.5 min */
        assert_true(isnan(sim_series_row(r.series, row)[a]));
        assert_true(isnan(sim_series_row(r.series, row)[b]));
    }
    assert_true(sim_series_row(r.series, 9)[a] >= 0 && sim_series_row(r.series, 9)[a] <= 100);
    assert_true(has_column(&scenario, "pool.database.busy_share", &a));
    assert_true(has_column(&scenario, "pool.database.cpu.busy_share", &a));
    assert_false(has_column(&scenario, "servers.a.state_db.busy_share", &a));
    assert_false(has_column(&lone, "servers.a.availability_index", &a));
    assert_false(has_column(&lone, "pool.database.cpu.busy_share", &a));
    assert_true(has_column(&lone, "servers.a.state_db.busy_share", &a));
    run_result_fini(&r);
    scenario_fini(&scenario);
    scenario_fini(&lone);
}

/* Nobody who is constrained takes a user, so that he waits until his own server is back. */
static void test_constrained_servers_take_nobody(void **state)
{
    struct run_result r;
    (void)state;
    run_pool("users: 20\nservers: {A: , B: }\nbalancer: {method: pool}\npool: {constrained_at: 100 "
             "%}\ntimeline: [{at: 0 s, do: fail host A}, {at: 30 min, do: restart host A}]\n",
             &r);
    assert_true(r.is_complete);
    assert_true(metric_of(&r, "basic_p50_s") > 1800);
    assert_true(r.refused > 20);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        assert_true(isinf(r.device[i].erased_s));
    }
    run_result_fini(&r);
}

/* Half of the devices are offline at the failure: those that come back to their own server have lost nothing, and
 * are not taken for some that have everything again. The others are all waited for, however late. */
static void test_who_was_offline_and_lost_nothing(void **state)
{
    struct run_result r;
    (void)state;
    run_text("schema: 1\nusers: 60\nservers: {A: , B: , C: }\nbalancer: {method: pool, "
             "idle_timeout: 60 s}\n"
             "devices: {online: 50 %, offline_time: 20 s, classes: {only: {share: 1, "
             "reconnect_delay: 100 "
             "s}}}\ntimeline: [{at: 0 s, do: fail host B}]\n",
             0, &r);
    assert_true(r.is_complete);
    assert_near(metric_of(&r, "unfinished"), 0, 0);
    assert_in_range((unsigned)metric_of(&r, "affected"), 5, 24);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        assert_int_equal(isfinite(r.device[i].full_s), isfinite(r.device[i].lost_s));
        assert_near(r.device[i].timeouts, 0, 0); /* a poll that is cut is none */
    }
    run_result_fini(&r);
}

/* All are gone: all wait, and all go on where they were when one is back. */
static void test_the_whole_pool_fails(void **state)
{
    struct run_result r;
    (void)state;
    run_pool(
        "users: 40\nservers: {A: , B: }\nbalancer: {method: pool}\ntimeline: [{at: 0 s, do: fail "
        "host A}, {at: 1 min, do: fail host B}, {at: 1 h, do: restart host B}]\n",
        &r);
    assert_true(r.is_complete);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        assert_true(isinf(r.device[i].erased_s));
        assert_true(r.device[i].full_s > 3600);
    }
    run_result_fini(&r);
}

/* The console of one server speaks for all: the user is at C. */
static void test_a_reset_is_one_for_all(void **state)
{
    struct run_result r;
    (void)state;
    run_pool("users: 30\nservers: {A: , B: , C: }\nbalancer: {method: pool}\n"
             "timeline: [{at: 0 s, do: tell traveler reset 8}]\n",
             &r);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        assert_int_equal(isfinite(r.device[i].erased_s), r.device[i].user == 8);
        assert_int_equal(r.device[i].losses, r.device[i].user == 8);
    }
    assert_true(r.is_complete);
    run_result_fini(&r);
}

/* A failed, the command without a server is given at B. And nobody goes to who is down and not marked so
 * yet: B fails before A's devices come, and all of them end at C. */
static void test_commands_and_moves_pass_by_the_dead(void **state)
{
    struct run_result r;
    (void)state;
    run_pool(
        "users: 30\nservers: {A: , B: , C: }\nbalancer: {method: pool}\ntimeline: [{at: 0 s, do: "
        "fail host A}, {at: 1 h, do: tell traveler reset 8}]\n",
        &r);
    assert_true(r.is_complete);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        assert_int_equal(isfinite(r.device[i].erased_s), r.device[i].user == 8);
    }
    run_result_fini(&r);
    run_pool("users: 30\nservers: {A: , B: , C: }\nbalancer: {method: pool, check_interval: 30 "
             "s}\ntimeline: [{at: 0 s, do: fail host A}, {at: 95 s, do: fail host B}]\n",
             &r);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        if (r.device[i].user % 3 == 0) {
            assert_int_equal(r.device[i].losses, 1);
            assert_true(r.device[i].full_s < 150); /* no time-out at a dead server, no back-off */
        }
    }
    run_result_fini(&r);
}

static void assert_problem(const char *rest, const char *text)
{
    char yaml[600];
    snprintf(yaml, sizeof yaml, "schema: 1\nusers: 10\nservers: {A: , B: }\n%s", rest);
    assert_scenario_problem(yaml, text);
}

static void test_bad_combinations(void **state)
{
    (void)state;
    assert_problem("balancer: {method: pool}\ntimeline: [{at: 0 s, do: redirect A to B}]\n",
                   "timeline.0.do: balancer.method is pool: the servers take over from each other");
    assert_problem(
        "balancer: {method: pool}\ntimeline: [{at: 0 s, do: fail host A}, {at: 1 h, do: "
        "restore host A without state}]\n",
        "timeline.1.do: balancer.method is pool: the state is in its database and not on "
        "a host; allowed: 'restart host'");
    assert_problem(
        "balancer: {method: pool, stickiness: user}\ntimeline: [{at: 0 s, do: fail host "
        "A}]\n",
        "balancer.stickiness: of balancer.method round_robin; with pool every user has his "
        "server");
    assert_problem("balancer: {method: pool}\npool: {constrained_at: 120 %}\n",
                   "pool.constrained_at: '120 %' is out of range");
}

/* What the product says of a server that is not to be used. */
static void test_the_index_of_an_unavailable_server(void **state)
{
    static const char yaml[] =
        "schema: 1\nusers: 30\nhorizon: 30 min\nservers: {A: , B: , C: }\nbalancer: {method: "
        "pool}\nseries_step: 30 s\ntimeline: [{at: 0 s, do: fail host A}, {at: 15 s, do: on B tell "
        "traveler available off}, {at: 10 min, do: on C tell traveler available off}, {at: 20 min, "
        "do: on C tell traveler available on}]\n";
    struct scenario scenario;
    struct run_result r;
    size_t b;
    size_t c;
    (void)state;
    run_text(yaml, 0, &r);
    scenario_from_text(yaml, &scenario);
    assert_true(has_column(&scenario, "servers.b.availability_index", &b));
    assert_true(has_column(&scenario, "servers.c.availability_index", &c));
    assert_near(last_cell(&r, b), -200, 0);
    assert_near(sim_series_row(r.series, 30)[c], -200, 0); /* 15 min */
    assert_true(sim_series_row(r.series, 10)[c] > 0 && last_cell(&r, c) > 0);
    run_result_fini(&r);
    scenario_fini(&scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_another_server_is_as_good_as_the_own),
        cmocka_unit_test(test_only_the_users_of_the_failed_server_notice),
        cmocka_unit_test(test_users_go_where_most_is_to_spare),
        cmocka_unit_test(test_the_series_has_the_index_of_who_serves),
        cmocka_unit_test(test_the_index_of_an_unavailable_server),
        cmocka_unit_test(test_constrained_servers_take_nobody),
        cmocka_unit_test(test_who_was_offline_and_lost_nothing),
        cmocka_unit_test(test_the_whole_pool_fails),
        cmocka_unit_test(test_a_reset_is_one_for_all),
        cmocka_unit_test(test_commands_and_moves_pass_by_the_dead),
        cmocka_unit_test(test_bad_combinations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
