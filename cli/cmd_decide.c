/* primestorm decide: wait for a failed server, or fail over? */
#include "cli/cmd.h"
#include "cli/command_line.h"
#include "cli/decision_report.h"
#include "cli/format.h"
#include "cli/options.h"
#include "cli/results_folder.h"
#include "cli/scenario_manifest.h"
#include "cli/stop.h"
#include "cli/threads.h"
#include "models/metrics.h"
#include "output/gnuplot.h"
#include "output/manifest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_OUTAGES = 100, KEY_OUTAGE = 256, KEY_LIMIT };

struct decide_options {
    struct scenario_options common;
    double outage_s[MOST_OUTAGES];
    size_t n_outages;
    struct decision_figure limit[DECISION_MOST_LIMITS];
    char metric[DECISION_MOST_LIMITS][72];
    size_t n_limits;
    const char *folder;
    unsigned threads;
    bool is_quiet, is_forced;
    struct format_options format;
    int argc; /* for the manifest */
    char **argv;
    const char *repeat[2 + 2 * DECISION_MOST_LIMITS]; /* --outage and --limit, as given */
    size_t n_repeat;
};

static const struct argp_option option_table[] = {
    {"outage", KEY_OUTAGE, "LOW..HIGH", 0,
     "How long the server may be away: a range, gone through by doubling, or a list as "
     "5min,10min,1h (default: 1min..4h)",
     0},
    {"limit", KEY_LIMIT, "FIGURE=VALUE", 0,
     "What is above it, at the upper end of its interval, is not allowed; FIGURE is a column of "
     "runs.csv, as desktop_worst_slowdown=3 or basic_max_s=20min; repeatable",
     0},
    {"output", 'o', "FOLDER", 0, "Write the table, the picture and a manifest into a new folder",
     1},
    {"force", 'f', NULL, 0, "Replace FOLDER if it was written by primestorm", 1},
    THREADS_OPTION,
    {"quiet", 'q', NULL, 0, "Say nothing but the decision and errors", 1},
    {0},
};

static const struct argp_child children[] = {
    {&options_argp, 0, NULL, 0}, {&format_argp, 0, NULL, 0}, {0}};

/* ---- Options ---- */

static double read_time(const char *text, struct argp_state *state)
{
    struct sim_error e;
    double value_s = NAN;
    if (sim_read_quantity(text, SIM_TIME, &value_s, &e) != SIM_OK) {
        argp_error(state, "--outage: %s", e.text);
    } else if (!(value_s > 0)) {
        argp_error(state, "--outage: '%s' is not above 0", text);
    }
    return value_s;
}

static void add_outage(struct decide_options *o, double outage_s, struct argp_state *state)
{
    if (o->n_outages == MOST_OUTAGES) {
        argp_error(state, "--outage: at most %d times", MOST_OUTAGES);
    } else if (o->n_outages > 0 && !(outage_s > o->outage_s[o->n_outages - 1])) {
        argp_error(state, "--outage: the times must grow");
    } else {
        o->outage_s[o->n_outages++] = outage_s;
    }
}

static void read_range(struct decide_options *o, char *text, char *dots, struct argp_state *state)
{
    *dots = '\0';
    const double low_s = read_time(text, state);
    const double high_s = read_time(dots + 2, state);
    if (!(low_s < high_s)) {
        argp_error(state, "--outage: '%s' is not below '%s'", text, dots + 2);
    }
    double x_s = low_s;
    while (x_s < high_s * (1 - 1e-9)) {
        add_outage(o, x_s, state);
        x_s *= 2;
    }
    add_outage(o, high_s, state);
}

static void read_outages(struct decide_options *o, const char *argument, struct argp_state *state)
{
    char text[1000];
    o->n_outages = 0;
    if ((size_t)snprintf(text, sizeof text, "%s", argument) >= sizeof text) {
        argp_error(state, "--outage: more than %zu letters", sizeof text - 1);
    }
    char *const dots = strstr(text, "..");
    if (dots != NULL) {
        read_range(o, text, dots, state);
        return;
    }
    char *rest = NULL;
    for (char *word = strtok_r(text, ",", &rest); word != NULL; word = strtok_r(NULL, ",", &rest)) {
        add_outage(o, read_time(word, state), state);
    }
    if (o->n_outages == 0) {
        argp_error(state, "--outage needs LOW..HIGH or a list of times");
    }
}

