/* The kinetic tree against plain arrays that are served one by one. */
#include "tests/support/alloc_fail.h"
#include "tests/support/check.h"

#include "sim/res/fluid_kinetic.h"
#include "sim/rng/stream.h"

#include <stdlib.h>

enum { MAX_RANKS = 70 };

/* What the tree should know, without a tree. */
struct plain {
    uint32_t n_ranks;
    struct fluid_kind kind[MAX_RANKS];
    uint32_t n[MAX_RANKS];
    double left[MAX_RANKS], service[MAX_RANKS];
};

static double uniform(struct sim_stream *s, double low, double high)
{
    return low + (high - low) * sim_stream_uniform(s);
}

/* Kinds by cap / weight; the last few ranks have no cap. */
static void make_kinds(struct plain *p, struct sim_stream *s, struct fluid_kinetic *k)
{
    double ratio = 1;
    for (uint32_t r = 0; r < p->n_ranks; r++) {
        const int64_t weight = 1 + (int64_t)uniform(s, 0, 3);
        ratio += floor(uniform(s, 0, 3));
        const bool has_cap = r + 3 < p->n_ranks;
        p->kind[r] = (struct fluid_kind){has_cap ? (int64_t)ratio * weight : 0, weight};
        k->kind[r] = p->kind[r];
    }
}

static void plain_advance(struct plain *p, uint32_t border, double time_s, double virtual_service)
{
    for (uint32_t r = 0; r < p->n_ranks; r++) {
        const double given = r < border ? (double)p->kind[r].cap * time_s
                                        : (double)p->kind[r].weight * virtual_service;
        p->left[r] -= p->n[r] > 0 ? given : 0;
        p->service[r] += p->n[r] > 0 ? given : 0;
    }
}

/* Ranks are capped one after the other as long as the test holds; absent ones on the way too. */
static struct fluid_border plain_border(const struct plain *p, int64_t capacity)
{
    struct fluid_border b = {0};
    for (uint32_t r = 0; r < p->n_ranks; r++) {
        b.sharing_weight += p->kind[r].weight * p->n[r];
    }
    for (uint32_t r = 0; r < p->n_ranks; r++) {
        if (p->kind[r].cap == 0 ||
            p->kind[r].cap * b.sharing_weight > (capacity - b.capped_rate) * p->kind[r].weight) {
            break;
        }
        b.border = r + 1;
        b.capped_rate += p->kind[r].cap * p->n[r];
        b.sharing_weight -= p->kind[r].weight * p->n[r];
        b.n_capped += p->n[r] > 0 ? 1 : 0;
    }
    return b;
}

static double plain_after_s(const struct plain *p, uint32_t r, uint32_t border, double level)
{
    if (p->n[r] == 0) {
        return HUGE_VAL;
    }
    return r < border  ? p->left[r] / (double)p->kind[r].cap
           : level > 0 ? p->left[r] / (double)p->kind[r].weight / level
                       : HUGE_VAL;
}

static struct fluid_first plain_first(const struct plain *p, uint32_t border, double level)
{
    struct fluid_first first = {HUGE_VAL, 0};
    for (uint32_t r = 0; r < p->n_ranks; r++) {
        if (plain_after_s(p, r, border, level) < first.after_s) {
            first = (struct fluid_first){plain_after_s(p, r, border, level), r};
        }
    }
    return first;
}

static void put(struct fluid_kinetic *k, struct plain *p, struct sim_stream *s)
{
    const uint32_t r = (uint32_t)uniform(s, 0, p->n_ranks);
    const uint32_t n = (uint32_t)uniform(s, 0, 3);
    if (p->n[r] == 0) {
        p->service[r] = 0;
    }
    p->n[r] = n;
    p->left[r] = uniform(s, 0, 1) < 0.05 ? HUGE_VAL : uniform(s, 1, 1000);
    fluid_kinetic_put(k, r, n, p->left[r]);
}

static void check_time(double found_s, double expected_s)
{
    if (expected_s < HUGE_VAL) {
        assert_near(found_s, expected_s, 1e-9 * fmax(1, expected_s));
    } else {
        assert_close(found_s, expected_s, 0);
    }
}

