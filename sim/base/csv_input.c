#include "sim/base/csv_input.h"

#include "sim/base/text.h"

#include <csv.h>
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTE = 2 * SIM_CSV_ROW_BYTE, SHOWN_BYTE = 40 };

static const size_t not_there = SIZE_MAX;

struct sim_csv_row {
    const struct sim_csv_input *input;
    const char *name; /* of the file, for messages */
    sim_csv_row_fn *on_row;
    void *self;
    struct sim_error *error;
    enum sim_err err;

    size_t at[SIM_CSV_COLUMNS];           /* field of a wanted column, or not_there */
    size_t n_header;                      /* fields of the header; 0 before it */
    size_t n_fields;                      /* of this row, so far */
    uint32_t field[SIM_CSV_ROW_BYTE + 1]; /* where its text begins */
    char text[2 * SIM_CSV_ROW_BYTE + 2];  /* each with a terminating zero */
    size_t n_text;

    size_t line, first_line; /* of the file; where this row began */
    size_t row_byte;         /* fed since then */
    size_t n_blank;          /* lines behind the header without anything */
    const char *raw;         /* the line `line` */
    size_t raw_byte;

    FILE *file;
    char block[BLOCK_BYTE];
    size_t begin, end; /* of what is not yet fed */
};

/* ---- Messages ---- */

/* Foreign text as it can be shown: cut, and without anything that a terminal would obey. */
static const char *shown(const char *text, char out[static SHOWN_BYTE + 4])
{
    size_t n = strnlen(text, SHOWN_BYTE);
    while (text[n] != '\0' && n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80) {
        n--; /* not in the middle of a UTF-8 letter */
    }
    snprintf(out, SHOWN_BYTE + 4, "%.*s%s", (int)n, text, text[n] != '\0' ? "..." : "");
    for (char *c = out; *c != '\0'; c++) {
        if ((unsigned char)*c < ' ' || *c == 0x7f) {
            *c = '?';
        }
    }
    return out;
}

/* Where field k begins in the raw line, from 1. */
static size_t column_of_field(const struct sim_csv_row *row, size_t k)
{
    bool is_quoted = false;
    size_t i = 0;
    for (size_t field = 0; i < row->raw_byte; i++) {
        const char c = row->raw[i];
        if (field == k && c != ' ' && c != '\t') {
            break;
        }
        is_quoted = is_quoted != (c == '"');
        field += c == row->input->delimiter && !is_quoted;
    }
    return i + 1;
}

/* Writes "FILE:LINE:COLUMN"; a row over several lines is named by its first. */
static void place_text(const struct sim_csv_row *row, size_t field, char *text, size_t size)
{
    if (field == not_there || row->first_line != row->line) {
        snprintf(text, size, "%s:%zu", row->name, row->first_line);
    } else {
        snprintf(text, size, "%s:%zu:%zu", row->name, row->line, column_of_field(row, field));
    }
}

enum sim_err sim_csv_fail(const struct sim_csv_row *row, size_t column, struct sim_error *e,
                          const char *format, ...)
{
    char place[SIM_ERROR_TEXT / 2];
    char what[SIM_ERROR_TEXT / 2];
    va_list arguments;
    place_text(row, row->at[column], place, sizeof place);
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    return sim_fail(e, SIM_EINVAL, "%s: %s: %s", place, row->input->column[column].name, what);
}

static void fail_row(struct sim_csv_row *row, const char *what)
{
    row->err = sim_fail(row->error, SIM_EINVAL, "%s:%zu: %s", row->name, row->first_line, what);
}

/* ---- The header ---- */

static const char *field_text(const struct sim_csv_row *row, size_t field)
{
    return row->text + row->field[field];
}

