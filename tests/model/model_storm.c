/* The storm as a whole: what must follow from a change, and what must never happen. */
#include "tests/support/check.h"
#include "tests/support/run_text.h"

#include <stdlib.h>
#include <string.h>

static void test_same_seed_same_result(void **state)
{
    struct run_result a;
    struct run_result b;
    struct run_result other;
    (void)state;
    run_text("schema: 1\nusers: 60\n", 4, &a);
    run_text("schema: 1\nusers: 60\n", 4, &b);
    run_text("schema: 1\nusers: 60\n", 5, &other);
    assert_int_equal(a.n_devices, 72);
    assert_memory_equal(a.device, b.device, a.n_devices * sizeof *a.device);
    assert_int_equal(a.events, b.events);
    assert_true(memcmp(a.device, other.device, a.n_devices * sizeof *a.device) != 0);
    run_result_fini(&a);
    run_result_fini(&b);
    run_result_fini(&other);
}

/* With connections reset all devices know within 10 s; silently lost, over the heartbeat. */
static void test_fate_of_connections_decides_the_herd(void **state)
{
    struct run_result reset;
    struct run_result silent;
    (void)state;
    run_text("schema: 1\nusers: 200\ntimeline: [{at: 0 s, do: fail host A}]\n", 0, &reset);
    run_text("schema: 1\nusers: 200\ntimeline: [{at: 0 s, do: fail host A, connections: silent}]\n",
             0, &silent);
    double longest_reset_s = 0;
    double longest_silent_s = 0;
    double mean_silent_s = 0;
    for (uint32_t i = 0; i < reset.n_devices; i++) {
        longest_reset_s = fmax(longest_reset_s, reset.device[i].stage_s[STAGE_UNAWARE]);
        longest_silent_s = fmax(longest_silent_s, silent.device[i].stage_s[STAGE_UNAWARE]);
        mean_silent_s += silent.device[i].stage_s[STAGE_UNAWARE] / silent.n_devices;
    }
    assert_true(longest_reset_s <= 10);
    assert_true(longest_silent_s > 850 && longest_silent_s <= 900);
    /* uniform on (0, 900): sd of the mean of 240 is 900/sqrt(12 * 240) = 16.8 */
    assert_near((mean_silent_s - 450) / 16.8, 0, 4);
    /* the herd is spread, so the load on the new server is lower */
    assert_true(metric_of(&silent, "blackout_max_s") < metric_of(&reset, "blackout_max_s"));
    run_result_fini(&reset);
    run_result_fini(&silent);
}

/* 100 threads for 600 parked polls, the first-start default of a 32-bit server: who is full parks
 * its thread, and the others are refused until heartbeats end. */
static void test_too_few_threads_starve_the_rest(void **state)
{
    struct run_result few;
    struct run_result enough;
    (void)state;
    run_text("schema: 1\nhorizon: 1 h\nservers: {A: , B: {http_threads: 100, http_backlog: 50}}\n",
             0, &few);
    run_text("schema: 1\nhorizon: 1 h\nservers: {A: , B: {http_threads: 720}}\n", 0, &enough);
    assert_true(few.refused > 1000 + enough.refused); /* both meet the dead server first */
    assert_true(metric_of(&few, "unfinished") > metric_of(&enough, "unfinished"));
    run_result_fini(&few);
    run_result_fini(&enough);
}

static void test_impatient_devices_waste_work(void **state)
{
    struct run_result patient;
    struct run_result hasty;
    (void)state;
#define CLASS(timeout)                                                                             \
    "schema: 1\nusers: 200\ndevices:\n  classes:\n    only: {share: 1, request_timeout: " timeout  \
    ", backoff.first: 5 s, backoff.policy: fixed}\n"
    run_text(CLASS("1 h"), 0, &patient);
    run_text(CLASS("5 s"), 0, &hasty);
#undef CLASS
    assert_int_equal(patient.timeouts, 0);
    assert_int_equal(patient.discarded_chunks, 0);
    assert_true(hasty.timeouts > 200);
    assert_true(hasty.retries >= hasty.timeouts);
    assert_true(hasty.replaced > 0);
    run_result_fini(&patient);
    run_result_fini(&hasty);
}

static void test_offline_devices_come_later(void **state)
{
    struct run_result r;
    uint32_t n_offline = 0;
    (void)state;
    run_text("schema: 1\nusers: 500\ndevices: {online: 40 %, offline_time: 2 h}\n"
             "servers: {A: , B: {http_threads: 720}}\n",
             0, &r);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        const double offline_s = r.device[i].stage_s[STAGE_OFFLINE];
        assert_true(offline_s == 0 || fabs(offline_s - 7200) < 1e-9);
        n_offline += offline_s > 0;
        assert_true(offline_s > 0 || r.device[i].full_s <= metric_of(&r, "online_full_max_s"));
    }
    assert_near(metric_of(&r, "offline"), n_offline, 0);
    assert_true(metric_of(&r, "online_full_max_s") < 7200 && metric_of(&r, "full_max_s") > 7200);
    /* binomial(600, 0.6): sd 12 */
    assert_near(((double)n_offline - 360) / 12, 0, 4);
    assert_true(r.is_complete);
    run_result_fini(&r);
}