static void read_limit(struct decide_options *o, const char *text, struct argp_state *state)
{
    struct sim_error e;
    const char *const equals = strchr(text, '=');
    const size_t room = sizeof o->metric[0];
    const size_t length = equals != NULL ? (size_t)(equals - text) : 0;
    if (o->n_limits == DECISION_MOST_LIMITS || length == 0 || length >= room) {
        argp_error(state, "--limit needs FIGURE=VALUE, %d at most, found '%s'",
                   DECISION_MOST_LIMITS, text);
        return;
    }
    char *const metric = o->metric[o->n_limits];
    memcpy(metric, text, length);
    metric[length] = '\0';
    const bool is_time = metrics_is_time(metric);
    struct decision_figure *const limit = &o->limit[o->n_limits++];
    *limit = (struct decision_figure){.metric = metric, .limit_text = equals + 1};
    if (sim_read_quantity(equals + 1, is_time ? SIM_TIME : SIM_NUMBER, &limit->limit, &e) !=
        SIM_OK) {
        argp_error(state, "--limit %s: %s", metric, e.text);
    } else if (limit->limit < 0) {
        argp_error(state, "--limit %s: '%s' is below 0, as no figure is", metric,
                   limit->limit_text);
    }
    for (size_t i = 0; i + 1 < o->n_limits; i++) {
        if (strcmp(o->limit[i].metric, metric) == 0) {
            argp_error(state, "--limit %s is given twice: %s and %s", metric,
                       o->limit[i].limit_text, limit->limit_text);
        }
    }
}

/* Keeps an option that a repetition needs; those said more often than that are refused elsewhere, or replaced. */
static void keep_for_repetition(struct decide_options *o, const char *option, const char *argument)
{
    size_t i = 0;
    while (i < o->n_repeat &&
           !(strcmp(option, "--outage") == 0 && strcmp(o->repeat[i], "--outage") == 0)) {
        i += 2;
    }
    if (i + 1 < sizeof o->repeat / sizeof o->repeat[0]) {
        o->repeat[i] = option;
        o->repeat[i + 1] = argument;
        o->n_repeat = i == o->n_repeat ? i + 2 : o->n_repeat;
    }
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct decide_options *const o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->common;
        state->child_inputs[1] = &o->format;
        return 0;
    case KEY_OUTAGE:
        read_outages(o, argument, state);
        keep_for_repetition(o, "--outage", argument);
        return 0;
    case KEY_LIMIT:
        read_limit(o, argument, state);
        keep_for_repetition(o, "--limit", argument);
        return 0;
    case 'o':
        o->folder = options_output(argument, state);
        return 0;
    case 'f':
        o->is_forced = true;
        return 0;
    case 't':
        o->threads = threads_parse(argument, state);
        return 0;
    case 'q':
        o->is_quiet = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    option_table,
    parse,
    "SCENARIO.yaml",
    "Say whether to wait until a failed server is back, with its state, or to fail over: what "
    "either costs by the length of the outage, and where they meet. All courses use the same "
    "random "
    "numbers.",
    children,
    NULL,
    NULL};

/* ---- The decision ---- */

/* The shown figures, with their limits, and those that only a limit asks for. */
static void fill_figures(const struct decide_options *o, struct decision_task *t)
{
    for (size_t k = 0; k < DECISION_N_SHOWN; k++) {
        t->figure[k] = (struct decision_figure){decision_shown[k], INFINITY, NULL};
    }
    t->n_figures = DECISION_N_SHOWN;
    if (security_n_orders(&t->scenario->security) > 0) {
        t->figure[t->n_figures++] = (struct decision_figure){decision_exposure, INFINITY, NULL};
    }
    for (size_t i = 0; i < o->n_limits; i++) {
        size_t k = 0;
        while (k < t->n_figures && strcmp(t->figure[k].metric, o->limit[i].metric) != 0) {
            k++;
        }
        t->figure[k] = o->limit[i];
        t->n_figures += k == t->n_figures;
    }
}

static enum sim_err check_outages(const struct decide_options *o, const struct scenario *s,
                                  struct sim_error *e)
{
    const double longest_s = o->outage_s[o->n_outages - 1];
    if (longest_s >= s->horizon_s) {
        return sim_fail(e, SIM_EINVAL, "--outage: %g h is not below the horizon, %g h",
                        longest_s / 3600, s->horizon_s / 3600);
    }
    return SIM_OK;
}

