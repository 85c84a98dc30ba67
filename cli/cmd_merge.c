/* primestorm merge: joins the shards of a study and writes its tables. */
#include "cli/cmd.h"
#include "cli/command_line.h"
#include "cli/stop.h"
#include "cli/sweep_load.h"
#include "cli/threads.h"
#include "output/tree.h"

#include <glob.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct merge_options {
    struct scenario_options scenario;
    struct sweep_options sweep;
    char **shard; /* named on the command line */
    int n_shards;
};

/* What came of it. */
struct merged {
    bool is_whole;
    char divisions[600]; /* of which shards are there, if not of one alone; else "" */
};

static const struct argp_option option_table[] = {
    {"output", 'o', "FOLDER", 0,
     "Where the shards are and the study goes (default: named after the scenario)", 0},
    {"quiet", 'q', NULL, 0, "Say nothing but errors", 0},
    {"yes", 'y', NULL, 0, "Go on, however many points there are", 0},
    {0},
};

static const struct argp_child children[] = {{&options_argp, 0, NULL, 0},
                                             {&options_sweep_argp, 0, NULL, 0},
                                             {&format_argp, 0, NULL, 0},
                                             {0}};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct merge_options *const o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->scenario;
        state->child_inputs[1] = &o->scenario;
        state->child_inputs[2] = &o->sweep.format;
        return 0;
    case ARGP_KEY_ARG:
        if (o->scenario.path == NULL) {
            return ARGP_ERR_UNKNOWN; /* the scenario: taken by the child */
        }
        o->shard = state->argv + state->next - 1;
        o->n_shards = state->argc - state->next + 1;
        state->next = state->argc;
        return 0;
    case 'o':
        o->sweep.folder = options_output(argument, state);
        return 0;
    case 'q':
        o->sweep.is_quiet = true;
        return 0;
    case 'y':
        o->sweep.has_yes = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    option_table,
    parse,
    "SCENARIO.yaml [SHARD.db...]",
    "Join the shards of a study, all FOLDER/shard-*-of-*.db or those named, into FOLDER/study.db, "
    "and write "
    "its tables if nothing is missing. What is there already is not taken twice.",
    children,
    NULL,
    NULL};

/* Of how many shards a file is one, by its name; 0 where that does not say so. */
static uint32_t division_of(const char *path)
{
    static const char begin[] = "shard-";
    static const char middle[] = "-of-";
    const char *const slash = strrchr(path, '/');
    const char *const name = slash != NULL ? slash + 1 : path;
    const char *const of = strstr(name, middle);
    struct shard shard;
    char text[64];
    if (of == NULL || strncmp(name, begin, sizeof begin - 1) != 0) {
        return 0;
    }
    const char *const index = name + sizeof begin - 1;
    const char *const n = of + sizeof middle - 1;
    snprintf(text, sizeof text, "%.*s/%.*s", (int)(of - index), index, (int)strcspn(n, "."), n);
    return shard_parse(text, &shard) ? shard.n : 0;
}

/* "a/shard-1-of-2.db is of 2, a/shard-1-of-3.db of 3", if a study was divided in two ways; else "". */
static void name_divisions(char *const file[], size_t n, char *text, size_t size)
{
    const char *first = NULL;
    *text = '\0';
    for (size_t i = 0; i < n && *text == '\0'; i++) {
        if (first == NULL && division_of(file[i]) > 0) {
            first = file[i];
        } else if (first != NULL && division_of(file[i]) > 0 &&
                   division_of(file[i]) != division_of(first)) {
            snprintf(text, size, "%s is of %" PRIu32 ", %s of %" PRIu32, first, division_of(first),
                     file[i], division_of(file[i]));
        }
    }
}

