/* primestorm sensitivity: how much the answer owes to what nobody knows. */
#include "cli/cmd.h"
#include "cli/command_line.h"
#include "cli/format.h"
#include "cli/options.h"
#include "cli/scenario_table.h"
#include "cli/screening_print.h"
#include "cli/sensitivity.h"
#include "cli/stop.h"
#include "cli/threads.h"
#include "output/csv.h"
#include "sim/base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_ONLY = 100, KEY_METHOD = 256, KEY_SIZE, KEY_ONLY };

enum { MOST_SIZE = 10000 };

enum method { METHOD_ONE_AT_A_TIME, METHOD_MORRIS, METHOD_SOBOL };

struct sensitivity_options {
    struct scenario_options scenario;
    unsigned threads;
    enum method method;
    size_t size;                           /* 0: the usual one */
    const char *given_method, *given_size; /* NULL: not */
    const char *only[MOST_ONLY];
    size_t n_only;
    struct format_options format;
    bool is_quiet;
    struct scenario_table table;
};

static const struct argp_option option_table[] = {
    {"method", KEY_METHOD, "one|morris|sobol", 0,
     "Vary one at a time (default), or all at once: elementary effects (Morris), or shares of the "
     "variance (Sobol')",
     0},
    {"size", KEY_SIZE, "N", 0,
     "With --method: trajectories (default 10) or blocks (default 128); each costs one or two "
     "points more than there are estimates",
     0},
    {"only", KEY_ONLY, "PART-OF-A-KEY", 0,
     "With --method: only estimates whose key has this in it; may be repeated", 0},
    {"quiet", 'q', NULL, 0, "Say nothing of the progress", 0},
    THREADS_OPTION,
    {0},
};

static const struct argp_child children[] = {{&options_argp, 0, NULL, 0},
                                             {&format_argp, 0, NULL, 0},
                                             {&scenario_table_argp, 0, NULL, 0},
                                             {0}};

static enum method parse_method(const char *text, struct argp_state *state)
{
    static const char *const methods[] = {"one", "morris", "sobol"};
    return (enum method)options_choice("--method", methods, 3, text, state);
}

static error_t parse_size(struct sensitivity_options *o, const char *text, struct argp_state *state)
{
    char *end;
    const unsigned long n = strtoul(text, &end, 10);
    if (*text < '1' || *text > '9' || *end != '\0' || n < 2 || n > MOST_SIZE) {
        argp_error(state, "--size is a whole number from 2 to %d, not '%s'", MOST_SIZE, text);
        return EINVAL;
    }
    o->size = n;
    return 0;
}

static error_t add_only(struct sensitivity_options *o, const char *text, struct argp_state *state)
{
    if (o->n_only == MOST_ONLY) {
        argp_error(state, "--only at most %d times", MOST_ONLY);
        return EINVAL;
    }
    o->only[o->n_only++] = text;
    return 0;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct sensitivity_options *const o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->scenario;
        state->child_inputs[1] = &o->format;
        state->child_inputs[2] = &o->table;
        return 0;
    case KEY_METHOD:
        o->given_method = argument;
        o->method = parse_method(argument, state);
        return 0;
    case KEY_SIZE:
        o->given_size = argument;
        return parse_size(o, argument, state);
    case KEY_ONLY:
        return add_only(o, argument, state);
    case ARGP_KEY_END:
        if (o->method == METHOD_ONE_AT_A_TIME && (o->size > 0 || o->n_only > 0)) {
            argp_error(state, "--size and --only need --method morris or sobol");
        }
        return 0;
    case 'q':
        o->is_quiet = true;
        return 0;
    case 't':
        o->threads = threads_parse(argument, state);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    option_table,
    parse,
    "SCENARIO.yaml",
    "Say how much the answer owes to estimates: each default that is one goes from the low to the "
    "high end of its plausible range, one at a time, all else as it is and on the same random "
    "numbers. The largest change of user-minutes lost comes first. What the scenario says itself "
    "is not varied. With --method all go at once, which shows what they do together. '-' is "
    "standard input.",
    children,
    NULL,
    NULL};

/* ---- Numbers ---- */

static void print_value(const struct sensitivity_figure *f, double value, FILE *out)
{
    if (isfinite(value)) {
        fprintf(out, "%.*f", f->decimals, value / f->per_unit);
    } else {
        fputs("never", out);
    }
}

