#define _GNU_SOURCE /* renameat2 */
#include "output/folder.h"

#include "output/manifest.h"
#include "output/tree.h"
#include "sim/base/mem.h"

#include <errno.h>
#include <fcntl.h>
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
    size_t made; /* length of the first folder on the way that was made for it; 0: none */
    bool replaces;
    bool is_committed;
    char **file;
    size_t n_files, capacity;
};

static enum sim_err fail_errno(struct sim_error *e, const char *path)
{
    return sim_fail(e, SIM_EIO, "%s: %s", path, strerror(errno));
}

/* Takes away again what tree_make_parents() made, from the innermost outwards, as far as it is empty. */
static void remove_parents(char *path, size_t made)
{
    for (size_t n = strlen(path); made > 0 && n >= made; n--) {
        if (path[n] == '/') {
            path[n] = '\0';
            rmdir(path);
            path[n] = '/';
        }
    }
}

/* ---- What stands at the wanted place ---- */

static bool is_free(const char *path)
{
    struct stat info;
    return lstat(path, &info) != 0 || tree_is_empty(path);
}

/* A folder on which a file system is mounted keeps its name. */
static bool is_mount_point(const char *path)
{
    struct stat info;
    struct stat above;
    char parent[PATH_MAX];
    return (size_t)snprintf(parent, sizeof parent, "%s/..", path) < sizeof parent &&
           tree_is_folder(path) && stat(path, &info) == 0 && stat(parent, &above) == 0 &&
           info.st_dev != above.st_dev;
}

/* The files that a run of this program has written into the folder, by name, and a reference that
 * the caller gives back; NULL if it has no manifest of ours. */
static json_t *read_list(const char *path)
{
    char *const manifest = tree_join(path, "manifest.json");
    json_t *const root = manifest != NULL ? manifest_load(manifest) : NULL;
    json_t *const list = json_object_get(root, "sha256");
    json_t *const kept = json_is_object(list) ? json_incref(list) : NULL;
    json_decref(root);
    free(manifest);
    return kept;
}

static bool is_ours(const char *path)
{
    json_t *const list = read_list(path);
    json_decref(list);
    return list != NULL;
}

static enum sim_err check_place(const char *path, bool replace, bool *replaces, struct sim_error *e)
{
    if (is_mount_point(path)) {
        return sim_fail(e, SIM_EEXIST, "a file system is mounted on %s; choose a folder inside it",
                        path);
    }
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

/* The rights of the folder that is replaced, so that a private one stays private; else the usual
 * ones. */
static mode_t wanted_mode(const char *path)
{
    struct stat info;
    if (stat(path, &info) == 0 && S_ISDIR(info.st_mode)) {
        return (info.st_mode & 07777) | S_IRWXU;
    }
    const mode_t mask = umask(0);
    umask(mask);
    return 0777 & ~mask;
}

/* A link to a folder stays: the folder behind it is the one that is written. */
static char *behind_links(char *path)
{
    struct stat info;
    const bool is_link = lstat(path, &info) == 0 && S_ISLNK(info.st_mode);
    char *const target = is_link ? realpath(path, NULL) : NULL;
    if (target == NULL) {
        return path;
    }
    free(path);
    return target;
}

static enum sim_err create_staging(struct folder *f, struct sim_error *e)
{
    f->staging = staging_pattern(f->path);
    if (f->staging == NULL) {
        return sim_fail_memory(e, f->path);
    }
    if (!tree_make_parents(f->staging, &f->made) || mkdtemp(f->staging) == NULL) {
        const enum sim_err err =
            sim_fail(e, SIM_EIO, "%s cannot be created: %s", f->path, strerror(errno));
        remove_parents(f->staging, f->made);
        free(f->staging);
        f->staging = NULL;
        return err;
    }
    chmod(f->staging, wanted_mode(f->path)); /* mkdtemp makes it private */
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
    f->path = behind_links(f->path);
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
    char *const path = tree_join(f->staging, name);
    char *const copy = strdup(name);
    if (path == NULL || copy == NULL ||
        sim_grow(&f->file, &f->capacity, f->n_files + 1, sizeof *f->file) != SIM_OK) {
        free(path);
        free(copy);
        return NULL;
    }
    f->file[f->n_files++] = copy;
    size_t made;
    (void)tree_make_parents(path, &made); /* a failure shows when the file is opened */
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

static bool is_listed(void *list, const char *name)
{
    return list != NULL &&
           (strcmp(name, "manifest.json") == 0 || json_object_get(list, name) != NULL);
}

static bool is_listed_below(void *list, const char *name)
{
    const size_t length = strlen(name);
    const char *file;
    json_t *digest;
    json_object_foreach(list, file, digest)
    {
        if (strncmp(file, name, length) == 0 && file[length] == '/') {
            return true;
        }
    }
    return false;
}

/* What an older run wrote goes with it, so that no old picture stands beside new data; the rest is
 * the user's. Without a list everything is. */
static enum sim_err keep_foreign(const char *aside, const char *path, struct sim_error *e)
{
    json_t *const list = read_list(aside);
    const struct tree_filter filter = {is_listed, is_listed_below, list};
    const bool is_whole = tree_carry_over(aside, path, &filter);
    json_decref(list);
    if (!is_whole) {
        return sim_fail(e, SIM_EIO,
                        "%s is written, but not all that was kept in the old one could be moved; "
                        "it is in %s",
                        path, aside);
    }
    tree_remove(aside);
    return SIM_OK;
}

/* The old folder steps aside and the new one takes its name, in two steps: `*aside` is where the old
 * one is. */
static enum sim_err step_aside(struct folder *f, char **aside, struct sim_error *e)
{
    *aside = staging_pattern(f->path);
    if (*aside == NULL || mkdtemp(*aside) == NULL) {
        return *aside == NULL ? sim_fail_memory(e, f->path) : fail_errno(e, f->path);
    }
    if (rename(f->path, *aside) != 0) {
        const enum sim_err err = fail_errno(e, f->path);
        rmdir(*aside);
        return err;
    }
    if (rename(f->staging, f->path) != 0) {
        const enum sim_err err = fail_errno(e, f->path);
        (void)rename(*aside, f->path);
        return err;
    }
    return SIM_OK;
}

/* Old and new folder change names at once, so that at no instant there is none; where the file
 * system cannot do that, one after the other. Foreign files follow, the old folder goes. */
static enum sim_err exchange(struct folder *f, struct sim_error *e)
{
    if (renameat2(AT_FDCWD, f->staging, AT_FDCWD, f->path, RENAME_EXCHANGE) == 0) {
        f->is_committed = true;
        return keep_foreign(f->staging, f->path, e);
    }
    if (errno != EINVAL && errno != ENOSYS) {
        return fail_errno(e, f->path);
    }
    char *aside = NULL;
    enum sim_err err = step_aside(f, &aside, e);
    if (err == SIM_OK) {
        f->is_committed = true;
        err = keep_foreign(aside, f->path, e);
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
    } else {
        f->is_committed = true;
    }
    return err;
}

void folder_name_error(const struct folder *f, struct sim_error *e)
{
    const char *const found = strstr(e->text, f->staging);
    const bool is_of_old = f->is_committed; /* which is told where it is */
    if (found != NULL && !is_of_old) {
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
        tree_remove(f->staging);
        remove_parents(f->staging, f->made);
    }
    free_folder(f);
}
