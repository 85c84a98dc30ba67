#include "cli/rerun_manifest.h"

#include "sim/base/assert.h"
#include "sim/base/units.h"

#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static void free_texts(char **text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        free(text[i]);
    }
    free(text);
}

void rerun_manifest_fini(struct rerun_manifest *m)
{
    json_decref(m->json);
    free_texts(m->option, m->n_options);
    free_texts(m->named, m->n_named);
    free(m->file);
    free(m->data);
    *m = (struct rerun_manifest){0};
}

const struct rerun_file *rerun_manifest_file(const struct rerun_manifest *m, const char *name)
{
    for (size_t i = 0; i < m->n_files; i++) {
        if (strcmp(m->file[i].name, name) == 0) {
            return &m->file[i];
        }
    }
    return NULL;
}

/* A text of an object. SIM_EINVAL if it is not there or is none. */
static enum sim_err read_text(const json_t *object, const char *path, const char *name,
                              const char **out, struct sim_error *e)
{
    *out = json_string_value(json_object_get(object, name));
    return *out != NULL ? SIM_OK
                        : sim_fail(e, SIM_EINVAL, "%s: '%s' is missing, or is no text", path, name);
}

/* A name from a manifest is a file of its folder and of no other. */
static bool is_inside(const char *name)
{
    return *name != '\0' && *name != '/' && strncmp(name, "../", 3) != 0 &&
           strstr(name, "/../") == NULL && strcmp(name, "..") != 0;
}

static enum sim_err read_files(struct rerun_manifest *m, const char *path, struct sim_error *e)
{
    json_t *const list = json_object_get(m->json, "sha256");
    const char *name;
    json_t *digest;
    if (!json_is_object(list) || json_object_size(list) == 0) {
        return sim_fail(e, SIM_EINVAL, "%s: 'sha256' lists no files", path);
    }
    m->file = calloc(json_object_size(list), sizeof *m->file);
    if (m->file == NULL) {
        return sim_fail_memory(e, path);
    }
    json_object_foreach(list, name, digest)
    {
        if (!json_is_string(digest) || strlen(json_string_value(digest)) != 64 ||
            !is_inside(name)) {
            return sim_fail(e, SIM_EINVAL,
                            "%s: sha256: '%.80s' is not a file of this folder with its SHA-256",
                            path, name);
        }
        m->file[m->n_files++] = (struct rerun_file){name, json_string_value(digest)};
    }
    return SIM_OK;
}

/* A list of texts of an object: copies, which a command line may change. */
static enum sim_err read_texts(const json_t *object, const char *path, const char *name,
                               char ***out, size_t *n_out, struct sim_error *e)
{
    const json_t *const list = json_object_get(object, name);
    if (!json_is_array(list)) {
        return sim_fail(e, SIM_EINVAL, "%s: repeat: '%s' is missing, or is no list", path, name);
    }
    const size_t n = json_array_size(list);
    *out = calloc(n + 1, sizeof **out);
    if (*out == NULL) {
        return sim_fail_memory(e, path);
    }
    for (size_t i = 0; i < n; i++) {
        const char *const text = json_string_value(json_array_get(list, i));
        if (text == NULL) {
            return sim_fail(e, SIM_EINVAL, "%s: repeat: %s: there is something that is no text",
                            path, name);
        }
        (*out)[i] = strdup(text);
        if ((*out)[i] == NULL) {
            return sim_fail_memory(e, path);
        }
        ++*n_out;
    }
    return SIM_OK;
}

/* What this program writes there, and no more: options of a manifest from elsewhere could name files to be written. */
static const struct {
    const char *subcommand, *option;
    bool has_value;
} known_options[] = {
    {"decide", "--outage", true},    {"decide", "--limit", true},
    {"fit", "--column", true},       {"fit", "--unit", true},
    {"fit", "--key", true},          {"fit", "--families", true},
    {"fit", "--bootstrap", true},    {"fit", "--seed", true},
    {"fit", "--positive", false},    {"replay", "--capacity", true},
    {"replay", "--overhead", true},  {"replay", "--round-trips", true},
    {"replay", "--columns", true},   {"replay", "--delimiter", true},
    {"replay", "--format", true},    {"replay", "--csv-for", true},
    {"compare", "--set", true},      {"compare", "--vary", true},
    {"sensitivity", "--set", true},  {"sensitivity", "--method", true},
    {"sensitivity", "--size", true}, {"sensitivity", "--only", true},
};

