/* Opening a store, and the words for what may be wrong with it. */
#include "study/store_internal.h"

#include "sim/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* "prst", so that file(1) and we know a store of ours. */
static const char application_id[] = "1886548852";

#define STORE_FORMAT "1"

static const char schema[] =
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE program(id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL) STRICT;"
    "CREATE TABLE point(id INTEGER PRIMARY KEY, digest TEXT UNIQUE NOT NULL, words TEXT NOT NULL)"
    " STRICT;"
    "CREATE TABLE figure(id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL, unit TEXT NOT NULL,"
    " meaning TEXT NOT NULL) STRICT;"
    "CREATE TABLE point_figure(point INTEGER NOT NULL, position INTEGER NOT NULL,"
    " figure INTEGER NOT NULL, PRIMARY KEY(point, position)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE run(point INTEGER NOT NULL, replication INTEGER NOT NULL,"
    " program INTEGER NOT NULL, wall_s REAL NOT NULL, PRIMARY KEY(point, replication))"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE value(point INTEGER NOT NULL, replication INTEGER NOT NULL,"
    " figure INTEGER NOT NULL, value REAL, PRIMARY KEY(point, replication, figure))"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE series(point INTEGER NOT NULL, replication INTEGER NOT NULL, name TEXT NOT NULL,"
    " step_s REAL NOT NULL, value BLOB NOT NULL, PRIMARY KEY(point, replication, name))"
    " STRICT, WITHOUT ROWID;"
    "CREATE VIEW runs AS SELECT point.words AS point, value.replication, figure.name AS figure,"
    " figure.unit, value.value FROM value JOIN point ON point.id = value.point"
    " JOIN figure ON figure.id = value.figure;"
    "INSERT INTO meta VALUES('format', '" STORE_FORMAT "');";

/* What another program has kept of it, if it was kept without that series: of the same program it is the same run. */
static const char drop_series[] =
    "DELETE FROM series WHERE point = ?1 AND replication = ?2 AND NOT EXISTS (SELECT 1 FROM series"
    " AS s WHERE s.point = ?1 AND s.replication = ?2 AND s.name = ?3) AND EXISTS (SELECT 1 FROM run"
    " WHERE run.point = ?1 AND run.replication = ?2 AND run.program <> ?4)";

/* If it was kept without that series. */
static const char drop_run[] =
    "DELETE FROM run WHERE point = ?1 AND replication = ?2 AND NOT EXISTS (SELECT 1 FROM series"
    " WHERE series.point = ?1 AND series.replication = ?2 AND series.name = ?3)";

static const char *const sql[STORE_N_STATEMENTS] = {
    [STORE_BEGIN] = "BEGIN IMMEDIATE",
    [STORE_COMMIT] = "COMMIT",
    [STORE_ROLLBACK] = "ROLLBACK",
    [STORE_FIND_POINT] = "SELECT id FROM point WHERE digest = ?1",
    [STORE_ADD_POINT] = "INSERT INTO point(digest, words) VALUES(?1, ?2)",
    [STORE_ADD_RUN] = "INSERT INTO run VALUES(?1, ?2, ?3, ?4)",
    [STORE_ADD_VALUE] = "INSERT INTO value VALUES(?1, ?2, ?3, ?4)",
    [STORE_ADD_SERIES] = "INSERT OR REPLACE INTO series VALUES(?1, ?2, ?3, ?4, ?5)",
    [STORE_DROP_RUN] = drop_run,
    [STORE_DROP_VALUES] = "DELETE FROM value WHERE point = ?1 AND replication = ?2",
    [STORE_DROP_SERIES] = drop_series,
    [STORE_SERIES_THERE] =
        "SELECT replication FROM series WHERE point = ?1 AND replication < ?2 AND name = ?3",
    [STORE_ADD_FIGURE] = "INSERT INTO figure(name, unit, meaning) VALUES(?1, ?2, ?3)",
    [STORE_ADD_POINT_FIGURE] = "INSERT INTO point_figure VALUES(?1, ?2, ?3)",
    [STORE_HAS_FIGURES] = "SELECT 1 FROM point_figure WHERE point = ?1 LIMIT 1",
    [STORE_REPLICATIONS] =
        "SELECT replication, wall_s FROM run WHERE point = ?1 AND replication < ?2",
    [STORE_POINT_FIGURES] = "SELECT figure FROM point_figure WHERE point = ?1 ORDER BY position",
    [STORE_READ_RUN] =
        "SELECT name FROM run JOIN program ON id = program WHERE point = ?1 AND replication = ?2",
    [STORE_READ_VALUES] = "SELECT figure, value FROM value WHERE point = ?1 AND replication = ?2",
    [STORE_READ_SERIES] =
        "SELECT step_s, value FROM series WHERE point = ?1 AND replication = ?2 AND name = ?3",
    [STORE_GET_META] = "SELECT value FROM meta WHERE key = ?1",
    [STORE_PUT_META] = "INSERT OR REPLACE INTO meta VALUES(?1, ?2)",
};

enum sim_err store_fail(struct store *s, int code, struct sim_error *e)
{
    switch (code & 0xff) {
    case SQLITE_INTERRUPT:
        return sim_fail(e, SIM_ESTOPPED, "stopped on request");
    case SQLITE_NOMEM:
        return sim_fail_memory(e, s->path);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return sim_fail(e, SIM_EEXIST,
                        "%s: another process has this study open; one at a time writes to it",
                        s->path);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return sim_fail(
            e, SIM_EINVAL,
            "%s: damaged or no store of runs (%s); what can be read of it 'sqlite3 FILE "
            ".recover' gives; move it away to begin anew",
            s->path, sqlite3_errstr(code));
    case SQLITE_FULL:
        return sim_fail(e, SIM_EIO,
                        "%s: no space left on the device; the runs so far are kept: make room and "
                        "give the same command again",
                        s->path);
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return sim_fail(e, SIM_EIO, "%s: cannot be opened for writing", s->path);
    default:
        return sim_fail(e, SIM_EIO,
                        "%s: %s; the runs so far are kept: mend it and give the same command again",
                        s->path, s->db != NULL ? sqlite3_errmsg(s->db) : sqlite3_errstr(code));
    }
}

enum sim_err store_exec(struct store *s, const char *text, struct sim_error *e)
{
    const int code = sqlite3_exec(s->db, text, NULL, NULL, NULL);
    return code == SQLITE_OK ? SIM_OK : store_fail(s, sqlite3_extended_errcode(s->db), e);
}

enum sim_err store_step(struct store *s, enum store_statement id, struct sim_error *e)
{
    const int code = sqlite3_step(s->statement[id]);
    const bool ok = code == SQLITE_DONE || code == SQLITE_ROW;
    const enum sim_err err = ok ? SIM_OK : store_fail(s, sqlite3_extended_errcode(s->db), e);
    sqlite3_reset(s->statement[id]);
    return err;
}

/* ---- meta ---- */

enum sim_err store_get_meta(struct store *s, const char *key, char **value, struct sim_error *e)
{
    sqlite3_stmt *const get = s->statement[STORE_GET_META];
    sqlite3_bind_text(get, 1, key, -1, SQLITE_STATIC);
    const int code = sqlite3_step(get);
    enum sim_err err = SIM_OK;
    *value = NULL;
    if (code == SQLITE_ROW) {
        *value = strdup((const char *)sqlite3_column_text(get, 0));
        err = *value != NULL ? SIM_OK : sim_fail_memory(e, s->path);
    } else if (code != SQLITE_DONE) {
        err = store_fail(s, code, e);
    }
    sqlite3_reset(get);
    return err;
}

enum sim_err store_put_meta(struct store *s, const char *key, const char *value,
                            struct sim_error *e)
{
    sqlite3_stmt *const put = s->statement[STORE_PUT_META];
    sqlite3_bind_text(put, 1, key, -1, SQLITE_STATIC);
    sqlite3_bind_text(put, 2, value, -1, SQLITE_STATIC);
    return store_step(s, STORE_PUT_META, e);
}

/* ---- Opening ---- */

static enum sim_err read_whole(struct store *s, const char *pragma, long long *value,
                               struct sim_error *e)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(s->db, pragma, -1, &statement, NULL);
    code = code == SQLITE_OK ? sqlite3_step(statement) : code;
    *value = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_finalize(statement);
    return code == SQLITE_ROW || code == SQLITE_DONE ? SIM_OK : store_fail(s, code, e);
}

/* Reads every page: better told now than in the middle of a night of runs. */
static enum sim_err check_pages(struct store *s, struct sim_error *e)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(s->db, "PRAGMA quick_check(1)", -1, &statement, NULL);
    code = code == SQLITE_OK ? sqlite3_step(statement) : code;
    const unsigned char *const said = code == SQLITE_ROW ? sqlite3_column_text(statement, 0) : NULL;
    if (said != NULL && strcmp((const char *)said, "ok") != 0) {
        code = SQLITE_CORRUPT;
    }
    sqlite3_finalize(statement);
    return code == SQLITE_ROW ? SIM_OK : store_fail(s, code, e);
}

