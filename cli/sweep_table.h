/* cli/sweep_table.h -- the points of a study as a table on the screen. */
#ifndef CLI_SWEEP_TABLE_H
#define CLI_SWEEP_TABLE_H

#include "study/tables.h"

#include <stdio.h>

/* A row for each of the points told: its number, what varies (four keys at most), the headline figures with units and
 * intervals, runs, and what is wrong with it. Behind it a sentence that says where the rest is. SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err sweep_table_print(const struct plan *plan,
                                              const struct tables_report *report,
                                              const char *folder, FILE *out, struct sim_error *e);

#endif
