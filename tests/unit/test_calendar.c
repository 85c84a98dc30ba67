#include "tests/support/alloc_fail.h"
#include "tests/support/check.h"

#include "sim/core/calendar_internal.h"
#include "sim/rng/stream.h"

#include <stdlib.h>
#include <string.h>

static void no_call(void *self, uint64_t arg)
{
    (void)self;
    (void)arg;
}

static struct sim_call call(uint64_t arg)
{
    return (struct sim_call){no_call, NULL, arg};
}

static void push(struct sim_calendar *c, double time_s, unsigned priority, uint64_t arg,
                 struct sim_handle *event)
{
    assert_int_equal(sim_calendar_push(c, time_s, priority, call(arg), event), SIM_OK);
}

static uint64_t pop(struct sim_calendar *c)
{
    double time_s;
    struct sim_call popped;
    assert_true(sim_calendar_pop(c, &time_s, &popped));
    return popped.arg;
}

static void test_order_is_time_priority_sequence(void **state)
{
    struct sim_calendar *c;
    double time_s;
    struct sim_call popped;
    (void)state;
    assert_int_equal(sim_calendar_create(&c), SIM_OK);
    push(c, 2, 0, 5, NULL);
    push(c, 1, 7, 4, NULL);
    push(c, 1, 3, 1, NULL);
    push(c, 1, 3, 2, NULL);
    push(c, 1, 4, 3, NULL);
    push(c, 0, 7, 0, NULL);
    assert_close(sim_calendar_next_s(c), 0, 0);
    for (uint64_t i = 0; i < 6; i++) {
        assert_int_equal(pop(c), i);
    }
    assert_false(sim_calendar_pop(c, &time_s, &popped));
    assert_true(isinf(sim_calendar_next_s(c)));
    sim_calendar_destroy(c);
}

static void test_bad_times_are_refused(void **state)
{
    static const double bad[] = {NAN, -1, -1e-300, HUGE_VAL, -HUGE_VAL};
    struct sim_calendar *c;
    struct sim_handle event = {0, 0};
    (void)state;
    assert_int_equal(sim_calendar_create(&c), SIM_OK);
    push(c, 5, 0, 1, &event);
    for (size_t i = 0; i < 5; i++) {
        struct sim_handle untouched = {7, 9};
        assert_int_equal(sim_calendar_push(c, bad[i], 0, call(2), &untouched), SIM_EINVAL);
        assert_int_equal(untouched.slot, 7);
        assert_int_equal(sim_calendar_reschedule(c, event, bad[i]), SIM_EINVAL);
    }
    assert_int_equal(sim_calendar_push(c, 1, SIM_PRIORITIES, call(2), NULL), SIM_EINVAL);
    assert_int_equal(sim_calendar_n_pending(c), 1);
    assert_close(sim_calendar_next_s(c), 5, 0);
    push(c, -0.0, 0, 3, NULL); /* negative zero is zero, behind what was scheduled there before */
    assert_int_equal(pop(c), 3);
    sim_calendar_destroy(c);
}

static void test_negative_zero_sorts_as_zero(void **state)
{
    struct sim_calendar *c;
    (void)state;
    assert_int_equal(sim_calendar_create(&c), SIM_OK);
    push(c, 0.0, 3, 1, NULL);
    push(c, -0.0, 3, 2, NULL);
    assert_int_equal(pop(c), 1);
    assert_int_equal(pop(c), 2);
    sim_calendar_destroy(c);
}

static void test_stale_handles_are_harmless(void **state)
{
    struct sim_calendar *c;
    struct sim_handle first;
    struct sim_handle second;
    const struct sim_handle nothing = {0, 0};
    (void)state;
    assert_int_equal(sim_calendar_create(&c), SIM_OK);
    push(c, 1, 0, 1, &first);
    assert_true(sim_calendar_cancel(c, first));
    assert_false(sim_calendar_cancel(c, first));
    push(c, 2, 0, 2, &second);
    assert_int_equal(second.slot, first.slot); /* the slot is used again, with a new generation */
    assert_false(sim_calendar_is_pending(c, first));
    assert_false(sim_calendar_cancel(c, first));
    assert_int_equal(sim_calendar_reschedule(c, first, 9), SIM_EINVAL);
    assert_false(sim_calendar_cancel(c, nothing));
    assert_false(sim_calendar_is_pending(c, (struct sim_handle){1000, 1}));
    assert_true(sim_calendar_is_pending(c, second));
    assert_int_equal(pop(c), 2);
    assert_false(sim_calendar_is_pending(c, second));
    sim_calendar_destroy(c);
    sim_calendar_destroy(NULL);
}

