/* primestorm replay: a trace of flows through one shared link. */
#include "cli/cmd.h"
#include "cli/command_line.h"
#include "cli/data_files.h"
#include "cli/options.h"
#include "cli/replay_output.h"
#include "cli/stop.h"
#include "cli/version.h"
#include "output/new_file.h"
#include "output/tree.h"
#include "sim/base/text.h"
#include "sim/base/units.h"
#include "sim/res/fluid.h"

#include <argp.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct replay_options {
    const char *flows;
    const char *capacity; /* "100Mbit/s", or a CSV file */
    const char *file;     /* NULL: standard output */
    struct flow_format format;
    double overhead, round_trips;
    bool is_forced, is_quiet;
    char *columns; /* the words that format.renamed borrows */
    const char *given_overhead, *given_round_trips, *given_columns,
        *given_delimiter;    /* NULL: not */
    struct data_files files; /* as before they were read */
    time_t started;
    int argc; /* for the manifest */
    char **argv;
};

static const struct argp_option option_table[] = {
    {"capacity", 'c', "RATE|FILE.csv", 0,
     "The link: a rate such as 100Mbit/s, or a CSV file with the columns time_s and bit_per_s, "
     "each rate in force until the next",
     0},
    {"overhead", 'w', "FACTOR", 0, "Bytes on the wire per byte of a flow (default: 1)", 0},
    {"round-trips", 'n', "N", 0,
     "A flow's first bit comes N of its rtt_s after its start_s (default: 1, the request)", 0},
    {"columns", 'C', "NAME=COLUMN,...", 0,
     "What the columns are called in the files, as in start_s=t0,size_byte=bytes", 0},
    {"delimiter", 'd', "CHARACTER", 0, "Between the fields of FLOWS.csv: , ; | : space or tab", 0},
    {"output", 'o', "FILE", 0,
     "Write the table into a new file, not to standard output; beside it FILE.manifest.json says "
     "what it was made of",
     0},
    {"force", 'f', NULL, 0, "Replace FILE", 0},
    {"quiet", 'q', NULL, 0, "Say nothing but errors", 0},
    {0},
};

static double parse_number(const char *name, const char *text, double least, double most,
                           struct argp_state *state)
{
    const char *end;
    double value = 0;
    if (!sim_parse_double(text, &end, &value) || *end != '\0' || value < least || value > most) {
        argp_error(state, "%s needs a number from %g to %g, found '%s'", name, least, most, text);
    }
    return value;
}

static char parse_delimiter(const char *text, struct argp_state *state)
{
    if (strcmp(text, "tab") == 0) {
        return '\t';
    }
    if (strcmp(text, "space") == 0) {
        return ' ';
    }
    if (strlen(text) != 1 || strchr(",;|: \t", *text) == NULL) {
        argp_error(state, "--delimiter is one of , ; | : space tab, not '%s'", text);
    }
    return *text;
}

static void rename_column(struct replay_options *o, char *word, struct argp_state *state)
{
    char *const equals = strchr(word, '=');
    if (equals == NULL || equals == word || equals[1] == '\0') {
        argp_error(state, "--columns needs NAME=COLUMN,..., found '%s'", word);
        return;
    }
    *equals = '\0';
    for (int k = 0; k < ALL_COLUMNS; k++) {
        if (strcmp(word, flow_column_names[k]) == 0) {
            if (o->format.renamed[k] != NULL) {
                argp_error(state, "--columns names '%s' twice", word);
            }
            o->format.renamed[k] = equals + 1;
            return;
        }
    }
    const char *const near = sim_closest_word(word, flow_column_names, ALL_COLUMNS);
    argp_error(state, "--columns: there is no column '%s'%s%s%s", word,
               near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
               near != NULL ? "'?" : "");
}

static void parse_columns(struct replay_options *o, const char *text, struct argp_state *state)
{
    char *rest = NULL;
    free(o->columns);
    memset(o->format.renamed, 0, sizeof o->format.renamed); /* the last --columns counts */
    o->columns = strdup(text);
    if (o->columns == NULL) {
        argp_failure(state, EXIT_NO_MEMORY, 0, "out of memory");
        return;
    }
    for (char *word = strtok_r(o->columns, ",", &rest); word != NULL;
         word = strtok_r(NULL, ",", &rest)) {
        rename_column(o, word, state);
    }
}