enum { N_KNOWN_OPTIONS = sizeof known_options / sizeof known_options[0] };

/* The words that the option takes, itself included; 0 if it is not known. */
static size_t n_words(const char *subcommand, const char *option)
{
    for (size_t i = 0; i < N_KNOWN_OPTIONS; i++) {
        if (strcmp(known_options[i].subcommand, subcommand) == 0 &&
            strcmp(known_options[i].option, option) == 0) {
            return known_options[i].has_value ? 2 : 1;
        }
    }
    return 0;
}

typedef enum sim_err read_fn(struct rerun_manifest *m, const json_t *repeat, const char *path,
                             struct sim_error *e);

static enum sim_err check_options(const struct rerun_manifest *m, const char *path,
                                  struct sim_error *e)
{
    size_t words = 1;
    for (size_t i = 0; i < m->n_options; i += words) {
        SIM_ASSERT(m->option[i] != NULL); /* read_texts has seen to it */
        words = n_words(m->subcommand, m->option[i]);
        if (words == 0 || i + words > m->n_options) {
            return sim_fail(e, SIM_EINVAL, "%s: repeat: %s takes no option '%.80s' here%s", path,
                            m->subcommand, m->option[i], words > 0 ? " without a value" : "");
        }
    }
    return SIM_OK;
}

/* The files that results were made of, the main one first. */
static enum sim_err read_data(struct rerun_manifest *m, const json_t *repeat, const char *path,
                              struct sim_error *e)
{
    json_t *const list = json_object_get(m->json, "data");
    const char *name;
    const char *main_file = NULL;
    json_t *digest;
    const enum sim_err err = read_text(repeat, path, "data", &main_file, e);
    if (err != SIM_OK || main_file == NULL) {
        return err;
    }
    if (json_object_get(list, main_file) == NULL) {
        return sim_fail(e, SIM_EINVAL, "%s: data: %.80s is not listed", path, main_file);
    }
    m->data = calloc(json_object_size(list), sizeof *m->data);
    if (m->data == NULL) {
        return sim_fail_memory(e, path);
    }
    json_object_foreach(list, name, digest)
    {
        if (!json_is_string(digest) || *name != '/') {
            return sim_fail(e, SIM_EINVAL, "%s: data: '%.80s' is no full path with its SHA-256",
                            path, name);
        }
        m->data[m->n_data++] = (struct rerun_file){name, json_string_value(digest)};
        if (strcmp(name, main_file) == 0) {
            const struct rerun_file first = m->data[0];
            m->data[0] = m->data[m->n_data - 1];
            m->data[m->n_data - 1] = first;
        }
    }
    return SIM_OK;
}

static bool is_data(const struct rerun_manifest *m, const char *path)
{
    for (size_t i = 0; i < m->n_data; i++) {
        if (strcmp(m->data[i].name, path) == 0) {
            return true;
        }
    }
    return false;
}

/* A link is a rate, or one of the files whose hashes are there. */
static enum sim_err check_capacity(const struct rerun_manifest *m, const char *path,
                                   struct sim_error *e)
{
    for (size_t i = 0; i + 1 < m->n_options; i++) {
        double rate;
        struct sim_error no_rate;
        const char *const value = m->option[i + 1];
        SIM_ASSERT(m->option[i] != NULL && value != NULL);
        if (strcmp(m->option[i], "--capacity") == 0 && !is_data(m, value) &&
            sim_read_quantity(value, SIM_RATE, &rate, &no_rate) != SIM_OK) {
            return sim_fail(e, SIM_EINVAL, "%s: repeat: the capacity '%.80s' is not among the data",
                            path, value);
        }
    }
    return SIM_OK;
}

static enum sim_err read_scenario(struct rerun_manifest *m, const json_t *repeat, const char *path,
                                  struct sim_error *e)
{
    enum sim_err err = read_text(repeat, path, "scenario", &m->scenario, e);
    if (err == SIM_OK && rerun_manifest_file(m, m->scenario) == NULL) {
        err = sim_fail(e, SIM_EINVAL, "%s: sha256: the scenario, %.80s, is not listed", path,
                       m->scenario);
    }
    return err == SIM_OK ? read_text(m->json, path, "scenario_sha256", &m->scenario_sha256, e)
                         : err;
}

