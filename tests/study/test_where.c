/* Which points are wanted. */
#include "tests/support/check.h"

#include "study/where.h"

#include <string.h>

static const char *value_of(void *context, const char *key)
{
    (void)context;
    return strcmp(key, "users") == 0                ? "500"
           : strcmp(key, "balancer.hold_down") == 0 ? "2 min"
           : strcmp(key, "series_step") == 0        ? "10 s"
           : strcmp(key, "balancer.failover") == 0  ? "manual"
           : strcmp(key, "network.uplink") == 0     ? "100 Mbit/s"
                                                    : NULL;
}

static bool holds(const char *text)
{
    bool result = false;
    struct sim_error e;
    assert_int_equal(where_holds(text, value_of, NULL, &result, &e), SIM_OK);
    return result;
}

static void test_numbers_and_quantities(void **state)
{
    (void)state;
    assert_true(holds("users == 500"));
    assert_true(holds("users=500"));
    assert_false(holds("users < 500"));
    assert_true(holds("users <= 500"));
    assert_true(holds("2 + 3 * 4 == 14"));
    assert_true(holds("(2 + 3) * 4 == 20"));
    assert_true(holds("10 - 4 - 3 == 3"));
    assert_true(holds("100 / 5 / 2 == 10"));
    assert_true(holds("-3 < -2"));
    assert_true(holds("balancer.hold_down == 120 s"));
    assert_true(holds("balancer.hold_down > 1 min and balancer.hold_down < 0.1 h"));
    assert_true(holds("balancer.hold_down / series_step == 12"));
    assert_true(holds("network.uplink > 10 Mbit/s"));
    assert_true(holds("25 % * users == 125"));
}

static void test_words(void **state)
{
    (void)state;
    assert_true(holds("balancer.failover == manual"));
    assert_true(holds("balancer.failover != 'automatic'"));
    assert_false(holds("balancer.failover == \"automatic\""));
}

static void test_joined(void **state)
{
    (void)state;
    assert_true(holds("users > 1 or users < 1 and users == 3")); /* `and` binds tighter */
    assert_false(holds("(users > 1 or users < 1) and users == 3"));
    assert_true(holds("not users == 3"));
    assert_true(holds("not (users == 3 or users == 4)"));
    assert_true(holds("((users)) == (500)"));
    assert_true(holds("((users > 1))"));
}

static void says(const char *text, const char *words)
{
    bool result;
    struct sim_error e = {SIM_OK, ""};
    assert_int_equal(where_holds(text, value_of, NULL, &result, &e), SIM_EINVAL);
    if (strstr(e.text, words) == NULL) {
        fail_msg("'%s': '%s' lacks '%s'", text, e.text, words);
    }
}

static void test_what_is_wrong_is_told(void **state)
{
    char deep[400];
    (void)state;
    says("", "is expected");
    says("users", "a comparison");
    says("users >", "is expected");
    says("users > 1 1", "nothing more is expected");
    says("(users > 1", "is");
    says("servers.X.cores > 1", "no key of this scenario");
    says("servers.B.coers > 1", "; did you mean 'servers.B.cores'?");
    says("usres > 1", "and cannot be compared so; did you mean 'users'?");
    says("1 < 2 * usres", "'usres' is not a number; did you mean 'users'?");
    says("balancer.failover < 3", "is not a number");
    says("balancer.failover * 3 > 1", "is not a number");
    says("users == 'abc", "without an end");
    memset(deep, '(', sizeof deep - 1);
    deep[sizeof deep - 1] = '\0';
    says(deep, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_and_quantities),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_joined),
        cmocka_unit_test(test_what_is_wrong_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
