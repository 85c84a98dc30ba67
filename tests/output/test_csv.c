/* CSV: quoting, numbers that read back, missing values, and what a full disk looks like. */
#include "tests/support/alloc_fail.h"
#include "tests/support/check.h"
#include "tests/support/scratch.h"

#include "output/csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct table_column columns[] = {
    {"name", "", "a text", TABLE_TEXT},
    {"count", "devices", "a count", TABLE_WHOLE},
    {"time_s", "s", "a time", TABLE_REAL},
};
static const struct table table = {"things", "a thing", columns, 3};

static const char *const folder = scratch_folder;

static void write_as(enum table_format format, int n_rows)
{
    struct csv *csv = NULL;
    struct sim_error e;
    assert_int_equal(csv_create_as(scratch_file(folder, "t.csv"), &table, format, &csv, &e),
                     SIM_OK);
    for (int i = 0; i < n_rows; i++) {
        csv_text(csv, i == 0 ? "a;b, \"c\"|d\n\\" : "plain");
        csv_whole(csv, 7);
        csv_real(csv, i == 0 ? -1.5 : (double)NAN);
    }
    assert_int_equal(csv_close(csv, &e), SIM_OK);
}

static void test_for_a_spreadsheet_with_a_decimal_comma(void **state)
{
    (void)state;
    write_as(TABLE_CSV_EXCEL_EU, 2);
    assert_string_equal(scratch_read(folder, "t.csv"), "\xEF\xBB\xBFname;count;time_s\n"
                                                       "\"a;b, \"\"c\"\"|d\n\\\";7;-1,5\n"
                                                       "plain;7;\n");
}

static void test_json(void **state)
{
    (void)state;
    write_as(TABLE_JSON, 2);
    assert_string_equal(
        scratch_read(folder, "t.csv"),
        "[\n {\"name\": \"a;b, \\\"c\\\"|d\\u000a\\\\\", \"count\": 7, \"time_s\": -1.5},\n"
        " {\"name\": \"plain\", \"count\": 7, \"time_s\": null}\n]\n");
    write_as(TABLE_JSON, 0);
    assert_string_equal(scratch_read(folder, "t.csv"), "[]\n");
}

static void test_markdown(void **state)
{
    (void)state;
    write_as(TABLE_MD, 2);
    assert_string_equal(scratch_read(folder, "t.csv"),
                        "| name | count | time_s |\n|---|---:|---:|\n"
                        "| a;b, \"c\"\\|d \\ | 7 | -1.5 |\n"
                        "| plain | 7 |  |\n");
}

static struct csv *create(void)
{
    struct csv *csv = NULL;
    struct sim_error e;
    assert_int_equal(csv_create(scratch_file(folder, "t.csv"), &table, &csv, &e), SIM_OK);
    return csv;
}

static void row(struct csv *csv, const char *text, uint64_t count, double time_s)
{
    csv_text(csv, text);
    csv_whole(csv, count);
    csv_real(csv, time_s);
}

static void close_csv(struct csv *csv)
{
    struct sim_error e;
    assert_int_equal(csv_close(csv, &e), SIM_OK);
}

static void test_only_the_header_without_rows(void **state)
{
    (void)state;
    close_csv(create());
    assert_string_equal(scratch_read(folder, "t.csv"), "name,count,time_s\n");
}

static void test_quotes_where_they_are_needed(void **state)
{
    struct csv *const csv = create();
    (void)state;
    row(csv, "plain words", 1, 0.5);
    row(csv, "a, b", 2, 1);
    row(csv, "say \"no\"", 3, 1);
    row(csv, "two\nlines", 4, 1);
    row(csv, " outer", 5, 1);
    row(csv, "", 6, 1);
    close_csv(csv);
    assert_string_equal(scratch_read(folder, "t.csv"), "name,count,time_s\n"
                                                       "plain words,1,0.5\n"
                                                       "\"a, b\",2,1\n"
                                                       "\"say \"\"no\"\"\",3,1\n"
                                                       "\"two\nlines\",4,1\n"
                                                       "\" outer\",5,1\n"
                                                       ",6,1\n");
}

