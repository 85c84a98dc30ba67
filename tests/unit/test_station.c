#include "tests/support/alloc_fail.h"
#include "tests/support/check.h"

#include "sim/core/sim.h"
#include "sim/res/station.h"
#include "sim/rng/stream.h"

#include <stdlib.h>

enum { MOST = 64 };

struct fixture {
    struct sim *sim;
    struct sim_station *station;
    struct sim_handle handle[MOST];
    enum sim_station_outcome outcome[MOST];
    double time_s[MOST]; /* of the last outcome */
    int n_told[MOST];
};

static void told(void *self, uint64_t i, enum sim_station_outcome outcome)
{
    struct fixture *const f = self;
    f->outcome[i] = outcome;
    f->time_s[i] = sim_now(f->sim);
    f->n_told[i]++;
}

static void set_up(struct fixture *f, uint32_t servers, uint32_t max_waiting)
{
    *f = (struct fixture){0};
    assert_int_equal(sim_create(1, 0, &f->sim), SIM_OK);
    assert_int_equal(sim_station_create(f->sim, servers, max_waiting, &f->station), SIM_OK);
}

static void tear_down(struct fixture *f)
{
    assert_true(sim_station_little_gap(f->station) < 1e-12);
    sim_station_destroy(f->station);
    sim_destroy(f->sim);
}

static void enter(struct fixture *f, uint64_t i, double service_s, double priority,
                  double patience_s)
{
    const struct sim_station_job job = {service_s, priority, patience_s, told, f, i};
    sim_station_enter(f->station, &job, &f->handle[i]);
}

static void run(struct fixture *f, double until_s)
{
    assert_int_equal(sim_run(f->sim, until_s), SIM_OK);
}

static void assert_told(const struct fixture *f, int i, enum sim_station_outcome outcome,
                        double time_s)
{
    assert_int_equal(f->n_told[i], 1);
    assert_int_equal(f->outcome[i], outcome);
    assert_close(f->time_s[i], time_s, 1e-15);
}

/* Two servers, services of 3, 1, 2, 5 at time 0: ends at 3, 1, 3, 8. */
static void test_schedule_by_hand(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f, 2, SIM_STATION_UNBOUNDED);
    enter(&f, 0, 3, 0, 0);
    enter(&f, 1, 1, 0, 0);
    enter(&f, 2, 2, 0, 0);
    enter(&f, 3, 5, 0, 0);
    assert_int_equal(sim_station_n_waiting(f.station), 2);
    assert_int_equal(sim_station_n_busy(f.station), 2);
    run(&f, HUGE_VAL);
    assert_told(&f, 0, SIM_STATION_DONE, 3);
    assert_told(&f, 1, SIM_STATION_DONE, 1);
    assert_told(&f, 2, SIM_STATION_DONE, 3);
    assert_told(&f, 3, SIM_STATION_DONE, 8);
    const struct sim_station_stats *const s = sim_station_stats(f.station);
    assert_int_equal(s->arrived, 4);
    assert_int_equal(s->completed, 4);
    assert_close(sim_timeavg_area(&s->waiting, 8), 1 + 3, 1e-15);
    assert_close(sim_timeavg_area(&s->busy, 8), 3 + 1 + 2 + 5, 1e-15);
    assert_close(sim_timeavg_area(&s->saturated, 8), 3, 1e-15);
    assert_close(s->wait_s.mean, 4.0 / 4, 1e-15);
    assert_close(s->sojourn_s.mean, 15.0 / 4, 1e-15);
    tear_down(&f);
}

