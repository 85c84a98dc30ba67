/* The values of one key. */
#include "tests/support/alloc_fail.h"
#include "tests/support/check.h"

#include "study/axis.h"

#include <stdio.h>
#include <string.h>

static const char *values_of(const char *key, const char *text)
{
    static char joined[4096];
    struct axis x = {.key = strdup(key)};
    struct sim_error e = {SIM_OK, ""};
    const enum sim_err err = axis_add(&x, text, &e);
    size_t used = 0;
    joined[0] = '\0';
    for (size_t i = 0; i < x.n && used < sizeof joined; i++) {
        used += (size_t)snprintf(joined + used, sizeof joined - used, "%s%s", i > 0 ? "|" : "",
                                 x.value[i]);
    }
    axis_fini(&x);
    if (err != SIM_OK) {
        snprintf(joined, sizeof joined, "%s", e.text);
    }
    return joined;
}

static void test_lists_and_ranges(void **state)
{
    (void)state;
    assert_string_equal(values_of("users", "1, 2,8"), "1|2|8");
    assert_string_equal(values_of("users", "1..4"), "1|2|3|4");
    assert_string_equal(values_of("users", "1..10 step 4"), "1|5|9");
    assert_string_equal(values_of("users", "1..3, 7, 10..12"), "1|2|3|7|10|11|12");
    assert_string_equal(values_of("users", "log 1..1000 points 4"), "1|10|100|1000");
    assert_string_equal(values_of("users", "log 1..4 points 9"), "1|2|3|4"); /* each once */
    assert_string_equal(values_of("balancer.hold_down", "1..2 min points 3"),
                        "1 min|1.5 min|2 min");
    assert_string_equal(values_of("balancer.hold_down", "1 s..2 s step 0.5 s"), "1 s|1.5 s|2 s");
    assert_string_equal(values_of("devices.per_user", "0..0.3 step 0.1"), "0|0.1|0.2|0.3");
    assert_string_equal(values_of("users", "-2..0"),
                        "-2|-1|0"); /* refused later, by the scenario */
    assert_string_equal(values_of("x", "uniform(0, 1) s, constant(2 s)"),
                        "uniform(0, 1) s|constant(2 s)");
    assert_string_equal(values_of("x", "empirical(../a.csv)"), "empirical(../a.csv)");
    assert_string_equal(values_of("x", "full"), "full");
}

static void test_what_is_wrong_is_told(void **state)
{
    (void)state;
    assert_non_null(strstr(values_of("users", "5..1"), "from the smaller to the larger"));
    assert_non_null(strstr(values_of("users", "1 s..5 min"), "not understood"));
    assert_non_null(strstr(values_of("users", "1..5 step 0"), "not understood"));
    assert_non_null(strstr(values_of("users", "1..5 points 2.5"), "whole number"));
    assert_non_null(strstr(values_of("users", "log 1..5"), "how many points"));
    assert_non_null(strstr(values_of("users", "1..9000000"), "at most 1000000"));
    assert_non_null(strstr(values_of("users", "1,"), "a value is missing"));
}

static void test_without_memory(void **state)
{
    (void)state;
    for (unsigned n = 1; alloc_fail_begin(n); n++) {
        struct axis x = {0};
        struct sim_error e;
        char key[] = "users";
        x.key = key;
        const enum sim_err err = axis_add(&x, "1..40", &e);
        const bool has_failed = alloc_fail_end();
        x.key = NULL;
        axis_fini(&x);
        assert_int_equal(err, has_failed ? SIM_ENOMEM : SIM_OK);
        if (!has_failed) {
            break;
        }
    }
}

static const char *at(const char *key, const char *text, double share)
{
    static char value[64];
    struct sim_error e;
    if (axis_in_span(key, text, share, value, sizeof value, &e) != SIM_OK) {
        snprintf(value, sizeof value, "!%.60s", e.text);
    }
    return value;
}

static void test_places_in_a_range(void **state)
{
    (void)state;
    assert_string_equal(at("balancer.hold_down", "10 s..20 s", 0), "10 s");
    assert_string_equal(at("balancer.hold_down", "10..20 s", 0.25), "12.5 s");
    assert_string_equal(at("balancer.hold_down", "log 1..100 min", 0.5), "10 min");
    assert_string_equal(at("devices.per_user", "1..2", 1 / 3.0), "1.33333");
    /* Four whole numbers have a quarter each; in the logarithm, 1 has half of 1..3 and 2 and 3 what remains. */
    assert_string_equal(at("users", "1..4", 0.249), "1");
    assert_string_equal(at("users", "1..4", 0.251), "2");
    assert_string_equal(at("users", "1..4", nextafter(1, 0)), "4");
    assert_string_equal(at("users", "log 1..3", 0.499), "1");
    assert_string_equal(at("users", "log 1..3", 0.501), "2");
    assert_string_equal(at("users", "log 1..3", 0.79), "2"); /* log 3 / log 4 = 0.792 */
    assert_string_equal(at("users", "log 1..3", 0.80), "3");
    assert_string_equal(at("users", "5..5", 0.7), "5");
    assert_int_equal(at("users", "4..1", 0.5)[0], '!');
    assert_int_equal(at("users", "log 0..4", 0.5)[0], '!');
    assert_int_equal(at("users", "1..4 points 2", 0.5)[0], '!');
    assert_int_equal(at("users", "1..4, 7", 0.5)[0], '!');
    assert_int_equal(at("users", "7", 0.5)[0], '!');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lists_and_ranges),
        cmocka_unit_test(test_places_in_a_range),
        cmocka_unit_test(test_what_is_wrong_is_told),
        cmocka_unit_test(test_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
