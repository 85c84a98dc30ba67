/* The database of a pool: what a job takes there, and what its failure takes from the servers. */
#include "tests/support/check.h"
#include "tests/support/run_text.h"
#include "tests/support/scenario_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- Jobs, worked out by hand ---- */

enum { N_JOBS = 3 };

struct bench {
    struct sim *sim;
    struct pool_database_config config;
    struct pool_database *database;
    struct sim_handle job[N_JOBS];
    double done_s[N_JOBS];
};

static void on_done(void *self, uint64_t i)
{
    struct bench *const b = self;
    b->done_s[i] = sim_now(b->sim);
}

static void create(struct bench *b, const char *latency, uint32_t cores, uint32_t group)
{
    struct sim_error e;
    *b = (struct bench){
        .config = {.iops = 100, .group = group, .cores = cores, .cpu_per_transaction_s = 0.005}};
    for (int i = 0; i < N_JOBS; i++) {
        b->done_s[i] = HUGE_VAL;
    }
    assert_int_equal(sim_dist_parse(latency, SIM_TIME, NULL, &b->config.latency, &e), SIM_OK);
    assert_int_equal(sim_create(1, 0, &b->sim), SIM_OK);
    assert_int_equal(pool_database_create(b->sim, &b->config, 1, 2, 0, &b->database), SIM_OK);
}

static void submit(struct bench *b, uint32_t i, uint32_t user, uint64_t transactions)
{
    pool_database_submit(b->database, user, transactions, (struct sim_call){on_done, b, i},
                         &b->job[i]);
}

static void run_and_destroy(struct bench *b)
{
    assert_int_equal(sim_run(b->sim, 1e3), SIM_OK);
    pool_database_destroy(b->database);
    sim_destroy(b->sim);
    sim_dist_destroy(b->config.latency);
}

/* Three transactions of 20 ms on the way, 5 ms of CPU and an I/O of 10 ms. */
static void test_a_job_alone_takes_what_its_transactions_take(void **state)
{
    struct bench b;
    (void)state;
    create(&b, "20 ms", 4, 1);
    submit(&b, 0, 0, 3);
    run_and_destroy(&b);
    assert_near(b.done_s[0], 3 * (0.020 + 0.005 + 0.010), 1e-12);
}

/* Both are there at 60 ms. One core: 30 ms for the 15 ms of each. The disk takes one commit at a time, by turns: six
 * I/Os, the first job's last is the fifth. With two cores nobody waits for the CPU. With two in an I/O the
 * second job misses the first I/O, which begins a moment before it comes, and no other. */
static void test_two_jobs_share_cores_and_disk(void **state)
{
    const struct {
        uint32_t cores, group;
        double first_s, second_s;
    } cases[] = {{1, 1, 0.060 + 0.030 + 0.050, 0.060 + 0.030 + 0.060},
                 {2, 1, 0.060 + 0.015 + 0.050, 0.060 + 0.015 + 0.060},
                 {2, 2, 0.060 + 0.015 + 0.030, 0.060 + 0.015 + 0.040}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bench b;
        create(&b, "20 ms", cases[i].cores, cases[i].group);
        submit(&b, 0, 0, 3);
        submit(&b, 1, 1, 3);
        run_and_destroy(&b);
        assert_near(b.done_s[0], cases[i].first_s, 1e-9);
        assert_near(b.done_s[1], cases[i].second_s, 1e-9);
    }
}

/* The latencies of a user's job are his, whoever else has jobs. */
static void test_latencies_belong_to_the_user(void **state)
{
    struct bench alone;
    struct bench together;
    (void)state;
    create(&alone, "exponential(20 ms)", 4, 1);
    submit(&alone, 0, 1, 1);
    run_and_destroy(&alone);
    create(&together, "exponential(20 ms)", 4, 4);
    submit(&together, 1, 0, 1);
    submit(&together, 0, 1, 1);
    submit(&together, 2, 1, 1);
    run_and_destroy(&together);
    assert_true(fabs(alone.done_s[0] - together.done_s[0]) < 0.010 + 1e-9); /* an I/O under way */
    assert_true(fabs(together.done_s[2] - together.done_s[0]) > 1e-6);
}

/* On the way, on the CPU, on the disk. */
static void test_a_cancelled_job_is_gone(void **state)
{
    const double at_s[] = {0.010, 0.022, 0.027};
    (void)state;
    for (size_t i = 0; i < sizeof at_s / sizeof at_s[0]; i++) {
        struct bench b;
        create(&b, "20 ms", 1, 1);
        submit(&b, 0, 0, 1);
        assert_int_equal(sim_run(b.sim, at_s[i]), SIM_OK);
        pool_database_cancel(b.database, &b.job[0]);
        pool_database_cancel(b.database, &b.job[0]); /* it is past */
        assert_int_equal(sim_disk_n_jobs(pool_database_disk(b.database)), 0);
        assert_int_equal(sim_fluid_n_active(pool_database_cpu(b.database)), 0);
        submit(&b, 1, 1, 1);
        run_and_destroy(&b);
        assert_true(isinf(b.done_s[0]));
        assert_true(b.done_s[1] <=
                    at_s[i] + 0.035 + 0.010 + 1e-9); /* it waits for an I/O at most */
    }
}

