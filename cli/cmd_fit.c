/* primestorm fit: which law do measured values follow, and the line for a scenario. */
#include "cli/cmd.h"
#include "cli/command_line.h"
#include "cli/data_files.h"
#include "cli/fit_report.h"
#include "cli/fit_unit.h"
#include "cli/fit_values.h"
#include "cli/format.h"
#include "cli/options.h"
#include "cli/results_folder.h"
#include "cli/stop.h"
#include "cli/version.h"
#include "output/gnuplot.h"
#include "output/manifest.h"
#include "sim/base/text.h"

#include <argp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct fit_options {
    const char *path, *column, *unit, *key, *folder;
    struct sim_fit_options fit;
    struct format_options format;
    bool is_positive, is_forced, is_quiet;
    char delimiter;
    const char *families, *boot, *seed, *given_delimiter; /* as given, NULL: not */
    struct data_files files; /* for the manifest, as before they were read */
    int argc;                /* for the manifest */
    char **argv;
};

enum { DEFAULT_BOOT = 199, MOST_BOOT = 100000 };

static const struct argp_option option_table[] = {
    {"column", 'x', "NAME", 0, "The column with the values (needed)", 0},
    {"delimiter", 'd', "CHARACTER", 0, "Between the fields of DATA.csv: , ; | : space or tab", 0},
    {"unit", 'u', "UNIT", 0,
     "The unit of the column, as in ms, kbit/s, kB or MB/s (default: from the end of its name, as "
     "in mbit_per_s)",
     0},
    {"key", 'k', "KEY", 0,
     "The key in the line for the scenario (default: rate, rtt, mail_size or documents, by unit)",
     0},
    {"families", 'm', "A,B,...", 0,
     "Fit these only, as in lognormal,shift+gamma (discrete comes by itself where values are few)",
     0},
    {"positive", 'p', NULL, 0, "Leave zeros out", 0},
    {"bootstrap", 'b', "N", 0,
     "Samples to draw for a p-value of the distance, at most (default: 199; 0: none)", 0},
    {"seed", 's', "N", 0, "Name the random numbers of these samples (default: 1)", 0},
    {"output", 'o', "FOLDER", 0,
     "Write tables, the picture of quantiles against quantiles and a manifest into a new folder",
     0},
    {"force", 'f', NULL, 0, "Replace FOLDER if it was written by primestorm", 0},
    {"format", 'F', "text|csv|json|md", 0, "How to print the fit (default: text)", 0},
    CSV_FOR_OPTION,
    {"quiet", 'q', NULL, 0, "Say nothing but errors", 0},
    {0},
};

/* ---- Options ---- */

static uint64_t parse_whole(const char *name, const char *text, uint64_t most,
                            struct argp_state *state)
{
    char *end;
    const unsigned long long value = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || value > most) {
        argp_error(state, "%s needs a whole number from 0 to %llu, found '%s'", name,
                   (unsigned long long)most, text);
    }
    return value;
}

static uint32_t parse_family(const char *word, struct argp_state *state)
{
    const char *names[32];
    const size_t n = sim_fit_n_families();
    for (size_t i = 0; i < n; i++) {
        names[i] = sim_fit_family_name(i);
        if (strcmp(word, names[i]) == 0) {
            return UINT32_C(1) << i;
        }
    }
    if (strcmp(word, "discrete") == 0 || strcmp(word, "empirical") == 0) {
        argp_error(state, "%s is not chosen: %s", word,
                   *word == 'd' ? "it comes first by itself where a column has at most twelve "
                                  "different values, each twice or more on the average"
                                : "it is the values themselves, and no law to be found");
    }
    const char *const near = sim_closest_word(word, names, n);
    char list[256] = "";
    for (size_t i = 0; i < n; i++) {
        const size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s%s", i > 0 ? ", " : "", names[i]);
    }
    argp_error(state, "'%.40s' is not a family%s%s%s (%s)", word,
               near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
               near != NULL ? "'?" : "", list);
    return 0;
}

static uint32_t parse_families(const char *text, struct argp_state *state)
{
    uint32_t families = 0;
    while (*text != '\0') {
        char word[64];
        const size_t length = strcspn(text, ",");
        snprintf(word, sizeof word, "%.*s", (int)length, text);
        families |= parse_family(word, state);
        text += length + (text[length] == ',');
    }
    if (families == 0) {
        argp_error(state, "--families needs at least one name");
    }
    return families;
}

static enum format parse_format(const char *text, struct argp_state *state)
{
    static const char *const formats[] = {"text", "csv", "json", "md"};
    return (enum format)options_choice("--format", formats, 4, text, state);
}

