/* A decision as CSV and as a picture. */
#include "cli/decision_report.h"
#include "models/metrics.h"
#include "output/plot.h"

#include <math.h>
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

/* ---- The picture ---- */

static void write_points(const struct decision *d, enum decision_way way, int mark,
                         const char *words, FILE *out)
{
    if (decision_find(d, way) != NULL) {
        fprintf(out,
                ", \\\n    '' using (is('%s', column('outage_s') / 60)):"
                "(column('user_minutes_lost')) with points linetype 3 pointtype %d pointsize 1.5 "
                "title '%s'",
                decision_way_name(way), mark, words);
    }
}

/* The break-even as a line, and its interval as a band. */
static void write_break_even(const struct sim_break_even *even_s, FILE *out)
{
    if (even_s->crossing != SIM_CROSSING_FOUND) {
        return;
    }
    const double at = even_s->x / 60;
    fprintf(out,
            "set arrow 1 from %.6g, graph 0 to %.6g, graph 1 nohead dashtype 3 linecolor rgb "
            "'#555555'\nset label 1 ' break-even: %.3g min' at %.6g, graph 0.05\n",
            at, at, at, at);
    if (isfinite(even_s->low)) {
        fprintf(out,
                "set object 1 rectangle from %.6g, graph 0 to %.6g, graph 1 behind fillcolor rgb "
                "'#dddddd' fillstyle solid noborder\n",
                even_s->low / 60, even_s->high / 60);
    }
}

/* What failing over costs does not depend on the outage: its interval is a band from side to side. */
static void write_move_band(const struct sim_interval *cost, FILE *out)
{
    if (isfinite(cost->half_width) && cost->mean > cost->half_width) {
        fprintf(out,
                "set object 2 rectangle from graph 0, first %.6g to graph 1, first %.6g behind "
                "fillcolor rgb '#bbbbbb' fillstyle solid noborder\n",
                cost->mean - cost->half_width, cost->mean + cost->half_width);
    }
}

static void write_plot(const struct decision *d, FILE *out)
{
    const struct decision_task *const t = d->task;
    const struct sim_interval *const move = &decision_find(d, WAY_FAIL_OVER)->figure[DECISION_COST];
    const double low = t->outage_s[0] / 60;
    const double high = t->outage_s[t->n_outages - 1] / 60;
    fprintf(out, "set logscale xy\nset xrange [%.6g:%.6g]\nset yrange [*:*]\n", low, high);
    write_break_even(&d->even_s, out);
    write_move_band(move, out);
    fprintf(
        out,
        "is(c, y) = stringcolumn('course') eq c ? y : NaN\n"
        "plot '../decision.csv' using (is('wait', column('outage_s') / 60)):"
        "(column('user_minutes_lost') - column('user_minutes_lost.half_width')):"
        "(column('user_minutes_lost') + column('user_minutes_lost.half_width')) with filledcurves "
        "linecolor rgb '#bbbbbb' title 'intervals', \\\n"
        "    '' using (is('wait', column('outage_s') / 60)):(column('user_minutes_lost')) with "
        "linespoints linetype 1 pointtype 7 title 'wait until it is back', \\\n"
        "    %.17g with lines linetype 5 dashtype 2 title 'fail over at once'",
        move->mean);
    write_points(d, WAY_RESTORE, 4, "restore without state", out);
    write_points(d, WAY_RESTART, 9, "its machine restarts by itself", out);
    write_points(d, WAY_HOLD, 3, "hold so long, then fail over", out);
    fputc('\n', out);
}

static void export_plot(const struct decision *d, struct export *x)
{
    char note[160];
    const struct scenario *const s = d->task->scenario;
    snprintf(note, sizeof note, "%.90s; mean of %u, %g %% intervals", s->title, s->replications,
             100 * s->confidence);
    const struct plot plot = {"decision",
                              "Wait or fail over?",
                              note,
                              "outage (minutes)",
                              "user-minutes without current mail",
                              NULL};
    FILE *const out = export_open_text(x, "plots/decision.gp");
    if (out == NULL) {
        return;
    }
    plot_begin(out, &plot);
    write_plot(d, out);
    plot_end(out, &plot);
    export_close_text(x, out, "plots/decision.gp");
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
    export_plot(d, x);
}
