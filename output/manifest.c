#include "output/manifest.h"

#include "output/new_file.h"
#include "output/tree.h"
#include "sim/base/text.h"

#include <csv.h>
#include <errno.h>
#include <gsl/gsl_version.h>
#include <jansson.h>
#include <sha256.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/utsname.h>
#include <unistd.h>

void manifest_sha256(const char *text, size_t length, char digest[static SHA256_TEXT])
{
    SHA256Data((const uint8_t *)text, length, digest);
}

bool manifest_sha256_file(const char *path, char digest[static SHA256_TEXT])
{
    return SHA256File(path, digest) != NULL;
}

static json_t *utc(time_t t)
{
    char text[32] = "";
    struct tm parts;
    if (gmtime_r(&t, &parts) != NULL) {
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    }
    return json_string(text);
}

json_t *manifest_load(const char *path)
{
    json_error_t ignored;
    json_t *const root = json_load_file(path, 0, &ignored);
    const char *const tool = json_string_value(json_object_get(root, "tool"));
    if (tool == NULL || strcmp(tool, "primestorm") != 0) {
        json_decref(root);
        return NULL;
    }
    return root;
}

bool manifest_is_ours(const char *path)
{
    json_t *const root = manifest_load(path);
    json_decref(root);
    return root != NULL;
}

bool manifest_is_text(const char *text)
{
    json_t *const value = json_string(text);
    json_decref(value);
    return value != NULL;
}

/* JSON is UTF-8; names of files need not be. */
static json_t *text_of(const char *text)
{
    if (manifest_is_text(text)) {
        return json_string(text);
    }
    char *const copy = strdup(text);
    for (char *p = copy; p != NULL && *p != '\0'; p++) {
        *p = (char)((unsigned char)*p < 0x80 ? *p : '?');
    }
    json_t *const value = copy != NULL ? json_string(copy) : NULL;
    free(copy);
    return value;
}

static json_t *command_line(const struct manifest *m)
{
    json_t *const list = json_array();
    json_array_append_new(list, json_string("primestorm"));
    json_array_append_new(list, json_string(m->subcommand));
    for (int i = 1; i < m->argc; i++) {
        json_array_append_new(list, text_of(m->argv[i]));
    }
    return list;
}

/* "model name : ..." of the first processor. */
static void read_cpu_model(char *text, size_t size)
{
    char line[256];
    FILE *const file = fopen("/proc/cpuinfo", "r");
    snprintf(text, size, "unknown");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        const char *const colon = strchr(line, ':');
        if (strncmp(line, "model name", 10) == 0 && colon != NULL) {
            snprintf(text, size, "%.*s", (int)strcspn(colon + 2, "\n"), colon + 2);
            break;
        }
    }
    if (file != NULL) {
        fclose(file);
    }
}

/* "glibc 2.36"; other C libraries do not say. */
static void read_libc(char *text, size_t size)
{
    snprintf(text, size, "unknown");
#ifdef _CS_GNU_LIBC_VERSION
    confstr(_CS_GNU_LIBC_VERSION, text, size);
#endif
}

static json_t *platform(void)
{
    char cpu[160];
    char libc[80];
    struct utsname name = {0};
    uname(&name);
    read_cpu_model(cpu, sizeof cpu);
    read_libc(libc, sizeof libc);
    return json_pack("{s:s, s:s, s:s, s:s, s:s}", "system", name.sysname, "release", name.release,
                     "machine", name.machine, "cpu", cpu, "libc", libc);
}

static json_t *libraries(const struct manifest *m)
{
    char csv[32];
    snprintf(csv, sizeof csv, "%d.%d.%d", CSV_MAJOR, CSV_MINOR, CSV_RELEASE);
    json_t *const list = json_pack("{s:s, s:s, s:s, s:s?}", "gsl", gsl_version, "libcsv", csv,
                                   "jansson", JANSSON_VERSION, "gnuplot", m->gnuplot);
    if (m->sqlite != NULL) {
        json_object_set_new(list, "sqlite", json_string(m->sqlite));
    }
    return list;
}

/* The digests of `n` files in the folder `base`. */
static json_t *exports(const char *base, const char *const name[], size_t n)
{
    json_t *const list = json_object();
    for (size_t i = 0; i < n; i++) {
        char digest[SHA256_TEXT];
        char *const path = tree_join(base, name[i]);
        const bool is_known = path != NULL && SHA256File(path, digest) != NULL;
        free(path);
        if (!is_known) {
            json_decref(list);
            return NULL; /* better no manifest than one that does not vouch for every file */
        }
        json_object_set_new(list, name[i], json_string(digest));
    }
    return list;
}

static json_t *texts(const char *const text[], size_t n)
{
    json_t *const list = json_array();
    for (size_t i = 0; i < n; i++) {
        json_array_append_new(list, json_string(text[i]));
    }
    return list;
}

