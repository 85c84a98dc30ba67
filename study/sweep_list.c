#include "study/sweep_list.h"

#include "sim/base/csv_input.h"
#include "sim/base/mem.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct list {
    struct sim_csv_column column[SIM_CSV_COLUMNS];
    size_t n_keys;
    char **cell;
    size_t n_cells, capacity;
};

static enum sim_err on_row(void *self, const struct sim_csv_row *row, struct sim_error *e)
{
    struct list *const l = self;
    if (sim_grow(&l->cell, &l->capacity, l->n_cells + l->n_keys, sizeof *l->cell) != SIM_OK) {
        return sim_fail_memory(e, "the points of a list");
    }
    for (size_t k = 0; k < l->n_keys; k++) {
        const char *const text = sim_csv_text(row, k);
        if (*text == '\0') {
            return sim_csv_fail(row, k, e, "a value is missing");
        }
        char *const copy = strdup(text);
        if (copy == NULL) {
            return sim_fail_memory(e, "the points of a list");
        }
        l->cell[l->n_cells++] = copy;
    }
    return l->n_cells <= l->n_keys * SWEEP_MOST
               ? SIM_OK
               : sim_csv_fail(row, 0, e, "more than %d points", (int)SWEEP_MOST);
}

/* The names in the first line. Keys hold neither commas nor quotes, so that no more is needed; a file whose
 * names do is told by the reader, which finds no such column. */
static enum sim_err read_names(const char *path, char *line, size_t size, struct sim_error *e)
{
    FILE *const file = fopen(path, "rb");
    if (file == NULL) {
        return sim_fail(e, errno == ENOENT ? SIM_ENOENT : SIM_EIO, "%s: %s", path, strerror(errno));
    }
    const bool has_line = fgets(line, (int)size, file) != NULL;
    fclose(file);
    if (!has_line) {
        return sim_fail(e, SIM_EINVAL, "%s: the file is empty; its first line names keys", path);
    }
    line[strcspn(line, "\r\n")] = '\0';
    return SIM_OK;
}

static enum sim_err take_names(struct list *l, char *line, const char *path, struct sim_error *e)
{
    static const char mark[] = "\xef\xbb\xbf"; /* byte order */
    char *p = strncmp(line, mark, 3) == 0 ? line + 3 : line;
    for (char *name = strtok_r(p, ",", &p); name != NULL; name = strtok_r(NULL, ",", &p)) {
        if (l->n_keys == SIM_CSV_COLUMNS) {
            return sim_fail(e, SIM_EINVAL, "%s:1: more than %d columns", path, SIM_CSV_COLUMNS);
        }
        const size_t length = strlen(name);
        const bool is_quoted = length >= 2 && name[0] == '"' && name[length - 1] == '"';
        name[is_quoted ? length - 1 : length] = '\0';
        l->column[l->n_keys++] = (struct sim_csv_column){name + is_quoted, true};
    }
    return l->n_keys > 0 ? SIM_OK
                         : sim_fail(e, SIM_EINVAL, "%s:1: the first line names no key", path);
}

static enum sim_err to_block(struct list *l, const char *path, struct sweep_block *b,
                             struct sim_error *e)
{
    if (l->n_cells == 0) {
        return sim_fail(e, SIM_EINVAL, "%s: no point stands below the names", path);
    }
    if (sweep_block_init(b, l->n_keys, l->n_cells / l->n_keys) != SIM_OK) {
        return sim_fail_memory(e, "the points of a list");
    }
    memcpy(b->cell, l->cell, l->n_cells * sizeof *l->cell);
    l->n_cells = 0;
    b->file = strdup(path);
    bool ok = b->file != NULL;
    for (size_t k = 0; k < l->n_keys; k++) {
        b->key[k] = strdup(l->column[k].name);
        ok = ok && b->key[k] != NULL;
    }
    if (!ok) {
        sweep_block_fini(b);
        return sim_fail_memory(e, "the keys of a list");
    }
    return SIM_OK;
}

/* It is opened more than once, and a pipe may wait for ever. */
static enum sim_err check_plain(const char *path, struct sim_error *e)
{
    struct stat info;
    return stat(path, &info) != 0 || S_ISREG(info.st_mode)
               ? SIM_OK
               : sim_fail(e, SIM_EINVAL, "%s: not a plain file, but a folder, a pipe or a device",
                          path);
}

enum sim_err sweep_list_read(const char *path, char *const key[], size_t n_keys,
                             struct sweep_block *b, struct sim_error *e)
{
    struct list l = {.n_keys = n_keys < SIM_CSV_COLUMNS ? n_keys : SIM_CSV_COLUMNS};
    char line[1 << 13] = "";
    enum sim_err err = check_plain(path, e);
    *b = (struct sweep_block){0};
    for (size_t k = 0; k < l.n_keys; k++) {
        l.column[k] = (struct sim_csv_column){key[k], true};
    }
    if (err == SIM_OK && n_keys == 0) {
        err = read_names(path, line, sizeof line, e);
        err = err == SIM_OK ? take_names(&l, line, path, e) : err;
    }
    const struct sim_csv_input input = {path, ',', l.column, l.n_keys, NULL};
    err = err == SIM_OK ? sim_csv_read(&input, on_row, &l, e) : err;
    err = err == SIM_OK ? to_block(&l, path, b, e) : err;
    for (size_t i = 0; i < l.n_cells; i++) {
        free(l.cell[i]);
    }
    free(l.cell);
    return err;
}

/* ---- Where a row stands ---- */

struct search {
    size_t n_before; /* rows before the wanted one */
    const char *path;
    char *text;
    size_t size;
};

static enum sim_err on_row_before(void *self, const struct sim_csv_row *row, struct sim_error *e)
{
    struct search *const s = self;
    if (s->n_before > 0) {
        s->n_before--;
        return SIM_OK;
    }
    const enum sim_err stop = sim_csv_fail(row, 0, e, "found");
    const size_t length = strlen(s->path);
    if (strncmp(e->text, s->path, length) == 0) { /* "FILE:LINE:COLUMN: name: found" */
        snprintf(s->text, s->size, "%s%.*s", s->path, (int)strcspn(e->text + length + 1, ": ") + 1,
                 e->text + length);
    }
    return stop;
}

void sweep_list_place(const struct sweep_block *list, size_t row, char *text, size_t size)
{
    const struct sim_csv_column column = {list->key[0], true};
    const struct sim_csv_input input = {list->file, ',', &column, 1, NULL};
    struct search search = {row, list->file, text, size};
    struct sim_error ignored;
    snprintf(text, size, "%s", list->file);
    const enum sim_err err = sim_csv_read(&input, on_row_before, &search, &ignored);
    (void)err; /* the search ends as a failure */
}
