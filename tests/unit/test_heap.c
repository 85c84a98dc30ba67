#include "tests/support/alloc_fail.h"
#include "tests/support/check.h"

#include "sim/base/heap.h"
#include "sim/rng/stream.h"

enum { MOST = 400 };

struct model {
    uint64_t key[MOST], tie[MOST];
    bool in[MOST];
    uint32_t n;
};

static uint32_t smallest(const struct model *m)
{
    uint32_t first = MOST;
    for (uint32_t i = 0; i < MOST; i++) {
        if (m->in[i] && (first == MOST || m->key[i] < m->key[first] ||
                         (m->key[i] == m->key[first] && m->tie[i] < m->tie[first]))) {
            first = i;
        }
    }
    return first;
}

static void check_positions(const struct sim_heap *h)
{
    for (uint32_t i = 0; i < h->n; i++) {
        assert_int_equal(h->position[sim_heap_slot(h->entries[i])], i);
        assert_true(i == 0 || !sim_heap_before(h->entries[i], h->entries[(i - 1) / 4]));
    }
}

static uint64_t draw(struct sim_stream *s, double below)
{
    return (uint64_t)(sim_stream_uniform(s) * below);
}

static void step(struct sim_heap *h, struct model *m, struct sim_stream *s)
{
    const uint32_t slot = (uint32_t)draw(s, MOST);
    const uint64_t key = draw(s, 30); /* many equal: the tie decides */
    const uint64_t tie = draw(s, 1e9) << SIM_HEAP_SLOT_BITS | slot;
    if (!m->in[slot]) {
        sim_heap_push(h, key, tie);
        m->n++;
    } else if (sim_stream_uniform(s) < 0.5) {
        sim_heap_remove(h, slot);
        sim_heap_push(h, key, tie);
    } else {
        sim_heap_remove(h, slot);
        m->in[slot] = false;
        m->n--;
        return;
    }
    m->in[slot] = true;
    m->key[slot] = key;
    m->tie[slot] = tie;
}

static void test_random_operations_against_an_array(void **state)
{
    struct sim_heap h = {0};
    struct model m = {0};
    struct sim_stream s;
    (void)state;
    sim_stream_open(&s, 8, 0, 0, 0, 0);
    assert_int_equal(sim_heap_reserve(&h, MOST), SIM_OK);
    for (int i = 0; i < 30000; i++) {
        step(&h, &m, &s);
        assert_int_equal(h.n, m.n);
        if (m.n > 0) {
            assert_int_equal(sim_heap_slot(sim_heap_min(&h)), smallest(&m));
        }
        if (i % 100 == 0) {
            check_positions(&h);
        }
    }
    for (uint32_t slot = 0; slot < MOST; slot++) {
        assert_int_equal(sim_heap_contains(&h, slot), m.in[slot]);
        if (m.in[slot]) {
            assert_int_equal(sim_heap_entry(&h, slot).key, m.key[slot]);
        }
    }
    assert_false(sim_heap_contains(&h, MOST + 1000000));
    sim_heap_fini(&h);
    sim_heap_fini(&h);
}

/* ---- Without positions ---- */

static bool has_odd_tie(const void *owner, struct sim_heap_entry e)
{
    (void)owner;
    return (e.tie & 1) != 0;
}

static int compare_entries(const void *a, const void *b)
{
    const struct sim_heap_entry *const x = a;
    const struct sim_heap_entry *const y = b;
    return sim_heap_before(*x, *y) ? -1 : sim_heap_before(*y, *x);
}

/* What is taken until nothing is left comes in order. */
static void check_taken(struct sim_heap_entry *a, uint32_t *n, struct sim_heap_entry *expected,
                        uint32_t n_expected)
{
    qsort(expected, n_expected, sizeof *expected, compare_entries);
    assert_int_equal(*n, n_expected);
    for (uint32_t i = 0; i < n_expected; i++) {
        const struct sim_heap_entry e = sim_heap_entries_take(a, n);
        assert_true(e.key == expected[i].key && e.tie == expected[i].tie);
    }
    assert_int_equal(*n, 0);
}

/* Sizes around whole families; the array is new each time, and its memory is dirty. */
static void test_entries_are_taken_in_order(void **state)
{
    struct sim_stream s;
    (void)state;
    sim_stream_open(&s, 7, 0, 0, 0, 0);
    for (uint32_t size = 1; size <= 70; size++) {
        struct sim_heap_entry kept[MOST];
        struct sim_heap_entry *a = NULL;
        uint32_t n = 0;
        uint32_t n_kept = 0;
        for (uint32_t i = 0; i < size; i++) {
            if (i % 8 == 0) {
                assert_int_equal(sim_heap_entries_resize(&a, n, i + 8), SIM_OK);
            }
            const struct sim_heap_entry e = {draw(&s, 1e9), draw(&s, 10)};
            sim_heap_entries_put(a, &n, e);
            kept[n_kept] = e;
            n_kept += has_odd_tie(NULL, e) || size % 2 == 0 ? 1 : 0;
        }
        n = size % 2 == 0 ? n : sim_heap_entries_filter(a, n, has_odd_tie, NULL);
        check_taken(a, &n, kept, n_kept);
        sim_heap_entries_destroy(a);
    }
}

