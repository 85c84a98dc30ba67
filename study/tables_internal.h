/* study/tables_internal.h -- what the writers of tables share: the point that is loaded, and the columns. */
#ifndef STUDY_TABLES_INTERNAL_H
#define STUDY_TABLES_INTERNAL_H

#include "study/tables.h"

#include "models/schema.h"
#include "output/csv.h"

enum { PROGRAM_TEXT = 96 };

enum tables_kind {
    TABLES_RUNS,
    TABLES_POINTS,
    TABLES_QUANTILES,
    TABLES_SERIES,
    TABLES_DISTRIBUTIONS,
    TABLES_DIFFERENCES,
    TABLES_EXPECTATIONS,
    TABLES_COLUMNS,
    TABLES_HEADLINE, /* printed, in no file */
    TABLES_N_KINDS
};

/* A column's texts, where they are put together. */
struct column_text {
    char name[128];
    char help[320];
};

struct tables {
    const struct plan *plan;
    struct store *store;
    const char *folder;
    bool (*stop_requested)(void *context);
    struct tables_report *report;
    bool
        is_counting; /* expectations are judged once for each form of their table, and counted once */

    size_t n_keys;
    const struct schema_row **key_row; /* of the keys that are numbers, else NULL */
    size_t *shown;                     /* figures in the order of their columns */
    size_t n_shown;

    uint32_t point; /* the one that is loaded */
    int64_t id;
    uint32_t n;            /* replications of it */
    uint32_t *replication; /* their numbers */
    char (*program)[PROGRAM_TEXT];
    double *value; /* n times store_n_figures */
    bool is_converged;
    double *column;    /* for one figure */
    double *baseline;  /* by number of the replication, n_baseline of them */
    bool *in_baseline; /* which are there */
    uint32_t n_baseline;

    struct table table[TABLES_N_KINDS];
    struct table_column *columns[TABLES_N_KINDS];
    struct column_text *text[TABLES_N_KINDS];
    const struct table *catalogued[TABLES_N_KINDS]; /* those that are written */
    size_t n_catalogued;
};

/* Makes columns and room. SIM_EIO, SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err tables_init(struct tables *t, struct sim_error *e);
void tables_fini(struct tables *t);

/* Makes the columns of the points as they are told. SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err tables_make_headline(struct tables *t, struct sim_error *e);

/* NULL if this study has no such table. */
const struct table *tables_of_kind(const struct tables *t, enum tables_kind kind);
const char *tables_file_name(const struct table *table); /* "runs.csv"; static */

/* Reads the runs of a point that count. */
SIM_MUST_CHECK enum sim_err tables_load_point(struct tables *t, uint32_t point,
                                              struct sim_error *e);
/* The cells of the keys of the point that is loaded. */
void tables_put_keys(struct csv *csv, const struct tables *t);

/* One figure over the replications of that point, into t->column. */
void tables_gather(struct tables *t, size_t figure);

/* The rows of that point in quantiles.csv. SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err tables_put_quantiles(struct tables *t, struct csv *csv,
                                                 struct sim_error *e);

/* The rows of that point in distributions.csv. SIM_EIO, SIM_EINVAL, SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err tables_put_distributions(struct tables *t, struct csv *csv,
                                                     struct sim_error *e);
double tables_value_by_name(const struct tables *t, uint32_t r, const char *name);

#endif
