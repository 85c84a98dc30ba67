/* Points, runs and their figures, put into a store and read from it. */
#include "study/store_internal.h"

#include "sim/base/assert.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Whose runs these are ---- */

/* The first line in which two texts differ. */
static void first_difference(const char *was, const char *is, char *text, size_t size)
{
    while (*was != '\0' && *is != '\0') {
        const size_t n = strcspn(was, "\n");
        const size_t m = strcspn(is, "\n");
        if (n != m || strncmp(was, is, n) != 0) {
            break;
        }
        was += n + (was[n] == '\n');
        is += m + (is[m] == '\n');
    }
    snprintf(text, size, "'%.*s' there, '%.*s' now", (int)strcspn(was, "\n"), was,
             (int)strcspn(is, "\n"), is);
}

static enum sim_err claim_new(struct store *s, const char *canonical, const char *shard,
                              struct sim_error *e)
{
    enum sim_err err = store_put_meta(s, "shard", shard, e);
    return err == SIM_OK ? store_put_meta(s, "scenario", canonical, e) : err;
}

enum sim_err store_claim(struct store *s, const char *canonical, uint32_t shard, uint32_t n_shards,
                         struct sim_error *e)
{
    char *scenario = NULL;
    char *old_shard = NULL;
    char difference[300];
    char wanted[32];
    snprintf(wanted, sizeof wanted, "%" PRIu32 "/%" PRIu32, shard, n_shards);
    enum sim_err err = store_get_meta(s, "scenario", &scenario, e);
    err = err == SIM_OK ? store_get_meta(s, "shard", &old_shard, e) : err;
    if (err == SIM_OK && scenario == NULL) {
        err = claim_new(s, canonical, wanted, e);
    } else if (err == SIM_OK && strcmp(scenario, canonical) != 0) {
        first_difference(scenario, canonical, difference, sizeof difference);
        err = sim_fail(e, SIM_EEXIST,
                       "%s: the runs of another scenario (%s); choose another folder with -o, or "
                       "--force to throw them away",
                       s->path, difference);
    } else if (err == SIM_OK && (old_shard == NULL || strcmp(old_shard, wanted) != 0)) {
        err = sim_fail(e, SIM_EEXIST, "%s: holds shard %s, not %s", s->path,
                       old_shard != NULL ? old_shard : "?", wanted);
    }
    free(scenario);
    free(old_shard);
    return err;
}

/* One text or number of one row, with one text bound. */
static enum sim_err ask(struct store *s, const char *question, const char *bound,
                        sqlite3_stmt **out, bool *has_row, struct sim_error *e)
{
    int code = sqlite3_prepare_v2(s->db, question, -1, out, NULL);
    if (code == SQLITE_OK && bound != NULL) {
        sqlite3_bind_text(*out, 1, bound, -1, SQLITE_STATIC);
    }
    code = code == SQLITE_OK ? sqlite3_step(*out) : code;
    *has_row = code == SQLITE_ROW;
    return *has_row || code == SQLITE_DONE ? SIM_OK : store_fail(s, code, e);
}

static enum sim_err find_other(struct store *s, const char *name, char *other, size_t size,
                               struct sim_error *e)
{
    sqlite3_stmt *row = NULL;
    bool has_row;
    const enum sim_err err = ask(s,
                                 "SELECT name FROM program WHERE name <> ?1 AND EXISTS (SELECT 1 "
                                 "FROM run WHERE run.program = program.id) ORDER BY id DESC "
                                 "LIMIT 1",
                                 name, &row, &has_row, e);
    snprintf(other, size, "%s", has_row ? (const char *)sqlite3_column_text(row, 0) : "");
    sqlite3_finalize(row);
    return err;
}

enum sim_err store_set_program(struct store *s, const char *name, char *other, size_t size,
                               struct sim_error *e)
{
    sqlite3_stmt *row = NULL;
    bool has_row;
    enum sim_err err = find_other(s, name, other, size, e);
    if (err == SIM_OK) {
        err = ask(s, "INSERT OR IGNORE INTO program(name) VALUES(?1)", name, &row, &has_row, e);
        sqlite3_finalize(row);
    }
    if (err == SIM_OK) {
        err = ask(s, "SELECT id FROM program WHERE name = ?1", name, &row, &has_row, e);
        s->program = has_row ? sqlite3_column_int64(row, 0) : 0;
        sqlite3_finalize(row);
    }
    return err;
}

/* ---- Points ---- */

enum sim_err store_find_point(struct store *s, const char *digest, int64_t *point,
                              struct sim_error *e)
{
    sqlite3_stmt *const find = s->statement[STORE_FIND_POINT];
    sqlite3_bind_text(find, 1, digest, -1, SQLITE_STATIC);
    const int code = sqlite3_step(find);
    *point = code == SQLITE_ROW ? sqlite3_column_int64(find, 0) : 0;
    sqlite3_reset(find);
    return code == SQLITE_ROW || code == SQLITE_DONE ? SIM_OK : store_fail(s, code, e);
}