/* ---- In a scenario ---- */

static void run_pool(const char *rest, struct run_result *r)
{
    char yaml[1200];
    snprintf(
        yaml, sizeof yaml,
        "schema: 1\n"
        "devices: {classes: {only: {share: 1, reconnect_delay: 100 s, promotion: 0 s, rtt: 100 "
        "ms}}}\n%s",
        rest);
    run_text(yaml, 0, r);
}

/* A delta without new mail is one commit. */
static void test_a_latency_is_felt_once_for_each_commit(void **state)
{
    struct run_result quick;
    struct run_result slow;
    (void)state;
    run_pool("users: 1\nmailbox: {received_per_day: 0}\nservers: {A: , B: }\nbalancer: {method: "
             "pool}\npool: {database: {latency: 0 s, cpu_per_transaction: 0 s}}\n"
             "sync: {delta: {commits: 3}}\ntimeline: [{at: 0 s, do: fail host A}]\n",
             &quick);
    run_pool("users: 1\nmailbox: {received_per_day: 0}\nservers: {A: , B: }\nbalancer: {method: "
             "pool}\npool: {database: {latency: 400 ms, cpu_per_transaction: 100 ms}}\n"
             "sync: {delta: {commits: 3}}\ntimeline: [{at: 0 s, do: fail host A}]\n",
             &slow);
    assert_near(slow.device[0].full_s, quick.device[0].full_s + 3 * (0.4 + 0.1), 1e-9);
    run_result_fini(&quick);
    run_result_fini(&slow);
}

/* Nobody is served for ten minutes, and nobody has lost anything. The hosts are there: they answer 503 at
 * once, and nobody waits for a time-out, though the balancer has not noticed for five minutes. */
static void test_without_its_database_nobody_serves(void **state)
{
    struct run_result r;
    (void)state;
    run_pool(
        "users: 30\nservers: {A: , B: , C: }\nbalancer: {method: pool, check_interval: 100 s}\n"
        "timeline: [{at: 0 s, do: fail pool database}, {at: 10 min, do: restart pool "
        "database}]\n",
        &r);
    assert_true(r.is_complete);
    assert_near(metric_of(&r, "affected"), r.n_devices, 0);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        assert_int_equal(r.device[i].losses, 1);
        assert_true(r.device[i].refused > 0);
        assert_true(r.device[i].full_s > 600);
        assert_true(isinf(r.device[i].erased_s));
        assert_near(r.device[i].stage_s[STAGE_BALANCER], 0, 0);
    }
    run_result_fini(&r);
}

/* In the middle of a herd: who is empty and has his chunks keeps them, and erases no second time. */
static void test_what_is_committed_is_kept(void **state)
{
    struct run_result r;
    uint32_t n_cut = 0;
    (void)state;
    run_pool("users: 60\nservers: {A: , B: }\nbalancer: {method: pool}\n"
             "timeline: [{at: 0 s, do: tell traveler reset *}, {at: 150 s, do: fail pool "
             "database}, {at: 30 min, do: restart pool database}]\n",
             &r);
    assert_true(r.is_complete);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        assert_true(isfinite(r.device[i].full_s));
        assert_near(r.device[i].erased_byte, 0, 0);
        n_cut += r.device[i].losses == 2 && r.device[i].full_s > 1800;
    }
    assert_true(n_cut > r.n_devices / 2);
    run_result_fini(&r);
}

/* A host that comes back meanwhile serves no sooner; one that is gone when the database is back is
 * done without. */
static void test_hosts_come_and_go_while_it_is_away(void **state)
{
    struct run_result r;
    (void)state;
    run_pool(
        "users: 30\nservers: {A: , B: , C: }\nbalancer: {method: pool}\n"
        "timeline: [{at: 0 s, do: fail pool database}, {at: 1 min, do: fail host A}, {at: 2 "
        "min, do: restart host A}, {at: 5 min, do: fail host B}, {at: 20 min, do: restart pool "
        "database}]\n",
        &r);
    assert_true(r.is_complete);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        assert_true(r.device[i].full_s > 1200);
        assert_true(isinf(r.device[i].erased_s));
    }
    run_result_fini(&r);
}

