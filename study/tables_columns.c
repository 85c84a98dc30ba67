/* The tables of a study: which columns they have. */
#include "study/tables_internal.h"

#include "sim/base/mem.h"
#include "study/distribution.h"
#include "study/quantile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Figures in the order of the points ---- */

static bool is_shown(const struct tables *t, size_t figure)
{
    for (size_t i = 0; i < t->n_shown; i++) {
        if (t->shown[i] == figure) {
            return true;
        }
    }
    return false;
}

/* Points may have different figures (of servers that others have not): those of the first point come first, what
 * later ones have besides comes behind. So the order does not depend on which run was first. */
static enum sim_err order_figures(struct tables *t, struct sim_error *e)
{
    const size_t most = store_n_figures(t->store);
    size_t *const own = calloc(most + 1, sizeof *own);
    enum sim_err err = SIM_OK;
    if (own == NULL) {
        return sim_fail_memory(e, "the columns");
    }
    for (uint32_t i = 0; i < t->plan->sweep.n_points && err == SIM_OK && t->n_shown < most; i++) {
        int64_t id;
        size_t n = 0;
        err = store_find_point(t->store, t->plan->point[i].digest, &id, e);
        err = err == SIM_OK ? store_point_figures(t->store, id, own, most, &n, e) : err;
        for (size_t k = 0; k < n; k++) {
            if (!is_shown(t, own[k])) {
                t->shown[t->n_shown++] = own[k];
            }
        }
    }
    free(own);
    return err;
}

/* ---- Columns ---- */

/* A table whose columns are appended one after the other; room was made before. */
static void append(struct tables *t, enum tables_kind kind, const char *name, const char *unit,
                   const char *help, enum table_type type)
{
    struct table *const table = &t->table[kind];
    struct column_text *const text = &t->text[kind][table->n_columns];
    snprintf(text->name, sizeof text->name, "%s", name);
    snprintf(text->help, sizeof text->help, "%s", help);
    t->columns[kind][table->n_columns++] =
        (struct table_column){text->name, unit, text->help, type};
}

static enum sim_err begin(struct tables *t, enum tables_kind kind, const char *name,
                          const char *title, size_t n_columns, struct sim_error *e)
{
    t->columns[kind] = calloc(n_columns + 1, sizeof *t->columns[kind]);
    t->text[kind] = calloc(n_columns + 1, sizeof *t->text[kind]);
    t->table[kind] = (struct table){name, title, t->columns[kind], 0};
    if (kind != TABLES_COLUMNS && kind != TABLES_HEADLINE) {
        t->catalogued[t->n_catalogued++] = &t->table[kind];
    }
    return t->columns[kind] != NULL && t->text[kind] != NULL ? SIM_OK
                                                             : sim_fail_memory(e, "the columns");
}

static void append_keys(struct tables *t, enum tables_kind kind)
{
    for (size_t k = 0; k < t->n_keys; k++) {
        const char *const key = sweep_key(&t->plan->sweep, k);
        struct schema_place place;
        const bool is_known = schema_locate(key, &place) && place.row != NULL;
        const struct schema_row *const row = t->key_row[k];
        const char *unit = row != NULL ? sim_dimension_unit(row->dimension) : "";
        if (row != NULL && (row->dimension == SIM_NUMBER || row->dimension == SIM_SHARE)) {
            unit = "1";
        }
        append(t, kind, key, unit, is_known ? place.row->help : "",
               row != NULL ? TABLE_REAL : TABLE_TEXT);
    }
}

static void append_point(struct tables *t, enum tables_kind kind)
{
    append(t, kind, "point", "", "number of the point, from 0, in the order of the sweep",
           TABLE_WHOLE);
}

static void append_replication(struct tables *t, enum tables_kind kind)
{
    append(t, kind, "replication", "",
           "number of the replication, from 0; replications of equal number share their random "
           "numbers at all points",
           TABLE_WHOLE);
}

static enum sim_err make_runs(struct tables *t, struct sim_error *e)
{
    const enum tables_kind kind = TABLES_RUNS;
    const enum sim_err err =
        begin(t, kind, "runs", "a run: a replication of a point", 3 + t->n_keys + t->n_shown, e);
    if (err != SIM_OK) {
        return err;
    }
    append_point(t, kind);
    append_replication(t, kind);
    append_keys(t, kind);
    for (size_t i = 0; i < t->n_shown; i++) {
        const struct store_figure *const f = store_figure(t->store, t->shown[i]);
        append(t, kind, f->name, f->unit, f->help, TABLE_REAL);
    }
    append(t, kind, "program", "", "version and revision of the program that made the run",
           TABLE_TEXT);
    return SIM_OK;
}

