/* primestorm export: a results folder in another form. */
#include "cli/cmd.h"
#include "cli/options.h"
#include "cli/stop.h"
#include "output/tree.h"
#include "output/xlsx.h"

#include <stdlib.h>

struct export_options {
    const char *folder;
    const char *file; /* NULL: FOLDER/results.xlsx */
    const char *figure;
    bool is_xlsx, is_quiet;
};

enum { OPTION_XLSX = 0x1000 };

static const struct argp_option option_table[] = {
    {"xlsx", OPTION_XLSX, NULL, 0, "As a workbook: chart, points, runs, columns, manifest", 0},
    {"chart", 'c', "FIGURE", 0, "The figure that the chart shows (default: full_p95_s)", 0},
    {"output", 'o', "FILE", 0, "Where it goes (default: FOLDER/results.xlsx)", 0},
    {"quiet", 'q', NULL, 0, "Say nothing but errors", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct export_options *const o = state->input;
    switch (key) {
    case OPTION_XLSX:
        o->is_xlsx = true;
        return 0;
    case 'c':
        o->figure = argument;
        return 0;
    case 'o':
        o->file = options_output(argument, state);
        return 0;
    case 'q':
        o->is_quiet = true;
        return 0;
    case ARGP_KEY_ARG:
        if (o->folder != NULL) {
            argp_error(state, "one folder at a time; '%s' is the second", argument);
        }
        o->folder = argument;
        return 0;
    case ARGP_KEY_END:
        if (o->folder == NULL) {
            argp_error(state, "a results folder is missing");
        }
        if (!o->is_xlsx) {
            argp_error(state, "the form is missing: --xlsx");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    option_table,
    parse,
    "--xlsx FOLDER",
    "Write the tables of a results folder, of a study or of a single scenario, as a workbook for "
    "spreadsheets, with "
    "a chart of a figure over what varies. The same results give the same bytes.",
    NULL,
    NULL,
    NULL};

static enum exit_code export_to(const struct export_options *o, const char *path)
{
    struct sim_error e = {SIM_OK, ""};
    stop_catch_signals();
    const enum sim_err err = xlsx_write(o->folder, o->figure, path, stop_requested, &e);
    if (err == SIM_OK && !o->is_quiet) {
        fprintf(stderr, "Written to %s\n", path);
    }
    return exit_code_tell(err, &e);
}

enum exit_code cmd_export(int argc, char **argv)
{
    struct export_options o = {.figure = "full_p95_s"};
    argp_parse(&argp, argc, argv, 0, NULL, &o);
    if (!xlsx_is_there()) {
        fputs("primestorm: this program was built without libxlsxwriter (Debian: "
              "libxlsxwriter-dev); the tables are "
              "CSV, which spreadsheets open too\n",
              stderr);
        return EXIT_UNAVAILABLE;
    }
    char *const path =
        o.file != NULL ? tree_join(".", o.file) : tree_join(o.folder, "results.xlsx");
    const enum exit_code code =
        path != NULL ? export_to(&o, o.file != NULL ? o.file : path) : EXIT_NO_MEMORY;
    free(path);
    return code;
}