static void test_reschedule_goes_behind_the_others(void **state)
{
    struct sim_calendar *c;
    struct sim_handle event;
    (void)state;
    assert_int_equal(sim_calendar_create(&c), SIM_OK);
    push(c, 1, 3, 1, &event);
    push(c, 5, 3, 2, NULL);
    push(c, 5, 4, 4, NULL);
    assert_int_equal(sim_calendar_reschedule(c, event, 5), SIM_OK);
    push(c, 5, 3, 3, NULL);
    assert_int_equal(pop(c), 2);
    assert_int_equal(pop(c), 1);
    assert_int_equal(pop(c), 3);
    assert_int_equal(pop(c), 4); /* its priority kept it behind */
    sim_calendar_destroy(c);
}

/* ---- Events that are put off: to a later time, or behind others at the same ---- */

static void move(struct sim_calendar *c, struct sim_handle event, double time_s)
{
    assert_int_equal(sim_calendar_reschedule(c, event, time_s), SIM_OK);
}

static void pop_at(struct sim_calendar *c, double at_s, uint64_t arg)
{
    double time_s;
    struct sim_call popped;
    assert_close(sim_calendar_next_s(c), at_s, 0);
    assert_true(sim_calendar_pop(c, &time_s, &popped));
    assert_close(time_s, at_s, 0);
    assert_int_equal(popped.arg, arg);
}

static void test_put_off(void **state)
{
    struct sim_calendar *c;
    struct sim_handle first;
    struct sim_handle second;
    (void)state;
    assert_int_equal(sim_calendar_create(&c), SIM_OK);
    push(c, 1, 3, 1, &first);
    push(c, 1, 3, 2, NULL);
    push(c, 2, 3, 3, &second);
    push(c, 4, 3, 4, NULL);
    move(c, first, 1); /* behind the second at the same time */
    pop_at(c, 1, 2);
    move(c, first, 9);
    move(c, second, 5);
    move(c, first, 6); /* not so late after all, but later than its entry says */
    move(c, second, 6);
    assert_int_equal(sim_calendar_n_pending(c), 3);
    assert_true(sim_calendar_is_pending(c, first));
    push(c, 6, 2, 5, NULL);
    pop_at(c, 4, 4);
    pop_at(c, 6, 5); /* a better priority */
    pop_at(c, 6, 1); /* the order in which they were moved */
    pop_at(c, 6, 3);
    assert_int_equal(sim_calendar_n_pending(c), 0);
    assert_int_equal(sim_calendar_reschedule(c, first, 9), SIM_EINVAL);
    sim_calendar_destroy(c);
}

static void test_put_off_and_brought_forward(void **state)
{
    struct sim_calendar *c;
    struct sim_handle event;
    (void)state;
    assert_int_equal(sim_calendar_create(&c), SIM_OK);
    push(c, 3, 0, 1, &event);
    push(c, 4, 0, 2, NULL);
    push(c, 8, 0, 3, NULL);
    move(c, event, 7);
    move(c, event, 2);
    assert_int_equal(sim_calendar_reschedule(c, event, NAN), SIM_EINVAL);
    assert_int_equal(sim_calendar_reschedule(c, event, INFINITY), SIM_EINVAL);
    assert_int_equal(sim_calendar_n_pending(c), 3);
    pop_at(c, 2, 1);
    pop_at(c, 4, 2); /* and not again at 3 or 7 */
    pop_at(c, 8, 3);
    assert_true(isinf(sim_calendar_next_s(c)));
    sim_calendar_destroy(c);
}

