/* cli/theory_print.h -- what `primestorm theory` says of its rows: as text or as a table, or their names. */
#ifndef CLI_THEORY_PRINT_H
#define CLI_THEORY_PRINT_H

#include "cli/format.h"
#include "cli/theory_suite.h"

/* The rows of a suite that has been run, to standard output. SIM_EIO, SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err theory_print(const struct suite *s, const struct format_options *format,
                                         struct sim_error *e);

/* A line a row: name, exact value, formula, model. The suite need not have been run. */
void theory_print_list(const struct suite *s);

#endif
