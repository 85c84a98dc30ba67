/* A server that comes back with the state it had, and the ways back to it. */
#include "tests/support/check.h"
#include "tests/support/run_text.h"
#include "tests/support/scenario_text.h"

#include <math.h>
#include <stdio.h>

/* One device, every distribution a constant; a failure or a return is seen within 10 ms. The mails come
 * one in ten seconds. */
static const char alone[] =
    "schema: 1\n"
    "users: 1\n"
    "horizon: 1 h\n"
    "devices:\n"
    "  per_user: 1\n"
    "  classes:\n"
    "    only:\n"
    "      share: 1\n"
    "      rate: 1 Mbit/s\n"
    "      rtt: 200 ms\n"
    "      promotion: 2 s\n"
    "      loss: 0\n"
    "      receive_window: 1 MB\n"
    "      reconnect_delay: 5 s\n"
    "      backoff: {policy: fixed, first: 30 s, jitter: 1}\n"
    "mailbox: {received_per_day: 8640, mail_size: 8 kB, profile: {mail_days: 0.1}}\n"
    "servers: {A: }\n"
    "balancer: {check_interval: 10 ms, fall: 1, rise: 1}\n"
    "mail: {desktop_users: 0}\n"
    "timeline:\n"
    "  - {at: 0 s, do: fail host A}\n"
    "  - {at: 100 s, do: restart host A}\n";

/* Reads run one by one on the disk, then take their CPU time. */
static double mail_s(double reads)
{
    return reads / 150 + reads * 0.0005;
}

/* As worked out in model_one_device.c. */
static double transfer_s(double payload_byte)
{
    const double rate_bit_per_s = 1e6, overhead = 1.0534, mss_byte = 1460, rtt_s = 0.2;
    const double pipe = rate_bit_per_s / overhead * rtt_s / (8 * mss_byte);
    const double w = fmin(pipe, 3 + payload_byte / mss_byte);
    const double start_s = w <= 3 ? 0 : rtt_s * (log(w / 3) / log(2) - (w - 3) / pipe);
    return start_s + 8 * payload_byte * overhead / rate_bit_per_s;
}

/* It comes at 5 s and is answered 503 at 5 + 2.6 + 0.1 s; then every 32.7 s. The fourth attempt, at
 * 5 + 3 * 32.7 = 103.1 s, finds A up: a delta, nothing erased. */
static void test_a_restart_with_state_erases_nothing(void **state)
{
    struct run_result r;
    (void)state;
    run_text(alone, 0, &r);
    const struct device_record *const d = &r.device[0];
    const double arrives_s = 5 + 3 * 32.7 + 2.6 + 0.1;
    const double mails = round(d->payload_byte / (0.7 * 8e3));
    assert_true(mails == floor(arrives_s / 10) || mails == ceil(arrives_s / 10));
    assert_near(d->payload_byte, mails * 0.7 * 8e3, 1e-6);
    assert_int_equal(d->losses, 1);
    assert_int_equal(d->retries, 3);
    assert_true(isinf(d->erased_s));
    assert_near(d->stage_s[STAGE_BACKOFF], 3 * 30, 1e-9);
    assert_near(d->stage_s[STAGE_REGISTER] + d->stage_s[STAGE_PRIME_RUN], 0, 0);
    assert_near(d->stage_s[STAGE_MAIL_SERVER], mail_s(2 + 1.1 * mails), 1e-9);
    assert_near(d->stage_s[STAGE_SERVER_CPU], 0.005 + 0.005 * mails, 1e-9);
    assert_near(d->stage_s[STAGE_STATE_DB], (1 + ceil(mails * 700 / 4096)) / 450, 1e-9);
    assert_near(d->stage_s[STAGE_TRANSFER], transfer_s(d->payload_byte), 1e-9);
    assert_near(d->full_s,
                arrives_s + d->stage_s[STAGE_MAIL_SERVER] + d->stage_s[STAGE_SERVER_CPU] +
                    d->stage_s[STAGE_STATE_DB] + d->stage_s[STAGE_TRANSFER] + 0.1,
                1e-9);
    assert_true(d->basic_s == d->full_s);
    assert_true(r.is_complete);
    run_result_fini(&r);
}