static void test_put_off_and_cancelled(void **state)
{
    struct sim_calendar *c;
    struct sim_handle event;
    struct sim_handle heir;
    (void)state;
    assert_int_equal(sim_calendar_create(&c), SIM_OK);
    push(c, 1, 0, 1, &event);
    for (uint64_t i = 2; i < 8; i++) {
        push(c, (double)i, 0, i, NULL);
    }
    move(c, event, 5);
    assert_true(sim_calendar_cancel(c, event));
    assert_int_equal(sim_calendar_n_pending(c), 6);
    push(c, 9, 0, 9, &heir); /* of its record: what it left at 1 does not stand for this one */
    assert_int_equal(heir.slot, event.slot);
    assert_int_equal(sim_calendar_reschedule(c, event, 9), SIM_EINVAL);
    for (uint64_t i = 2; i < 8; i++) {
        pop_at(c, (double)i, i);
    }
    assert_int_equal(sim_calendar_n_pending(c), 1);
    pop_at(c, 9, 9);
    assert_true(isinf(sim_calendar_next_s(c)));
    sim_calendar_destroy(c);
}

static void test_sequences_run_out(void **state)
{
    struct sim_calendar *c;
    struct sim_handle event;
    (void)state;
    assert_int_equal(sim_calendar_create(&c), SIM_OK);
    push(c, 2, 0, 1, &event);
    push(c, 3, 0, 2, NULL);
    c->next_sequence = CALENDAR_SEQUENCES - 1;
    move(c, event, 3);
    assert_int_equal(sim_calendar_reschedule(c, event, 4), SIM_ELIMIT);
    assert_int_equal(sim_calendar_reschedule(c, event, 1), SIM_ELIMIT);
    assert_int_equal(sim_calendar_push(c, 5, 0, call(3), NULL), SIM_ELIMIT);
    pop_at(c, 3, 2);
    assert_int_equal(sim_calendar_push(c, 5, 0, call(3), NULL), SIM_ELIMIT);
    pop_at(c, 3, 1);
    sim_calendar_destroy(c);
}

/* ---- Against a list that is searched ---- */

struct entry {
    double time_s;
    unsigned priority;
    uint64_t sequence, arg;
    struct sim_handle handle;
};

struct list {
    struct entry *entry;
    size_t n;
};

static size_t first_of(const struct list *l)
{
    size_t first = 0;
    for (size_t i = 1; i < l->n; i++) {
        const struct entry *const a = &l->entry[i];
        const struct entry *const b = &l->entry[first];
        const bool before = a->time_s != b->time_s       ? a->time_s < b->time_s
                            : a->priority != b->priority ? a->priority < b->priority
                                                         : a->sequence < b->sequence;
        first = before ? i : first;
    }
    return first;
}

static void remove_entry(struct list *l, size_t i)
{
    l->entry[i] = l->entry[--l->n];
}

static uint32_t below(struct sim_stream *s, size_t n)
{
    return (uint32_t)(sim_stream_uniform(s) * (double)n);
}

/* As often as not the same time as before or a later one, by a little or much. */
static double moved_to(struct sim_stream *s, double time_s, double now_s)
{
    const uint32_t how = below(s, 6);
    return how < 2 ? now_s + below(s, 20) : how < 4 ? time_s : time_s + below(s, how == 4 ? 3 : 40);
}

static void random_operations(size_t most, uint32_t steps, uint32_t moves)
{
    struct list l = {calloc(most, sizeof(struct entry)), 0};
    struct sim_calendar *c;
    struct sim_stream s;
    uint64_t sequence = 0;
    double now_s = 0;
    assert_int_equal(sim_calendar_create(&c), SIM_OK);
    sim_stream_open(&s, 3, (uint32_t)most, 0, 0, 0);
    for (uint32_t step = 0; step < steps; step++) {
        const double time_s = now_s + below(&s, 20); /* many equal times */
        const uint32_t what = below(&s, 7 + moves);
        if (what < 4 && l.n < most) {
            struct entry *const e = &l.entry[l.n++];
            *e = (struct entry){time_s, below(&s, 8), sequence++, step, {0, 0}};
            push(c, e->time_s, e->priority, e->arg, &e->handle);
        } else if (what < 6 && l.n > 0) {
            const size_t i = first_of(&l);
            now_s = l.entry[i].time_s;
            assert_close(sim_calendar_next_s(c), now_s, 0);
            assert_int_equal(pop(c), l.entry[i].arg);
            remove_entry(&l, i);
        } else if (what == 6 && l.n > 0) {
            const size_t i = below(&s, l.n);
            assert_true(sim_calendar_cancel(c, l.entry[i].handle));
            assert_false(sim_calendar_cancel(c, l.entry[i].handle));
            remove_entry(&l, i);
        } else if (l.n > 0) {
            struct entry *const e = &l.entry[below(&s, l.n)];
            e->time_s = moved_to(&s, e->time_s, now_s);
            e->sequence = sequence++;
            move(c, e->handle, e->time_s);
        }
        assert_int_equal(sim_calendar_n_pending(c), l.n);
    }
    sim_calendar_destroy(c);
    free(l.entry);
}