/* A name that is an option would be taken for one. */
static enum sim_err read_named(struct rerun_manifest *m, const json_t *repeat, const char *path,
                               struct sim_error *e)
{
    enum sim_err err = read_text(repeat, path, "folder", &m->folder, e);
    err = err == SIM_OK ? read_text(m->json, path, "scenario_sha256", &m->scenario_sha256, e) : err;
    err = err == SIM_OK ? read_texts(repeat, path, "scenarios", &m->named, &m->n_named, e) : err;
    for (size_t i = 0; i < m->n_named && err == SIM_OK; i++) {
        if (*m->named[i] == '-') {
            err = sim_fail(e, SIM_EINVAL, "%s: repeat: '%.80s' is no name of a scenario", path,
                           m->named[i]);
        }
    }
    return err;
}

/* The subcommands that can be repeated, and of what. */
static const struct {
    const char *name;
    read_fn *read;
} subcommands[] = {
    {"run", read_scenario}, {"decide", read_scenario}, {"fit", read_data},
    {"replay", read_data},  {"compare", read_named},   {"sensitivity", read_named},
};

enum { N_SUBCOMMANDS = sizeof subcommands / sizeof subcommands[0] };

static enum sim_err read_subject(struct rerun_manifest *m, const json_t *repeat, const char *path,
                                 struct sim_error *e)
{
    for (size_t i = 0; i < N_SUBCOMMANDS; i++) {
        if (strcmp(subcommands[i].name, m->subcommand) == 0) {
            return subcommands[i].read(m, repeat, path, e);
        }
    }
    return sim_fail(e, SIM_EINVAL,
                    "%s: repeat: '%.40s' cannot be repeated; run, decide, fit, replay, compare and "
                    "sensitivity can",
                    path, m->subcommand);
}

static enum sim_err read_repeat(struct rerun_manifest *m, const char *path, struct sim_error *e)
{
    const json_t *const repeat = json_object_get(m->json, "repeat");
    if (!json_is_object(repeat)) {
        return sim_fail(
            e, SIM_EINVAL,
            "%s: 'repeat' is missing: what it describes was made of standard input or a "
            "pipe, or by a program that did not yet write it",
            path);
    }
    enum sim_err err = read_text(repeat, path, "subcommand", &m->subcommand, e);
    err = err == SIM_OK ? read_subject(m, repeat, path, e) : err;
    err = err == SIM_OK ? read_texts(repeat, path, "options", &m->option, &m->n_options, e) : err;
    err = err == SIM_OK ? check_options(m, path, e) : err;
    return err == SIM_OK ? check_capacity(m, path, e) : err;
}

static enum sim_err read_fields(struct rerun_manifest *m, const char *path, struct sim_error *e)
{
    const char *tool;
    enum sim_err err = read_text(m->json, path, "tool", &tool, e);
    if (err == SIM_OK && strcmp(tool, "primestorm") != 0) {
        err = sim_fail(e, SIM_EINVAL, "%s: a manifest of '%.40s', not of primestorm", path, tool);
    }
    err = err == SIM_OK ? read_text(m->json, path, "version", &m->version, e) : err;
    err = err == SIM_OK ? read_text(m->json, path, "revision", &m->revision, e) : err;
    err = err == SIM_OK ? read_files(m, path, e) : err;
    err = err == SIM_OK ? read_repeat(m, path, e) : err;
    m->gnuplot =
        json_string_value(json_object_get(json_object_get(m->json, "libraries"), "gnuplot"));
    return err;
}

enum sim_err rerun_manifest_read(const char *path, struct rerun_manifest *m, struct sim_error *e)
{
    json_error_t why;
    FILE *const file = fopen(path, "rb");
    *m = (struct rerun_manifest){0};
    if (file == NULL) {
        return sim_fail(e, errno == ENOENT ? SIM_ENOENT : SIM_EIO, "%s: %s", path, strerror(errno));
    }
    m->json = json_loadf(file, JSON_REJECT_DUPLICATES, &why);
    fclose(file);
    if (m->json == NULL) {
        return sim_fail(e, SIM_EINVAL, "%s:%d:%d: no JSON: %s", path, why.line, why.column,
                        why.text);
    }
    const enum sim_err err = read_fields(m, path, e);
    if (err != SIM_OK) {
        rerun_manifest_fini(m);
    }
    return err;
}