static enum sim_err merge_files(struct store *store, char *const file[], size_t n,
                                struct merged *merged, struct sim_error *e)
{
    enum sim_err err = SIM_OK;
    for (size_t i = 0; i < n && err == SIM_OK; i++) {
        err = store_merge(store, file[i], e);
    }
    name_divisions(file, n, merged->divisions, sizeof merged->divisions);
    return err;
}

static enum sim_err merge_all(const struct merge_options *o, const char *folder,
                              struct store *store, struct merged *merged, struct sim_error *e)
{
    glob_t found = {0};
    if (o->n_shards > 0) {
        return merge_files(store, o->shard, (size_t)o->n_shards, merged, e);
    }
    char *const pattern = tree_join(folder, "shard-*-of-*.db");
    if (pattern == NULL) {
        return sim_fail_memory(e, folder);
    }
    const bool has_some = glob(pattern, 0, NULL, &found) == 0;
    const enum sim_err err =
        has_some ? merge_files(store, found.gl_pathv, found.gl_pathc, merged, e)
                 : sim_fail(e, SIM_ENOENT, "%s: there are no such files; name the shards", pattern);
    globfree(&found);
    free(pattern);
    return err;
}

/* What is missing: whole shards, or runs of those that are there. */
static enum sim_err tell_missing(const struct plan *plan, struct store *store,
                                 struct merged *merged, struct sim_error *e)
{
    char text[400];
    struct queue *q = NULL;
    enum sim_err err = queue_create(plan, store, (struct shard){0, 1}, &q, e);
    if (err != SIM_OK) {
        return err;
    }
    const struct queue_state state = queue_state(q);
    queue_destroy(q);
    merged->is_whole = state.n_there == state.n_runs;
    err = store_missing_shards(store, text, sizeof text, e);
    if (err == SIM_OK && !merged->is_whole) {
        fprintf(stderr, "primestorm: %" PRIu64 " of %" PRIu64 " runs are missing",
                state.n_runs - state.n_there, state.n_runs);
        if (*merged->divisions != '\0') {
            fprintf(stderr, "; %s: all shards of one division make a study", merged->divisions);
        } else if (*text != '\0') {
            fprintf(stderr, "; shards that are not here: %s", text);
        } else {
            fputs("; the shards are here, but not finished", stderr);
        }
        fputs(". The runs that are here are kept, tables are not written\n", stderr);
    }
    return err;
}

static enum exit_code merge(const struct merge_options *o, const struct plan *plan,
                            const char *folder)
{
    struct store *store = NULL;
    struct sim_error e = {SIM_OK, ""};
    struct merged merged = {.is_whole = false};
    const time_t started = time(NULL);
    enum exit_code code = sweep_open(&o->sweep, plan, folder, "study.db", &store);
    if (code != EXIT_OK) {
        store_close(store);
        return code;
    }
    enum sim_err err = merge_all(o, folder, store, &merged, &e);
    err = err == SIM_OK ? sweep_name_program(store, &e) : err;
    err = err == SIM_OK ? tell_missing(plan, store, &merged, &e) : err;
    code = exit_code_tell(err, &e);
    if (err == SIM_OK) {
        code = merged.is_whole ? sweep_write(&o->sweep, plan, store, folder, started)
                               : EXIT_RUNS_FAILED;
    }
    store_close(store);
    return code;
}

enum exit_code cmd_merge(int argc, char **argv)
{
    struct merge_options o = {
        .sweep = {.argc = argc, .argv = argv, .shard.n = 1, .threads = threads_default()}};
    struct sweep_load l;
    command_line_parse(&argp, argc, argv, &o);
    o.sweep.scenario = o.scenario.path;
    o.sweep.is_strict = o.scenario.is_strict;
    stop_catch_signals();
    enum exit_code code = sweep_load(&o.scenario, o.sweep.has_yes, &o.sweep, &l);
    if (code == EXIT_OK) {
        code = merge(&o, &l.plan, l.folder);
    }
    sweep_load_fini(&l);
    options_fini(&o.scenario);
    return code;
}
