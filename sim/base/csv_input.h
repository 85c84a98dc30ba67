/* sim/base/csv_input.h -- named columns of a CSV file, row by row (libcsv; RFC 4180).
 *
 * The first row names the columns; those wanted may stand in any order, among others. A mistake is
 * told with its place: "FILE:LINE:COLUMN: name: what is wrong". Blank lines, which are counted, and
 * a byte-order mark are skipped. Rows are limited in length, so no file, however odd, takes much memory.
 */
#ifndef SIM_BASE_CSV_INPUT_H
#define SIM_BASE_CSV_INPUT_H

#include "sim/base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    SIM_CSV_COLUMNS = 16,      /* wanted at most */
    SIM_CSV_ROW_BYTE = 1 << 16 /* longest row */
};

struct sim_csv_column {
    const char *name;
    bool is_required; /* must be there */
};

/* What to read. Borrowed. */
struct sim_csv_input {
    const char *path;                    /* "-": standard input */
    char delimiter;                      /* ',' */
    const struct sim_csv_column *column; /* those wanted */
    size_t n_columns;
    const char
        *delimiter_option; /* with which a user says another delimiter; NULL: there is none */
};

struct sim_csv_row; /* a row, during the call of sim_csv_row_fn; opaque */

typedef enum sim_err sim_csv_row_fn(void *self, const struct sim_csv_row *row, struct sim_error *e);

/* Calls `on_row` for every row behind the header, until it fails. SIM_ENOENT, SIM_EIO, SIM_EINVAL
 * (not a text, no header, a column missing or there twice, a row with too many or too few fields),
 * SIM_ENOMEM, or what on_row returns. About 40 ns a field. */
SIM_MUST_CHECK enum sim_err sim_csv_read(const struct sim_csv_input *input, sim_csv_row_fn *on_row,
                                         void *self, struct sim_error *e);

bool sim_csv_has(const struct sim_csv_row *row, size_t column); /* is it in the file? */

/* How many blank lines lie between the header and this row. */
size_t sim_csv_blank_lines(const struct sim_csv_row *row);

/* A cell of a wanted column; "" if the file has no such column. Valid during the call. */
const char *sim_csv_text(const struct sim_csv_row *row, size_t column);

/* The number in a cell. SIM_EINVAL if there is none, or one outside least .. most. */
SIM_MUST_CHECK enum sim_err sim_csv_real(const struct sim_csv_row *row, size_t column, double least,
                                         double most, double *value, struct sim_error *e);

/* Fails with SIM_EINVAL, the place and the name of the column in front of the message. */
enum sim_err sim_csv_fail(const struct sim_csv_row *row, size_t column, struct sim_error *e,
                          const char *format, ...) SIM_PRINTF(4, 5);

#endif
