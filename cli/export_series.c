/* series.csv: the time series of every replication. series_mean.csv: their mean. curves.csv: how
 * the devices get there, with a band over the replications. */
#include "cli/export.h"

#include "cli/series_mean.h"
#include "models/collect.h"
#include "sim/base/assert.h"
#include "sim/stat/sample.h"

#include <math.h>
#include <stdlib.h>

/* Two leading columns, then those of the collector. */
static struct table_column *series_columns(const struct series_column *series, size_t n)
{
    struct table_column *const columns = calloc(2 + n, sizeof *columns);
    if (columns == NULL) {
        return NULL;
    }
    columns[0] =
        (struct table_column){"replication", "", "number of the replication, from 0", TABLE_WHOLE};
    columns[1] = (struct table_column){"time_s", "s", "time since the failure", TABLE_REAL};
    for (size_t i = 0; i < n; i++) {
        columns[2 + i] =
            (struct table_column){series[i].name, series[i].unit, series[i].help, TABLE_REAL};
    }
    return columns;
}

static void write_series(struct csv *csv, uint32_t replication, const struct sim_series *series)
{
    for (size_t row = 0; row < sim_series_n_rows(series); row++) {
        const double *const cell = sim_series_row(series, row);
        csv_whole(csv, replication);
        csv_real(csv, sim_series_time_s(series, row));
        for (size_t i = 0; i < sim_series_n_columns(series); i++) {
            csv_real(csv, cell[i]);
        }
    }
}

static void export_all_series(struct export *x, const struct series_column *series, size_t n)
{
    struct table_column *const columns = series_columns(series, n);
    const struct table table = {"series", "a moment of a replication", columns, n + 2};
    struct csv *const csv = export_open(x, &table);
    for (uint32_t r = 0; csv != NULL && r < x->study->n; r++) {
        write_series(csv, r, x->study->result[r].series);
    }
    export_close(x, csv);
    free(columns);
}

struct half_width_text {
    char name[80], help[200];
};

/* A mean for each column of the series, then the half-width of its interval for each. */
static struct table_column *mean_columns(const struct series_column *series, size_t n,
                                         struct half_width_text *text)
{
    static const struct table_column leading = {"time_s", "s", "time since the failure",
                                                TABLE_REAL};
    struct table_column *const columns = calloc(1 + 2 * n, sizeof *columns);
    if (columns == NULL) {
        return NULL;
    }
    columns[0] = leading;
    for (size_t i = 0; i < n; i++) {
        snprintf(text[i].name, sizeof text[i].name, "%s.half_width", series[i].name);
        snprintf(text[i].help, sizeof text[i].help, "%s: half-width of the Student interval",
                 series[i].help);
        columns[1 + i] =
            (struct table_column){series[i].name, series[i].unit, series[i].help, TABLE_REAL};
        columns[1 + n + i] =
            (struct table_column){text[i].name, series[i].unit, text[i].help, TABLE_REAL};
    }
    return columns;
}

static void write_mean_row(struct csv *csv, const struct study *study, size_t row, size_t n,
                           double half_width[])
{
    SIM_ASSERT(half_width != NULL); /* else there are no columns, and no csv */
    csv_real(csv, (double)row * study->scenario->series_step_s);
    for (size_t i = 0; i < n; i++) {
        const struct sim_interval cell = series_mean_cell(study, row, i);
        csv_real(csv, cell.mean);
        half_width[i] = cell.half_width;
    }
    for (size_t i = 0; i < n; i++) {
        csv_real(csv, half_width[i]);
    }
}

static void export_mean_series(struct export *x, const struct series_column *series, size_t n)
{
    struct half_width_text *const text = calloc(n, sizeof *text);
    double *const half_width = calloc(n, sizeof *half_width);
    const bool has_memory = text != NULL && half_width != NULL;
    struct table_column *const columns = has_memory ? mean_columns(series, n, text) : NULL;
    const struct table table = {"series_mean", "a moment: means over the replications", columns,
                                1 + 2 * n};
    struct csv *const csv = export_open(x, &table);
    const size_t rows = series_mean_n_rows(x->study);
    for (size_t row = 0; csv != NULL && row < rows; row++) {
        write_mean_row(csv, x->study, row, n, half_width);
    }
    export_close(x, csv);
    free(columns);
    free(half_width);
    free(text);
}

