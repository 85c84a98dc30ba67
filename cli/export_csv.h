/* cli/export_csv.h -- the tables of a results folder as CSV in another dialect. */
#ifndef CLI_EXPORT_CSV_H
#define CLI_EXPORT_CSV_H

#include "output/table.h"
#include "sim/base/err.h"

/* Writes every CSV file that the manifest of `folder` lists into the new folder `path`, whole or not at all. A column
 * all of whose cells are numbers or empty is one of numbers; a number is the same double. SIM_ENOENT, SIM_EIO,
 * SIM_EINVAL (no results folder, a torn table), SIM_EEXIST (`path` is there), SIM_ENOMEM, SIM_ESTOPPED. Each file is
 * read twice; memory: one row. */
SIM_MUST_CHECK enum sim_err export_csv(const char *folder, const char *path,
                                       enum table_format dialect, struct sim_error *e);

#endif