/* Two phones of a user wait for one prime sync: 100 users with 2 devices each cost 100 prime syncs.
 */
static void test_one_prime_sync_per_user(void **state)
{
    struct run_result r;
    (void)state;
    run_text("schema: 1\nusers: 100\ndevices: {per_user: 2}\nmailbox: {documents: 2000}\n"
             "sync: {prime: {cpu_per_document: 5 ms}, chunk: {cpu_per_item: 0 s}}\n",
             0, &r);
    const double cpu_s = 100 * (2000 * 0.005) + 200 * 0.005; /* prime syncs and registrations */
    const double registrations_s = 0.005 * 200;
    const double used_s = metric_of(&r, "servers.b.cpu.busy_share") * 4 * r.most_s;
    assert_int_equal(r.n_devices, 200);
    assert_near(used_s, cpu_s, registrations_s + 1e-6);
    run_result_fini(&r);
}

/* Common random numbers: what a device is does not depend on the server it meets. */
static void test_devices_are_the_same_under_every_policy(void **state)
{
    struct run_result slow;
    struct run_result fast;
    (void)state;
    run_text("schema: 1\nusers: 100\nservers: {A: , B: {cores: 1}}\n", 2, &slow);
    run_text("schema: 1\nusers: 100\nservers: {A: , B: {cores: 32}}\n", 2, &fast);
    for (uint32_t i = 0; i < slow.n_devices; i++) {
        assert_int_equal(slow.device[i].items, fast.device[i].items);
        assert_int_equal(slow.device[i].class_id, fast.device[i].class_id);
        assert_close(slow.device[i].stage_s[STAGE_UNAWARE], fast.device[i].stage_s[STAGE_UNAWARE],
                     1e-12);
    }
    assert_true(metric_of(&slow, "full_p50_s") > metric_of(&fast, "full_p50_s"));
    run_result_fini(&slow);
    run_result_fini(&fast);
}

/* What is usual includes the desktop users' own load: without a storm nothing is slower. */
static void test_desktop_users_feel_the_storm_alone(void **state)
{
    struct run_result storm;
    struct run_result quiet;
    (void)state;
    run_text("schema: 1\nmail: {probe_interval: 1 s}\nservers: {A: , B: {http_threads: 720}}\n", 0,
             &storm);
    assert_true(metric_of(&storm, "desktop_slowdown") > 1.2);
    assert_true(metric_of(&storm, "desktop_worst_slowdown") >
                metric_of(&storm, "desktop_slowdown"));
    assert_true(storm.desktop_response_max_s > 3 * storm.desktop_usual_s);
    /* 90 % of a disk of 500 reads/s is theirs; nobody fails over, so nothing else is read */
    run_text("schema: 1\nusers: 20\nhorizon: 2 h\nbalancer: {failover: manual}\n"
             "mail: {servers: 1, disk_iops: 500 /s, stream_iops: 500 /s, desktop_users: 600,\n"
             "       desktop_reads: 0.75 /s, probe_interval: 10 s}\n",
             0, &quiet);
    assert_close(quiet.desktop_usual_s, 1 / (500 - (450 - 0.1)) + 0.0005, 1e-12);
    assert_close(metric_of(&quiet, "desktop_slowdown"), 1, 0.01);
    run_result_fini(&storm);
    run_result_fini(&quiet);
}

static void test_a_thin_uplink_is_flagged(void **state)
{
    struct run_result thin;
    struct run_result wide;
    (void)state;
    run_text("schema: 1\nusers: 300\nnetwork: {uplink: 500 kbit/s}\nhorizon: 2 h\n", 0, &thin);
    run_text("schema: 1\nusers: 300\nhorizon: 2 h\n", 0, &wide);
    assert_true(thin.outside_model_share > 0.5);
    assert_near(wide.outside_model_share, 0, 0);
    run_result_fini(&thin);
    run_result_fini(&wide);
}

static bool stop_now(void *context)
{
    (void)context;
    return true;
}

static void test_stop_and_event_limit(void **state)
{
    struct scenario scenario;
    struct run_result result;
    struct sim_error e;
    (void)state;
    scenario_from_text("schema: 1\nusers: 50\n", &scenario);
    assert_int_equal(world_run(&scenario, 0, stop_now, NULL, &result, &e), SIM_ESTOPPED);
    scenario.max_events = 1000;
    assert_int_equal(world_run(&scenario, 0, NULL, NULL, &result, &e), SIM_ELIMIT);
    assert_non_null(strstr(e.text, "more than 1000 events"));
    scenario_fini(&scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_seed_same_result),
        cmocka_unit_test(test_fate_of_connections_decides_the_herd),
        cmocka_unit_test(test_too_few_threads_starve_the_rest),
        cmocka_unit_test(test_impatient_devices_waste_work),
        cmocka_unit_test(test_offline_devices_come_later),
        cmocka_unit_test(test_one_prime_sync_per_user),
        cmocka_unit_test(test_devices_are_the_same_under_every_policy),
        cmocka_unit_test(test_desktop_users_feel_the_storm_alone),
        cmocka_unit_test(test_a_thin_uplink_is_flagged),
        cmocka_unit_test(test_stop_and_event_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
