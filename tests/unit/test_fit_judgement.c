/* What a fit says of itself: distance and its p-value against published tables, moments where the
 * likelihood fails, mixtures, and measured traces against figures of another program. */
#include "tests/support/check.h"

#include "sim/fit/fit_internal.h"
#include "sim/rng/dist.h"

#include <gsl/gsl_errno.h>
#include <stdlib.h>
#include <string.h>

static void draw(const char *law, uint32_t replication, double *value, size_t n)
{
    struct sim_dist *d;
    struct sim_error e;
    struct sim_stream s;
    assert_int_equal(sim_dist_parse(law, SIM_NUMBER, NULL, &d, &e), SIM_OK);
    sim_stream_open(&s, 21, 0, 0, 0, replication);
    for (size_t i = 0; i < n; i++) {
        value[i] = sim_dist_draw(d, &s);
    }
    sim_dist_destroy(d);
}

static uint32_t family_bit(const char *family)
{
    for (size_t i = 0; i < sim_fit_n_families(); i++) {
        if (strcmp(sim_fit_family_name(i), family) == 0) {
            return UINT32_C(1) << i;
        }
    }
    fail_msg("no family %s", family);
    return 0;
}

/* One family alone: row 0. */
static struct sim_fit *fit(const double *value, size_t n, const char *family, uint32_t n_boot)
{
    const struct sim_fit_options options = {
        .families = family_bit(family), .seed = 3, .n_boot = n_boot};
    struct sim_fit *f = NULL;
    struct sim_error e = {SIM_OK, ""};
    if (sim_fit_create(value, n, &options, &f, &e) != SIM_OK) {
        fail_msg("%s", e.text);
    }
    assert_int_equal(sim_fit_n_rows(f), 1);
    return f;
}

/* ---- The distance ---- */

/* Critical values: Kolmogorov's limit, and Miller (JASA 51, 1956) for 10 and 20 values. */
static void test_tail_against_tables(void **state)
{
    static const struct {
        double distance, p, tolerance;
        size_t n;
    } table[] = {{1.2238 / 1000, 0.10, 1e-4, 1000000},
                 {1.3581 / 1000, 0.05, 1e-4, 1000000},
                 {1.6276 / 1000, 0.01, 1e-4, 1000000},
                 {0.40925, 0.05, 2e-3, 10},
                 {0.48893, 0.01, 1e-3, 10},
                 {0.29408, 0.05, 2e-3, 20}};
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        assert_near(fit_ks_tail(table[i].distance, table[i].n), table[i].p, table[i].tolerance);
    }
    assert_close(fit_ks_tail(0, 100), 1, 0);
    assert_true(fit_ks_tail(0.9, 1000) < 1e-300);
}

/* Against uniform(0, 1): the empirical function jumps at 0.2 from 0 to 1/2 and at 0.9 to 1. */
static void test_distance_by_hand(void **state)
{
    static const double value[] = {0.2, 0.2, 0.9, 0.95};
    struct sim_dist *law;
    (void)state;
    assert_int_equal(sim_dist_parse("uniform(0, 1)", SIM_NUMBER, NULL, &law, NULL), SIM_OK);
    assert_close(fit_ks_distance(value, 4, law), 0.4, 1e-15); /* just below 0.9 */
    sim_dist_destroy(law);
}

/* Stephens (JASA 69, 1974), table 1A: critical values of modified distances with the parameters
 * taken from the sample. */
static const double levels[] = {0.15, 0.10, 0.05, 0.01};
static const double exponential_critical[] = {0.926, 0.990, 1.094, 1.308};
static const double normal_critical[] = {0.775, 0.819, 0.895, 1.035};

/* Does p lie where the table puts the distance? Twenty hits give a p within a factor of 2. */
static void assert_agrees(const struct sim_fit_row *row, double modified, const double *critical)
{
    const double slack = 2;
    assert_int_equal(row->ks_p_kind, SIM_FIT_P_BOOTSTRAP);
    for (int i = 0; i < 4; i++) {
        if (modified >= critical[i]) {
            assert_true(row->ks_p < levels[i] * slack);
        } else {
            assert_true(row->ks_p > levels[i] / slack);
        }
    }
}

