/* Rows of the scenario table: how many replications are enough (replications: auto). */
#include "models/schema_rows.h"

static const struct schema_row precision_rows[] = {
    {"relative", SCHEMA_QUANTITY, SIM_SHARE, AT(precision.relative), "5 %", 0.0001, 1, NULL, NULL,
     "with 'replications: auto': wanted half-width of the interval, relative to the mean",
     SOURCE_CONVENTION, "a figure of two digits; half of it takes four times the replications",
     NULL},
    {"min", SCHEMA_COUNT, SIM_NUMBER, AT(precision.min), "10", 2, 100000, NULL, NULL,
     "with 'replications: auto': never fewer; subcommands without a store run as many",
     SOURCE_LITERATURE,
     "Law, Simulation Modeling and Analysis, ch. 9: at least 10, as early stopping under-covers",
     NULL},
    {"max", SCHEMA_COUNT, SIM_NUMBER, AT(precision.max), "200", 2, 100000, NULL, NULL,
     "with 'replications: auto': never more; what is not precise then is said to be not converged",
     SOURCE_CONVENTION,
     "the width of 5 % takes about 140 replications of a figure that varies by 30 %", NULL},
    {"figures", SCHEMA_TEXT, SIM_NUMBER, AT(precision.figures), "user_minutes_lost", 0, 0, NULL,
     NULL,
     "with 'replications: auto': the columns of runs.csv that must be so precise, with commas",
     SOURCE_CONVENTION, "what the answer is about", NULL},
};

const struct schema_section schema_precision = {
    "precision", false, false, "Precision", precision_rows, N_ROWS(precision_rows)};
