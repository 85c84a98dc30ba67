/* Reading columns of CSV: what is found, and where mistakes are said to be. */
#include "tests/support/alloc_fail.h"
#include "tests/support/check.h"

#include "sim/base/csv_input.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct sim_csv_column columns[] = {{"t", true}, {"size", true}, {"name", false}};

struct found {
    double sum_t, sum_size;
    char names[64];
    int n;
    size_t n_blank;
    bool has_name;
};

static enum sim_err on_row(void *self, const struct sim_csv_row *row, struct sim_error *e)
{
    struct found *const f = self;
    double t = 0;
    double size = 0;
    enum sim_err err = sim_csv_real(row, 0, 0, 100, &t, e);
    if (err == SIM_OK) {
        err = sim_csv_real(row, 1, -1, 1e6, &size, e);
    }
    f->sum_t += t;
    f->sum_size += size;
    f->has_name = sim_csv_has(row, 2);
    strncat(f->names, sim_csv_text(row, 2), 20);
    f->n++;
    f->n_blank = sim_csv_blank_lines(row);
    return err;
}

/* Puts bytes into a file and reads it; messages begin behind the name of the file. */
static enum sim_err read_bytes(const char *bytes, size_t n, char delimiter, struct found *found,
                               char *message, size_t size)
{
    char path[] = "/tmp/csv_input_XXXXXX";
    struct sim_error e = {SIM_OK, ""};
    const int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, bytes, n), n);
    close(file);
    const struct sim_csv_input input = {path, delimiter, columns, 3, NULL};
    *found = (struct found){0};
    const enum sim_err err = sim_csv_read(&input, on_row, found, &e);
    unlink(path);
    if (err != SIM_OK) {
        assert_memory_equal(e.text, path, strlen(path));
        snprintf(message, size, "%s", e.text + strlen(path));
    }
    return err;
}

static void assert_found(const char *text, char delimiter, double sum_t, double sum_size,
                         const char *names, int n)
{
    struct found f;
    char message[SIM_ERROR_TEXT] = "";
    const enum sim_err err = read_bytes(text, strlen(text), delimiter, &f, message, sizeof message);
    assert_string_equal(message, "");
    assert_int_equal(err, SIM_OK);
    assert_true(f.sum_t == sum_t && f.sum_size == sum_size && f.n == n);
    assert_string_equal(f.names, names);
}

static void assert_refused(const char *text, const char *expected)
{
    struct found f;
    char message[SIM_ERROR_TEXT] = "";
    assert_int_equal(read_bytes(text, strlen(text), ',', &f, message, sizeof message), SIM_EINVAL);
    assert_string_equal(message, expected);
}

static void test_columns_in_any_order(void **state)
{
    (void)state;
    assert_found("t,size\n1,10\n2,20\n", ',', 3, 30, "", 2);
    assert_found("name,x,size,t\na,?,10,1\nb,?,20,2", ',', 3, 30, "ab", 2);
    assert_found("t,size\r\n1,10\r\n\r\n2,20\r\n", ',', 3, 30, "", 2);
    assert_found("\n\nt,size\n\n1,10\n\n", ',', 1, 10, "", 1);
    assert_found("\xef\xbb\xbft,size\n1,10\n", ',', 1, 10, "", 1);
    assert_found("\"t\",\"size\",\"name\"\n \"1\" , 10 ,\"a,\"\"b\"\"\nc\"\n", ',', 1, 10,
                 "a,\"b\"\nc", 1);
    assert_found("t size name\n1 10 \"a b\"\n", ' ', 1, 10, "a b", 1);
    assert_found("t;size\n1;10\n", ';', 1, 10, "", 1);
    assert_found("t\tsize\n1\t-1\n", '\t', 1, -1, "", 1);
    assert_found("t,size\n", ',', 0, 0, "", 0);
}

/* Those between the header and the last row; a quote that goes on, and empty fields, are no blank lines. */
static void test_blank_lines(void **state)
{
    (void)state;
    const struct {
        const char *text;
        size_t n;
    } files[] = {{"t,size\n1,10\n", 0},
                 {"\n\nt,size\n\n1,10\n \t\r\n2,20\n\n\n", 2},
                 {"name,size,t\n\"\n\n\",10,1\n\n\"\n\",20,2\n", 1}};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct found f;
        char message[SIM_ERROR_TEXT];
        assert_int_equal(
            read_bytes(files[i].text, strlen(files[i].text), ',', &f, message, sizeof message),
            SIM_OK);
        assert_int_equal(f.n_blank, files[i].n);
    }
}