enum sim_err store_add_point(struct store *s, const char *digest, const char *words, int64_t *point,
                             struct sim_error *e)
{
    enum sim_err err = store_find_point(s, digest, point, e);
    if (err != SIM_OK || *point != 0) {
        return err;
    }
    sqlite3_stmt *const add = s->statement[STORE_ADD_POINT];
    sqlite3_bind_text(add, 1, digest, -1, SQLITE_STATIC);
    sqlite3_bind_text(add, 2, words, -1, SQLITE_STATIC);
    err = store_step(s, STORE_ADD_POINT, e);
    *point = err == SIM_OK ? sqlite3_last_insert_rowid(s->db) : 0;
    return err;
}

static enum sim_err count(struct store *s, const char *question, uint64_t *n, struct sim_error *e)
{
    sqlite3_stmt *row = NULL;
    bool has_row;
    const enum sim_err err = ask(s, question, NULL, &row, &has_row, e);
    *n = has_row ? (uint64_t)sqlite3_column_int64(row, 0) : 0;
    sqlite3_finalize(row);
    return err;
}

enum sim_err store_count(struct store *s, uint64_t *n_points, uint64_t *n_runs, struct sim_error *e)
{
    const enum sim_err err = count(s, "SELECT count(*) FROM point", n_points, e);
    return err == SIM_OK ? count(s, "SELECT count(*) FROM run", n_runs, e) : err;
}

enum sim_err store_count_from(struct store *s, uint32_t replication, uint64_t *n_runs,
                              struct sim_error *e)
{
    char question[80];
    snprintf(question, sizeof question, "SELECT count(*) FROM run WHERE replication >= %" PRIu32,
             replication);
    return count(s, question, n_runs, e);
}

/* ---- Putting ---- */

static enum sim_err add_figure(struct store *s, const struct metric *m, struct sim_error *e)
{
    sqlite3_stmt *const add = s->statement[STORE_ADD_FIGURE];
    sqlite3_bind_text(add, 1, m->name, -1, SQLITE_STATIC);
    sqlite3_bind_text(add, 2, m->unit, -1, SQLITE_STATIC);
    sqlite3_bind_text(add, 3, m->help, -1, SQLITE_STATIC);
    const enum sim_err err = store_step(s, STORE_ADD_FIGURE, e);
    return err == SIM_OK ? store_load_figures(s, e) : err;
}

/* The number of a figure by name. They come in the same order as a rule, so `hint` is tried first. */
static enum sim_err figure_of(struct store *s, const struct metric *m, size_t hint, size_t *figure,
                              struct sim_error *e)
{
    if (hint < s->n_figures && strcmp(s->figure[hint].name, m->name) == 0) {
        *figure = hint;
        return SIM_OK;
    }
    for (size_t i = 0; i < s->n_figures; i++) {
        if (strcmp(s->figure[i].name, m->name) == 0) {
            *figure = i;
            return SIM_OK;
        }
    }
    *figure = s->n_figures;
    return add_figure(s, m, e);
}

static enum sim_err put_value(struct store *s, int64_t point, uint32_t replication, size_t figure,
                              double value, struct sim_error *e)
{
    sqlite3_stmt *const add = s->statement[STORE_ADD_VALUE];
    sqlite3_bind_int64(add, 1, point);
    sqlite3_bind_int64(add, 2, replication);
    sqlite3_bind_int64(add, 3, (sqlite3_int64)figure + 1);
    sqlite3_bind_double(add, 4, value); /* NaN becomes NULL */
    return store_step(s, STORE_ADD_VALUE, e);
}

static enum sim_err put_position(struct store *s, int64_t point, size_t position, size_t figure,
                                 struct sim_error *e)
{
    sqlite3_stmt *const add = s->statement[STORE_ADD_POINT_FIGURE];
    sqlite3_bind_int64(add, 1, point);
    sqlite3_bind_int64(add, 2, (sqlite3_int64)position);
    sqlite3_bind_int64(add, 3, (sqlite3_int64)figure + 1);
    return store_step(s, STORE_ADD_POINT_FIGURE, e);
}

