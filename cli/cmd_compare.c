/* primestorm compare: scenarios against each other, on the same random numbers. */
#include "cli/best.h"
#include "cli/cmd.h"
#include "cli/command_line.h"
#include "cli/comparison.h"
#include "cli/comparison_print.h"
#include "cli/format.h"
#include "cli/scenario_table.h"
#include "cli/stop.h"
#include "cli/threads.h"
#include "models/metrics.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_PATHS = 100, KEY_VARY = 256, KEY_BEST, KEY_INDIFFERENCE, KEY_MOST };

struct compare_options {
    struct scenario_options common;
    const char *path[MOST_PATHS];
    const char *vary[MOST_PATHS];
    size_t n_paths, n_vary;
    unsigned threads;
    struct format_options format;
    bool is_quiet;
    size_t best_by;           /* index of a compared figure; COMPARED_N_FIGURES: not asked for */
    const char *indifference; /* as written; NULL: a share of the mean */
    double indifference_in;   /* the unit of the figure */
    unsigned long most;
    struct scenario_table table;
};

static const struct argp_option option_table[] = {
    {"vary", KEY_VARY, "KEY=V1,V2,...", 0,
     "Compare the values of a key; repeated, every combination. Commas inside brackets belong to a "
     "value",
     0},
    {"best", KEY_BEST, "FIGURE", OPTION_ARG_OPTIONAL,
     "Say which is the best, by procedure KN: run replications until the answer is right with the "
     "confidence of the scenario (default figure: user_minutes_lost)",
     2},
    {"indifference", KEY_INDIFFERENCE, "Q", 0,
     "With --best: a difference that does not matter, as 1min for times, 60 for user-minutes "
     "(default: 1 % of the first scenario's mean)",
     2},
    {"most", KEY_MOST, "N", 0, "With --best: replications of each at most (default: 1000)", 2},
    {"quiet", 'q', NULL, 0, "Say nothing of the progress", 0},
    THREADS_OPTION,
    {0},
};

static const struct argp_child children[] = {{&options_argp, 0, NULL, 0},
                                             {&format_argp, 0, NULL, 0},
                                             {&scenario_table_argp, 0, NULL, 0},
                                             {0}};

static error_t add_text(const char *list[], size_t *n, const char *text, struct argp_state *state)
{
    if (*n == MOST_PATHS) {
        argp_error(state, "at most %d of them", MOST_PATHS);
        return EINVAL;
    }
    list[(*n)++] = text;
    return 0;
}

static error_t parse_best(struct compare_options *o, const char *text, struct argp_state *state)
{
    const char *const wanted = text != NULL ? text : "user_minutes_lost";
    for (o->best_by = 0; o->best_by < COMPARED_N_FIGURES; o->best_by++) {
        if (strcmp(compared_figures[o->best_by].metric, wanted) == 0) {
            return 0;
        }
    }
    argp_error(state,
               "--best needs basic_p50_s, basic_max_s, full_max_s, blackout_mean_s, "
               "user_minutes_lost, desktop_slowdown or wasted_cpu_share, found '%s'",
               wanted);
    return EINVAL;
}

static error_t parse_most(struct compare_options *o, const char *text, struct argp_state *state)
{
    enum { LEAST = 20, MOST = 1000000 };
    char *end;
    o->most = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || o->most < LEAST || o->most > MOST) {
        argp_error(state, "--most needs a whole number from %d to %d, found '%s'", LEAST, MOST,
                   text);
    }
    return 0;
}