/* "5.4 to 32.1 min (+26.7 +- 0.6)" */
static void print_effect(const struct sensitivity_figure *f, const struct effect *e, FILE *out)
{
    print_value(f, e->mean[FACTOR_LOW], out);
    fputs(" to ", out);
    print_value(f, e->mean[FACTOR_HIGH], out);
    fprintf(out, " %s", f->unit);
    if (isfinite(e->change)) {
        fprintf(out, " (%+.*f", f->decimals, e->change / f->per_unit);
        if (isfinite(e->half_width)) {
            fprintf(out, " ± %.*f", f->decimals, e->half_width / f->per_unit);
        }
        fputc(')', out);
    }
}

static void print_base(const struct sensitivity *s, const struct scenario *scenario, FILE *out)
{
    fprintf(out, "As it stands (%u replication%s, %g %% intervals):", scenario->replications,
            sim_plural(scenario->replications), 100 * scenario->confidence);
    for (int i = 0; i < SENSITIVITY_N_FIGURES; i++) {
        const struct sensitivity_figure *const f = &sensitivity_figures[i];
        fprintf(out, "%s %s ", i == 0 ? "" : ";", f->words);
        print_value(f, s->mean[i], out);
        if (isfinite(s->half_width[i])) {
            fprintf(out, " ± %.*f", f->decimals, s->half_width[i] / f->per_unit);
        }
        fprintf(out, " %s", f->unit);
    }
    fputs(".\n", out);
}

/* An end of the range, with a word where the model does not hold. */
static void print_end(const struct sensitivity_row *row, enum factor_end end, FILE *out)
{
    const double worth_a_word = 0.01;
    fputs(row->factor->end[end], out);
    if (row->outside_share[end] > worth_a_word) {
        fprintf(out, " (model too kind for %.0f %% of the time)", 100 * row->outside_share[end]);
    }
}

/* Nothing of the scenario rests on it: not one figure of one replication has changed. */
static bool has_no_effect(const struct sensitivity_row *row)
{
    bool is_none = *row->problem == '\0';
    for (int k = 0; k < SENSITIVITY_N_FIGURES && is_none; k++) {
        const struct effect *const e = &row->effect[k];
        is_none = e->change == 0 && !(e->half_width > 0);
    }
    return is_none;
}

/* Those in one sentence; `quote` stands around each name. */
static void print_without_effect(const struct sensitivity *s, const char *quote, FILE *out)
{
    const char *before = "\nWithout any effect here, from end to end of the range: ";
    const char *end = "";
    for (size_t i = 0; i < s->n; i++) {
        if (has_no_effect(&s->row[i])) {
            fprintf(out, "%s%s%s%s", before, quote, s->row[i].factor->key, quote);
            before = ", ";
            end = ".\n";
        }
    }
    fputs(end, out);
}

/* ---- Formats ---- */

static void print_text(const struct sensitivity *s, const struct scenario *scenario)
{
    print_base(s, scenario, stdout);
    puts("Below, each estimate goes from the low to the high end of its plausible range.");
    for (size_t i = 0; i < s->n; i++) {
        const struct sensitivity_row *const row = &s->row[i];
        if (has_no_effect(row)) {
            continue;
        }
        printf("\n%s: ", row->factor->key);
        print_end(row, FACTOR_LOW, stdout);
        fputs(" to ", stdout);
        print_end(row, FACTOR_HIGH, stdout);
        printf("; default %s\n", row->factor->standard);
        if (*row->problem != '\0') {
            printf("    no valid scenario %s\n", row->problem);
            continue;
        }
        for (int k = 0; k < SENSITIVITY_N_FIGURES; k++) {
            printf("    %-22s ", sensitivity_figures[k].words);
            print_effect(&sensitivity_figures[k], &row->effect[k], stdout);
            putchar('\n');
        }
    }
    print_without_effect(s, "", stdout);
}

