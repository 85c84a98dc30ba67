/* What a study leaves beside its store: tables, scenario, manifest, and a few lines for its user. */
#include "cli/answer.h"
#include "cli/expect_words.h"
#include "cli/ranks.h"
#include "cli/rerun_manifest.h"
#include "cli/scenario_manifest.h"
#include "cli/stop.h"
#include "cli/sweep_plots.h"
#include "cli/sweep_run.h"
#include "cli/sweep_table.h"
#include "models/scenario_show.h"
#include "output/manifest.h"
#include "output/new_file.h"
#include "output/tree.h"
#include "sim/base/text.h"
#include "study/study_show.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- The scenario ---- */

/* A file of the folder, put in place when `put` has written all of it. */
static enum sim_err write_text(const char *folder, const char *name,
                               bool (*put)(const void *context, FILE *out), const void *context,
                               struct sim_error *e)
{
    struct new_file *file = NULL;
    char *const path = tree_join(folder, name);
    enum sim_err err =
        path != NULL ? new_file_create(path, true, &file, e) : sim_fail_memory(e, name);
    FILE *const out = err == SIM_OK ? fopen(new_file_staging(file), "wb") : NULL;
    if (out != NULL) {
        const bool is_written = put(context, out) && ferror(out) == 0;
        const bool is_closed = fclose(out) == 0;
        err = is_written && is_closed ? new_file_commit(file, e)
                                      : sim_fail(e, SIM_EIO, "%s: %s", path, strerror(errno));
    } else if (err == SIM_OK) {
        err = sim_fail(e, SIM_EIO, "%s: %s", path, strerror(errno));
    }
    new_file_destroy(file);
    free(path);
    return err;
}

static bool put_given(const void *plan, FILE *out)
{
    const struct settings *const s = ((const struct plan *)plan)->settings;
    return fwrite(s->given, 1, s->given_length, out) == s->given_length;
}

static bool put_effective(const void *plan, FILE *out)
{
    const struct plan *const p = plan;
    scenario_show(p->settings, p->base, false, out);
    study_show(p->settings, out);
    return true;
}

static bool put_copy(const void *path, FILE *out)
{
    char block[1 << 14];
    FILE *const in = fopen(path, "rb");
    size_t n = 0;
    while (in != NULL && (n = fread(block, 1, sizeof block, in)) > 0) {
        fwrite(block, 1, n, out);
    }
    const bool is_read = in != NULL && ferror(in) == 0;
    if (in != NULL) {
        fclose(in);
    }
    return is_read;
}

/* The files that the folder of a study lists. */
struct names {
    const char *name[TABLES_MOST + 2 + STUDY_MOST_LISTS + 3 * SWEEP_PLOTS];
    size_t n;
    size_t n_tables; /* and scenarios: those before the pictures */
    char list[STUDY_MOST_LISTS][STUDY_LIST_NAME];
    struct sweep_pictures pictures;
};

/* As given and as effective, with the points it takes from files: enough to do it all again. */
static enum sim_err write_scenarios(const struct plan *plan, const char *folder, struct names *x,
                                    struct sim_error *e)
{
    const size_t n_lists = study_n_lists(plan->settings);
    x->name[x->n++] = "scenario.yaml";
    x->name[x->n++] = "scenario.effective.yaml";
    enum sim_err err = write_text(folder, "scenario.yaml", put_given, plan, e);
    err =
        err == SIM_OK ? write_text(folder, "scenario.effective.yaml", put_effective, plan, e) : err;
    for (size_t i = 0; i < n_lists && i < STUDY_MOST_LISTS && err == SIM_OK; i++) {
        char path[PATH_MAX];
        study_list_name(i, x->list[i]);
        x->name[x->n++] = x->list[i];
        err = study_list_path(plan->settings, i, path, sizeof path)
                  ? write_text(folder, x->list[i], put_copy, path, e)
                  : sim_fail(e, SIM_EIO, "%s: its path is too long", x->list[i]);
    }
    return err;
}

static enum sim_err write_pictures(const struct sweep_options *o, const struct plan *plan,
                                   const struct store *store, const char *folder, struct names *x,
                                   struct sim_error *e)
{
    const enum sim_err err = sweep_plots(plan, store, folder, o->is_quiet, &x->pictures, e);
    x->n_tables = x->n;
    for (size_t i = 0; i < x->pictures.n; i++) {
        x->name[x->n++] = x->pictures.name[i];
    }
    return err;
}

