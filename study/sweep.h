/* study/sweep.h -- the points of a study: which keys vary, and which values they take together.
 *
 * A sweep is a product of blocks. A block is a table of values: one column a key, one row a choice of
 * all of them at once. An entry of `grid` is a block of one key; everything under `zip` is one block
 * whose keys move in step; `list` is one block from a CSV file; `lhs` and `sobol` are blocks of points spread over
 * ranges (sim/design/points.h). Whoever generates points in another way adds a block. The last block varies fastest. `where` then takes points out.
 *
 * Points are made from their number when they are asked for, so a sweep of a million takes no more memory
 * than one of ten, but for four bytes a point where `where` chooses.
 */
#ifndef STUDY_SWEEP_H
#define STUDY_SWEEP_H

#include "models/settings.h"

#include <stdint.h>

struct sweep_block {
    char **key; /* n_keys */
    size_t n_keys;
    char **cell; /* n_rows times n_keys, as one would write them */
    size_t n_rows;
    char *file; /* a list's; NULL: no file */
};

/* All zeros is the sweep of one point in which nothing varies. */
struct sweep {
    struct sweep_block *block;
    size_t n_blocks, capacity;
    uint32_t *chosen; /* numbers in the product of those that `where` leaves; NULL: all */
    uint32_t n_points;
    char **series; /* to be kept: columns of time series, and distributions (distribution.h) */
    size_t n_series, series_capacity;
    bool is_sampled; /* points come from `lhs` or `sobol`, too */
    char *baseline;  /* "KEY=VALUE, ...": the point that others are compared with; NULL: none */
};

enum { SWEEP_MOST = 10000000 }; /* points before `where` */

/* Reads everything below `sweep.` in the settings of a scenario that is valid without it. Mistakes go to
 * `problems`. `stop_requested` (NULL allowed) is asked, with NULL, now and then. SIM_EINVAL, SIM_ENOMEM, SIM_ESTOPPED:
 * then the sweep is empty. */
SIM_MUST_CHECK enum sim_err sweep_read(const struct settings *settings,
                                       bool (*stop_requested)(void *context), struct sweep *sweep,
                                       struct problems *problems);
void sweep_fini(struct sweep *s);

/* Is anything said below `sweep.`? */
bool sweep_is_given(const struct settings *settings);

/* Where the file of points of a setting "sweep.list" lies: beside the scenario that names it, unless it was named
 * on the command line. False if that is too long. */
bool sweep_list_path(const struct setting *setting, char *path, size_t size);

/* A block of its own copy of nothing yet: fills key and cell pointers with NULL. SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err sweep_block_init(struct sweep_block *b, size_t n_keys, size_t n_rows);
void sweep_block_fini(struct sweep_block *b);

/* Puts a block behind the others; it belongs to the sweep then, also on SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err sweep_add_block(struct sweep *s, struct sweep_block *b);

/* The keys in the order of the blocks: sweep_n_keys of them. */
size_t sweep_n_keys(const struct sweep *s);
const char *sweep_key(const struct sweep *s, size_t k);

/* The value of key k at a point, as written. */
const char *sweep_value(const struct sweep *s, uint32_t point, size_t k);

/* The list of a sweep and its row, from 0, that a point has; NULL if there is none. */
const struct sweep_block *sweep_row_of_list(const struct sweep *s, uint32_t point, size_t *row);

/* "servers.B.cores=4, users=500": the point in words, at most `size` bytes. */
void sweep_point_text(const struct sweep *s, uint32_t point, char *text, size_t size);

/* The settings with the values of a point put in. SIM_ENOMEM: then there are none. */
SIM_MUST_CHECK enum sim_err sweep_settings(const struct sweep *s, const struct settings *settings,
                                           uint32_t point, struct settings *at_point);

/* The baseline's number. SIM_EINVAL if there is no such point, or several. */
SIM_MUST_CHECK enum sim_err sweep_find_baseline(const struct sweep *s, uint32_t *point,
                                                struct sim_error *e);

#endif