/* The writer gathers text in a buffer: cells that fill it many times over, and cells that never fit. */
static void test_texts_of_all_lengths_arrive(void **state)
{
    enum { LONG = 300000, ROWS = 1200 };
    static char text[LONG + 1];
    static char back[5 * LONG];
    struct csv *const csv = create();
    (void)state;
    memset(text, '"', LONG);
    row(csv, text, 1, 0.5);
    memset(text, 'x', LONG);
    row(csv, text, 2, 0.5);
    text[300] = '\0';
    for (uint64_t i = 0; i < ROWS; i++) {
        row(csv, text, i, 0.5);
    }
    close_csv(csv);
    FILE *const file = fopen(scratch_file(folder, "t.csv"), "rb");
    assert_non_null(file);
    const size_t n = fread(back, 1, sizeof back, file);
    assert_int_equal(fclose(file), 0);
    const size_t header = strlen("name,count,time_s\n");
    const size_t quoted = 2 * LONG + 2 + strlen(",1,0.5\n");
    const size_t plain = LONG + strlen(",2,0.5\n");
    assert_int_equal(strspn(back + header, "\""), 2 * LONG + 2);
    assert_int_equal(strspn(back + header + quoted, "x"), LONG);
    const char *line = back + header + quoted + plain;
    for (uint64_t i = 0; i < ROWS; i++) {
        char *rest;
        assert_int_equal(strspn(line, "x"), 300);
        assert_int_equal(strtoull(line + 301, &rest, 10), i);
        assert_memory_equal(rest, ",0.5\n", 5);
        line = rest + 5;
    }
    assert_int_equal(line - back, n);
}

static void test_missing_and_never_are_empty(void **state)
{
    struct csv *const csv = create();
    (void)state;
    row(csv, "a", 0, NAN);
    row(csv, "b", UINT64_MAX, INFINITY);
    close_csv(csv);
    assert_string_equal(scratch_read(folder, "t.csv"), "name,count,time_s\n"
                                                       "a,0,\n"
                                                       "b,18446744073709551615,\n");
}

/* The shortest text that gives the same double: hard cases of decimal conversion. */
static void test_numbers_read_back_to_the_same_bits(void **state)
{
    static const double values[] = {0.1,
                                    1.0 / 3,
                                    5e-324,
                                    1.7976931348623157e308,
                                    9007199254740993.0,
                                    123456.789e-20,
                                    2.2250738585072014e-308,
                                    -0.30000000000000004};
    struct csv *const csv = create();
    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        row(csv, "x", 0, values[i]);
    }
    close_csv(csv);
    const char *line = strchr(scratch_read(folder, "t.csv"), '\n') + 1;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        const double back = strtod(line + strlen("x,0,"), NULL);
        assert_memory_equal(&back, &values[i], sizeof back);
        line = strchr(line, '\n') + 1;
    }
    assert_int_equal(*line, '\0');
}

static void test_a_place_that_cannot_be_written_is_an_error(void **state)
{
    struct csv *csv = NULL;
    struct sim_error e;
    (void)state;
    assert_int_equal(csv_create("/nowhere/t.csv", &table, &csv, &e), SIM_EIO);
    assert_string_equal(e.text, "/nowhere/t.csv: No such file or directory");
}

static void test_a_full_disk_is_told_at_the_end(void **state)
{
    struct csv *csv = NULL;
    struct sim_error e;
    (void)state;
    assert_int_equal(csv_create("/dev/full", &table, &csv, &e), SIM_OK);
    for (int i = 0; i < 100000; i++) {
        row(csv, "x", 1, 2);
    }
    assert_int_equal(csv_close(csv, &e), SIM_EIO);
    assert_string_equal(e.text, "/dev/full: No space left on device");
}

static void test_out_of_memory(void **state)
{
    (void)state;
    for (unsigned n = 1; alloc_fail_begin(n); n++) {
        struct csv *csv = NULL;
        const enum sim_err err = csv_create(scratch_file(folder, "t.csv"), &table, &csv, NULL);
        if (!alloc_fail_end()) {
            assert_true(n > 2);
            close_csv(csv);
            return;
        }
        assert_int_equal(err, SIM_ENOMEM);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_for_a_spreadsheet_with_a_decimal_comma),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_markdown),
        cmocka_unit_test(test_only_the_header_without_rows),
        cmocka_unit_test(test_quotes_where_they_are_needed),
        cmocka_unit_test(test_texts_of_all_lengths_arrive),
        cmocka_unit_test(test_missing_and_never_are_empty),
        cmocka_unit_test(test_numbers_read_back_to_the_same_bits),
        cmocka_unit_test(test_a_place_that_cannot_be_written_is_an_error),
        cmocka_unit_test(test_a_full_disk_is_told_at_the_end),
        cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, scratch_set_up, scratch_tear_down);
}
