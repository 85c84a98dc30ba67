/* Factors: which estimates a scenario stands on, and scenarios at the ends of their ranges. */
/* strcasestr() */
#define _GNU_SOURCE
#include "tests/support/check.h"

#include "models/factor.h"
#include "tests/support/scenario_text.h"

#include <stdlib.h>
#include <string.h>

static void test_every_estimate_has_a_range(void **state)
{
    (void)state;
    for (int i = 0; i < SCHEMA_N_SECTIONS; i++) {
        for (size_t k = 0; k < schema_sections[i]->n_rows; k++) {
            const struct schema_row *const row = &schema_sections[i]->rows[k];
            if (row->source == SOURCE_ESTIMATE && (row->low == NULL || row->high == NULL)) {
                fail_msg("%s is an estimate without a range", row->key);
            }
        }
    }
    for (size_t i = 0; i < schema_n_builtins; i++) {
        if (schema_builtins[i].source == SOURCE_ESTIMATE && schema_builtins[i].low == NULL) {
            fail_msg("%s is an estimate without a range", schema_builtins[i].path);
        }
    }
}

/* What a citation says of itself must be the source that the row names. */
static void check_citation(const char *key, enum schema_source source, const char *citation)
{
    static const char *const words[] = {"estimate",  "guess",     "assum",          "plausible",
                                        "not found", "no figure", "none published", "nobody knows"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (source != SOURCE_ESTIMATE && strcasestr(citation, words[i]) != NULL) {
            fail_msg("%s is called '%s', but its citation says '%s': %s", key,
                     schema_source_name(source), words[i], citation);
        }
    }
}

static void test_what_is_guessed_is_called_an_estimate(void **state)
{
    (void)state;
    for (int i = 0; i < SCHEMA_N_SECTIONS; i++) {
        for (size_t k = 0; k < schema_sections[i]->n_rows; k++) {
            const struct schema_row *const row = &schema_sections[i]->rows[k];
            check_citation(row->key, row->source, row->citation);
        }
    }
    for (size_t i = 0; i < schema_n_builtins; i++) {
        const struct schema_builtin *const b = &schema_builtins[i];
        check_citation(b->path, b->source, b->citation);
    }
}

static const struct factor *find(const struct factor *factors, size_t n, const char *key)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(factors[i].key, key) == 0) {
            return &factors[i];
        }
    }
    return NULL;
}

/* Applies one end and builds the scenario; it must be valid. */
static void vary(const struct factor *f, enum factor_end end, const struct settings *settings,
                 const struct scenario *scenario, struct scenario *variant)
{
    struct settings changed;
    struct problems problems = {0};
    assert_int_equal(settings_copy(settings, &changed), SIM_OK);
    assert_int_equal(factor_apply(f, end, scenario, &changed), SIM_OK);
    const enum sim_err err = scenario_from_settings(&changed, variant, &problems);
    problems_print(&problems, stderr);
    assert_int_equal(err, SIM_OK);
    problems_fini(&problems);
    settings_fini(&changed);
}

static void test_both_ends_of_every_factor_are_valid_scenarios(void **state)
{
    struct settings settings;
    struct scenario scenario;
    struct factor *factors;
    size_t n;
    (void)state;
    settings_from_text("schema: 1\n", &settings, &scenario);
    assert_int_equal(factors_of(&settings, &scenario, &factors, &n), SIM_OK);
    assert_true(n > 50);
    for (size_t i = 0; i < 2 * n; i++) {
        struct scenario variant;
        vary(&factors[i / 2], (enum factor_end)(i % 2), &settings, &scenario, &variant);
        scenario_fini(&variant);
    }
    free(factors);
    scenario_fini(&scenario);
    settings_fini(&settings);
}

static void test_a_share_takes_from_the_others_in_proportion(void **state)
{
    struct settings settings;
    struct scenario scenario;
    struct scenario variant;
    struct factor *factors;
    size_t n;
    (void)state;
    settings_from_text("schema: 1\n", &settings, &scenario);
    assert_int_equal(factors_of(&settings, &scenario, &factors, &n), SIM_OK);
    vary(find(factors, n, "devices.classes.edge.share"), FACTOR_HIGH, &settings, &scenario,
         &variant);
    const struct device_class *const c = variant.devices.device_class;
    assert_string_equal(c[0].name, "edge");
    assert_near(c[0].share, 0.45, 1e-15);
    assert_near(c[1].share, 0.225 * 0.55 / 0.75, 1e-15);
    assert_near(c[4].share, 0.15 * 0.55 / 0.75, 1e-15);
    scenario_fini(&variant);
    free(factors);
    scenario_fini(&scenario);
    settings_fini(&settings);
}

