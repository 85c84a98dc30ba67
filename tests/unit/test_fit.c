/* Fits: parameters come back, nothing nearby is likelier, AIC finds the family, bad samples are named. */
#include "tests/support/alloc_fail.h"
#include "tests/support/check.h"

#include "sim/fit/fit.h"
#include "sim/rng/dist.h"

#include <gsl/gsl_errno.h>
#include <stdlib.h>
#include <string.h>

enum { N = 2000 };

static const struct {
    const char *law;    /* draws the sample */
    const char *family; /* must find these parameters again */
    double parameter[SIM_FIT_PARAMETERS];
    bool is_least; /* AIC tells it from all others at this size */
} cases[] = {
    {"uniform(2, 5)", "uniform", {2, 5}, true},
    {"exponential(3)", "exponential", {3}, false},
    {"normal(10, 2)", "normal", {10, 2}, true},
    {"lognormal(median=4, sigma=0.7)", "lognormal", {4, 0.7}, true},
    {"gamma(2.5, 4)", "gamma", {2.5, 4}, true},
    {"weibull(0.6, 3)", "weibull", {0.6, 3}, true},
    {"pareto(0.8, 1, 50)", "pareto", {0.8, 1, 50}, true},
    {"triangular(1, 2, 6)", "triangular", {1, 2, 6}, true},
    {"mixture(exponential(mean=1) @ 0.6, exponential(mean=8) @ 0.4)",
     "mixture+exponential",
     {1, 8, 0.6},
     true},
    {"5 + exponential(3)", "shift+exponential", {5, 3}, false},
    {"5 + gamma(2, 3)", "shift+gamma", {5, 2, 3}, false},
    {"5 + weibull(2, 3)", "shift+weibull", {5, 2, 3}, false},
    {"5 + lognormal(median=2, sigma=0.8)", "shift+lognormal", {5, 2, 0.8}, true},
};

enum { N_CASES = sizeof cases / sizeof cases[0] };

static void draw(const char *law, double *value, size_t n)
{
    struct sim_dist *d;
    struct sim_error e;
    struct sim_stream s;
    assert_int_equal(sim_dist_parse(law, SIM_NUMBER, NULL, &d, &e), SIM_OK);
    sim_stream_open(&s, 11, 0, 0, 0, 0);
    for (size_t i = 0; i < n; i++) {
        value[i] = sim_dist_draw(d, &s);
    }
    sim_dist_destroy(d);
}

static struct sim_fit *fit(const double *value, size_t n)
{
    const struct sim_fit_options options = {.seed = 1};
    struct sim_fit *f = NULL;
    struct sim_error e = {SIM_OK, ""};
    if (sim_fit_create(value, n, &options, &f, &e) != SIM_OK) {
        fail_msg("%s", e.text);
    }
    return f;
}

static size_t row_of(const struct sim_fit *f, const char *family)
{
    for (size_t i = 0; i < sim_fit_n_rows(f); i++) {
        if (strcmp(sim_fit_row(f, i)->family, family) == 0) {
            return i;
        }
    }
    fail_msg("no row %s", family);
    return 0;
}

/* Four standard errors, or 2 % where theory gives none. */
static void test_parameters_come_back(void **state)
{
    static double value[N];
    (void)state;
    for (int c = 0; c < N_CASES; c++) {
        draw(cases[c].law, value, N);
        struct sim_fit *const f = fit(value, N);
        const size_t i = row_of(f, cases[c].family);
        const struct sim_fit_row *const row = sim_fit_row(f, i);
        assert_int_not_equal(row->method, SIM_FIT_EXCLUDED);
        for (size_t k = 0; k < row->n_parameters; k++) {
            const struct sim_fit_parameter *const p = &row->parameter[k];
            const double error =
                isnan(p->standard_error) ? 0.005 * fabs(p->value) : p->standard_error;
            if (!(fabs(p->value - cases[c].parameter[k]) <= 4 * error)) {
                fail_msg("%s: %s is %g (standard error %g), not %g", cases[c].law, p->name,
                         p->value, p->standard_error, cases[c].parameter[k]);
            }
        }
        if (cases[c].is_least) {
            assert_string_equal(sim_fit_row(f, 0)->family, cases[c].family);
        } else {
            assert_true(row->aic_difference < 10);
        }
        sim_fit_destroy(f);
    }
}

