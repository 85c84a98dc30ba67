#include "cli/export.h"

#include "cli/stop.h"
#include "models/scenario_show.h"
#include "study/study_show.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct table_column catalogue_columns[] = {
    {"file", "", "file the column is in", TABLE_TEXT},
    {"column", "", "name of the column", TABLE_TEXT},
    {"unit", "", "its unit; 1 for a share or a ratio", TABLE_TEXT},
    {"type", "", "text, whole or real; an empty cell is a missing value", TABLE_TEXT},
    {"meaning", "", "what it says", TABLE_TEXT},
};

static const struct table catalogue_table = {"columns", "a column of one of the files",
                                             catalogue_columns, 5};

static struct csv *open_csv(struct export *x, const struct table *table)
{
    char name[64];
    struct csv *csv = NULL;
    snprintf(name, sizeof name, "%s.csv", table->name);
    char *const path = folder_file(x->folder, name);
    x->err =
        path == NULL ? sim_fail_memory(x->error, name) : csv_create(path, table, &csv, x->error);
    free(path);
    return csv;
}

static void catalogue(struct export *x, const struct table *table)
{
    char file[64];
    snprintf(file, sizeof file, "%s.csv", table->name);
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct table_column *const c = &table->column[i];
        csv_text(x->catalogue, file);
        csv_text(x->catalogue, c->name);
        csv_text(x->catalogue, c->unit);
        csv_text(x->catalogue, table_type_name(c->type));
        csv_text(x->catalogue, c->help);
    }
}

bool export_is_over(struct export *x)
{
    if (x->err == SIM_OK && stop_requested(NULL)) {
        x->err = sim_fail(x->error, SIM_ESTOPPED, "stopped on request");
    }
    return x->err != SIM_OK;
}

struct csv *export_open(struct export *x, const struct table *table)
{
    if (export_is_over(x)) {
        return NULL;
    }
    if (table->column == NULL) {
        x->err = sim_fail_memory(x->error, table->name);
        return NULL;
    }
    struct csv *const csv = open_csv(x, table);
    if (csv != NULL) {
        catalogue(x, table);
    }
    return csv;
}

void export_close(struct export *x, struct csv *csv)
{
    struct sim_error e;
    const enum sim_err err = csv_close(csv, &e);
    if (err != SIM_OK && x->err == SIM_OK) {
        x->err = err;
        *x->error = e;
    }
}

FILE *export_open_text(struct export *x, const char *name)
{
    if (export_is_over(x)) {
        return NULL;
    }
    char *const path = folder_file(x->folder, name);
    FILE *const file = path != NULL ? fopen(path, "wb") : NULL;
    if (path == NULL) {
        x->err = sim_fail_memory(x->error, name);
    } else if (file == NULL) {
        x->err = sim_fail(x->error, SIM_EIO, "%s: %s", path, strerror(errno));
    }
    free(path);
    return file;
}

void export_close_text(struct export *x, FILE *file, const char *name)
{
    if (file == NULL) {
        return;
    }
    const bool has_failed = ferror(file) != 0;
    errno = 0;
    if ((fclose(file) != 0 || has_failed) && x->err == SIM_OK) {
        x->err = sim_fail(x->error, SIM_EIO, "%s/%s: %s", folder_path(x->folder), name,
                          strerror(errno != 0 ? errno : EIO));
    }
}

void export_scenarios(struct export *x)
{
    FILE *file = export_open_text(x, "scenario.yaml");
    if (file != NULL) {
        fwrite(x->settings->given, 1, x->settings->given_length, file);
        export_close_text(x, file, "scenario.yaml");
    }
    file = export_open_text(x, "scenario.effective.yaml");
    if (file != NULL) {
        scenario_show(x->settings, x->scenario, false, file);
        study_show(x->settings, file);
        export_close_text(x, file, "scenario.effective.yaml");
    }
}

void export_open_catalogue(struct export *x)
{
    x->catalogue = open_csv(x, &catalogue_table);
}

static void export_tables(struct export *x)
{
    export_open_catalogue(x);
    if (x->catalogue == NULL) {
        return;
    }
    export_summary(x);
    export_runs(x);
    export_points(x);
    export_devices(x);
    export_stages(x);
    export_security(x);
    export_quantiles(x);
    export_series(x);
    export_curves(x);
    export_expected(x);
    export_close(x, x->catalogue);
}

enum sim_err export_study(struct export *x, const char *gnuplot)
{
    export_scenarios(x);
    export_tables(x);
    export_plots(x, gnuplot != NULL);
    return x->err;
}