static error_t parse_end(int key, char *argument, const struct fit_options *o,
                         struct argp_state *state);

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct fit_options *const o = state->input;
    switch (key) {
    case 'x':
        o->column = argument;
        return 0;
    case 'd':
        o->given_delimiter = argument;
        o->delimiter = options_delimiter(argument, state);
        return 0;
    case 'u':
        o->unit = argument;
        return 0;
    case 'k':
        o->key = argument;
        return 0;
    case 'm':
        o->families = argument;
        o->fit.families = parse_families(argument, state);
        return 0;
    case 'p':
        o->is_positive = true;
        return 0;
    case 'b':
        o->boot = argument;
        o->fit.n_boot = (uint32_t)parse_whole("--bootstrap", argument, MOST_BOOT, state);
        return 0;
    case 's':
        o->seed = argument;
        o->fit.seed = parse_whole("--seed", argument, INT64_MAX, state);
        return 0;
    case 'o':
        o->folder = options_output(argument, state);
        return 0;
    case 'f':
        o->is_forced = true;
        return 0;
    case 'F':
        o->format.format = parse_format(argument, state);
        return 0;
    case 'E':
        o->format.csv = format_csv_for(argument, state);
        o->format.format = FORMAT_CSV;
        return 0;
    case 'q':
        o->is_quiet = true;
        return 0;
    case ARGP_KEY_ARG:
        if (o->path != NULL) {
            argp_error(state, "one file at a time; '%s' is the second", argument);
        }
        o->path = argument;
        return 0;
    default:
        return parse_end(key, argument, o, state);
    }
}

static error_t parse_end(int key, char *argument, const struct fit_options *o,
                         struct argp_state *state)
{
    (void)argument;
    if (key != ARGP_KEY_END) {
        return ARGP_ERR_UNKNOWN;
    }
    if (o->path == NULL) {
        argp_error(state, "a CSV file is missing");
    }
    if (o->column == NULL) {
        argp_error(state, "--column is missing: which column has the values?");
    }
    return 0;
}

static const struct argp argp = {
    option_table,
    parse,
    "DATA.csv",
    "Fit the distributions of the grammar to a column of a CSV file, rank them, and print the "
    "lines "
    "for a scenario, as an option --set and as they stand in the file. '-' is standard input.",
    NULL,
    NULL,
    NULL};

/* ---- Answers ---- */

/* Everything but where the answer goes and what it looks like on the screen. */
static struct repeat_options repetition(const struct fit_options *o)
{
    struct repeat_options r = {.n = 0};
    repeat_add(&r, "--column", o->column);
    repeat_add(&r, "--delimiter", o->given_delimiter);
    repeat_add(&r, "--unit", o->unit);
    repeat_add(&r, "--key", o->key);
    repeat_add(&r, "--families", o->families);
    repeat_add(&r, "--bootstrap", o->boot);
    repeat_add(&r, "--seed", o->seed);
    if (o->is_positive) {
        repeat_add_flag(&r, "--positive");
    }
    return r;
}

static enum sim_err write_manifest(const struct fit_options *o, time_t started, const char *gnuplot,
                                   struct folder *folder, struct sim_error *e)
{
    const struct repeat_options repeat = repetition(o);
    struct manifest manifest = {.version = PRIMESTORM_VERSION,
                                .revision = PRIMESTORM_REVISION,
                                .build = PRIMESTORM_BUILD,
                                .seed = o->fit.seed,
                                .started = started,
                                .ended = time(NULL),
                                .argc = o->argc,
                                .argv = o->argv,
                                .gnuplot = gnuplot};
    data_files_manifest(&o->files, "fit", &repeat, &manifest);
    return manifest_write(folder, &manifest, e);
}

static enum sim_err fill_folder(const struct fit_options *o, const struct fit_report *r,
                                time_t started, struct folder *folder, struct sim_error *e)
{
    char gnuplot[64];
    const bool has_gnuplot = gnuplot_version(stop_requested, gnuplot, sizeof gnuplot);
    struct export x = {.folder = folder, .err = SIM_OK, .error = e};
    fit_report_export_tables(r, &x);
    fit_report_export_plot(r, &x);
    if (x.err == SIM_OK && has_gnuplot) {
        export_draw(&x, "qq");
    } else if (x.err == SIM_OK) {
        fputs("primestorm: no picture: gnuplot is not there (Debian: gnuplot-nox); later, "
              "'gnuplot qq.gp' in plots/ draws it\n",
              stderr);
    }
    return x.err == SIM_OK ? write_manifest(o, started, has_gnuplot ? gnuplot : NULL, folder, e)
                           : x.err;
}

static enum sim_err write_folder(const struct fit_options *o, const struct fit_report *r,
                                 time_t started, struct folder *folder, struct sim_error *e)
{
    enum sim_err err = fill_folder(o, r, started, folder, e);
    if (err == SIM_OK) {
        err = export_commit(folder, e);
    }
    folder_name_error(folder, e);
    return err;
}

static enum sim_err print(const struct fit_options *o, const struct fit_report *r,
                          struct sim_error *e)
{
    switch (o->format.format) {
    case FORMAT_CSV:
        return fit_report_table(r, o->format.csv, e);
    case FORMAT_MD:
        return fit_report_table(r, TABLE_MD, e);
    case FORMAT_JSON:
        return fit_report_json(r, e);
    default:
        fit_report_print(r, stdout);
        return SIM_OK;
    }
}

static enum exit_code say_no_place(enum sim_err err, const struct sim_error *e)
{
    exit_code_tell(err, e);
    return exit_code_of_place(err);
}

