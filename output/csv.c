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
    size_t column; /* of the next cell */
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

static bool needs_quotes(const char *text, size_t length)
{
    return strpbrk(text, ",\"\r\n") != NULL ||
           (length > 0 && (text[0] == ' ' || text[length - 1] == ' '));
}

static void put_text(struct csv *c, const char *text)
{
    const size_t length = strlen(text);
    if (needs_quotes(text, length)) {
        put_quoted(c, text, length);
    } else {
        put(c, text, length);
    }
}

static void end_cell(struct csv *c)
{
    c->column++;
    if (c->column == c->table->n_columns) {
        put(c, "\n", 1);
        c->column = 0;
    } else {
        put(c, ",", 1);
    }
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
    struct csv *const c = calloc(1, sizeof *c);
    if (c == NULL) {
        return sim_fail_memory(e, path);
    }
    const bool is_stdout = strcmp(path, "-") == 0;
    c->table = table;
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
    for (size_t i = 0; i < table->n_columns; i++) {
        put_text(c, table->column[i].name);
        end_cell(c);
    }
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
    put_text(c, text);
    end_cell(c);
}

void csv_whole(struct csv *c, uint64_t value)
{
    const uint64_t exact_below = 1000000000000000; /* as a double, and written without exponent */
    char text[SIM_DOUBLE_TEXT];
    expect_type(c, TABLE_WHOLE);
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
    if (isfinite(value)) {
        put(c, text, sim_double_text(text, value));
    }
    end_cell(c);
}

enum sim_err csv_close(struct csv *c, struct sim_error *e)
{
    if (c == NULL) {
        return SIM_OK;
    }
    SIM_ASSERT(c->column == 0);
    errno = 0;
    flush(c);
    note_errno(c, (c->file == stdout ? fflush(stdout) : fclose(c->file)) == EOF);
    const enum sim_err err =
        c->first_errno == 0 ? SIM_OK
                            : sim_fail(e, SIM_EIO, "%s: %s", c->path, strerror(c->first_errno));
    free_writer(c);
    return err;
}