/* "FIGURE.STATISTIC" for all figures. */
static void append_statistics(struct tables *t, enum tables_kind kind,
                              const char *const statistic[][2], size_t n_statistics)
{
    for (size_t i = 0; i < t->n_shown; i++) {
        const struct store_figure *const f = store_figure(t->store, t->shown[i]);
        for (size_t k = 0; k < n_statistics; k++) {
            char name[128];
            char help[320];
            snprintf(name, sizeof name, "%s.%s", f->name, statistic[k][0]);
            snprintf(help, sizeof help, "%s: %s", f->help, statistic[k][1]);
            append(t, kind, name, f->unit, help, TABLE_REAL);
        }
    }
}

static enum sim_err make_points(struct tables *t, struct sim_error *e)
{
    static const char *const statistics[][2] = {
        {"mean", "mean over the replications"},
        {"half_width", "half-width of the Student interval of the mean"},
        {"p05", "5 % quantile over the replications (type 7)"},
        {"p50", "median over the replications"},
        {"p95", "95 % quantile over the replications (type 7)"}};
    const size_t n = sizeof statistics / sizeof statistics[0];
    const enum tables_kind kind = TABLES_POINTS;
    const enum sim_err err = begin(t, kind, "points", "a point of the study: all replications",
                                   3 + t->n_keys + n * t->n_shown, e);
    if (err != SIM_OK) {
        return err;
    }
    append_point(t, kind);
    append(t, kind, "replications", "", "replications of it", TABLE_WHOLE);
    append_keys(t, kind);
    if (t->plan->base->precision.is_auto) {
        append(
            t, kind, "converged", "",
            "yes: the intervals are as narrow as precision.relative asks for; no: they were not at "
            "precision.max",
            TABLE_TEXT);
    }
    append_statistics(t, kind, statistics, n);
    return SIM_OK;
}

static enum sim_err make_quantiles(struct tables *t, struct sim_error *e)
{
    const enum tables_kind kind = TABLES_QUANTILES;
    const enum sim_err err = begin(t, kind, "quantiles", "a quantile of a figure at a point",
                                   1 + t->n_keys + QUANTILE_COLUMNS, e);
    if (err != SIM_OK) {
        return err;
    }
    append_point(t, kind);
    append_keys(t, kind);
    for (size_t i = 0; i < QUANTILE_COLUMNS; i++) {
        const struct table_column *const c = &quantile_columns[i];
        append(t, kind, c->name, c->unit, c->help, c->type);
    }
    return SIM_OK;
}

static enum sim_err make_series(struct tables *t, struct sim_error *e)
{
    const enum tables_kind kind = TABLES_SERIES;
    const enum sim_err err = begin(t, kind, "series", "a value of a time series of a run", 5, e);
    if (err != SIM_OK) {
        return err;
    }
    append_point(t, kind);
    append_replication(t, kind);
    append(t, kind, "time_s", "s", "time since the failure", TABLE_REAL);
    append(t, kind, "name", "", "which series: a column of series.csv of a single scenario",
           TABLE_TEXT);
    append(t, kind, "value", "", "its value, in the unit it has there", TABLE_REAL);
    return SIM_OK;
}

static enum sim_err make_distributions(struct tables *t, struct sim_error *e)
{
    const enum tables_kind kind = TABLES_DISTRIBUTIONS;
    const enum sim_err err =
        begin(t, kind, "distributions", "a quantile of the waits of all devices of a point",
              8 + t->n_keys, e);
    if (err != SIM_OK) {
        return err;
    }
    append_point(t, kind);
    append_keys(t, kind);
    append(t, kind, "figure", "", "whose times: basic_s or full_s of the devices", TABLE_TEXT);
    append(t, kind, "replications", "", "in which devices lost what they had", TABLE_WHOLE);
    append(t, kind, "devices", "devices", "those devices, in all replications together",
           TABLE_WHOLE);
    append(t, kind, "p", "1", "share of these devices that are done by then", TABLE_REAL);
    append(t, kind, "value_s", "s",
           "when, since the failure, to 0.5 %; empty: that many never are, or no device lost "
           "anything",
           TABLE_REAL);
    append(t, kind, "low_s", "s",
           "lower end of its interval, over the replications as clusters; empty: it is open",
           TABLE_REAL);
    append(t, kind, "high_s", "s", "upper end of it; empty: it is open, or never", TABLE_REAL);
    return SIM_OK;
}