static void test_entries_are_made_a_heap(void **state)
{
    struct sim_stream s;
    (void)state;
    sim_stream_open(&s, 7, 1, 0, 0, 0);
    for (uint32_t n_before = 1; n_before <= 70; n_before++) {
        struct sim_heap_entry kept[MOST];
        struct sim_heap_entry *a = NULL;
        uint32_t n = n_before - (uint32_t)draw(&s, n_before);
        assert_int_equal(sim_heap_entries_resize(&a, 0, n_before), SIM_OK);
        for (uint32_t i = 0; i < n_before; i++) {
            a[i] = (struct sim_heap_entry){draw(&s, 1e9), draw(&s, 10)};
            a[i + SIM_HEAP_BEHIND] = sim_heap_unused;
        }
        memcpy(kept, a, n * sizeof *kept);
        sim_heap_entries_make(a, n, n_before);
        check_taken(a, &n, kept, n);
        sim_heap_entries_destroy(a);
    }
}

static void test_entries_without_memory_stay(void **state)
{
    struct sim_heap_entry *a = NULL;
    uint32_t n = 0;
    (void)state;
    sim_heap_entries_destroy(NULL);
    assert_int_equal(sim_heap_entries_resize(&a, 0, 1), SIM_OK);
    sim_heap_entries_put(a, &n, (struct sim_heap_entry){3, 5});
    alloc_fail_begin(1);
    assert_int_equal(sim_heap_entries_resize(&a, n, 100), SIM_ENOMEM);
    assert_true(alloc_fail_end());
    assert_int_equal(sim_heap_entries_take(a, &n).tie, 3);
    sim_heap_entries_destroy(a);
}

static void test_keys_sort_like_their_doubles(void **state)
{
    static const double ascending[] = {-HUGE_VAL, -1e300, -2, -1,  -1e-310, 0,
                                       1e-310,    0.5,    1,  1.5, 1e300,   HUGE_VAL};
    (void)state;
    for (size_t i = 0; i + 1 < sizeof ascending / sizeof ascending[0]; i++) {
        assert_true(sim_heap_key(ascending[i]) < sim_heap_key(ascending[i + 1]));
    }
    for (size_t i = 0; i < sizeof ascending / sizeof ascending[0]; i++) {
        assert_close(sim_heap_key_value(sim_heap_key(ascending[i])), ascending[i], 0);
    }
    assert_true(sim_heap_key(-0.0) == sim_heap_key(0.0));
}

static void test_children_share_a_cache_line(void **state)
{
    struct sim_heap h = {0};
    (void)state;
    assert_int_equal(sim_heap_reserve(&h, 1000), SIM_OK);
    for (uint32_t parent = 0; parent < 200; parent++) {
        assert_int_equal((uintptr_t)&h.entries[4 * parent + 1] % 64, 0);
    }
    sim_heap_fini(&h);
}

static void test_growing_keeps_what_is_in(void **state)
{
    struct sim_heap h = {0};
    (void)state;
    for (uint32_t i = 0; i < 3000; i++) {
        assert_int_equal(sim_heap_reserve(&h, i + 1), SIM_OK);
        sim_heap_push(&h, 3000 - i, i);
    }
    for (uint32_t i = 3000; i > 0; i--) {
        const uint32_t slot = sim_heap_slot(sim_heap_min(&h));
        assert_int_equal(slot, i - 1);
        sim_heap_remove(&h, slot);
    }
    sim_heap_fini(&h);
}

static void test_limits_and_memory(void **state)
{
    struct sim_heap h = {0};
    (void)state;
    assert_int_equal(sim_heap_reserve(&h, 5), SIM_OK);
    sim_heap_push(&h, 1, 3);
    assert_int_equal(sim_heap_reserve(&h, SIM_HEAP_MAX_SLOTS + 1), SIM_ELIMIT);
    for (unsigned n = 1; n <= 2; n++) {
        alloc_fail_begin(n);
        assert_int_equal(sim_heap_reserve(&h, 1000), SIM_ENOMEM);
        assert_true(alloc_fail_end());
        assert_int_equal(sim_heap_slot(sim_heap_min(&h)), 3);
        assert_true(h.n_slots < 1000);
    }
    assert_int_equal(sim_heap_reserve(&h, 1000), SIM_OK);
    assert_true(sim_heap_contains(&h, 3));
    assert_false(sim_heap_contains(&h, 999));
    sim_heap_fini(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_operations_against_an_array),
        cmocka_unit_test(test_entries_are_taken_in_order),
        cmocka_unit_test(test_entries_are_made_a_heap),
        cmocka_unit_test(test_entries_without_memory_stay),
        cmocka_unit_test(test_keys_sort_like_their_doubles),
        cmocka_unit_test(test_children_share_a_cache_line),
        cmocka_unit_test(test_growing_keeps_what_is_in),
        cmocka_unit_test(test_limits_and_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
