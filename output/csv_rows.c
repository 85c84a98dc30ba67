#include "output/csv_rows.h"

#include "sim/base/mem.h"

#include <csv.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    const char *path;
    csv_row_fn *on_row;
    void *self;
    struct sim_error *error;
    enum sim_err err;
    char *text; /* the cells of a row, each with a terminating zero */
    size_t n_text, text_capacity;
    size_t *at; /* where each begins */
    size_t n, at_capacity;
    const char **cell;
    size_t cell_capacity;
    size_t n_columns; /* of the header */
    uint64_t row;
};

static void on_field(void *field, size_t length, void *reader)
{
    struct reader *const r = reader;
    if (r->err != SIM_OK) {
        return;
    }
    if (sim_grow(&r->at, &r->at_capacity, r->n + 1, sizeof *r->at) != SIM_OK ||
        sim_grow(&r->text, &r->text_capacity, r->n_text + length + 1, 1) != SIM_OK ||
        sim_grow(&r->cell, &r->cell_capacity, r->n + 1, sizeof *r->cell) != SIM_OK) {
        r->err = sim_fail_memory(r->error, r->path);
        return;
    }
    r->at[r->n++] = r->n_text;
    if (length > 0) {
        memcpy(r->text + r->n_text, field, length);
    }
    r->text[r->n_text + length] = '\0';
    r->n_text += length + 1;
}

static void on_end(int last, void *reader)
{
    struct reader *const r = reader;
    (void)last;
    if (r->err != SIM_OK) {
        return;
    }
    for (size_t i = 0; i < r->n; i++) {
        r->cell[i] = r->text + r->at[i];
    }
    r->n_columns = r->row == 0 ? r->n : r->n_columns;
    r->err = r->n == r->n_columns
                 ? r->on_row(r->self, r->row, r->cell, r->n, r->error)
                 : sim_fail(r->error, SIM_EINVAL, "%s: row %llu has %zu cells and the header %zu",
                            r->path, (unsigned long long)r->row, r->n, r->n_columns);
    r->row++;
    r->n = 0;
    r->n_text = 0;
}

static enum sim_err feed(struct reader *r, FILE *file)
{
    struct csv_parser parser;
    char block[1 << 14];
    size_t n;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        return sim_fail_memory(r->error, r->path);
    }
    while (r->err == SIM_OK && (n = fread(block, 1, sizeof block, file)) > 0) {
        if (csv_parse(&parser, block, n, on_field, on_end, r) != n && r->err == SIM_OK) {
            r->err = sim_fail(r->error, SIM_EINVAL, "%s: row %llu is no CSV", r->path,
                              (unsigned long long)r->row);
        }
    }
    if (r->err == SIM_OK && ferror(file) != 0) {
        r->err = sim_fail(r->error, SIM_EIO, "%s: %s", r->path, strerror(errno));
    }
    if (r->err == SIM_OK && csv_fini(&parser, on_field, on_end, r) != 0 && r->err == SIM_OK) {
        r->err = sim_fail(r->error, SIM_EINVAL, "%s: a quote is not closed", r->path);
    }
    csv_free(&parser);
    return r->err;
}

enum sim_err csv_rows_read(const char *path, csv_row_fn *on_row, void *self, struct sim_error *e)
{
    struct reader r = {.path = path, .on_row = on_row, .self = self, .error = e, .err = SIM_OK};
    FILE *const file = fopen(path, "rb");
    if (file == NULL) {
        return sim_fail(e, errno == ENOENT ? SIM_ENOENT : SIM_EIO, "%s: %s", path, strerror(errno));
    }
    const enum sim_err err = feed(&r, file);
    fclose(file);
    free(r.text);
    free(r.at);
    free(r.cell);
    return err;
}
