/* Calendars with more events than the heap of those soon due takes: the others lie on piles. Events are
 * taken in strictly growing order of time and sequence, and all that were not cancelled are taken: so
 * none can have been taken before its turn. */
#include "tests/support/alloc_fail.h"
#include "tests/support/check.h"

#include "sim/core/calendar.h"
#include "sim/rng/stream.h"

#include <stdlib.h>

struct event {
    double time_s;
    uint64_t sequence;
    struct sim_handle handle;
};

struct book {
    struct sim_calendar *calendar;
    struct event *event; /* by the number an event calls with */
    uint32_t n;          /* ever scheduled */
    uint32_t n_pending;
    uint64_t sequence;
    bool has_taken;
    struct event last; /* taken */
};

static void no_call(void *self, uint64_t arg)
{
    (void)self;
    (void)arg;
}

static struct book book_create(uint32_t most)
{
    struct book b = {.event = calloc(most, sizeof *b.event)};
    assert_non_null(b.event);
    assert_int_equal(sim_calendar_create(&b.calendar), SIM_OK);
    return b;
}

static void book_fini(struct book *b)
{
    sim_calendar_destroy(b->calendar);
    free(b->event);
}

static enum sim_err try_push(struct book *b, double time_s)
{
    struct event *const e = &b->event[b->n];
    const struct sim_call call = {no_call, NULL, b->n};
    const enum sim_err err = sim_calendar_push(b->calendar, time_s, 0, call, &e->handle);
    if (err == SIM_OK) {
        e->time_s = time_s;
        e->sequence = b->sequence++;
        b->n++;
        b->n_pending++;
    }
    return err;
}

static void push(struct book *b, double time_s)
{
    assert_int_equal(try_push(b, time_s), SIM_OK);
}

static void cancel(struct book *b, uint32_t i)
{
    if (sim_calendar_cancel(b->calendar, b->event[i].handle)) {
        b->n_pending--;
    }
}

static void move(struct book *b, uint32_t i, double time_s)
{
    if (sim_calendar_is_pending(b->calendar, b->event[i].handle)) {
        assert_int_equal(sim_calendar_reschedule(b->calendar, b->event[i].handle, time_s), SIM_OK);
        b->event[i].time_s = time_s;
        b->event[i].sequence = b->sequence++;
    }
}

static void pop(struct book *b)
{
    double time_s;
    struct sim_call call;
    assert_true(sim_calendar_pop(b->calendar, &time_s, &call));
    const struct event *const e = &b->event[call.arg];
    assert_close(time_s, e->time_s, 0);
    assert_true(!b->has_taken || time_s > b->last.time_s ||
                (time_s == b->last.time_s && e->sequence > b->last.sequence));
    assert_false(sim_calendar_is_pending(b->calendar, e->handle));
    b->last = *e;
    b->has_taken = true;
    b->n_pending--;
}

static void pop_all(struct book *b)
{
    struct sim_call call;
    double time_s;
    while (b->n_pending > 0) {
        assert_int_equal(sim_calendar_n_pending(b->calendar), b->n_pending);
        pop(b);
    }
    assert_int_equal(sim_calendar_n_pending(b->calendar), 0);
    assert_false(sim_calendar_pop(b->calendar, &time_s, &call));
}

static void test_any_order_of_filling(void **state)
{
    enum { N = 300000 };
    (void)state;
    for (int order = 0; order < 4; order++) {
        struct book b = book_create(N);
        struct sim_stream s;
        sim_stream_open(&s, 5, (uint32_t)order, 0, 0, 0);
        for (uint32_t i = 0; i < N; i++) {
            const double times[] = {i, N - i, floor(i / 5000.0), sim_stream_uniform(&s)};
            push(&b, times[order]); /* downwards makes a pile a spill: more than there may be */
        }
        pop_all(&b);
        book_fini(&b);
    }
}

