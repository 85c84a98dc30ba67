#include "models/collect.h"

#include <math.h>
#include <stdlib.h>

enum { QUIET_ROWS = 2 }; /* rows after the storm is over */

struct collector {
    struct world *world;
    struct series_column *column;
    size_t n_columns;
    double *last, *last_count; /* by column: what was read at the last row */
    struct sim_series *series;
    int n_quiet_rows;
};

static double cell(struct collector *c, size_t i)
{
    const struct series_column *const k = &c->column[i];
    const double step_s = c->world->scenario->series_step_s;
    const double value = k->read(c->world, k->index);
    if (k->kind == COLUMN_GAUGE) {
        return value;
    }
    const double change = value - c->last[i];
    c->last[i] = value;
    if (k->kind != COLUMN_MEAN) {
        return change / step_s;
    }
    const double count = k->read_count(c->world, k->index);
    const double n = count - c->last_count[i];
    c->last_count[i] = count;
    return n > 0 ? change / n : (double)NAN;
}

/* A run that cannot be expected to end, ends here. */
static void check_limits(const struct world *w)
{
    if (sim_n_events(w->sim) > w->scenario->max_events) {
        sim_raise(w->sim, SIM_ELIMIT,
                  "more than %llu events, a retry storm without end? (max_events)",
                  (unsigned long long)w->scenario->max_events);
    }
}

static void on_step(void *self, uint64_t unused)
{
    struct collector *const c = self;
    struct sim *const sim = c->world->sim;
    double *const row = sim_series_next_row(c->series);
    (void)unused;
    if (row == NULL) {
        sim_raise(sim, SIM_ENOMEM, "the time series: %s", sim_err_text(SIM_ENOMEM));
        return;
    }
    for (size_t i = 0; i < c->n_columns; i++) {
        row[i] = cell(c, i);
    }
    check_limits(c->world);
    c->n_quiet_rows += c->world->is_complete;
    if (c->n_quiet_rows == QUIET_ROWS) {
        sim_stop(sim);
        return;
    }
    const double next_s = (double)sim_series_n_rows(c->series) * c->world->scenario->series_step_s;
    sim_at(sim, next_s, SIM_LAST, (struct sim_call){on_step, c, 0});
}

static enum sim_err create_parts(struct collector *c)
{
    const struct scenario *const s = c->world->scenario;
    const size_t max_rows = (size_t)(s->horizon_s / s->series_step_s) + 2;
    c->column = collect_columns(s, &c->n_columns);
    c->last = calloc(c->n_columns, sizeof *c->last);
    c->last_count = calloc(c->n_columns, sizeof *c->last_count);
    if (c->column == NULL || c->last == NULL || c->last_count == NULL) {
        return SIM_ENOMEM;
    }
    return sim_series_create(s->series_step_s, c->n_columns, max_rows, &c->series);
}

enum sim_err collector_create(struct world *world, struct collector **out)
{
    struct collector *const c = calloc(1, sizeof *c);
    if (c == NULL) {
        return SIM_ENOMEM;
    }
    c->world = world;
    const enum sim_err err = create_parts(c);
    if (err != SIM_OK) {
        collector_destroy(c);
        return err;
    }
    sim_at(world->sim, 0, SIM_LAST, (struct sim_call){on_step, c, 0});
    *out = c;
    return SIM_OK;
}

void collector_destroy(struct collector *c)
{
    if (c == NULL) {
        return;
    }
    sim_series_destroy(c->series);
    free(c->column);
    free(c->last);
    free(c->last_count);
    free(c);
}

struct sim_series *collector_take_series(struct collector *c)
{
    struct sim_series *const series = c->series;
    c->series = NULL;
    return series;
}