static void test_bootstrap_against_tables(void **state)
{
    enum { N_VALUES = 100, N_SAMPLES = 25, N_BOOT = 999 };
    const double root = sqrt(N_VALUES);
    double value[N_VALUES];
    unsigned n_judged = 0;
    (void)state;
    for (uint32_t i = 0; i < N_SAMPLES; i++) {
        draw("gamma(1.3, 2)", i, value, N_VALUES);
        struct sim_fit *f = fit(value, N_VALUES, "exponential", N_BOOT);
        const struct sim_fit_row *row = sim_fit_row(f, 0);
        if (row->ks_p_kind == SIM_FIT_P_BOOTSTRAP) {
            assert_agrees(row, (row->ks_distance - 0.2 / N_VALUES) * (root + 0.26 + 0.5 / root),
                          exponential_critical);
            assert_true(row->ks_p < fit_ks_tail(row->ks_distance, N_VALUES));
            n_judged++;
        }
        sim_fit_destroy(f);
        f = fit(value, N_VALUES, "lognormal", N_BOOT);
        row = sim_fit_row(f, 0);
        if (row->ks_p_kind == SIM_FIT_P_BOOTSTRAP) {
            assert_agrees(row, row->ks_distance * (root - 0.01 + 0.85 / root), normal_critical);
            n_judged++;
        }
        sim_fit_destroy(f);
    }
    assert_true(n_judged > N_SAMPLES);
}

static void test_same_seed_same_p(void **state)
{
    double value[60];
    double p[2];
    (void)state;
    draw("gamma(2, 1)", 0, value, 60);
    for (int i = 0; i < 2; i++) {
        struct sim_fit *const f = fit(value, 60, "gamma", 99);
        p[i] = sim_fit_row(f, 0)->ks_p;
        assert_true(sim_fit_row(f, 0)->n_boot > 0);
        sim_fit_destroy(f);
    }
    assert_true(p[0] == p[1]);
}

/* ---- Families that need care ---- */

static void test_mixture_comes_back(void **state)
{
    enum { N_VALUES = 2000 };
    static const double wanted[] = {2, 0.4, 20, 0.6, 0.3};
    static double value[N_VALUES];
    (void)state;
    draw("mixture(lognormal(median=2, sigma=0.4) @ 0.3, lognormal(median=20, sigma=0.6) @ 0.7)", 0,
         value, N_VALUES);
    struct sim_fit *const f = fit(value, N_VALUES, "mixture", 0);
    const struct sim_fit_row *const row = sim_fit_row(f, 0);
    assert_int_equal(row->n_parameters, 5);
    for (int k = 0; k < 5; k++) {
        assert_true(row->parameter[k].standard_error > 0);
        assert_near(row->parameter[k].value, wanted[k], 4 * row->parameter[k].standard_error);
    }
    sim_fit_destroy(f);
}

/* Two exponentials are not found where there is one, nor in values that vary less than one. */
static void test_one_exponential_is_not_two(void **state)
{
    enum { N_VALUES = 2000 };
    static const char *const laws[] = {"exponential(3)", "gamma(2, 1)", "uniform(1, 2)"};
    static double value[N_VALUES];
    (void)state;
    for (int i = 0; i < 3; i++) {
        draw(laws[i], 0, value, N_VALUES);
        struct sim_fit *const f = fit(value, N_VALUES, "mixture+exponential", 0);
        assert_int_equal(sim_fit_row(f, 0)->method, SIM_FIT_EXCLUDED);
        assert_string_equal(sim_fit_row(f, 0)->reason,
                            "one exponential does as well: there are no two in these values");
        sim_fit_destroy(f);
    }
}

/* A shape below 1 is infinitely dense at the shift: no maximum of the likelihood inside. The moments
 * take over where they ask for a shift below the least value; in sample 0 they ask for more. */
