/* Expectations: verdicts worked by hand, how often they are wrong, and what may be wrong with them. */
#include "tests/support/alloc_fail.h"
#include "tests/support/check.h"
#include "tests/support/scenario_text.h"

#include "models/world.h"
#include "study/expect.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <stdlib.h>
#include <string.h>

static struct judgement judge(double quantile, enum expect_relation relation, double limit,
                              const double value[], uint32_t n)
{
    const struct expectation x = {
        .unit = "s", .quantile = quantile, .relation = relation, .limit = limit};
    struct judgement j;
    assert_int_equal(expect_judge(&x, value, n, 0.95, &j), SIM_OK);
    return j;
}

static enum verdict of_mean(enum expect_relation relation, double limit, const double value[],
                            uint32_t n)
{
    return judge((double)NAN, relation, limit, value, n).verdict;
}

/* 9, 11, 9, 11: mean 10, sd 1.1547, t(3, 0.975) = 3.18245; the interval is 8.16261 to 11.83739. */
static void test_mean_by_hand(void **state)
{
    static const double v[] = {9, 11, 9, 11};
    (void)state;
    assert_int_equal(of_mean(EXPECT_LESS, 11.8374, v, 4), VERDICT_MET);
    assert_int_equal(of_mean(EXPECT_LESS, 11.8373, v, 4), VERDICT_UNDECIDED);
    assert_int_equal(of_mean(EXPECT_LESS, 8.1627, v, 4), VERDICT_UNDECIDED);
    assert_int_equal(of_mean(EXPECT_LESS, 8.1626, v, 4), VERDICT_MISSED);
    assert_int_equal(of_mean(EXPECT_GREATER, 8.1626, v, 4), VERDICT_MET);
    assert_int_equal(of_mean(EXPECT_GREATER, 8.1627, v, 4), VERDICT_UNDECIDED);
    assert_int_equal(of_mean(EXPECT_GREATER, 11.8374, v, 4), VERDICT_MISSED);
    const struct judgement j = judge((double)NAN, EXPECT_LESS, 10.5, v, 4);
    assert_near(j.low, 8.16261, 1e-5);
    assert_near(j.high, 11.83739, 1e-5);
    assert_int_equal(j.n, 4);
    assert_near(j.needs, 55, 0); /* 4 * (1.83739 / 0.5)^2 = 54.02 */
}

/* An interval of no width lies on the limit: the sign of equality decides. */
static void test_equality(void **state)
{
    static const double zeros[] = {0, 0, 0};
    (void)state;
    assert_int_equal(of_mean(EXPECT_AT_MOST, 0, zeros, 3), VERDICT_MET);
    assert_int_equal(of_mean(EXPECT_LESS, 0, zeros, 3), VERDICT_MISSED);
    assert_int_equal(of_mean(EXPECT_AT_LEAST, 0, zeros, 3), VERDICT_MET);
    assert_int_equal(of_mean(EXPECT_GREATER, 0, zeros, 3), VERDICT_MISSED);
}

static void test_never_and_not_measured(void **state)
{
    static const double never[] = {1, HUGE_VAL, 1};
    static const double some[] = {9, NAN, 11, 9, NAN, 11};
    static const double nothing[] = {NAN, NAN};
    static const double one[] = {5};
    (void)state;
    assert_int_equal(of_mean(EXPECT_LESS, 1e9, never, 3), VERDICT_MISSED);
    assert_int_equal(of_mean(EXPECT_GREATER, 1e9, never, 3), VERDICT_MET);
    assert_int_equal(judge((double)NAN, EXPECT_LESS, 12, some, 6).n, 4);
    assert_int_equal(of_mean(EXPECT_LESS, 12, some, 6), VERDICT_MET);
    assert_int_equal(of_mean(EXPECT_LESS, 12, nothing, 2), VERDICT_UNDECIDED);
    assert_int_equal(of_mean(EXPECT_LESS, 12, one, 1), VERDICT_UNDECIDED);
    assert_int_equal(judge(0.5, EXPECT_LESS, 12, nothing, 2).verdict, VERDICT_UNDECIDED);
}

