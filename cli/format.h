/* cli/format.h -- how a command prints its table: --format and --csv-for, the same everywhere. */
#ifndef CLI_FORMAT_H
#define CLI_FORMAT_H

#include "output/table.h"

#include <argp.h>

enum format { FORMAT_TEXT, FORMAT_CSV, FORMAT_JSON, FORMAT_MD };

struct format_options {
    enum format format;
    enum table_format csv; /* TABLE_CSV, or the one of --csv-for */
};

/* A child of a subcommand's parser; its input is the struct format_options. */
extern const struct argp format_argp;

/* --csv-for excel-eu alone, for commands with formats of their own. */
#define CSV_FOR_OPTION                                                                             \
    {                                                                                              \
        "csv-for", 'E', "excel-eu", 0,                                                             \
            "CSV for spreadsheets with a decimal comma: ';' between cells, ',' in numbers", 0      \
    }
enum table_format format_csv_for(const char *text, struct argp_state *state);

/* The format of a table that is not printed as text. */
enum table_format format_of_table(const struct format_options *o);

#endif