/* The storm is a matter of minutes, not of the mailboxes: nobody erases, nobody waits for a prime sync. */
static void test_no_herd_follows(void **state)
{
    struct run_result r;
    (void)state;
    run_text("schema: 1\nusers: 100\nservers: {A: , B: }\nbalancer: {hold_down: 20 min}\n"
             "timeline: [{at: 0 s, do: fail host A}, {at: 5 min, do: restart host A}]\n",
             0, &r);
    assert_true(r.is_complete);
    assert_near(metric_of(&r, "servers.b.cpu.busy_share"), 0, 0);
    assert_near(metric_of(&r, "blackout_max_s"), 0, 0);
    assert_near(metric_of(&r, "servers.a.prime.busy_share"), 0, 0);
    assert_true(metric_of(&r, "basic_p50_s") > 300);
    assert_true(metric_of(&r, "user_minutes_lost") > 100 * 5);
    run_result_fini(&r);
}

/* A backup without the state database: a herd at A itself, as if A were a fresh server. */
static void test_a_restore_without_state_is_a_herd(void **state)
{
    struct run_result restored;
    struct run_result moved;
    (void)state;
    run_text("schema: 1\nusers: 100\nservers: {A: , B: }\nbalancer: {failover: manual, rise: 1, "
             "check_interval: 10 ms, fall: 1}\ntimeline: [{at: 0 s, do: fail host A}, "
             "{at: 10 min, do: restore host A without state}]\n",
             0, &restored);
    run_text("schema: 1\nusers: 100\nservers: {A: , B: }\nbalancer: {failover: manual, rise: 1, "
             "check_interval: 10 ms, fall: 1}\ntimeline: [{at: 0 s, do: fail host A}, "
             "{at: 10 min, do: redirect A to B}]\n",
             0, &moved);
    assert_true(restored.is_complete);
    assert_near(metric_of(&restored, "basic_p50_s"), metric_of(&moved, "basic_p50_s"), 0.05);
    assert_near(metric_of(&restored, "full_max_s"), metric_of(&moved, "full_max_s"), 0.05);
    for (uint32_t i = 0; i < restored.n_devices; i++) {
        assert_true(restored.device[i].erased_s > 600);
    }
    run_result_fini(&restored);
    run_result_fini(&moved);
}

/* Too late: the balancer has moved the devices to B, and the state that A kept is worth nothing. */
static void test_a_late_restart_helps_nobody(void **state)
{
    struct run_result with;
    struct run_result without;
    (void)state;
    run_text("schema: 1\nusers: 100\nservers: {A: , B: }\n"
             "timeline: [{at: 0 s, do: fail host A}, {at: 5 min, do: restart host A}]\n",
             0, &with);
    run_text("schema: 1\nusers: 100\nservers: {A: , B: }\n", 0, &without);
    assert_memory_equal(with.device, without.device, with.n_devices * sizeof *with.device);
    run_result_fini(&with);
    run_result_fini(&without);
}

/* Back to A, whose state is older than what the devices have: everybody begins anew, a second time. */
static void assert_second_herd(const char *yaml)
{
    struct run_result r;
    run_text(yaml, 0, &r);
    assert_true(r.is_complete);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        assert_int_equal(r.device[i].losses, 2);
        assert_true(r.device[i].full_s > 7200);
        assert_true(r.device[i].payload_byte > 0);
    }
    assert_true(metric_of(&r, "servers.b.prime.busy_share") > 0);
    assert_true(metric_of(&r, "servers.a.prime.busy_share") > 0);
    run_result_fini(&r);
}

static void test_a_failback_is_a_second_herd(void **state)
{
    (void)state;
    assert_second_herd("schema: 1\nusers: 50\nservers: {A: , B: }\ntimeline:\n"
                       "  - {at: 0 s, do: fail host A}\n  - {at: 1 h, do: restart host A}\n"
                       "  - {at: 2 h, do: fail back to A}\n");
    assert_second_herd("schema: 1\nusers: 50\nservers: {A: , B: }\n"
                       "balancer: {failback: automatic}\ntimeline:\n"
                       "  - {at: 0 s, do: fail host A}\n  - {at: 2 h, do: restart host A}\n");
    assert_second_herd("schema: 1\nusers: 50\nservers: {A: , B: }\ntimeline:\n"
                       "  - {at: 0 s, do: redirect A to B}\n  - {at: 2 h, do: redirect B to A}\n");
}