/* 1 .. 100: the interval of the median is from the 40th to the 61st; of p95 from the 90th to the 100th. */
static void test_quantile_by_hand(void **state)
{
    double v[100];
    (void)state;
    for (int i = 0; i < 100; i++) {
        v[i] = (i * 37) % 100 + 1; /* each once, in disorder */
    }
    assert_int_equal(judge(0.5, EXPECT_AT_MOST, 61, v, 100).verdict, VERDICT_MET);
    assert_int_equal(judge(0.5, EXPECT_LESS, 61, v, 100).verdict, VERDICT_UNDECIDED);
    assert_int_equal(judge(0.5, EXPECT_LESS, 40, v, 100).verdict, VERDICT_MISSED);
    assert_int_equal(judge(0.5, EXPECT_AT_MOST, 40, v, 100).verdict, VERDICT_UNDECIDED);
    assert_int_equal(judge(0.95, EXPECT_AT_MOST, 100, v, 100).verdict, VERDICT_MET);
    const struct judgement few = judge(0.95, EXPECT_LESS, 1e6, v, 30);
    assert_int_equal(few.verdict, VERDICT_UNDECIDED); /* its upper end is open */
    assert_near(few.needs, 72, 0);
}

/* The true mean lies on the limit: "met" and "missed" are both wrong, and each is said in 2.5 % of the cases; five
 * standard deviations of the binomial. */
static void test_verdicts_are_wrong_as_often_as_said(void **state)
{
    enum { TRIALS = 20000, N = 10 };
    gsl_rng *const rng = gsl_rng_alloc(gsl_rng_taus2);
    int count[VERDICT_N] = {0};
    (void)state;
    gsl_rng_set(rng, 11);
    for (int trial = 0; trial < TRIALS; trial++) {
        double v[N];
        for (int r = 0; r < N; r++) {
            v[r] = 100 + gsl_ran_gaussian(rng, 30);
        }
        count[of_mean(EXPECT_LESS, 100, v, N)]++;
    }
    gsl_rng_free(rng);
    const double expected = 0.025 * TRIALS;
    const double spread = 5 * sqrt(expected * 0.975);
    assert_near(count[VERDICT_MET], expected, spread);
    assert_near(count[VERDICT_MISSED], expected, spread);
}

/* ---- Reading ---- */

static struct metric known[] = {{.name = "full_p95_s", .unit = "s"},
                                {.name = "user_minutes_lost", .unit = "min"},
                                {.name = "payload_byte", .unit = "byte"},
                                {.name = "desktop_slowdown", .unit = "1"},
                                {.name = "unfinished", .unit = "devices"}};
static const struct known_figures figures = {known, sizeof known / sizeof known[0], 0};

/* What is read of one expectation; its problems, if there are, go to text. */
static enum sim_err read(const char *text, struct expectation *x, char *said, size_t size)
{
    struct settings settings = {0};
    struct problems problems = {0};
    struct expectations all;
    const struct origin origin = {.kind = ORIGIN_OPTION, .source = "test"};
    assert_int_equal(settings_put(&settings, "expect.0", text, origin), SIM_OK);
    const enum sim_err err = expect_read(&settings, &figures, &all, &problems);
    if (err == SIM_OK) {
        assert_int_equal(all.n, 1);
        *x = all.item[0];
    }
    snprintf(said, size, "%s", problems.n > 0 ? problems.item[0].text : "");
    expect_fini(&all);
    problems_fini(&problems);
    settings_fini(&settings);
    return err;
}

static struct expectation sound(const char *text)
{
    char said[400];
    struct expectation x = {0};
    if (read(text, &x, said, sizeof said) != SIM_OK) {
        fail_msg("'%s': %s", text, said);
    }
    return x;
}

static void test_reading(void **state)
{
    (void)state;
    struct expectation x = sound("  full_p95_s   <  10  min ");
    assert_string_equal(x.text, "full_p95_s < 10 min");
    assert_string_equal(x.figure, "full_p95_s");
    assert_true(isnan(x.quantile));
    assert_int_equal(x.relation, EXPECT_LESS);
    assert_near(x.limit, 600, 0);
    x = sound("p99.5 of full_p95_s>=90s");
    assert_near(x.quantile, 0.995, 1e-15);
    assert_int_equal(x.relation, EXPECT_AT_LEAST);
    assert_near(x.limit, 90, 0);
    assert_near(sound("user_minutes_lost <= 2 h").limit, 120, 0); /* the figure is in minutes */
    assert_near(sound("payload_byte > 1 GB").limit, 1e9, 0);
    assert_near(sound("desktop_slowdown < 250 %").limit, 2.5, 0);
    assert_near(sound("desktop_slowdown < 2.5").limit, 2.5, 0);
    assert_near(sound("unfinished <= 3 devices").limit, 3, 0);
    assert_near(sound("unfinished <= 3").limit, 3, 0);
}