/* Waves that rise and fall, with moves and cancellations: from a few hundred to 30,000 pending. */
static void random_operations(uint32_t seed, double pops_until, double cancels_until)
{
    enum { STEPS = 600000 };
    struct book b = book_create(STEPS);
    struct sim_stream s;
    sim_stream_open(&s, seed, 0, 0, 0, 0);
    for (uint32_t step = 0; step < STEPS; step++) {
        const bool rises = step / 60000 % 2 == 0;
        const double what = sim_stream_uniform(&s);
        const double u = sim_stream_uniform(&s);
        const double time_s = b.last.time_s + (u < 0.2 ? 0 : u < 0.6 ? u : 1000 * u * u);
        if (what < (rises ? 0.7 : 0.2) * pops_until || b.n == 0) {
            push(&b, time_s);
        } else if (what < pops_until) {
            if (b.n_pending > 0) {
                pop(&b);
            }
        } else {
            const uint32_t age = (uint32_t)(sim_stream_uniform(&s) * (double)b.n);
            const uint32_t i = step % 2 == 0 ? age : b.n - 1 - age % (b.n < 300 ? b.n : 300);
            const double later_s = b.event[i].time_s + (step % 3 == 0 ? 0 : time_s - b.last.time_s);
            (what < cancels_until ? cancel(&b, i) : move(&b, i, step % 3 == 1 ? time_s : later_s));
        }
        assert_int_equal(sim_calendar_n_pending(b.calendar), b.n_pending);
    }
    pop_all(&b);
    book_fini(&b);
}

static void test_random_operations(void **state)
{
    (void)state;
    random_operations(6, 0.9, 0.95);
    random_operations(7, 0.4, 0.7);  /* most die: all dead are dropped again and again */
    random_operations(8, 0.4, 0.41); /* most are moved */
    random_operations(9, 0.6, 0.99);
}

/* A request's time-out, cancelled by its answer, is what most events of a storm are. */
static void test_nearly_all_are_cancelled(void **state)
{
    enum { N = 200000 };
    struct book b = book_create(N);
    (void)state;
    for (uint32_t i = 0; i < N; i++) {
        push(&b, 1000 + (double)(i * 7919ULL % N));
    }
    for (uint32_t i = 0; i < N; i++) {
        if (i % 1000 != 0) {
            cancel(&b, i);
        }
    }
    assert_int_equal(b.n_pending, N / 1000);
    pop_all(&b);
    for (uint32_t i = 0; i < 3; i++) { /* and it can be used on */
        b.n = 0;
        push(&b, 1e6);
        pop_all(&b);
    }
    book_fini(&b);
}

/* A run is loaded; then so many come before its end that the heap is full: what is later goes back on a pile. */
static void test_many_come_before_the_end_of_the_run(void **state)
{
    enum { FAR = 2000, NEAR = 1000 };
    struct book b = book_create(FAR + 1 + NEAR);
    (void)state;
    for (uint32_t i = 0; i < FAR; i++) {
        push(&b, 1000 + i);
    }
    for (uint32_t i = 0; i < FAR / 2; i++) { /* the heap is empty */
        pop(&b);
    }
    for (uint32_t i = 0; i < NEAR; i++) {
        push(&b, b.last.time_s + (double)(i * 7919ULL % NEAR) / NEAR * 20);
    }
    pop_all(&b);
    book_fini(&b);
}

/* More than half die while there are a heap, a run, some of which has been taken, and piles. In the heap the
 * first one dies, and the next one alive is behind the next of the run. */
static void test_all_dead_are_dropped(void **state)
{
    enum { N = 3000, MOST_TAKEN = 1200 };
    (void)state;
    for (uint32_t taken = 1000; taken < MOST_TAKEN; taken += 10) {
        struct book b = book_create(N + 2);
        for (uint32_t i = 0; i < N; i++) {
            push(&b, i);
        }
        for (uint32_t i = 0; i < taken; i++) {
            pop(&b);
        }
        push(&b, taken - 0.5);
        push(&b, taken + 30.5);
        cancel(&b, N);
        for (uint32_t i = taken; i < N; i++) {
            if (i % 7 != 0) {
                cancel(&b, i);
            }
        }
        pop_all(&b);
        book_fini(&b);
    }
}

/* The same with most of those that stay put off, some of them before they are cancelled. */
static void test_all_dead_are_dropped_but_who_is_put_off(void **state)
{
    enum { N = 3000 };
    (void)state;
    for (uint32_t taken = 1000; taken < 1200; taken += 10) {
        struct book b = book_create(N);
        for (uint32_t i = 0; i < N; i++) {
            push(&b, i);
        }
        for (uint32_t i = 0; i < taken; i++) {
            pop(&b);
        }
        for (uint32_t i = taken; i < N; i++) {
            if (i % 3 != 0) {
                move(&b, i, (double)(i + (i % 2 == 0 ? 0 : i * 7919ULL % 500)));
            }
        }
        for (uint32_t i = taken; i < N; i++) {
            if (i % 7 > 1) {
                cancel(&b, i);
            }
        }
        pop_all(&b);
        book_fini(&b);
    }
}