static bool is_listed(const struct names *x, const char *name)
{
    for (size_t i = 0; i < x->n; i++) {
        if (strcmp(x->name[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* What the manifest of before lists and this one does not: it would pass for a result of these runs. A
 * manifest that cannot be read, or names a place outside the folder, takes nothing away. */
static void remove_stale(const char *folder, const struct names *x)
{
    struct rerun_manifest before = {0};
    struct sim_error ignored;
    char *const path = tree_join(folder, "manifest.json");
    if (path != NULL && rerun_manifest_read(path, &before, &ignored) == SIM_OK) {
        for (size_t i = 0; i < before.n_files; i++) {
            const char *const name = before.file[i].name;
            char *const file = tree_join(folder, name);
            const bool is_inside = *name != '/' && strstr(name, "..") == NULL;
            if (file != NULL && is_inside && !is_listed(x, name)) {
                (void)unlink(file);
            }
            free(file);
        }
    }
    rerun_manifest_fini(&before);
    free(path);
}

static enum sim_err write_manifest(const struct sweep_options *o, const struct plan *plan,
                                   const char *folder, const struct names *x, time_t started,
                                   struct sim_error *e)
{
    char digest[SHA256_TEXT];
    struct manifest manifest;
    const enum sim_err err = scenario_manifest(plan->base, digest, &manifest, e);
    if (err != SIM_OK) {
        return err;
    }
    manifest.scenario = o->scenario;
    manifest.points = plan->sweep.n_points;
    manifest.replications = plan_most_replications(plan);
    manifest.ranks = ranks_here()->transport != NULL ? (uint32_t)ranks_here()->n : 0;
    manifest.threads = manifest.ranks > 0 ? 1 : o->threads; /* of each process */
    manifest.sqlite = store_library();
    manifest.started = started;
    manifest.ended = time(NULL);
    manifest.subcommand = o->argv[0] + strlen("primestorm ");
    manifest.argc = o->argc;
    manifest.argv = o->argv;
    manifest.repeat_as = "run";
    manifest.gnuplot = *x->pictures.gnuplot != '\0' ? x->pictures.gnuplot : NULL;
    return manifest_write_beside(folder, "manifest.json", x->name, x->n, &manifest, e);
}

/* Runs that a smaller sweep, or fewer replications, leave out. */
static void say_beyond(const struct plan *plan, const struct tables_report *r)
{
    static const char fate[] = "kept in the store, not in the tables";
    if (r->n_points_beyond > 0) {
        fprintf(stderr, "%" PRIu64 " point%s of the store %s not in this sweep: %s\n",
                r->n_points_beyond, sim_plural(r->n_points_beyond),
                r->n_points_beyond == 1 ? "is" : "are", fate);
    }
    if (r->n_runs_beyond > 0) {
        fprintf(stderr, "%" PRIu64 " run%s of the store beyond %" PRIu32 " replications: %s\n",
                r->n_runs_beyond, sim_plural(r->n_runs_beyond), plan_most_replications(plan), fate);
    }
}

/* At a point where `users` may vary; what is swept is a number that was read before. */
static uint32_t users_at(const struct plan *plan, uint32_t point, size_t key)
{
    double users = 0;
    const enum sim_err err =
        sim_read_quantity(sweep_value(&plan->sweep, point, key), SIM_NUMBER, &users, NULL);
    SIM_ASSERT(err == SIM_OK);
    return (uint32_t)users;
}

/* How many points have more users, or fewer, than the default of desktop users is meant for. */
static void say_desktop_users(const struct plan *plan)
{
    const struct sweep *const sweep = &plan->sweep;
    struct scenario scenario = *plan->base;
    size_t users = sweep_n_keys(sweep);
    uint32_t n = 0;
    for (size_t k = 0; k < sweep_n_keys(sweep); k++) {
        scenario.has_desktop_users |= strcmp(sweep_key(sweep, k), "mail.desktop_users") == 0;
        users = strcmp(sweep_key(sweep, k), "users") == 0 ? k : users;
    }
    for (uint32_t i = 0; i < sweep->n_points; i++) {
        scenario.users = users < sweep_n_keys(sweep) ? users_at(plan, i, users) : plan->base->users;
        n += answer_has_other_desktop_users(&scenario);
    }
    if (n > 0) {
        fprintf(stderr,
                "%" PRIu32 " point%s of over twice or under half as many users as desktop users, "
                "which are %" PRIu32 " by default: 'mail.desktop_users: users' makes them as "
                "many\n",
                n, sim_plural(n), scenario.mail.desktop_users);
    }
}

/* An option that a sweep outdoes. */
static void say_outdone(const struct plan *plan)
{
    for (size_t k = 0; k < sweep_n_keys(&plan->sweep); k++) {
        const char *const key = sweep_key(&plan->sweep, k);
        const struct setting *const given = settings_find(plan->settings, key);
        if (given != NULL && given->origin.kind == ORIGIN_OPTION) {
            fprintf(stderr, "%s: without effect at the points, as %s varies\n",
                    given->origin.source, key);
        }
    }
}

static void say(const struct plan *plan, const char *folder, const struct names *x,
                const struct tables_report *r)
{
    const uint32_t n_points = plan->sweep.n_points;
    if (r->not_converged > 0) {
        fprintf(stderr,
                "NOT CONVERGED: %" PRIu32 " of %" PRIu32 " points: after %" PRIu32
                " replications the interval is wider than precision.relative asks for (points.csv, "
                "column converged)\n",
                r->not_converged, n_points, plan->base->precision.max);
    }
    if (r->few > 0) {
        fprintf(stderr, "%" PRIu32 " point%s of fewer than 5 replications: intervals mean little\n",
                r->few, sim_plural(r->few));
    }
    say_beyond(plan, r);
    say_desktop_users(plan);
    say_outdone(plan);
    fprintf(stderr, "%" PRIu64 " runs written to %s:", r->n_runs, folder);
    for (size_t i = 0; i < x->n_tables; i++) {
        fprintf(stderr, " %s", x->name[i]);
    }
    fprintf(stderr, "%s manifest.json\n", x->pictures.n > 0 ? " plots/" : "");
}

/* ---- Expectations ---- */

/* "full_p95_s < 10 min: met at 5 points, missed at 2 (point 0, users=500: 12 min, at least 11 min)" */
static void say_expectation(const struct plan *plan, const struct expectation *x,
                            const struct expect_tally *t, FILE *out)
{
    const char *between = ":";
    fprintf(out, "expected %s", x->text);
    for (int v = 0; v < VERDICT_N; v++) {
        if (t->n[v] == 0) {
            continue;
        }
        fprintf(out, "%s %s at %" PRIu32 " point%s", between, verdict_name((enum verdict)v),
                t->n[v], sim_plural(t->n[v]));
        between = ",";
        if (v != VERDICT_MET) {
            char words[400];
            sweep_point_text(&plan->sweep, t->first[v], words, sizeof words);
            fprintf(out, " (point %" PRIu32 ", %s: ", t->first[v], words);
            expect_words(x, &t->example[v], out);
            fputs(")", out);
        }
    }
    fputc('\n', out);
}

static void say_expectations(const struct plan *plan, const struct tables_report *r, FILE *out)
{
    for (size_t i = 0; i < plan->expected.n; i++) {
        say_expectation(plan, &plan->expected.item[i], &r->tally[i], out);
    }
}

static enum exit_code judge(const struct plan *plan, const struct tables_report *r, bool is_strict)
{
    for (size_t i = 0; i < plan->expected.n; i++) {
        for (int v = 0; v < VERDICT_N; v++) {
            if (r->tally[i].n[v] > 0 && verdict_fails((enum verdict)v, is_strict)) {
                return EXIT_MISSED;
            }
        }
    }
    return EXIT_OK;
}

enum exit_code sweep_write(const struct sweep_options *o, const struct plan *plan,
                           struct store *store, const char *folder, time_t started)
{
    struct sim_error e = {SIM_OK, ""};
    struct tables_report report = {.tally = calloc(plan->expected.n + 1, sizeof *report.tally)};
    struct names names = {.n = 0};
    enum sim_err err = report.tally != NULL ? SIM_OK : sim_fail_memory(&e, "the expectations");
    if (err == SIM_OK) {
        err = tables_write(plan, store, folder, stop_requested, names.name, &names.n, &report, &e);
    }
    err = err == SIM_OK ? write_scenarios(plan, folder, &names, &e) : err;
    err = err == SIM_OK ? write_pictures(o, plan, store, folder, &names, &e) : err;
    if (err == SIM_OK) {
        remove_stale(folder, &names);
        err = write_manifest(o, plan, folder, &names, started, &e);
    }
    if (err == SIM_OK && !o->is_quiet) {
        const bool is_text = o->format.format == FORMAT_TEXT;
        err = is_text ? sweep_table_print(plan, &report, folder, stdout, &e)
                      : tables_print(plan, store, format_of_table(&o->format), stop_requested, &e);
        say_expectations(plan, &report, is_text ? stdout : stderr);
        fflush(stdout);
        say(plan, folder, &names, &report);
    }
    const enum exit_code code =
        err == SIM_OK ? judge(plan, &report, o->is_strict) : exit_code_tell(err, &e);
    free(report.tally);
    return code;
}
