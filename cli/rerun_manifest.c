#include "cli/rerun_manifest.h"

#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void rerun_manifest_fini(struct rerun_manifest *m)
{
    json_decref(m->json);
    for (size_t i = 0; i < m->n_options; i++) {
        free(m->option[i]);
    }
    free(m->option);
    free(m->file);
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

static enum sim_err read_options(struct rerun_manifest *m, const json_t *repeat, const char *path,
                                 struct sim_error *e)
{
    const json_t *const list = json_object_get(repeat, "options");
    if (!json_is_array(list)) {
        return sim_fail(e, SIM_EINVAL, "%s: repeat: 'options' is missing, or is no list", path);
    }
    const size_t n = json_array_size(list);
    m->option = calloc(n + 1, sizeof *m->option);
    if (m->option == NULL) {
        return sim_fail_memory(e, path);
    }
    for (size_t i = 0; i < n; i++) {
        const char *const text = json_string_value(json_array_get(list, i));
        if (text == NULL) {
            return sim_fail(e, SIM_EINVAL, "%s: repeat: an option is no text", path);
        }
        m->option[i] = strdup(text);
        if (m->option[i] == NULL) {
            return sim_fail_memory(e, path);
        }
        m->n_options++;
    }
    return SIM_OK;
}

/* Only what this program writes there: options of a manifest from elsewhere could name other files. */
static enum sim_err check_options(const struct rerun_manifest *m, const char *path,
                                  struct sim_error *e)
{
    const bool is_decide = strcmp(m->subcommand, "decide") == 0;
    if (!is_decide && strcmp(m->subcommand, "run") != 0) {
        return sim_fail(e, SIM_EINVAL, "%s: repeat: '%.40s' cannot be repeated; run and decide can",
                        path, m->subcommand);
    }
    for (size_t i = 0; i < m->n_options; i += 2) {
        const bool is_known =
            is_decide && i + 1 < m->n_options &&
            (strcmp(m->option[i], "--outage") == 0 || strcmp(m->option[i], "--limit") == 0);
        if (!is_known) {
            return sim_fail(e, SIM_EINVAL, "%s: repeat: %s takes no option '%.80s' here", path,
                            m->subcommand, m->option[i]);
        }
    }
    return SIM_OK;
}

static enum sim_err read_repeat(struct rerun_manifest *m, const char *path, struct sim_error *e)
{
    const json_t *const repeat = json_object_get(m->json, "repeat");
    if (!json_is_object(repeat)) {
        return sim_fail(e, SIM_EINVAL,
                        "%s: 'repeat' is missing: it is the manifest of something that cannot be "
                        "repeated, or of a program that did not yet write it",
                        path);
    }
    enum sim_err err = read_text(repeat, path, "subcommand", &m->subcommand, e);
    err = err == SIM_OK ? read_text(repeat, path, "scenario", &m->scenario, e) : err;
    err = err == SIM_OK ? read_options(m, repeat, path, e) : err;
    err = err == SIM_OK ? check_options(m, path, e) : err;
    if (err == SIM_OK && rerun_manifest_file(m, m->scenario) == NULL) {
        err = sim_fail(e, SIM_EINVAL, "%s: sha256: the scenario, %.80s, is not listed", path,
                       m->scenario);
    }
    return err;
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
    err = err == SIM_OK ? read_text(m->json, path, "scenario_sha256", &m->scenario_sha256, e) : err;
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