static void test_priorities_and_arrival_order(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f, 1, SIM_STATION_UNBOUNDED);
    enter(&f, 0, 1, 9, 0); /* starts at once, whatever its priority */
    enter(&f, 1, 1, 2, 0);
    enter(&f, 2, 1, -5, 0);
    enter(&f, 3, 1, 2, 0);
    enter(&f, 4, 1, 0.5, 0);
    enter(&f, 5, 1, 0.0, 0);
    enter(&f, 6, 1, -0.0, 0); /* is 0: it does not overtake */
    run(&f, HUGE_VAL);
    assert_told(&f, 2, SIM_STATION_DONE, 2);
    assert_told(&f, 5, SIM_STATION_DONE, 3);
    assert_told(&f, 6, SIM_STATION_DONE, 4);
    assert_told(&f, 4, SIM_STATION_DONE, 5);
    assert_told(&f, 1, SIM_STATION_DONE, 6);
    assert_told(&f, 3, SIM_STATION_DONE, 7);
    tear_down(&f);
}

static void test_refusal_when_full(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f, 1, 1);
    enter(&f, 0, 5, 0, 0);
    enter(&f, 1, 5, 0, 0);
    enter(&f, 2, 5, 0, 0);
    assert_told(&f, 2, SIM_STATION_REFUSED, 0);
    assert_int_equal(f.handle[2].generation, 0);
    run(&f, HUGE_VAL);
    assert_int_equal(sim_station_stats(f.station)->refused, 1);
    tear_down(&f);
    set_up(&f, 2, 0); /* a loss system */
    enter(&f, 0, 5, 0, 0);
    enter(&f, 1, 5, 0, 0);
    enter(&f, 2, 5, 0, 0);
    assert_told(&f, 2, SIM_STATION_REFUSED, 0);
    tear_down(&f);
}

static void enter_two_more(void *self, uint64_t i, enum sim_station_outcome outcome)
{
    struct fixture *const f = self;
    f->outcome[i] = outcome;
    if (i == 0 && outcome == SIM_STATION_STARTED) {
        enter(f, 1, 1, 0, 0);
        enter(f, 2, 1, 0, 0);
        enter(f, 3, 1, 0, 0);
    }
}

/* Who is about to start is not waiting: three servers take three jobs, and the fourth is refused. */
static void test_servers_that_are_free_refuse_nobody(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f, 3, 0);
    const struct sim_station_job job = {SIM_STATION_HELD, 0, 0, enter_two_more, &f, 0};
    sim_station_enter(f.station, &job, &f.handle[0]);
    assert_int_equal(sim_station_n_busy(f.station), 3);
    assert_told(&f, 3, SIM_STATION_REFUSED, 0);
    run(&f, HUGE_VAL);
    assert_told(&f, 1, SIM_STATION_DONE, 1);
    assert_told(&f, 2, SIM_STATION_DONE, 1);
    assert_true(sim_station_stats(f.station)->waiting.max < 1);
    assert_true(sim_station_stats(f.station)->saturated.max < 1);
    sim_station_release(f.station, &f.handle[0]);
    tear_down(&f);
}

/* "Saturated" is somebody who waits, not servers that are all busy. */
static void test_greatest_values(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f, 2, SIM_STATION_UNBOUNDED);
    enter(&f, 0, 2, 0, 0);
    enter(&f, 1, 2, 0, 0);
    run(&f, 1);
    assert_near(sim_timeavg_area(&sim_station_stats(f.station)->saturated, 1), 0, 0);
    enter(&f, 2, 2, 0, 0);
    enter(&f, 3, 2, 0, 0);
    run(&f, HUGE_VAL);
    const struct sim_station_stats *const s = sim_station_stats(f.station);
    assert_near(s->waiting.max, 2, 0);
    assert_near(s->busy.max, 2, 0);
    assert_near(sim_timeavg_area(&s->saturated, 4), 1, 0);
    assert_told(&f, 2, SIM_STATION_DONE, 4);
    tear_down(&f);
}