static void take_argument(struct replay_options *o, char *argument, struct argp_state *state)
{
    if (o->flows != NULL) {
        argp_error(state, "one trace at a time; '%s' is the second", argument);
    }
    o->flows = argument;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct replay_options *const o = state->input;
    switch (key) {
    case 'c':
        o->capacity = argument;
        return 0;
    case 'w':
        o->given_overhead = argument;
        o->overhead = parse_number("--overhead", argument, 1, 10, state);
        return 0;
    case 'n':
        o->given_round_trips = argument;
        o->round_trips = parse_number("--round-trips", argument, 0, 100, state);
        return 0;
    case 'C':
        o->given_columns = argument;
        parse_columns(o, argument, state);
        return 0;
    case 'd':
        o->given_delimiter = argument;
        o->format.delimiter = parse_delimiter(argument, state);
        return 0;
    case 'o':
        o->file = options_output(argument, state);
        return 0;
    case 'f':
        o->is_forced = true;
        return 0;
    case 'q':
        o->is_quiet = true;
        return 0;
    case ARGP_KEY_ARG:
        take_argument(o, argument, state);
        return 0;
    case ARGP_KEY_END:
        if (o->flows == NULL || o->capacity == NULL) {
            argp_error(state, o->flows == NULL ? "a file of flows is missing"
                                               : "--capacity is missing, as in 100Mbit/s");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    option_table,
    parse,
    "FLOWS.csv",
    "Send a trace of flows through one shared link and say when each of them ends: exact weighted "
    "max-min sharing with caps. FLOWS.csv ('-': standard input) has the columns start_s and "
    "size_byte, and may have id, cap_bit_per_s (on the wire; 0: none), weight, rtt_s and cancel_s; "
    "others are ignored. The table comes back with finish_s, duration_s, received_byte and "
    "mean_bit_per_s.",
    NULL,
    NULL,
    NULL};

/* ---- The work ---- */

static enum sim_err read_capacity(const struct replay_options *o, struct trace_step **step,
                                  size_t *n, struct sim_error *e)
{
    const double most_bit_per_s = 1e15;
    double rate = 0;
    struct sim_error no_rate;
    if (sim_read_quantity(o->capacity, SIM_RATE, &rate, &no_rate) != SIM_OK) {
        const bool is_file = access(o->capacity, F_OK) == 0 || strstr(o->capacity, ".csv") != NULL;
        return is_file ? flow_input_capacity(o->capacity, &o->format, step, n, e)
                       : sim_fail(e, SIM_EINVAL, "--capacity: %s; nor is there such a file",
                                  no_rate.text);
    }
    if (!(rate >= 1 && rate <= most_bit_per_s)) {
        return sim_fail(e, SIM_EINVAL, "--capacity: %s is not from 1 bit/s to 1e6 Gbit/s",
                        o->capacity);
    }
    *step = calloc(1, sizeof **step);
    if (*step == NULL) {
        return sim_fail_memory(e, "--capacity");
    }
    **step = (struct trace_step){0, (uint64_t)round(rate)};
    *n = 1;
    return SIM_OK;
}

static bool is_rate(const char *capacity)
{
    double rate;
    struct sim_error no_rate;
    return sim_read_quantity(capacity, SIM_RATE, &rate, &no_rate) == SIM_OK;
}

static enum sim_err write_manifest(const struct replay_options *o, struct sim_error *e)
{
    char as[PATH_MAX];
    char folder[PATH_MAX];
    const char *const name = tree_name(o->file);
    const bool is_file = !is_rate(o->capacity);
    struct repeat_options repeat = {.n = 0};
    struct manifest m = {.version = PRIMESTORM_VERSION,
                         .revision = PRIMESTORM_REVISION,
                         .build = PRIMESTORM_BUILD,
                         .draws_nothing = true,
                         .started = o->started,
                         .ended = time(NULL),
                         .argc = o->argc,
                         .argv = o->argv};
    snprintf(as, sizeof as, "%s" MANIFEST_ENDING, name);
    snprintf(folder, sizeof folder, "%.*s", name > o->file ? (int)(name - o->file) : 1,
             name > o->file ? o->file : ".");
    repeat_add(&repeat, "--capacity", is_file ? o->files.path[1] : o->capacity);
    repeat_add(&repeat, "--overhead", o->given_overhead);
    repeat_add(&repeat, "--round-trips", o->given_round_trips);
    repeat_add(&repeat, "--columns", o->given_columns);
    repeat_add(&repeat, "--delimiter", o->given_delimiter);
    data_files_manifest(&o->files, "replay", &repeat, &m);
    return manifest_write_beside(folder, as, &name, 1, &m, e);
}

static enum sim_err write_file(const struct replay_options *o, struct new_file *file,
                               const struct flow_input *in, struct sim_error *e)
{
    if (file == NULL) {
        return replay_write("-", in, e);
    }
    enum sim_err err = replay_write(new_file_staging(file), in, e);
    if (err == SIM_OK) {
        stop_hold_signals();
        err = new_file_commit(file, e);
        stop_with_file(err == SIM_OK ? NULL : new_file_staging(file));
        stop_let_signals();
    }
    new_file_name_error(file, e);
    return err == SIM_OK ? write_manifest(o, e) : err;
}

static enum sim_err replay(const struct replay_options *o, struct new_file *file,
                           struct sim_error *e)
{
    struct trace_step *step = NULL;
    struct flow_input in = {0};
    struct trace_summary summary;
    struct trace_link link = {.overhead = o->overhead, .round_trips = o->round_trips};
    enum sim_err err = read_capacity(o, &step, &link.n_steps, e);
    if (err == SIM_OK) {
        err = flow_input_read(o->flows, &o->format, &in, e);
    }
    link.step = step;
    if (err == SIM_OK) {
        err = flow_trace_run(&link, in.flow, in.n, &summary, e);
    }
    if (err == SIM_OK) {
        err = write_file(o, file, &in, e);
    }
    if (err == SIM_OK && !o->is_quiet) {
        replay_print_sentence(&in, &link, &summary, stderr);
    }
    flow_input_fini(&in);
    free(step);
    return err;
}

/* Is there a place for the manifest too? One of ours that was left when its table was removed is none that counts. */
static enum sim_err try_manifest(const struct replay_options *o, struct sim_error *e)
{
    struct new_file *file = NULL;
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s" MANIFEST_ENDING, o->file);
    const enum sim_err err =
        new_file_create(path, o->is_forced || manifest_is_ours(path), &file, e);
    new_file_destroy(file);
    return err;
}

static bool is_same_file(const char *a, const char *b)
{
    struct stat first;
    struct stat second;
    return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

static enum sim_err begin_file(const struct replay_options *o, struct new_file **file,
                               struct sim_error *e)
{
    if (is_same_file(o->file, o->flows) || is_same_file(o->file, o->capacity)) {
        return sim_fail(e, SIM_EEXIST, "%s is what the replay is made of; choose another name",
                        o->file);
    }
    enum sim_err err = new_file_create(o->file, o->is_forced, file, e);
    err = err == SIM_OK ? try_manifest(o, e) : err;
    if (err != SIM_OK) {
        new_file_destroy(*file);
        *file = NULL;
    }
    return err;
}

/* The file is begun before the work: a place that cannot be written to is told at once. */
static enum exit_code replay_into_file(const struct replay_options *o)
{
    struct sim_error e = {SIM_OK, ""};
    struct new_file *file = NULL;
    stop_hold_signals();
    enum sim_err err = o->file != NULL ? begin_file(o, &file, &e) : SIM_OK;
    stop_with_file(file != NULL ? new_file_staging(file) : NULL);
    stop_let_signals();
    if (err != SIM_OK) {
        exit_code_tell(err, &e);
        return exit_code_of_place(err);
    }
    if (file != NULL) {
        stop_ignore_pipe();
    }
    err = replay(o, file, &e);
    stop_hold_signals();
    new_file_destroy(file);
    stop_with_file(NULL);
    stop_let_signals();
    return exit_code_tell(err, &e);
}

enum exit_code cmd_replay(int argc, char **argv)
{
    struct replay_options o = {.format = {.delimiter = ','},
                               .overhead = 1,
                               .round_trips = 1,
                               .started = time(NULL),
                               .argc = argc,
                               .argv = argv};
    command_line_parse(&argp, argc, argv, &o);
    if (o.file != NULL) {
        data_files_add(&o.files, o.flows);
        if (!is_rate(o.capacity)) {
            data_files_add(&o.files, o.capacity);
        }
    }
    const enum exit_code code = replay_into_file(&o);
    free(o.columns);
    return code;
}
