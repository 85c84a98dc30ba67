#include "cli/sweep_run.h"

#include "cli/memory.h"
#include "cli/ranks.h"
#include "cli/results_folder.h"
#include "cli/stop.h"
#include "cli/version.h"
#include "models/figures.h"
#include "output/tree.h"
#include "sim/base/text.h"
#include "study/crew.h"
#include "study/precision.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool sweep_is_wanted(const struct settings *settings, const struct scenario *scenario,
                     const struct sweep_options *o)
{
    return sweep_is_given(settings) || scenario->precision.is_auto || o->shard.n > 1;
}

/* ---- The plan ---- */

/* Are the figures that automatic replications watch there? Mail servers may be as many as a point has. */
static enum sim_err check_watched(const struct settings *settings, const struct scenario *scenario,
                                  struct problems *problems)
{
    char name[PRECISION_FIGURES][PRECISION_NAME];
    struct known_figures known = {0};
    struct sim_error e;
    uint32_t n = 0;
    const struct setting *const given = settings_find(settings, "precision.figures");
    if (!scenario->precision.is_auto || given == NULL) {
        return SIM_OK;
    }
    enum sim_err err = precision_figures(scenario, name, &n, &e);
    if (err == SIM_EINVAL) {
        problems_add(problems, given->origin, "%s", e.text);
        return err;
    }
    err = err == SIM_OK ? figures_add(&known, scenario, &e) : err;
    for (uint32_t i = 0; i < n && err == SIM_OK; i++) {
        if (figures_find(&known, name[i]) == NULL && strncmp(name[i], "mail.", 5) != 0) {
            const char *const near = figures_suggest(&known, name[i]);
            problems_add(problems, given->origin,
                         "precision.figures: runs.csv has no column '%s'%s%s%s", name[i],
                         near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
                         near != NULL ? "'?" : "");
        }
    }
    figures_fini(&known);
    return err == SIM_OK && problems->n > 0 ? SIM_EINVAL : err;
}

enum exit_code sweep_make_plan(const struct settings *settings, const struct scenario *scenario,
                               bool has_yes, struct plan *plan)
{
    enum { ASK_FROM = 100000 };
    struct problems problems = {0};
    enum sim_err err = check_watched(settings, scenario, &problems);
    if (err == SIM_OK) {
        err = plan_create(settings, scenario, has_yes ? SWEEP_MOST : ASK_FROM, stop_requested, plan,
                          &problems);
    }
    problems_print(&problems, stderr);
    problems_fini(&problems);
    if (err == SIM_ENOMEM) {
        fputs("primestorm: out of memory: the points of the study\n", stderr);
    } else if (err == SIM_ESTOPPED) {
        fputs("primestorm: stopped on request, before the first run\n", stderr);
    }
    return exit_code_of(err);
}

struct shard sweep_parse_shard(const char *text, struct argp_state *state)
{
    struct shard shard = {0, 1};
    if (strcmp(text, "slurm") == 0) {
        if (!shard_of_array(&shard)) {
            argp_error(state, "--shard slurm needs a job of an array 1-N of Slurm; elsewhere, or "
                              "of a part of the "
                              "array again, it is I/N");
        }
        return shard;
    }
    if (!shard_parse(text, &shard)) {
        argp_error(state, "--shard needs I/N with I from 1 to N, as in 3/16, found '%s'", text);
    }
    return shard;
}

/* ---- The folder ---- */

char *sweep_folder(const struct sweep_options *o)
{
    if (o->folder != NULL) {
        return strdup(o->folder);
    }
    const char *const slash = strrchr(o->scenario, '/');
    char *const name = strdup(slash != NULL ? slash + 1 : o->scenario);
    char *const dot = name != NULL ? strrchr(name, '.') : NULL;
    if (dot != NULL && dot != name) {
        *dot = '\0';
    } else if (name != NULL) {
        free(name);
        return strdup("study");
    }
    return name;
}