static void compare(struct fluid_kinetic *k, const struct plain *p, int64_t capacity,
                    uint32_t *border, double *level)
{
    const struct fluid_border a = plain_border(p, capacity);
    const struct fluid_border b = fluid_kinetic_border(k, capacity);
    assert_int_equal(a.border, b.border);
    assert_int_equal(a.n_capped, b.n_capped);
    assert_int_equal(a.capped_rate, b.capped_rate);
    assert_int_equal(a.sharing_weight, b.sharing_weight);
    *border = a.border;
    *level =
        a.sharing_weight > 0 ? (double)(capacity - a.capped_rate) / (double)a.sharing_weight : 0;
    const struct fluid_first first = plain_first(p, *border, *level);
    const struct fluid_first found = fluid_kinetic_first(k, *border, *level);
    check_time(found.after_s, first.after_s);
    if (first.after_s < HUGE_VAL) {
        check_time(plain_after_s(p, found.rank, *border, *level), first.after_s);
    }
    for (uint32_t r = 0; r < p->n_ranks; r++) {
        assert_near(fluid_kinetic_service(k, r), p->n[r] > 0 ? p->service[r] : 0, 1e-9);
    }
}

/* Time goes on to the next end at most, as in a simulation; the class that ends there is taken out. */
static void random_case(uint32_t n_ranks, int steps)
{
    struct fluid_kinetic k = {0};
    struct plain p = {.n_ranks = n_ranks};
    struct sim_stream s;
    uint32_t border = 0;
    double level = 0;
    sim_stream_open(&s, 31, n_ranks, 0, 0, 0);
    assert_int_equal(fluid_kinetic_reset(&k, n_ranks), SIM_OK);
    make_kinds(&p, &s, &k);
    for (int i = 0; i < steps; i++) {
        const int64_t capacity = (int64_t)exp(uniform(&s, 0, 8));
        put(&k, &p, &s);
        compare(&k, &p, capacity, &border, &level);
        const struct fluid_first first = fluid_kinetic_first(&k, border, level);
        const bool ends = uniform(&s, 0, 1) < 0.5 && first.after_s < HUGE_VAL;
        const double time_s = ends ? first.after_s : uniform(&s, 0, fmin(first.after_s, 100));
        fluid_kinetic_advance(&k, border, time_s, level * time_s);
        plain_advance(&p, border, time_s, level * time_s);
        if (ends) {
            p.n[first.rank] = 0;
            fluid_kinetic_put(&k, first.rank, 0, 0);
        }
        compare(&k, &p, capacity, &border, &level);
    }
    fluid_kinetic_fini(&k);
}

static void test_random_operations_at_all_sizes(void **state)
{
    (void)state;
    for (uint32_t n_ranks = 1; n_ranks <= MAX_RANKS; n_ranks++) {
        random_case(n_ranks, 400);
    }
}

static void test_placing_at_once_is_putting_one_by_one(void **state)
{
    enum { N = 37 };
    struct fluid_kinetic one = {0};
    struct fluid_kinetic all = {0};
    (void)state;
    assert_int_equal(fluid_kinetic_reset(&one, N), SIM_OK);
    assert_int_equal(fluid_kinetic_reset(&all, N), SIM_OK);
    for (uint32_t r = 0; r < N; r++) {
        one.kind[r] = all.kind[r] = (struct fluid_kind){r + 1, 1};
    }
    for (uint32_t r = 0; r < N; r++) {
        fluid_kinetic_put(&one, r, r % 3, 10.0 + (r * 17) % N);
        fluid_kinetic_place(&all, r, r % 3, 10.0 + (r * 17) % N);
    }
    fluid_kinetic_build(&all);
    for (int64_t capacity = 0; capacity < 1000; capacity += 50) {
        const struct fluid_border a = fluid_kinetic_border(&one, capacity);
        const struct fluid_border b = fluid_kinetic_border(&all, capacity);
        assert_memory_equal(&a, &b, sizeof a);
        assert_close(fluid_kinetic_first(&one, a.border, 1).after_s,
                     fluid_kinetic_first(&all, a.border, 1).after_s, 0);
    }
    fluid_kinetic_fini(&one);
    fluid_kinetic_fini(&all);
}

static void test_running_out_of_memory_changes_nothing(void **state)
{
    struct fluid_kinetic k = {0};
    (void)state;
    assert_int_equal(fluid_kinetic_reset(&k, 3), SIM_OK);
    k.kind[2] = (struct fluid_kind){4, 1};
    fluid_kinetic_put(&k, 2, 1, 8);
    for (unsigned n = 1; n <= 2; n++) {
        alloc_fail_begin(n);
        assert_int_equal(fluid_kinetic_reset(&k, 100), SIM_ENOMEM);
        assert_true(alloc_fail_end());
        assert_close(fluid_kinetic_first(&k, 3, 0).after_s, 2, 0);
    }
    fluid_kinetic_fini(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_operations_at_all_sizes),
        cmocka_unit_test(test_placing_at_once_is_putting_one_by_one),
        cmocka_unit_test(test_running_out_of_memory_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
