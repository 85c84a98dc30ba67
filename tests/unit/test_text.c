/* Numbers as text, near words, units. */
#include "tests/support/check.h"

#include "sim/base/text.h"
#include "sim/base/units.h"
#include "sim/rng/stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void assert_double_text(double value, const char *expected)
{
    char text[SIM_DOUBLE_TEXT];
    assert_int_equal(sim_double_text(text, value), strlen(expected));
    assert_string_equal(text, expected);
}

static void test_shortest_texts(void **state)
{
    (void)state;
    assert_double_text(0, "0");
    assert_double_text(-0.0, "-0");
    assert_double_text(0.1, "0.1");
    assert_double_text(1.0 / 3, "0.3333333333333333");
    assert_double_text(0.1 + 0.2, "0.30000000000000004");
    assert_double_text(100, "100");
    assert_double_text(-12345678, "-12345678");
    assert_double_text(1e15, "1e+15");
    assert_double_text(999999999999999, "999999999999999");
    assert_double_text(1e300, "1e+300");
    assert_double_text(5e-324, "4.94065645841247e-324");
    assert_double_text(HUGE_VAL, "inf");
    assert_double_text(-HUGE_VAL, "-inf");
}

static void test_texts_read_back_and_are_shortest(void **state)
{
    struct sim_stream s;
    (void)state;
    sim_stream_open(&s, 12, 0, 0, 0, 0);
    for (int i = 0; i < 20000; i++) {
        const uint64_t bits = (uint64_t)sim_stream_word(&s) << 32 | sim_stream_word(&s);
        char text[SIM_DOUBLE_TEXT];
        char shorter[SIM_DOUBLE_TEXT];
        double value;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value)) {
            continue;
        }
        sim_double_text(text, value);
        assert_true(strtod(text, NULL) == value);
        /* 15 digits always stand; what took 17 needs them */
        snprintf(shorter, sizeof shorter, "%.16g", value);
        assert_true(strlen(text) <= strlen(shorter) || strtod(shorter, NULL) != value);
    }
}

/* As the C library finds it by trial. */
static void assert_as_by_trial(double value)
{
    char expected[SIM_DOUBLE_TEXT];
    char text[SIM_DOUBLE_TEXT];
    int digits = 15;
    do {
        snprintf(expected, sizeof expected, "%.*g", digits, value);
    } while (digits++ < 17 && strtod(expected, NULL) != value);
    const size_t length = sim_double_text(text, value);
    if (strcmp(text, expected) != 0 || length != strlen(expected)) {
        fail_msg("%.17g becomes '%s', not '%s'", value, text, expected);
    }
}

/* Usual magnitudes: any digits, few digits and the doubles beside those, sums of tenths, powers of two. */
static void test_texts_are_those_of_the_library(void **state)
{
    struct sim_stream s;
    (void)state;
    sim_stream_open(&s, 13, 0, 0, 0, 0);
    for (int i = 0; i < 200000; i++) {
        const double sign = i % 2 == 0 ? 1 : -1;
        const double any = sign * pow(10, -5 + 21 * sim_stream_uniform(&s));
        const double step = pow(10, floor(16 * sim_stream_uniform(&s)) - 12);
        const double few = floor(1e4 * sim_stream_uniform(&s)) * step;
        assert_as_by_trial(any);
        assert_as_by_trial(few);
        assert_as_by_trial(nextafter(few, HUGE_VAL));
        assert_as_by_trial(nextafter(few, 0));
        assert_as_by_trial(few + any);
        assert_as_by_trial(i * 0.1);
        assert_as_by_trial(1 / (i + 1.0));
    }
    for (int power = -60; power < 60; power++) {
        assert_as_by_trial(ldexp(1, power));
        assert_as_by_trial(nextafter(ldexp(1, power), 0));
        assert_as_by_trial(ldexp(3, power));
        assert_as_by_trial(pow(10, power / 3));
        assert_as_by_trial(nextafter(pow(10, power / 3), 0));
    }
}