static const struct resource_use *resource_of(const struct run_result *r, const char *name)
{
    for (size_t i = 0; i < r->n_resources; i++) {
        if (strcmp(r->resource[i].name, name) == 0) {
            return &r->resource[i];
        }
    }
    fail_msg("there is no resource %s", name);
    return NULL;
}

/* One core for what everybody writes: it is listed among the resources, and taken nearly all the time. */
static void test_a_slow_database_is_seen(void **state)
{
    struct run_result r;
    (void)state;
    run_pool("users: 60\nservers: {A: , B: }\nbalancer: {method: pool}\n"
             "pool: {database: {cores: 1, cpu_per_transaction: 100 ms}}\n"
             "timeline: [{at: 0 s, do: tell traveler reset *}]\n",
             &r);
    assert_true(resource_of(&r, "pool.database.cpu")->busy_share > 0.8);
    assert_true(resource_of(&r, "pool.database.cpu")->saturated_s > 0.5 * r.most_s);
    assert_true(resource_of(&r, "pool.database")->busy_share < 0.1);
    run_result_fini(&r);
}

/* ---- What makes no sense ---- */

static void assert_timeline_problem(const char *method, const char *timeline, const char *text)
{
    char yaml[600];
    snprintf(yaml, sizeof yaml,
             "schema: 1\nusers: 10\nservers: {A: , B: }\nbalancer: {method: %s}\ntimeline: [%s]\n",
             method, timeline);
    assert_scenario_problem(yaml, text);
}

static void test_what_makes_no_sense(void **state)
{
    (void)state;
    assert_timeline_problem("active", "{at: 0 s, do: fail pool database}",
                            "timeline.0.do: 'fail pool database': of balancer.method pool; else "
                            "each server has its own, which fails with its host: 'fail host A'");
    assert_timeline_problem("pool",
                            "{at: 0 s, do: fail host A}, {at: 9 s, do: restart pool database}",
                            "timeline.1.do: 'restart pool database': it is up then");
    assert_timeline_problem("pool",
                            "{at: 0 s, do: fail pool database}, {at: 9 s, do: fail pool database}",
                            "timeline.1.do: 'fail pool database': it is down then");
    assert_timeline_problem(
        "pool", "{at: 0 s, do: fail pool database}, {at: 9 s, do: tell traveler reset 1}",
        "timeline.1.do: 'tell traveler reset 1': the pool's database is down then, and all state "
        "in "
        "it");
}

static void follow(const char *timeline, struct timeline_outcome *outcome)
{
    struct scenario scenario;
    char yaml[600];
    snprintf(
        yaml, sizeof yaml,
        "schema: 1\nusers: 10\nservers: {A: , B: }\nbalancer: {method: pool}\ntimeline: [%s]\n",
        timeline);
    scenario_from_text(yaml, &scenario);
    *outcome = scenario.outcome;
    scenario_fini(&scenario);
}

static void test_what_a_timeline_comes_to(void **state)
{
    struct timeline_outcome o;
    (void)state;
    follow("{at: 5 s, do: fail pool database}", &o);
    assert_true(!o.is_served && o.n_losses == 1 && o.failure_s == 5);
    follow("{at: 5 s, do: fail pool database}, {at: 9 s, do: fail host A}, {at: 20 s, do: restart "
           "pool database}",
           &o);
    assert_true(o.is_served && o.n_losses == 1);
    follow("{at: 5 s, do: fail pool database}, {at: 9 s, do: on A tell traveler quit}, {at: 20 s, "
           "do: restart pool database}",
           &o);
    assert_true(o.is_served && o.n_losses == 1); /* a quit needs no state */
    follow("{at: 0 s, do: fail host A}, {at: 5 s, do: fail pool database}, {at: 9 s, do: restart "
           "host A}",
           &o);
    assert_true(!o.is_served && o.n_losses == 2);
    follow("{at: 0 s, do: fail host A}, {at: 1 s, do: fail host B}, {at: 5 s, do: fail pool "
           "database}, {at: 9 s, do: restart pool database}",
           &o);
    assert_true(!o.is_served && o.n_losses == 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_job_alone_takes_what_its_transactions_take),
        cmocka_unit_test(test_two_jobs_share_cores_and_disk),
        cmocka_unit_test(test_latencies_belong_to_the_user),
        cmocka_unit_test(test_a_cancelled_job_is_gone),
        cmocka_unit_test(test_a_latency_is_felt_once_for_each_commit),
        cmocka_unit_test(test_without_its_database_nobody_serves),
        cmocka_unit_test(test_what_is_committed_is_kept),
        cmocka_unit_test(test_hosts_come_and_go_while_it_is_away),
        cmocka_unit_test(test_a_slow_database_is_seen),
        cmocka_unit_test(test_what_makes_no_sense),
        cmocka_unit_test(test_what_a_timeline_comes_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
