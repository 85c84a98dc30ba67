#include "cli/drawing.h"

#include "cli/series_mean.h"
#include "sim/base/assert.h"
#include "sim/base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double nearly_all = 0.99;
static const double many = 0.5; /* of the devices: fewer, and it is about those who never are */

/* ---- The time that is drawn ---- */

static size_t find_column(const struct drawing *d, const char *name)
{
    size_t i = 0;
    while (strcmp(d->column[i].name, name) != 0) {
        i++;
        SIM_ASSERT(i < d->n_columns);
    }
    return i;
}

/* The time from which on a column is at least `level`, as it is in the row `last`. */
static double reached_s(const struct study *study, size_t column, size_t last, double level)
{
    size_t row = last;
    while (row > 0 && series_mean_value(study, row - 1, column) >= level) {
        row--;
    }
    return (double)row * study->scenario->series_step_s;
}

static bool are_all_complete(const struct study *study)
{
    bool all = true;
    for (uint32_t r = 0; r < study->n; r++) {
        all = all && study->result[r].is_complete;
    }
    return all;
}

static void choose_axis(struct drawing *d)
{
    const struct study *const study = d->x->study;
    const size_t last = series_mean_n_rows(study) - 1;
    const double last_s = fmax((double)last, 1) * study->scenario->series_step_s;
    const double n_devices = study->result[0].n_devices;
    const size_t full = find_column(d, "done.full");
    const double n_full = series_mean_value(study, last, full);
    double end_s = last_s;
    if (n_full >= nearly_all * n_devices) {
        end_s = 1.1 * reached_s(study, full, last, nearly_all * n_devices);
    } else if (n_full >= many * n_devices) {
        end_s = fmin(2 * reached_s(study, full, last, nearly_all * n_full), last_s);
    }
    d->axis = time_axis_until(fmax(end_s, study->scenario->series_step_s));
    if (!are_all_complete(study)) { /* nobody knows how it would go on */
        d->axis.end = fmin(d->axis.end, last_s / d->axis.unit_s);
    }
    snprintf(d->x_label, sizeof d->x_label, "%s since the failure", d->axis.unit);
}

static void average_columns(struct drawing *d)
{
    const struct study *const study = d->x->study;
    const double end_s = d->axis.end * d->axis.unit_s;
    const size_t n_rows = series_mean_n_rows(study);
    for (size_t i = 0; i < d->n_columns; i++) {
        struct sim_tally tally = {0};
        for (size_t row = 0; row < n_rows; row++) {
            const double mean = series_mean_value(study, row, i);
            if ((double)row * study->scenario->series_step_s <= end_s && !isnan(mean)) {
                sim_tally_add(&tally, mean);
            }
        }
        d->mean[i] = tally.n > 0 ? tally.mean : 0;
        d->most[i] = tally.n > 0 ? tally.max : 0;
    }
}

/* ---- Words ---- */

void drawing_time(char *text, size_t size, double time_s)
{
    const struct time_axis axis = time_axis_until(fmax(time_s, 1e-3));
    const double value = time_s / axis.unit_s;
    snprintf(text, size, "%g %s", value < 99.5 ? round(10 * value) / 10 : round(value), axis.unit);
}

static void write_note(struct drawing *d)
{
    const struct study *const study = d->x->study;
    if (study->n > 1) {
        snprintf(d->note, sizeof d->note, "%.120s (mean of %u replications)",
                 study->scenario->title, study->n);
    } else {
        snprintf(d->note, sizeof d->note, "%.120s (one replication)", study->scenario->title);
    }
}

static void write_remark(struct drawing *d)
{
    const struct study *const study = d->x->study;
    const double unfinished = study_summary_of(study, "unfinished").mean;
    const double end_s = study_summary_of(study, "end_s").max;
    char end[48];
    drawing_time(end, sizeof end, end_s);
    if (unfinished > 0) {
        snprintf(d->remark, sizeof d->remark,
                 "When the simulation ends, after %s, %.3g of the %u devices still lack "
                 "something%s.",
                 end, unfinished, study->result[0].n_devices, study->n > 1 ? ", on average" : "");
    } else if (end_s > d->axis.end * d->axis.unit_s) {
        snprintf(d->remark, sizeof d->remark, "The last device%s has everything after %s.",
                 study->n > 1 ? " of the slowest replication" : "", end);
    }
}

/* ---- Life ---- */

void drawing_init(struct drawing *d, struct export *x)
{
    *d = (struct drawing){.x = x};
    d->column = collect_columns(x->study->scenario, &d->n_columns);
    d->mean = calloc(d->n_columns + 1, sizeof *d->mean);
    d->most = calloc(d->n_columns + 1, sizeof *d->most);
    if (d->column == NULL || d->mean == NULL || d->most == NULL) {
        x->err = x->err != SIM_OK ? x->err : sim_fail_memory(x->error, "the plots");
        return;
    }
    choose_axis(d);
    average_columns(d);
    write_note(d);
    write_remark(d);
}

void drawing_fini(struct drawing *d)
{
    free(d->column);
    free(d->mean);
    free(d->most);
}

/* ---- Scripts ---- */

FILE *drawing_begin(const struct drawing *d, const struct plot *plot)
{
    char name[64];
    snprintf(name, sizeof name, "plots/%s.gp", plot->name);
    FILE *const file = export_open_text(d->x, name);
    if (file != NULL) {
        plot_begin(file, plot);
    }
    return file;
}

void drawing_end(const struct drawing *d, const struct plot *plot, FILE *file)
{
    char name[64];
    snprintf(name, sizeof name, "plots/%s.gp", plot->name);
    plot_end(file, plot);
    export_close_text(d->x, file, name);
}

void drawing_write_axis(const struct drawing *d, FILE *out)
{
    const struct study *const study = d->x->study;
    const double last_s = (double)(series_mean_n_rows(study) - 1) * study->scenario->series_step_s;
    char shown[SIM_DOUBLE_TEXT];
    sim_double_text(shown, d->axis.end);
    fprintf(out, "set xrange [0:%s]\nset xtics %g\n", shown, d->axis.tick);
    if (last_s < d->axis.end * d->axis.unit_s) {
        char last[SIM_DOUBLE_TEXT];
        sim_double_text(last, last_s);
        fprintf(out,
                "axis(t) = t < %s ? t / %g : %s # all is done: the last row goes on to the end\n",
                last, d->axis.unit_s, shown);
    } else {
        fprintf(out, "axis(t) = t / %g\n", d->axis.unit_s);
    }
}
