#include "cli/sweep_axes.h"

#include "study/tables.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A value as one writes it, and as it stands in the table. */
struct pair {
    const char *text;
    double value;
};

static int compare_pairs(const void *a, const void *b)
{
    const struct pair *const x = a;
    const struct pair *const y = b;
    return (x->value > y->value) - (x->value < y->value);
}

static double read_value(const char *text, const struct schema_row *row)
{
    struct sim_error ignored;
    double value = (double)NAN;
    if (row == NULL || sim_read_quantity(text, row->dimension, &value, &ignored) != SIM_OK) {
        return (double)NAN;
    }
    return value;
}

/* The different values of a column of a block, into pair[n_rows]; in the order of the rows, or sorted if they are
 * many and numbers. Returns how many there are. */
static size_t gather(const struct sweep_block *b, size_t k, bool is_grid, struct pair *pair)
{
    const struct schema_row *const row = tables_key_row(b, k);
    size_t n = 0;
    for (size_t r = 0; r < b->n_rows; r++) {
        const char *const text = b->cell[r * b->n_keys + k];
        pair[n++] = (struct pair){text, read_value(text, row)};
    }
    if (row != NULL && !is_grid) {
        qsort(pair, n, sizeof *pair, compare_pairs);
    }
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        bool is_new = true;
        const size_t from = row != NULL && !is_grid && kept > 0 ? kept - 1 : 0;
        for (size_t m = from; m < kept && is_new; m++) {
            is_new = strcmp(pair[m].text, pair[i].text) != 0;
        }
        if (is_new) {
            pair[kept++] = pair[i];
        }
    }
    return kept;
}

/* "users", or "users (in step: servers.B.http_threads)". */
static void write_label(const struct sweep_block *b, size_t k, bool is_grid, char *label,
                        size_t size)
{
    size_t used = (size_t)snprintf(label, size, "%s", b->key[k]);
    for (size_t i = 1; i < b->n_keys && is_grid && used < size; i++) {
        used += (size_t)snprintf(label + used, size - used, "%s%s", i == 1 ? " (in step: " : ", ",
                                 b->key[i]);
    }
    if (b->n_keys > 1 && is_grid && used < size) {
        snprintf(label + used, size - used, ")");
    }
}

static enum sim_err append(struct sweep_axes *axes, const struct sweep_block *b, size_t k)
{
    const struct schema_row *const row = tables_key_row(b, k);
    struct pair *const pair = calloc(b->n_rows + 1, sizeof *pair);
    const char **const text = calloc(b->n_rows + 1, sizeof *text);
    double *const value = calloc(b->n_rows + 1, sizeof *value);
    if (pair == NULL || text == NULL || value == NULL || axes->n == SWEEP_AXES) {
        const bool is_full = pair != NULL && text != NULL && value != NULL;
        axes->n_left_out += is_full;
        free(pair);
        free(text);
        free(value);
        return is_full ? SIM_OK : SIM_ENOMEM;
    }
    const size_t n = gather(b, k, axes->is_grid, pair);
    for (size_t i = 0; i < n; i++) {
        text[i] = pair[i].text;
        value[i] = pair[i].value;
    }
    free(pair);
    axes->text[axes->n] = text;
    axes->value[axes->n] = value;
    write_label(b, k, axes->is_grid, axes->label[axes->n], sizeof axes->label[0]);
    axes->item[axes->n] =
        (struct plot_parameter){.column = b->key[k],
                                .label = axes->label[axes->n],
                                .unit = row != NULL ? sim_dimension_unit(row->dimension) : "",
                                .text = text,
                                .value = row != NULL ? value : NULL,
                                .n = n};
    axes->n++;
    return SIM_OK;
}

static bool is_axis(const struct sweep_block *b)
{
    const struct schema_row *const row = tables_key_row(b, 0);
    bool is_so = b->n_keys == 1 || row != NULL;
    for (size_t r = 1; r < b->n_rows && is_so && b->n_keys > 1; r++) {
        is_so =
            read_value(b->cell[r * b->n_keys], row) > read_value(b->cell[(r - 1) * b->n_keys], row);
    }
    return is_so;
}

enum sim_err sweep_axes_create(const struct sweep *sweep, struct sweep_axes *axes)
{
    enum sim_err err = SIM_OK;
    *axes = (struct sweep_axes){.is_grid = true};
    for (size_t i = 0; i < sweep->n_blocks; i++) {
        axes->is_grid = axes->is_grid && is_axis(&sweep->block[i]);
    }
    for (size_t i = 0; i < sweep->n_blocks; i++) {
        const struct sweep_block *const b = &sweep->block[i];
        const size_t n = axes->is_grid ? 1 : b->n_keys;
        for (size_t k = 0; k < n && b->n_rows > 1 && err == SIM_OK; k++) {
            err = append(axes, b, k);
        }
    }
    if (err != SIM_OK) {
        sweep_axes_fini(axes);
    }
    return err;
}

void sweep_axes_fini(struct sweep_axes *axes)
{
    for (size_t i = 0; i < axes->n; i++) {
        free(axes->text[i]);
        free(axes->value[i]);
    }
    *axes = (struct sweep_axes){0};
}
