/* output/csv_rows.h -- all cells of a CSV file of ours, row by row, however many columns it has (libcsv).
 *
 * For tables that this program wrote itself; files of users are read by sim/base/csv_input.h, which tells their
 * mistakes.
 */
#ifndef OUTPUT_CSV_ROWS_H
#define OUTPUT_CSV_ROWS_H

#include "sim/base/err.h"

#include <stddef.h>
#include <stdint.h>

/* Row 0 is the header. The cells are valid during the call. */
typedef enum sim_err csv_row_fn(void *self, uint64_t row, const char *const cell[], size_t n,
                                struct sim_error *e);

/* SIM_ENOENT, SIM_EIO, SIM_EINVAL (a row with more or fewer cells than the header), SIM_ENOMEM, or what on_row
 * returns. Memory: one row. */
SIM_MUST_CHECK enum sim_err csv_rows_read(const char *path, csv_row_fn *on_row, void *self,
                                          struct sim_error *e);

#endif
