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
        "numbers",
        "numbers",
        simulate_numbers,
        NULL,
        NULL,
        40,
        2,
        {RANDOM("mean", "1/2", mean), IDENTITY("seven", "7", seven)}};
    assert_int_equal(theory_run(&program, 1, NULL, result), SIM_OK);
}

static void test_right_values_agree(void **state)
{
    struct theory_result result[THEORY_MAX_ROWS];
    (void)state;
    judge(0.5, 7, result);
    assert_int_equal(result[0].verdict, THEORY_AGREES);
    assert_int_equal(result[1].verdict, THEORY_AGREES);
}

/* The standard error is 1/sqrt(12 * 40000) = 0.0014, so 0.52 lies 14 of them away. */
static void test_wrong_values_do_not(void **state)
{
    struct theory_result result[THEORY_MAX_ROWS];
    (void)state;
    judge(0.52, 7 + 1e-10, result);
    assert_int_equal(result[0].verdict, THEORY_DISAGREES);
    assert_true(result[0].z < -10);
    assert_int_equal(result[1].verdict, THEORY_DISAGREES);
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

static struct theory_program numbers(uint32_t replications, double mean)
{
    return (struct theory_program){"numbers",
                                   "numbers",
                                   simulate_numbers,
                                   NULL,
                                   NULL,
                                   replications,
                                   1,
                                   {RANDOM("mean", "1/2", mean)}};
}

/* With 40 replications and 108 rows an error of 5.8 to 6.2 standard errors is seen. */
static void test_sight_is_counted_in_standard_errors(void **state)
{
    struct theory_result result[THEORY_MAX_ROWS];
    const struct theory_program program = numbers(40, 0.5);
    (void)state;
    assert_int_equal(theory_run(&program, 1, NULL, result), SIM_OK);
    const double error = result[0].half_width / 2.0227;
    assert_near(result[0].sight * 0.5 / error, result[0].critical + 1.685, 0.01);
}

/* What a row claims to see it does see: an exact value wrong by 6.1 standard errors, the sight of 40
 * replications, is found in 95 of 100 runs (of 400: 380, sd 4.4). */
static void test_an_error_as_large_as_the_sight_is_found(void **state)
{
    struct theory_result result[THEORY_MAX_ROWS];
    const struct theory_program sound = numbers(40, 0.5);
    unsigned n_found = 0;
    double sight = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= 400; seed++) {
        assert_int_equal(theory_run(&sound, seed, NULL, result), SIM_OK);
        sight += result[0].sight / 400;
    }
    const struct theory_program wrong = numbers(40, 0.5 * (1 + sight));
    for (uint64_t seed = 1; seed <= 400; seed++) {
        assert_int_equal(theory_run(&wrong, seed, NULL, result), SIM_OK);
        n_found += result[0].verdict == THEORY_DISAGREES;
    }
    assert_in_range(n_found, 350, 395);
}

/* Two replications of the sum of 1000 numbers: Student's critical value with one degree of freedom. */
static void test_a_row_that_cannot_see_is_blind(void **state)
{
    struct theory_result result[THEORY_MAX_ROWS];
    const struct theory_program program = numbers(2, 0.5);
    (void)state;
    assert_int_equal(theory_run(&program, 1, NULL, result), SIM_OK);
    assert_true(fabs(result[0].z) < result[0].critical);
    assert_true(result[0].sight > THEORY_WORST_SIGHT);
    assert_int_equal(result[0].verdict, THEORY_BLIND);
}

/* Of a unit each time, as a loss is: 0 of 1000 in each of 40 replications. */
static enum sim_err simulate_nothing(const void *unused, uint64_t seed, uint32_t replication,
                                     struct theory_value value[])
{
    (void)unused;
    (void)seed;
    (void)replication;
    value[0] = value[1] = (struct theory_value){0, 1000};
    return SIM_OK;
}

static void test_what_never_happens_is_missed_or_too_rare(void **state)
{
    struct theory_result result[THEORY_MAX_ROWS];
    const struct theory_program program = {
        "nothing",
        "nothing",
        simulate_nothing,
        NULL,
        NULL,
        40,
        2,
        {RANDOM("often", "1/1000", 1e-3), RANDOM("seldom", "1e-10", 1e-10)}};
    (void)state;
    assert_int_equal(theory_run(&program, 1, NULL, result), SIM_OK);
    assert_close(result[0].z, -sqrt(40), 1e-12);
    assert_int_equal(result[0].verdict, THEORY_DISAGREES);
    assert_int_equal(result[1].verdict, THEORY_BLIND);
}

static void count(void *self)
{
    ++*(int *)self;
}

static void test_a_watch_is_told_of_each_replication(void **state)
{
    int n = 0;
    struct theory_result result[THEORY_MAX_ROWS];
    const struct theory_program program = numbers(40, 0.5);
    (void)state;
    assert_int_equal(theory_run(&program, 1, &(struct theory_watch){count, &n}, result), SIM_OK);
    assert_int_equal(n, 40);
}

static void test_labels_are_words(void **state)
{
    const struct theory_program program = {
        "key", "", NULL, NULL, NULL, 1, 2, {RANDOM("E[T | 3 s]", "", 1), RANDOM("P_K", "", 1)}};
    char label[THEORY_LABEL_SIZE];
    (void)state;
    theory_label(&program, 0, label);
    assert_string_equal(label, "key/E-T-3-s");
    theory_label(&program, 1, label);
    assert_string_equal(label, "key/P_K");
}

static void test_every_label_is_used_once(void **state)
{
    static char label[400][THEORY_LABEL_SIZE];
    size_t n = 0;
    (void)state;
    for (int g = 0; g < THEORY_N_GROUPS; g++) {
        for (size_t p = 0; p < theory_groups[g]->n_programs; p++) {
            for (size_t i = 0; i < theory_groups[g]->programs[p].n_rows; i++) {
                assert_in_range(n, 0, 399);
                theory_label(&theory_groups[g]->programs[p], i, label[n]);
                for (size_t k = 0; k < n; k++) {
                    assert_string_not_equal(label[k], label[n]);
                }
                n++;
            }
        }
    }
    assert_in_range(n, 140, 400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_right_values_agree),
        cmocka_unit_test(test_wrong_values_do_not),
        cmocka_unit_test(test_intervals_and_critical_values_are_students),
        cmocka_unit_test(test_sight_is_counted_in_standard_errors),
        cmocka_unit_test(test_an_error_as_large_as_the_sight_is_found),
        cmocka_unit_test(test_a_row_that_cannot_see_is_blind),
        cmocka_unit_test(test_what_never_happens_is_missed_or_too_rare),
        cmocka_unit_test(test_a_watch_is_told_of_each_replication),
        cmocka_unit_test(test_labels_are_words),
        cmocka_unit_test(test_every_label_is_used_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