static void fail_missing(struct sim_csv_row *row, const char *wanted)
{
    enum { FEW = 12 };
    const char *name[FEW];
    char buffer[SHOWN_BYTE + 4];
    char list[SIM_ERROR_TEXT / 2] = "";
    const size_t n = row->n_fields < FEW ? row->n_fields : FEW;
    for (size_t i = 0; i < n; i++) {
        const size_t used = strlen(list);
        name[i] = field_text(row, i);
        snprintf(list + used, sizeof list - used, "%s%s", i > 0 ? ", " : "",
                 shown(name[i], buffer));
    }
    const char *const near = sim_closest_word(wanted, name, n);
    char hint[2 * SHOWN_BYTE] = "";
    if (near != NULL) {
        snprintf(hint, sizeof hint, " (did you mean '%s'?)", shown(near, buffer));
    }
    row->err =
        sim_fail(row->error, SIM_EINVAL, "%s:%zu: there is no column '%s'%s among %s%s", row->name,
                 row->first_line, wanted, hint, list, row->n_fields > FEW ? " ..." : "");
}

/* Another delimiter in a header that has none of ours: where it stands, or NULL. */
static const char *other_delimiter(const struct sim_csv_row *row)
{
    return row->n_fields == 1 ? strpbrk(field_text(row, 0), ";\t|,") : NULL;
}

static void fail_delimiter(struct sim_csv_row *row, const char *other)
{
    const char *const option = row->input->delimiter_option;
    const char name[] = {'\'', *other, '\'', '\0'};
    row->err = sim_fail(row->error, SIM_EINVAL, "%s:%zu: the fields seem to be separated by %s%s%s",
                        row->name, row->first_line, *other == '\t' ? "tabs" : name,
                        option == NULL ? ", not by commas" : "; say so with ",
                        option == NULL ? "" : option);
}

static void read_header(struct sim_csv_row *row)
{
    const struct sim_csv_input *const input = row->input;
    row->n_header = row->n_fields;
    for (size_t k = 0; k < input->n_columns && row->err == SIM_OK; k++) {
        for (size_t i = 0; i < row->n_fields; i++) {
            if (strcmp(field_text(row, i), input->column[k].name) != 0) {
                continue;
            }
            if (row->at[k] != not_there) {
                row->at[k] = i;
                row->err = sim_csv_fail(row, k, row->error, "there are two columns of this name");
                return;
            }
            row->at[k] = i;
        }
        if (row->at[k] == not_there && input->column[k].is_required) {
            const char *const other = other_delimiter(row);
            if (other != NULL) {
                fail_delimiter(row, other);
            } else {
                fail_missing(row, input->column[k].name);
            }
        }
    }
}

/* ---- Rows, as libcsv finds them ---- */

static void on_field(void *field, size_t length, void *self)
{
    struct sim_csv_row *const row = self;
    row->field[row->n_fields++] = (uint32_t)row->n_text;
    memcpy(row->text + row->n_text, field, length);
    row->n_text += length;
    row->text[row->n_text++] = '\0';
}

static void fail_fields(struct sim_csv_row *row)
{
    const bool has_commas = row->n_fields > row->n_header && row->input->delimiter == ',';
    row->err =
        sim_fail(row->error, SIM_EINVAL, "%s:%zu: %zu field%s; the header has %zu%s", row->name,
                 row->first_line, row->n_fields, sim_plural(row->n_fields), row->n_header,
                 has_commas ? " (numbers have a point, a text with a comma is quoted)" : "");
}

static void on_row_end(int terminator, void *self)
{
    struct sim_csv_row *const row = self;
    (void)terminator;
    if (row->err == SIM_OK && row->n_header == 0) {
        read_header(row);
    } else if (row->err == SIM_OK && row->n_fields != row->n_header) {
        fail_fields(row);
    } else if (row->err == SIM_OK) {
        row->err = row->on_row(row->self, row, row->error);
    }
    row->n_fields = 0;
    row->n_text = 0;
    row->row_byte = 0; /* the next line begins a row */
}

bool sim_csv_has(const struct sim_csv_row *row, size_t column)
{
    return row->at[column] != not_there;
}

size_t sim_csv_blank_lines(const struct sim_csv_row *row)
{
    return row->n_blank;
}

const char *sim_csv_text(const struct sim_csv_row *row, size_t column)
{
    return sim_csv_has(row, column) ? field_text(row, row->at[column]) : "";
}

