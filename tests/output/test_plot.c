/* gnuplot scripts: texts of the user cannot become commands. */
#include "tests/support/check.h"

#include "output/plot.h"

static void test_quotes_are_doubled(void **state)
{
    char quoted[32];
    (void)state;
    plot_quote(quoted, sizeof quoted, "it's");
    assert_string_equal(quoted, "it''s");
    plot_quote(quoted, 6, "''''''"); /* cut, but never in the middle of a pair */
    assert_string_equal(quoted, "''''");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quotes_are_doubled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
