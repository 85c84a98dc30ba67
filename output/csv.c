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

struct csv {
    FILE *file;
    char *path, *buffer;
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

static void put(struct csv *c, const char *text)
{
    note_errno(c, fputs(text, c->file) == EOF);
}

static bool needs_quotes(const char *text)
{
    const size_t length = strlen(text);
    return strpbrk(text, ",\"\r\n") != NULL ||
           (length > 0 && (text[0] == ' ' || text[length - 1] == ' '));
}

static void put_text(struct csv *c, const char *text)
{
    if (needs_quotes(text)) {
        note_errno(c, csv_fwrite(c->file, text, strlen(text)) == EOF);
    } else {
        put(c, text);
    }
}

static void end_cell(struct csv *c)
{
    c->column++;
    if (c->column == c->table->n_columns) {
        put(c, "\n");
        c->column = 0;
    } else {
        put(c, ",");
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
    if (!is_stdout) {
        setvbuf(c->file, c->buffer, _IOFBF, BUFFER_BYTE);
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
    char text[SIM_DOUBLE_TEXT];
    expect_type(c, TABLE_WHOLE);
    snprintf(text, sizeof text, "%llu", (unsigned long long)value);
    put(c, text);
    end_cell(c);
}

void csv_real(struct csv *c, double value)
{
    char text[SIM_DOUBLE_TEXT];
    expect_type(c, TABLE_REAL);
    if (isfinite(value)) {
        sim_double_text(text, value);
        put(c, text);
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
    note_errno(c, (c->file == stdout ? fflush(stdout) : fclose(c->file)) == EOF);
    const enum sim_err err =
        c->first_errno == 0 ? SIM_OK
                            : sim_fail(e, SIM_EIO, "%s: %s", c->path, strerror(c->first_errno));
    free_writer(c);
    return err;
}