/* Of the series that are kept: distributions, or time series? */
static bool keeps(const struct tables *t, bool distributions)
{
    const struct sweep *const s = &t->plan->sweep;
    for (size_t k = 0; k < s->n_series; k++) {
        if (distribution_is(s->series[k]) == distributions) {
            return true;
        }
    }
    return false;
}

static enum sim_err make_differences(struct tables *t, struct sim_error *e)
{
    static const char *const statistics[][2] = {
        {"difference", "mean over pairs of replications of this point minus the baseline"},
        {"difference_half_width", "half-width of the Student interval of the paired difference"}};
    const enum tables_kind kind = TABLES_DIFFERENCES;
    const enum sim_err err = begin(t, kind, "differences", "a point against the baseline",
                                   2 + t->n_keys + 2 * t->n_shown, e);
    if (err != SIM_OK) {
        return err;
    }
    append_point(t, kind);
    append(t, kind, "pairs", "", "pairs of replications that share their random numbers",
           TABLE_WHOLE);
    append_keys(t, kind);
    append_statistics(t, kind, statistics, 2);
    return SIM_OK;
}

static enum sim_err make_expectations(struct tables *t, struct sim_error *e)
{
    const enum tables_kind kind = TABLES_EXPECTATIONS;
    const enum sim_err err = begin(t, kind, "expectations", "an expectation at a point",
                                   1 + t->n_keys + EXPECT_COLUMNS, e);
    if (err != SIM_OK) {
        return err;
    }
    append_point(t, kind);
    append_keys(t, kind);
    for (size_t i = 0; i < EXPECT_COLUMNS; i++) {
        const struct table_column *const c = &expect_columns[i];
        append(t, kind, c->name, c->unit, c->help, c->type);
    }
    return SIM_OK;
}

/* The unit and the meaning of a figure; of one that no run has, none. */
static void append_headline(struct tables *t, const char *figure)
{
    const char *unit = "";
    const char *help = "no run has it";
    char name[128];
    for (size_t i = 0; i < t->n_shown; i++) {
        const struct store_figure *const f = store_figure(t->store, t->shown[i]);
        if (strcmp(f->name, figure) == 0) {
            unit = f->unit;
            help = f->help;
        }
    }
    snprintf(name, sizeof name, "%s.mean", figure);
    append(t, TABLES_HEADLINE, name, unit, help, TABLE_REAL);
    snprintf(name, sizeof name, "%s.half_width", figure);
    append(t, TABLES_HEADLINE, name, unit, "half-width of the Student interval of this mean",
           TABLE_REAL);
}

enum sim_err tables_make_headline(struct tables *t, struct sim_error *e)
{
    const enum tables_kind kind = TABLES_HEADLINE;
    const enum sim_err err = begin(t, kind, "points", "a point of the study",
                                   4 + t->n_keys + 2 * (size_t)TABLES_HEADLINES, e);
    if (err != SIM_OK) {
        return err;
    }
    append_point(t, kind);
    append_keys(t, kind);
    append(t, kind, "replications", "", "replications of it", TABLE_WHOLE);
    append(t, kind, "failed", "runs", "that were to be made and failed", TABLE_WHOLE);
    append(t, kind, "converged", "", "no: the intervals are wider than precision.relative asks for",
           TABLE_TEXT);
    for (size_t i = 0; i < TABLES_HEADLINES; i++) {
        append_headline(t, tables_headline[i]);
    }
    return SIM_OK;
}

static enum sim_err make_columns(struct tables *t, struct sim_error *e)
{
    const enum tables_kind kind = TABLES_COLUMNS;
    const enum sim_err err = begin(t, kind, "columns", "a column of one of the files", 5, e);
    if (err != SIM_OK) {
        return err;
    }
    append(t, kind, "file", "", "file the column is in", TABLE_TEXT);
    append(t, kind, "column", "", "name of the column", TABLE_TEXT);
    append(t, kind, "unit", "", "its unit; 1 for a share or a ratio", TABLE_TEXT);
    append(t, kind, "type", "", "text, whole or real; an empty cell is a missing value",
           TABLE_TEXT);
    append(t, kind, "meaning", "", "what it says", TABLE_TEXT);
    return SIM_OK;
}