static void test_mistakes(void **state)
{
    static const struct {
        const char *text, *said;
    } cases[] = {
        {"ful_p95_s < 10 min", "no figure 'ful_p95_s'; did you mean 'full_p95_s'?"},
        {"xyz < 10 min", "no figure 'xyz'; figures are the columns of runs.csv"},
        {"full_p95_s < 10 MB", "'MB' is not a unit of time"},
        {"full_p95_s < 10", "'10' needs a unit of time"},
        {"payload_byte < 10 s", "'s' is not a unit of size"},
        {"desktop_slowdown < 10 s", "'s' after the share '10 ' is not understood"},
        {"unfinished < 3 apples", "'apples' is not its unit; it is in devices"},
        {"unfinished < many", "'many' is not a number"},
        {"full_p95_s = 3 s", "is not understood; an expectation is"},
        {"full_p95_s", "is not understood; an expectation is"},
        {"< 3 s", "is not understood; an expectation is"},
        {"", "is not understood; an expectation is"},
        {"p0 of full_p95_s < 3 s", "is not understood; an expectation is"},
        {"p100 of full_p95_s < 3 s", "is not understood; an expectation is"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char said[400];
        struct expectation x;
        assert_int_equal(read(cases[i].text, &x, said, sizeof said), SIM_EINVAL);
        if (strstr(said, cases[i].said) == NULL) {
            fail_msg("'%s': %s", cases[i].text, said);
        }
    }
}

/* A text longer than an expectation can be is no reason to write beyond it. */
static void test_long_text(void **state)
{
    char text[2000];
    char said[400];
    struct expectation x;
    (void)state;
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_int_equal(read(text, &x, said, sizeof said), SIM_EINVAL);
    memcpy(text, "full_p95_s < 10", 15);
    assert_int_equal(read(text, &x, said, sizeof said), SIM_EINVAL);
}

/* The figures that are promised before a run are those that a run has, and in this order. */
static void test_figures_are_those_of_a_run(void **state)
{
    struct scenario scenario;
    struct known_figures f = {0};
    struct run_result result;
    struct sim_error e;
    size_t n = 0;
    (void)state;
    scenario_from_text("users: 5\npoison: {documents: 2}\n", &scenario);
    assert_int_equal(figures_add(&f, &scenario, &e), SIM_OK);
    assert_int_equal(world_run(&scenario, 0, NULL, NULL, &result, &e), SIM_OK);
    struct metric *const metric = metrics_of(&result, &n);
    assert_int_equal(f.n, n);
    for (size_t i = 0; i < n; i++) {
        assert_string_equal(f.item[i].name, metric[i].name);
        assert_string_equal(f.item[i].unit, metric[i].unit);
    }
    assert_non_null(figures_find(&f, "crashes"));
    assert_int_equal(figures_add(&f, &scenario, &e), SIM_OK);
    assert_int_equal(f.n, n); /* twice is once */
    free(metric);
    run_result_fini(&result);
    figures_fini(&f);
    for (unsigned k = 1; alloc_fail_begin(k); k++) {
        const enum sim_err err = figures_add(&f, &scenario, &e);
        const bool has_failed = alloc_fail_end();
        figures_fini(&f);
        assert_true(err == SIM_OK || (has_failed && err == SIM_ENOMEM));
        if (!has_failed) {
            break;
        }
    }
    scenario_fini(&scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mean_by_hand),
        cmocka_unit_test(test_equality),
        cmocka_unit_test(test_never_and_not_measured),
        cmocka_unit_test(test_quantile_by_hand),
        cmocka_unit_test(test_verdicts_are_wrong_as_often_as_said),
        cmocka_unit_test(test_reading),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_long_text),
        cmocka_unit_test(test_figures_are_those_of_a_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
