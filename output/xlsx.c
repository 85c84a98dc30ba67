/* The workbook: its sheets from the files of the folder. */
#include "output/xlsx_internal.h"

#include "output/csv_rows.h"
#include "output/new_file.h"
#include "output/tree.h"
#include "sim/base/mem.h"
#include "sim/base/text.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* What columns.csv says: a column that holds numbers. */
struct numeric {
    char *file, *column;
};

struct xlsx {
    const char *folder;
    bool (*stop_requested)(void *context);
    lxw_workbook *workbook;
    lxw_format *header;
    struct numeric *numeric;
    size_t n_numeric, numeric_capacity;
    struct xlsx_points points;
};

bool xlsx_is_there(void)
{
    return true;
}

/* ---- Types ---- */

static enum sim_err on_column(void *self, uint64_t row, const char *const cell[], size_t n,
                              struct sim_error *e)
{
    enum { FILE_NAME, COLUMN, UNIT, TYPE, LEAST };
    struct xlsx *const x = self;
    if (row == 0 && n < LEAST) {
        return sim_fail(e, SIM_EINVAL, "columns.csv lacks columns");
    }
    if (row == 0 || strcmp(cell[TYPE], "text") == 0) {
        return SIM_OK;
    }
    if (sim_grow(&x->numeric, &x->numeric_capacity, x->n_numeric + 1, sizeof *x->numeric) !=
        SIM_OK) {
        return sim_fail_memory(e, "the columns");
    }
    struct numeric *const added = &x->numeric[x->n_numeric++];
    *added = (struct numeric){strdup(cell[FILE_NAME]), strdup(cell[COLUMN])};
    return added->file != NULL && added->column != NULL ? SIM_OK
                                                        : sim_fail_memory(e, "the columns");
}

