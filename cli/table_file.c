#include "cli/table_file.h"

#include "output/tree.h"

#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

static bool is_same_file(const char *a, const char *b)
{
    struct stat first;
    struct stat second;
    return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

static enum sim_err try_manifest(const char *table, bool replace, struct sim_error *e)
{
    struct new_file *file = NULL;
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s" MANIFEST_ENDING, table);
    const enum sim_err err = new_file_create(path, replace || manifest_is_ours(path), &file, e);
    new_file_destroy(file);
    return err;
}

enum sim_err table_file_create(const char *path, bool replace, const char *work,
                               const char *const made_of[], size_t n, struct new_file **file,
                               struct sim_error *e)
{
    for (size_t i = 0; i < n; i++) {
        if (is_same_file(path, made_of[i])) {
            return sim_fail(e, SIM_EEXIST, "%s is what the %s is made of; choose another name",
                            path, work);
        }
    }
    enum sim_err err = new_file_create(path, replace, file, e);
    err = err == SIM_OK ? try_manifest(path, replace, e) : err;
    if (err != SIM_OK) {
        new_file_destroy(*file);
        *file = NULL;
    }
    return err;
}

enum sim_err table_file_describe(const char *path, const struct manifest *m, struct sim_error *e)
{
    char as[PATH_MAX];
    char folder[PATH_MAX];
    const char *const name = tree_name(path);
    snprintf(as, sizeof as, "%s" MANIFEST_ENDING, name);
    snprintf(folder, sizeof folder, "%.*s", name > path ? (int)(name - path) : 1,
             name > path ? path : ".");
    return manifest_write_beside(folder, as, &name, 1, m, e);
}