/* To B, back to A, and to B again: each time the prime syncs are done anew, those of B as well. */
static void test_every_flip_is_a_herd(void **state)
{
    struct run_result once;
    struct run_result thrice;
    (void)state;
    run_text(
        "schema: 1\nusers: 50\nservers: {A: , B: }\ntimeline: [{at: 0 s, do: redirect A to B}]\n",
        0, &once);
    run_text("schema: 1\nusers: 50\nservers: {A: , B: }\ntimeline:\n"
             "  - {at: 0 s, do: redirect A to B}\n  - {at: 1 h, do: redirect B to A}\n"
             "  - {at: 2 h, do: redirect A to B}\n",
             0, &thrice);
    assert_true(thrice.is_complete);
    assert_close(metric_of(&thrice, "user_minutes_lost"), 3 * metric_of(&once, "user_minutes_lost"),
                 0.1);
    assert_close(metric_of(&thrice, "payload_byte"), 3 * metric_of(&once, "payload_byte"), 1e-9);
    run_result_fini(&once);
    run_result_fini(&thrice);
}

/* By itself, in the sum of its parts; with an automatic failback the replication goes on until then. */
static void test_a_machine_restarts_by_itself(void **state)
{
    struct run_result r;
    (void)state;
    run_text(
        "schema: 1\nusers: 20\nservers:\n"
        "  A: {vm: {restarts: true, queue: 1 min, guest_boot: 'uniform(50, 70) s', "
        "server_start: 2 min, unlogged: 1.2 GB, fixup_rate: 160 Mbit/s, traveler_start: 30 s}}\n"
        "  B:\n"
        "balancer: {hold_down: 1 h}\n",
        0, &r);
    /* 15 + 60 + 50..70 + 120 + 60 + 30 */
    double first_s = HUGE_VAL;
    for (uint32_t i = 0; i < r.n_devices; i++) {
        first_s = fmin(first_s, r.device[i].full_s);
        assert_true(isinf(r.device[i].erased_s));
    }
    assert_true(first_s > 335 && first_s < 335 + 20 + 300);
    run_result_fini(&r);
    assert_second_herd(
        "schema: 1\nusers: 20\nservers: {A: {vm: {restarts: true, queue: 2 h}}, B: }\n"
        "balancer: {failback: automatic}\n");
}

/* A server that fails while it loads its devices goes on where it was when it is back: what was done
 * is in its state database, prime syncs that were cut short begin anew. */
static void test_a_storm_goes_on_after_a_restart(void **state)
{
    struct run_result r;
    (void)state;
    run_text("schema: 1\nusers: 100\nservers: {A: , B: }\ntimeline:\n"
             "  - {at: 0 s, do: fail host A}\n  - {at: 2 min, do: fail host B}\n"
             "  - {at: 4 min, do: restart host B}\n",
             0, &r);
    uint32_t n_twice = 0;
    assert_true(r.is_complete);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        assert_int_equal(r.device[i].items_done, r.device[i].items);
        assert_true(r.device[i].full_s > 240);
        n_twice += r.device[i].losses == 2;
    }
    assert_true(n_twice > 50);
    run_result_fini(&r);
}

/* 1 GB at 80 Mbit/s are 100 s: A is there as much later, and nothing else is different. */
static void test_a_defragmentation_is_waited_for(void **state)
{
    static const char *const ways[][2] = {
        {"servers: {A: {defrag: {data: 1 GB, rate: 80 Mbit/s}}}\ntimeline: [{at: 0 s, do: fail "
         "host "
         "A}, {at: 5 min, do: restart host A with defragmentation}]\n",
         "servers: {A: }\ntimeline: [{at: 0 s, do: fail host A}, {at: 400 s, do: restart host "
         "A}]\n"},
        {"servers: {A: {vm: {restarts: true}, defrag: {at_restart: true, data: 1 GB, rate: 80 "
         "Mbit/s}}}\n",
         "servers: {A: {vm: {restarts: true, detect: 115 s}}}\n"},
    };
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct run_result r[2];
        for (int k = 0; k < 2; k++) {
            char yaml[600];
            snprintf(yaml, sizeof yaml, "schema: 1\nusers: 20\n%s", ways[i][k]);
            run_text(yaml, 0, &r[k]);
            assert_true(r[k].is_complete);
        }
        assert_memory_equal(r[0].device, r[1].device, r[0].n_devices * sizeof *r[0].device);
        run_result_fini(&r[0]);
        run_result_fini(&r[1]);
    }
}

