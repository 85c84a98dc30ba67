#include "tests/support/check.h"

#include "tests/theory/drive.h"

static void test_every_row_agrees_with_its_closed_form(void **state)
{
    (void)state;
    theory_drive(&theory_caps);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_row_agrees_with_its_closed_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
