/* study/store_internal.h -- what the files of the store share. */
#ifndef STUDY_STORE_INTERNAL_H
#define STUDY_STORE_INTERNAL_H

#include "study/store.h"

#include <sqlite3.h>

enum store_statement {
    STORE_BEGIN,
    STORE_COMMIT,
    STORE_ROLLBACK,
    STORE_FIND_POINT,
    STORE_ADD_POINT,
    STORE_ADD_RUN,
    STORE_ADD_VALUE,
    STORE_ADD_SERIES,
    STORE_DROP_RUN,
    STORE_DROP_VALUES,
    STORE_DROP_SERIES,
    STORE_SERIES_THERE,
    STORE_ADD_FIGURE,
    STORE_ADD_POINT_FIGURE,
    STORE_HAS_FIGURES,
    STORE_REPLICATIONS,
    STORE_POINT_FIGURES,
    STORE_READ_RUN,
    STORE_READ_VALUES,
    STORE_READ_SERIES,
    STORE_GET_META,
    STORE_PUT_META,
    STORE_N_STATEMENTS
};

struct store {
    sqlite3 *db;
    bool (*stop_requested)(void *context); /* while it is opened; NULL: nobody asks */
    char *path;
    sqlite3_stmt *statement[STORE_N_STATEMENTS];
    struct store_figure *figure;
    size_t n_figures, figure_capacity;
    int64_t program;
};

/* Turns the code of SQLite into one of ours, with words. */
enum sim_err store_fail(struct store *s, int code, struct sim_error *e);

/* Runs plain SQL. */
SIM_MUST_CHECK enum sim_err store_exec(struct store *s, const char *sql, struct sim_error *e);

/* A statement without a row to give back; resets it. */
SIM_MUST_CHECK enum sim_err store_step(struct store *s, enum store_statement id,
                                       struct sim_error *e);

/* A text of `meta`, NULL if it is not there; freed by the caller. */
SIM_MUST_CHECK enum sim_err store_get_meta(struct store *s, const char *key, char **value,
                                           struct sim_error *e);
SIM_MUST_CHECK enum sim_err store_put_meta(struct store *s, const char *key, const char *value,
                                           struct sim_error *e);

/* Reads the table of figures again. */
SIM_MUST_CHECK enum sim_err store_load_figures(struct store *s, struct sim_error *e);

#endif
