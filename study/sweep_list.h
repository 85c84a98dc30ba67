/* study/sweep_list.h -- points from a CSV file: a column a key, a row a point. */
#ifndef STUDY_SWEEP_LIST_H
#define STUDY_SWEEP_LIST_H

#include "study/sweep.h"

/* Reads the file into a block. Its columns are the `n_keys` keys of `key`, which must be there among
 * others; with none given, all columns of the header. Values are as one would write them in a scenario.
 * SIM_ENOENT, SIM_EIO, SIM_EINVAL with the place, SIM_ENOMEM: then the block is empty. */
SIM_MUST_CHECK enum sim_err sweep_list_read(const char *path, char *const key[], size_t n_keys,
                                            struct sweep_block *b, struct sim_error *e);

/* "points.csv:3", where a row of such a file begins; the file alone if it cannot be read again. Reads it up to there. */
void sweep_list_place(const struct sweep_block *list, size_t row, char *text, size_t size);

#endif