static enum exit_code make_folder(const char *folder)
{
    size_t made;
    char *const path = strdup(folder);
    const bool ok = path != NULL && tree_make_parents(path, &made) &&
                    (mkdir(path, 0777) == 0 || errno == EEXIST);
    const int reason = errno;
    free(path);
    if (!ok) {
        fprintf(stderr, "primestorm: %s cannot be created: %s\n", folder, strerror(reason));
        return EXIT_CANNOT_CREATE;
    }
    struct stat info;
    if (stat(folder, &info) != 0 || !S_ISDIR(info.st_mode)) {
        fprintf(stderr, "primestorm: %s is there and no folder\n", folder);
        return EXIT_CANNOT_CREATE;
    }
    if (!tree_is_empty(folder) && !results_folder_holds_study(folder)) {
        fprintf(stderr,
                "primestorm: %s is there and holds no study; choose another folder with -o\n",
                folder);
        return EXIT_CANNOT_CREATE;
    }
    if (access(folder, W_OK | X_OK) != 0) {
        fprintf(stderr, "primestorm: %s cannot be written to: %s\n", folder, strerror(errno));
        return EXIT_CANNOT_CREATE;
    }
    return EXIT_OK;
}

/* With --force: the runs that are there go, and with them what SQLite keeps beside them. */
static void remove_store(const char *path)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
    for (int i = 0; i < 4; i++) {
        char name[4200];
        snprintf(name, sizeof name, "%s%s", path, endings[i]);
        unlink(name);
    }
}

enum sim_err sweep_name_program(struct store *store, struct sim_error *e)
{
    static const char program[] = PRIMESTORM_VERSION " (" PRIMESTORM_REVISION ")";
    char other[96];
    const enum sim_err err = store_set_program(store, program, other, sizeof other, e);
    if (err == SIM_OK && *other != '\0') {
        fprintf(
            stderr,
            "primestorm: some runs are of another program, %s; this is %s. They stay; the column "
            "'program' of runs.csv tells them apart, and --force begins anew\n",
            other, program);
    }
    return err;
}

enum exit_code sweep_open(const struct sweep_options *o, const struct plan *plan,
                          const char *folder, const char *name, struct store **store)
{
    struct sim_error e;
    enum exit_code code = make_folder(folder);
    if (code != EXIT_OK) {
        return code;
    }
    char *const path = tree_join(folder, name);
    enum sim_err err = path != NULL ? SIM_OK : sim_fail_memory(&e, folder);
    if (err == SIM_OK && o->is_forced) {
        remove_store(path);
    }
    err = err == SIM_OK ? store_open(path, stop_requested, store, &e) : err;
    if (err == SIM_OK) {
        const struct shard shard = o->shard.n > 1 ? o->shard : (struct shard){0, o->shard.n};
        err = store_claim(*store, plan->canonical, shard.index, shard.n, &e);
    }
    free(path);
    return exit_code_tell(err, &e);
}

/* ---- Running ---- */

struct session {
    struct progress progress;
    const struct plan *plan;
};

static void on_progress(void *context, const struct queue_state *state)
{
    struct session *const s = context;
    progress_show(&s->progress, state);
}

static void on_failure(void *context, const struct task *task, const struct sim_error *e)
{
    struct session *const s = context;
    char words[400];
    sweep_point_text(&s->plan->sweep, task->point, words, sizeof words);
    fprintf(stderr, "primestorm: point %" PRIu32 " (%s), replication %" PRIu32 " failed: %s\n",
            task->point, words, task->replication, e->text);
}

static void say_begin(const struct sweep_options *o, const struct plan *plan,
                      const struct queue_state *s)
{
    const uint32_t n = plan->sweep.n_points;
    if (o->is_quiet || o->progress == PROGRESS_NONE || o->progress == PROGRESS_JSON) {
        return;
    }
    fprintf(stderr, "%" PRIu32 " point%s, %" PRIu64 " run%s", n, sim_plural(n), s->n_runs,
            sim_plural(s->n_runs));
    if (o->shard.n > 1) {
        fprintf(stderr, " in shard %" PRIu32 " of %" PRIu32, o->shard.index, o->shard.n);
    }
    if (s->n_there > 0) {
        fprintf(stderr, "; %" PRIu64 " %s there already", s->n_there,
                s->n_there == 1 ? "is" : "are");
    }
    if (s->n_again > 0) {
        fprintf(stderr, "; %" PRIu64 " %s there without a series that is kept now, and made again",
                s->n_again, s->n_again == 1 ? "is" : "are");
    }
    fputc('\n', stderr);
}

