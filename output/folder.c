#include "output/folder.h"

#include "sim/base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct folder {
    char *path;
    char *staging;
    bool replaces;
    bool is_committed;
    char **file;
    size_t n_files, capacity;
};

static enum sim_err fail_errno(struct sim_error *e, const char *path)
{
    return sim_fail(e, SIM_EIO, "%s: %s", path, strerror(errno));
}

static char *join(const char *folder, const char *name)
{
    const size_t byte = strlen(folder) + strlen(name) + 2;
    char *const path = malloc(byte);
    if (path != NULL) {
        snprintf(path, byte, "%s/%s", folder, name);
    }
    return path;
}

/* Makes all folders on the way to `path`, not itself. `path` is changed for a moment. */
static bool make_parents(char *path)
{
    for (char *p = path + 1; *p != '\0'; p++) {
        if (*p == '/') {
            *p = '\0';
            const bool ok = mkdir(path, 0777) == 0 || errno == EEXIST;
            *p = '/';
            if (!ok) {
                return false;
            }
        }
    }
    return true;
}

/* ---- What stands at the wanted place ---- */

/* rmdir succeeds on an empty folder only, which is what counts as not there. */
static bool is_free(const char *path)
{
    struct stat info;
    return lstat(path, &info) != 0 || rmdir(path) == 0;
}

static bool is_ours(const char *path)
{
    char *const manifest = join(path, "manifest.json");
    json_error_t error;
    json_t *const root = manifest != NULL ? json_load_file(manifest, 0, &error) : NULL;
    const char *const tool = json_string_value(json_object_get(root, "tool"));
    const bool ours = tool != NULL && strcmp(tool, "primestorm") == 0;
    json_decref(root);
    free(manifest);
    return ours;
}

static enum sim_err check_place(const char *path, bool replace, bool *replaces, struct sim_error *e)
{
    *replaces = !is_free(path);
    if (!*replaces) {
        return SIM_OK;
    }
    if (!replace) {
        return sim_fail(e, SIM_EEXIST,
                        "%s exists already; choose another name, or replace it with --force", path);
    }
    if (!is_ours(path)) {
        return sim_fail(e, SIM_EEXIST,
                        "%s was not written by primestorm (no manifest.json of it); it is left "
                        "alone even with --force",
                        path);
    }
    return SIM_OK;
}

/* ---- Life cycle ---- */

static void free_folder(struct folder *f)
{
    for (size_t i = 0; i < f->n_files; i++) {
        free(f->file[i]);
    }
    free(f->file);
    free(f->path);
    free(f->staging);
    free(f);
}

/* "out/run" is written as "out/.run.XXXXXX": hidden, and on the same file system. */
static char *staging_pattern(const char *path)
{
    const char *const slash = strrchr(path, '/');
    const size_t head = slash != NULL ? (size_t)(slash - path) + 1 : 0;
    const size_t byte = strlen(path) + sizeof ".." + sizeof "XXXXXX";
    char *const pattern = malloc(byte);
    if (pattern != NULL) {
        snprintf(pattern, byte, "%.*s.%s.XXXXXX", (int)head, path, path + head);
    }
    return pattern;
}

static char *without_trailing_slashes(const char *path)
{
    char *const copy = strdup(path);
    for (size_t n = copy != NULL ? strlen(copy) : 0; n > 1 && copy[n - 1] == '/'; n--) {
        copy[n - 1] = '\0';
    }
    return copy;
}

static enum sim_err create_staging(struct folder *f, struct sim_error *e)
{
    f->staging = staging_pattern(f->path);
    if (f->staging == NULL) {
        return sim_fail_memory(e, f->path);
    }
    if (!make_parents(f->staging) || mkdtemp(f->staging) == NULL) {
        const enum sim_err err =
            sim_fail(e, SIM_EIO, "%s cannot be created: %s", f->path, strerror(errno));
        free(f->staging);
        f->staging = NULL;
        return err;
    }
    const mode_t mask = umask(0);
    umask(mask);
    chmod(f->staging, 0777 & ~mask); /* mkdtemp makes it private */
    return SIM_OK;
}

