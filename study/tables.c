/* The tables of a study: which rows they have. tables_columns.c says which columns. */
#include "study/tables_internal.h"

#include "output/new_file.h"
#include "study/distribution.h"
#include "study/precision.h"
#include "study/summary.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- The runs of a point ---- */

static enum sim_err read_runs(struct tables *t, uint32_t n, struct sim_error *e)
{
    const size_t n_figures = store_n_figures(t->store);
    enum sim_err err = SIM_OK;
    t->n = 0;
    for (uint32_t r = 0; r < n && err == SIM_OK; r++) {
        double *const value = t->value + t->n * n_figures;
        err = store_read_run(t->store, t->id, r, value, t->program[t->n], PROGRAM_TEXT, e);
        if (err == SIM_ENOENT) {
            err = SIM_OK; /* it failed */
        } else if (err == SIM_OK) {
            t->replication[t->n++] = r;
        }
    }
    return err;
}

/* With automatic replications: only as many as are enough. */
static enum sim_err cut_to_precision(struct tables *t, struct sim_error *e)
{
    const struct scenario *const s = t->plan->base;
    char name[PRECISION_FIGURES][PRECISION_NAME];
    uint32_t n_names;
    enum sim_err err = precision_figures(s, name, &n_names, e);
    double *const watched = calloc((size_t)PRECISION_FIGURES * t->n + 1, sizeof *watched);
    if (watched == NULL) {
        return sim_fail_memory(e, "the figures of a point");
    }
    for (uint32_t k = 0; k < n_names && err == SIM_OK; k++) {
        for (uint32_t r = 0; r < t->n; r++) {
            watched[(size_t)k * t->n + r] = tables_value_by_name(t, r, name[k]);
        }
    }
    if (err == SIM_OK) {
        const uint32_t enough = precision_enough(s, watched, n_names, t->n, t->n);
        t->is_converged = enough > 0;
        t->n = enough > 0 ? enough : t->n;
    }
    free(watched);
    return err;
}

enum sim_err tables_load_point(struct tables *t, uint32_t point, struct sim_error *e)
{
    t->point = point;
    t->n = 0;
    t->is_converged = false;
    if (t->stop_requested != NULL && t->stop_requested(NULL)) {
        return sim_fail(e, SIM_ESTOPPED, "stopped on request");
    }
    enum sim_err err = store_find_point(t->store, t->plan->point[point].digest, &t->id, e);
    if (err == SIM_OK && t->id != 0) {
        err = read_runs(t, plan_most_replications(t->plan), e);
    }
    if (err == SIM_OK && t->plan->base->precision.is_auto && t->n > 0) {
        err = cut_to_precision(t, e);
    }
    return err;
}

double tables_value_by_name(const struct tables *t, uint32_t r, const char *name)
{
    const size_t n_figures = store_n_figures(t->store);
    for (size_t i = 0; i < n_figures; i++) {
        if (strcmp(store_figure(t->store, i)->name, name) == 0) {
            return t->value[r * n_figures + i];
        }
    }
    return (double)NAN;
}

/* The figure by name in every replication, into t->column: NaN at points that have no such figure. */
static void gather_by_name(struct tables *t, const char *name)
{
    for (uint32_t r = 0; r < t->n; r++) {
        t->column[r] = tables_value_by_name(t, r, name);
    }
}

/* ---- What is told ---- */

const char *const tables_headline[TABLES_HEADLINES] = {"basic_p50_s", "full_p95_s",
                                                       "user_minutes_lost"};

/* Runs that were to be made: failed ones leave no trace but their absence. Where replications are automatic a run that
 * failed ends its point. */
static uint32_t count_failed(const struct tables *t)
{
    const struct scenario *const s = t->plan->base;
    const uint32_t behind_last = t->n > 0 ? t->replication[t->n - 1] + 1 : 0;
    if (!s->precision.is_auto) {
        return s->replications - t->n;
    }
    const bool is_cut_short = !t->is_converged && behind_last < s->precision.max;
    return behind_last - t->n + is_cut_short;
}

static enum sim_err tell_point(struct tables *t, struct sim_error *e)
{
    struct tables_report *const r = t->report;
    if (r->n_told == TABLES_TOLD) {
        return SIM_OK;
    }
    struct tables_told *const told = &r->told[r->n_told++];
    *told = (struct tables_told){.point = t->point, .n = t->n, .n_failed = count_failed(t)};
    told->is_converged = t->is_converged || !t->plan->base->precision.is_auto;
    for (size_t i = 0; i < TABLES_HEADLINES; i++) {
        gather_by_name(t, tables_headline[i]);
        if (summary_of(t->column, t->n, t->plan->base->confidence, &told->headline[i]) != SIM_OK) {
            return sim_fail_memory(e, "points.csv");
        }
    }
    return SIM_OK;
}