static enum sim_err put_values(struct store *s, int64_t point, uint32_t replication,
                               const struct outcome *o, struct sim_error *e)
{
    sqlite3_stmt *const has = s->statement[STORE_HAS_FIGURES];
    sqlite3_bind_int64(has, 1, point);
    const bool is_known = sqlite3_step(has) == SQLITE_ROW;
    sqlite3_reset(has);
    enum sim_err err = SIM_OK;
    size_t figure = SIZE_MAX;
    for (size_t i = 0; i < o->n_metrics && err == SIM_OK; i++) {
        err = figure_of(s, &o->metric[i], figure + 1, &figure, e);
        if (err == SIM_OK) {
            err = put_value(s, point, replication, figure, o->metric[i].value, e);
        }
        if (err == SIM_OK && !is_known) {
            err = put_position(s, point, i, figure, e);
        }
    }
    return err;
}

static enum sim_err put_series(struct store *s, int64_t point, uint32_t replication,
                               const struct kept_series *series, struct sim_error *e)
{
    sqlite3_stmt *const add = s->statement[STORE_ADD_SERIES];
    sqlite3_bind_int64(add, 1, point);
    sqlite3_bind_int64(add, 2, replication);
    sqlite3_bind_text(add, 3, series->name, -1, SQLITE_STATIC);
    sqlite3_bind_double(add, 4, series->step_s);
    sqlite3_bind_blob64(add, 5, series->value, series->n * sizeof *series->value, SQLITE_STATIC);
    return store_step(s, STORE_ADD_SERIES, e);
}

static enum sim_err drop(struct store *s, enum store_statement id, int64_t point,
                         uint32_t replication, const char *series, struct sim_error *e)
{
    sqlite3_stmt *const statement = s->statement[id];
    sqlite3_bind_int64(statement, 1, point);
    sqlite3_bind_int64(statement, 2, replication);
    if (series != NULL) {
        sqlite3_bind_text(statement, 3, series, -1, SQLITE_STATIC);
    }
    return store_step(s, id, e);
}

/* A run that was kept without one of these series makes room for itself with it. Other series that the same program
 * has kept of it stay. */
static enum sim_err drop_shorter(struct store *s, int64_t point, uint32_t replication,
                                 const struct outcome *o, struct sim_error *e)
{
    bool is_dropped = false;
    enum sim_err err = SIM_OK;
    sqlite3_bind_int64(s->statement[STORE_DROP_SERIES], 4, s->program);
    for (size_t i = 0; i < o->n_series && err == SIM_OK && !is_dropped; i++) {
        err = drop(s, STORE_DROP_SERIES, point, replication, o->series[i].name, e);
        err =
            err == SIM_OK ? drop(s, STORE_DROP_RUN, point, replication, o->series[i].name, e) : err;
        is_dropped = err == SIM_OK && sqlite3_changes(s->db) > 0;
    }
    return err == SIM_OK && is_dropped ? drop(s, STORE_DROP_VALUES, point, replication, NULL, e)
                                       : err;
}

static enum sim_err put_run(struct store *s, int64_t point, uint32_t replication,
                            const struct outcome *o, struct sim_error *e)
{
    sqlite3_stmt *const add = s->statement[STORE_ADD_RUN];
    sqlite3_bind_int64(add, 1, point);
    sqlite3_bind_int64(add, 2, replication);
    sqlite3_bind_int64(add, 3, s->program);
    sqlite3_bind_double(add, 4, o->wall_s);
    enum sim_err err = store_step(s, STORE_ADD_RUN, e);
    err = err == SIM_OK ? put_values(s, point, replication, o, e) : err;
    for (size_t i = 0; i < o->n_series && err == SIM_OK; i++) {
        err = put_series(s, point, replication, &o->series[i], e);
    }
    return err;
}

enum sim_err store_put(struct store *s, int64_t point, uint32_t replication,
                       const struct outcome *o, struct sim_error *e)
{
    enum sim_err err = store_step(s, STORE_BEGIN, e);
    if (err != SIM_OK) {
        return err;
    }
    err = drop_shorter(s, point, replication, o, e);
    err = err == SIM_OK ? put_run(s, point, replication, o, e) : err;
    err = err == SIM_OK ? store_step(s, STORE_COMMIT, e) : err;
    if (err != SIM_OK) {
        struct sim_error ignored; /* some errors have rolled back already */
        const enum sim_err rolled_back = store_step(s, STORE_ROLLBACK, &ignored);
        const enum sim_err loaded = store_load_figures(s, &ignored);
        (void)rolled_back;
        (void)loaded;
    }
    return err;
}

/* ---- Reading ---- */

enum sim_err store_replications(struct store *s, int64_t point, uint32_t n, bool is_there[],
                                double *wall_s, struct sim_error *e)
{
    sqlite3_stmt *const read = s->statement[STORE_REPLICATIONS];
    sqlite3_bind_int64(read, 1, point);
    sqlite3_bind_int64(read, 2, n);
    memset(is_there, 0, n * sizeof *is_there);
    *wall_s = 0;
    int code;
    while ((code = sqlite3_step(read)) == SQLITE_ROW) {
        is_there[sqlite3_column_int64(read, 0)] = true;
        *wall_s += sqlite3_column_double(read, 1);
    }
    sqlite3_reset(read);
    return code == SQLITE_DONE ? SIM_OK : store_fail(s, code, e);
}

