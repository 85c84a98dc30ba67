#include "output/csv.h"

#include "sim/base/assert.h"
#include "sim/base/text.h"

#include <csv.h>
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUFFER_BYTE = 1 << 18 };

/* Text is gathered in a buffer of its own: a call of stdio for each cell would cost as much as the
 * digits of the number. */
struct csv {
    FILE *file;
    char *path, *buffer;
    size_t n_buffered;
    const struct table *table;
    enum table_format format;
    size_t column; /* of the next cell */
    bool has_rows;
    int first_errno;
};

static void note_errno(struct csv *c, bool failed)
{
    if (failed && c->first_errno == 0) {
        c->first_errno = errno != 0 ? errno : EIO;
    }
}

static void flush(struct csv *c)
{
    note_errno(c, fwrite(c->buffer, 1, c->n_buffered, c->file) < c->n_buffered);
    c->n_buffered = 0;
}

static bool make_room(struct csv *c, size_t length)
{
    if (c->n_buffered + length > BUFFER_BYTE) {
        flush(c);
    }
    return length <= BUFFER_BYTE;
}

static void put(struct csv *c, const char *text, size_t length)
{
    if (make_room(c, length)) {
        memcpy(c->buffer + c->n_buffered, text, length);
        c->n_buffered += length;
    } else {
        note_errno(c, fwrite(text, 1, length, c->file) < length);
    }
}

static void put_quoted(struct csv *c, const char *text, size_t length)
{
    const size_t most = 2 * length + 2; /* every character a quote */
    if (make_room(c, most)) {
        c->n_buffered += csv_write(c->buffer + c->n_buffered, most, text, length);
    } else {
        note_errno(c, csv_fwrite(c->file, text, length) == EOF);
    }
}

static bool needs_quotes(const char *text, size_t length, enum table_format format)
{
    return strpbrk(text, format == TABLE_CSV ? ",\"\r\n" : ";,\"\r\n") != NULL ||
           (length > 0 && (text[0] == ' ' || text[length - 1] == ' '));
}

static void put_all(struct csv *c, const char *text)
{
    put(c, text, strlen(text));
}

/* A string of JSON (RFC 8259, section 7). */
static void put_json(struct csv *c, const char *text)
{
    put(c, "\"", 1);
    for (const char *p = text; *p != '\0'; p++) {
        char escape[8];
        if (*p == '"' || *p == '\\') {
            put(c, "\\", 1);
            put(c, p, 1);
        } else if ((unsigned char)*p < ' ') {
            put(c, escape, (size_t)snprintf(escape, sizeof escape, "\\u%04x", (unsigned)*p));
        } else {
            put(c, p, 1);
        }
    }
    put(c, "\"", 1);
}

/* A bar would end the cell, a line break the row. */
static void put_md(struct csv *c, const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '|') {
            put(c, "\\|", 2);
        } else {
            put(c, *p == '\n' || *p == '\r' ? " " : p, 1);
        }
    }
}

static void put_text(struct csv *c, const char *text)
{
    const size_t length = strlen(text);
    if (c->format == TABLE_JSON) {
        put_json(c, text);
    } else if (c->format == TABLE_MD) {
        put_md(c, text);
    } else if (needs_quotes(text, length, c->format)) {
        put_quoted(c, text, length);
    } else {
        put(c, text, length);
    }
}

/* ---- What stands between the cells ---- */

static void begin_cell(struct csv *c)
{
    const bool is_first = c->column == 0;
    if (c->format == TABLE_JSON) {
        if (is_first) {
            put_all(c, c->has_rows ? ",\n {" : "[\n {");
        }
        put_json(c, c->table->column[c->column].name);
        put_all(c, ": ");
    } else if (c->format == TABLE_MD && is_first) {
        put_all(c, "| ");
    }
}

static void end_cell(struct csv *c)
{
    static const char *const between[] = {
        [TABLE_CSV] = ",", [TABLE_CSV_EXCEL_EU] = ";", [TABLE_JSON] = ", ", [TABLE_MD] = " | "};
    static const char *const behind[] = {
        [TABLE_CSV] = "\n", [TABLE_CSV_EXCEL_EU] = "\n", [TABLE_JSON] = "}", [TABLE_MD] = " |\n"};
    c->column++;
    if (c->column == c->table->n_columns) {
        put_all(c, behind[c->format]);
        c->column = 0;
        c->has_rows = true;
    } else {
        put_all(c, between[c->format]);
    }
}