static void test_places_of_mistakes(void **state)
{
    (void)state;
    assert_refused("", ": is empty; its first line names the columns");
    assert_refused("\n \n", ": is empty; its first line names the columns");
    assert_refused("t,siez\n",
                   ":1: there is no column 'size' (did you mean 'siez'?) among t, siez");
    assert_refused("a,b\n1,2\n", ":1: there is no column 't' among a, b");
    assert_refused("t,size,t\n", ":1:8: t: there are two columns of this name");
    assert_refused("t,size\n1,2\n3\n", ":3: 1 field; the header has 2");
    assert_refused("t,size\n1,2\n   \n3\n", ":4: 1 field; the header has 2");
    assert_refused(
        "t,size\n1,2,3\n",
        ":2: 3 fields; the header has 2 (numbers have a point, a text with a comma is quoted)");
    assert_refused("t,size\n1,2\n3,fast\n", ":3:3: size: 'fast' is not a number");
    assert_refused("t,size\n1,2\n3,\"3,14\"\n",
                   ":3:3: size: '3,14' is not a number: numbers have a point, no comma");
    assert_refused("t,size\n1,2\n3,\"3,14,15\"\n", ":3:3: size: '3,14,15' is not a number");
    assert_refused("t,size\n1,2\n3,  nan\n", ":3:5: size: 'nan' is not a number");
    assert_refused("t,size\n1,0x10\n", ":2:3: size: '0x10' is not a number");
    assert_refused("t,size\n1,\n", ":2:3: size: a number is missing");
    assert_refused("t,size\n-1,0\n", ":2:1: t: -1 is not from 0 to 100");
    assert_refused("t,size\n1e999,0\n", ":2:1: t: '1e999' is too large");
    assert_refused("t,size\n-1e999,0\n", ":2:1: t: '-1e999' is too large");
    assert_refused("t,size\ninf,0\n", ":2:1: t: 'inf' is not a number");
    assert_refused("t,size\n0x1p9999,0\n", ":2:1: t: '0x1p9999' is not a number");
    assert_refused("name,size,t\n\"a,\"\"b\",2,x\n", ":2:11: t: 'x' is not a number");
    assert_refused("name,size,t\n\"a\nb\",2,x\n", ":2: t: 'x' is not a number");
    assert_refused("name,size,t\n\"a\nb\",2,3\nc,2,x\n", ":4:5: t: 'x' is not a number");
    assert_refused("t,size\n1,\"2\n", ":2: a quoted field does not end");
    assert_refused("t,size\n1,2\"2\n", ":2: a quote inside a field; such a field is quoted as a "
                                       "whole, and the quotes in it are doubled");
    assert_refused("t,size\n1,\"2,5\"\n",
                   ":2:3: size: '2,5' is not a number: numbers have a point, no comma");
    assert_refused("t;size\n1;2\n", ":1: the fields seem to be separated by ';', not by commas");
    assert_refused("t\tsize\n1\t2\n", ":1: the fields seem to be separated by tabs, not by commas");
    assert_refused("\x1f\x8b\x08,\n",
                   ": is packed with gzip; unpack it first, as in zcat FILE | ...");
    assert_refused("\xfd\x37zXZ", ": is packed with xz; unpack it first, as in xzcat FILE | ...");
    assert_refused("t,size\n1,\x1b[2J\n", ":2:3: not a text file: a byte is 0x1b");
}

/* What cannot be shown is not shown, and long texts are cut between letters. */
static void test_foreign_text_in_messages(void **state)
{
    (void)state;
    assert_refused("t,size\n1,a\x7f\n", ":2:3: size: 'a?' is not a number");
    assert_refused("t,size\n1,123456789 123456789 123456789 123456789\xc3\xa4 123\n",
                   ":2:3: size: '123456789 123456789 123456789 123456789...' is not a number");
}

