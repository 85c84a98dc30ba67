/* primestorm plan: what a study consists of and what it will take, before it is begun. */
#include "cli/cmd.h"
#include "cli/command_line.h"
#include "cli/format.h"
#include "cli/plan_print.h"
#include "cli/stop.h"
#include "cli/sweep_load.h"
#include "cli/threads.h"
#include "study/distribution.h"
#include "study/outcome.h"

#include <math.h>
#include <string.h>

struct plan_options {
    struct scenario_options scenario;
    unsigned threads;
    enum plan_format format;
    enum table_format csv;
    bool has_yes, without_pilot;
};

static const struct argp_option option_table[] = {
    {"format", 'F', "text|csv|json|md", 0, "How to print the plan (default: text)", 0},
    CSV_FOR_OPTION,
    {"no-pilot", 'n', NULL, 0, "Do not run the costliest point once to see how long it takes", 0},
    {"yes", 'y', NULL, 0, "Go on, however many points there are", 0},
    THREADS_OPTION,
    {0},
};

static const struct argp_child children[] = {
    {&options_argp, 0, NULL, 0}, {&options_sweep_argp, 0, NULL, 0}, {0}};

static enum plan_format parse_format(const char *text, struct argp_state *state)
{
    static const char *const formats[] = {"text", "csv", "json", "md"};
    return (enum plan_format)options_choice("--format", formats, 4, text, state);
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct plan_options *const o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->scenario;
        state->child_inputs[1] = &o->scenario;
        return 0;
    case 'F':
        o->format = parse_format(argument, state);
        return 0;
    case 'E':
        o->csv = format_csv_for(argument, state);
        o->format = PLAN_CSV;
        return 0;
    case 'n':
        o->without_pilot = true;
        return 0;
    case 'y':
        o->has_yes = true;
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
    "Say what a study consists of: its points, its runs, and what they will take in time and on "
    "the "
    "disk, by one run of the point that is expected to take longest. '-' is standard input.",
    children,
    NULL,
    NULL};

/* What a run keeps: a value takes some 26 bytes of the store and 12 of runs.csv; measured, docs/studies.md. */
static double disk_byte(const struct outcome *o)
{
    const double per_value = 38;
    const double per_series_value =
        sizeof(double) + 40; /* in the store, and a line of series.csv */
    double byte = 100 + per_value * (double)o->n_metrics;
    for (size_t i = 0; i < o->n_series; i++) {
        const bool has_lines = !distribution_is(o->series[i].name); /* else a few a point */
        byte += (has_lines ? per_series_value : sizeof(double)) * (double)o->series[i].n;
    }
    return byte;
}

static enum sim_err run_pilot(const struct plan *plan, struct plan_pilot *pilot,
                              struct sim_error *e)
{
    struct settings settings = {0};
    struct scenario scenario;
    struct problems problems = {0};
    struct outcome outcome = {0};
    pilot->point = plan_costliest(plan);
    enum sim_err err = plan_scenario(plan, pilot->point, &settings, &scenario, &problems);
    if (err == SIM_OK) {
        err = outcome_run(&scenario, 0, plan->sweep.series, plan->sweep.n_series, stop_requested,
                          &outcome, e);
        pilot->run_s = outcome.wall_s;
        pilot->run_byte = disk_byte(&outcome);
    } else {
        sim_fail_memory(e, "the scenario of a point");
    }
    scenario_fini(&scenario);
    settings_fini(&settings);
    outcome_fini(&outcome);
    problems_fini(&problems);
    return err;
}

static enum exit_code explain(const struct plan_options *o, const struct plan *plan)
{
    struct sim_error e;
    struct plan_pilot pilot = {.run_s = NAN, .run_byte = NAN, .threads = o->threads};
    enum sim_err err = o->without_pilot ? SIM_OK : run_pilot(plan, &pilot, &e);
    err = err == SIM_OK ? plan_print(plan, &pilot, o->format, o->csv, &e) : err;
    return exit_code_tell(err, &e);
}

enum exit_code cmd_plan(int argc, char **argv)
{
    struct plan_options o = {.threads = threads_default()};
    struct sweep_load l;
    command_line_parse(&argp, argc, argv, &o);
    stop_catch_signals();
    enum exit_code code = sweep_load(&o.scenario, o.has_yes, NULL, &l);
    if (code == EXIT_OK) {
        code = explain(&o, &l.plan);
    }
    sweep_load_fini(&l);
    options_fini(&o.scenario);
    return code;
}