/* On threads, or on the ranks that were started. */
static enum sim_err carry_out(struct queue *q, uint32_t threads, const struct plan *plan,
                              const struct crew_watch *watch, struct sim_error *e)
{
    struct ranks *const ranks = ranks_here();
    if (ranks->transport == NULL) {
        return crew_run(q, threads, watch, e);
    }
    ranks->is_dismissed = true;
    return crew_lead(q, plan, ranks->transport, ranks->n, watch, &ranks->are_gone, e);
}

/* Runs at once. Rank 0 hands them out and makes none. */
static uint32_t n_at_once(const struct sweep_options *o)
{
    const struct ranks *const ranks = ranks_here();
    return ranks->transport == NULL ? o->threads : (uint32_t)ranks->n - 1;
}

static enum exit_code run_missing(const struct sweep_options *o, const struct plan *plan,
                                  struct store *store, bool *has_failures)
{
    struct queue *q = NULL;
    struct sim_error e;
    struct session session = {.plan = plan};
    const struct crew_watch watch = {on_progress, on_failure, stop_requested, &session};
    enum sim_err err = queue_create(plan, store, o->shard, &q, &e);
    if (err == SIM_OK) {
        struct queue_state state = queue_state(q);
        say_begin(o, plan, &state);
        progress_begin(&session.progress, o->is_quiet ? PROGRESS_NONE : o->progress, n_at_once(o));
        err = carry_out(q, o->threads, plan, &watch, &e);
        progress_end(&session.progress);
        state = queue_state(q);
        *has_failures = state.n_failed > 0;
        if (err == SIM_ESTOPPED) {
            sim_fail(&e, err,
                     "stopped on request; %" PRIu64 " of %" PRIu64
                     " runs are kept: the same command "
                     "goes on",
                     state.n_there, state.n_runs);
        }
    }
    queue_destroy(q);
    return exit_code_tell(err, &e);
}

static void store_name(const struct sweep_options *o, char *name, size_t size)
{
    if (o->shard.n > 1) {
        snprintf(name, size, "shard-%" PRIu32 "-of-%" PRIu32 ".db", o->shard.index, o->shard.n);
    } else {
        snprintf(name, size, "study.db");
    }
}

static enum exit_code run_in(const struct sweep_options *o, const struct plan *plan,
                             const char *folder)
{
    char name[64];
    struct store *store = NULL;
    bool has_failures = false;
    const time_t started = time(NULL);
    store_name(o, name, sizeof name);
    enum exit_code code = sweep_open(o, plan, folder, name, &store);
    if (code == EXIT_OK) {
        struct sim_error e;
        code = exit_code_tell(sweep_name_program(store, &e), &e);
    }
    if (code == EXIT_OK) {
        code = run_missing(o, plan, store, &has_failures);
    }
    if (code == EXIT_OK && o->shard.n > 1 && !o->is_quiet) {
        fprintf(stderr, "%s/%s holds this shard; 'primestorm merge' joins them\n", folder, name);
    } else if (code == EXIT_OK && o->shard.n <= 1) {
        code = sweep_write(o, plan, store, folder, started);
    }
    store_close(store);
    const bool is_done = code == EXIT_OK || code == EXIT_MISSED;
    return is_done && has_failures ? EXIT_RUNS_FAILED : code;
}

enum exit_code sweep_run(const struct sweep_options *o, const struct settings *settings,
                         const struct scenario *scenario)
{
    struct plan plan = {0};
    stop_catch_signals();
    stop_ignore_pipe();
    enum exit_code code = sweep_make_plan(settings, scenario, o->has_yes, &plan);
    if (ranks_is_worker(ranks_here())) {
        code = ranks_work(code == EXIT_OK ? &plan : NULL);
    } else if (code == EXIT_OK) {
        char *const folder = sweep_folder(o);
        code = folder != NULL ? run_in(o, &plan, folder) : EXIT_NO_MEMORY;
        free(folder);
    }
    plan_fini(&plan);
    stop_restore_pipe();
    return code;
}
