/* Presets: each is a scenario, and says of every value where it comes from. */
#include "tests/support/alloc_fail.h"
#include "tests/support/check.h"

#include "models/preset.h"
#include "models/scenario_load.h"

#include <stdio.h>
#include <string.h>

static void test_each_is_a_scenario(void **state)
{
    (void)state;
    assert_true(n_presets >= 5);
    for (size_t i = 0; i < n_presets; i++) {
        char path[128];
        struct settings settings = {0};
        struct scenario scenario;
        struct problems problems = {0};
        snprintf(path, sizeof path, "preset/%s", presets[i].name);
        assert_ptr_equal(preset_find(path), &presets[i]);
        assert_int_equal(strlen(presets[i].text), presets[i].length);
        assert_int_equal(scenario_load(path, NULL, 0, &settings, &scenario, &problems), SIM_OK);
        assert_int_equal(problems.n, 0);
        assert_string_equal(scenario.title, presets[i].title);
        assert_int_equal(settings.given_length, presets[i].length);
        assert_memory_equal(settings.given, presets[i].text, presets[i].length);
        scenario_fini(&scenario);
        settings_fini(&settings);
        problems_fini(&problems);
    }
}

/* "key: value # literature: ...": the kind of source, and the source. */
static bool has_source(const char *line)
{
    static const char *const kinds[] = {"documented", "literature", "estimate", "convention"};
    const char *const comment = strstr(line, " # ");
    for (size_t i = 0; comment != NULL && i < sizeof kinds / sizeof kinds[0]; i++) {
        const size_t length = strlen(kinds[i]);
        if (strncmp(comment + 3, kinds[i], length) == 0) {
            return strncmp(comment + 3 + length, ": ", 2) == 0 && strlen(comment) > length + 8;
        }
    }
    return false;
}

/* Lines without a value of the world: comments, the names of mappings, how the scenario is called. */
static bool needs_source(const char *line)
{
    const size_t indent = strspn(line, " ");
    const size_t length = strlen(line);
    return line[indent] != '\0' && line[indent] != '#' && line[length - 1] != ':' &&
           strncmp(line, "title: ", 7) != 0 && strncmp(line, "extends: ", 9) != 0;
}

static size_t count_sources(const struct preset *preset)
{
    size_t n = 0;
    for (const char *p = preset->text; *p != '\0';) {
        char line[512];
        const size_t length = strcspn(p, "\n");
        snprintf(line, sizeof line, "%.*s", (int)length, p);
        if (needs_source(line)) {
            n++;
            if (!has_source(line)) {
                fail_msg("%s: no source: %s", preset->name, line);
            }
        }
        p += length + (p[length] == '\n');
    }
    return n;
}

static void test_each_value_has_a_source(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_presets; i++) {
        assert_true(count_sources(&presets[i]) >= 2);
    }
    assert_false(has_source("users: 5"));
    assert_false(has_source("users: 5 # guessed: by me and somebody else"));
    assert_false(has_source("users: 5 # estimate:"));
}

static void test_unknown_names(void **state)
{
    char text[256];
    (void)state;
    assert_null(preset_find("preset/"));
    assert_null(preset_find("preset/traveler-2012"));
    assert_null(preset_find("traveler-2011"));
    assert_false(preset_is_named("./preset/traveler-2011"));
    preset_unknown_text("traveler-2012", text, sizeof text);
    assert_string_equal(text, "there is no preset 'traveler-2012'; did you mean 'traveler-2011'? "
                              "'primestorm presets' lists them");
    preset_unknown_text("x", text, sizeof text);
    assert_string_equal(text, "there is no preset 'x'; 'primestorm presets' lists them");
}

/* A preset that stands on another one; whichever allocation fails, it is an error. */
static void test_running_out_of_memory(void **state)
{
    unsigned n_failures = 0;
    (void)state;
    for (unsigned n = 1; alloc_fail_begin(n); n++) {
        struct settings settings = {0};
        struct scenario scenario;
        struct problems problems = {0};
        const enum sim_err err =
            scenario_load("preset/groupwise", NULL, 0, &settings, &scenario, &problems);
        const bool has_failed = alloc_fail_end();
        assert_int_equal(err, has_failed ? SIM_ENOMEM : SIM_OK);
        n_failures += has_failed;
        scenario_fini(&scenario);
        settings_fini(&settings);
        problems_fini(&problems);
        if (!has_failed) {
            break;
        }
    }
    assert_in_range(n_failures, 100, 100000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_is_a_scenario),
        cmocka_unit_test(test_each_value_has_a_source),
        cmocka_unit_test(test_unknown_names),
        cmocka_unit_test(test_running_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