static void test_bytes_that_are_no_text(void **state)
{
    static const char bytes[] = "t,size\n1,\0002\n";
    struct found f;
    char message[SIM_ERROR_TEXT];
    (void)state;
    assert_int_equal(read_bytes(bytes, sizeof bytes - 1, ',', &f, message, sizeof message),
                     SIM_EINVAL);
    assert_string_equal(message, ":2:3: not a text file: a byte is 0x00");
}

/* Rows up to the limit are read, wherever the blocks of the reader end; longer ones are refused. */
static void test_long_rows(void **state)
{
    enum { BYTE = 4 * SIM_CSV_ROW_BYTE };
    char *const text = malloc(BYTE);
    struct found f;
    char message[SIM_ERROR_TEXT];
    (void)state;
    for (size_t wide = SIM_CSV_ROW_BYTE - 8; wide < SIM_CSV_ROW_BYTE + 8; wide++) {
        size_t n = (size_t)sprintf(text, "t,size,name\n1,2,a\n");
        const size_t begin = n;
        n += (size_t)sprintf(text + n, "1,2,");
        memset(text + n, 'x', begin + wide - 1 - n);
        n = begin + wide;
        text[n - 1] = '\n';
        n += (size_t)sprintf(text + n, "1,2,b\n");
        const enum sim_err err = read_bytes(text, n, ',', &f, message, sizeof message);
        if (wide <= SIM_CSV_ROW_BYTE) {
            assert_int_equal(err, SIM_OK);
            assert_string_equal(f.names, "axxxxxxxxxxxxxxxxxxxxb");
        } else {
            assert_int_equal(err, SIM_EINVAL);
            assert_string_equal(message,
                                ":3: a row of more than 65536 bytes; is a quote left open?");
        }
    }
    memset(text, 'x', BYTE); /* one line without an end */
    assert_int_equal(read_bytes(text, BYTE, ',', &f, message, sizeof message), SIM_EINVAL);
    assert_string_equal(message, ":1: a row of more than 65536 bytes; is a quote left open?");
    memset(text, ',', BYTE);
    assert_int_equal(read_bytes(text, SIM_CSV_ROW_BYTE, ',', &f, message, sizeof message),
                     SIM_EINVAL);
    free(text);
}

static void test_an_open_quote_does_not_take_the_whole_file(void **state)
{
    enum { BYTE = 3 * SIM_CSV_ROW_BYTE };
    char *const text = malloc(BYTE);
    struct found f;
    char message[SIM_ERROR_TEXT];
    (void)state;
    size_t n = (size_t)sprintf(text, "t,size,name\n1,2,\"a\n");
    while (n + 8 < BYTE) {
        n += (size_t)sprintf(text + n, "1,2,b\n");
    }
    assert_int_equal(read_bytes(text, n, ',', &f, message, sizeof message), SIM_EINVAL);
    assert_string_equal(message, ":2: a row of more than 65536 bytes; is a quote left open?");
    free(text);
}

static void test_files_that_cannot_be_read(void **state)
{
    struct found f = {0};
    struct sim_error e;
    const struct sim_csv_input none = {"/nowhere/at/all.csv", ',', columns, 3, NULL};
    const struct sim_csv_input folder = {"/tmp", ',', columns, 3, NULL};
    (void)state;
    assert_int_equal(sim_csv_read(&none, on_row, &f, &e), SIM_ENOENT);
    assert_string_equal(e.text, "/nowhere/at/all.csv: No such file or directory");
    assert_int_equal(sim_csv_read(&folder, on_row, &f, &e), SIM_EIO);
    assert_string_equal(e.text, "/tmp: Is a directory");
    alloc_fail_begin(1);
    assert_int_equal(sim_csv_read(&none, on_row, &f, &e), SIM_ENOMEM);
    assert_true(alloc_fail_end());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns_in_any_order),
        cmocka_unit_test(test_blank_lines),
        cmocka_unit_test(test_places_of_mistakes),
        cmocka_unit_test(test_foreign_text_in_messages),
        cmocka_unit_test(test_bytes_that_are_no_text),
        cmocka_unit_test(test_long_rows),
        cmocka_unit_test(test_an_open_quote_does_not_take_the_whole_file),
        cmocka_unit_test(test_files_that_cannot_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
