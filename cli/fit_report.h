/* cli/fit_report.h -- what a fit says: in words, as tables, as JSON, as a folder. */
#ifndef CLI_FIT_REPORT_H
#define CLI_FIT_REPORT_H

#include "cli/export.h"
#include "cli/fit_unit.h"
#include "sim/fit/fit.h"

#include <stdio.h>

/* A fit and where its values are from. Borrows everything. */
struct fit_report {
    const char *path, *column;
    bool has_commas;                    /* between the fields of the file */
    const char *unit;                   /* of the values, "" for a pure number */
    const struct fit_unit *column_unit; /* where it is from */
    const char *key;                    /* of the line for a scenario */
    char key_path
        [160]; /* the full way to it, devices.classes.NAME.rate of rate; "" if there is none */
    size_t n_dropped;              /* zeros left out */
    size_t n_empty, n_blank_lines; /* without a value: fields, lines */
    uint64_t seed;
    uint32_t n_boot;
    const struct sim_fit *fit;
};

/* The row to recommend: of those within an AIC difference of 2 of the best, which the data cannot
 * tell apart (Burnham and Anderson, "Model Selection", 2002, 2.6), the one with the fewest
 * parameters; of few values, where AIC says nothing, the one of the least distance. SIZE_MAX if every family is
 * excluded. */
size_t fit_report_choice(const struct fit_report *r);

/* How many independent values tell as much about a mean as n with this autocorrelation, if it dies
 * away geometrically: n (1 - lag1)/(1 + lag1) (Law, "Simulation Modeling and Analysis", 4.4). n if
 * the correlation is within two standard errors, 2/sqrt(n), of none, or negative. */
double fit_report_worth(const struct sim_fit_summary *s);

/* Few values that come again and again: counts, sizes of a list. Each with its share, discrete() is then the sample
 * itself, and the one to recommend; no smooth law can be. */
bool fit_report_has_few_values(const struct fit_report *r);

void fit_report_print(const struct fit_report *r, FILE *out); /* fit_words.c */

/* fit_lines.c: what to paste into a scenario. `choice` is the row to take, SIZE_MAX if there is none. */
void fit_report_print_lines(const struct fit_report *r, size_t choice, FILE *out);

/* fit_tables.c: fit.csv, or the same in another format, to standard output; everything as JSON. */
SIM_MUST_CHECK enum sim_err fit_report_table(const struct fit_report *r, enum table_format format,
                                             struct sim_error *e);
SIM_MUST_CHECK enum sim_err fit_report_json(const struct fit_report *r, struct sim_error *e);

/* fit_tables.c: fit.csv, parameters.csv, qq.csv. fit_plot.c: plots/qq.gp. */
void fit_report_export_tables(const struct fit_report *r, struct export *x);
void fit_report_export_plot(const struct fit_report *r, struct export *x);

#endif
