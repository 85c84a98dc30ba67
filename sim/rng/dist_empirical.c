/* Reading the sample of an empirical distribution from a CSV file with libcsv. */
#include "sim/base/mem.h"
#include "sim/base/text.h"
#include "sim/rng/dist_internal.h"

#include <csv.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A file of this many numbers takes some 80 MB of memory. */
static const size_t max_values = 5000000;

struct reader {
    const char *path, *column;
    size_t column_index; /* of the wanted column; SIZE_MAX until the header has named it */
    size_t field, row;   /* row 1 is the header */
    struct sim_dist *dist;
    size_t capacity;
    enum sim_err err;
    struct sim_error *error;
};

static void read_header_field(struct reader *r, const char *text)
{
    if (strcmp(text, r->column) == 0) {
        r->column_index = r->field;
    }
}

static void read_value(struct reader *r, const char *text)
{
    const char *end;
    double value;
    if (!sim_parse_double(text, &end, &value) || *end != '\0') {
        r->err =
            sim_fail(r->error, SIM_EINVAL, "%s: row %zu: '%.40s' in column '%s' is not a number",
                     r->path, r->row, text, r->column);
        return;
    }
    if (r->dist->n == max_values) {
        r->err = sim_fail(r->error, SIM_ELIMIT, "%s: more than %zu numbers", r->path, max_values);
        return;
    }
    if (sim_grow(&r->dist->value, &r->capacity, r->dist->n + 1, sizeof(double)) != SIM_OK) {
        r->err = sim_fail_memory(r->error, r->path);
        return;
    }
    r->dist->value[r->dist->n++] = value;
}

static void on_field(void *field, size_t length, void *self)
{
    struct reader *const r = self;
    const char *const text = field != NULL ? field : "";
    (void)length;
    if (r->err == SIM_OK && r->row == 1) {
        read_header_field(r, text);
    } else if (r->err == SIM_OK && r->field == r->column_index) {
        read_value(r, text);
    }
    r->field++;
}

static void on_row(int terminator, void *self)
{
    struct reader *const r = self;
    (void)terminator;
    if (r->err == SIM_OK && r->row == 1 && r->column_index == SIZE_MAX) {
        r->err = sim_fail(r->error, SIM_EINVAL, "%s has no column '%s'", r->path, r->column);
    } else if (r->err == SIM_OK && r->row > 1 && r->field <= r->column_index) {
        r->err = sim_fail(r->error, SIM_EINVAL, "%s: row %zu: column '%s' is missing", r->path,
                          r->row, r->column);
    }
    r->field = 0;
    r->row++;
}

static void parse_file(struct reader *r, struct csv_parser *parser, FILE *file)
{
    char block[65536];
    size_t n;
    while (r->err == SIM_OK && (n = fread(block, 1, sizeof block, file)) > 0) {
        if (csv_parse(parser, block, n, on_field, on_row, r) != n) {
            r->err = sim_fail(r->error, SIM_EINVAL, "%s: row %zu: %s", r->path, r->row,
                              csv_strerror(csv_error(parser)));
        }
    }
    if (r->err == SIM_OK && ferror(file)) {
        r->err = sim_fail(r->error, SIM_EIO, "%s: %s", r->path, strerror(errno));
    }
    if (r->err == SIM_OK && csv_fini(parser, on_field, on_row, r) != 0) {
        r->err = sim_fail(r->error, SIM_EINVAL, "%s: a quoted field does not end", r->path);
    }
}

static enum sim_err read_values(struct reader *r)
{
    struct csv_parser parser;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL) != 0) {
        return sim_fail_memory(r->error, r->path);
    }
    FILE *const file = fopen(r->path, "rb");
    if (file == NULL) {
        r->err = sim_fail(r->error, errno == ENOENT ? SIM_ENOENT : SIM_EIO, "%s: %s", r->path,
                          strerror(errno));
    } else {
        parse_file(r, &parser, file);
        fclose(file);
    }
    csv_free(&parser);
    return r->err;
}

enum sim_err dist_empirical_read(struct sim_dist *d, const char *path, const char *column,
                                 struct sim_error *e)
{
    struct reader r = {
        .path = path, .column = column, .column_index = SIZE_MAX, .row = 1, .dist = d, .error = e};
    if (read_values(&r) != SIM_OK) {
        return r.err;
    }
    if (d->n == 0) {
        return sim_fail(e, SIM_EINVAL, "%s: column '%s' has no numbers", path, column);
    }
    d->weight = calloc(d->n, sizeof *d->weight);
    if (d->weight == NULL) {
        return sim_fail_memory(e, path);
    }
    for (size_t i = 0; i < d->n; i++) {
        d->weight[i] = 1 / (double)d->n;
    }
    return SIM_OK;
}