/* ---- Rows ---- */

void tables_put_keys(struct csv *csv, const struct tables *t)
{
    for (size_t k = 0; k < t->n_keys; k++) {
        const char *const value = sweep_value(&t->plan->sweep, t->point, k);
        struct sim_error ignored;
        double number = (double)NAN;
        if (t->key_row[k] == NULL) {
            csv_text(csv, value);
        } else {
            const enum sim_err err =
                sim_read_quantity(value, t->key_row[k]->dimension, &number, &ignored);
            csv_real(csv, err == SIM_OK ? number : (double)NAN);
        }
    }
}

static enum sim_err put_runs(struct tables *t, struct csv *csv, struct sim_error *e)
{
    const size_t n_figures = store_n_figures(t->store);
    (void)e;
    for (uint32_t r = 0; r < t->n; r++) {
        csv_whole(csv, t->point);
        csv_whole(csv, t->replication[r]);
        tables_put_keys(csv, t);
        for (size_t i = 0; i < t->n_shown; i++) {
            csv_real(csv, t->value[r * n_figures + t->shown[i]]);
        }
        csv_text(csv, t->program[r]);
    }
    t->report->n_runs += t->n;
    return SIM_OK;
}

void tables_gather(struct tables *t, size_t figure)
{
    for (uint32_t r = 0; r < t->n; r++) {
        t->column[r] = t->value[r * store_n_figures(t->store) + figure];
    }
}

static enum sim_err put_point(struct tables *t, struct csv *csv, struct sim_error *e)
{
    enum { FEW = 5 };
    enum sim_err err = SIM_OK;
    const bool is_auto = t->plan->base->precision.is_auto;
    csv_whole(csv, t->point);
    csv_whole(csv, t->n);
    tables_put_keys(csv, t);
    if (is_auto) {
        csv_text(csv, t->is_converged ? "yes" : "no");
        t->report->not_converged += !t->is_converged;
    }
    t->report->few += t->n < FEW;
    t->report->n_points_beyond -= t->id != 0;
    for (size_t i = 0; i < t->n_shown; i++) {
        struct metric_summary s = {.mean = NAN};
        tables_gather(t, t->shown[i]);
        if (err == SIM_OK && summary_of(t->column, t->n, t->plan->base->confidence, &s) != SIM_OK) {
            err = sim_fail_memory(e, "points.csv");
        }
        csv_real(csv, s.mean);
        csv_real(csv, s.half_width);
        csv_real(csv, s.p05);
        csv_real(csv, s.p50);
        csv_real(csv, s.p95);
    }
    return err == SIM_OK ? tell_point(t, e) : err;
}

static enum sim_err put_series_of_run(struct tables *t, struct csv *csv, uint32_t r,
                                      const char *name, struct sim_error *e)
{
    struct kept_series s;
    const enum sim_err err = store_read_series(t->store, t->id, t->replication[r], name, &s, e);
    if (err != SIM_OK) {
        return err == SIM_ENOENT ? SIM_OK : err; /* a column that this point has not */
    }
    for (size_t i = 0; i < s.n; i++) {
        csv_whole(csv, t->point);
        csv_whole(csv, t->replication[r]);
        csv_real(csv, (double)i * s.step_s);
        csv_text(csv, name);
        csv_real(csv, s.value[i]);
    }
    free(s.value);
    return SIM_OK;
}

static enum sim_err put_series(struct tables *t, struct csv *csv, struct sim_error *e)
{
    const struct sweep *const s = &t->plan->sweep;
    enum sim_err err = SIM_OK;
    for (uint32_t r = 0; r < t->n; r++) {
        for (size_t k = 0; k < s->n_series && err == SIM_OK; k++) {
            err = distribution_is(s->series[k]) ? SIM_OK
                                                : put_series_of_run(t, csv, r, s->series[k], e);
        }
    }
    return err;
}

/* Replications of equal number have drawn the same random numbers at both points: their differences vary
 * less than the figures do. */