static enum exit_code answer(const struct fit_options *o, const struct fit_report *r,
                             time_t started)
{
    struct sim_error e = {SIM_OK, ""};
    struct folder *folder = NULL;
    enum sim_err err = SIM_OK;
    if (o->folder != NULL) {
        stop_catch_signals();
        stop_ignore_pipe();
        err = results_folder_create(o->folder, o->is_forced, &folder, &e);
        if (err != SIM_OK) {
            return say_no_place(err, &e);
        }
        stop_name_unfinished(folder_staging(folder));
        err = write_folder(o, r, started, folder, &e);
        stop_restore_pipe();
    }
    if (err == SIM_OK && !o->is_quiet) {
        err = print(o, r, &e);
    }
    if (err == SIM_OK && folder != NULL && !o->is_quiet) {
        fflush(stdout);
        export_list_files(folder, stderr);
    }
    stop_name_unfinished(NULL);
    folder_destroy(folder);
    return exit_code_tell(err, &e);
}

/* Tells before the work if the folder cannot be made after it; then it is made for good, since a fit
 * cannot be stopped halfway. */
static enum exit_code try_place(const struct fit_options *o)
{
    struct sim_error e = {SIM_OK, ""};
    struct folder *folder = NULL;
    if (o->folder == NULL) {
        return EXIT_OK;
    }
    stop_hold_signals();
    const enum sim_err err = results_folder_create(o->folder, o->is_forced, &folder, &e);
    folder_destroy(folder);
    stop_let_signals();
    return err == SIM_OK ? EXIT_OK : say_no_place(err, &e);
}

/* A file of numbers alone loses the first of them. */
static void tell_header(const struct fit_options *o)
{
    const char *end;
    double number;
    if (sim_parse_double(o->column, &end, &number) && *end == '\0') {
        fprintf(stderr,
                "primestorm: %s: the first line is taken for the header, so that %s is the name of "
                "the column and no value\n",
                strcmp(o->path, "-") == 0 ? "standard input" : o->path, o->column);
    }
}

/* How far it is, on a terminal: a million values take half a minute. */
struct fit_progress {
    unsigned n_begun, n;
};

static void show_family(void *progress, const char *name)
{
    struct fit_progress *const p = progress;
    fprintf(stderr, "\rlaw %u of %u: %s\033[K", ++p->n_begun, p->n, name);
}

static enum sim_err make_fit(const struct fit_options *o, const struct fit_values *v,
                             struct sim_fit **fit, struct sim_error *e)
{
    const uint32_t families = o->fit.families;
    struct fit_progress progress = {0, families != 0 ? (unsigned)__builtin_popcount(families)
                                                     : (unsigned)sim_fit_n_families()};
    struct sim_fit_options options = o->fit;
    if (!o->is_quiet && isatty(STDERR_FILENO)) {
        options.on_family = show_family;
        options.context = &progress;
    }
    const enum sim_err err = sim_fit_create(v->value, v->n, &options, fit, e);
    if (progress.n_begun > 0) {
        fputs("\r\033[K", stderr);
    }
    return err;
}

enum exit_code cmd_fit(int argc, char **argv)
{
    struct fit_options o = {
        .delimiter = ',', .fit = {.seed = 1, .n_boot = DEFAULT_BOOT}, .argc = argc, .argv = argv};
    command_line_parse(&argp, argc, argv, &o);
    struct fit_report r = {.path = o.path,
                           .column = o.column,
                           .has_commas = o.delimiter == ',',
                           .seed = o.fit.seed,
                           .n_boot = o.fit.n_boot};
    struct fit_unit unit;
    struct fit_values v = {0};
    struct sim_fit *fit = NULL;
    struct sim_error e = {SIM_OK, ""};
    const time_t started = time(NULL);
    enum sim_err err = fit_unit_find(o.column, o.unit, &unit, &e);
    if (err != SIM_OK) {
        exit_code_tell(err, &e);
        return EXIT_USAGE;
    }
    r.unit = unit.unit;
    r.column_unit = &unit;
    r.key = o.key != NULL ? o.key : unit.key;
    fit_key_path(r.key, r.key_path, sizeof r.key_path);
    const struct fit_source source = {o.path, o.column, o.delimiter, o.is_positive, unit.factor};
    const enum exit_code place = try_place(&o);
    if (place != EXIT_OK) {
        return place;
    }
    if (o.folder != NULL) {
        data_files_add(&o.files, o.path);
    }
    err = fit_values_read(&source, &v, &e);
    if (!o.is_quiet && (err == SIM_OK || v.n > 0)) {
        tell_header(&o);
    }
    if (err == SIM_OK) {
        err = make_fit(&o, &v, &fit, &e);
    }
    r.fit = fit;
    r.n_dropped = v.n_dropped;
    r.n_empty = v.n_empty;
    r.n_blank_lines = v.n_blank_lines;
    const enum exit_code code = err == SIM_OK ? answer(&o, &r, started) : exit_code_tell(err, &e);
    sim_fit_destroy(fit);
    free(v.value);
    return code;
}
