#include "cli/rerun_compare.h"

#include "sim/base/mem.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

/* A file that is read line by line. */
struct reader {
    FILE *file;
    char *line;
    size_t size;
    bool has_line;
};

struct comparison {
    struct reader then, now;
    bool is_table;
    char *header; /* of a table */
    struct difference *d;
    uint64_t n_elsewhere; /* differences in other columns than `program` */
};

static void next_line(struct reader *r)
{
    const ssize_t n = getline(&r->line, &r->size, r->file);
    r->has_line = n >= 0;
    if (n > 0 && r->line[n - 1] == '\n') {
        r->line[n - 1] = '\0';
    }
}

static enum sim_err open_reader(struct reader *r, const char *path, struct sim_error *e)
{
    r->file = fopen(path, "rb");
    if (r->file == NULL) {
        return sim_fail(e, SIM_EIO, "%s: %s", path, strerror(errno));
    }
    next_line(r);
    return SIM_OK;
}

static void close_reader(struct reader *r)
{
    if (r->file != NULL) {
        fclose(r->file);
    }
    free(r->line);
}

/* The length of the cell that begins here: up to a comma outside quotes. */
static size_t cell_length(const char *p)
{
    bool is_quoted = false;
    size_t n = 0;
    for (; p[n] != '\0' && (is_quoted || p[n] != ','); n++) {
        is_quoted ^= p[n] == '"';
    }
    return n;
}

static void note(struct comparison *c, uint64_t row, const char *column, size_t column_length,
                 const char *then, size_t then_length, const char *now, size_t now_length)
{
    struct difference *const d = c->d;
    const bool is_program = column_length == 7 && strncmp(column, "program", 7) == 0;
    if (d->n++ == 0 || (d->is_program_only && !is_program)) {
        d->row = row;
        snprintf(d->column, sizeof d->column, "%.*s", (int)column_length, column);
        snprintf(d->then, sizeof d->then, "%.*s", (int)then_length, then);
        snprintf(d->now, sizeof d->now, "%.*s", (int)now_length, now);
    }
    c->n_elsewhere += !is_program;
    d->is_program_only = c->n_elsewhere == 0;
}

static const char *behind(const char *p, size_t length)
{
    return p + length + (p[length] == ',');
}

/* Cell by cell, under the names of the first header. */
static void compare_row(struct comparison *c, uint64_t row)
{
    const char *column = c->header;
    const char *then = c->then.line;
    const char *now = c->now.line;
    while (*column != '\0' || *then != '\0' || *now != '\0') {
        const size_t n_column = cell_length(column);
        const size_t n_then = cell_length(then);
        const size_t n_now = cell_length(now);
        if (n_then != n_now || strncmp(then, now, n_then) != 0) {
            note(c, row, column, n_column, then, n_then, now, n_now);
        }
        column = behind(column, n_column);
        then = behind(then, n_then);
        now = behind(now, n_now);
    }
}

/* Where to begin to quote two lines, so that what differs in them is seen. */
static size_t place_to_quote(const char *then, const char *now)
{
    enum { BEFORE = 20 };
    size_t n = 0;
    while (then[n] != '\0' && then[n] == now[n]) {
        n++;
    }
    return n > BEFORE ? n - BEFORE : 0;
}

static void compare_line(struct comparison *c, uint64_t line)
{
    const char *const then = c->then.has_line ? c->then.line : "";
    const char *const now = c->now.has_line ? c->now.line : "";
    const bool are_both = c->then.has_line && c->now.has_line;
    if (are_both && strcmp(then, now) == 0) {
        return;
    }
    if (are_both && c->is_table) {
        compare_row(c, line);
    } else {
        const size_t from = are_both ? place_to_quote(then, now) : 0;
        note(c, line, "", 0, then + from, strlen(then + from), now + from, strlen(now + from));
    }
}

/* Line 0 of a table is its header, which has no columns to name. */
static enum sim_err compare_all(struct comparison *c, struct sim_error *e)
{
    uint64_t line = c->is_table ? 0 : 1;
    c->header = strdup(c->then.has_line ? c->then.line : "");
    if (c->header == NULL) {
        return sim_fail_memory(e, "a table");
    }
    while (c->then.has_line || c->now.has_line) {
        compare_line(c, line++);
        next_line(&c->then);
        next_line(&c->now);
    }
    return SIM_OK;
}

enum sim_err rerun_compare(const char *then_path, const char *now_path, struct difference *d,
                           struct sim_error *e)
{
    const size_t length = strlen(now_path);
    struct comparison c = {.d = d,
                           .is_table = length > 4 && strcmp(now_path + length - 4, ".csv") == 0};
    *d = (struct difference){0};
    enum sim_err err = open_reader(&c.then, then_path, e);
    err = err == SIM_OK ? open_reader(&c.now, now_path, e) : err;
    err = err == SIM_OK ? compare_all(&c, e) : err;
    close_reader(&c.then);
    close_reader(&c.now);
    free(c.header);
    return err;
}

/* ---- The order of lines ---- */

struct lines {
    char **line;
    size_t n, capacity;
};

/* "vm:" stands once for each group of keys, so how often depends on the order. */
static bool begins_map(const char *line)
{
    const size_t n = strlen(line);
    return n > 0 && line[n - 1] == ':';
}

static enum sim_err read_lines(const char *path, struct lines *out, struct sim_error *e)
{
    struct reader r = {0};
    enum sim_err err = open_reader(&r, path, e);
    for (; err == SIM_OK && r.has_line; next_line(&r)) {
        if (begins_map(r.line)) {
            continue;
        }
        char *const copy = strdup(r.line);
        if (copy == NULL ||
            sim_grow(&out->line, &out->capacity, out->n + 1, sizeof *out->line) != SIM_OK) {
            free(copy);
            err = sim_fail_memory(e, path);
            break;
        }
        out->line[out->n++] = copy;
    }
    close_reader(&r);
    return err;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool are_same_lines(struct lines *a, struct lines *b)
{
    bool are_same = a->n == b->n;
    if (are_same && a->n > 0) {
        qsort(a->line, a->n, sizeof *a->line, by_text);
        qsort(b->line, b->n, sizeof *b->line, by_text);
    }
    for (size_t i = 0; are_same && i < a->n; i++) {
        are_same = strcmp(a->line[i], b->line[i]) == 0;
    }
    return are_same;
}

static void free_lines(struct lines *l)
{
    for (size_t i = 0; i < l->n; i++) {
        free(l->line[i]);
    }
    free(l->line);
}

enum sim_err rerun_is_reordered(const char *then_path, const char *now_path, bool *is_reordered,
                                struct sim_error *e)
{
    struct lines then = {0};
    struct lines now = {0};
    enum sim_err err = read_lines(then_path, &then, e);
    err = err == SIM_OK ? read_lines(now_path, &now, e) : err;
    *is_reordered = err == SIM_OK && are_same_lines(&then, &now);
    free_lines(&then);
    free_lines(&now);
    return err;
}