static void test_reading_numbers(void **state)
{
    static const struct {
        const char *text;
        double value;
        const char *rest;
    } good[] = {{"12", 12, ""},     {"-0.5x", -0.5, "x"},     {"1e3 s", 1000, " s"},
                {"+.5", 0.5, ""},   {"3 euros", 3, " euros"}, {"7e", 7, "e"},
                {"0x10", 0, "x10"}, {"1.5.2", 1.5, ".2"}};
    static const char *const bad[] = {"", "x", "-", ".", "inf", "nan", " 1", "e5", "1e999"};
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        const char *end;
        double value;
        assert_true(sim_parse_double(good[i].text, &end, &value));
        assert_close(value, good[i].value, 0);
        assert_string_equal(end, good[i].rest);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const char *end;
        double value;
        assert_false(sim_parse_double(bad[i], &end, &value));
    }
}

static void test_near_words(void **state)
{
    const char *const letters[] = {"a", "b"};
    assert_null(sim_closest_word("t", letters, 2)); /* every letter is as near as another */
    static const char *const words[] = {"uniform", "exponential", "normal", "cores"};
    char endless[300];
    (void)state;
    assert_string_equal(sim_closest_word("unifrom", words, 4), "uniform");
    assert_string_equal(sim_closest_word("core", words, 4), "cores");
    assert_string_equal(sim_closest_word("exponentail", words, 4), "exponential");
    assert_null(sim_closest_word("zebra", words, 4));
    assert_null(sim_closest_word("", words, 0));
    memset(endless, 'a', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    assert_null(sim_closest_word(endless, words, 4));
}

/* ---- Units ---- */

static void test_every_unit(void **state)
{
    static const struct {
        const char *text;
        enum sim_dimension dimension;
        double value;
    } rows[] = {{"3 us", SIM_TIME, 3e-6},       {"3ms", SIM_TIME, 0.003},
                {"2 s", SIM_TIME, 2},           {"2 min", SIM_TIME, 120},
                {"1.5 h", SIM_TIME, 5400},      {"1 d", SIM_TIME, 86400},
                {"7 byte", SIM_SIZE, 7},        {"7 bytes", SIM_SIZE, 7},
                {"7 B", SIM_SIZE, 7},           {"2 kB", SIM_SIZE, 2000},
                {"2 MB", SIM_SIZE, 2e6},        {"2 GB", SIM_SIZE, 2e9},
                {"2 TB", SIM_SIZE, 2e12},       {"2 KiB", SIM_SIZE, 2048},
                {"2 MiB", SIM_SIZE, 2097152},   {"1 GiB", SIM_SIZE, 1073741824},
                {"5 bit/s", SIM_RATE, 5},       {"5 kbit/s", SIM_RATE, 5e3},
                {"5 Mbit/s", SIM_RATE, 5e6},    {"5 Gbit/s", SIM_RATE, 5e9},
                {"450 /s", SIM_FREQUENCY, 450}, {"60 /min", SIM_FREQUENCY, 1},
                {"3600/h", SIM_FREQUENCY, 1},   {"25 %", SIM_SHARE, 0.25},
                {"95 %", SIM_SHARE, 0.95},      {"95 ms", SIM_TIME, 0.095},
                {"95 us", SIM_TIME, 95e-6},     {"0.25", SIM_SHARE, 0.25},
                {"-4", SIM_NUMBER, -4},         {"  9 s  ", SIM_TIME, 9}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double value;
        struct sim_error e;
        assert_int_equal(sim_read_quantity(rows[i].text, rows[i].dimension, &value, &e), SIM_OK);
        assert_close(value, rows[i].value, 1e-15);
    }
}

static void assert_refused(const char *text, enum sim_dimension dimension, const char *message)
{
    double value = 77;
    struct sim_error e;
    assert_int_equal(sim_read_quantity(text, dimension, &value, &e), SIM_EINVAL);
    assert_string_equal(e.text, message);
    assert_close(value, 77, 0);
}

static void test_unit_messages(void **state)
{
    (void)state;
    assert_refused("5", SIM_TIME, "'5' needs a unit of time (us, ms, s, min, h, d)");
    assert_refused("5 kg", SIM_TIME, "'kg' is not a unit of time (us, ms, s, min, h, d)");
    assert_refused("5 Mb/s", SIM_RATE,
                   "'Mb/s' is not a unit of rate (bit/s, kbit/s, Mbit/s, Gbit/s, Tbit/s)");
    assert_refused("10,5 Mbit/s", SIM_RATE,
                   "'10,5 Mbit/s' has a decimal comma; numbers have a point");
    assert_refused("0,5", SIM_NUMBER, "'0,5' has a decimal comma; numbers have a point");
    assert_refused("5 S", SIM_TIME, "'S' is not a unit of time (us, ms, s, min, h, d)");
    assert_refused("fast", SIM_TIME, "'fast' is not a number");
    assert_refused("", SIM_NUMBER, "'' is not a number");
    assert_refused("5 s 3", SIM_TIME, "'3' after the time '5 s ' is not understood");
    assert_refused("5 s", SIM_NUMBER, "'s' after the number '5 ' is not understood");
}

static void test_quantities_as_text(void **state)
{
    char text[64];
    (void)state;
    sim_quantity_text(text, sizeof text, 90, SIM_TIME);
    assert_string_equal(text, "90 s");
    sim_quantity_text(text, sizeof text, 0.25, SIM_SHARE);
    assert_string_equal(text, "0.25");
    sim_quantity_text(text, sizeof text, 3, SIM_NUMBER);
    assert_string_equal(text, "3");
    assert_string_equal(sim_unit_with_factor(SIM_RATE, 1e6), "Mbit/s");
    assert_null(sim_unit_with_factor(SIM_RATE, 3));
}

static void test_plurals(void **state)
{
    (void)state;
    assert_string_equal(sim_plural(0), "s");
    assert_string_equal(sim_plural(1), "");
    assert_string_equal(sim_plural(2), "s");
}

static void test_digits_to_tell(void **state)
{
    (void)state;
    assert_int_equal(sim_digits_to_tell(1234.5, 10, 2, 3, 12), 4);
    assert_int_equal(sim_digits_to_tell(-1234.5, 99, 2, 3, 12), 4);
    assert_int_equal(sim_digits_to_tell(1234.5, 10, 3, 3, 12), 5);
    assert_int_equal(sim_digits_to_tell(1234.5, 1e6, 2, 3, 12), 3);
    assert_int_equal(sim_digits_to_tell(1234.5, 1e-20, 2, 3, 12), 12);
    assert_int_equal(sim_digits_to_tell(0, 10, 2, 3, 12), 3);
    assert_int_equal(sim_digits_to_tell((double)INFINITY, 10, 2, 3, 12), 3);
    assert_int_equal(sim_digits_to_tell(1234.5, 0, 2, 3, 12), 3);
    assert_int_equal(sim_digits_to_tell(1234.5, (double)NAN, 2, 3, 12), 3);
    assert_int_equal(sim_digits_to_tell(1234.5, (double)INFINITY, 2, 3, 12), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shortest_texts),
        cmocka_unit_test(test_texts_read_back_and_are_shortest),
        cmocka_unit_test(test_texts_are_those_of_the_library),
        cmocka_unit_test(test_reading_numbers),
        cmocka_unit_test(test_near_words),
        cmocka_unit_test(test_plurals),
        cmocka_unit_test(test_digits_to_tell),
        cmocka_unit_test(test_every_unit),
        cmocka_unit_test(test_unit_messages),
        cmocka_unit_test(test_quantities_as_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