static void test_what_a_scenario_says_is_no_factor(void **state)
{
    struct settings settings;
    struct scenario scenario;
    struct scenario variant;
    struct factor *factors;
    size_t n;
    (void)state;
    settings_from_text("schema: 1\nnetwork: {uplink: 50 Mbit/s}\nservers: {A: {cores: 8}, B: {}}\n"
                       "devices: {classes: {all: {share: 1}}}\n",
                       &settings, &scenario);
    assert_int_equal(factors_of(&settings, &scenario, &factors, &n), SIM_OK);
    assert_null(find(factors, n, "network.uplink"));
    assert_null(find(factors, n, "devices.classes.edge.rate"));
    assert_non_null(find(factors, n, "devices.classes.NAME.rate"));
    vary(find(factors, n, "servers.NAME.cores"), FACTOR_HIGH, &settings, &scenario, &variant);
    assert_int_equal(variant.server[0].host.cores, 8); /* given: stays */
    assert_int_equal(variant.server[1].host.cores, 32);
    scenario_fini(&variant);
    free(factors);
    scenario_fini(&scenario);
    settings_fini(&settings);
}

static void between_is(const char *low, const char *high, const struct schema_row *row,
                       double place, const char *expected)
{
    char text[256];
    const struct factor f = {.end = {low, high}, .row = row};
    factor_between(&f, place, text, sizeof text);
    assert_string_equal(text, expected);
}

static void test_values_between_the_ends(void **state)
{
    const struct schema_row time = {.type = SCHEMA_QUANTITY, .dimension = SIM_TIME};
    const struct schema_row rate = {.type = SCHEMA_RATE64, .dimension = SIM_RATE};
    const struct schema_row count = {.type = SCHEMA_COUNT, .dimension = SIM_NUMBER};
    const struct schema_row law = {.type = SCHEMA_DISTRIBUTION, .dimension = SIM_TIME};
    (void)state;
    between_is("10 s", "20 s", &time, 0.25, "12.5 s");
    between_is("0 s", "5 min", &time, 0.5, "150 s"); /* from 0 there is no logarithm */
    between_is("1 s", "100 s", &time, 0.5, "10 s");
    between_is("100 s", "1 s", &time, 0.5, "10 s");
    between_is("2 Mbit/s", "200 Mbit/s", &rate, 0.5, "20000000 bit/s");
    between_is("1 bit/s", "2 bit/s", &rate, 0.4, "1 bit/s");
    between_is("2", "8", &count, 0.4, "4");
    between_is("uniform(0, 1) s", "uniform(5, 20) s", &law, 0.5, "uniform(2.5, 10.5) s");
    between_is("exponential(10 min)", "exponential(2 h)", &law, 1, "exponential(7200 s)");
    between_is("50 ms + lognormal(median=50, sigma=0.6) ms",
               "90 ms + lognormal(median=70, sigma=0.6) ms", &law, 0.5,
               "0.07 s + lognormal(median=60, sigma=0.6) ms");
    between_is("1 s", "uniform(0, 1) s", &law, 0.49, "1 s"); /* not of one form: the nearer end */
    between_is("1 s", "uniform(0, 1) s", &law, 0.5, "uniform(0, 1) s");
}

/* All at once: at the ends and in the middle, the scenario is valid but for pairs that exclude each other. */
static void test_all_factors_placed_at_once(void **state)
{
    struct settings settings;
    struct scenario scenario;
    struct factor *factors;
    double place[200];
    size_t n;
    (void)state;
    settings_from_text("schema: 1\n", &settings, &scenario);
    assert_int_equal(factors_of(&settings, &scenario, &factors, &n), SIM_OK);
    assert_true(n < 200);
    for (int i = 0; i <= 4; i++) {
        struct settings changed;
        struct scenario variant;
        struct problems problems = {0};
        double sum = 0;
        for (size_t k = 0; k < n; k++) {
            place[k] = i / 4.0;
        }
        assert_int_equal(settings_copy(&settings, &changed), SIM_OK);
        assert_int_equal(factors_place(factors, n, place, &scenario, &changed), SIM_OK);
        const enum sim_err err = scenario_from_settings(&changed, &variant, &problems);
        problems_print(&problems, stderr);
        if (i > 0) { /* the weakest disks do not carry the desktop users: told, not crashed */
            assert_int_equal(err, SIM_OK);
            for (uint32_t c = 0; c < variant.devices.n_classes; c++) {
                sum += variant.devices.device_class[c].share;
            }
            assert_near(sum, 1, 1e-12);
        }
        problems_fini(&problems);
        scenario_fini(&variant);
        settings_fini(&changed);
    }
    free(factors);
    scenario_fini(&scenario);
    settings_fini(&settings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_estimate_has_a_range),
        cmocka_unit_test(test_what_is_guessed_is_called_an_estimate),
        cmocka_unit_test(test_both_ends_of_every_factor_are_valid_scenarios),
        cmocka_unit_test(test_a_share_takes_from_the_others_in_proportion),
        cmocka_unit_test(test_what_a_scenario_says_is_no_factor),
        cmocka_unit_test(test_values_between_the_ends),
        cmocka_unit_test(test_all_factors_placed_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
