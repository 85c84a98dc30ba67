/* Break-evens of known functions. */
#include "tests/support/check.h"

#include "sim/stat/break_even.h"

/* Extra cost ln(x / root), of constant half-width: zero at root, its ends at root exp(-+half_width). */
struct logarithm {
    double root, half_width;
    unsigned n_measured, fails_after;
};

static struct sim_interval logarithm_at(const struct logarithm *l, double x)
{
    return (struct sim_interval){log(x / l->root), l->half_width};
}

static enum sim_err measure_logarithm(void *self, double x, struct sim_interval *extra,
                                      struct sim_error *e)
{
    struct logarithm *const l = self;
    if (++l->n_measured > l->fails_after) {
        return sim_fail(e, SIM_ELIMIT, "enough");
    }
    *extra = logarithm_at(l, x);
    return SIM_OK;
}

enum { N_POINTS = 9 };

/* 1, 2, 4, ... 256 */
static enum sim_err find(struct logarithm *l, struct sim_break_even *out)
{
    struct sim_error e;
    struct sim_extra_cost point[N_POINTS];
    for (int i = 0; i < N_POINTS; i++) {
        const double x = ldexp(1, i);
        point[i] = (struct sim_extra_cost){x, logarithm_at(l, x)};
    }
    return sim_break_even_find(point, N_POINTS, measure_logarithm, l, out, &e);
}

static void test_root_and_interval_are_found_to_one_per_cent(void **state)
{
    const double roots[] = {1.5, 7.9, 16.001, 100, 250};
    (void)state;
    for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++) {
        struct logarithm l = {.root = roots[i], .half_width = 0.02, .fails_after = 1000};
        struct sim_break_even even;
        assert_int_equal(find(&l, &even), SIM_OK);
        assert_int_equal(even.crossing, SIM_CROSSING_FOUND);
        assert_close(even.x, roots[i], 0.01);
        assert_close(even.low, roots[i] * exp(-0.02), 0.01);
        assert_close(even.high, roots[i] * exp(0.02), 0.01);
        assert_true(l.n_measured <= 3 * 7); /* 2^7 > 100 ln 2 */
    }
}

/* Wide enough to leave the points: the ends are theirs. */
static void test_the_interval_stays_among_the_points(void **state)
{
    struct logarithm l = {.root = 16, .half_width = 20, .fails_after = 1000};
    struct sim_break_even even;
    (void)state;
    assert_int_equal(find(&l, &even), SIM_OK);
    assert_close(even.low, 1, 1e-12);
    assert_close(even.high, 256, 1e-12);
}

static void test_one_replication_has_a_root_and_no_interval(void **state)
{
    struct logarithm l = {.root = 7.9, .half_width = NAN, .fails_after = 1000};
    struct sim_break_even even;
    (void)state;
    assert_int_equal(find(&l, &even), SIM_OK);
    assert_close(even.x, 7.9, 0.01);
    assert_true(isnan(even.low) && isnan(even.high));
}

static void test_outside_the_points_nothing_is_measured(void **state)
{
    struct logarithm early = {.root = 0.5, .half_width = 0.02};
    struct logarithm late = {.root = 300, .half_width = 0.02};
    struct sim_break_even even;
    (void)state;
    assert_int_equal(find(&early, &even), SIM_OK);
    assert_int_equal(even.crossing, SIM_CROSSING_BELOW);
    assert_true(isnan(even.x) && isnan(even.low) && isnan(even.high));
    assert_int_equal(find(&late, &even), SIM_OK);
    assert_int_equal(even.crossing, SIM_CROSSING_ABOVE);
    assert_true(isnan(even.x));
    assert_int_equal(early.n_measured + late.n_measured, 0);
}

/* Costs -1 below 8.5 and +1 above: the edge is the break-even, and of both ends. */
static enum sim_err measure_step(void *self, double x, struct sim_interval *extra,
                                 struct sim_error *e)
{
    (void)self;
    (void)e;
    *extra = (struct sim_interval){x < 8.5 ? -1 : 1, 0.1};
    return SIM_OK;
}

static void test_a_step_is_found_at_its_edge(void **state)
{
    const struct sim_extra_cost point[] = {{1, {-1, 0.1}}, {100, {1, 0.1}}};
    struct sim_break_even even;
    struct sim_error e;
    (void)state;
    assert_int_equal(sim_break_even_find(point, 2, measure_step, NULL, &even, &e), SIM_OK);
    assert_close(even.x, 8.5, 0.01);
    assert_close(even.low, 8.5, 0.01);
    assert_close(even.high, 8.5, 0.01);
}

/* Whichever of the three searches it is in. */
static void test_an_error_ends_the_search(void **state)
{
    (void)state;
    for (unsigned n = 0; n < 21; n += 10) {
        struct logarithm l = {.root = 7.9, .half_width = 0.02, .fails_after = n};
        struct sim_break_even even;
        assert_int_equal(find(&l, &even), SIM_ELIMIT);
        assert_int_equal(l.n_measured, n + 1);
    }
}

static void find_among_none(void *self)
{
    struct sim_break_even even;
    struct sim_error e;
    (void)self;
    (void)!sim_break_even_find(NULL, 0, measure_step, NULL, &even, &e);
}

static void test_no_point_is_a_bug(void **state)
{
    (void)state;
    check_assert_fails(find_among_none, NULL, "n > 0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_root_and_interval_are_found_to_one_per_cent),
        cmocka_unit_test(test_the_interval_stays_among_the_points),
        cmocka_unit_test(test_one_replication_has_a_root_and_no_interval),
        cmocka_unit_test(test_outside_the_points_nothing_is_measured),
        cmocka_unit_test(test_a_step_is_found_at_its_edge),
        cmocka_unit_test(test_an_error_ends_the_search),
        cmocka_unit_test(test_no_point_is_a_bug),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
