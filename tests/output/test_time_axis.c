/* Time axes: the unit people would choose, few ticks, an end that is not far away. */
#include "tests/support/check.h"

#include "output/time_axis.h"
#include "output/time_unit.h"

#include <math.h>

#include <string.h>

static void test_units_and_ticks(void **state)
{
    static const struct {
        double end_s;
        const char *unit;
        double tick, end;
    } wanted[] = {
        {0.05, "seconds", 0.1, 0.1},  {20, "seconds", 5, 20},
        {120, "seconds", 20, 120},    {121, "minutes", 0.5, 2.5},
        {25 * 60, "minutes", 5, 25},  {25 * 60 + 1, "minutes", 5, 30},
        {90 * 60, "minutes", 15, 90}, {10800, "minutes", 30, 180},
        {10801, "hours", 0.5, 3.5},   {12 * 3600, "hours", 2, 12},
        {72 * 3600, "hours", 12, 72}, {72 * 3600 + 1, "days", 0.5, 3.5},
        {8640000, "days", 20, 100},
    };
    (void)state;
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        const struct time_axis axis = time_axis_until(wanted[i].end_s);
        assert_string_equal(axis.unit, wanted[i].unit);
        assert_close(axis.tick, wanted[i].tick, 1e-12);
        assert_close(axis.end, wanted[i].end, 1e-12);
    }
}

/* Whatever the end: it is on the axis, at most a tick before its end, and the ticks are at most eight. */
static void test_every_end_is_near_the_end_of_its_axis(void **state)
{
    (void)state;
    for (int k = 0; k < 6918; k++) { /* to 1e7 s */
        const double end_s = 0.01 * pow(1.003, k);
        const struct time_axis axis = time_axis_until(end_s);
        const double end = end_s / axis.unit_s;
        const double ticks = axis.end / axis.tick;
        assert_true(axis.end >= end * (1 - 1e-12));
        assert_true(axis.end < end + axis.tick * (1 + 1e-12));
        assert_true(ticks > 0.999 && ticks < 8.001);
        assert_near(ticks, round(ticks), 1e-9);
    }
}

/* Texts and axes agree: the border belongs to the smaller unit, on either side of zero. */
static void test_a_time_has_one_unit(void **state)
{
    static const struct {
        double time_s;
        const char *symbol;
    } wanted[] = {{0, "s"},     {-120, "s"},   {120.001, "min"}, {-10800, "min"},
                  {10801, "h"}, {259200, "h"}, {259201, "d"},    {INFINITY, "d"}};
    (void)state;
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        assert_string_equal(time_unit_of(wanted[i].time_s).symbol, wanted[i].symbol);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_units_and_ticks),
        cmocka_unit_test(test_a_time_has_one_unit),
        cmocka_unit_test(test_every_end_is_near_the_end_of_its_axis),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
