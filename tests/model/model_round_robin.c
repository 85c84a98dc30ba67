/* Turns over servers that do not share their state: a loop without an end, unless devices stick. */
#include "tests/support/check.h"
#include "tests/support/run_text.h"

#include <math.h>
#include <stdio.h>

/* A fails and is back after ten minutes, with its state, which is old by then. */
static void run_turns(const char *balancer, struct run_result *r)
{
    char yaml[900];
    snprintf(yaml, sizeof yaml,
             "schema: 1\nusers: 60\nhorizon: 4 h\n"
             "devices: {online: 100 %%, heartbeat: 600 s}\n"
             "balancer: {check_interval: 10 ms, fall: 1, rise: 1, %s}\n"
             "timeline:\n  - {at: 0 s, do: fail host A}\n  - {at: 600 s, do: restart host A}\n",
             balancer);
    run_text(yaml, 0, r);
}

/* At the end of every poll a coin decides: the other server knows nothing, or something that is old. In
 * four hours of polls of ten minutes that are about 11 losses; it stops at the horizon, not complete. */
static void test_turns_without_state_never_end(void **state)
{
    struct run_result r;
    double losses = 0;
    (void)state;
    run_turns("method: round_robin", &r);
    assert_false(r.is_complete);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        losses += r.device[i].losses;
        assert_true(r.device[i].losses >= 2);
    }
    assert_true(losses / r.n_devices > 8 && losses / r.n_devices < 14);
    run_result_fini(&r);
}

/* Who sticks loses A once, and stays where he is when it is back. */
static void assert_one_loss(const char *balancer)
{
    struct run_result r;
    run_turns(balancer, &r);
    assert_true(r.is_complete);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        assert_int_equal(r.device[i].losses, 1);
    }
    run_result_fini(&r);
}

static void test_who_sticks_begins_once(void **state)
{
    (void)state;
    assert_one_loss("method: round_robin, stickiness: source");
    assert_one_loss("method: round_robin, stickiness: user");
}

/* Two devices of a user are at one server if he sticks, and his mail file is walked over once; if each sticks
 * for itself, half of the users are at two, of B and C, and their mail files are walked over twice. */
static void test_a_user_sticks_with_all_his_devices(void **state)
{
    static const char *const sticky[] = {"user", "source"};
    double cpu_s[2];
    (void)state;
    for (int i = 0; i < 2; i++) {
        char yaml[500];
        struct run_result r;
        snprintf(yaml, sizeof yaml,
                 "schema: 1\nusers: 200\nservers: {A: , B: , C: }\ndevices: {per_user: 2, online: "
                 "100 %%}\n"
                 "balancer: {method: round_robin, stickiness: %s}\ntimeline: [{at: 0 s, do: fail "
                 "host A}]\n",
                 sticky[i]);
        run_text(yaml, 0, &r);
        assert_true(r.is_complete);
        cpu_s[i] = r.cpu_s;
        run_result_fini(&r);
    }
    assert_true(cpu_s[1] > 1.08 * cpu_s[0]);
}

/* Flapping: a herd per flip, since each server's state is older than the device by the time it is met. */
static void test_a_herd_per_flip(void **state)
{
    struct run_result r;
    (void)state;
    run_text("schema: 1\nusers: 60\nhorizon: 12 h\ndevices: {online: 100 %}\n"
             "timeline:\n  - {at: 0 h, do: redirect A to B}\n  - {at: 2 h, do: fail back to A}\n"
             "  - {at: 4 h, do: redirect A to B}\n  - {at: 6 h, do: fail back to A}\n",
             0, &r);
    double payload_byte = 0;
    assert_true(r.is_complete);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        assert_int_equal(r.device[i].losses, 4);
        assert_true(r.device[i].full_s > 6 * 3600);
        payload_byte += r.device[i].payload_byte;
    }
    run_result_fini(&r);
    run_text("schema: 1\nusers: 60\ndevices: {online: 100 %}\n"
             "timeline:\n  - {at: 0 h, do: redirect A to B}\n",
             0, &r);
    double once_byte = 0;
    for (uint32_t i = 0; i < r.n_devices; i++) {
        once_byte += r.device[i].payload_byte;
    }
    assert_close(payload_byte, 4 * once_byte, 0.02); /* a chunk that timed out is sent again */
    run_result_fini(&r);
}

/* One entry for all flips is those that it stands for, to the last digit. */
static void test_a_flap_is_its_flips(void **state)
{
    struct run_result flap;
    struct run_result flips;
    (void)state;
    run_text("schema: 1\nusers: 40\ntimeline: [{at: 0 s, do: flap A and B every 90 min 3 times}]\n",
             0, &flap);
    run_text("schema: 1\nusers: 40\ntimeline:\n  - {at: 0 s, do: redirect A to B}\n"
             "  - {at: 90 min, do: redirect B to A}\n  - {at: 180 min, do: redirect A to B}\n",
             0, &flips);
    assert_true(flap.is_complete);
    for (uint32_t i = 0; i < flap.n_devices; i++) {
        assert_int_equal(flap.device[i].losses, 3);
    }
    assert_memory_equal(flap.device, flips.device, flap.n_devices * sizeof *flap.device);
    run_result_fini(&flap);
    run_result_fini(&flips);
}

/* Flips that come faster than the herd is served: everybody has to begin again each time, and what was
 * loaded is for nothing. */
static void test_fast_flips_let_nobody_finish(void **state)
{
    struct run_result r;
    (void)state;
    run_text("schema: 1\nusers: 100\ndevices: {online: 100 %}\n"
             "timeline: [{at: 0 s, do: flap A and B every 1 min 30 times}]\n",
             0, &r);
    assert_true(r.is_complete);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        assert_int_equal(r.device[i].losses, 30);
        assert_true(r.device[i].full_s > 29 * 60);
    }
    run_result_fini(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_turns_without_state_never_end),
        cmocka_unit_test(test_who_sticks_begins_once),
        cmocka_unit_test(test_a_user_sticks_with_all_his_devices),
        cmocka_unit_test(test_a_herd_per_flip),
        cmocka_unit_test(test_a_flap_is_its_flips),
        cmocka_unit_test(test_fast_flips_let_nobody_finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