enum sim_err folder_create(const char *path, bool replace, struct folder **out, struct sim_error *e)
{
    struct folder *const f = calloc(1, sizeof *f);
    if (f == NULL) {
        return sim_fail_memory(e, path);
    }
    f->path = without_trailing_slashes(path);
    if (f->path == NULL) {
        free_folder(f);
        return sim_fail_memory(e, path);
    }
    enum sim_err err = check_place(f->path, replace, &f->replaces, e);
    if (err == SIM_OK) {
        err = create_staging(f, e);
    }
    if (err != SIM_OK) {
        free_folder(f);
        return err;
    }
    *out = f;
    return SIM_OK;
}

char *folder_file(struct folder *f, const char *name)
{
    char *const path = join(f->staging, name);
    char *const copy = strdup(name);
    if (path == NULL || copy == NULL ||
        sim_grow(&f->file, &f->capacity, f->n_files + 1, sizeof *f->file) != SIM_OK) {
        free(path);
        free(copy);
        return NULL;
    }
    f->file[f->n_files++] = copy;
    (void)make_parents(path); /* a failure shows when the file is opened */
    return path;
}

size_t folder_n_files(const struct folder *f)
{
    return f->n_files;
}

const char *folder_file_name(const struct folder *f, size_t i)
{
    return f->file[i];
}

const char *folder_path(const struct folder *f)
{
    return f->path;
}

const char *folder_staging(const struct folder *f)
{
    return f->staging;
}

/* ---- Taking the place ---- */

static void remove_tree(const char *path)
{
    DIR *const folder = opendir(path);
    const struct dirent *entry;
    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        char *const inner = join(path, entry->d_name);
        if (inner != NULL && unlink(inner) != 0) {
            remove_tree(inner);
        }
        free(inner);
    }
    if (folder != NULL) {
        closedir(folder);
    }
    rmdir(path);
}

static bool is_folder(const char *path)
{
    struct stat info;
    return lstat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

/* Moves what the old folder holds besides our files into the new one; ours are written anew. */
static void carry_over(const char *old, const char *staging) /* NOLINT: recurses, as folders do */
{
    DIR *const folder = opendir(old);
    const struct dirent *entry;
    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        char *const from = join(old, entry->d_name);
        char *const to = join(staging, entry->d_name);
        struct stat info;
        if (from != NULL && to != NULL && lstat(to, &info) != 0) {
            (void)rename(from, to);
        } else if (from != NULL && to != NULL && is_folder(from) && is_folder(to)) {
            carry_over(from, to);
        }
        free(from);
        free(to);
    }
    if (folder != NULL) {
        closedir(folder);
    }
}

/* The old folder steps aside, the new one takes its name, foreign files follow, the old one goes.
 */
static enum sim_err exchange(struct folder *f, struct sim_error *e)
{
    char *const aside = staging_pattern(f->path);
    if (aside == NULL) {
        return sim_fail_memory(e, f->path);
    }
    enum sim_err err = SIM_OK;
    if (mkdtemp(aside) == NULL || rename(f->path, aside) != 0) {
        err = fail_errno(e, f->path);
    } else if (rename(f->staging, f->path) != 0) {
        err = fail_errno(e, f->path);
        (void)rename(aside, f->path);
    } else {
        carry_over(aside, f->path);
        remove_tree(aside);
    }
    free(aside);
    return err;
}

enum sim_err folder_commit(struct folder *f, struct sim_error *e)
{
    enum sim_err err = SIM_OK;
    if (f->replaces) {
        err = exchange(f, e);
    } else if (rename(f->staging, f->path) != 0) {
        err = errno == EEXIST || errno == ENOTEMPTY
                  ? sim_fail(e, SIM_EEXIST, "%s has appeared meanwhile", f->path)
                  : fail_errno(e, f->path);
    }
    f->is_committed = err == SIM_OK;
    return err;
}

void folder_name_error(const struct folder *f, struct sim_error *e)
{
    const char *const found = strstr(e->text, f->staging);
    if (found != NULL) {
        char text[sizeof e->text];
        snprintf(text, sizeof text, "%.*s%s%s", (int)(found - e->text), e->text, f->path,
                 found + strlen(f->staging));
        memcpy(e->text, text, sizeof text);
    }
}

void folder_destroy(struct folder *f)
{
    if (f == NULL) {
        return;
    }
    if (!f->is_committed) {
        remove_tree(f->staging);
    }
    free_folder(f);
}
