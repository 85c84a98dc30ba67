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
        cmocka_unit_test(test_keys_sort_like_their_doubles),
        cmocka_unit_test(test_children_share_a_cache_line),
        cmocka_unit_test(test_growing_keeps_what_is_in),
        cmocka_unit_test(test_limits_and_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