/* When all options are known: in the unit of the figure that is compared. */
static void read_indifference(struct compare_options *o, struct argp_state *state)
{
    struct sim_error e;
    if (o->best_by == COMPARED_N_FIGURES) {
        argp_error(state, "--indifference is of --best");
        return;
    }
    const bool is_time = metrics_is_time(compared_figures[o->best_by].metric);
    if (sim_read_quantity(o->indifference, is_time ? SIM_TIME : SIM_NUMBER, &o->indifference_in,
                          &e) != SIM_OK) {
        argp_error(state, "--indifference: %s", e.text);
    } else if (!(o->indifference_in > 0)) {
        argp_error(state, "--indifference: '%s' is not above 0", o->indifference);
    }
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct compare_options *const o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->common;
        state->child_inputs[1] = &o->format;
        state->child_inputs[2] = &o->table;
        return 0;
    case ARGP_KEY_ARG:
        o->common.path = argument; /* tells the child that there is one */
        return add_text(o->path, &o->n_paths, argument, state);
    case KEY_VARY:
        return add_text(o->vary, &o->n_vary, argument, state);
    case KEY_BEST:
        return parse_best(o, argument, state);
    case KEY_INDIFFERENCE:
        o->indifference = argument;
        return 0;
    case KEY_MOST:
        return parse_most(o, argument, state);
    case ARGP_KEY_END:
        if (o->indifference != NULL) {
            read_indifference(o, state);
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
    "A.yaml [B.yaml...]",
    "Compare scenarios with the first of them. All use the same random numbers, so that what "
    "differs "
    "is the difference and not the luck; differences are paired, with intervals.",
    children,
    NULL,
    NULL};

/* ---- The best ---- */

static enum sim_err say_best(const struct compare_options *o, const struct alternatives *a,
                             const struct comparison *c, FILE *out, struct sim_error *e)
{
    const double mean = comparison_mean(c, 0, o->best_by).mean;
    struct best_task task = {.metric = compared_figures[o->best_by].metric,
                             .indifference =
                                 o->indifference != NULL ? o->indifference_in : mean / 100,
                             .most = (uint32_t)o->most,
                             .threads = o->threads,
                             .progress = !o->is_quiet && isatty(STDERR_FILENO)};
    struct best_result result;
    if (!(task.indifference > 0)) {
        return sim_fail(e, SIM_EINVAL,
                        "--best: the mean of %s is 0 or 'never'; give --indifference", task.metric);
    }
    const enum sim_err err = best_find(a, &task, &result, e);
    if (err == SIM_OK) {
        comparison_print_best(c, o->best_by, &task, &result, out);
    }
    return err;
}

/* ---- Together ---- */

static enum sim_err write_file(struct compare_options *o, const struct comparison *c,
                               struct sim_error *e)
{
    const char *const place = scenario_table_place(&o->table);
    const struct scenario *scenario[ALTERNATIVES_MOST];
    const char *option[2 * MOST_PATHS];
    if (place == NULL) {
        return SIM_OK;
    }
    for (size_t i = 0; i < o->n_vary; i++) {
        option[2 * i] = "--vary";
        option[2 * i + 1] = o->vary[i];
    }
    for (size_t i = 0; i < c->alternatives->n; i++) {
        scenario[i] = &c->alternatives->item[i].scenario;
    }
    const struct scenario_table_source source = {.subcommand = "compare",
                                                 .common = &o->common,
                                                 .option = option,
                                                 .n_options = 2 * o->n_vary,
                                                 .path = o->path,
                                                 .n_paths = o->n_paths,
                                                 .scenario = scenario,
                                                 .n_scenarios = c->alternatives->n,
                                                 .threads = o->threads};
    return scenario_table_commit(&o->table, comparison_write(c, place, e), &source, e);
}

static enum exit_code compare(struct compare_options *o, const struct alternatives *a)
{
    struct comparison c;
    struct sim_error e = {SIM_OK, ""};
    const bool progress = !o->is_quiet && isatty(STDERR_FILENO);
    /* a table for programs stays a table */
    FILE *const out =
        o->format.format == FORMAT_CSV || o->format.format == FORMAT_JSON ? stderr : stdout;
    enum sim_err err = comparison_run(a, o->threads, progress, &c, &e);
    err = err == SIM_OK ? write_file(o, &c, &e) : err;
    if (err == SIM_OK) {
        err = comparison_print(&c, &o->format, &e);
    }
    if (err == SIM_OK) {
        comparison_print_assumed(&c, out);
    }
    if (err == SIM_OK && o->best_by < COMPARED_N_FIGURES) {
        err = say_best(o, a, &c, out, &e);
    }
    comparison_fini(&c);
    return exit_code_tell(err, &e);
}

enum exit_code cmd_compare(int argc, char **argv)
{
    struct compare_options o = {.threads = threads_default(),
                                .best_by = COMPARED_N_FIGURES,
                                .most = 1000,
                                .table = {.argc = argc, .argv = argv}};
    struct alternatives a;
    command_line_parse(&argp, argc, argv, &o);
    enum exit_code code = alternatives_load(&a, o.path, o.n_paths, o.vary, o.n_vary, &o.common);
    if (code == EXIT_OK) {
        stop_catch_signals();
        code = scenario_table_begin(&o.table, "comparison", o.path, o.n_paths);
    }
    if (code == EXIT_OK) {
        code = compare(&o, &a);
    }
    scenario_table_fini(&o.table);
    alternatives_fini(&a);
    options_fini(&o.common);
    return code;
}
