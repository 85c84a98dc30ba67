#include "tests/support/check.h"

#include "sim/stat/tally.h"

static void test_moments_of_a_hand_worked_sample(void **state)
{
    const double values[] = {2, 4, 4, 4, 5, 5, 7, 9}; /* mean 5, sum of squares about it 32 */
    struct sim_tally t = {0};
    (void)state;
    for (size_t i = 0; i < 8; i++) {
        sim_tally_add(&t, values[i]);
    }
    assert_int_equal(t.n, 8);
    assert_close(t.mean, 5, 1e-15);
    assert_close(sim_tally_sum(&t), 40, 1e-15);
    assert_close(sim_tally_variance(&t), 32.0 / 7, 1e-15);
    assert_close(sim_tally_sd(&t), sqrt(32.0 / 7), 1e-15);
    assert_close(t.min, 2, 0);
    assert_close(t.max, 9, 0);
}

static void test_merge_equals_adding_all(void **state)
{
    struct sim_tally all = {0}, left = {0}, right = {0}, empty = {0};
    (void)state;
    for (int i = 0; i < 100; i++) {
        const double x = sin(i) * 1e3 + 1e6;
        sim_tally_add(&all, x);
        sim_tally_add(i < 37 ? &left : &right, x);
    }
    sim_tally_merge(&left, &right);
    sim_tally_merge(&left, &empty);
    sim_tally_merge(&empty, &left);
    assert_int_equal(empty.n, 100);
    assert_close(empty.mean, all.mean, 1e-15);
    assert_close(sim_tally_variance(&empty), sim_tally_variance(&all), 1e-12);
    assert_close(empty.min, all.min, 0);
    assert_close(empty.max, all.max, 0);
}

static void test_a_large_offset_loses_no_digits(void **state)
{
    struct sim_tally t = {0};
    (void)state;
    for (int i = 0; i < 1000; i++) {
        sim_tally_add(&t, 1e9 + i % 2); /* variance 1/4 * 1000/999 */
    }
    assert_close(sim_tally_variance(&t), 250.0 / 999, 1e-6);
}

static void test_too_few_values_have_no_variance(void **state)
{
    struct sim_tally t = {0};
    (void)state;
    assert_true(isnan(sim_tally_variance(&t)));
    sim_tally_add(&t, 3);
    assert_true(isnan(sim_tally_sd(&t)));
    assert_close(t.mean, 3, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_moments_of_a_hand_worked_sample),
        cmocka_unit_test(test_merge_equals_adding_all),
        cmocka_unit_test(test_a_large_offset_loses_no_digits),
        cmocka_unit_test(test_too_few_values_have_no_variance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