/* The heap is as full as it may be, and there is a run behind; all in both are put off by as much as the run is long, or
 * less, so that the run goes into the heap before anybody is taken. */
static void test_heap_takes_the_run_too(void **state)
{
    enum { FAR = 2000, TAKEN = 1000, MOST_NEAR = 253 };
    (void)state;
    for (uint32_t by = 1; by < 140; by += 3) {
        struct book b = book_create(FAR + 2 * MOST_NEAR);
        for (uint32_t i = 0; i < FAR; i++) {
            push(&b, 1000 + i);
        }
        for (uint32_t i = 0; i < TAKEN; i++) {
            pop(&b);
        }
        for (uint32_t i = 0; i < MOST_NEAR; i++) {
            push(&b, b.last.time_s + 0.5);
        }
        const double due_s = b.last.time_s + by;
        for (uint32_t i = 0; i < b.n; i++) {
            move(&b, i, b.event[i].time_s < due_s ? due_s : b.event[i].time_s);
        }
        pop(&b);
        for (uint32_t i = 0; i < MOST_NEAR; i++) { /* then it is too full to take more */
            push(&b, b.last.time_s + 0.25);
        }
        pop_all(&b);
        book_fini(&b);
    }
}

/* All that are not on piles are put off beyond: more than there is room for that was asked for, and no memory is
 * needed. Then room is asked for again. */
static void test_who_is_put_off_needs_no_memory(void **state)
{
    enum { LEAST = 2000, MOST = 2700, MORE = 8000, SOON = 600 };
    (void)state;
    for (uint32_t n = LEAST; n < MOST; n += 20) {
        struct book b = book_create(MOST + MORE);
        for (uint32_t i = 0; i < n; i++) {
            push(&b, i);
        }
        pop(&b);
        alloc_fail_begin(1);
        for (uint32_t i = 1; i < SOON; i++) {
            move(&b, i, n + i);
        }
        pop(&b);
        assert_false(alloc_fail_end());
        for (uint32_t i = 0; i < MORE; i++) {
            push(&b, 2 * n + i);
        }
        pop_all(&b);
        book_fini(&b);
    }
}

/* Before what has been taken: piles stood there before. */
static void test_times_may_go_back(void **state)
{
    enum { N = 20000 };
    struct book b = book_create(2 * N);
    (void)state;
    for (uint32_t i = 0; i < 2 * N; i++) {
        const double time_s = (double)(i * 7919ULL % N);
        push(&b, i < N ? time_s : time_s / 2);
        if (i >= N / 2 && i < N) {
            pop(&b);
            b.has_taken = false;
        }
    }
    pop_all(&b);
    book_fini(&b);
}

/* Whatever allocation fails, what was scheduled can be taken, and then scheduled again. */
static void test_running_out_of_memory(void **state)
{
    enum { N = 20000 };
    (void)state;
    for (unsigned n = 1;; n++) {
        struct book b = book_create(N + 1);
        alloc_fail_begin(n);
        enum sim_err err = SIM_OK;
        while (err == SIM_OK && b.n < N) {
            err = try_push(&b, (double)(b.n * 7919ULL % N));
        }
        const bool has_failed = alloc_fail_end();
        assert_int_equal(err, has_failed ? SIM_ENOMEM : SIM_OK);
        push(&b, N);
        pop_all(&b);
        book_fini(&b);
        if (!has_failed) {
            break;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_order_of_filling),
        cmocka_unit_test(test_random_operations),
        cmocka_unit_test(test_nearly_all_are_cancelled),
        cmocka_unit_test(test_many_come_before_the_end_of_the_run),
        cmocka_unit_test(test_all_dead_are_dropped),
        cmocka_unit_test(test_all_dead_are_dropped_but_who_is_put_off),
        cmocka_unit_test(test_heap_takes_the_run_too),
        cmocka_unit_test(test_who_is_put_off_needs_no_memory),
        cmocka_unit_test(test_times_may_go_back),
        cmocka_unit_test(test_running_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