static void test_reneging(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f, 1, SIM_STATION_UNBOUNDED);
    enter(&f, 0, 4, 0, 1); /* served at once: patience does not matter */
    enter(&f, 1, 1, 0, 3); /* gives up at 3 */
    enter(&f, 2, 1, 0, 10);
    run(&f, HUGE_VAL);
    assert_told(&f, 0, SIM_STATION_DONE, 4);
    assert_told(&f, 1, SIM_STATION_RENEGED, 3);
    assert_told(&f, 2, SIM_STATION_DONE, 5);
    assert_int_equal(sim_station_stats(f.station)->reneged, 1);
    tear_down(&f);
}

/* At one instant the order of scheduling decides: the end of service was scheduled first. */
static void test_patience_that_ends_as_the_server_comes_free(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f, 1, SIM_STATION_UNBOUNDED);
    enter(&f, 0, 3, 0, 0);
    enter(&f, 1, 1, 0, 3);
    run(&f, HUGE_VAL);
    assert_told(&f, 1, SIM_STATION_DONE, 4);
    tear_down(&f);
}

static void test_held_jobs(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f, 1, SIM_STATION_UNBOUNDED);
    enter(&f, 0, SIM_STATION_HELD, 0, 0);
    enter(&f, 1, SIM_STATION_HELD, 0, 0);
    enter(&f, 2, 2, 0, 0);
    assert_told(&f, 0, SIM_STATION_STARTED, 0);
    run(&f, 7);
    assert_int_equal(f.n_told[1], 0);
    sim_station_release(f.station, &f.handle[0]);
    assert_told(&f, 1, SIM_STATION_STARTED, 7);
    assert_int_equal(f.handle[0].generation, 0);
    run(&f, 9);
    sim_station_release(f.station, &f.handle[1]);
    run(&f, HUGE_VAL);
    assert_told(&f, 2, SIM_STATION_DONE, 11);
    assert_close(sim_station_stats(f.station)->sojourn_s.mean, (7 + 9 + 11) / 3.0, 1e-15);
    tear_down(&f);
}

static void test_cancel_in_line_and_in_service(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f, 1, SIM_STATION_UNBOUNDED);
    enter(&f, 0, 10, 0, 0);
    enter(&f, 1, 1, 0, 5);
    enter(&f, 2, 1, 0, 0);
    enter(&f, 3, SIM_STATION_HELD, 0, 0);
    run(&f, 2);
    assert_true(sim_station_cancel(f.station, &f.handle[1])); /* in line */
    assert_false(sim_station_cancel(f.station, &f.handle[1]));
    assert_true(sim_station_cancel(f.station, &f.handle[0])); /* in service: 2 starts now */
    run(&f, 3);
    assert_told(&f, 2, SIM_STATION_DONE, 3);
    assert_told(&f, 3, SIM_STATION_STARTED, 3);
    assert_true(sim_station_cancel(f.station, &f.handle[3]));
    run(&f, HUGE_VAL);
    assert_int_equal(f.n_told[0], 0);
    assert_int_equal(f.n_told[1], 0);
    assert_int_equal(sim_station_n_busy(f.station), 0);
    assert_int_equal(sim_station_stats(f.station)->cancelled, 3);
    tear_down(&f);
}

static void test_clear(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f, 2, SIM_STATION_UNBOUNDED);
    for (uint64_t i = 0; i < 6; i++) {
        enter(&f, i, i % 2 == 0 ? 10 : SIM_STATION_HELD, 0, 30);
    }
    run(&f, 3);
    sim_station_clear(f.station);
    assert_int_equal(sim_station_n_busy(f.station), 0);
    assert_int_equal(sim_station_n_waiting(f.station), 0);
    run(&f, 40);
    assert_int_equal(f.n_told[2] + f.n_told[3] + f.n_told[4] + f.n_told[5], 0);
    assert_near(sim_timeavg_area(&sim_station_stats(f.station)->waiting, 40), 4 * 3, 0);
    assert_near(sim_timeavg_area(&sim_station_stats(f.station)->busy, 40), 2 * 3, 0);
    enter(&f, 9, 1, 0, 0); /* and it goes on working */
    run(&f, HUGE_VAL);
    assert_told(&f, 9, SIM_STATION_DONE, 41);
    tear_down(&f);
}

