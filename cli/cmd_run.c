/* primestorm run: simulate a scenario and write what came out. */
#include "cli/answer.h"
#include "cli/cmd.h"
#include "cli/command_line.h"
#include "cli/export.h"
#include "cli/format.h"
#include "cli/memory.h"
#include "cli/options.h"
#include "cli/ranks.h"
#include "cli/results_folder.h"
#include "cli/scenario_manifest.h"
#include "cli/stop.h"
#include "cli/sweep_run.h"
#include "cli/threads.h"
#include "output/gnuplot.h"
#include "output/manifest.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct run_options {
    struct scenario_options scenario;
    const char *folder; /* NULL: only the answer */
    unsigned threads;   /* 0: as many as there are processors */
    bool is_quiet, is_forced;
    struct format_options format;
    struct sweep_options sweep; /* for a study */
    int argc;                   /* for the manifest */
    char **argv;
};

static const struct argp_option option_table[] = {
    {"output", 'o', "FOLDER", 0, "Write tables, pictures and the manifest into a new folder", 0},
    {"force", 'f', NULL, 0, "Replace FOLDER if it was written by primestorm", 0},
    THREADS_OPTION,
    PROGRESS_OPTION,
    {"shard", 'H', "I/N", 0,
     "Of a study: run part I of N, into FOLDER/shard-I-of-N.db; 'slurm': the part of this job of "
     "an array",
     0},
    {"yes", 'y', NULL, 0, "Of a study: go on, however many points there are", 0},
    {"quiet", 'q', NULL, 0, "Say nothing but errors", 0},
    {0},
};

static const struct argp_child children[] = {{&options_argp, 0, NULL, 0},
                                             {&options_sweep_argp, 0, NULL, 0},
                                             {&format_argp, 0, NULL, 0},
                                             {0}};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct run_options *const o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->scenario;
        state->child_inputs[1] = &o->scenario;
        state->child_inputs[2] = &o->format;
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
    case 'p':
        o->sweep.progress = progress_parse(argument, state);
        return 0;
    case 'H':
        o->sweep.shard = sweep_parse_shard(argument, state);
        return 0;
    case 'y':
        o->sweep.has_yes = true;
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
    "Simulate a scenario and say what came out. With -o, a new folder gets the tables as CSV, the "
    "pictures with their gnuplot scripts, the scenario and a manifest. '-' is standard input. "
    "If keys vary (--sweep, or 'sweep:' in the scenario), it is a study: the runs that FOLDER "
    "lacks are made, and tables of all of them written; the same command goes on after an "
    "interruption. Ends with 99 if something is expected (--expect, or 'expect:' in the scenario) "
    "and missed.",
    children,
    NULL,
    NULL};

static enum exit_code report(enum sim_err err, const struct sim_error *e)
{
    const enum exit_code code = exit_code_tell(err, e);
    if (err == SIM_ENOMEM) {
        fprintf(stderr,
                "It may use %lu MiB here; fewer users, replications or threads need less.\n",
                memory_limit_mib());
    }
    return code;
}

/* A results folder takes its place only when the last file is in it. */
static enum sim_err write_folder(const struct run_options *o, const struct settings *settings,
                                 const struct study *study, const struct expected *expected,
                                 time_t started, struct folder *folder, struct sim_error *e)
{
    char gnuplot[64];
    char digest[SHA256_TEXT];
    const bool has_gnuplot = gnuplot_version(stop_requested, gnuplot, sizeof gnuplot);
    struct manifest manifest;
    struct export x = {.study = study,
                       .settings = settings,
                       .scenario = study->scenario,
                       .expected = expected,
                       .folder = folder,
                       .is_quiet = o->is_quiet,
                       .error = e};
    enum sim_err err = export_study(&x, has_gnuplot ? gnuplot : NULL);
    if (err == SIM_OK) {
        err = scenario_manifest(study->scenario, digest, &manifest, e);
    }
    if (err == SIM_OK) {
        manifest.scenario = o->scenario.path;
        manifest.threads = o->threads;
        manifest.started = started;
        manifest.ended = time(NULL);
        manifest.subcommand = "run";
        manifest.repeat_as = "run";
        manifest.argc = o->argc;
        manifest.argv = o->argv;
        manifest.gnuplot = has_gnuplot ? gnuplot : NULL;
        err = manifest_write(folder, &manifest, e);
    }
    return err == SIM_OK ? export_commit(folder, e) : err;
}

