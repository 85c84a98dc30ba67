/* output/xlsx.h -- the tables of a results folder as one workbook (Office Open XML), by libxlsxwriter.
 *
 * Sheets: chart, points, runs, columns, manifest. Numbers are numbers, a missing value is an empty cell, the header stays in
 * view and filters. The chart is native: the means of a figure over the key that varies fastest, a curve for each
 * choice of the others, with their intervals as error bars.
 *
 * The same results give the same bytes: the date of creation is fixed, and of the manifest those entries are left out
 * that say when, where and by how many threads.
 */
#ifndef OUTPUT_XLSX_H
#define OUTPUT_XLSX_H

#include "sim/base/err.h"

#include <stdbool.h>

/* Was the program built with libxlsxwriter? */
bool xlsx_is_there(void);

/* Writes the tables of `folder` to the new file `path`, with a chart of `figure` (NULL: none). SIM_ENOENT if the folder
 * lacks one of its tables, SIM_EINVAL if one is damaged, lacks the figure, or has more columns or longer cells than a sheet
 * takes (32,767 characters), SIM_EIO, SIM_ENOMEM. A table with more rows than a sheet takes (1,048,576) goes on in another; of points on
 * several sheets there is no chart, and the sheet of the manifest says so. Memory does not grow with the runs. */
SIM_MUST_CHECK enum sim_err xlsx_write(const char *folder, const char *figure, const char *path,
                                       bool (*stop_requested)(void *context), struct sim_error *e);

#endif
