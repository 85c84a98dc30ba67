/* cli/comparison_print.h -- a comparison in words and as a table. */
#ifndef CLI_COMPARISON_PRINT_H
#define CLI_COMPARISON_PRINT_H

#include "cli/best.h"
#include "cli/comparison.h"

#include <stdio.h>

enum comparison_format { COMPARISON_TEXT, COMPARISON_CSV, COMPARISON_MD };

/* To standard output. SIM_EIO. */
SIM_MUST_CHECK enum sim_err comparison_print(const struct comparison *c,
                                             enum comparison_format format, struct sim_error *e);

/* One sentence. */
void comparison_print_best(const struct comparison *c, size_t figure, const struct best_task *task,
                           const struct best_result *result, FILE *out);

#endif
