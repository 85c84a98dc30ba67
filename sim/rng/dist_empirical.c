/* Reading the sample of an empirical distribution from a column of a CSV file. */
#include "sim/base/csv_input.h"
#include "sim/base/mem.h"
#include "sim/rng/dist_internal.h"

#include <float.h>
#include <stdlib.h>

/* A file of this many numbers takes some 80 MB of memory. */
static const size_t max_values = 5000000;

struct reader {
    const char *path;
    struct sim_dist *dist;
    size_t capacity;
};

static enum sim_err on_row(void *self, const struct sim_csv_row *row, struct sim_error *e)
{
    struct reader *const r = self;
    struct sim_dist *const d = r->dist;
    double value = 0;
    const enum sim_err err = sim_csv_real(row, 0, -DBL_MAX, DBL_MAX, &value, e);
    if (err != SIM_OK) {
        return err;
    }
    if (d->n == max_values) {
        return sim_fail(e, SIM_ELIMIT, "%s: more than %zu numbers", r->path, max_values);
    }
    if (sim_grow(&d->value, &r->capacity, d->n + 1, sizeof(double)) != SIM_OK) {
        return sim_fail_memory(e, r->path);
    }
    d->value[d->n++] = value;
    return SIM_OK;
}

enum sim_err dist_empirical_read(struct sim_dist *d, const char *path, const char *column,
                                 struct sim_error *e)
{
    struct reader r = {.path = path, .dist = d};
    const struct sim_csv_column wanted = {column, true};
    const struct sim_csv_input input = {path, ',', &wanted, 1, NULL};
    const enum sim_err err = sim_csv_read(&input, on_row, &r, e);
    if (err != SIM_OK) {
        return err;
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
