/* study/store.h -- the runs of a study in one SQLite file, from which everything else can be made again.
 *
 * One process writes; a commit a run. It may be killed at any instant: runs in flight are lost and no
 * others, as the write-ahead log is replayed at the next opening. (Against the loss of power it is safe too, but
 * for the last moments.) The file is locked as long as it is open. It must not lie on a network file system;
 * shards of a study have a file each and are merged.
 *
 * Tables, for those who ask with SQL (docs/studies.md): meta, program, point, figure, point_figure, run,
 * value, series, and a view `runs` that has them together.
 *
 * Not thread-safe: callers take turns.
 */
#ifndef STUDY_STORE_H
#define STUDY_STORE_H

#include "models/metrics.h"

#include <stdbool.h>

struct store; /* opaque */

/* What a run leaves behind. Owned by whoever made it (outcome.h). */
struct kept_series {
    char *name;
    double step_s; /* value i belongs to time i * step_s */
    size_t n;
    double *value;
};

struct outcome {
    double wall_s;         /* time it took; no result */
    struct metric *metric; /* n_metrics */
    size_t n_metrics;
    struct kept_series *series; /* n_series */
    size_t n_series;
};

/* The version of SQLite. */
const char *store_library(void);

/* Opens or makes the file. SIM_EEXIST if another process has it open or it is no store of ours, SIM_EINVAL if it
 * is damaged, SIM_EIO, SIM_ENOMEM; SIM_ESTOPPED if `stop_requested` (NULL allowed), which is asked with NULL now and
 * then, says so. Checks the whole file, 1.5 kB a run. */
SIM_MUST_CHECK enum sim_err store_open(const char *path, bool (*stop_requested)(void *context),
                                       struct store **out, struct sim_error *e);
void store_close(struct store *s); /* NULL allowed */

/* Which study it is: the scenario at whose keys nothing was varied yet, in canonical form, and which shard
 * of how many (0 of 1 for all of it). Written into a new store; compared with an old one: SIM_EEXIST
 * with the first line that differs. */
SIM_MUST_CHECK enum sim_err store_claim(struct store *s, const char *canonical, uint32_t shard,
                                        uint32_t n_shards, struct sim_error *e);

/* Names the program whose runs are going to be put. If runs of another are there, its name goes to
 * `other`, of several the newest, else "". */
SIM_MUST_CHECK enum sim_err store_set_program(struct store *s, const char *name, char *other,
                                              size_t size, struct sim_error *e);

/* The number of the point of this digest; 0 if there is none. */
SIM_MUST_CHECK enum sim_err store_find_point(struct store *s, const char *digest, int64_t *point,
                                             struct sim_error *e);

/* Finds or makes it. */
SIM_MUST_CHECK enum sim_err store_add_point(struct store *s, const char *digest, const char *words,
                                            int64_t *point, struct sim_error *e);

/* Puts a run, whole or not at all; one that is there without one of its series is
 * replaced, and what else the same program has kept of it stays. SIM_EIO if the disk is full: what was there is still. */
SIM_MUST_CHECK enum sim_err store_put(struct store *s, int64_t point, uint32_t replication,
                                      const struct outcome *o, struct sim_error *e);

/* Which of the replications below `n` are there, into is_there[n]; the sum of their times. */
SIM_MUST_CHECK enum sim_err store_replications(struct store *s, int64_t point, uint32_t n,
                                               bool is_there[], double *wall_s,
                                               struct sim_error *e);

/* Of those in is_there[n], only the runs that were kept with this series stay. */
SIM_MUST_CHECK enum sim_err store_keep_with_series(struct store *s, int64_t point, uint32_t n,
                                                   const char *series, bool is_there[],
                                                   struct sim_error *e);

/* All points, and those runs that are there. */
SIM_MUST_CHECK enum sim_err store_count(struct store *s, uint64_t *n_points, uint64_t *n_runs,
                                        struct sim_error *e);

/* The runs whose replication is of this number or a higher one. */
SIM_MUST_CHECK enum sim_err store_count_from(struct store *s, uint32_t replication,
                                             uint64_t *n_runs, struct sim_error *e);

/* ---- Figures: the columns of runs.csv ---- */

struct store_figure {
    char *name, *unit, *help;
};

/* Figures are numbered from 0 in the order in which they first came; a number means nothing beyond this
 * file. Valid until the next put. */
size_t store_n_figures(const struct store *s);
const struct store_figure *store_figure(const struct store *s, size_t i);

/* The numbers of the figures of a point in their order; at most `most` into figure[]. */
SIM_MUST_CHECK enum sim_err store_point_figures(struct store *s, int64_t point, size_t figure[],
                                                size_t most, size_t *n, struct sim_error *e);

/* The figures of one run into value[store_n_figures], NaN where it has none; the program into `program`.
 * SIM_ENOENT if there is no such run. */
SIM_MUST_CHECK enum sim_err store_read_run(struct store *s, int64_t point, uint32_t replication,
                                           double value[], char *program, size_t size,
                                           struct sim_error *e);

/* A time series of one run; freed by the caller. SIM_ENOENT if there is none. */
SIM_MUST_CHECK enum sim_err store_read_series(struct store *s, int64_t point, uint32_t replication,
                                              const char *name, struct kept_series *series,
                                              struct sim_error *e);

/* ---- Merging ---- */

/* Copies what `from` has and `s` has not, in one transaction; of the shards that `from` is or has taken in,
 * keeps note. SIM_EEXIST if it is of another study. */
SIM_MUST_CHECK enum sim_err store_merge(struct store *s, const char *from, struct sim_error *e);

/* "3, 7 of 16": the shards that were not taken in, "" if none. */
SIM_MUST_CHECK enum sim_err store_missing_shards(struct store *s, char *text, size_t size,
                                                 struct sim_error *e);

#endif
