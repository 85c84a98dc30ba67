/* When replications are enough: worked by hand, and the share of intervals that hold the mean. */
#include "tests/support/check.h"

#include "study/precision.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

static struct scenario scenario_with(double relative, uint32_t min, uint32_t max)
{
    struct scenario s = {.confidence = 0.95};
    s.precision.relative = relative;
    s.precision.min = min;
    s.precision.max = max;
    return s;
}

/* 9, 11, 9, 11: mean 10, sd 1.1547, t(3, 0.975) = 3.18245; half-width 1.83739. g/(1 + g) of 10 is above that
 * from g = 0.2251 on. */
static void test_by_hand(void **state)
{
    static const double value[] = {9, 11, 9, 11};
    (void)state;
    struct scenario s = scenario_with(0.2252, 4, 100);
    assert_int_equal(precision_enough(&s, value, 1, 4, 4), 4);
    assert_int_equal(precision_enough(&s, value, 1, 4, 3), 0);
    s.precision.relative = 0.2250;
    assert_int_equal(precision_enough(&s, value, 1, 4, 4), 0);
    assert_int_equal(precision_next(&s, value, 1, 4, 4), 5);
    s.precision.relative =
        0.01; /* n would have to grow by the square of 18; half as many again at most */
    assert_int_equal(precision_next(&s, value, 1, 4, 4), 6);
    s.precision.max = 5;
    assert_int_equal(precision_next(&s, value, 1, 4, 4), 5);
}

/* Two figures: each interval is of confidence 0.975, t(3, 0.9875) = 4.17653, half-width 2.41132 of 10, which is
 * g/(1 + g) from g = 0.31774 on. The second figure is far more precise than that and changes nothing else. */
static void test_all_figures_count(void **state)
{
    static const double value[] = {9, 11, 9, 11, 100, 100, 100, 101};
    (void)state;
    struct scenario s = scenario_with(0.3178, 4, 100);
    assert_int_equal(precision_enough(&s, value, 2, 4, 4), 4);
    s.precision.relative = 0.3176;
    assert_int_equal(precision_enough(&s, value, 2, 4, 4), 0);
}

static void test_zero_and_never(void **state)
{
    static const double zeros[] = {0, 0, 0};
    static const double never[] = {1, HUGE_VAL, 1};
    (void)state;
    const struct scenario s = scenario_with(0.05, 3, 100);
    assert_int_equal(precision_enough(&s, zeros, 1, 3, 3), 3);
    assert_int_equal(precision_enough(&s, never, 1, 3, 3), 0);
}

static void test_names(void **state)
{
    char name[PRECISION_FIGURES][PRECISION_NAME];
    uint32_t n;
    struct sim_error e;
    char two[] = "full_max_s, user_minutes_lost";
    char none[] = " , ";
    char many[] = "a,b,c,d,e,f,g,h,i";
    struct scenario s = {.precision.figures = two};
    (void)state;
    assert_int_equal(precision_figures(&s, name, &n, &e), SIM_OK);
    assert_int_equal(n, 2);
    assert_string_equal(name[1], "user_minutes_lost");
    s.precision.figures = none;
    assert_int_equal(precision_figures(&s, name, &n, &e), SIM_EINVAL);
    s.precision.figures = many;
    assert_int_equal(precision_figures(&s, name, &n, &e), SIM_EINVAL);
}

/* Normal values of coefficient of variation 0.3, wanted to 10 %: the mean found is within 10 % of the true
 * one at least as often as the confidence says, but for what looking early costs. */
static void test_the_mean_is_as_precise_as_promised(void **state)
{
    enum { TRIALS = 2000, MOST = 300 };
    gsl_rng *const rng = gsl_rng_alloc(gsl_rng_taus2);
    const struct scenario s = scenario_with(0.1, 10, MOST);
    static double value[MOST];
    int precise = 0;
    (void)state;
    gsl_rng_set(rng, 5);
    for (int trial = 0; trial < TRIALS; trial++) {
        double sum = 0;
        for (int r = 0; r < MOST; r++) {
            value[r] = 100 + gsl_ran_gaussian(rng, 30);
        }
        const uint32_t n = precision_enough(&s, value, 1, MOST, MOST);
        assert_in_range(n, 10, MOST);
        for (uint32_t r = 0; r < n; r++) {
            sum += value[r];
        }
        precise += fabs(sum / n - 100) <= 10;
    }
    gsl_rng_free(rng);
    assert_in_range(precise, 0.92 * TRIALS, TRIALS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_all_figures_count),
        cmocka_unit_test(test_zero_and_never),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_the_mean_is_as_precise_as_promised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
