/* cli/comparison_print.h -- a comparison in words and as a table. */
#ifndef CLI_COMPARISON_PRINT_H
#define CLI_COMPARISON_PRINT_H

#include "cli/best.h"
#include "cli/comparison.h"
#include "cli/format.h"

#include <stdio.h>

/* To standard output. SIM_EIO. */
SIM_MUST_CHECK enum sim_err comparison_print(const struct comparison *c,
                                             const struct format_options *format,
                                             struct sim_error *e);

/* The table as CSV into the file `path`. SIM_EIO, SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err comparison_write(const struct comparison *c, const char *path,
                                             struct sim_error *e);

/* Which scenarios say nothing of a timeline, and what is assumed, a line for each of those files. */
void comparison_print_assumed(const struct comparison *c, FILE *out);

/* One sentence. */
void comparison_print_best(const struct comparison *c, size_t figure, const struct best_task *task,
                           const struct best_result *result, FILE *out);

#endif
