#include "cli/format.h"

#include "cli/options.h"

#include <string.h>

static const struct argp_option option_table[] = {
    {"format", 'F', "text|csv|json|md", 0, "How to print the table (default: text)", 0},
    CSV_FOR_OPTION,
    {0},
};

enum table_format format_csv_for(const char *text, struct argp_state *state)
{
    if (strcmp(text, "excel-eu") != 0) {
        argp_error(state, "--csv-for knows excel-eu, not '%s'", text);
    }
    return TABLE_CSV_EXCEL_EU;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    static const char *const formats[] = {"text", "csv", "json", "md"};
    struct format_options *const o = state->input;
    switch (key) {
    case 'F':
        o->format = (enum format)options_choice("--format", formats, 4, argument, state);
        return 0;
    case 'E':
        o->csv = format_csv_for(argument, state);
        o->format = FORMAT_CSV;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp format_argp = {option_table, parse, NULL, NULL, NULL, NULL, NULL};

enum table_format format_of_table(const struct format_options *o)
{
    return o->format == FORMAT_JSON ? TABLE_JSON : o->format == FORMAT_MD ? TABLE_MD : o->csv;
}
