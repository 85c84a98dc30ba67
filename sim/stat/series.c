#include "sim/stat/series.h"

#include "sim/base/assert.h"
#include "sim/base/mem.h"

#include <stdlib.h>
#include <string.h>

struct sim_series {
    double step_s;
    size_t n_columns, n_rows, max_rows;
    size_t capacity; /* rows there is room for */
    double *cell;    /* n_rows * n_columns, row by row */
};

enum sim_err sim_series_create(double step_s, size_t n_columns, size_t max_rows,
                               struct sim_series **out)
{
    if (!(step_s > 0) || n_columns == 0 || max_rows == 0) {
        return SIM_EINVAL;
    }
    struct sim_series *const s = calloc(1, sizeof *s);
    if (s == NULL) {
        return SIM_ENOMEM;
    }
    s->step_s = step_s;
    s->n_columns = n_columns;
    s->max_rows = max_rows;
    *out = s;
    return SIM_OK;
}

void sim_series_destroy(struct sim_series *s)
{
    if (s != NULL) {
        free(s->cell);
        free(s);
    }
}

double *sim_series_next_row(struct sim_series *s)
{
    const size_t row_byte = s->n_columns * sizeof *s->cell;
    if (s->n_rows == s->max_rows ||
        sim_grow(&s->cell, &s->capacity, s->n_rows + 1, row_byte) != SIM_OK) {
        return NULL;
    }
    double *const row = s->cell + s->n_rows++ * s->n_columns;
    memset(row, 0, row_byte);
    return row;
}

size_t sim_series_n_rows(const struct sim_series *s)
{
    return s->n_rows;
}

size_t sim_series_n_columns(const struct sim_series *s)
{
    return s->n_columns;
}

double sim_series_step_s(const struct sim_series *s)
{
    return s->step_s;
}

double sim_series_time_s(const struct sim_series *s, size_t row)
{
    return (double)row * s->step_s;
}

const double *sim_series_row(const struct sim_series *s, size_t row)
{
    SIM_ASSERT(row < s->n_rows);
    return s->cell + row * s->n_columns;
}
