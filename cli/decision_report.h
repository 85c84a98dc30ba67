/* cli/decision_report.h -- a decision as a table, as advice in words, and as files. */
#ifndef CLI_DECISION_REPORT_H
#define CLI_DECISION_REPORT_H

#include "cli/decision.h"
#include "cli/export.h"

/* The courses, a line each. */
void decision_print_table(const struct decision *d, FILE *out);

/* One paragraph: until when to wait, what either costs, what to do if nobody knows; what is not allowed
 * and why. */
void decision_print_advice(const struct decision *d, FILE *out);

/* The same table in another format, on standard output. SIM_EIO, SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err decision_print_as(const struct decision *d, enum table_format format,
                                              struct sim_error *e);

/* decision.csv, waiting.csv and plots/decision.gp; errors are left in x->err. */
void decision_export(const struct decision *d, struct export *x);
void decision_export_plot(const struct decision *d, struct export *x);

#endif
