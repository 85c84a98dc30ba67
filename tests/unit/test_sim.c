#include "tests/support/check.h"

#include "sim/core/sim.h"

#include <string.h>

struct log {
    struct sim *sim;
    uint64_t arg[32];
    double time_s[32];
    int n;
    struct sim_handle victim;
};

static void note(void *self, uint64_t arg)
{
    struct log *const l = self;
    l->arg[l->n] = arg;
    l->time_s[l->n++] = sim_now(l->sim);
}

static void set_up(struct log *l)
{
    *l = (struct log){0};
    assert_int_equal(sim_create(42, 0, &l->sim), SIM_OK);
}

static struct sim_call noting(struct log *l, uint64_t arg)
{
    return (struct sim_call){note, l, arg};
}

static void test_run_until_includes_the_end(void **state)
{
    struct log l;
    (void)state;
    set_up(&l);
    sim_after(l.sim, 1, noting(&l, 1));
    sim_after(l.sim, 2, noting(&l, 2));
    sim_after(l.sim, 2.5, noting(&l, 3));
    assert_int_equal(sim_run(l.sim, 2), SIM_OK);
    assert_int_equal(l.n, 2);
    assert_close(sim_now(l.sim), 2, 0);
    assert_int_equal(sim_run(l.sim, 2.2), SIM_OK);
    assert_close(sim_now(l.sim), 2.2, 0); /* nothing happened, time passed */
    assert_int_equal(sim_run(l.sim, HUGE_VAL), SIM_OK);
    assert_int_equal(l.n, 3);
    assert_close(sim_now(l.sim), 2.5, 0); /* the clock stays at the last event */
    assert_int_equal(sim_n_events(l.sim), 3);
    sim_destroy(l.sim);
}

static void test_priorities_at_one_time(void **state)
{
    struct log l;
    (void)state;
    set_up(&l);
    sim_at(l.sim, 1, SIM_LAST, noting(&l, 3));
    sim_at(l.sim, 1, SIM_NORMAL, noting(&l, 2));
    sim_at(l.sim, 1, SIM_FIRST, noting(&l, 1));
    assert_int_equal(sim_run(l.sim, HUGE_VAL), SIM_OK);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(l.arg[i], i + 1);
    }
    sim_destroy(l.sim);
}

static void cancel_victim(void *self, uint64_t unused)
{
    struct log *const l = self;
    (void)unused;
    assert_true(sim_is_pending(l->sim, l->victim));
    assert_true(sim_cancel(l->sim, &l->victim));
    assert_false(sim_cancel(l->sim, &l->victim));
}

static void test_an_event_may_cancel_another(void **state)
{
    struct log l;
    (void)state;
    set_up(&l);
    sim_after(l.sim, 1, (struct sim_call){cancel_victim, &l, 0});
    l.victim = sim_after(l.sim, 1, noting(&l, 1));
    sim_after(l.sim, 1, noting(&l, 2));
    assert_int_equal(sim_run(l.sim, HUGE_VAL), SIM_OK);
    assert_int_equal(l.n, 1);
    assert_int_equal(l.arg[0], 2);
    sim_destroy(l.sim);
}

static void stop(void *self, uint64_t unused)
{
    (void)unused;
    sim_stop(((struct log *)self)->sim);
}

static void test_stop_and_go_on(void **state)
{
    struct log l;
    (void)state;
    set_up(&l);
    sim_after(l.sim, 1, (struct sim_call){stop, &l, 0});
    sim_after(l.sim, 2, noting(&l, 1));
    assert_int_equal(sim_run(l.sim, 10), SIM_OK);
    assert_close(sim_now(l.sim), 1, 0); /* stopped, so the clock does not jump to the end */
    assert_int_equal(l.n, 0);
    assert_int_equal(sim_run(l.sim, 10), SIM_OK);
    assert_int_equal(l.n, 1);
    assert_close(sim_now(l.sim), 10, 0);
    sim_destroy(l.sim);
}

static void count(void *n, uint64_t unused)
{
    (void)unused;
    (*(int *)n)++;
}

/* A stop ends no watch, and the event that stops is watched too. */
static void test_stop_while_watched(void **state)
{
    struct log l;
    int n_watched = 0;
    (void)state;
    set_up(&l);
    sim_watch(l.sim, 2, (struct sim_call){count, &n_watched, 0});
    sim_after(l.sim, 1, noting(&l, 1));
    sim_after(l.sim, 2, (struct sim_call){stop, &l, 0});
    for (int i = 3; i <= 6; i++) {
        sim_after(l.sim, i, noting(&l, 2));
    }
    assert_int_equal(sim_run(l.sim, HUGE_VAL), SIM_OK);
    assert_int_equal(sim_n_events(l.sim), 2);
    assert_int_equal(n_watched, 1);
    assert_int_equal(sim_run(l.sim, HUGE_VAL), SIM_OK);
    assert_int_equal(sim_n_events(l.sim), 6);
    assert_int_equal(n_watched, 3);
    sim_destroy(l.sim);
}

static void into_the_past(void *self, uint64_t unused)
{
    struct log *const l = self;
    (void)unused;
    const struct sim_handle event = sim_at(l->sim, 0.5, SIM_NORMAL, noting(l, 9));
    assert_false(sim_is_pending(l->sim, event));
    sim_raise(l->sim, SIM_ENOMEM, "a second error"); /* the first one is kept */
}