/* ---- What callbacks may do ---- */

static void chain(void *self, uint64_t i, enum sim_station_outcome outcome)
{
    struct fixture *const f = self;
    f->n_told[outcome]++;
    if (i > 0) {
        const struct sim_station_job job = {0, 0, 0, chain, f, i - 1};
        sim_station_enter(f->station, &job, NULL);
    }
}

static void test_callbacks_may_enter(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f, 1, 0);
    chain(&f, 1000, SIM_STATION_DONE);
    run(&f, HUGE_VAL);
    assert_int_equal(f.n_told[SIM_STATION_DONE], 1001);
    assert_int_equal(f.n_told[SIM_STATION_REFUSED], 0); /* the server is free before the callback */
    tear_down(&f);
}

struct long_line {
    struct sim_station *station;
    struct sim_handle *handle;
    uint32_t n_started;
};

static void release_at_once(void *self, uint64_t i, enum sim_station_outcome outcome)
{
    struct long_line *const l = self;
    assert_int_equal(outcome, SIM_STATION_STARTED);
    assert_int_equal(l->n_started, i); /* in the order of arrival */
    l->n_started++;
    sim_station_release(l->station, &l->handle[i]);
}

/* If each release started the next job from within, 100,000 of them would overflow the stack. */
static void test_a_long_line_of_held_jobs_does_not_nest(void **state)
{
    enum { N = 100000 };
    struct sim *sim;
    struct long_line l = {.handle = calloc(N, sizeof *l.handle)};
    struct sim_handle first;
    struct fixture f = {0};
    (void)state;
    assert_int_equal(sim_create(1, 0, &sim), SIM_OK);
    f.sim = sim;
    assert_int_equal(sim_station_create(sim, 1, SIM_STATION_UNBOUNDED, &l.station), SIM_OK);
    const struct sim_station_job blocker = {SIM_STATION_HELD, 0, 0, told, &f, 0};
    sim_station_enter(l.station, &blocker, &first);
    for (uint64_t i = 0; i < N; i++) {
        const struct sim_station_job job = {SIM_STATION_HELD, 0, 0, release_at_once, &l, i};
        sim_station_enter(l.station, &job, &l.handle[i]);
    }
    sim_station_release(l.station, &first);
    assert_int_equal(l.n_started, N);
    sim_station_destroy(l.station);
    sim_destroy(sim);
    free(l.handle);
}

/* ---- Random use: the books balance ---- */

struct chaos {
    struct sim *sim;
    struct sim_station *station;
    struct sim_stream stream;
    struct sim_handle handle[MOST];
    uint64_t told[4];
};

static void chaos_told(void *self, uint64_t i, enum sim_station_outcome outcome)
{
    (void)i;
    ((struct chaos *)self)->told[outcome]++;
}

static void chaos_step(void *self, uint64_t left)
{
    struct chaos *const c = self;
    const uint64_t i = (uint64_t)(sim_stream_uniform(&c->stream) * MOST);
    const double what = sim_stream_uniform(&c->stream);
    if (what < 0.7) {
        const struct sim_station_job job = {
            .service_s = what < 0.2 ? SIM_STATION_HELD : 3 * sim_stream_uniform(&c->stream),
            .priority = floor(4 * sim_stream_uniform(&c->stream)) - 2,
            .patience_s = what < 0.4 ? 2 * sim_stream_uniform(&c->stream) : 0,
            .fn = chaos_told,
            .self = c,
            .arg = i};
        sim_station_cancel(c->station, &c->handle[i]);
        sim_station_enter(c->station, &job, &c->handle[i]);
    } else {
        sim_station_cancel(c->station, &c->handle[i]);
    }
    assert_true(sim_station_n_busy(c->station) <= sim_station_n_servers(c->station));
    if (left > 0) {
        sim_after(c->sim, sim_stream_uniform(&c->stream),
                  (struct sim_call){chaos_step, c, left - 1});
    }
}