static enum sim_err put_difference(struct tables *t, struct csv *csv, struct sim_error *e)
{
    const size_t n_figures = store_n_figures(t->store);
    uint32_t n = 0;
    enum sim_err err = SIM_OK;
    for (uint32_t r = 0; r < t->n; r++) {
        n += t->replication[r] < t->n_baseline && t->in_baseline[t->replication[r]];
    }
    csv_whole(csv, t->point);
    csv_whole(csv, n);
    tables_put_keys(csv, t);
    for (size_t i = 0; i < t->n_shown; i++) {
        struct metric_summary s = {.mean = NAN};
        uint32_t k = 0;
        for (uint32_t r = 0; r < t->n; r++) {
            const uint32_t number = t->replication[r];
            if (number < t->n_baseline && t->in_baseline[number]) {
                t->column[k++] = t->value[r * n_figures + t->shown[i]] -
                                 t->baseline[number * n_figures + t->shown[i]];
            }
        }
        if (err == SIM_OK && summary_of(t->column, n, t->plan->base->confidence, &s) != SIM_OK) {
            err = sim_fail_memory(e, "differences.csv");
        }
        csv_real(csv, s.mean);
        csv_real(csv, s.half_width);
    }
    return err;
}

static enum sim_err put_expectations(struct tables *t, struct csv *csv, struct sim_error *e)
{
    const double confidence = t->plan->base->confidence;
    for (size_t i = 0; i < t->plan->expected.n; i++) {
        const struct expectation *const x = &t->plan->expected.item[i];
        struct judgement j;
        gather_by_name(t, x->figure);
        if (expect_judge(x, t->column, t->n, confidence, &j) != SIM_OK) {
            return sim_fail_memory(e, "expectations.csv");
        }
        csv_whole(csv, t->point);
        tables_put_keys(csv, t);
        expect_put(csv, x, &j, confidence);
        if (t->is_counting) {
            expect_count(&t->report->tally[i], t->point, &j);
        }
    }
    return SIM_OK;
}

/* ---- Files ---- */

typedef enum sim_err put_fn(struct tables *t, struct csv *csv, struct sim_error *e);

static enum sim_err put_all(struct tables *t, put_fn *put, struct csv *csv, struct sim_error *e)
{
    enum sim_err err = SIM_OK;
    for (uint32_t i = 0; i < t->plan->sweep.n_points && err == SIM_OK; i++) {
        err = tables_load_point(t, i, e);
        err = err == SIM_OK ? put(t, csv, e) : err;
    }
    return err;
}

/* The rows of a table; of two errors the first one is told. */
static enum sim_err fill_and_close(struct tables *t, put_fn *put, bool over_points, struct csv *csv,
                                   struct sim_error *e)
{
    struct sim_error at_close;
    const enum sim_err err = over_points ? put_all(t, put, csv, e) : put(t, csv, e);
    const enum sim_err closed = csv_close(csv, &at_close);
    if (err == SIM_OK && closed != SIM_OK) {
        *e = at_close;
    }
    return err != SIM_OK ? err : closed;
}

static enum sim_err put_catalogue(struct tables *t, struct csv *csv, struct sim_error *e)
{
    (void)e;
    for (size_t k = 0; k < t->n_catalogued; k++) {
        const struct table *const table = t->catalogued[k];
        char file[64];
        snprintf(file, sizeof file, "%s.csv", table->name);
        for (size_t i = 0; i < table->n_columns; i++) {
            const struct table_column *const c = &table->column[i];
            csv_text(csv, file);
            csv_text(csv, c->name);
            csv_text(csv, c->unit);
            csv_text(csv, table_type_name(c->type));
            csv_text(csv, c->help);
        }
    }
    return SIM_OK;
}

/* Writes a file beside the old one and puts it in its place. */
static enum sim_err write_file(struct tables *t, const struct table *table,
                               enum table_format format, put_fn *put, bool over_points,
                               struct sim_error *e)
{
    char path[4096];
    struct new_file *file = NULL;
    struct csv *csv = NULL;
    snprintf(path, sizeof path, "%s/%s.%s", t->folder, table->name,
             format == TABLE_JSON ? "json" : "csv");
    enum sim_err err = new_file_create(path, true, &file, e);
    err = err == SIM_OK ? csv_create_as(new_file_staging(file), table, format, &csv, e) : err;
    err = err == SIM_OK ? fill_and_close(t, put, over_points, csv, e) : err;
    err = err == SIM_OK ? new_file_commit(file, e) : err;
    if (err != SIM_OK && file != NULL) {
        new_file_name_error(file, e);
    }
    new_file_destroy(file);
    return err;
}

static enum sim_err keep_baseline(struct tables *t, struct sim_error *e)
{
    const size_t n_figures = store_n_figures(t->store);
    uint32_t point;
    enum sim_err err = sweep_find_baseline(&t->plan->sweep, &point, e);
    err = err == SIM_OK ? tables_load_point(t, point, e) : err;
    if (err == SIM_OK) {
        for (uint32_t r = 0; r < t->n; r++) {
            const uint32_t number = t->replication[r];
            memcpy(t->baseline + number * n_figures, t->value + r * n_figures,
                   n_figures * sizeof *t->value);
            t->in_baseline[number] = true;
            t->n_baseline = number + 1;
        }
    }
    return err;
}

