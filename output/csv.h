/* output/csv.h -- a table as a CSV file (RFC 4180 with LF), or in another format of table.h.
 *
 * Comma, decimal point, UTF-8 without a byte-order mark, a header line, no thousands separators. A
 * number is the shortest text that reads back to the same double. A missing value (NaN, or infinity
 * for "never") is an empty cell. Text that holds a comma, a quote, a line break or outer space is
 * quoted by libcsv's writer; plain words stay bare, so that line tools can read them too.
 */
#ifndef OUTPUT_CSV_H
#define OUTPUT_CSV_H

#include "output/table.h"
#include "sim/base/err.h"

#include <stdint.h>

struct csv; /* opaque */

/* Creates the file `path` ("-": standard output, from where it is) and writes the header. `table` is
 * borrowed. SIM_EIO, SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err csv_create(const char *path, const struct table *table,
                                       struct csv **out, struct sim_error *e);

/* The same in another format; the cells are given in the same way. */
SIM_MUST_CHECK enum sim_err csv_create_as(const char *path, const struct table *table,
                                          enum table_format format, struct csv **out,
                                          struct sim_error *e);

/* The cells of a row, in the order and of the types of the columns; the last ends the row. */
void csv_text(struct csv *c, const char *text);
void csv_whole(struct csv *c, uint64_t value);
void csv_real(struct csv *c, double value);

/* Closes the file and frees the writer; anything that went wrong since csv_create is told now.
 * SIM_EIO with the reason ("No space left on device"). NULL is allowed. */
SIM_MUST_CHECK enum sim_err csv_close(struct csv *c, struct sim_error *e);

#endif