/* "3,14": what a program writes that was told of a country with a decimal comma. */
static bool has_decimal_comma(const char *text)
{
    const char *p = text + strspn(text, "+-");
    const size_t whole = strspn(p, "0123456789");
    const char *const comma = p + whole;
    return whole > 0 && *comma == ',' && comma[1] != '\0' &&
           strspn(comma + 1, "0123456789") == strlen(comma + 1);
}

/* "1e400": digits, but more than a double holds. */
static bool is_too_large(const char *text)
{
    char *end;
    const double number = strtod(text, &end);
    return isinf(number) && *end == '\0' && strspn(text, "+-.0123456789eE") == strlen(text);
}

static enum sim_err fail_number(const struct sim_csv_row *row, size_t column, const char *text,
                                struct sim_error *e)
{
    char buffer[SHOWN_BYTE + 4];
    if (*text == '\0') {
        return sim_csv_fail(row, column, e, "a number is missing");
    }
    if (is_too_large(text)) {
        return sim_csv_fail(row, column, e, "'%s' is too large", shown(text, buffer));
    }
    return sim_csv_fail(row, column, e, "'%s' is not a number%s", shown(text, buffer),
                        has_decimal_comma(text) ? ": numbers have a point, no comma" : "");
}

enum sim_err sim_csv_real(const struct sim_csv_row *row, size_t column, double least, double most,
                          double *value, struct sim_error *e)
{
    const char *const text = sim_csv_text(row, column);
    const char *end;
    char buffer[SHOWN_BYTE + 4];
    char low[SIM_DOUBLE_TEXT];
    char high[SIM_DOUBLE_TEXT];
    double number;
    if (!sim_parse_double(text, &end, &number) || *end != '\0') {
        return fail_number(row, column, text, e);
    }
    if (number < least || number > most) {
        sim_double_text(low, least);
        sim_double_text(high, most);
        return sim_csv_fail(row, column, e, "%s is not from %s to %s", shown(text, buffer), low,
                            high);
    }
    *value = number;
    return SIM_OK;
}

/* ---- Lines ---- */

static const char *find_binary(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const unsigned char c = (unsigned char)text[i];
        if (c < ' ' && c != '\n' && c != '\r' && c != '\t') {
            return text + i;
        }
    }
    return NULL;
}

/* The next line, its end included, becomes raw; false at the end of the file or on an error. */
static bool next_line(struct sim_csv_row *row)
{
    char *newline;
    while ((newline = memchr(row->block + row->begin, '\n', row->end - row->begin)) == NULL) {
        memmove(row->block, row->block + row->begin, row->end - row->begin);
        row->end -= row->begin;
        row->begin = 0;
        const size_t room = BLOCK_BYTE - row->end;
        const size_t n = room > 0 ? fread(row->block + row->end, 1, room, row->file) : 0;
        row->end += n;
        if (n == 0) {
            newline = row->block + row->end - 1; /* the last line may lack its end */
            break;
        }
    }
    if (ferror(row->file)) {
        row->err = sim_fail(row->error, SIM_EIO, "%s: %s", row->name, strerror(errno));
        return false;
    }
    row->raw = row->block + row->begin;
    row->raw_byte = (size_t)(newline + 1 - row->raw);
    row->begin += row->raw_byte;
    return row->raw_byte > 0;
}

/* What a file is packed with, by its first bytes, and what unpacks it. */
static const struct {
    const char *magic, *name, *unpack;
} packed[] = {{"\x1f\x8b", "gzip", "zcat"},
              {"\xfd\x37zXZ", "xz", "xzcat"},
              {"\x28\xb5\x2f\xfd", "zstd", "zstdcat"}};

static void check_packed(struct sim_csv_row *row)
{
    for (size_t i = 0; i < sizeof packed / sizeof packed[0]; i++) {
        const size_t n = strlen(packed[i].magic);
        if (row->raw_byte >= n && memcmp(row->raw, packed[i].magic, n) == 0) {
            row->err = sim_fail(row->error, SIM_EINVAL,
                                "%s: is packed with %s; unpack it first, as in %s FILE | ...",
                                row->name, packed[i].name, packed[i].unpack);
        }
    }
}

