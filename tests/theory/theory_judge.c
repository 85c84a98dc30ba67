/* The judging itself: a wrong closed form must be found out, a right one must not. */
#include "tests/support/check.h"

#include "models/theory/theory.h"

/* The sum of 1000 uniform numbers, in one row; 7, in the other. */
static enum sim_err simulate_numbers(const void *unused, uint64_t seed, uint32_t replication,
                                     struct theory_value value[])
{
    struct sim_stream s;
    (void)unused;
    sim_stream_open(&s, seed, 0, THEORY_SIZE, 0, replication);
    for (int i = 0; i < 1000; i++) {
        value[0].sum += sim_stream_uniform(&s);
        value[0].weight += 1;
    }
    value[1] = (struct theory_value){7, 1};
    return SIM_OK;
}

static void judge(double mean, double seven, struct theory_result result[])
{
    const struct theory_program program = {
        "numbers", simulate_numbers,
        NULL,      40,
        2,         {RANDOM("mean", "1/2", mean), IDENTITY("seven", "7", seven)}};
    assert_int_equal(theory_run(&program, 1, result), SIM_OK);
}

static void test_right_values_agree(void **state)
{
    struct theory_result result[THEORY_MAX_ROWS];
    (void)state;
    judge(0.5, 7, result);
    assert_true(result[0].agrees);
    assert_true(result[1].agrees);
}

/* The standard error is 1/sqrt(12 * 40000) = 0.0014, so 0.52 lies 14 of them away. */
static void test_wrong_values_do_not(void **state)
{
    struct theory_result result[THEORY_MAX_ROWS];
    (void)state;
    judge(0.52, 7 + 1e-10, result);
    assert_false(result[0].agrees);
    assert_true(result[0].z < -10);
    assert_false(result[1].agrees);
}

/* By tables, Student's 97.5 % quantile with 39 degrees of freedom is 2.0227. */
static void test_intervals_and_critical_values_are_students(void **state)
{
    struct theory_result result[THEORY_MAX_ROWS];
    (void)state;
    judge(0.5, 7, result);
    const double error = result[0].half_width / 2.0227;
    assert_true(fabs((result[0].simulated - 0.5) / error - result[0].z) < 1e-3);
    assert_true(result[0].critical > 4 && result[0].critical < 5);
    assert_true(fabs(theory_row_error() * (double)theory_n_judged() - 0.01) < 1e-15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_right_values_agree),
        cmocka_unit_test(test_wrong_values_do_not),
        cmocka_unit_test(test_intervals_and_critical_values_are_students),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
