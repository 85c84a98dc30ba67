/* Parameters come back, with power: over many samples the errors, each divided by the standard error that the fit
 * itself states, are spread as theory says. A bias of half a standard error, or standard errors wrong by a third, would
 * be seen. */
#include "tests/support/check.h"

#include "sim/fit/fit.h"
#include "sim/rng/dist.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <string.h>

enum { N_VALUES = 2000, N_SAMPLES = 150 };

/* How the standardised errors are spread: normal; exponential, for an end of the law's range, which is the
 * farthest value and so always inside; as nobody knows, where the density falls to 0 at an end: there the stated
 * ones must not be too small. */
enum spread { NORMAL, EXTREME, BOUNDED };

static const struct {
    const char *law, *family;
    struct {
        double value;
        enum spread spread;
    } parameter[SIM_FIT_PARAMETERS];
} cases[] = {
    {"uniform(2, 5)", "uniform", {{2, EXTREME}, {5, EXTREME}}},
    {"exponential(3)", "exponential", {{3, NORMAL}}},
    {"normal(10, 2)", "normal", {{10, NORMAL}, {2, NORMAL}}},
    {"normal(1, 2)", "normal", {{1, NORMAL}, {2, NORMAL}}},
    {"lognormal(median=4, sigma=0.7)", "lognormal", {{4, NORMAL}, {0.7, NORMAL}}},
    {"gamma(2.5, 4)", "gamma", {{2.5, NORMAL}, {4, NORMAL}}},
    {"weibull(0.6, 3)", "weibull", {{0.6, NORMAL}, {3, NORMAL}}},
    {"pareto(0.8, 1, 50)", "pareto", {{0.8, NORMAL}, {1, EXTREME}, {50, EXTREME}}},
    {"triangular(1, 2, 6)", "triangular", {{1, BOUNDED}, {2, NORMAL}, {6, BOUNDED}}},
    {"5 + exponential(3)", "shift+exponential", {{5, EXTREME}, {3, NORMAL}}},
    {"5 + gamma(4, 3)", "shift+gamma", {{5, NORMAL}, {4, NORMAL}, {3, NORMAL}}},
    {"5 + weibull(3, 3)", "shift+weibull", {{5, NORMAL}, {3, NORMAL}, {3, NORMAL}}},
    {"5 + lognormal(median=2, sigma=0.8)",
     "shift+lognormal",
     {{5, NORMAL}, {2, NORMAL}, {0.8, NORMAL}}},
    {"mixture(exponential(mean=1) @ 0.6, exponential(mean=8) @ 0.4)",
     "mixture+exponential",
     {{1, NORMAL}, {8, NORMAL}, {0.6, NORMAL}}},
    {"mixture(lognormal(median=2, sigma=0.4) @ 0.3, lognormal(median=20, sigma=0.6) @ 0.7)",
     "mixture",
     {{2, NORMAL}, {0.4, NORMAL}, {20, NORMAL}, {0.6, NORMAL}, {0.3, NORMAL}}},
};

enum { N_CASES = sizeof cases / sizeof cases[0] };

static uint32_t bit_of(const char *family)
{
    for (size_t i = 0; i < sim_fit_n_families(); i++) {
        if (strcmp(sim_fit_family_name(i), family) == 0) {
            return UINT32_C(1) << i;
        }
    }
    fail_msg("no family %s", family);
    return 0;
}

struct errors {
    double sum, size, squares; /* of standardised errors */
    unsigned n;
};

/* Draws sample `r` of case `c`, fits its family, and adds the standardised errors. */
static void add_sample(size_t c, uint32_t r, struct errors *e)
{
    static double value[N_VALUES];
    const struct sim_fit_options options = {.families = bit_of(cases[c].family), .seed = 1};
    struct sim_dist *d;
    struct sim_stream s;
    struct sim_fit *f;
    assert_int_equal(sim_dist_parse(cases[c].law, SIM_NUMBER, NULL, &d, NULL), SIM_OK);
    sim_stream_open(&s, 31, (uint32_t)c, 0, 0, r);
    for (size_t i = 0; i < N_VALUES; i++) {
        value[i] = sim_dist_draw(d, &s);
    }
    sim_dist_destroy(d);
    assert_int_equal(sim_fit_create(value, N_VALUES, &options, &f, NULL), SIM_OK);
    const struct sim_fit_row *const row = sim_fit_row(f, 0);
    assert_int_equal(row->method, SIM_FIT_LIKELIHOOD);
    for (size_t k = 0; k < row->n_parameters; k++) {
        const double z = (row->parameter[k].value - cases[c].parameter[k].value) /
                         row->parameter[k].standard_error;
        e[k].n += isfinite(z);
        if (isfinite(z)) {
            e[k].sum += z;
            e[k].size += fabs(z);
            e[k].squares += z * z;
        }
    }
    sim_fit_destroy(f);
}

/* Each of some 70 checks fails by chance with a probability of 1e-5. */
static bool is_right(enum spread spread, const struct errors *e)
{
    const double chance = 1e-5;
    const double n = N_SAMPLES;
    switch (spread) {
    case NORMAL:
        return fabs(e->sum) < gsl_cdf_ugaussian_Qinv(chance / 2) * sqrt(n) &&
               e->squares > gsl_cdf_chisq_Pinv(chance / 2, n) &&
               e->squares < gsl_cdf_chisq_Qinv(chance / 2, n);
    case EXTREME:
        return fabs(fabs(e->sum) - e->size) < 1e-9 * e->size && /* all on the inner side */
               e->size > gsl_cdf_gamma_Pinv(chance / 2, n, 1) &&
               e->size < gsl_cdf_gamma_Qinv(chance / 2, n, 1);
    case BOUNDED:
        return e->squares < gsl_cdf_chisq_Qinv(chance, n);
    }
    return false;
}

static void judge(size_t c, size_t k, const struct errors *e)
{
    printf("  %-18s %zu: mean %+.2f, mean square %.2f, mean size %.2f\n", cases[c].family, k,
           e->sum / N_SAMPLES, e->squares / N_SAMPLES, e->size / N_SAMPLES);
    if (e->n != N_SAMPLES || !is_right(cases[c].parameter[k].spread, e)) {
        fail_msg("%s, parameter %zu: errors are not what the fit says", cases[c].law, k);
    }
}

static void test_errors_are_as_large_as_stated(void **state)
{
    (void)state;
    for (size_t c = 0; c < N_CASES; c++) {
        struct errors e[SIM_FIT_PARAMETERS] = {{0, 0, 0, 0}};
        for (uint32_t r = 0; r < N_SAMPLES; r++) {
            add_sample(c, r, e);
        }
        for (size_t k = 0; k < SIM_FIT_PARAMETERS && cases[c].parameter[k].value > 0; k++) {
            judge(c, k, &e[k]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_errors_are_as_large_as_stated)};
    gsl_set_error_handler_off();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