static void test_random_operations_against_a_list(void **state)
{
    (void)state;
    for (size_t most = 1; most < 8; most++) { /* few: a root that is vacant is most of the heap */
        random_operations(most, 5000, 1);
        random_operations(most, 5000, 7);
    }
    random_operations(300, 60000, 1);
    random_operations(300, 60000, 7);
    random_operations(2000, 30000, 20); /* of each event there are moves before it is taken */
}

/* The smallest tie there is must not be taken for that of an event that is over. */
static void test_first_event_cancelled(void **state)
{
    struct sim_calendar *c;
    struct sim_handle first;
    (void)state;
    assert_int_equal(sim_calendar_create(&c), SIM_OK);
    push(c, 1, 0, 1, &first);
    push(c, 2, 0, 2, NULL);
    push(c, 3, 0, 3, NULL);
    assert_true(sim_calendar_cancel(c, first));
    assert_close(sim_calendar_next_s(c), 2, 0);
    assert_int_equal(pop(c), 2);
    assert_int_equal(sim_calendar_n_pending(c), 1);
    sim_calendar_destroy(c);
}

static void test_a_hundred_thousand_pending(void **state)
{
    enum { N = 100000 };
    struct sim_calendar *c;
    struct sim_stream s;
    double last_s = 0;
    (void)state;
    assert_int_equal(sim_calendar_create(&c), SIM_OK);
    sim_stream_open(&s, 4, 0, 0, 0, 0);
    for (uint64_t i = 0; i < N; i++) {
        push(c, sim_stream_uniform(&s), 0, i, NULL);
    }
    for (int i = 0; i < N; i++) {
        double time_s;
        struct sim_call popped;
        assert_true(sim_calendar_pop(c, &time_s, &popped));
        assert_true(time_s >= last_s);
        last_s = time_s;
    }
    sim_calendar_destroy(c);
}

static void test_running_out_of_memory_leaves_it_usable(void **state)
{
    (void)state;
    for (unsigned n = 1; alloc_fail_begin(n); n++) {
        struct sim_calendar *c = NULL;
        enum sim_err err = sim_calendar_create(&c);
        uint64_t pushed = 0;
        while (err == SIM_OK && pushed < 100) {
            err = sim_calendar_push(c, (double)pushed, 0, call(pushed), NULL);
            pushed += err == SIM_OK;
        }
        const bool has_failed = alloc_fail_end();
        assert_int_equal(err, has_failed ? SIM_ENOMEM : SIM_OK);
        for (uint64_t i = 0; c != NULL && i < pushed; i++) {
            assert_int_equal(pop(c), i);
        }
        if (c != NULL) {
            push(c, 1, 0, 1, NULL);
        }
        sim_calendar_destroy(c);
        if (!has_failed) {
            break;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_is_time_priority_sequence),
        cmocka_unit_test(test_bad_times_are_refused),
        cmocka_unit_test(test_negative_zero_sorts_as_zero),
        cmocka_unit_test(test_stale_handles_are_harmless),
        cmocka_unit_test(test_reschedule_goes_behind_the_others),
        cmocka_unit_test(test_put_off),
        cmocka_unit_test(test_put_off_and_brought_forward),
        cmocka_unit_test(test_put_off_and_cancelled),
        cmocka_unit_test(test_sequences_run_out),
        cmocka_unit_test(test_random_operations_against_a_list),
        cmocka_unit_test(test_first_event_cancelled),
        cmocka_unit_test(test_a_hundred_thousand_pending),
        cmocka_unit_test(test_running_out_of_memory_leaves_it_usable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
