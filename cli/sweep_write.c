/* What a study leaves beside its store: tables, scenario, manifest, and a few lines for its user. */
#include "cli/expect_words.h"
#include "cli/scenario_manifest.h"
#include "cli/stop.h"
#include "cli/sweep_run.h"
#include "output/manifest.h"
#include "output/new_file.h"
#include "output/tree.h"
#include "sim/base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The scenario as it was given. */
static enum sim_err write_scenario(const struct plan *plan, const char *folder, struct sim_error *e)
{
    struct new_file *file = NULL;
    char *const path = tree_join(folder, "scenario.yaml");
    enum sim_err err =
        path != NULL ? new_file_create(path, true, &file, e) : sim_fail_memory(e, "scenario.yaml");
    FILE *const out = err == SIM_OK ? fopen(new_file_staging(file), "wb") : NULL;
    if (out != NULL) {
        const size_t n = plan->settings->given_length;
        const bool is_written = fwrite(plan->settings->given, 1, n, out) == n;
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

static enum sim_err write_manifest(const struct sweep_options *o, const struct plan *plan,
                                   const char *folder, const char *const name[], size_t n,
                                   time_t started, struct sim_error *e)
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
    manifest.threads = o->threads;
    manifest.started = started;
    manifest.ended = time(NULL);
    manifest.subcommand = o->argv[0] + strlen("primestorm ");
    manifest.argc = o->argc;
    manifest.argv = o->argv;
    return manifest_write_beside(folder, name, n, &manifest, e);
}

static void say(const struct plan *plan, const char *folder, const char *const name[], size_t n,
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
    fprintf(stderr, "%" PRIu64 " runs written to %s:", r->n_runs, folder);
    for (size_t i = 0; i < n; i++) {
        fprintf(stderr, " %s", name[i]);
    }
    fputs(" manifest.json\n", stderr);
}

/* ---- Expectations ---- */

/* "full_p95_s < 10 min: met at 5 points, missed at 2 (point 0, users=500: 12 min, at least 11 min)" */
static void say_expectation(const struct plan *plan, const struct expectation *x,
                            const struct expect_tally *t)
{
    const char *between = ":";
    fprintf(stderr, "expected %s", x->text);
    for (int v = 0; v < VERDICT_N; v++) {
        if (t->n[v] == 0) {
            continue;
        }
        fprintf(stderr, "%s %s at %" PRIu32 " point%s", between, verdict_name((enum verdict)v),
                t->n[v], sim_plural(t->n[v]));
        between = ",";
        if (v != VERDICT_MET) {
            char words[400];
            sweep_point_text(&plan->sweep, t->first[v], words, sizeof words);
            fprintf(stderr, " (point %" PRIu32 ", %s: ", t->first[v], words);
            expect_words(x, &t->example[v], stderr);
            fputs(")", stderr);
        }
    }
    fputc('\n', stderr);
}

static void say_expectations(const struct plan *plan, const struct tables_report *r)
{
    for (size_t i = 0; i < plan->expected.n; i++) {
        say_expectation(plan, &plan->expected.item[i], &r->tally[i]);
    }
}

static enum exit_code judge(const struct plan *plan, const struct tables_report *r, bool is_strict)
{
    for (size_t i = 0; i < plan->expected.n; i++) {
        const uint32_t *const n = r->tally[i].n;
        if (n[VERDICT_MISSED] > 0 || (is_strict && n[VERDICT_UNDECIDED] > 0)) {
            return EXIT_MISSED;
        }
    }
    return EXIT_OK;
}

enum exit_code sweep_write(const struct sweep_options *o, const struct plan *plan,
                           struct store *store, const char *folder, time_t started)
{
    struct sim_error e = {SIM_OK, ""};
    struct tables_report report = {.tally = calloc(plan->expected.n + 1, sizeof *report.tally)};
    const char *name[TABLES_MOST + 1];
    size_t n = 0;
    enum sim_err err = report.tally != NULL ? SIM_OK : sim_fail_memory(&e, "the expectations");
    if (err == SIM_OK) {
        err = tables_write(plan, store, folder, stop_requested, name, &n, &report, &e);
    }
    if (err == SIM_OK) {
        name[n++] = "scenario.yaml";
        err = write_scenario(plan, folder, &e);
    }
    err = err == SIM_OK ? write_manifest(o, plan, folder, name, n, started, &e) : err;
    if (err == SIM_OK && !o->is_quiet) {
        say_expectations(plan, &report);
        say(plan, folder, name, n, &report);
    }
    const enum exit_code code =
        err == SIM_OK ? judge(plan, &report, o->is_strict) : exit_code_tell(err, &e);
    free(report.tally);
    return code;
}
