/* cli/theory_print.h -- what `primestorm theory` says of its rows: text, CSV, Markdown, or their names. */
#ifndef CLI_THEORY_PRINT_H
#define CLI_THEORY_PRINT_H

#include "cli/theory_suite.h"

enum theory_format { THEORY_TEXT, THEORY_CSV, THEORY_MD };

/* The rows of a suite that has been run, to standard output. SIM_EIO, SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err theory_print(const struct suite *s, enum theory_format format,
                                         struct sim_error *e);

/* A line a row: name, exact value, formula, model. The suite need not have been run. */
void theory_print_list(const struct suite *s);

#endif