/* How it is made again; NULL if it cannot be, or without memory. */
static json_t *repetition(const struct manifest *m)
{
    json_t *const list = texts(m->repeat_option, m->n_repeat_options);
    const bool has_scenario = m->scenario != NULL;
    if (m->repeat_folder != NULL) {
        return json_pack("{s:s, s:s, s:o, s:o}", "subcommand", m->repeat_as, "folder",
                         m->repeat_folder, "scenarios",
                         texts(m->repeat_scenario, m->n_repeat_scenarios), "options", list);
    }
    return json_pack("{s:s, s:s, s:o}", "subcommand", m->repeat_as,
                     has_scenario ? "scenario" : "data",
                     has_scenario ? "scenario.effective.yaml" : m->data[0].path, "options", list);
}

static json_t *data(const struct manifest *m)
{
    json_t *const list = json_object();
    for (size_t i = 0; i < m->n_data; i++) {
        json_object_set_new(list, m->data[i].path, json_string(m->data[i].sha256));
    }
    return json_pack("{s:o}", "data", list);
}

/* What it was made of: a scenario and its replications, or measured data. */
static json_t *subject(const struct manifest *m)
{
    if (m->scenario == NULL) {
        return data(m);
    }
    json_t *const list = json_pack(
        "{s:o, s:s, s:i, s:i, s:i, s:i, s:f}", "scenario", text_of(m->scenario), "scenario_sha256",
        m->scenario_sha256, "schema", (int)m->schema, "points", (int)m->points, "replications",
        (int)m->replications, "threads", (int)m->threads, "confidence", m->confidence);
    if (m->ranks > 0) {
        json_object_set_new(list, "ranks", json_integer(m->ranks));
    }
    return list;
}

static json_t *randomness(const struct manifest *m)
{
    return m->draws_nothing
               ? json_object()
               : json_pack("{s:I, s:s}", "seed", (json_int_t)m->seed, "generator",
                           "philox4x32-10, streams named by (seed; entity, purpose, attempt, "
                           "replication)");
}

static json_t *to_json(const char *base, const char *const name[], size_t n,
                       const struct manifest *m)
{
    json_t *const root = json_pack("{s:s, s:s, s:s, s:s}", "tool", "primestorm", "version",
                                   m->version, "revision", m->revision, "build", m->build);
    json_t *const rest =
        json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "started", utc(m->started), "ended",
                  utc(m->ended), "command", command_line(m), "platform", platform(), "libraries",
                  libraries(m), "sha256", exports(base, name, n));
    json_t *const what = subject(m);
    json_t *const draws = randomness(m);
    const bool has_repetition =
        m->repeat_as == NULL || json_object_set_new(rest, "repeat", repetition(m)) == 0;
    const bool is_whole = root != NULL && rest != NULL && what != NULL && draws != NULL &&
                          has_repetition && json_object_update(root, what) == 0 &&
                          json_object_update(root, draws) == 0 &&
                          json_object_update(root, rest) == 0;
    json_decref(draws);
    json_decref(rest);
    json_decref(what);
    if (!is_whole) {
        json_decref(root);
        return NULL;
    }
    return root;
}

/* Jansson writes all real numbers with as many digits: those that the confidence, the only one here,
 * takes to be read back as the same number. */
static size_t digits_of(double value)
{
    size_t n = 0;
    char text[SIM_DOUBLE_TEXT];
    sim_double_text(text, value);
    for (const char *p = text; *p != '\0' && *p != 'e'; p++) {
        const bool is_leading_zero = n == 0 && *p == '0';
        n += *p >= '0' && *p <= '9' && !is_leading_zero;
    }
    return n > 0 ? n : 1;
}

/* Writes to `path` what is told of the files in `base`. */
static enum sim_err write_json(const char *path, const char *base, const char *const name[],
                               size_t n, const struct manifest *m, struct sim_error *e)
{
    json_t *const root = to_json(base, name, n, m);
    enum sim_err err = SIM_OK;
    if (root == NULL) {
        err = sim_fail_memory(e, "manifest.json");
    } else if (json_dump_file(root, path,
                              JSON_INDENT(2) | JSON_REAL_PRECISION(digits_of(m->confidence))) !=
               0) {
        err = sim_fail(e, SIM_EIO, "%s: %s", path, strerror(errno));
    }
    json_decref(root);
    return err;
}

enum sim_err manifest_write(struct folder *folder, const struct manifest *m, struct sim_error *e)
{
    const size_t n = folder_n_files(folder);
    const char **const name = calloc(n + 1, sizeof *name);
    char *const path = folder_file(folder, "manifest.json");
    for (size_t i = 0; name != NULL && i < n; i++) {
        name[i] = folder_file_name(folder, i);
    }
    const enum sim_err err = name == NULL || path == NULL
                                 ? sim_fail_memory(e, "manifest.json")
                                 : write_json(path, folder_staging(folder), name, n, m, e);
    free(path);
    free(name);
    return err;
}

enum sim_err manifest_write_beside(const char *base, const char *as, const char *const name[],
                                   size_t n, const struct manifest *m, struct sim_error *e)
{
    char *const path = tree_join(base, as);
    struct new_file *file = NULL;
    enum sim_err err =
        path != NULL ? new_file_create(path, true, &file, e) : sim_fail_memory(e, as);
    err = err == SIM_OK ? write_json(new_file_staging(file), base, name, n, m, e) : err;
    err = err == SIM_OK ? new_file_commit(file, e) : err;
    new_file_destroy(file);
    free(path);
    return err;
}
