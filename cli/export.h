/* cli/export.h -- the results of a study as files in a folder. */
#ifndef CLI_EXPORT_H
#define CLI_EXPORT_H

#include "cli/expected.h"
#include "cli/study.h"
#include "models/settings.h"
#include "output/csv.h"
#include "output/folder.h"

#include <stdio.h>

/* What all writers share. The first error is kept and ends the work. */
struct export
{
    const struct study *study;       /* NULL where there is none */
    const struct settings *settings; /* NULL, as the scenario, where there is none */
    const struct scenario *scenario;
    const struct expected *expected; /* NULL where there is none */
    struct folder *folder;
    struct csv *catalogue; /* columns.csv */
    bool is_quiet;         /* nothing but errors is said */
    enum sim_err err;
    struct sim_error *error;
};

/* Writes all tables, scenarios and plot scripts of x->study, and the pictures if gnuplot is there. `gnuplot`
 * says its version, NULL if it is missing. */
SIM_MUST_CHECK enum sim_err export_study(struct export *x, const char *gnuplot);

/* Has a stop been requested, or has an earlier writer failed? Then the rest is not written. */
bool export_is_over(struct export *x);

/* Opens columns.csv, which the writers fill; close it last. */
void export_open_catalogue(struct export *x);

/* For the writers: opens a table and lists its columns in columns.csv; NULL after an error.
 * A table without columns is one for which there was no memory. */
struct csv *export_open(struct export *x, const struct table *table);
void export_close(struct export *x, struct csv *csv);

/* Opens a text file in the folder; NULL after an error. */
FILE *export_open_text(struct export *x, const char *name);
void export_close_text(struct export *x, FILE *file, const char *name);

/* Draws plots/NAME.gp, which was written, as PNG and SVG; a picture that fails is told, and costs no
 * more than itself. */
void export_draw(struct export *x, const char *name);

/* summary.csv on standard output, in any format. SIM_EIO, SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err export_print_summary(const struct study *s, enum table_format format,
                                                 struct sim_error *e);

/* Puts the folder in place, unless a stop is requested: SIM_ESTOPPED. */
SIM_MUST_CHECK enum sim_err export_commit(struct folder *folder, struct sim_error *e);

/* "Written to FOLDER:" and the files. */
void export_list_files(const struct folder *folder, FILE *out);

/* scenario.yaml, as it was given, and scenario.effective.yaml. */
void export_scenarios(struct export *x);

/* A file each: */
void export_devices(struct export *x);   /* devices.csv */
void export_stages(struct export *x);    /* stages.csv: mean time by stage and class */
void export_security(struct export *x);  /* security.csv, if there are orders */
void export_runs(struct export *x);      /* runs.csv */
void export_points(struct export *x);    /* points.csv */
void export_summary(struct export *x);   /* summary.csv: the same, a row per figure */
void export_quantiles(struct export *x); /* quantiles.csv: over replications, with intervals */
void export_series(struct export *x);    /* series.csv, series_mean.csv */
void export_curves(struct export *x);    /* curves.csv: quantiles over devices with a band */
void export_expected(struct export *x);  /* expectations.csv, .json, if something is expected */
void export_plots(struct export *x, bool render); /* plots/ */

#endif