/* Another restart before it is done: that one counts, and the first does not come. */
static void test_a_restart_overtakes_a_defragmentation(void **state)
{
    struct run_result r;
    (void)state;
    run_text("schema: 1\nusers: 20\nservers: {A: {defrag: {data: 36 GB, rate: 80 Mbit/s}}}\n"
             "timeline: [{at: 0 s, do: fail host A}, {at: 5 min, do: restart host A with "
             "defragmentation}, {at: 10 min, do: restart host A}]\n",
             0, &r);
    assert_true(r.is_complete);
    assert_true(metric_of(&r, "full_p50_s") > 600 && metric_of(&r, "full_p50_s") < 3600);
    run_result_fini(&r);
}

/* 4 min for the tape, 3.6 GB at 480 Mbit/s are 1 min, the start of both takes 4 min: 9 min. */
static void test_a_restore_takes_mount_copy_and_start(void **state)
{
    static const char *const ways[] = {"without", "with"};
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct run_result r[2];
        for (int k = 0; k < 2; k++) {
            char yaml[400];
            snprintf(yaml, sizeof yaml,
                     "schema: 1\nusers: 20\nservers: {A: {restore: {mount: 4 min, data: 3.6 GB}}}\n"
                     "timeline: [{at: 0 s, do: fail host A}, {at: %d min, do: %srestore host A %s "
                     "state}]\n",
                     k == 0 ? 6 : 15, k == 0 ? "begin to " : "", ways[i]);
            run_text(yaml, 0, &r[k]);
            assert_true(r[k].is_complete);
            assert_true(r[k].has_old_state == (i == 1));
        }
        assert_true(metric_of(&r[0], "full_p50_s") > 900);
        assert_memory_equal(r[0].device, r[1].device, r[0].n_devices * sizeof *r[0].device);
        run_result_fini(&r[0]);
        run_result_fini(&r[1]);
    }
}

/* The start of the server is drawn, for each replication anew; the first of 20 users has nothing before it. */
static void test_the_start_of_a_restored_server_is_drawn(void **state)
{
    double first_s[2];
    (void)state;
    for (uint32_t k = 0; k < 2; k++) {
        struct run_result r;
        run_text(
            "schema: 1\nusers: 20\nservers: {A: {vm: {server_start: 'uniform(0 s, 2 h)'}, restore: "
            "{data: 0 byte}}}\ntimeline: [{at: 0 s, do: fail host A}, {at: 1 s, do: begin to "
            "restore host A without state}]\n",
            k, &r);
        first_s[k] = r.device[0].full_s;
        assert_true(first_s[k] > 61);
        run_result_fini(&r);
    }
    assert_true(fabs(first_s[0] - first_s[1]) > 60);
}

/* The machine can be had back before its restore is over: then that one does not come. */
static void test_a_restart_overtakes_a_restore(void **state)
{
    struct run_result r[2];
    (void)state;
    for (int k = 0; k < 2; k++) {
        char yaml[400];
        snprintf(yaml, sizeof yaml,
                 "schema: 1\nusers: 20\nservers: {A: }\ntimeline: [{at: 0 s, do: fail host A}, %s"
                 "{at: 5 min, do: restart host A}]\n",
                 k == 0 ? "{at: 1 min, do: begin to restore host A without state}, " : "");
        run_text(yaml, 0, &r[k]);
        assert_true(isinf(r[k].device[0].erased_s));
    }
    assert_memory_equal(r[0].device, r[1].device, r[0].n_devices * sizeof *r[0].device);
    run_result_fini(&r[0]);
    run_result_fini(&r[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_restart_with_state_erases_nothing),
        cmocka_unit_test(test_no_herd_follows),
        cmocka_unit_test(test_a_restore_without_state_is_a_herd),
        cmocka_unit_test(test_a_late_restart_helps_nobody),
        cmocka_unit_test(test_a_failback_is_a_second_herd),
        cmocka_unit_test(test_every_flip_is_a_herd),
        cmocka_unit_test(test_a_machine_restarts_by_itself),
        cmocka_unit_test(test_a_storm_goes_on_after_a_restart),
        cmocka_unit_test(test_a_defragmentation_is_waited_for),
        cmocka_unit_test(test_a_restart_overtakes_a_defragmentation),
        cmocka_unit_test(test_a_restore_takes_mount_copy_and_start),
        cmocka_unit_test(test_the_start_of_a_restored_server_is_drawn),
        cmocka_unit_test(test_a_restart_overtakes_a_restore),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
