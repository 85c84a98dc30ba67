#include "cli/export_csv.h"

#include "cli/export.h"
#include "cli/rerun_manifest.h"
#include "cli/stop.h"
#include "output/csv.h"
#include "output/csv_rows.h"
#include "output/folder.h"
#include "output/tree.h"
#include "sim/base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A table on its way. */
struct passage {
    char **name; /* n_columns */
    struct table_column *column;
    size_t n_columns;
    struct csv *out;
};

static bool read_number(const char *text, double *value)
{
    const char *end;
    return sim_parse_double(text, &end, value) && *end == '\0' && isfinite(*value);
}

static enum sim_err take_header(struct passage *p, const char *const cell[], size_t n,
                                struct sim_error *e)
{
    p->column = calloc(n, sizeof *p->column);
    p->name = calloc(n, sizeof *p->name);
    if (p->column == NULL || p->name == NULL) {
        return sim_fail_memory(e, "a table");
    }
    p->n_columns = n;
    for (size_t i = 0; i < n; i++) {
        p->name[i] = strdup(cell[i]);
        if (p->name[i] == NULL) {
            return sim_fail_memory(e, "a table");
        }
        p->column[i] = (struct table_column){p->name[i], "", "", TABLE_REAL};
    }
    return SIM_OK;
}

/* First time: which columns are of numbers? */
static enum sim_err on_look(void *self, uint64_t row, const char *const cell[], size_t n,
                            struct sim_error *e)
{
    struct passage *const p = self;
    double ignored;
    if (stop_requested(NULL)) {
        return sim_fail(e, SIM_ESTOPPED, "stopped on request");
    }
    if (row == 0) {
        return take_header(p, cell, n, e);
    }
    for (size_t i = 0; i < n; i++) {
        if (*cell[i] != '\0' && !read_number(cell[i], &ignored)) {
            p->column[i].type = TABLE_TEXT;
        }
    }
    return SIM_OK;
}

static enum sim_err on_copy(void *self, uint64_t row, const char *const cell[], size_t n,
                            struct sim_error *e)
{
    struct passage *const p = self;
    if (stop_requested(NULL)) {
        return sim_fail(e, SIM_ESTOPPED, "stopped on request");
    }
    for (size_t i = 0; i < n && row > 0; i++) {
        double value = (double)NAN;
        if (p->column[i].type == TABLE_TEXT) {
            csv_text(p->out, cell[i]);
        } else {
            csv_real(p->out, read_number(cell[i], &value) ? value : (double)NAN);
        }
    }
    return SIM_OK;
}

static enum sim_err pass(const char *from, const char *to, enum table_format dialect,
                         struct sim_error *e)
{
    struct passage p = {.out = NULL};
    enum sim_err err = csv_rows_read(from, on_look, &p, e);
    const struct table table = {"table", "", p.column, p.n_columns};
    if (err == SIM_OK) {
        err = csv_create_as(to, &table, dialect, &p.out, e);
    }
    if (err == SIM_OK) {
        struct sim_error of_close;
        err = csv_rows_read(from, on_copy, &p, e);
        const enum sim_err closed = csv_close(p.out, &of_close);
        if (err == SIM_OK && closed != SIM_OK) {
            err = closed;
            *e = of_close;
        }
    }
    for (size_t i = 0; i < p.n_columns; i++) {
        free(p.name[i]);
    }
    free(p.name);
    free(p.column);
    return err;
}

static bool is_table(const char *name)
{
    const size_t n = strlen(name);
    return n > 4 && strcmp(name + n - 4, ".csv") == 0 && strchr(name, '/') == NULL;
}

static enum sim_err pass_all(const char *folder, const struct rerun_manifest *m,
                             enum table_format dialect, struct folder *out, struct sim_error *e)
{
    enum sim_err err = SIM_OK;
    for (size_t i = 0; i < m->n_files && err == SIM_OK; i++) {
        if (is_table(m->file[i].name)) {
            char *const from = tree_join(folder, m->file[i].name);
            char *const to = folder_file(out, m->file[i].name);
            err = from != NULL && to != NULL ? pass(from, to, dialect, e)
                                             : sim_fail_memory(e, m->file[i].name);
            free(from);
            free(to);
        }
    }
    return err == SIM_OK ? export_commit(out, e) : err;
}

enum sim_err export_csv(const char *folder, const char *path, enum table_format dialect,
                        struct sim_error *e)
{
    struct rerun_manifest manifest = {0};
    struct folder *out = NULL;
    char *const name = tree_join(folder, "manifest.json");
    enum sim_err err = name != NULL ? rerun_manifest_read(name, &manifest, e)
                                    : sim_fail_memory(e, "manifest.json");
    if (err == SIM_OK && access(path, F_OK) == 0 && !tree_is_empty(path)) {
        err = sim_fail(e, SIM_EEXIST, "%s exists already; choose another name with -o", path);
    }
    err = err == SIM_OK ? folder_create(path, false, &out, e) : err;
    if (err == SIM_OK) {
        stop_name_unfinished(folder_staging(out));
        err = pass_all(folder, &manifest, dialect, out, e);
        folder_name_error(out, e);
    }
    stop_name_unfinished(NULL);
    folder_destroy(out);
    rerun_manifest_fini(&manifest);
    free(name);
    return err;
}