static void test_moments_where_the_likelihood_fails(void **state)
{
    enum { N_VALUES = 2000 };
    static double value[N_VALUES];
    (void)state;
    draw("5 + gamma(0.9, 3)", 3, value, N_VALUES);
    struct sim_fit *f = fit(value, N_VALUES, "shift+gamma", 0);
    const struct sim_fit_row *row = sim_fit_row(f, 0);
    double mean = 0;
    for (int i = 0; i < N_VALUES; i++) {
        mean += value[i] / N_VALUES;
    }
    assert_int_equal(row->method, SIM_FIT_MOMENTS);
    assert_string_equal(row->reason,
                        "the likelihood grows without bound as the shift nears the least value");
    assert_close(row->parameter[0].value + row->parameter[1].value * row->parameter[2].value, mean,
                 1e-9);
    assert_near(row->parameter[1].value, 0.9, 0.1);
    assert_true(isnan(row->parameter[1].standard_error));
    sim_fit_destroy(f);

    draw("5 + gamma(0.9, 3)", 0, value, N_VALUES);
    f = fit(value, N_VALUES, "shift+gamma", 0);
    row = sim_fit_row(f, 0);
    assert_int_equal(row->method, SIM_FIT_EXCLUDED);
    assert_non_null(strstr(row->reason, "the likelihood has no maximum, and the moments"));
    sim_fit_destroy(f);
}

/* Samples at the edge of what numbers hold: fitted or excluded, no endless search. */
static void test_odd_samples(void **state)
{
    static const double samples[][10] = {
        {1, 1, 1, 1, 1, 1, 1, 1, 1, 1.0000000000000002},
        {1e-300, 1e-200, 1e-100, 1, 1e50, 1e100, 1e150, 1e200, 1e250, 1e300},
        {1e308, 1.1e308, 1.2e308, 1.3e308, 1.4e308, 1.5e308, 1.6e308, 1.7e308, 1.71e308, 1.72e308},
        {5e-324, 1e-323, 1.5e-323, 2e-323, 2.5e-323, 3e-323, 4e-323, 5e-323, 6e-323, 7e-323},
        {0, 0, 0, 0, 0, 0, 0, 0, 0, 1},
        {1, 1, 1, 1, 1, 2, 2, 2, 2, 2}};
    const struct sim_fit_options options = {.seed = 1, .n_boot = 20};
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        struct sim_fit *f = NULL;
        struct sim_error e;
        assert_int_equal(sim_fit_create(samples[i], 10, &options, &f, &e), SIM_OK);
        assert_int_equal(sim_fit_n_rows(f), sim_fit_n_families());
        sim_fit_destroy(f);
    }
}

/* ---- Measured traces ---- */

/* A file of one column, values above 0. */
static double *read_positive(const char *path, size_t *n)
{
    enum { MOST = 20000 };
    char line[256];
    double *const value = calloc(MOST, sizeof *value);
    FILE *const file = fopen(path, "r");
    *n = 0;
    assert_non_null(value);
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    while (fgets(line, sizeof line, file) != NULL && *n < MOST) {
        value[*n] = strtod(line, NULL);
        *n += value[*n] > 0;
    }
    fclose(file);
    return value;
}

struct published {
    const char *family;
    double parameter[2], log_likelihood;
};

/* SciPy 1.10.1: mean and sd of the logarithms; gamma.fit with floc=0; brentq on the equation of the
 * Weibull shape; minimize by Nelder-Mead on the truncated normal. */
static void assert_published(const char *path, size_t n_wanted, const struct published *rows,
                             size_t n_rows)
{
    size_t n;
    double *const value = read_positive(path, &n);
    assert_int_equal(n, n_wanted);
    for (size_t i = 0; i < n_rows; i++) {
        struct sim_fit *const f = fit(value, n, rows[i].family, 0);
        const struct sim_fit_row *const row = sim_fit_row(f, 0);
        for (int k = 0; k < 2; k++) {
            assert_close(row->parameter[k].value, rows[i].parameter[k], 2e-5);
        }
        assert_near(row->log_likelihood, rows[i].log_likelihood, 1e-3);
        sim_fit_destroy(f);
    }
    free(value);
}

