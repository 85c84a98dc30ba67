/* primestorm replay: a trace of flows through one shared link. */
#include "cli/cmd.h"
#include "cli/command_line.h"
#include "cli/data_files.h"
#include "cli/format.h"
#include "cli/number.h"
#include "cli/options.h"
#include "cli/replay_output.h"
#include "cli/stop.h"
#include "cli/table_file.h"
#include "cli/version.h"
#include "sim/base/text.h"
#include "sim/base/units.h"
#include "sim/res/fluid.h"

#include <argp.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct replay_options {
    const char *flows;
    const char *capacity; /* "100Mbit/s", or a CSV file */
    bool is_rate;
    double rate;              /* of the first, in bit/s */
    struct sim_error no_rate; /* of the second: why it is none */
    const char *file;         /* NULL: standard output */
    struct flow_format format;
    enum table_format table; /* what comes out */
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
    {"delimiter", 'd', "CHARACTER", 0,
     "Between the fields of the files, flows and capacity: , ; | : space or tab", 0},
    {"format", 'F', "csv|json|md", 0, "How to write the table (default: csv)", 0},
    CSV_FOR_OPTION,
    {"output", 'o', "FILE", 0,
     "Write the table into a new file, not to standard output; beside it FILE.manifest.json says "
     "what it was made of",
     0},
    {"force", 'f', NULL, 0, "Replace FILE", 0},
    {"quiet", 'q', NULL, 0, "Say nothing but errors", 0},
    {0},
};

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

static enum table_format parse_format(const char *text, struct argp_state *state)
{
    static const char *const names[] = {"csv", "json", "md"};
    static const enum table_format formats[] = {TABLE_CSV, TABLE_JSON, TABLE_MD};
    return formats[options_choice("--format", names, 3, text, state)];
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
        o->overhead = number_parse("--overhead", argument, 1, 10, state);
        return 0;
    case 'n':
        o->given_round_trips = argument;
        o->round_trips = number_parse("--round-trips", argument, 0, 100, state);
        return 0;
    case 'C':
        o->given_columns = argument;
        parse_columns(o, argument, state);
        return 0;
    case 'd':
        o->given_delimiter = argument;
        o->format.delimiter = options_delimiter(argument, state);
        return 0;
    case 'F':
        o->table = parse_format(argument, state);
        return 0;
    case 'E':
        o->table = format_csv_for(argument, state);
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
    if (!o->is_rate) {
        const bool is_file = access(o->capacity, F_OK) == 0 || strstr(o->capacity, ".csv") != NULL;
        return is_file ? flow_input_capacity(o->capacity, &o->format, step, n, e)
                       : sim_fail(e, SIM_EINVAL, "--capacity: %s; nor is there such a file",
                                  o->no_rate.text);
    }
    if (!(o->rate >= 1 && o->rate <= most_bit_per_s)) {
        return sim_fail(e, SIM_EINVAL, "--capacity: %s is not from 1 bit/s to 1e6 Gbit/s",
                        o->capacity);
    }
    *step = calloc(1, sizeof **step);
    if (*step == NULL) {
        return sim_fail_memory(e, "--capacity");
    }
    **step = (struct trace_step){0, (uint64_t)round(o->rate)};
    *n = 1;
    return SIM_OK;
}

static enum sim_err write_manifest(const struct replay_options *o, struct sim_error *e)
{
    struct repeat_options repeat = {.n = 0};
    struct manifest m = {.version = PRIMESTORM_VERSION,
                         .revision = PRIMESTORM_REVISION,
                         .build = PRIMESTORM_BUILD,
                         .draws_nothing = true,
                         .started = o->started,
                         .ended = time(NULL),
                         .argc = o->argc,
                         .argv = o->argv};
    repeat_add(&repeat, "--capacity", o->is_rate ? o->capacity : o->files.path[1]);
    repeat_add(&repeat, "--overhead", o->given_overhead);
    repeat_add(&repeat, "--round-trips", o->given_round_trips);
    repeat_add(&repeat, "--columns", o->given_columns);
    repeat_add(&repeat, "--delimiter", o->given_delimiter);
    repeat_add(&repeat, "--format",
               o->table == TABLE_JSON ? "json"
               : o->table == TABLE_MD ? "md"
                                      : NULL);
    repeat_add(&repeat, "--csv-for", o->table == TABLE_CSV_EXCEL_EU ? "excel-eu" : NULL);
    data_files_manifest(&o->files, "replay", &repeat, &m);
    return table_file_describe(o->file, &m, e);
}

static enum sim_err write_file(const struct replay_options *o, struct new_file *file,
                               const struct flow_input *in, struct sim_error *e)
{
    if (file == NULL) {
        return replay_write("-", o->table, in, e);
    }
    enum sim_err err = replay_write(new_file_staging(file), o->table, in, e);
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

/* The file is begun before the work: a place that cannot be written to is told at once. */
static enum exit_code replay_into_file(const struct replay_options *o)
{
    struct sim_error e = {SIM_OK, ""};
    struct new_file *file = NULL;
    const char *const made_of[] = {o->flows, o->capacity};
    stop_hold_signals();
    enum sim_err err =
        o->file != NULL ? table_file_create(o->file, o->is_forced, "replay", made_of, 2, &file, &e)
                        : SIM_OK;
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
                               .table = TABLE_CSV,
                               .overhead = 1,
                               .round_trips = 1,
                               .started = time(NULL),
                               .argc = argc,
                               .argv = argv};
    command_line_parse(&argp, argc, argv, &o);
    o.is_rate = sim_read_quantity(o.capacity, SIM_RATE, &o.rate, &o.no_rate) == SIM_OK;
    if (o.file != NULL) {
        data_files_add(&o.files, o.flows);
        if (!o.is_rate) {
            data_files_add(&o.files, o.capacity);
        }
    }
    const enum exit_code code = replay_into_file(&o);
    free(o.columns);
    return code;
}
