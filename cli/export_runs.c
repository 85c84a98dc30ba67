/* runs.csv: a row per replication. points.csv and summary.csv: the replications together. */
#include "cli/export.h"

#include <math.h>
#include <stdlib.h>

void export_runs(struct export *x)
{
    const struct study *const s = x->study;
    struct table_column *const columns = calloc(s->n_metrics + 1, sizeof *columns);
    if (columns == NULL) {
        x->err = sim_fail_memory(x->error, "runs.csv");
        return;
    }
    columns[0] =
        (struct table_column){"replication", "", "number of the replication, from 0", TABLE_WHOLE};
    for (size_t i = 0; i < s->n_metrics; i++) {
        const struct metric *const m = &s->metric[0][i];
        columns[i + 1] = (struct table_column){m->name, m->unit, m->help, TABLE_REAL};
    }
    const struct table table = {"runs", "a replication", columns, s->n_metrics + 1};
    struct csv *const csv = export_open(x, &table);
    for (uint32_t r = 0; csv != NULL && r < s->n; r++) {
        csv_whole(csv, r);
        for (size_t i = 0; i < s->n_metrics; i++) {
            csv_real(csv, s->metric[r][i].value);
        }
    }
    export_close(x, csv);
    free(columns);
}

/* ---- points.csv ---- */

static const char *const statistics[] = {"mean", "half_width", "p05", "p50", "p95"};
static const char *const statistic_words[] = {
    "mean over the replications", "half-width of the Student interval of the mean",
    "5 % quantile over the replications (type 7)", "median over the replications",
    "95 % quantile over the replications (type 7)"};

enum { N_STATISTICS = sizeof statistics / sizeof statistics[0], NAME_BYTE = 96, HELP_BYTE = 256 };

struct point_texts {
    char name[NAME_BYTE];
    char help[HELP_BYTE];
};

static void write_point(struct csv *csv, const struct study *s)
{
    csv_whole(csv, 0);
    csv_whole(csv, s->n);
    for (size_t i = 0; i < s->n_metrics; i++) {
        const struct metric_summary m = s->summary[i];
        csv_real(csv, m.mean);
        csv_real(csv, m.half_width);
        csv_real(csv, m.p05);
        csv_real(csv, m.p50);
        csv_real(csv, m.p95);
    }
}

void export_points(struct export *x)
{
    const struct study *const s = x->study;
    const size_t n = 2 + s->n_metrics * N_STATISTICS;
    struct table_column *const columns = calloc(n, sizeof *columns);
    struct point_texts *const text = calloc(n, sizeof *text);
    if (columns == NULL || text == NULL) {
        x->err = sim_fail_memory(x->error, "points.csv");
        free(columns);
        free(text);
        return;
    }
    columns[0] = (struct table_column){"point", "", "number of the point, from 0", TABLE_WHOLE};
    columns[1] = (struct table_column){"replications", "", "replications of it", TABLE_WHOLE};
    for (size_t i = 2; i < n; i++) {
        const struct metric *const m = &s->metric[0][(i - 2) / N_STATISTICS];
        const size_t k = (i - 2) % N_STATISTICS;
        snprintf(text[i].name, NAME_BYTE, "%s.%s", m->name, statistics[k]);
        snprintf(text[i].help, HELP_BYTE, "%s: %s", m->help, statistic_words[k]);
        columns[i] = (struct table_column){text[i].name, m->unit, text[i].help, TABLE_REAL};
    }
    const struct table table = {"points", "a point of the study: all replications", columns, n};
    struct csv *const csv = export_open(x, &table);
    if (csv != NULL) {
        write_point(csv, s);
    }
    export_close(x, csv);
    free(columns);
    free(text);
}

/* ---- summary.csv ---- */

static const struct table_column summary_columns[] = {
    {"figure", "", "name of the figure, as in runs.csv", TABLE_TEXT},
    {"unit", "", "its unit", TABLE_TEXT},
    {"replications", "", "number of replications", TABLE_WHOLE},
    {"mean", "unit", "mean over the replications; empty if it is 'never' in one", TABLE_REAL},
    {"low", "unit", "lower end of the Student interval of the mean", TABLE_REAL},
    {"high", "unit", "upper end of it", TABLE_REAL},
    {"least", "unit", "least of the replications", TABLE_REAL},
    {"median", "unit", "median of the replications", TABLE_REAL},
    {"greatest", "unit", "greatest of the replications", TABLE_REAL},
    {"meaning", "", "what the figure says", TABLE_TEXT},
};

static const struct table summary_table = {"summary", "a figure of the study", summary_columns,
                                           sizeof summary_columns / sizeof summary_columns[0]};

static void write_summary(struct csv *csv, const struct study *s)
{
    for (size_t i = 0; i < s->n_metrics; i++) {
        const struct metric_summary m = s->summary[i];
        csv_text(csv, s->metric[0][i].name);
        csv_text(csv, s->metric[0][i].unit);
        csv_whole(csv, m.n);
        csv_real(csv, m.mean);
        csv_real(csv, m.mean - m.half_width);
        csv_real(csv, m.mean + m.half_width);
        csv_real(csv, m.min);
        csv_real(csv, m.p50);
        csv_real(csv, m.max);
        csv_text(csv, s->metric[0][i].help);
    }
}

void export_summary(struct export *x)
{
    struct csv *const csv = export_open(x, &summary_table);
    if (csv != NULL) {
        write_summary(csv, x->study);
    }
    export_close(x, csv);
}

enum sim_err export_print_summary(const struct study *s, enum table_format format,
                                  struct sim_error *e)
{
    struct csv *csv = NULL;
    const enum sim_err err = csv_create_as("-", &summary_table, format, &csv, e);
    if (err != SIM_OK) {
        return err;
    }
    write_summary(csv, s);
    return csv_close(csv, e);
}
