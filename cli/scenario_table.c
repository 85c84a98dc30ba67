#include "cli/scenario_table.h"

#include "cli/scenario_manifest.h"
#include "cli/stop.h"
#include "cli/table_file.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- Options ---- */

static const struct argp_option option_table[] = {
    {"output", 'o', "FILE", 0,
     "Write the table as CSV into a new file too; beside it FILE.manifest.json says what it was "
     "made of",
     0},
    {"force", 'f', NULL, 0, "Replace FILE", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct scenario_table *const t = state->input;
    switch (key) {
    case 'o':
        t->path = options_output(argument, state);
        return 0;
    case 'f':
        t->is_forced = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp scenario_table_argp = {option_table, parse, NULL, NULL, NULL, NULL, NULL};

/* ---- The file ---- */

enum exit_code scenario_table_begin(struct scenario_table *t, const char *work,
                                    const char *const path[], size_t n)
{
    struct sim_error e = {SIM_OK, ""};
    t->started = time(NULL);
    if (t->path == NULL) {
        return EXIT_OK;
    }
    const enum sim_err err = table_file_create(t->path, t->is_forced, work, path, n, &t->file, &e);
    if (err != SIM_OK) {
        exit_code_tell(err, &e);
        return exit_code_of_place(err);
    }
    stop_ignore_pipe();
    return EXIT_OK;
}

const char *scenario_table_place(const struct scenario_table *t)
{
    return t->file != NULL ? new_file_staging(t->file) : NULL;
}

void scenario_table_fini(struct scenario_table *t)
{
    if (t->file != NULL) {
        stop_restore_pipe();
        new_file_destroy(t->file);
        t->file = NULL;
    }
}

/* ---- The manifest ---- */

/* The words of a repetition; those of --set are owned. */
struct words {
    const char **word;
    size_t n;
    char **owned;
    size_t n_owned;
};

static void free_words(struct words *w)
{
    for (size_t i = 0; i < w->n_owned; i++) {
        free(w->owned[i]);
    }
    free(w->owned);
    free(w->word);
}

static char *key_and_value(const struct scenario_override *o)
{
    const size_t byte = strlen(o->path) + strlen(o->value) + 2;
    char *const text = malloc(byte);
    if (text != NULL) {
        snprintf(text, byte, "%s=%s", o->path, o->value);
    }
    return text;
}

static bool gather_words(const struct scenario_table_source *s, struct words *w)
{
    *w = (struct words){.word = calloc(2 * s->common->n + s->n_options + 1, sizeof *w->word),
                        .owned = calloc(s->common->n + 1, sizeof *w->owned)};
    if (w->word == NULL || w->owned == NULL) {
        return false;
    }
    for (size_t i = 0; i < s->common->n; i++) {
        char *const text = key_and_value(&s->common->override[i]);
        if (text == NULL) {
            return false;
        }
        w->owned[w->n_owned++] = text;
        w->word[w->n++] = "--set";
        w->word[w->n++] = text;
    }
    for (size_t i = 0; i < s->n_options; i++) {
        w->word[w->n++] = s->option[i];
    }
    return true;
}

static bool are_texts(const char *const text[], size_t n)
{
    bool are_so = true;
    for (size_t i = 0; i < n && are_so; i++) {
        are_so = manifest_is_text(text[i]);
    }
    return are_so;
}

/* Standard input cannot be read again, and what is no UTF-8 cannot stand in a manifest. */
static bool can_repeat(const struct scenario_table_source *s, const struct words *w,
                       const char *folder)
{
    bool is_file = folder != NULL && manifest_is_text(folder) && are_texts(w->word, w->n) &&
                   are_texts(s->path, s->n_paths);
    for (size_t i = 0; i < s->n_paths && is_file; i++) {
        is_file = strcmp(s->path[i], "-") != 0;
    }
    return is_file;
}

static enum sim_err describe(const struct scenario_table *t, const struct scenario_table_source *s,
                             const struct words *w, struct sim_error *e)
{
    char digest[SHA256_TEXT];
    char place[PATH_MAX];
    const char *const folder = getcwd(place, sizeof place);
    struct manifest m;
    const enum sim_err err = scenario_manifest_of(s->scenario, s->n_scenarios, digest, &m, e);
    if (err != SIM_OK) {
        return err;
    }
    m.scenario = s->path[0];
    m.threads = s->threads;
    m.started = t->started;
    m.ended = time(NULL);
    m.subcommand = s->subcommand;
    m.argc = t->argc;
    m.argv = t->argv;
    if (can_repeat(s, w, folder)) {
        m.repeat_as = s->subcommand;
        m.repeat_option = w->word;
        m.n_repeat_options = w->n;
        m.repeat_folder = folder;
        m.repeat_scenario = s->path;
        m.n_repeat_scenarios = s->n_paths;
    }
    return table_file_describe(t->path, &m, e);
}

enum sim_err scenario_table_commit(struct scenario_table *t, enum sim_err written,
                                   const struct scenario_table_source *source, struct sim_error *e)
{
    struct words w;
    if (written != SIM_OK) {
        new_file_name_error(t->file, e);
        return written;
    }
    if (stop_requested(NULL)) {
        return sim_fail(e, SIM_ESTOPPED, "stopped on request");
    }
    enum sim_err err = gather_words(source, &w) ? SIM_OK : sim_fail_memory(e, t->path);
    err = err == SIM_OK ? new_file_commit(t->file, e) : err;
    err = err == SIM_OK ? describe(t, source, &w, e) : err;
    free_words(&w);
    return err;
}
