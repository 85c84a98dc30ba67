/* study/tables.h -- the tables of a study, read from its store in the order of the points.
 *
 * What they hold depends on the plan and on the runs, not on when, where or in which order those were made.
 * With automatic replications a point has those up to the first number that is enough; runs beyond it stay
 * in the store. Memory: one point at a time.
 */
#ifndef STUDY_TABLES_H
#define STUDY_TABLES_H

#include "models/schema.h"
#include "output/table.h"
#include "study/expect_table.h"
#include "study/plan.h"
#include "study/store.h"
#include "study/summary.h"

/* The row of key k of a block if its values are numbers in these tables, in SI; NULL: they are texts, one of them at
 * least. O(rows of the block) for the few keys that take a word in place of a number. */
const struct schema_row *tables_key_row(const struct sweep_block *b, size_t k);

/* The figures of a point that are told at the end of a study; by name. */
enum { TABLES_HEADLINES = 3, TABLES_TOLD = 20 };
extern const char *const tables_headline[TABLES_HEADLINES];

/* A point as it is told. */
struct tables_told {
    uint32_t point;
    uint32_t n, n_failed; /* runs that count, and those that were to be made and are not there */
    bool is_converged;    /* true without automatic replications */
    struct metric_summary headline[TABLES_HEADLINES];
};

/* What came of it, to be told. */
struct tables_report {
    uint64_t n_runs;                      /* in runs.csv */
    uint32_t not_converged;               /* points that reached precision.max */
    uint32_t few;                         /* points of fewer than 5 replications */
    uint64_t n_points_beyond;             /* in the store, and not in this sweep */
    uint64_t n_runs_beyond;               /* in the store, replications beyond those wanted */
    struct tables_told told[TABLES_TOLD]; /* the first points */
    uint32_t n_told;
    struct expect_tally *tally; /* by expectation of the plan; room for them is the caller's */
};

/* Writes runs.csv, points.csv, quantiles.csv, series.csv and distributions.csv (if they are kept), differences.csv (if there is a baseline),
 * expectations.csv and .json (if something is expected) and columns.csv into a folder that is there, each whole or
 * not at all. Their names go to name[], which holds TABLES_MOST. `*report` is filled, but for the place of its
 * tally. SIM_EIO, SIM_ENOMEM, SIM_ESTOPPED. */
enum { TABLES_MOST = 9 };
SIM_MUST_CHECK enum sim_err tables_write(const struct plan *plan, struct store *store,
                                         const char *folder, bool (*stop_requested)(void *context),
                                         const char *name[TABLES_MOST], size_t *n_names,
                                         struct tables_report *report, struct sim_error *e);

/* The points on standard output, in any format: keys, replications, those that failed, and mean and half-width of the
 * figures that are told. Errors as of tables_write. */
SIM_MUST_CHECK enum sim_err tables_print(const struct plan *plan, struct store *store,
                                         enum table_format format,
                                         bool (*stop_requested)(void *context),
                                         struct sim_error *e);

#endif