const struct table *tables_of_kind(const struct tables *t, enum tables_kind kind)
{
    return t->table[kind].name != NULL ? &t->table[kind] : NULL;
}

const char *tables_file_name(const struct table *table)
{
    static const char *const names[] = {"runs.csv",         "points.csv",        "quantiles.csv",
                                        "series.csv",       "distributions.csv", "differences.csv",
                                        "expectations.csv", "columns.csv"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strncmp(names[i], table->name, strlen(table->name)) == 0) {
            return names[i];
        }
    }
    return "";
}

/* ---- Room ---- */

static enum sim_err make_room(struct tables *t, struct sim_error *e)
{
    const size_t n_figures = store_n_figures(t->store);
    const size_t most = plan_most_replications(t->plan);
    t->n_keys = sweep_n_keys(&t->plan->sweep);
    t->key_row = calloc(t->n_keys + 1, sizeof *t->key_row);
    t->shown = calloc(n_figures + 1, sizeof *t->shown);
    t->replication = calloc(most, sizeof *t->replication);
    t->program = calloc(most, sizeof *t->program);
    t->value = calloc(most * n_figures + 1, sizeof *t->value);
    t->column = calloc(most, sizeof *t->column);
    t->baseline = calloc(most * n_figures + 1, sizeof *t->baseline);
    t->in_baseline = calloc(most, sizeof *t->in_baseline);
    const bool has_memory = t->in_baseline != NULL && t->key_row != NULL && t->shown != NULL &&
                            t->replication != NULL && t->program != NULL && t->value != NULL &&
                            t->column != NULL && t->baseline != NULL;
    return has_memory ? SIM_OK : sim_fail_memory(e, "the tables of the study");
}

/* A word that stands for a number, such as "users" of mail.desktop_users, is none. */
static bool has_word(const struct sweep_block *b, size_t k, const struct schema_row *row)
{
    double number;
    struct sim_error ignored;
    for (size_t r = 0; row->choices != NULL && r < b->n_rows; r++) {
        if (sim_read_quantity(b->cell[r * b->n_keys + k], row->dimension, &number, &ignored) !=
            SIM_OK) {
            return true;
        }
    }
    return false;
}

const struct schema_row *tables_key_row(const struct sweep_block *b, size_t k)
{
    struct schema_place place;
    const bool is_known = schema_locate(b->key[k], &place);
    const bool is_number = is_known && place.row != NULL &&
                           (place.row->type == SCHEMA_QUANTITY || place.row->type == SCHEMA_COUNT ||
                            place.row->type == SCHEMA_COUNT64 || place.row->type == SCHEMA_RATE64);
    return is_number && !has_word(b, k, place.row) ? place.row : NULL;
}

static void find_key_rows(struct tables *t)
{
    const struct sweep *const s = &t->plan->sweep;
    size_t n = 0;
    for (size_t i = 0; i < s->n_blocks; i++) {
        for (size_t k = 0; k < s->block[i].n_keys; k++) {
            t->key_row[n++] = tables_key_row(&s->block[i], k);
        }
    }
}

enum sim_err tables_init(struct tables *t, struct sim_error *e)
{
    enum sim_err err = make_room(t, e);
    if (err == SIM_OK) {
        find_key_rows(t);
        err = order_figures(t, e);
    }
    err = err == SIM_OK ? make_runs(t, e) : err;
    err = err == SIM_OK ? make_points(t, e) : err;
    err = err == SIM_OK ? make_quantiles(t, e) : err;
    if (err == SIM_OK && keeps(t, false)) {
        err = make_series(t, e);
    }
    if (err == SIM_OK && keeps(t, true)) {
        err = make_distributions(t, e);
    }
    if (err == SIM_OK && t->plan->sweep.baseline != NULL) {
        err = make_differences(t, e);
    }
    if (err == SIM_OK && t->plan->expected.n > 0) {
        err = make_expectations(t, e);
    }
    return err == SIM_OK ? make_columns(t, e) : err;
}

void tables_fini(struct tables *t)
{
    for (int i = 0; i < TABLES_N_KINDS; i++) {
        free(t->columns[i]);
        free(t->text[i]);
    }
    free(t->key_row);
    free(t->shown);
    free(t->replication);
    free(t->program);
    free(t->value);
    free(t->column);
    free(t->baseline);
    free(t->in_baseline);
}