static void test_an_error_ends_the_run_and_is_kept(void **state)
{
    struct log l;
    (void)state;
    set_up(&l);
    sim_after(l.sim, 1, (struct sim_call){into_the_past, &l, 0});
    sim_after(l.sim, 2, noting(&l, 1));
    assert_int_equal(sim_run(l.sim, HUGE_VAL), SIM_EINVAL);
    assert_int_equal(l.n, 0);
    assert_non_null(strstr(sim_error(l.sim)->text, "0.5 s (now is 1 s)"));
    assert_int_equal(sim_run(l.sim, HUGE_VAL), SIM_EINVAL); /* and does not go away */
    assert_int_equal(l.n, 0);
    sim_destroy(l.sim);
}

static void a_moment_ago(void *self, uint64_t unused)
{
    struct log *const l = self;
    (void)unused;
    assert_true(sim_now(l->sim) - 1e-11 == sim_now(l->sim)); /* the sum hides the sign */
    sim_after(l->sim, -1e-11, noting(l, 9));
}

static void test_a_negative_delay_is_not_hidden_by_a_large_clock(void **state)
{
    struct log l;
    (void)state;
    set_up(&l);
    sim_after(l.sim, 1e6, (struct sim_call){a_moment_ago, &l, 0});
    assert_int_equal(sim_run(l.sim, HUGE_VAL), SIM_EINVAL);
    assert_int_equal(l.n, 0);
    assert_string_equal(sim_error(l.sim)->text, "an event cannot be scheduled after -1e-11 s");
    sim_destroy(l.sim);
}

static void test_bad_delays_become_the_error_of_the_run(void **state)
{
    static const double bad[] = {-1, NAN, HUGE_VAL};
    (void)state;
    for (int i = 0; i < 3; i++) {
        struct log l;
        set_up(&l);
        sim_after(l.sim, bad[i], noting(&l, 1));
        assert_int_equal(sim_run(l.sim, HUGE_VAL), SIM_EINVAL);
        sim_destroy(l.sim);
    }
    struct log l;
    set_up(&l);
    const struct sim_handle event = sim_after(l.sim, 3, noting(&l, 1));
    assert_int_equal(sim_run(l.sim, 1), SIM_OK);
    sim_reschedule(l.sim, event, 0.5);
    assert_int_equal(sim_run(l.sim, HUGE_VAL), SIM_EINVAL);
    sim_destroy(l.sim);
    sim_destroy(NULL);
}

static void test_reschedule(void **state)
{
    struct log l;
    (void)state;
    set_up(&l);
    const struct sim_handle event = sim_after(l.sim, 3, noting(&l, 1));
    sim_after(l.sim, 2, noting(&l, 2));
    sim_reschedule(l.sim, event, 1);
    assert_int_equal(sim_run(l.sim, HUGE_VAL), SIM_OK);
    assert_int_equal(l.arg[0], 1);
    assert_close(l.time_s[0], 1, 0);
    sim_destroy(l.sim);
}

static double first_number(uint64_t seed, uint32_t replication, uint32_t entity, uint16_t purpose)
{
    struct sim *sim;
    struct sim_stream stream;
    assert_int_equal(sim_create(seed, replication, &sim), SIM_OK);
    sim_open_stream(sim, &stream, entity, purpose, 0);
    sim_destroy(sim);
    return sim_stream_uniform(&stream);
}

static void test_streams_carry_seed_and_replication(void **state)
{
    const double one = first_number(1, 2, 3, 4);
    (void)state;
    assert_close(first_number(1, 2, 3, 4), one, 0);
    assert_true(first_number(2, 2, 3, 4) != one);
    assert_true(first_number(1, 3, 3, 4) != one);
    assert_true(first_number(1, 2, 4, 4) != one);
    assert_true(first_number(1, 2, 3, 5) != one);
}

/* Every third of ten events is watched: after 3, 6 and 9. What it raises ends the run before the next event. */
static void on_watch(void *self, uint64_t limit)
{
    struct log *const l = self;
    l->arg[l->n] = 100;
    l->time_s[l->n++] = sim_now(l->sim);
    if (sim_n_events(l->sim) >= limit) {
        sim_raise(l->sim, SIM_ESTOPPED, "enough");
    }
}

static void test_watching(void **state)
{
    struct log l;
    (void)state;
    set_up(&l);
    for (int i = 1; i <= 10; i++) {
        sim_at(l.sim, i, SIM_NORMAL, noting(&l, (uint64_t)i));
    }
    sim_watch(l.sim, 3, (struct sim_call){on_watch, &l, 100});
    assert_int_equal(sim_run(l.sim, 7), SIM_OK);
    assert_int_equal(l.n, 9);
    assert_int_equal(l.arg[3], 100);
    assert_close(l.time_s[3], 3, 0);
    assert_int_equal(l.arg[7], 100);
    assert_int_equal(sim_n_events(l.sim), 7); /* it is no event */
    sim_watch(l.sim, 2, (struct sim_call){on_watch, &l, 9});
    assert_int_equal(sim_run(l.sim, HUGE_VAL), SIM_ESTOPPED);
    assert_int_equal(sim_n_events(l.sim), 9);
    assert_close(sim_now(l.sim), 9, 0);
    sim_destroy(l.sim);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_run_until_includes_the_end),
        cmocka_unit_test(test_priorities_at_one_time),
        cmocka_unit_test(test_an_event_may_cancel_another),
        cmocka_unit_test(test_stop_and_go_on),
        cmocka_unit_test(test_watching),
        cmocka_unit_test(test_stop_while_watched),
        cmocka_unit_test(test_an_error_ends_the_run_and_is_kept),
        cmocka_unit_test(test_a_negative_delay_is_not_hidden_by_a_large_clock),
        cmocka_unit_test(test_bad_delays_become_the_error_of_the_run),
        cmocka_unit_test(test_reschedule),
        cmocka_unit_test(test_streams_carry_seed_and_replication),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