/* A table for another program is alone on standard output. */
static enum sim_err say(const struct run_options *o, const struct study *study,
                        const struct expected *expected, const struct folder *folder,
                        struct sim_error *e)
{
    const bool is_text = o->format.format == FORMAT_TEXT;
    FILE *const out = is_text ? stdout : stderr;
    enum sim_err err = SIM_OK;
    if (o->is_quiet) {
        return SIM_OK;
    }
    if (is_text) {
        answer_print_table(study, stdout);
    } else {
        err = export_print_summary(study, format_of_table(&o->format), e);
    }
    if (folder != NULL) {
        fflush(stdout);
        export_list_files(folder, stderr);
    }
    fputc('\n', out);
    answer_print_sentence(study, out);
    expected_print(expected, study->scenario->confidence, out);
    fflush(stdout);
    if (folder == NULL) {
        fputs("\nWith -o FOLDER the tables and pictures are written.\n", stderr);
    }
    return err;
}

/* The folder is begun before the work: a place that cannot be written to is told at once. */
static enum exit_code simulate(const struct run_options *o, const struct settings *settings,
                               const struct scenario *scenario, struct expected *expected)
{
    struct sim_error e = {SIM_OK, ""};
    struct folder *folder = NULL;
    struct study study = {0};
    const time_t started = time(NULL);
    const bool progress = !o->is_quiet && isatty(STDERR_FILENO);

    stop_catch_signals();
    if (o->folder != NULL) {
        stop_ignore_pipe();
        const enum sim_err err = results_folder_create(o->folder, o->is_forced, &folder, &e);
        if (err != SIM_OK) {
            report(err, &e);
            return exit_code_of_place(err);
        }
        stop_name_unfinished(folder_staging(folder));
    }
    enum sim_err err = study_run(scenario, o->threads, progress, &study, &e);
    err = err == SIM_OK ? expected_judge(expected, &study, &e) : err;
    if (err == SIM_OK && folder != NULL) {
        err = write_folder(o, settings, &study, expected, started, folder, &e);
        folder_name_error(folder, &e);
    }
    if (folder != NULL) {
        stop_restore_pipe();
    }
    if (err == SIM_OK) {
        err = say(o, &study, expected, folder, &e);
    }
    study_fini(&study);
    stop_name_unfinished(NULL);
    folder_destroy(folder);
    return err == SIM_OK ? expected_code(expected, o->scenario.is_strict) : report(err, &e);
}

static enum exit_code run_alone(const struct run_options *o, const struct settings *settings,
                                const struct scenario *scenario)
{
    struct expected expected;
    enum exit_code code = expected_read(settings, scenario, &expected);
    if (code == EXIT_OK) {
        code = simulate(o, settings, scenario, &expected);
    }
    expected_fini(&expected);
    return code;
}

static enum exit_code run_study(const struct run_options *o, const struct settings *settings,
                                const struct scenario *scenario)
{
    struct sweep_options sweep = o->sweep;
    sweep.folder = o->folder;
    sweep.scenario = o->scenario.path;
    sweep.is_forced = o->is_forced;
    sweep.is_quiet = o->is_quiet;
    sweep.format = o->format;
    sweep.is_strict = o->scenario.is_strict;
    sweep.threads = o->threads;
    sweep.argc = o->argc;
    sweep.argv = o->argv;
    return sweep_run(&sweep, settings, scenario);
}

enum exit_code cmd_run(int argc, char **argv)
{
    struct run_options o = {.argc = argc, .argv = argv, .sweep.shard.n = 1};
    struct settings settings = {0};
    struct scenario scenario = {0};
    command_line_parse(&argp, argc, argv, &o);
    if (o.threads == 0) {
        o.threads = threads_default();
    }
    enum exit_code code = ranks_begin(ranks_here());
    code = code == EXIT_OK ? options_load(&o.scenario, &settings, &scenario) : code;
    if (code == EXIT_OK && sweep_is_wanted(&settings, &scenario, &o.sweep)) {
        code = run_study(&o, &settings, &scenario);
    } else if (code == EXIT_OK && ranks_here()->transport != NULL) {
        fputs("primestorm: a single scenario is not divided among processes: give it a sweep, or "
              "one process\n",
              stderr);
        code = EXIT_USAGE;
    } else if (code == EXIT_OK) {
        code = run_alone(&o, &settings, &scenario);
    }
    scenario_fini(&scenario);
    settings_fini(&settings);
    options_fini(&o.scenario);
    ranks_end();
    return code;
}
