/* The waiting line against an array that is searched for its least. */
#include "tests/support/alloc_fail.h"
#include "tests/support/check.h"

#include "sim/res/line_internal.h"
#include "sim/rng/stream.h"

enum { SLOTS = 300 };

struct reference {
    bool waits[SLOTS];
    double priority[SLOTS];
    uint64_t came[SLOTS];
    uint64_t next;
    uint32_t n;
};

static uint32_t reference_first(const struct reference *r)
{
    uint32_t first = SLOTS;
    for (uint32_t i = 0; i < SLOTS; i++) {
        const bool is_less =
            first == SLOTS ||
            (r->waits[i] &&
             (r->priority[i] < r->priority[first] ||
              (r->priority[i] == r->priority[first] && r->came[i] < r->came[first])));
        if (r->waits[i] && is_less) {
            first = i;
        }
    }
    return first;
}

static uint32_t below(struct sim_stream *s, uint32_t n)
{
    return (uint32_t)(sim_stream_uniform(s) * n);
}

/* One step of a line that comes and goes: `share` of the steps add. */
static void step(struct line *l, struct reference *r, struct sim_stream *s, double share,
                 uint32_t priorities)
{
    const uint32_t slot = below(s, SLOTS);
    if (r->waits[slot] && sim_stream_uniform(s) < 0.5) { /* leaves from the middle */
        line_remove(l, slot);
        r->waits[slot] = false;
        r->n--;
    } else if (!r->waits[slot] && sim_stream_uniform(s) < share) {
        const double priority = (double)below(s, priorities) - 1;
        assert_int_equal(line_push(l, priority, slot), SIM_OK);
        r->waits[slot] = true;
        r->priority[slot] = priority;
        r->came[slot] = r->next++;
        r->n++;
    } else if (r->n > 0) {
        const uint32_t first = reference_first(r);
        assert_int_equal(line_pop(l), first);
        r->waits[first] = false;
        r->n--;
    }
    assert_int_equal(l->n, r->n);
}

static void test_order_is_that_of_a_search(void **state)
{
    (void)state;
    for (uint32_t seed = 0; seed < 12; seed++) {
        struct line l = {.first = UINT32_MAX - 1000, .end = UINT32_MAX - 1000}; /* runs over */
        struct reference r = {.n = 0};
        struct sim_stream s;
        sim_stream_open(&s, seed, 0, 0, 0, 0);
        for (uint32_t i = 0; i < 20000; i++) {
            step(&l, &r, &s, i / 4000 % 2 == 0 ? 0.95 : 0.3, 1 + seed % 4 * (seed % 4));
        }
        line_fini(&l);
    }
}

/* Who waits for ever in front of many who come and give up: the ring does not grow. */
static void test_gaps_are_used_again(void **state)
{
    struct line l = {.n = 0};
    (void)state;
    assert_int_equal(line_push(&l, 0, 0), SIM_OK);
    assert_int_equal(line_push(&l, 0, 1), SIM_OK);
    for (uint32_t i = 0; i < 1000; i++) {
        assert_int_equal(line_push(&l, 0, 2 + i % 2), SIM_OK);
        line_remove(&l, 2 + i % 2);
        assert_int_equal(line_push(&l, 0, 4), SIM_OK);
        line_remove(&l, 1);
        assert_int_equal(line_push(&l, 0, 1), SIM_OK);
        line_remove(&l, 4);
    }
    assert_true(l.capacity <= 32);
    assert_int_equal(line_pop(&l), 0);
    assert_int_equal(line_pop(&l), 1);
    assert_int_equal(l.n, 0);
    line_fini(&l);
}

static void test_zero_has_no_sign(void **state)
{
    struct line l = {.n = 0};
    (void)state;
    assert_int_equal(line_push(&l, 0.0, 5), SIM_OK);
    assert_int_equal(line_push(&l, -0.0, 6), SIM_OK);
    assert_int_equal(line_pop(&l), 5);
    line_fini(&l);
}

/* Whatever allocation fails, the line is as it was. */
static void test_running_out_of_memory(void **state)
{
    (void)state;
    for (unsigned fail_at = 1; fail_at < 100; fail_at++) {
        struct line l = {.n = 0};
        uint32_t n = 0;
        enum sim_err err = SIM_OK;
        alloc_fail_begin(fail_at);
        while (n < 200 && err == SIM_OK) {
            err = line_push(&l, n % 3, n); /* every third overtakes */
            n += err == SIM_OK;
        }
        const bool has_failed = alloc_fail_end();
        assert_int_equal(err, has_failed ? SIM_ENOMEM : SIM_OK);
        assert_int_equal(l.n, n);
        for (uint32_t i = 0; i < n; i++) {
            const uint32_t of_priority_0 = (n + 2) / 3;
            const uint32_t slot = line_pop(&l);
            if (i < of_priority_0) {
                assert_int_equal(slot, 3 * i);
            }
        }
        line_fini(&l);
        if (!has_failed) {
            return;
        }
    }
    fail_msg("200 pushes allocate more than 100 times");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_is_that_of_a_search),
        cmocka_unit_test(test_gaps_are_used_again),
        cmocka_unit_test(test_zero_has_no_sign),
        cmocka_unit_test(test_running_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
