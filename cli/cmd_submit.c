/* primestorm submit: the script with which a scheduler runs the shards of a study. */
#include "cli/cmd.h"
#include "cli/command_line.h"
#include "cli/options.h"
#include "cli/own_path.h"
#include "cli/stop.h"
#include "cli/sweep_load.h"
#include "cli/threads.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct submit_options {
    struct scenario_options scenario;
    struct sweep_options sweep;
    bool is_slurm;
    uint32_t n_shards, at_once; /* at_once 0: as many as the cluster has room for */
    const char *time;           /* NULL: the partition's */
};

enum { OPTION_SLURM = 0x1000, OPTION_SHARDS, OPTION_AT_ONCE, OPTION_TIME };

static const struct argp_option option_table[] = {
    {"slurm", OPTION_SLURM, NULL, 0, "A job array of Slurm", 0},
    {"shards", OPTION_SHARDS, "N", 0, "Jobs of the array", 0},
    {"at-once", OPTION_AT_ONCE, "N", 0, "Jobs at once (default: as many as there is room for)", 0},
    {"time", OPTION_TIME, "LIMIT", 0,
     "Time of a job, as Slurm writes it (default: the partition's)", 0},
    {"threads", 't', "N", 0, "Processors of a job (default: 1)", 0},
    {"output", 'o', "FOLDER", 0, "Where the shards go (default: named after the scenario)", 0},
    {"yes", 'y', NULL, 0, "Go on, however many points there are", 0},
    {0},
};

static const struct argp_child children[] = {
    {&options_argp, 0, NULL, 0}, {&options_sweep_argp, 0, NULL, 0}, {0}};

static uint32_t parse_count(const char *option, const char *text, struct argp_state *state)
{
    char *end;
    const unsigned long n = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || n < 1 || n > SHARD_MOST) {
        argp_error(state, "%s needs a whole number from 1 to %d, found '%s'", option, SHARD_MOST,
                   text);
    }
    return (uint32_t)n;
}