static void test_the_books_balance(void **state)
{
    (void)state;
    for (uint32_t seed = 0; seed < 40; seed++) {
        struct chaos c = {0};
        assert_int_equal(sim_create(seed, 0, &c.sim), SIM_OK);
        assert_int_equal(sim_station_create(c.sim, 1 + seed % 5, seed % 7, &c.station), SIM_OK);
        sim_stream_open(&c.stream, seed, 0, 0, 0, 0);
        chaos_step(&c, 2000);
        assert_int_equal(sim_run(c.sim, HUGE_VAL), SIM_OK);
        const struct sim_station_stats *const s = sim_station_stats(c.station);
        const uint64_t present = sim_station_n_waiting(c.station) + sim_station_n_busy(c.station);
        assert_int_equal(s->arrived,
                         s->refused + s->reneged + s->cancelled + s->completed + present);
        assert_int_equal(s->refused, c.told[SIM_STATION_REFUSED]);
        assert_int_equal(s->reneged, c.told[SIM_STATION_RENEGED]);
        assert_int_equal(s->completed, c.told[SIM_STATION_DONE]);
        assert_true(sim_station_little_gap(c.station) < 1e-11);
        sim_station_destroy(c.station);
        sim_destroy(c.sim);
    }
}

static void enter_with_patience_below_0(void *self)
{
    enter(self, 0, 1, 0, -1);
}

static void enter_with_patience_of_no_number(void *self)
{
    enter(self, 0, 1, 0, NAN);
}

static void release_a_timed_job(void *self)
{
    struct fixture *const f = self;
    enter(f, 0, 1, 0, 0);
    sim_station_release(f->station, &f->handle[0]);
}

static void test_bugs_of_the_caller(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f, 1, 1);
    check_assert_fails(enter_with_patience_below_0, &f, "job->patience_s >= 0");
    check_assert_fails(enter_with_patience_of_no_number, &f, "job->patience_s >= 0");
    check_assert_fails(release_a_timed_job, &f,
                       "record_at(s, slot)->service_s == SIM_STATION_HELD");
    tear_down(&f);
}

static void test_arguments_and_memory(void **state)
{
    struct fixture f;
    struct sim_station *other;
    (void)state;
    set_up(&f, 1, 5);
    assert_int_equal(sim_station_create(f.sim, 0, 5, &other), SIM_EINVAL);
    alloc_fail_begin(1);
    assert_int_equal(sim_station_create(f.sim, 1, 5, &other), SIM_ENOMEM);
    assert_true(alloc_fail_end());
    alloc_fail_begin(1);
    enter(&f, 0, 1, 0, 0);
    assert_true(alloc_fail_end());
    assert_int_equal(sim_run(f.sim, HUGE_VAL), SIM_ENOMEM);
    sim_station_destroy(NULL);
    sim_station_destroy(f.station);
    sim_destroy(f.sim);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_schedule_by_hand),
        cmocka_unit_test(test_priorities_and_arrival_order),
        cmocka_unit_test(test_refusal_when_full),
        cmocka_unit_test(test_servers_that_are_free_refuse_nobody),
        cmocka_unit_test(test_greatest_values),
        cmocka_unit_test(test_reneging),
        cmocka_unit_test(test_patience_that_ends_as_the_server_comes_free),
        cmocka_unit_test(test_held_jobs),
        cmocka_unit_test(test_cancel_in_line_and_in_service),
        cmocka_unit_test(test_clear),
        cmocka_unit_test(test_callbacks_may_enter),
        cmocka_unit_test(test_a_long_line_of_held_jobs_does_not_nest),
        cmocka_unit_test(test_the_books_balance),
        cmocka_unit_test(test_bugs_of_the_caller),
        cmocka_unit_test(test_arguments_and_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
