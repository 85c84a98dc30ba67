/* primestorm export: a results folder in another form. */
#include "cli/cmd.h"
#include "cli/command_line.h"
#include "cli/export_csv.h"
#include "cli/format.h"
#include "cli/options.h"
#include "cli/stop.h"
#include "output/tree.h"
#include "output/xlsx.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct export_options {
    const char *folder;
    const char *output; /* NULL: FOLDER/results.xlsx, FOLDER/excel-eu */
    const char *figure;
    enum table_format csv; /* TABLE_CSV: not asked for */
    bool is_xlsx, is_quiet;
};

enum { OPTION_XLSX = 0x1000 };

static const struct argp_option option_table[] = {
    {"xlsx", OPTION_XLSX, NULL, 0, "As a workbook: chart, points, runs, columns, manifest", 0},
    CSV_FOR_OPTION,
    {"chart", 'c', "FIGURE", 0, "The figure that the chart shows (default: full_p95_s)", 0},
    {"output", 'o', "PATH", 0,
     "Where it goes (default: the file FOLDER/results.xlsx, the new folder FOLDER/excel-eu)", 0},
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
    case 'E':
        o->csv = format_csv_for(argument, state);
        return 0;
    case 'o':
        o->output = options_output(argument, state);
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
        if (o->is_xlsx == (o->csv != TABLE_CSV)) {
            argp_error(state, o->is_xlsx ? "one form at a time: --xlsx or --csv-for excel-eu"
                                         : "the form is missing: --xlsx or --csv-for excel-eu");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    option_table,
    parse,
    "--xlsx FOLDER\n--csv-for excel-eu FOLDER",
    "Write the tables of a results folder, of a study or of a single scenario, as a workbook for "
    "spreadsheets, with "
    "a chart of a figure over what varies, or as CSV files for spreadsheets with a decimal comma. "
    "The same results give the same bytes.",
    NULL,
    NULL,
    NULL};

/* Is it what `run` has left, as its manifest says? */
static enum exit_code check_folder(const char *folder)
{
    struct stat info;
    char *const manifest = tree_join(folder, "manifest.json");
    const bool is_there = stat(folder, &info) == 0;
    const int reason = errno;
    enum exit_code code = EXIT_NO_INPUT;
    if (manifest == NULL) {
        code = EXIT_NO_MEMORY;
    } else if (!is_there) {
        fprintf(stderr, "primestorm: %s: %s\n", folder, strerror(reason));
    } else if (!S_ISDIR(info.st_mode) || access(manifest, F_OK) != 0) {
        fprintf(stderr,
                "primestorm: %s: no results folder: it has no manifest.json; 'primestorm run "
                "SCENARIO.yaml -o FOLDER' makes one\n",
                folder);
    } else {
        code = EXIT_OK;
    }
    free(manifest);
    return code;
}

static enum exit_code export_to(const struct export_options *o, const char *path)
{
    struct sim_error e = {SIM_OK, ""};
    stop_catch_signals();
    const enum sim_err err = o->is_xlsx ? xlsx_write(o->folder, o->figure, path, stop_requested, &e)
                                        : export_csv(o->folder, path, o->csv, &e);
    if (err == SIM_OK && !o->is_quiet) {
        fprintf(stderr, "Written to %s\n", path);
    }
    return exit_code_tell(err, &e);
}

enum exit_code cmd_export(int argc, char **argv)
{
    struct export_options o = {.figure = "full_p95_s"};
    command_line_parse(&argp, argc, argv, &o);
    if (o.is_xlsx && !xlsx_is_there()) {
        fputs("primestorm: this program was built without libxlsxwriter (Debian: "
              "libxlsxwriter-dev); the tables are "
              "CSV, which spreadsheets open too\n",
              stderr);
        return EXIT_UNAVAILABLE;
    }
    char *const path = o.output != NULL
                           ? strdup(o.output)
                           : tree_join(o.folder, o.is_xlsx ? "results.xlsx" : "excel-eu");
    enum exit_code code = check_folder(o.folder);
    if (code == EXIT_OK) {
        code = path != NULL ? export_to(&o, path) : EXIT_NO_MEMORY;
    }
    free(path);
    return code;
}
