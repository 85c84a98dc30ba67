/* A long queue, against a list in which the least is looked for. */
#include "tests/support/alloc_fail.h"
#include "tests/support/check.h"

#include "sim/base/pile_queue.h"
#include "sim/rng/stream.h"

enum { MOST = 1500, STEPS = 12000 };

static struct sim_heap_entry list[MOST];
static uint32_t n;
static uint64_t next_tie;

/* Where the keys of those who come lie, `last` being of who left last. */
static double key_of(int shape, double last, double uniform)
{
    switch (shape) {
    case 0:
        return last - log(1 - uniform); /* as of downloads: mostly far behind the next */
    case 1:
        return uniform; /* anywhere */
    case 2:
        return 1e6 - (double)next_tie; /* each before all others */
    case 3:
        return floor(3 * uniform); /* many equal */
    case 4:
        return uniform < 0.3 ? HUGE_VAL : last + uniform;
    default:
        return last + 1e-9 * uniform; /* all but at once */
    }
}

enum { SHAPES = 6 };

static struct sim_heap_entry entry_at(double key)
{
    struct sim_heap_entry e = {.tie = next_tie++};
    memcpy(&e.key, &key, sizeof e.key);
    return e;
}

static void put(struct pile_queue *q, double key)
{
    assert_int_equal(pile_queue_reserve(q, 1), SIM_OK);
    list[n] = entry_at(key);
    pile_queue_put(q, list[n++]);
}

static uint32_t least(void)
{
    uint32_t first = 0;
    for (uint32_t i = 1; i < n; i++) {
        first = sim_heap_before(list[i], list[first]) ? i : first;
    }
    return first;
}

static void check(const struct pile_queue *q)
{
    assert_int_equal(pile_queue_n_run(q) + q->far.n, n);
    assert_int_equal(pile_queue_is_empty(q), n == 0);
    for (uint32_t i = 1; i < pile_queue_n_run(q); i++) {
        assert_true(sim_heap_before(pile_queue_at(q, i - 1), pile_queue_at(q, i)));
    }
    if (n > 0) {
        assert_int_equal(pile_queue_first(q).tie, list[least()].tie);
    }
}

static double drop_first(struct pile_queue *q)
{
    const uint32_t first = least();
    double key;
    memcpy(&key, &list[first].key, sizeof key);
    list[first] = list[--n];
    pile_queue_drop_first(q);
    return key;
}

/* Fills up, then about as many come as go, then empties. */
static void test_the_least_is_first(void **state)
{
    (void)state;
    for (int shape = 0; shape < SHAPES; shape++) {
        struct pile_queue *const q = pile_queue_create();
        struct sim_stream s;
        double last = 0;
        assert_non_null(q);
        sim_stream_open(&s, 3, (uint32_t)shape, 0, 0, 0);
        n = 0;
        next_tie = 0;
        for (int step = 0; step < STEPS || n > 0; step++) {
            const double comes = step < STEPS / 4 ? 0.9 : step < STEPS ? 0.5 : 0;
            if (n == 0 || (sim_stream_uniform(&s) < comes && n < MOST)) {
                put(q, key_of(shape, last < HUGE_VAL ? last : 0, sim_stream_uniform(&s)));
            } else {
                last = drop_first(q);
            }
            check(q);
        }
        pile_queue_destroy(q);
    }
}

static bool is_even(const void *self, struct sim_heap_entry e)
{
    (void)self;
    return e.tie % 2 == 0;
}

static void test_some_are_kept(void **state)
{
    struct pile_queue *const q = pile_queue_create();
    (void)state;
    n = 0;
    next_tie = 0;
    for (int i = 0; i < 1000; i++) {
        put(q, i % 2 == 0 ? 5000 + i : i); /* the first are all odd */
    }
    assert_int_equal(pile_queue_filter(q, is_even, NULL), 500);
    for (uint32_t i = 0; i < 500; i++) {
        assert_int_equal(pile_queue_first(q).tie, 2 * i);
        pile_queue_drop_first(q);
    }
    assert_true(pile_queue_is_empty(q));
    pile_queue_destroy(q);
}

/* As many as there is room for, without a further allocation, whatever is put and taken. */
static void test_room_that_was_made_suffices(void **state)
{
    (void)state;
    for (int shape = 0; shape < SHAPES; shape++) {
        struct pile_queue *const q = pile_queue_create();
        struct sim_stream s;
        sim_stream_open(&s, 4, (uint32_t)shape, 0, 0, 0);
        n = 0;
        next_tie = 0;
        assert_int_equal(pile_queue_reserve(q, MOST), SIM_OK);
        const uint32_t most = q->far.most;
        alloc_fail_begin(1);
        for (int step = 0; step < 20000; step++) {
            if (pile_queue_n_run(q) + q->far.n < most) {
                pile_queue_put(q, entry_at(key_of(shape, 0, sim_stream_uniform(&s))));
            } else {
                for (uint32_t i = most / 2; i > 0; i--) {
                    pile_queue_drop_first(q);
                }
                assert_in_range(pile_queue_filter(q, is_even, NULL), 1, most);
            }
        }
        assert_false(alloc_fail_end());
        pile_queue_destroy(q);
    }
}

/* A run needs no piles; and where there is no memory nothing changes. */
static void test_room(void **state)
{
    struct pile_queue *q;
    (void)state;
    alloc_fail_begin(1);
    assert_null(pile_queue_create());
    assert_true(alloc_fail_end());
    q = pile_queue_create();
    n = 0;
    next_tie = 0;
    for (int i = 0; i < PILE_QUEUE_RUN; i++) {
        put(q, PILE_QUEUE_RUN - i);
    }
    assert_int_equal(q->far.n_blocks, 0);
    alloc_fail_begin(1);
    assert_int_equal(pile_queue_reserve(q, 1), SIM_ENOMEM);
    assert_true(alloc_fail_end());
    check(q);
    put(q, 0);
    check(q);
    pile_queue_destroy(q);
    pile_queue_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_least_is_first),
        cmocka_unit_test(test_some_are_kept),
        cmocka_unit_test(test_room_that_was_made_suffices),
        cmocka_unit_test(test_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