/* It becomes a line of the script. */
static const char *parse_time(const char *text, struct argp_state *state)
{
    if (*text == '\0' || text[strspn(text, "0123456789:-")] != '\0') {
        argp_error(state, "--time is minutes, hours:minutes:seconds or days-hours, not '%s'", text);
    }
    return text;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct submit_options *const o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->scenario;
        state->child_inputs[1] = &o->scenario;
        return 0;
    case OPTION_SLURM:
        o->is_slurm = true;
        return 0;
    case OPTION_SHARDS:
        o->n_shards = parse_count("--shards", argument, state);
        return 0;
    case OPTION_AT_ONCE:
        o->at_once = parse_count("--at-once", argument, state);
        return 0;
    case OPTION_TIME:
        o->time = parse_time(argument, state);
        return 0;
    case 't':
        o->sweep.threads = threads_parse(argument, state);
        return 0;
    case 'o':
        o->sweep.folder = options_output(argument, state);
        return 0;
    case 'y':
        o->sweep.has_yes = true;
        return 0;
    case ARGP_KEY_END:
        if (!o->is_slurm || o->n_shards == 0) {
            argp_error(state, "a scheduler and a number of jobs are needed: --slurm --shards N");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {option_table,
                                 parse,
                                 "--slurm --shards N SCENARIO.yaml",
                                 "Print the script with which Slurm runs a study as an array of "
                                 "jobs, a shard each: pass it to sbatch, and when all "
                                 "are done, 'primestorm merge' joins the shards. What the script "
                                 "says about that fits this study.",
                                 children,
                                 NULL,
                                 NULL};

/* ---- The script ---- */

/* A word as the shell reads it. */
static void put_word(const char *text)
{
    putchar('\'');
    for (; *text != '\0'; text++) {
        if (*text == '\'') {
            fputs("'\\''", stdout);
        } else {
            putchar(*text);
        }
    }
    putchar('\'');
}

/* The options that make the plan: "--set users=20" is kept as one text, "--seed" with its value beside it. */
static void put_options(const struct scenario_options *o)
{
    for (size_t i = 0; i < o->n; i++) {
        const char *const shown = o->override[i].shown;
        const char *const space = strchr(shown, ' ');
        const size_t length = space != NULL ? (size_t)(space - shown) : strlen(shown);
        printf(" %.*s ", (int)length, shown);
        put_word(space != NULL ? space + 1 : o->override[i].value);
    }
}

static void put_command(const struct submit_options *o, const char *program, const char *subcommand,
                        const char *folder)
{
    put_word(program);
    printf(" %s", subcommand);
    put_options(&o->scenario);
    fputs(" -o ", stdout);
    put_word(folder);
    fputs(o->sweep.has_yes ? " --yes" : "", stdout);
    fputs(o->scenario.is_strict ? " --expect-strict " : " ", stdout);
    put_word(o->scenario.path);
}

/* Names of jobs and of their logs: letters that neither Slurm nor a shell reads as more than that. */
static void put_name(const char *folder)
{
    const char *const slash = strrchr(folder, '/');
    for (const char *p = slash != NULL && slash[1] != '\0' ? slash + 1 : folder; *p != '\0'; p++) {
        const bool is_plain = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
                              (*p >= '0' && *p <= '9') || *p == '.' || *p == '_';
        putchar(is_plain ? *p : '-');
    }
}

static void put_script(const struct submit_options *o, const char *program, const char *folder)
{
    fputs("#!/bin/sh\n# Submit it with sbatch. Jobs that failed, again: sbatch --array=3,7 "
          "THIS-FILE.\n"
          "# When all are done:\n#     ",
          stdout);
    put_command(o, program, "merge", folder);
    fputs("\n#SBATCH --job-name=", stdout);
    put_name(folder);
    printf("\n#SBATCH --array=1-%" PRIu32, o->n_shards);
    if (o->at_once > 0) {
        printf("%%%" PRIu32, o->at_once);
    }
    fputs("\n#SBATCH --output=", stdout);
    put_name(folder);
    printf("-%%a.log\n#SBATCH --ntasks=1\n#SBATCH --cpus-per-task=%u\n", o->sweep.threads);
    if (o->time != NULL) {
        printf("#SBATCH --time=%s\n", o->time);
    }
    fputs("#SBATCH --signal=B:TERM@60\n"
          "# A minute before its time is up a job keeps what it has; given again, it goes on.\n"
          "exec ",
          stdout);
    put_command(o, program, "run", folder);
    printf(" --shard \"$SLURM_ARRAY_TASK_ID/%" PRIu32 "\" --threads %u --progress none\n",
           o->n_shards, o->sweep.threads);
}

/* ---- Together ---- */

/* A scheduler has the same limit for a comment as for a command: a line. */
static bool has_line_break(const struct submit_options *o, const char *folder)
{
    bool has = strchr(folder, '\n') != NULL || strchr(o->scenario.path, '\n') != NULL;
    for (size_t i = 0; i < o->scenario.n; i++) {
        has = has || strchr(o->scenario.override[i].shown, '\n') != NULL ||
              strchr(o->scenario.override[i].value, '\n') != NULL;
    }
    return has;
}

static enum exit_code submit(const struct submit_options *o, const struct plan *plan,
                             const char *folder)
{
    char program[PATH_MAX];
    const bool is_auto = plan->base->precision.is_auto;
    const uint64_t n_parts = is_auto
                                 ? plan->sweep.n_points
                                 : (uint64_t)plan->sweep.n_points * plan_most_replications(plan);
    if (o->n_shards > n_parts) {
        fprintf(stderr, "primestorm: --shards %" PRIu32 ": the study has only %" PRIu64 " %s\n",
                o->n_shards, n_parts, is_auto ? "points, which are not divided" : "runs");
        return EXIT_USAGE;
    }
    if (has_line_break(o, folder)) {
        fputs("primestorm: a line break in a name or an option cannot stand in the script\n",
              stderr);
        return EXIT_USAGE;
    }
    if (!own_path(program, sizeof program)) {
        snprintf(program, sizeof program, "primestorm");
    }
    put_script(o, program, folder);
    return EXIT_OK;
}

enum exit_code cmd_submit(int argc, char **argv)
{
    struct submit_options o = {.sweep = {.shard.n = 1, .threads = 1}};
    struct sweep_load l;
    command_line_parse(&argp, argc, argv, &o);
    if (strcmp(o.scenario.path, "-") == 0) {
        fputs("primestorm: the jobs cannot read this standard input; name a file\n", stderr);
        options_fini(&o.scenario);
        return EXIT_USAGE;
    }
    o.sweep.scenario = o.scenario.path;
    stop_catch_signals();
    enum exit_code code = sweep_load(&o.scenario, o.sweep.has_yes, &o.sweep, &l);
    if (code == EXIT_OK) {
        code = submit(&o, &l.plan, l.folder);
    }
    sweep_load_fini(&l);
    options_fini(&o.scenario);
    return code;
}