static enum sim_err make_or_check_schema(struct store *s, struct sim_error *e)
{
    long long id = 0;
    long long n_tables = 0;
    char make[sizeof schema + 128];
    enum sim_err err = read_whole(s, "PRAGMA application_id", &id, e);
    err = err == SIM_OK ? read_whole(s, "SELECT count(*) FROM sqlite_schema", &n_tables, e) : err;
    if (err != SIM_OK) {
        return err;
    }
    if (n_tables == 0) {
        snprintf(make, sizeof make, "BEGIN IMMEDIATE; PRAGMA application_id = %s; %s COMMIT;",
                 application_id, schema);
        return store_exec(s, make, e);
    }
    if (id != strtoll(application_id, NULL, 10)) {
        return sim_fail(e, SIM_EEXIST, "%s: a database, but not one of primestorm's", s->path);
    }
    return check_pages(s, e);
}

static enum sim_err prepare_all(struct store *s, struct sim_error *e)
{
    for (int i = 0; i < STORE_N_STATEMENTS; i++) {
        const int code = sqlite3_prepare_v3(s->db, sql[i], -1, SQLITE_PREPARE_PERSISTENT,
                                            &s->statement[i], NULL);
        if (code != SQLITE_OK) {
            return store_fail(s, code, e);
        }
    }
    return SIM_OK;
}