static void put_header(struct csv *c)
{
    if (c->format == TABLE_JSON) {
        return; /* every object names its members */
    }
    if (c->format == TABLE_CSV_EXCEL_EU) {
        put_all(c, "\xEF\xBB\xBF");
    }
    for (size_t i = 0; i < c->table->n_columns; i++) {
        begin_cell(c);
        put_text(c, c->table->column[i].name);
        end_cell(c);
    }
    if (c->format == TABLE_MD) {
        put_all(c, "|");
        for (size_t i = 0; i < c->table->n_columns; i++) {
            put_all(c, c->table->column[i].type == TABLE_TEXT ? "---|" : "---:|");
        }
        put_all(c, "\n");
    }
}

static void put_number(struct csv *c, char *text, size_t length)
{
    char *const point = c->format == TABLE_CSV_EXCEL_EU ? memchr(text, '.', length) : NULL;
    if (point != NULL) {
        *point = ',';
    }
    put(c, text, length);
}

static void free_writer(struct csv *c)
{
    free(c->path);
    free(c->buffer);
    free(c);
}

enum sim_err csv_create(const char *path, const struct table *table, struct csv **out,
                        struct sim_error *e)
{
    return csv_create_as(path, table, TABLE_CSV, out, e);
}

enum sim_err csv_create_as(const char *path, const struct table *table, enum table_format format,
                           struct csv **out, struct sim_error *e)
{
    struct csv *const c = calloc(1, sizeof *c);
    if (c == NULL) {
        return sim_fail_memory(e, path);
    }
    const bool is_stdout = strcmp(path, "-") == 0;
    c->table = table;
    c->format = format;
    c->path = strdup(is_stdout ? "standard output" : path);
    c->buffer = malloc(BUFFER_BYTE);
    if (c->path == NULL || c->buffer == NULL) {
        free_writer(c);
        return sim_fail_memory(e, path);
    }
    c->file = is_stdout ? stdout : fopen(path, "wb");
    if (c->file == NULL) {
        free_writer(c);
        return sim_fail(e, SIM_EIO, "%s: %s", path, strerror(errno));
    }
    put_header(c);
    c->has_rows = false;
    *out = c;
    return SIM_OK;
}

static void expect_type(const struct csv *c, enum table_type type)
{
    SIM_ASSERT(c->table->column[c->column].type == type);
}

void csv_text(struct csv *c, const char *text)
{
    expect_type(c, TABLE_TEXT);
    begin_cell(c);
    put_text(c, text);
    end_cell(c);
}

void csv_whole(struct csv *c, uint64_t value)
{
    const uint64_t exact_below = 1000000000000000; /* as a double, and written without exponent */
    char text[SIM_DOUBLE_TEXT];
    expect_type(c, TABLE_WHOLE);
    begin_cell(c);
    if (value < exact_below) {
        put(c, text, sim_double_text(text, (double)value));
    } else {
        put(c, text, (size_t)snprintf(text, sizeof text, "%llu", (unsigned long long)value));
    }
    end_cell(c);
}

void csv_real(struct csv *c, double value)
{
    char text[SIM_DOUBLE_TEXT];
    expect_type(c, TABLE_REAL);
    begin_cell(c);
    if (isfinite(value)) {
        const size_t length = sim_double_text(text, value);
        put_number(c, text, length);
    } else if (c->format == TABLE_JSON) {
        put_all(c, "null");
    }
    end_cell(c);
}

enum sim_err csv_close(struct csv *c, struct sim_error *e)
{
    if (c == NULL) {
        return SIM_OK;
    }
    SIM_ASSERT(c->column == 0);
    if (c->format == TABLE_JSON) {
        put_all(c, c->has_rows ? "\n]\n" : "[]\n");
    }
    errno = 0;
    flush(c);
    note_errno(c, (c->file == stdout ? fflush(stdout) : fclose(c->file)) == EOF);
    const enum sim_err err =
        c->first_errno == 0 ? SIM_OK
                            : sim_fail(e, SIM_EIO, "%s: %s", c->path, strerror(c->first_errno));
    free_writer(c);
    return err;
}
