/* Joining the stores of shards. */
#include "study/shard.h"
#include "study/store_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Numbers of points, figures and programs differ from file to file; their names do not. What is there already is
 * the same, as a run depends on its point and its number alone, and stays. */
static const char copy_sql[] =
    "BEGIN IMMEDIATE;"
    "INSERT OR IGNORE INTO main.program(name) SELECT name FROM other.program ORDER BY id;"
    "INSERT OR IGNORE INTO main.point(digest, words) SELECT digest, words FROM other.point ORDER "
    "BY id;"
    "INSERT INTO main.figure(name, unit, meaning) SELECT name, unit, meaning FROM other.figure"
    " WHERE name NOT IN (SELECT name FROM main.figure) ORDER BY id;"
    "CREATE TEMP TABLE fresh AS SELECT o.point AS old, p.id AS point, o.replication, m.id AS "
    "program,"
    " o.wall_s FROM other.run o JOIN other.point q ON q.id = o.point"
    " JOIN main.point p ON p.digest = q.digest JOIN other.program n ON n.id = o.program"
    " JOIN main.program m ON m.name = n.name WHERE NOT EXISTS (SELECT 1 FROM main.run r"
    " WHERE r.point = p.id AND r.replication = o.replication);"
    "INSERT OR IGNORE INTO main.point_figure SELECT p.id, o.position, f.id FROM other.point_figure "
    "o"
    " JOIN other.point q ON q.id = o.point JOIN main.point p ON p.digest = q.digest"
    " JOIN other.figure g ON g.id = o.figure JOIN main.figure f ON f.name = g.name;"
    "INSERT INTO main.run SELECT point, replication, program, wall_s FROM fresh;"
    "INSERT INTO main.value SELECT n.point, v.replication, f.id, v.value FROM fresh n"
    " JOIN other.value v ON v.point = n.old AND v.replication = n.replication"
    " JOIN other.figure g ON g.id = v.figure JOIN main.figure f ON f.name = g.name;"
    /* Of runs that were there too: a series may have been asked for later. */
    "INSERT OR IGNORE INTO main.series SELECT p.id, s.replication, s.name, s.step_s, s.value"
    " FROM other.series s JOIN other.point q ON q.id = s.point"
    " JOIN main.point p ON p.digest = q.digest"
    " JOIN other.run o ON o.point = s.point AND o.replication = s.replication"
    " JOIN other.program n ON n.id = o.program"
    " JOIN main.run r ON r.point = p.id AND r.replication = s.replication"
    " JOIN main.program m ON m.id = r.program AND m.name = n.name;"
    "INSERT OR IGNORE INTO main.meta SELECT 'has ' || value, '' FROM other.meta WHERE key = 'shard'"
    " AND value <> '0/1';"
    "INSERT OR IGNORE INTO main.meta SELECT key, value FROM other.meta WHERE key LIKE 'has %';"
    "DROP TABLE fresh;"
    "COMMIT;";

static enum sim_err check_same_study(struct store *s, const char *from, struct sim_error *e)
{
    sqlite3_stmt *row = NULL;
    int code = sqlite3_prepare_v2(s->db,
                                  "SELECT (SELECT value FROM main.meta WHERE key = 'scenario') IS "
                                  "(SELECT value FROM other.meta WHERE key = 'scenario')",
                                  -1, &row, NULL);
    code = code == SQLITE_OK ? sqlite3_step(row) : code;
    const bool is_same = code == SQLITE_ROW && sqlite3_column_int(row, 0) == 1;
    sqlite3_finalize(row);
    if (code != SQLITE_ROW) {
        return sim_fail(e, SIM_EINVAL, "%s: damaged or no store of runs (%s)", from,
                        sqlite3_errmsg(s->db));
    }
    return is_same ? SIM_OK
                   : sim_fail(e, SIM_EEXIST, "%s: the runs of another scenario than those of %s",
                              from, s->path);
}

static enum sim_err attach(struct store *s, const char *from, struct sim_error *e)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(s->db, "ATTACH ?1 AS other", -1, &statement, NULL);
    if (code == SQLITE_OK) {
        sqlite3_bind_text(statement, 1, from, -1, SQLITE_STATIC);
        code = sqlite3_step(statement);
    }
    sqlite3_finalize(statement);
    return code == SQLITE_DONE ? SIM_OK
                               : sim_fail(e, SIM_EINVAL, "%s: %s", from, sqlite3_errmsg(s->db));
}

enum sim_err store_merge(struct store *s, const char *from, struct sim_error *e)
{
    struct sim_error ignored;
    if (access(from, R_OK) != 0) {
        return sim_fail(e, SIM_ENOENT, "%s: there is no such file, or it cannot be read", from);
    }
    enum sim_err err = attach(s, from, e);
    if (err != SIM_OK) {
        return err;
    }
    err = check_same_study(s, from, e);
    if (err == SIM_OK) {
        err = store_exec(s, copy_sql, e);
        if (err != SIM_OK && !sqlite3_get_autocommit(s->db)) {
            const enum sim_err rolled_back = store_exec(s, "ROLLBACK", &ignored);
            (void)rolled_back;
        }
    }
    const enum sim_err detached = store_exec(s, "DETACH other", err == SIM_OK ? e : &ignored);
    err = err == SIM_OK ? detached : err;
    return err == SIM_OK ? store_load_figures(s, e) : err;
}

/* Marks every shard that was taken in; `*n` is of how many. */
static enum sim_err read_shards(struct store *s, bool is_there[], uint32_t *n, struct sim_error *e)
{
    static const char has[] = "has ";
    sqlite3_stmt *rows = NULL;
    int code =
        sqlite3_prepare_v2(s->db, "SELECT key FROM meta WHERE key LIKE 'has %'", -1, &rows, NULL);
    *n = 0;
    while (code == SQLITE_OK || code == SQLITE_ROW) {
        struct shard shard;
        code = sqlite3_step(rows);
        if (code == SQLITE_ROW &&
            shard_parse((const char *)sqlite3_column_text(rows, 0) + sizeof has - 1, &shard)) {
            is_there[shard.index] = true;
            *n = shard.n > *n ? shard.n : *n;
        }
    }
    sqlite3_finalize(rows);
    return code == SQLITE_DONE ? SIM_OK : store_fail(s, code, e);
}

enum sim_err store_missing_shards(struct store *s, char *text, size_t size, struct sim_error *e)
{
    bool *const is_there = calloc(SHARD_MOST + 1, sizeof *is_there);
    uint32_t n = 0;
    size_t used = 0;
    *text = '\0';
    if (is_there == NULL) {
        return sim_fail_memory(e, "the shards");
    }
    const enum sim_err err = read_shards(s, is_there, &n, e);
    for (uint32_t i = 1; i <= n && used + 32 < size; i++) {
        if (!is_there[i]) {
            used +=
                (size_t)snprintf(text + used, size - used, "%s%" PRIu32, used == 0 ? "" : ", ", i);
        }
    }
    if (used > 0) {
        snprintf(text + used, size - used, " of %" PRIu32, n);
    }
    free(is_there);
    return err;
}