static void check_line(struct sim_csv_row *row)
{
    const char *const binary = find_binary(row->raw, row->raw_byte);
    if (row->row_byte > SIM_CSV_ROW_BYTE) {
        fail_row(row, "a row of more than 65536 bytes; is a quote left open?");
    } else if (binary != NULL) {
        row->err = sim_fail(row->error, SIM_EINVAL, "%s:%zu:%zu: not a text file: a byte is 0x%02x",
                            row->name, row->line, (size_t)(binary - row->raw) + 1,
                            (unsigned)(unsigned char)*binary);
    }
}

/* A line on which no row began or ended, and none goes on: spaces at most. */
static bool is_blank(const struct sim_csv_row *row)
{
    size_t i = 0;
    while (i < row->raw_byte && strchr(" \t\r\n", row->raw[i]) != NULL) {
        i++;
    }
    return i == row->raw_byte && row->row_byte == row->raw_byte;
}

static void feed(struct sim_csv_row *row, struct csv_parser *parser)
{
    static const char byte_order_mark[] = "\xef\xbb\xbf";
    while (row->err == SIM_OK && next_line(row)) {
        row->line++;
        if (row->line == 1 && row->raw_byte >= 3 && memcmp(row->raw, byte_order_mark, 3) == 0) {
            row->raw += 3;
            row->raw_byte -= 3;
        }
        row->first_line = row->row_byte == 0 ? row->line : row->first_line;
        row->row_byte += row->raw_byte;
        if (row->line == 1) {
            check_packed(row);
        }
        if (row->err == SIM_OK) {
            check_line(row);
        }
        if (row->err == SIM_OK && csv_parse(parser, row->raw, row->raw_byte, on_field, on_row_end,
                                            row) != row->raw_byte) {
            fail_row(row, csv_error(parser) == CSV_EPARSE
                              ? "a quote inside a field; such a field is quoted as a whole, and "
                                "the quotes in it "
                                "are doubled"
                              : csv_strerror(csv_error(parser)));
        }
        if (is_blank(row)) {
            row->row_byte = 0; /* no row */
            row->n_blank += row->n_header > 0;
        }
    }
    if (row->err == SIM_OK && csv_fini(parser, on_field, on_row_end, row) != 0) {
        fail_row(row, "a quoted field does not end");
    }
    if (row->err == SIM_OK && row->n_header == 0) {
        row->err = sim_fail(row->error, SIM_EINVAL,
                            "%s: is empty; its first line names the columns", row->name);
    }
}

static void read_open(struct sim_csv_row *row)
{
    struct csv_parser parser;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        row->err = sim_fail_memory(row->error, row->name);
        return;
    }
    csv_set_delim(&parser, (unsigned char)row->input->delimiter);
    feed(row, &parser);
    csv_free(&parser);
}

enum sim_err sim_csv_read(const struct sim_csv_input *input, sim_csv_row_fn *on_row, void *self,
                          struct sim_error *e)
{
    const bool is_stdin = strcmp(input->path, "-") == 0;
    struct sim_csv_row *const row = calloc(1, sizeof *row);
    if (row == NULL) {
        return sim_fail_memory(e, input->path);
    }
    row->input = input;
    row->name = is_stdin ? "standard input" : input->path;
    row->on_row = on_row;
    row->self = self;
    row->error = e;
    for (size_t k = 0; k < SIM_CSV_COLUMNS; k++) {
        row->at[k] = not_there;
    }
    row->file = is_stdin ? stdin : fopen(input->path, "rb");
    if (row->file == NULL) {
        row->err = sim_fail(e, errno == ENOENT ? SIM_ENOENT : SIM_EIO, "%s: %s", input->path,
                            strerror(errno));
    } else {
        read_open(row);
    }
    if (row->file != NULL && !is_stdin) {
        fclose(row->file);
    }
    const enum sim_err err = row->err;
    free(row);
    return err;
}
