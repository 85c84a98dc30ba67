/* A decision as CSV. */
#include "cli/decision_report.h"
#include "models/metrics.h"

#include <stdio.h>
#include <string.h>

enum { N_FIXED = 9 };

/* Columns: the fixed ones, then mean and half-width of each figure. */
struct columns {
    struct table_column column[N_FIXED + 2 * DECISION_MOST_FIGURES];
    char name[DECISION_MOST_FIGURES][96];
    struct table table;
};

static const char *unit_of(const char *metric)
{
    return metrics_is_time(metric)                    ? "s"
           : strcmp(metric, "user_minutes_lost") == 0 ? "min"
                                                      : "as in runs.csv";
}

static void make_columns(const struct decision *d, struct columns *c)
{
    static const struct table_column fixed[N_FIXED] = {
        {"course", "", "fail_over, wait, restart, restore or hold", TABLE_TEXT},
        {"outage_s", "s",
         "until the server is back; of hold, until everybody is moved; empty: it stays away",
         TABLE_REAL},
        {"allowed", "", "yes, or the figures whose limits are broken", TABLE_TEXT},
        {"extra_min", "min", "user_minutes_lost, less that of failing over: mean, paired",
         TABLE_REAL},
        {"extra_half_width_min", "min", "half-width of its interval", TABLE_REAL},
        {"replications", "", "of each course, on the same random numbers", TABLE_WHOLE},
        {"break_even_s", "s", "outage at which waiting costs what failing over does; empty: none",
         TABLE_REAL},
        {"break_even_low_s", "s", "below it waiting is cheaper beyond chance; empty: unknown",
         TABLE_REAL},
        {"break_even_high_s", "s", "above it failing over is cheaper beyond chance; empty: unknown",
         TABLE_REAL}};
    size_t n = 0;
    for (; n < N_FIXED; n++) {
        c->column[n] = fixed[n];
    }
    for (size_t k = 0; k < d->task->n_figures; k++) {
        const char *const metric = d->task->figure[k].metric;
        snprintf(c->name[k], sizeof c->name[k], "%.70s.half_width", metric);
        c->column[n++] = (struct table_column){metric, unit_of(metric),
                                               "mean of this figure of runs.csv", TABLE_REAL};
        c->column[n++] = (struct table_column){c->name[k], unit_of(metric),
                                               "half-width of its interval", TABLE_REAL};
    }
    c->table = (struct table){"decision", "a course of action", c->column, n};
}

static void write_allowed(const struct decision *d, const struct decision_case *c, struct csv *csv)
{
    char text[DECISION_MOST_FIGURES * 80] = "";
    size_t used = 0;
    for (size_t i = 0; i < c->n_broken; i++) {
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%.70s", i == 0 ? "" : " ",
                                 d->task->figure[c->broken[i]].metric);
    }
    csv_text(csv, c->n_broken == 0 ? "yes" : text);
}

static void write_rows(const struct decision *d, struct csv *csv)
{
    for (size_t i = 0; i < d->n; i++) {
        const struct decision_case *const c = &d->item[i];
        csv_text(csv, decision_way_name(c->way));
        csv_real(csv, c->outage_s);
        write_allowed(d, c, csv);
        csv_real(csv, c->extra.mean);
        csv_real(csv, c->extra.half_width);
        csv_whole(csv, d->task->scenario->replications);
        csv_real(csv, d->even_s.x); /* NaN, an empty cell, if there is none; so are its ends */
        csv_real(csv, d->even_s.low);
        csv_real(csv, d->even_s.high);
        for (size_t k = 0; k < d->task->n_figures; k++) {
            csv_real(csv, c->figure[k].mean);
            csv_real(csv, c->figure[k].half_width);
        }
    }
}

enum sim_err decision_print_as(const struct decision *d, enum table_format format,
                               struct sim_error *e)
{
    struct columns columns;
    struct csv *csv;
    make_columns(d, &columns);
    const enum sim_err err = csv_create_as("-", &columns.table, format, &csv, e);
    if (err != SIM_OK) {
        return err;
    }
    write_rows(d, csv);
    return csv_close(csv, e);
}

/* ---- What waiting costs, finely ---- */

static void export_waiting(const struct decision *d, struct export *x)
{
    static const struct table_column column[] = {
        {"outage_s", "s", "until the server is back, with its state", TABLE_REAL},
        {"user_minutes_lost", "min", "what waiting for it costs: mean", TABLE_REAL},
        {"user_minutes_lost.half_width", "min", "half-width of its interval", TABLE_REAL},
        {"extra_min", "min", "the same, less that of failing over: mean, paired", TABLE_REAL},
        {"extra_half_width_min", "min", "half-width of its interval", TABLE_REAL}};
    const struct table table = {"waiting", "an outage, those asked for and between", column,
                                sizeof column / sizeof column[0]};
    struct csv *const csv = export_open(x, &table);
    if (csv == NULL) {
        return;
    }
    for (size_t i = 0; i < d->n_curve; i++) {
        const struct decision_wait *const w = &d->curve[i];
        csv_real(csv, w->outage_s);
        csv_real(csv, w->cost.mean);
        csv_real(csv, w->cost.half_width);
        csv_real(csv, w->extra.mean);
        csv_real(csv, w->extra.half_width);
    }
    export_close(x, csv);
}

void decision_export(const struct decision *d, struct export *x)
{
    struct columns columns;
    make_columns(d, &columns);
    struct csv *const csv = export_open(x, &columns.table);
    if (csv != NULL) {
        write_rows(d, csv);
        export_close(x, csv);
    }
    export_waiting(d, x);
    decision_export_plot(d, x);
}