static enum sim_err write_all(struct tables *t, struct sim_error *e)
{
    static const struct {
        enum tables_kind kind;
        enum table_format format;
        put_fn *put;
    } files[] = {{TABLES_RUNS, TABLE_CSV, put_runs},
                 {TABLES_POINTS, TABLE_CSV, put_point},
                 {TABLES_QUANTILES, TABLE_CSV, tables_put_quantiles},
                 {TABLES_SERIES, TABLE_CSV, put_series},
                 {TABLES_DISTRIBUTIONS, TABLE_CSV, tables_put_distributions},
                 {TABLES_DIFFERENCES, TABLE_CSV, put_difference},
                 {TABLES_EXPECTATIONS, TABLE_CSV, put_expectations},
                 {TABLES_EXPECTATIONS, TABLE_JSON, put_expectations}};
    enum sim_err err = SIM_OK;
    for (size_t i = 0; i < sizeof files / sizeof files[0] && err == SIM_OK; i++) {
        const struct table *const table = tables_of_kind(t, files[i].kind);
        if (table == NULL) {
            continue;
        }
        if (files[i].kind == TABLES_DIFFERENCES) {
            err = keep_baseline(t, e);
        }
        t->is_counting = files[i].format == TABLE_CSV;
        err = err == SIM_OK ? write_file(t, table, files[i].format, files[i].put, true, e) : err;
    }
    return err == SIM_OK ? write_file(t, tables_of_kind(t, TABLES_COLUMNS), TABLE_CSV,
                                      put_catalogue, false, e)
                         : err;
}

/* All that is there; the points of the sweep are taken off as they come. */
static enum sim_err count_beyond(struct tables *t, struct sim_error *e)
{
    uint64_t n_runs;
    struct tables_report *const r = t->report;
    const enum sim_err err = store_count(t->store, &r->n_points_beyond, &n_runs, e);
    return err == SIM_OK
               ? store_count_from(t->store, plan_most_replications(t->plan), &r->n_runs_beyond, e)
               : err;
}

enum sim_err tables_write(const struct plan *plan, struct store *store, const char *folder,
                          bool (*stop_requested)(void *context), const char *name[TABLES_MOST],
                          size_t *n_names, struct tables_report *report, struct sim_error *e)
{
    struct tables t = {.plan = plan,
                       .store = store,
                       .folder = folder,
                       .stop_requested = stop_requested,
                       .report = report};
    *report = (struct tables_report){.tally = report->tally};
    enum sim_err err = tables_init(&t, e);
    err = err == SIM_OK ? count_beyond(&t, e) : err;
    err = err == SIM_OK ? write_all(&t, e) : err;
    *n_names = 0;
    for (size_t k = 0; k < t.n_catalogued; k++) {
        name[(*n_names)++] = tables_file_name(t.catalogued[k]);
    }
    if (plan->expected.n > 0) {
        name[(*n_names)++] = "expectations.json";
    }
    name[(*n_names)++] = "columns.csv";
    tables_fini(&t);
    return err;
}

/* ---- On standard output ---- */

static enum sim_err put_headline(struct tables *t, struct csv *csv, struct sim_error *e)
{
    const bool is_auto = t->plan->base->precision.is_auto;
    csv_whole(csv, t->point);
    tables_put_keys(csv, t);
    csv_whole(csv, t->n);
    csv_whole(csv, count_failed(t));
    csv_text(csv, t->is_converged || !is_auto ? "yes" : "no");
    for (size_t i = 0; i < TABLES_HEADLINES; i++) {
        struct metric_summary s;
        gather_by_name(t, tables_headline[i]);
        if (summary_of(t->column, t->n, t->plan->base->confidence, &s) != SIM_OK) {
            return sim_fail_memory(e, "the table of the points");
        }
        csv_real(csv, s.mean);
        csv_real(csv, s.half_width);
    }
    return SIM_OK;
}

enum sim_err tables_print(const struct plan *plan, struct store *store, enum table_format format,
                          bool (*stop_requested)(void *context), struct sim_error *e)
{
    struct tables t = {.plan = plan, .store = store, .stop_requested = stop_requested};
    struct csv *csv = NULL;
    enum sim_err err = tables_init(&t, e);
    err = err == SIM_OK ? tables_make_headline(&t, e) : err;
    err = err == SIM_OK ? csv_create_as("-", tables_of_kind(&t, TABLES_HEADLINE), format, &csv, e)
                        : err;
    err = err == SIM_OK ? fill_and_close(&t, put_headline, true, csv, e) : err;
    tables_fini(&t);
    return err;
}