/* Within a few standard errors around the fit no parameters are likelier. */
static void test_nothing_nearby_is_likelier(void **state)
{
    static double value[N];
    struct sim_stream s;
    (void)state;
    sim_stream_open(&s, 5, 0, 0, 0, 0);
    for (int c = 0; c < N_CASES; c++) {
        draw(cases[c].law, value, N);
        struct sim_fit *const f = fit(value, N);
        const size_t i = row_of(f, cases[c].family);
        const struct sim_fit_row *const row = sim_fit_row(f, i);
        for (int trial = 0; trial < 200 && row->method == SIM_FIT_LIKELIHOOD; trial++) {
            double p[SIM_FIT_PARAMETERS];
            for (size_t k = 0; k < row->n_parameters; k++) {
                const double size = row->parameter[k].standard_error > 0
                                        ? row->parameter[k].standard_error
                                        : 0.01 * fabs(row->parameter[k].value);
                p[k] = row->parameter[k].value + size * 4 * (sim_stream_uniform(&s) - 0.5);
            }
            assert_true(sim_fit_log_likelihood(f, i, p) <=
                        row->log_likelihood + 1e-6 * fabs(row->log_likelihood));
        }
        assert_close(row->aic, 2 * (double)row->n_parameters - 2 * row->log_likelihood, 1e-12);
        sim_fit_destroy(f);
    }
}