static void print_md(const struct sensitivity *s, const struct scenario *scenario)
{
    print_base(s, scenario, stdout);
    printf("\n| estimate | default | low end | high end |");
    for (int k = 0; k < SENSITIVITY_N_FIGURES; k++) {
        printf(" %s |", sensitivity_figures[k].words);
    }
    puts("\n|---|---|---|---|---|---|---|");
    for (size_t i = 0; i < s->n; i++) {
        const struct sensitivity_row *const row = &s->row[i];
        if (has_no_effect(row)) {
            continue;
        }
        printf("| `%s` | %s | ", row->factor->key, row->factor->standard);
        print_end(row, FACTOR_LOW, stdout);
        fputs(" | ", stdout);
        print_end(row, FACTOR_HIGH, stdout);
        fputs(" |", stdout);
        if (*row->problem != '\0') {
            printf(" no valid scenario %s | | |\n", row->problem);
            continue;
        }
        for (int k = 0; k < SENSITIVITY_N_FIGURES; k++) {
            putchar(' ');
            print_effect(&sensitivity_figures[k], &row->effect[k], stdout);
            fputs(" |", stdout);
        }
        putchar('\n');
    }
    print_without_effect(s, "`", stdout);
}

#define FIGURE_COLUMNS(name, unit, words)                                                          \
    {name ".low", unit, words ", at the low end", TABLE_REAL},                                     \
        {name ".high", unit, words ", at the high end", TABLE_REAL},                               \
        {name ".change", unit, words ": high minus low, mean of paired replications", TABLE_REAL}, \
    {                                                                                              \
        name ".change_half_width", unit, words ": half-width of the interval of the change",       \
            TABLE_REAL                                                                             \
    }

static const struct table_column csv_columns[] = {
    {"key", "", "the estimate; NAME: every element that does not say otherwise", TABLE_TEXT},
    {"default", "", "its value in the scenario", TABLE_TEXT},
    {"low", "", "low end of its plausible range", TABLE_TEXT},
    {"high", "", "high end", TABLE_TEXT},
    {"replications", "", "of each end", TABLE_WHOLE},
    FIGURE_COLUMNS("basic_p50_s", "s", "half of the devices have today's mail"),
    FIGURE_COLUMNS("full_max_s", "s", "all devices have everything"),
    FIGURE_COLUMNS("user_minutes_lost", "min", "user-minutes lost"),
    {"outside_model_share.low", "1", "share of the time the uplink is shared too thinly, low end",
     TABLE_REAL},
    {"outside_model_share.high", "1", "the same at the high end", TABLE_REAL},
    {"problem", "", "why an end is no valid scenario", TABLE_TEXT},
};

static const struct table csv_table = {"sensitivity", "an estimate", csv_columns,
                                       sizeof csv_columns / sizeof csv_columns[0]};

static void put_row(struct csv *csv, const struct sensitivity_row *row, uint32_t replications)
{
    const bool is_valid = *row->problem == '\0';
    csv_text(csv, row->factor->key);
    csv_text(csv, row->factor->standard);
    csv_text(csv, row->factor->end[FACTOR_LOW]);
    csv_text(csv, row->factor->end[FACTOR_HIGH]);
    csv_whole(csv, replications);
    for (int k = 0; k < SENSITIVITY_N_FIGURES; k++) {
        const struct effect *const e = &row->effect[k];
        csv_real(csv, is_valid ? e->mean[FACTOR_LOW] : NAN);
        csv_real(csv, is_valid ? e->mean[FACTOR_HIGH] : NAN);
        csv_real(csv, is_valid ? e->change : NAN);
        csv_real(csv, is_valid ? e->half_width : NAN);
    }
    csv_real(csv, is_valid ? row->outside_share[FACTOR_LOW] : NAN);
    csv_real(csv, is_valid ? row->outside_share[FACTOR_HIGH] : NAN);
    csv_text(csv, row->problem);
}

static enum sim_err write_table(const struct sensitivity *s, uint32_t replications,
                                const char *path, enum table_format format, struct sim_error *e)
{
    struct csv *csv;
    const enum sim_err err = csv_create_as(path, &csv_table, format, &csv, e);
    if (err != SIM_OK) {
        return err;
    }
    for (size_t i = 0; i < s->n; i++) {
        put_row(csv, &s->row[i], replications);
    }
    return csv_close(csv, e);
}

static enum sim_err print(const struct sensitivity *s, const struct scenario *scenario,
                          const struct format_options *format, struct sim_error *e)
{
    switch (format->format) {
    case FORMAT_TEXT:
        print_text(s, scenario);
        break;
    case FORMAT_MD:
        print_md(s, scenario);
        break;
    case FORMAT_CSV:
    case FORMAT_JSON:
        return write_table(s, scenario->replications, "-", format_of_table(format), e);
    }
    return SIM_OK;
}

