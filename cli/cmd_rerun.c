/* primestorm rerun: does what a manifest describes again, and says whether the same comes out. */
#include "cli/cmd.h"
#include "cli/command_line.h"
#include "cli/options.h"
#include "cli/ranks.h"
#include "cli/rerun_compare.h"
#include "cli/rerun_manifest.h"
#include "cli/rerun_repeat.h"
#include "cli/scenario_manifest.h"
#include "cli/stop.h"
#include "cli/threads.h"
#include "cli/version.h"
#include "output/manifest.h"
#include "output/tree.h"
#include "sim/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct rerun_options {
    const char *manifest;
    const char *folder; /* where the new results stay; NULL: nowhere */
    unsigned threads;   /* 0: as many as there are processors */
    bool is_quiet;
};

static const struct argp_option option_table[] = {
    {"output", 'o', "FOLDER", 0, "Keep what comes out in a new folder", 0},
    THREADS_OPTION,
    {"quiet", 'q', NULL, 0, "Say nothing but errors; the exit code tells", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct rerun_options *const o = state->input;
    switch (key) {
    case 'o':
        o->folder = options_output(argument, state);
        return 0;
    case 't':
        o->threads = threads_parse(argument, state);
        return 0;
    case 'q':
        o->is_quiet = true;
        return 0;
    case ARGP_KEY_ARG:
        if (o->manifest != NULL) {
            argp_error(state, "one results folder at a time; '%s' is the second", argument);
        }
        o->manifest = argument;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "a results folder, or its manifest.json, is missing");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    option_table,
    parse,
    "FOLDER",
    "Do what the manifest of a results folder (FOLDER, or FOLDER/manifest.json) describes again, "
    "from the scenario.effective.yaml beside it, or the scenarios or measured "
    "files it names, and say whether "
    "the results are identical, byte for byte, or which file, row and column differ first, and "
    "whether program or scenario are others. Ends with 1 if something differs.",
    NULL,
    NULL,
    NULL};

/* What is compared, and where. */
struct rerun {
    const struct rerun_options *options;
    struct rerun_manifest manifest;
    char *then; /* the folder of the manifest */
    char *now;  /* that of the new results */
    bool is_same_program, is_same_scenario, is_same_gnuplot;
    size_t n_same, n_different, n_skipped;
};

/* ---- Before ---- */

static bool has_digest(const char *folder, const struct rerun_file *file)
{
    char digest[SHA256_TEXT];
    char *const path = tree_join(folder, file->name);
    const bool is_same =
        path != NULL && manifest_sha256_file(path, digest) && strcmp(digest, file->sha256) == 0;
    free(path);
    return is_same;
}

/* The scenario must be the one of the manifest; and what this program reads in it is another matter. */
static enum exit_code check_scenario(struct rerun *r, char *path)
{
    struct scenario_options options = {.path = path, .knows_studies = true};
    struct settings settings = {0};
    struct scenario scenario;
    struct manifest now;
    char digest[SHA256_TEXT];
    struct sim_error e;
    if (!has_digest(r->then, rerun_manifest_file(&r->manifest, r->manifest.scenario))) {
        fprintf(
            stderr,
            "primestorm: %s is not there, or not as the manifest describes it: the scenario was "
            "changed since\n",
            path);
        return EXIT_SCENARIO;
    }
    enum exit_code code = options_load(&options, &settings, &scenario);
    if (code == EXIT_OK) {
        code = exit_code_tell(scenario_manifest(&scenario, digest, &now, &e), &e);
        r->is_same_scenario = strcmp(digest, r->manifest.scenario_sha256) == 0;
    }
    scenario_fini(&scenario);
    settings_fini(&settings);
    return code;
}

/* The measured files must be those of the manifest. */
static enum exit_code check_data(const struct rerun *r)
{
    for (size_t i = 0; i < r->manifest.n_data; i++) {
        const struct rerun_file *const data = &r->manifest.data[i];
        char digest[SHA256_TEXT];
        if (access(data->name, R_OK) != 0) {
            fprintf(stderr, "primestorm: %s: %s; the results were made of it\n", data->name,
                    strerror(errno));
            return EXIT_NO_INPUT;
        }
        if (!manifest_sha256_file(data->name, digest) || strcmp(digest, data->sha256) != 0) {
            fprintf(stderr,
                    "primestorm: %s is not as the manifest describes it: the data were changed "
                    "since\n",
                    data->name);
            return EXIT_SCENARIO;
        }
    }
    return EXIT_OK;
}

/* ---- After ---- */

static bool ends_with(const char *name, const char *ending)
{
    const size_t n = strlen(name);
    const size_t k = strlen(ending);
    return n > k && strcmp(name + n - k, ending) == 0;
}

static bool is_picture(const char *name)
{
    return ends_with(name, ".png") || ends_with(name, ".svg");
}

static void say_place(const char *name, const struct difference *d)
{
    printf("%s: ", name);
    if (*d->column != '\0') {
        printf("row %llu, column %s: '%s' then, '%s' now", (unsigned long long)d->row, d->column,
               d->then, d->now);
    } else {
        printf("%s %llu: '%s' then, '%s' now", ends_with(name, ".csv") ? "row" : "line",
               (unsigned long long)d->row, d->then, d->now);
    }
    if (d->n > 1) {
        printf("; %llu differences in all", (unsigned long long)d->n);
    }
    puts(d->is_program_only ? "; the column program alone" : "");
}

/* The manifest, and so the repetition, are right; what lies beside it is not. */
static bool is_changed_since(const struct rerun *r, const struct rerun_file *file)
{
    return has_digest(r->now, file) && !has_digest(r->then, file);
}

/* Says where a file differs, as far as the old one is still what it was. */
static enum sim_err tell_paths(const struct rerun *r, const struct rerun_file *file,
                               const char *then, const char *now, struct sim_error *e)
{
    struct difference d;
    if (access(now, R_OK) != 0) {
        printf("%s: is not written now\n", file->name);
        return SIM_OK;
    }
    if (access(then, R_OK) != 0) {
        printf("%s: is missing beside the manifest\n", file->name);
        return SIM_OK;
    }
    if (!has_digest(r->then, file) && !has_digest(r->now, file)) {
        printf("%s: differs; the file beside the manifest was changed since, so it is not known "
               "where\n",
               file->name);
        return SIM_OK;
    }
    if (is_picture(file->name)) {
        printf("%s: the picture differs\n", file->name);
        return SIM_OK;
    }
    if (is_changed_since(r, file)) {
        fputs("changed since it was written: ", stdout);
    }
    const enum sim_err err = rerun_compare(then, now, &d, e);
    if (err == SIM_OK) {
        say_place(file->name, &d);
    }
    return err;
}

static enum sim_err tell(const struct rerun *r, const struct rerun_file *file, struct sim_error *e)
{
    char *const then = tree_join(r->then, file->name);
    char *const now = tree_join(r->now, file->name);
    const enum sim_err err = then != NULL && now != NULL ? tell_paths(r, file, then, now, e)
                                                         : sim_fail_memory(e, file->name);
    free(then);
    free(now);
    return err;
}

/* The scenario as given is another file now; pictures of another gnuplot are. */
static bool is_compared(const struct rerun *r, const char *name)
{
    return strcmp(name, "scenario.yaml") != 0 && (r->is_same_gnuplot || !is_picture(name));
}

/* Another version of this program may write the keys of the same scenario in another order: that is no other result. */
static enum sim_err find_reordered(const struct rerun *r, const struct rerun_file *file,
                                   bool *is_reordered, struct sim_error *e)
{
    if (r->manifest.scenario == NULL || !r->is_same_scenario ||
        strcmp(file->name, r->manifest.scenario) != 0) {
        return SIM_OK;
    }
    char *const then = tree_join(r->then, file->name);
    char *const now = tree_join(r->now, file->name);
    const enum sim_err err = then != NULL && now != NULL
                                 ? rerun_is_reordered(then, now, is_reordered, e)
                                 : sim_fail_memory(e, file->name);
    if (*is_reordered && !r->options->is_quiet) {
        printf("%s: the same scenario, and the same lines in another order\n", file->name);
    }
    free(then);
    free(now);
    return err;
}

static enum sim_err compare_file(struct rerun *r, const struct rerun_file *file,
                                 struct sim_error *e)
{
    if (!is_compared(r, file->name)) {
        r->n_skipped += is_picture(file->name);
        return SIM_OK;
    }
    if (has_digest(r->now, file) && !is_changed_since(r, file)) {
        r->n_same++;
        return SIM_OK;
    }
    bool is_reordered = false;
    enum sim_err err = find_reordered(r, file, &is_reordered, e);
    if (err == SIM_OK && !is_reordered) {
        r->n_different++;
        err = r->options->is_quiet ? SIM_OK : tell(r, file, e);
    }
    return err;
}

static enum sim_err compare(struct rerun *r, struct sim_error *e)
{
    enum sim_err err = SIM_OK;
    for (size_t i = 0; i < r->manifest.n_files && err == SIM_OK; i++) {
        err = compare_file(r, &r->manifest.file[i], e);
    }
    return err;
}

static const char *say_input(const struct rerun *r)
{
    if (r->manifest.n_data > 0) {
        return "data: the same";
    }
    if (r->manifest.folder != NULL) {
        return r->is_same_scenario ? "scenarios: the same"
                                   : "scenarios: others: one of their files was changed since, or "
                                     "this program reads other keys, defaults or measured values "
                                     "in them";
    }
    return r->is_same_scenario ? "scenario: the same"
                               : "scenario: another: this program reads other keys, defaults or "
                                 "measured values in the same text";
}

static void say(const struct rerun *r)
{
    const struct rerun_manifest *const m = &r->manifest;
    if (r->is_same_program) {
        printf("program: the same, %s (%s)\n", m->version, m->revision);
    } else {
        printf("program: another, %s (%s) then, %s (%s) now\n", m->version, m->revision,
               PRIMESTORM_VERSION, PRIMESTORM_REVISION);
    }
    puts(say_input(r));
    if (r->n_skipped > 0) {
        printf("gnuplot: another, %s then: %zu picture%s not compared\n",
               m->gnuplot != NULL ? m->gnuplot : "none", r->n_skipped, sim_plural(r->n_skipped));
    }
    if (r->n_different == 0) {
        printf("identical: %zu file%s, byte for byte\n", r->n_same, sim_plural(r->n_same));
    } else {
        printf("different: %zu of %zu files\n", r->n_different, r->n_same + r->n_different);
    }
}

/* Was the new folder drawn by the gnuplot that drew the old one? And are scenarios that were named again the same? */
static enum sim_err compare_manifests(struct rerun *r, struct sim_error *e)
{
    struct rerun_manifest now = {0};
    char *const path = rerun_new_manifest(&r->manifest, r->now);
    const enum sim_err err =
        path != NULL ? rerun_manifest_read(path, &now, e) : sim_fail_memory(e, "manifest.json");
    const char *const then = r->manifest.gnuplot;
    r->is_same_gnuplot = err == SIM_OK && (then == NULL) == (now.gnuplot == NULL) &&
                         (then == NULL || strcmp(then, now.gnuplot) == 0);
    if (err == SIM_OK && now.folder != NULL) {
        r->is_same_scenario = strcmp(now.scenario_sha256, r->manifest.scenario_sha256) == 0;
    }
    rerun_manifest_fini(&now);
    free(path);
    return err;
}

static enum exit_code judge(struct rerun *r)
{
    struct sim_error e = {SIM_OK, ""};
    enum sim_err err = compare_manifests(r, &e);
    err = err == SIM_OK ? compare(r, &e) : err;
    if (err != SIM_OK) {
        return exit_code_tell(err, &e);
    }
    if (!r->options->is_quiet) {
        say(r);
    }
    return r->n_different == 0 ? EXIT_OK : EXIT_RUNS_FAILED;
}

/* ---- Together ---- */

static enum exit_code rerun(struct rerun *r)
{
    const struct rerun_manifest *const m = &r->manifest;
    const bool has_scenario = m->scenario != NULL;
    char *const input = has_scenario    ? tree_join(r->then, m->scenario)
                        : m->n_data > 0 ? strdup(m->data[0].name)
                                        : NULL;
    enum exit_code code = input != NULL || m->folder != NULL ? EXIT_OK : EXIT_NO_MEMORY;
    if (input != NULL) {
        code = has_scenario ? check_scenario(r, input) : check_data(r);
    }
    if (code == EXIT_OK) {
        code = rerun_repeat(m, input, r->now, r->options->threads);
        const bool is_done = code == EXIT_OK || code == EXIT_MISSED || code == EXIT_RUNS_FAILED;
        code = is_done ? judge(r) : code;
    }
    free(input);
    return code;
}

/* Results that nobody keeps go into a folder that goes away. */
static enum exit_code rerun_aside(struct rerun *r)
{
    const char *const place = getenv("TMPDIR");
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%s/primestorm-rerun-XXXXXX",
             place != NULL && *place != '\0' ? place : "/tmp");
    if (mkdtemp(folder) == NULL) {
        fprintf(stderr, "primestorm: %s: %s\n", folder, strerror(errno));
        return EXIT_CANNOT_CREATE;
    }
    r->now = tree_join(folder, "results");
    const enum exit_code code = r->now != NULL ? rerun(r) : EXIT_NO_MEMORY;
    tree_remove(folder);
    free(r->now);
    return code;
}

