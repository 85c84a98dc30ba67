/* Factors: which estimates a scenario stands on, and scenarios at the ends of their ranges. */
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_estimate_has_a_range),
        cmocka_unit_test(test_both_ends_of_every_factor_are_valid_scenarios),
        cmocka_unit_test(test_a_share_takes_from_the_others_in_proportion),
        cmocka_unit_test(test_what_a_scenario_says_is_no_factor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