static enum sim_err fill_folder(const struct decide_options *o, const struct decision *d,
                                time_t started, struct folder *folder, struct sim_error *e)
{
    char gnuplot[64];
    char digest[SHA256_TEXT];
    const bool has_gnuplot = gnuplot_version(stop_requested, gnuplot, sizeof gnuplot);
    const struct scenario *const s = d->task->scenario;
    struct export x = {.settings = d->task->settings, .scenario = s, .folder = folder, .error = e};
    export_scenarios(&x);
    export_open_catalogue(&x);
    decision_export(d, &x);
    if (x.catalogue != NULL) {
        export_close(&x, x.catalogue);
    }
    if (has_gnuplot && !export_is_over(&x)) {
        export_draw(&x, "decision");
    }
    struct manifest manifest;
    if (x.err != SIM_OK || scenario_manifest(s, digest, &manifest, e) != SIM_OK) {
        return x.err != SIM_OK ? x.err : SIM_ENOMEM;
    }
    manifest.scenario = o->common.path;
    manifest.points = (uint32_t)d->n;
    manifest.threads = o->threads;
    manifest.started = started;
    manifest.ended = time(NULL);
    manifest.subcommand = "decide";
    manifest.repeat_as = "decide";
    manifest.repeat_option = o->repeat;
    manifest.n_repeat_options = o->n_repeat;
    manifest.argc = o->argc;
    manifest.argv = o->argv;
    manifest.gnuplot = has_gnuplot ? gnuplot : NULL;
    return manifest_write(folder, &manifest, e);
}

static enum sim_err say(const struct decide_options *o, const struct decision *d,
                        const struct folder *folder, struct sim_error *e)
{
    if (o->format.format != FORMAT_TEXT) {
        return decision_print_as(d, format_of_table(&o->format), e);
    }
    decision_print_table(d, stdout);
    putchar('\n');
    decision_print_advice(d, stdout);
    fflush(stdout);
    if (folder != NULL && !o->is_quiet) {
        export_list_files(folder, stderr);
    }
    return SIM_OK;
}

static enum sim_err work(const struct decide_options *o, const struct decision_task *task,
                         struct folder *folder, struct sim_error *e)
{
    struct decision d;
    const time_t started = time(NULL);
    enum sim_err err = decision_make(task, &d, e);
    if (err == SIM_OK && folder != NULL) {
        err = fill_folder(o, &d, started, folder, e);
        if (err == SIM_OK) {
            err = export_commit(folder, e);
        }
        folder_name_error(folder, e);
    }
    if (err == SIM_OK) {
        err = say(o, &d, folder, e);
    }
    decision_fini(&d);
    return err;
}

static enum exit_code decide(const struct decide_options *o, const struct decision_task *task)
{
    struct sim_error e = {SIM_OK, ""};
    struct folder *folder = NULL;
    enum sim_err err = decision_check(task, &e);
    if (err == SIM_OK) {
        err = check_outages(o, task->scenario, &e);
    }
    if (err != SIM_OK) {
        return exit_code_tell(err, &e);
    }
    stop_catch_signals();
    if (o->folder != NULL) {
        stop_ignore_pipe();
        err = results_folder_create(o->folder, o->is_forced, &folder, &e);
        if (err != SIM_OK) {
            exit_code_tell(err, &e);
            return exit_code_of_place(err);
        }
        stop_name_unfinished(folder_staging(folder));
    }
    err = work(o, task, folder, &e);
    if (folder != NULL) {
        stop_restore_pipe();
    }
    stop_name_unfinished(NULL);
    folder_destroy(folder);
    return exit_code_tell(err, &e);
}

enum exit_code cmd_decide(int argc, char **argv)
{
    struct decide_options o = {.argc = argc, .argv = argv, .threads = threads_default()};
    struct settings settings = {0};
    struct scenario scenario;
    char usual[] = "1min..4h";
    command_line_parse(&argp, argc, argv, &o);
    if (o.n_outages == 0) {
        read_range(&o, usual, strstr(usual, ".."), NULL);
    }
    enum exit_code code = options_load(&o.common, &settings, &scenario);
    if (code == EXIT_OK) {
        struct decision_task task = {.settings = &settings,
                                     .scenario = &scenario,
                                     .outage_s = o.outage_s,
                                     .n_outages = o.n_outages,
                                     .has_curve = o.folder != NULL,
                                     .threads = o.threads,
                                     .progress = !o.is_quiet && isatty(STDERR_FILENO)};
        fill_figures(&o, &task);
        code = decide(&o, &task);
    }
    scenario_fini(&scenario);
    settings_fini(&settings);
    options_fini(&o.common);
    return code;
}