/* A folder with runs in it would not have them made again. */
static enum exit_code rerun_into(struct rerun *r, const char *folder)
{
    if (access(folder, F_OK) == 0 && !tree_is_empty(folder)) {
        fprintf(stderr, "primestorm: %s exists already; choose another name\n", folder);
        return EXIT_CANNOT_CREATE;
    }
    r->now = strdup(folder);
    const enum exit_code code = r->now != NULL ? rerun(r) : EXIT_NO_MEMORY;
    free(r->now);
    return code;
}

/* A folder stands for the manifest in it. NULL when out of memory. */
static char *manifest_of(const char *named)
{
    struct stat info;
    const bool is_folder = stat(named, &info) == 0 && S_ISDIR(info.st_mode);
    return is_folder ? tree_join(named, "manifest.json") : strdup(named);
}

enum exit_code cmd_rerun(int argc, char **argv)
{
    struct rerun_options o = {0};
    struct rerun r = {.options = &o};
    struct sim_error e = {SIM_OK, ""};
    command_line_parse(&argp, argc, argv, &o);
    if (ranks_are_several()) {
        fputs("primestorm: rerun is for one process; start it without mpirun\n", stderr);
        return EXIT_USAGE;
    }
    stop_catch_signals(); /* from here on, what was begun is taken away again */
    o.threads = o.threads == 0 ? threads_default() : o.threads;
    char *const path = manifest_of(o.manifest);
    const enum sim_err err = path != NULL ? rerun_manifest_read(path, &r.manifest, &e) : SIM_ENOMEM;
    if (err != SIM_OK || path == NULL) {
        free(path);
        rerun_manifest_fini(&r.manifest);
        return path != NULL ? exit_code_tell(err, &e) : EXIT_NO_MEMORY;
    }
    r.then = dirname(path);
    r.is_same_program = strcmp(r.manifest.version, PRIMESTORM_VERSION) == 0 &&
                        strcmp(r.manifest.revision, PRIMESTORM_REVISION) == 0;
    const enum exit_code code = o.folder != NULL ? rerun_into(&r, o.folder) : rerun_aside(&r);
    rerun_manifest_fini(&r.manifest);
    free(path);
    return code;
}