enum sim_err store_keep_with_series(struct store *s, int64_t point, uint32_t n, const char *series,
                                    bool is_there[], struct sim_error *e)
{
    sqlite3_stmt *const read = s->statement[STORE_SERIES_THERE];
    bool *const has = calloc((size_t)n + 1, sizeof *has);
    int code;
    if (has == NULL) {
        return sim_fail_memory(e, s->path);
    }
    sqlite3_bind_int64(read, 1, point);
    sqlite3_bind_int64(read, 2, n);
    sqlite3_bind_text(read, 3, series, -1, SQLITE_STATIC);
    while ((code = sqlite3_step(read)) == SQLITE_ROW) {
        has[sqlite3_column_int64(read, 0)] = true;
    }
    sqlite3_reset(read);
    for (uint32_t r = 0; r < n; r++) {
        is_there[r] = is_there[r] && has[r];
    }
    free(has);
    return code == SQLITE_DONE ? SIM_OK : store_fail(s, code, e);
}

enum sim_err store_point_figures(struct store *s, int64_t point, size_t figure[], size_t most,
                                 size_t *n, struct sim_error *e)
{
    sqlite3_stmt *const read = s->statement[STORE_POINT_FIGURES];
    sqlite3_bind_int64(read, 1, point);
    int code;
    *n = 0;
    while ((code = sqlite3_step(read)) == SQLITE_ROW && *n < most) {
        figure[(*n)++] = (size_t)sqlite3_column_int64(read, 0) - 1;
    }
    sqlite3_reset(read);
    return code == SQLITE_DONE || code == SQLITE_ROW ? SIM_OK : store_fail(s, code, e);
}

enum sim_err store_read_run(struct store *s, int64_t point, uint32_t replication, double value[],
                            char *program, size_t size, struct sim_error *e)
{
    sqlite3_stmt *const run = s->statement[STORE_READ_RUN];
    sqlite3_stmt *const values = s->statement[STORE_READ_VALUES];
    sqlite3_bind_int64(run, 1, point);
    sqlite3_bind_int64(run, 2, replication);
    int code = sqlite3_step(run);
    if (code == SQLITE_ROW) {
        snprintf(program, size, "%s", (const char *)sqlite3_column_text(run, 0));
    }
    sqlite3_reset(run);
    if (code != SQLITE_ROW) {
        return code == SQLITE_DONE
                   ? sim_fail(e, SIM_ENOENT, "%s: no replication %" PRIu32, s->path, replication)
                   : store_fail(s, code, e);
    }
    for (size_t i = 0; i < s->n_figures; i++) {
        value[i] = (double)NAN;
    }
    sqlite3_bind_int64(values, 1, point);
    sqlite3_bind_int64(values, 2, replication);
    while ((code = sqlite3_step(values)) == SQLITE_ROW) {
        const sqlite3_int64 figure = sqlite3_column_int64(values, 0) - 1;
        if (sqlite3_column_type(values, 1) == SQLITE_FLOAT && figure >= 0 &&
            (size_t)figure < s->n_figures) {
            value[figure] = sqlite3_column_double(values, 1);
        }
    }
    sqlite3_reset(values);
    return code == SQLITE_DONE ? SIM_OK : store_fail(s, code, e);
}

enum sim_err store_read_series(struct store *s, int64_t point, uint32_t replication,
                               const char *name, struct kept_series *series, struct sim_error *e)
{
    sqlite3_stmt *const read = s->statement[STORE_READ_SERIES];
    sqlite3_bind_int64(read, 1, point);
    sqlite3_bind_int64(read, 2, replication);
    sqlite3_bind_text(read, 3, name, -1, SQLITE_STATIC);
    const int code = sqlite3_step(read);
    enum sim_err err = SIM_OK;
    *series = (struct kept_series){0};
    if (code == SQLITE_ROW) {
        const void *const bytes = sqlite3_column_blob(read, 1);
        series->n = (size_t)sqlite3_column_bytes(read, 1) / sizeof *series->value;
        series->step_s = sqlite3_column_double(read, 0);
        series->value = calloc(series->n + 1, sizeof *series->value);
        if (series->value == NULL) {
            err = sim_fail_memory(e, s->path);
        } else if (series->n > 0) {
            memcpy(series->value, bytes, series->n * sizeof *series->value);
        }
    } else {
        err = code == SQLITE_DONE ? sim_fail(e, SIM_ENOENT, "%s: no series '%s'", s->path, name)
                                  : store_fail(s, code, e);
    }
    sqlite3_reset(read);
    return err;
}