static void test_norway(void **state)
{
    static const struct published rows[] = {
        {"lognormal", {1.408823, 0.596934}, -20523.6334},
        {"gamma", {3.1070754230577995, 0.5371608584007836}, -20563.068372079568},
        {"weibull", {1.81104492, 1.88772986}, -21068.218669},
        {"normal", {1.39015892, 1.19949018}, -21987.66658141622}};
    (void)state;
    assert_published("tests/data/norway_3g.csv", 16475, rows, 4);
}

static void test_belgium(void **state)
{
    static const struct published rows[] = {
        {"lognormal", {24.969293, 0.768599}, -77846.5155},
        {"gamma", {2.6054081001473306, 11.752576853834436}, -75136.76988490063},
        {"weibull", {1.8920097773642515, 34.33825793595574}, -74454.2970665523},
        {"normal", {28.02779902, 18.68341893}, -74286.04848583833}};
    (void)state;
    assert_published("tests/data/belgium_4g.csv", 17800, rows, 4);
}

/* ---- As text ---- */

/* How a family is written is its form; what its parameters are called decides nothing but their names. */
static void test_form_is_no_matter_of_names(void **state)
{
    static const char *const expected[][2] = {
        {"constant", "1 s"},
        {"exponential", "exponential(other=1) s"},
        {"shift+exponential", "1 s + exponential(other=2) s"},
        {"mixture+exponential",
         "mixture(exponential(other=1) @ 0.2500, exponential(other=2) @ 0.7500) s"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        size_t k = 0;
        while (strcmp(fit_families[k].name, expected[i][0]) != 0) {
            k++;
        }
        struct fit_family family = fit_families[k];
        const struct fit_result r = {SIM_FIT_LIKELIHOOD, NULL, {1, 2, 0.25}, {0}, 0};
        char *text = NULL;
        size_t size = 0;
        FILE *const out = open_memstream(&text, &size);
        assert_non_null(out);
        for (size_t q = 0; q < family.n; q++) {
            family.parameter[q].name = "other";
        }
        fit_print(&family, &r, true, "s", out);
        fclose(out);
        assert_string_equal(text, expected[i][1]);
        free(text);
    }
}

/* A hundred values from 1e9 on: with six digits all would fall outside of the law. */
static void test_far_from_zero_more_digits_are_printed(void **state)
{
    enum { N = 100 };
    double x[N];
    struct sim_fit *fit = NULL;
    unsigned n_placed = 0;
    (void)state;
    for (int i = 0; i < N; i++) {
        x[i] = 1e9 + i;
    }
    const struct sim_fit_options options = {.seed = 1};
    assert_int_equal(sim_fit_create(x, N, &options, &fit, NULL), SIM_OK);
    for (size_t i = 0; i < sim_fit_n_rows(fit); i++) {
        const struct sim_fit_row *const row = sim_fit_row(fit, i);
        if (strcmp(row->family, "triangular") == 0 || strcmp(row->family, "uniform") == 0) {
            assert_true(row->ks_distance < 0.5);
            n_placed++;
        }
    }
    assert_int_equal(n_placed, 2);
    sim_fit_destroy(fit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tail_against_tables),
        cmocka_unit_test(test_distance_by_hand),
        cmocka_unit_test(test_bootstrap_against_tables),
        cmocka_unit_test(test_same_seed_same_p),
        cmocka_unit_test(test_far_from_zero_more_digits_are_printed),
        cmocka_unit_test(test_mixture_comes_back),
        cmocka_unit_test(test_one_exponential_is_not_two),
        cmocka_unit_test(test_moments_where_the_likelihood_fails),
        cmocka_unit_test(test_odd_samples),
        cmocka_unit_test(test_form_is_no_matter_of_names),
        cmocka_unit_test(test_norway),
        cmocka_unit_test(test_belgium),
    };
    gsl_set_error_handler_off();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