/* ---- The work ---- */

static enum sim_err commit(struct sensitivity_options *o, const struct scenario *scenario,
                           enum sim_err written, struct sim_error *e)
{
    const char *option[2 * (MOST_ONLY + 2)];
    size_t n = 0;
    if (o->given_method != NULL) {
        option[n++] = "--method";
        option[n++] = o->given_method;
    }
    if (o->given_size != NULL) {
        option[n++] = "--size";
        option[n++] = o->given_size;
    }
    for (size_t i = 0; i < o->n_only; i++) {
        option[n++] = "--only";
        option[n++] = o->only[i];
    }
    const struct scenario_table_source source = {.subcommand = "sensitivity",
                                                 .common = &o->scenario,
                                                 .option = option,
                                                 .n_options = n,
                                                 .path = &o->scenario.path,
                                                 .n_paths = 1,
                                                 .scenario = &scenario,
                                                 .n_scenarios = 1,
                                                 .threads = o->threads};
    return scenario_table_commit(&o->table, written, &source, e);
}

static enum sim_err vary_one(struct sensitivity_options *o, const struct settings *settings,
                             const struct scenario *scenario, bool progress, struct sim_error *e)
{
    struct sensitivity s;
    const char *const place = scenario_table_place(&o->table);
    enum sim_err err = sensitivity_run(settings, scenario, o->threads, progress, &s, e);
    if (err != SIM_OK) {
        return err;
    }
    if (place != NULL) {
        err = write_table(&s, scenario->replications, place, TABLE_CSV, e);
        err = commit(o, scenario, err, e);
    }
    if (err == SIM_OK) {
        err = print(&s, scenario, &o->format, e);
    }
    sensitivity_fini(&s);
    return err;
}

static enum sim_err vary_all(struct sensitivity_options *o, const struct settings *settings,
                             const struct scenario *scenario, bool progress, struct sim_error *e)
{
    struct screening s;
    const bool is_morris = o->method == METHOD_MORRIS;
    const size_t usual = is_morris ? 10 : 128;
    const struct screening_task task = {.method = is_morris ? SCREENING_MORRIS : SCREENING_SOBOL,
                                        .size = o->size > 0 ? o->size : usual,
                                        .only = o->only,
                                        .n_only = o->n_only,
                                        .threads = o->threads,
                                        .progress = progress};
    enum sim_err err = screening_run(settings, scenario, &task, &s, e);
    if (err != SIM_OK) {
        return err;
    }
    const char *const place = scenario_table_place(&o->table);
    if (place != NULL) {
        err = commit(o, scenario, screening_write(&s, place, e), e);
    }
    if (err == SIM_OK) {
        err = screening_print(&s, &task, scenario, &o->format, e);
    }
    screening_fini(&s);
    return err;
}

static enum exit_code analyse(struct sensitivity_options *o, const struct settings *settings,
                              const struct scenario *scenario)
{
    struct sim_error e = {SIM_OK, ""};
    const bool progress = !o->is_quiet && isatty(STDERR_FILENO);
    const enum sim_err err = o->method == METHOD_ONE_AT_A_TIME
                                 ? vary_one(o, settings, scenario, progress, &e)
                                 : vary_all(o, settings, scenario, progress, &e);
    const enum exit_code code = exit_code_tell(err, &e);
    return err == SIM_EINVAL ? EXIT_USAGE : code;
}

enum exit_code cmd_sensitivity(int argc, char **argv)
{
    struct sensitivity_options o = {.threads = threads_default(),
                                    .table = {.argc = argc, .argv = argv}};
    struct settings settings = {0};
    struct scenario scenario;
    command_line_parse(&argp, argc, argv, &o);
    enum exit_code code = options_load(&o.scenario, &settings, &scenario);
    if (code == EXIT_OK) {
        stop_catch_signals();
        code = scenario_table_begin(&o.table, "analysis", &o.scenario.path, 1);
    }
    if (code == EXIT_OK) {
        code = analyse(&o, &settings, &scenario);
    }
    scenario_table_fini(&o.table);
    scenario_fini(&scenario);
    settings_fini(&settings);
    options_fini(&o.scenario);
    return code;
}