static bool is_numeric(const struct xlsx *x, const char *file, const char *column)
{
    for (size_t i = 0; i < x->n_numeric; i++) {
        if (strcmp(x->numeric[i].file, file) == 0 && strcmp(x->numeric[i].column, column) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- Sheets from CSV ---- */

struct sheet {
    struct xlsx *x;
    const char *name, *file;
    lxw_worksheet *worksheet;
    char **header; /* owned */
    bool *is_number;
    size_t n_columns;
    uint32_t row;  /* the next of the worksheet */
    uint32_t part; /* of a table that takes several */
};

static void freeze(struct sheet *s)
{
    if (s->worksheet != NULL && s->n_columns > 0) {
        worksheet_freeze_panes(s->worksheet, 1, 0);
        worksheet_autofilter(s->worksheet, 0, 0, s->row > 1 ? s->row - 1 : 1,
                             (lxw_col_t)(s->n_columns - 1));
    }
}

static enum sim_err begin_part(struct sheet *s, struct sim_error *e)
{
    enum { WIDTH = 16 };
    char name[32];
    freeze(s);
    s->part++;
    snprintf(name, sizeof name, s->part > 1 ? "%s %u" : "%s", s->name, s->part);
    s->worksheet = workbook_add_worksheet(s->x->workbook, name);
    s->row = 0;
    if (s->worksheet == NULL) {
        return sim_fail_memory(e, s->file);
    }
    worksheet_set_column(s->worksheet, 0, (lxw_col_t)(s->n_columns - 1), WIDTH, NULL);
    for (size_t i = 0; i < s->n_columns; i++) {
        worksheet_write_string(s->worksheet, 0, (lxw_col_t)i, s->header[i], s->x->header);
    }
    s->row = 1;
    return SIM_OK;
}

static enum sim_err take_header(struct sheet *s, const char *const cell[], size_t n,
                                struct sim_error *e)
{
    if (n > LXW_COL_MAX) {
        return sim_fail(e, SIM_EINVAL, "%s: has %zu columns and a sheet takes %d", s->file, n,
                        LXW_COL_MAX);
    }
    s->header = calloc(n + 1, sizeof *s->header);
    s->is_number = calloc(n + 1, sizeof *s->is_number);
    if (s->header == NULL || s->is_number == NULL) {
        return sim_fail_memory(e, s->file);
    }
    s->n_columns = n;
    for (size_t i = 0; i < n; i++) {
        s->header[i] = strdup(cell[i]);
        s->is_number[i] = is_numeric(s->x, s->file, cell[i]);
        if (s->header[i] == NULL) {
            return sim_fail_memory(e, s->file);
        }
    }
    return begin_part(s, e);
}

/* What libxlsxwriter does not take it leaves out. */
static enum sim_err put_text(lxw_worksheet *sheet, uint32_t row, size_t column, const char *text,
                             const char *file, struct sim_error *e)
{
    const lxw_error failed = worksheet_write_string(sheet, row, (lxw_col_t)column, text, NULL);
    if (failed == LXW_NO_ERROR) {
        return SIM_OK;
    }
    return failed == LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED
               ? sim_fail(e, SIM_EINVAL,
                          "%s: '%.20s...' is longer than the 32767 characters that a cell of a "
                          "sheet takes",
                          file, text)
               : sim_fail_memory(e, file);
}

static enum sim_err put_cell(const struct sheet *s, size_t i, const char *text, struct sim_error *e)
{
    const char *end;
    double value;
    if (s->is_number[i] && sim_parse_double(text, &end, &value) && *end == '\0') {
        worksheet_write_number(s->worksheet, s->row, (lxw_col_t)i, value, NULL);
    } else if (*text != '\0') {
        return put_text(s->worksheet, s->row, i, text, s->file, e);
    }
    return SIM_OK;
}

static enum sim_err on_row(void *self, uint64_t row, const char *const cell[], size_t n,
                           struct sim_error *e)
{
    struct sheet *const s = self;
    enum sim_err err = SIM_OK;
    if (s->x->stop_requested(NULL)) {
        return sim_fail(e, SIM_ESTOPPED, "stopped on request");
    }
    if (row == 0 || s->row == LXW_ROW_MAX) {
        err = row == 0 ? take_header(s, cell, n, e) : begin_part(s, e);
    }
    for (size_t i = 0; i < n && row > 0 && err == SIM_OK; i++) {
        err = put_cell(s, i, cell[i], e);
    }
    s->row += row > 0;
    return err;
}

static enum sim_err read_file(const struct xlsx *x, const char *file, csv_row_fn *take, void *self,
                              struct sim_error *e)
{
    char *const path = tree_join(x->folder, file);
    const enum sim_err err =
        path != NULL ? csv_rows_read(path, take, self, e) : sim_fail_memory(e, file);
    free(path);
    return err;
}

static enum sim_err add_table(struct xlsx *x, const char *name, const char *file,
                              struct sim_error *e)
{
    struct sheet s = {.x = x, .name = name, .file = file};
    const enum sim_err err = read_file(x, file, on_row, &s, e);
    if (err == SIM_OK) {
        freeze(&s);
    }
    for (size_t i = 0; i < s.n_columns && s.header != NULL; i++) {
        free(s.header[i]);
    }
    free(s.header);
    free(s.is_number);
    return err;
}

/* ---- The manifest ---- */

/* What differs between two runs of the same. */
static bool is_left_out(const char *key)
{
    static const char *const names[] = {"threads", "ranks",    "started",   "ended",
                                        "command", "platform", "libraries", "scenario"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(key, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* A value a row: the key, and for lists and objects the key behind a dot; pictures depend on gnuplot. */
static enum sim_err put_value(lxw_worksheet *sheet, uint32_t *row, const char *key, json_t *value,
                              struct sim_error *e)
{
    enum sim_err err = SIM_OK;
    const char *name;
    json_t *part;
    char *text;
    if (json_is_object(value)) {
        json_object_foreach(value, name, part)
        {
            char path[256];
            snprintf(path, sizeof path, "%s.%s", key, name);
            if (err == SIM_OK && strncmp(name, "plots/", strlen("plots/")) != 0) {
                err = put_value(sheet, row, path, part, e);
            }
        }
        return err;
    }
    worksheet_write_string(sheet, *row, 0, key, NULL);
    if (json_is_string(value)) {
        err = put_text(sheet, *row, 1, json_string_value(value), "manifest.json", e);
    } else if (json_is_number(value)) {
        worksheet_write_number(sheet, *row, 1, json_number_value(value), NULL);
    } else {
        text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
        err = text != NULL ? put_text(sheet, *row, 1, text, "manifest.json", e)
                           : sim_fail_memory(e, "manifest.json");
        free(text);
    }
    (*row)++;
    return err;
}

/* A curve cannot go on in another sheet. */
static bool are_points_split(const struct xlsx *x)
{
    return x->points.n_rows >= LXW_ROW_MAX;
}

static enum sim_err add_manifest(struct xlsx *x, struct sim_error *e)
{
    enum { KEY_WIDTH = 28, VALUE_WIDTH = 80 };
    const char *key;
    json_t *value;
    json_error_t error;
    enum sim_err err = SIM_OK;
    uint32_t row = 1;
    char *const path = tree_join(x->folder, "manifest.json");
    if (path == NULL) {
        return sim_fail_memory(e, "the manifest");
    }
    json_t *const root = json_load_file(path, 0, &error);
    free(path);
    if (!json_is_object(root)) {
        const char *const why = root == NULL ? error.text : "not an object";
        json_decref(root);
        return sim_fail(e, SIM_EINVAL, "%s/manifest.json: %.200s", x->folder, why);
    }
    lxw_worksheet *const sheet = workbook_add_worksheet(x->workbook, "manifest");
    worksheet_set_column(sheet, 0, 0, KEY_WIDTH, NULL);
    worksheet_set_column(sheet, 1, 1, VALUE_WIDTH, NULL);
    worksheet_write_string(sheet, 0, 0, "key", x->header);
    worksheet_write_string(sheet, 0, 1, "value", x->header);
    json_object_foreach(root, key, value)
    {
        if (err == SIM_OK && !is_left_out(key)) {
            err = put_value(sheet, &row, key, value, e);
        }
    }
    worksheet_write_string(sheet, row, 0, "when and where", NULL);
    worksheet_write_string(sheet, row, 1, "manifest.json beside the tables", NULL);
    if (are_points_split(x)) {
        row++;
        worksheet_write_string(sheet, row, 0, "no chart", NULL);
        worksheet_write_string(sheet, row, 1, "the points lie on several sheets", NULL);
    }
    worksheet_freeze_panes(sheet, 1, 0);
    json_decref(root);
    return err;
}

/* ---- The workbook ---- */

static enum sim_err on_point(void *self, uint64_t row, const char *const cell[], size_t n,
                             struct sim_error *e)
{
    return xlsx_points_take(self, row, cell, n, e);
}

/* The chart is the first sheet; a sheet without one must not be made. */
static enum sim_err fill(struct xlsx *x, struct sim_error *e)
{
    lxw_chartsheet *chart = NULL;
    enum sim_err err = read_file(x, "points.csv", on_point, &x->points, e);
    if (err == SIM_OK && x->points.has_chart && x->points.n_rows > 1 && !are_points_split(x)) {
        chart = workbook_add_chartsheet(x->workbook, "chart");
    }
    err = err == SIM_OK ? read_file(x, "columns.csv", on_column, x, e) : err;
    err = err == SIM_OK ? add_table(x, "points", "points.csv", e) : err;
    err = err == SIM_OK ? add_table(x, "runs", "runs.csv", e) : err;
    err = err == SIM_OK ? add_table(x, "columns", "columns.csv", e) : err;
    err = err == SIM_OK ? add_manifest(x, e) : err;
    if (err == SIM_OK && chart != NULL) {
        xlsx_draw(&x->points, x->workbook, chart);
    }
    return err;
}

static enum sim_err close_workbook(struct xlsx *x, const char *path, enum sim_err err,
                                   struct sim_error *e)
{
    const lxw_error closed = workbook_close(x->workbook);
    if (err == SIM_OK && closed != LXW_NO_ERROR) {
        return sim_fail(e, closed == LXW_ERROR_MEMORY_MALLOC_FAILED ? SIM_ENOMEM : SIM_EIO,
                        "%s: %s", path, lxw_strerror(closed));
    }
    return err;
}

static enum sim_err write_workbook(struct xlsx *x, const char *path, struct sim_error *e)
{
    const time_t fixed = 946684800; /* 2000-01-01T00:00Z: the same results, the same bytes */
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    lxw_doc_properties properties = {.title = (char[]){"Results of primestorm"}, .created = fixed};
    x->workbook = workbook_new_opt(path, &options);
    if (x->workbook == NULL) {
        return sim_fail_memory(e, path);
    }
    workbook_set_properties(x->workbook, &properties);
    x->header = workbook_add_format(x->workbook);
    format_set_bold(x->header);
    return close_workbook(x, path, fill(x, e), e);
}

enum sim_err xlsx_write(const char *folder, const char *figure, const char *path,
                        bool (*stop_requested)(void *context), struct sim_error *e)
{
    struct xlsx x = {.folder = folder, .stop_requested = stop_requested, .points.figure = figure};
    struct new_file *file = NULL;
    enum sim_err err = new_file_create(path, true, &file, e);
    err = err == SIM_OK ? write_workbook(&x, new_file_staging(file), e) : err;
    err = err == SIM_OK ? new_file_commit(file, e) : err;
    if (err != SIM_OK && file != NULL) {
        new_file_name_error(file, e);
    }
    new_file_destroy(file);
    for (size_t i = 0; i < x.n_numeric; i++) {
        free(x.numeric[i].file);
        free(x.numeric[i].column);
    }
    free(x.numeric);
    xlsx_points_fini(&x.points);
    return err;
}