void export_series(struct export *x)
{
    size_t n;
    struct series_column *const series = collect_columns(x->study->scenario, &n);
    if (series == NULL) {
        x->err = sim_fail_memory(x->error, "series.csv");
        return;
    }
    export_all_series(x, series, n);
    export_mean_series(x, series, n);
    free(series);
}

/* ---- curves.csv ---- */

static const struct table_column curve_columns[] = {
    {"percent", "%", "share of the devices", TABLE_REAL},
    {"basic_s", "s", "time until so many have today's mail: mean over replications", TABLE_REAL},
    {"basic_low_s", "s", "lower end of its Student interval, at least 0", TABLE_REAL},
    {"basic_high_s", "s", "upper end of it", TABLE_REAL},
    {"full_s", "s", "time until so many have everything: mean over replications", TABLE_REAL},
    {"full_low_s", "s", "lower end of its Student interval, at least 0", TABLE_REAL},
    {"full_high_s", "s", "upper end of it", TABLE_REAL},
};

static const struct table curve_table = {"curves", "a share of the devices", curve_columns,
                                         sizeof curve_columns / sizeof curve_columns[0]};

static void free_samples(struct sim_sample *samples, uint32_t n)
{
    for (uint32_t r = 0; samples != NULL && r < n; r++) {
        sim_sample_fini(&samples[r]);
    }
    free(samples);
}

/* Sorted times of an event in each replication, freed by free_samples; NULL when out of memory. */
static struct sim_sample *sample_event(const struct study *study, enum device_event event)
{
    struct sim_sample *const samples = calloc(study->n, sizeof *samples);
    for (uint32_t r = 0; samples != NULL && r < study->n; r++) {
        const struct run_result *const result = &study->result[r];
        for (uint32_t i = 0; i < result->n_devices; i++) {
            const struct device_record *const d = &result->device[i];
            if (metrics_is_affected(d) &&
                sim_sample_add(&samples[r], metrics_event_s(d, event)) != SIM_OK) {
                free_samples(samples, study->n);
                return NULL;
            }
        }
        sim_sample_sort(&samples[r]);
    }
    return samples;
}

/* A time is never negative; NaN, the interval of one replication, stays NaN. */
static double at_least_0(double low_s)
{
    return low_s < 0 ? 0 : low_s;
}

static void write_level(struct csv *csv, const struct study *study,
                        const struct sim_sample *samples, double p)
{
    struct sim_tally tally = {0};
    bool all_finite = true;
    for (uint32_t r = 0; r < study->n; r++) {
        const double time_s = sim_sample_quantile(&samples[r], p);
        all_finite = all_finite && isfinite(time_s);
        if (isfinite(time_s)) {
            sim_tally_add(&tally, time_s);
        }
    }
    const struct sim_interval i = sim_interval_student(&tally, study->scenario->confidence);
    csv_real(csv, all_finite ? i.mean : (double)NAN);
    csv_real(csv, all_finite ? at_least_0(i.mean - i.half_width) : (double)NAN);
    csv_real(csv, all_finite ? i.mean + i.half_width : (double)NAN);
}

void export_curves(struct export *x)
{
    enum { STEPS = 200 };
    struct sim_sample *const basic = sample_event(x->study, EVENT_BASIC);
    struct sim_sample *const full = sample_event(x->study, EVENT_FULL);
    const bool has_memory = basic != NULL && full != NULL;
    struct csv *const csv = has_memory ? export_open(x, &curve_table) : NULL;
    if (!has_memory) {
        x->err = sim_fail_memory(x->error, "curves.csv");
    }
    for (int step = 0; csv != NULL && step <= STEPS; step++) {
        const double p = (double)step / STEPS;
        csv_real(csv, 100 * p);
        write_level(csv, x->study, basic, p);
        write_level(csv, x->study, full, p);
    }
    export_close(x, csv);
    free_samples(basic, x->study->n);
    free_samples(full, x->study->n);
}