/* A program to come may keep its runs otherwise. */
static enum sim_err check_format(struct store *s, struct sim_error *e)
{
    char *format = NULL;
    enum sim_err err = store_get_meta(s, "format", &format, e);
    if (err == SIM_OK && (format == NULL || strcmp(format, STORE_FORMAT) != 0)) {
        err = sim_fail(e, SIM_EINVAL, "%s: a store of format %s; this program knows " STORE_FORMAT,
                       s->path, format != NULL ? format : "?");
    }
    free(format);
    return err;
}

/* The lock is taken with the first access and held: the log's index lies in memory then, and a second process
 * is told at once. */
static const char pragmas[] = "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;"
                              "PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY;"
                              "BEGIN IMMEDIATE; COMMIT;";

/* Called by SQLite. */
static int is_stopped(void *store)
{
    struct store *const s = store;
    return s->stop_requested(NULL);
}

static enum sim_err open_database(struct store *s, struct sim_error *e)
{
    enum { STEPS = 1000 }; /* of its virtual machine between two questions: some 50 us */
    struct stat info;
    if (stat(s->path, &info) == 0 && !S_ISREG(info.st_mode)) {
        return sim_fail(e, SIM_EEXIST, "%s: no plain file", s->path);
    }
    const int code = sqlite3_open_v2(
        s->path, &s->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
    if (code != SQLITE_OK) {
        return store_fail(s, code, e);
    }
    sqlite3_extended_result_codes(s->db, 1);
    if (s->stop_requested != NULL) {
        sqlite3_progress_handler(s->db, STEPS, is_stopped, s);
    }
    enum sim_err err = store_exec(s, pragmas, e);
    err = err == SIM_OK ? make_or_check_schema(s, e) : err;
    err = err == SIM_OK ? prepare_all(s, e) : err;
    err = err == SIM_OK ? check_format(s, e) : err;
    err = err == SIM_OK ? store_load_figures(s, e) : err;
    sqlite3_progress_handler(s->db, 0, NULL, NULL); /* what is begun later ends */
    return err;
}

const char *store_library(void)
{
    return sqlite3_libversion();
}

enum sim_err store_open(const char *path, bool (*stop_requested)(void *context), struct store **out,
                        struct sim_error *e)
{
    struct store *const s = calloc(1, sizeof *s);
    if (s != NULL) {
        s->stop_requested = stop_requested;
        s->path = strdup(path);
    }
    const enum sim_err err =
        s == NULL || s->path == NULL ? sim_fail_memory(e, path) : open_database(s, e);
    if (err != SIM_OK) {
        store_close(s);
        return err;
    }
    *out = s;
    return SIM_OK;
}

static void free_figures(struct store *s)
{
    for (size_t i = 0; i < s->n_figures; i++) {
        free(s->figure[i].name);
        free(s->figure[i].unit);
        free(s->figure[i].help);
    }
    s->n_figures = 0;
}

void store_close(struct store *s)
{
    if (s == NULL) {
        return;
    }
    for (int i = 0; i < STORE_N_STATEMENTS; i++) {
        sqlite3_finalize(s->statement[i]);
    }
    sqlite3_close(s->db);
    free_figures(s);
    free(s->figure);
    free(s->path);
    free(s);
}

/* ---- Figures ---- */

static char *column_copy(sqlite3_stmt *row, int column)
{
    const unsigned char *const text = sqlite3_column_text(row, column);
    return text != NULL ? strdup((const char *)text) : NULL;
}

static enum sim_err append_figure(struct store *s, sqlite3_stmt *row, struct sim_error *e)
{
    if (sqlite3_column_int64(row, 0) != (sqlite3_int64)s->n_figures + 1) {
        return store_fail(s, SQLITE_CORRUPT, e); /* they are numbered without gaps */
    }
    if (sim_grow(&s->figure, &s->figure_capacity, s->n_figures + 1, sizeof *s->figure) != SIM_OK) {
        return sim_fail_memory(e, s->path);
    }
    struct store_figure *const f = &s->figure[s->n_figures++];
    *f = (struct store_figure){column_copy(row, 1), column_copy(row, 2), column_copy(row, 3)};
    return f->name != NULL && f->unit != NULL && f->help != NULL ? SIM_OK
                                                                 : sim_fail_memory(e, s->path);
}

enum sim_err store_load_figures(struct store *s, struct sim_error *e)
{
    sqlite3_stmt *all = NULL;
    enum sim_err err = SIM_OK;
    free_figures(s);
    int code = sqlite3_prepare_v2(s->db, "SELECT id, name, unit, meaning FROM figure ORDER BY id",
                                  -1, &all, NULL);
    while (code == SQLITE_OK || code == SQLITE_ROW) {
        code = sqlite3_step(all);
        if (code == SQLITE_ROW && (err = append_figure(s, all, e)) != SIM_OK) {
            break;
        }
    }
    sqlite3_finalize(all);
    return err != SIM_OK || code == SQLITE_DONE ? err : store_fail(s, code, e);
}

size_t store_n_figures(const struct store *s)
{
    return s->n_figures;
}

const struct store_figure *store_figure(const struct store *s, size_t i)
{
    return &s->figure[i];
}
