/* Procedure KN: its constants, its decisions by hand, and its guarantee. */
#include "tests/support/check.h"

#include "sim/rng/dist.h"
#include "sim/stat/interval.h"
#include "sim/stat/selection.h"

/* Computed with 40 digits. */
static void test_constants(void **state)
{
    (void)state;
    assert_close(sim_selection_h2(2, 0.95, 20), 5.21122472836, 1e-11);
    assert_close(sim_selection_h2(6, 0.95, 20), 9.68088504241, 1e-11);
    assert_close(sim_selection_h2(10, 0.95, 20), 11.5114845387, 1e-11);
}

static void test_bad_arguments(void **state)
{
    struct sim_selection *s;
    (void)state;
    assert_int_equal(sim_selection_create(1, 0.95, 1, 20, &s), SIM_EINVAL);
    assert_int_equal(sim_selection_create(2, 0.5, 1, 20, &s), SIM_EINVAL);
    assert_int_equal(sim_selection_create(2, 1, 1, 20, &s), SIM_EINVAL);
    assert_int_equal(sim_selection_create(2, 0.95, 0, 20, &s), SIM_EINVAL);
    assert_int_equal(sim_selection_create(2, 0.95, (double)NAN, 20, &s), SIM_EINVAL);
    assert_int_equal(sim_selection_create(2, 0.95, 1, 1, &s), SIM_EINVAL);
    sim_selection_destroy(NULL);
}

/* With differences that do not vary (S = 0) the bound is 0 at once: the decision falls at n0. */
static void test_sure_difference_is_decided_at_n0(void **state)
{
    struct sim_selection *s;
    (void)state;
    assert_int_equal(sim_selection_create(3, 0.95, 1, 4, &s), SIM_OK);
    for (int r = 0; r < 4; r++) {
        const double value[] = {r + 2.0, r, r + 0.001};
        assert_false(sim_selection_is_decided(s));
        sim_selection_add(s, value);
    }
    assert_true(sim_selection_is_decided(s));
    assert_int_equal(sim_selection_best(s), 1);
    assert_false(sim_selection_is_in(s, 0));
    assert_false(sim_selection_is_in(s, 2));
    assert_int_equal(sim_selection_n_rounds(s), 4);
    sim_selection_destroy(s);
}

static void test_equal_systems_come_to_an_end(void **state)
{
    struct sim_selection *s;
    (void)state;
    assert_int_equal(sim_selection_create(2, 0.95, 1, 5, &s), SIM_OK);
    for (int r = 0; r < 5; r++) {
        sim_selection_add(s, (const double[]){7, 7});
    }
    assert_true(sim_selection_is_decided(s));
    assert_int_equal(sim_selection_best(s), 0);
    sim_selection_destroy(s);
}

/* n0 = 2, differences 1 and 3: S^2 = 2, k = 2, a = 0.05: eta = ((0.1)^-2 - 1)/2 = 49.5, h2 = 99. With d = 1
 * the bound at round r is (198 - r)/2: at r = 2 the sum 4 is below 98; later rounds of difference 10 make
 * the sum 4 + 10 (r - 2), which passes (198 - r)/2 first at r = 11 (94 > 93.5). */
static void test_bound_by_hand(void **state)
{
    struct sim_selection *s;
    (void)state;
    assert_int_equal(sim_selection_create(2, 0.95, 1, 2, &s), SIM_OK);
    sim_selection_add(s, (const double[]){1, 0});
    sim_selection_add(s, (const double[]){3, 0});
    while (!sim_selection_is_decided(s)) {
        sim_selection_add(s, (const double[]){10, 0});
    }
    assert_int_equal(sim_selection_n_rounds(s), 11);
    assert_int_equal(sim_selection_best(s), 1);
    sim_selection_destroy(s);
}

enum { SYSTEMS = 5, RACES = 400 };

/* The hardest case the guarantee covers: all others worse by exactly the indifference. */
static bool race(const struct sim_dist *noise, uint32_t number)
{
    struct sim_selection *s;
    struct sim_stream stream;
    sim_stream_open(&stream, 1, number, 0, 0, 0);
    assert_int_equal(sim_selection_create(SYSTEMS, 0.95, 0.5, 10, &s), SIM_OK);
    while (!sim_selection_is_decided(s)) {
        double value[SYSTEMS];
        for (int i = 0; i < SYSTEMS; i++) {
            value[i] = sim_dist_draw(noise, &stream) + (i == 3 ? 0 : 0.5);
        }
        sim_selection_add(s, value);
    }
    const bool is_right = sim_selection_best(s) == 3;
    sim_selection_destroy(s);
    return is_right;
}

static void test_guarantee_holds(void **state)
{
    struct sim_dist *noise;
    struct sim_error e;
    uint64_t n_right = 0;
    double low;
    double high;
    (void)state;
    /* mean 100: truncation at 0 is 100 standard deviations away */
    assert_int_equal(sim_dist_parse("normal(100, 1)", SIM_NUMBER, NULL, &noise, &e), SIM_OK);
    for (uint32_t i = 0; i < RACES; i++) {
        n_right += race(noise, i);
    }
    sim_dist_destroy(noise);
    /* At 99.9 % confidence the share of right choices may not be shown to be below 95 %. */
    sim_interval_proportion(n_right, RACES, 0.998, &low, &high);
    assert_true(high >= 0.95);
    assert_true(n_right < RACES); /* else the case is too easy to say anything */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_constants),
        cmocka_unit_test(test_bad_arguments),
        cmocka_unit_test(test_sure_difference_is_decided_at_n0),
        cmocka_unit_test(test_equal_systems_come_to_an_end),
        cmocka_unit_test(test_bound_by_hand),
        cmocka_unit_test(test_guarantee_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