/* Ten numbers: mean 5.5; the exponential's likelihood is -10 (ln 5.5 + 1); the logarithms' mean and sd. */
static void test_closed_forms_by_hand(void **state)
{
    double value[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    double mean_log = 0;
    (void)state;
    struct sim_fit *const f = fit(value, 10);
    const struct sim_fit_row *const exponential = sim_fit_row(f, row_of(f, "exponential"));
    assert_close(exponential->parameter[0].value, 5.5, 1e-12);
    assert_close(exponential->parameter[0].standard_error, 5.5 / sqrt(10), 1e-9);
    assert_close(exponential->log_likelihood, -10 * (log(5.5) + 1), 1e-12);
    const struct sim_fit_row *const lognormal = sim_fit_row(f, row_of(f, "lognormal"));
    for (int i = 0; i < 10; i++) {
        mean_log += log(value[i]) / 10;
    }
    assert_close(lognormal->parameter[0].value, exp(mean_log), 1e-12);
    const struct sim_fit_row *const uniform = sim_fit_row(f, row_of(f, "uniform"));
    assert_close(uniform->log_likelihood, -10 * log(9), 1e-12);
    const struct sim_fit_summary s = sim_fit_summary(f);
    assert_close(s.mean, 5.5, 1e-15);
    assert_close(s.median, 5.5, 1e-15);
    assert_int_equal(s.n_distinct, 10);
    sim_fit_destroy(f);
}

/* A fitted row, printed, is a law of the grammar whose quantiles are those of the row. */
static void test_printed_laws_are_read(void **state)
{
    static double value[N];
    (void)state;
    for (int c = 0; c < N_CASES; c++) {
        draw(cases[c].law, value, N);
        struct sim_fit *const f = fit(value, N);
        for (size_t i = 0; i < sim_fit_n_rows(f); i++) {
            char *text;
            size_t length;
            struct sim_dist *d;
            struct sim_error e;
            if (sim_fit_row(f, i)->method == SIM_FIT_EXCLUDED) {
                continue;
            }
            FILE *const out = open_memstream(&text, &length);
            sim_fit_print_law(f, i, "", out);
            fclose(out);
            if (sim_dist_parse(text, SIM_NUMBER, NULL, &d, &e) != SIM_OK) {
                fail_msg("%s: %s", text, e.text);
            }
            assert_near(sim_dist_quantile(d, 0.5), sim_fit_quantile(f, i, 0.5),
                        0.02 * fabs(sim_fit_quantile(f, i, 0.5)));
            sim_dist_destroy(d);
            free(text);
        }
        sim_fit_destroy(f);
    }
}

static void test_zeros_and_constants(void **state)
{
    double value[20] = {0, 0, 0};
    (void)state;
    for (int i = 3; i < 20; i++) {
        value[i] = i;
    }
    struct sim_fit *f = fit(value, 20);
    assert_int_equal(sim_fit_summary(f).n_zeros, 3);
    assert_int_equal(sim_fit_row(f, row_of(f, "lognormal"))->method, SIM_FIT_EXCLUDED);
    assert_non_null(sim_fit_row(f, row_of(f, "lognormal"))->reason);
    assert_int_equal(sim_fit_row(f, row_of(f, "exponential"))->method, SIM_FIT_LIKELIHOOD);
    sim_fit_destroy(f);
    for (int i = 0; i < 20; i++) {
        value[i] = 7;
    }
    f = fit(value, 20);
    assert_string_equal(sim_fit_row(f, 0)->family, "constant");
    sim_fit_destroy(f);
}

static void test_bad_samples_and_memory(void **state)
{
    static double value[40];
    const struct sim_fit_options options = {.seed = 1};
    struct sim_fit *f = NULL;
    struct sim_error e;
    (void)state;
    draw("gamma(2, 1)", value, 40);
    assert_int_equal(sim_fit_create(value, SIM_FIT_LEAST - 1, &options, &f, &e), SIM_EINVAL);
    value[3] = -1;
    assert_int_equal(sim_fit_create(value, 40, &options, &f, &e), SIM_EINVAL);
    value[3] = (double)INFINITY;
    assert_int_equal(sim_fit_create(value, 40, &options, &f, &e), SIM_EINVAL);
    value[3] = (double)NAN;
    assert_int_equal(sim_fit_create(value, 40, &options, &f, &e), SIM_EINVAL);
    value[3] = 1;
    assert_null(f);
    for (unsigned n = 1; n < 6 && alloc_fail_begin(n); n++) {
        const enum sim_err err = sim_fit_create(value, 40, &options, &f, &e);
        if (alloc_fail_end()) {
            assert_int_equal(err, SIM_ENOMEM);
            assert_null(f);
        } else {
            sim_fit_destroy(f);
            break;
        }
    }
    sim_fit_destroy(NULL);
}

enum { TOLD_MOST = 8 };

struct told {
    char name[TOLD_MOST][32];
    size_t n;
};

static void note_family(void *told, const char *name)
{
    struct told *const t = told;
    assert_true(t->n < TOLD_MOST);
    snprintf(t->name[t->n++], sizeof t->name[0], "%s", name);
}

/* The chosen ones, in the order of their table. */
static void test_who_asks_is_told_which_family_is_next(void **state)
{
    static double value[40];
    struct told told = {0};
    const struct sim_fit_options options = {
        .families = 1U << 1 | 1U << 3, .seed = 1, .on_family = note_family, .context = &told};
    struct sim_fit *f = NULL;
    struct sim_error e;
    (void)state;
    draw("gamma(2, 1)", value, 40);
    assert_int_equal(sim_fit_create(value, 40, &options, &f, &e), SIM_OK);
    sim_fit_destroy(f);
    assert_int_equal(told.n, 2);
    assert_string_equal(told.name[0], sim_fit_family_name(1));
    assert_string_equal(told.name[1], sim_fit_family_name(3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parameters_come_back),
        cmocka_unit_test(test_nothing_nearby_is_likelier),
        cmocka_unit_test(test_closed_forms_by_hand),
        cmocka_unit_test(test_printed_laws_are_read),
        cmocka_unit_test(test_zeros_and_constants),
        cmocka_unit_test(test_bad_samples_and_memory),
        cmocka_unit_test(test_who_asks_is_told_which_family_is_next),
    };
    gsl_set_error_handler_off();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
