#include "output/new_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct new_file {
    char *path, *staging; /* staging is NULL before it is made and after it has its name */
    bool replaces;
};

static enum sim_err check_place(const char *path, bool replace, struct sim_error *e)
{
    struct stat there;
    if (lstat(path, &there) != 0) {
        return SIM_OK; /* what is wrong with it, if anything, shows when it is made */
    }
    if (!S_ISREG(there.st_mode)) {
        return sim_fail(e, SIM_EEXIST, "%s exists and is not a plain file", path);
    }
    return replace ? SIM_OK
                   : sim_fail(e, SIM_EEXIST, "%s exists already; --force replaces it", path);
}

/* "folder/.name.XXXXXX" for "folder/name"; NULL without memory. */
static char *staging_name(const char *path)
{
    const char *const slash = strrchr(path, '/');
    const int folder = slash != NULL ? (int)(slash + 1 - path) : 0;
    const size_t byte = strlen(path) + sizeof "..XXXXXX";
    char *const name = malloc(byte);
    if (name != NULL) {
        snprintf(name, byte, "%.*s.%s.XXXXXX", folder, path, path + folder);
    }
    return name;
}

/* mkstemp() makes files for the owner alone; this one is to have the usual rights. */
static int make_file(char *name)
{
    const mode_t mask = umask(0);
    umask(mask);
    const int file = mkstemp(name);
    if (file >= 0 && fchmod(file, 0666 & ~mask) != 0) {
        close(file);
        unlink(name);
        return -1;
    }
    return file;
}

enum sim_err new_file_create(const char *path, bool replace, struct new_file **out,
                             struct sim_error *e)
{
    enum sim_err err = check_place(path, replace, e);
    if (err != SIM_OK) {
        return err;
    }
    struct new_file *const f = calloc(1, sizeof *f);
    char *const staging = staging_name(path);
    if (f == NULL || staging == NULL || (f->path = strdup(path)) == NULL) {
        free(staging);
        free(f);
        return sim_fail_memory(e, path);
    }
    const int file = make_file(staging);
    if (file < 0) {
        err = sim_fail(e, SIM_EIO, "%s cannot be created: %s", path, strerror(errno));
        free(staging);
        new_file_destroy(f);
        return err;
    }
    close(file);
    f->staging = staging;
    f->replaces = replace;
    *out = f;
    return SIM_OK;
}

const char *new_file_staging(const struct new_file *f)
{
    return f->staging;
}

/* link() does not overwrite what has appeared meanwhile, as rename() does; but not every file system
 * has links. */
static int take_name(const struct new_file *f)
{
    if (!f->replaces) {
        if (link(f->staging, f->path) == 0) {
            return unlink(f->staging);
        }
        if (errno != EPERM && errno != EOPNOTSUPP) {
            return -1;
        }
    }
    return rename(f->staging, f->path);
}

enum sim_err new_file_commit(struct new_file *f, struct sim_error *e)
{
    if (take_name(f) != 0) {
        return sim_fail(e, errno == EEXIST ? SIM_EEXIST : SIM_EIO, "%s: %s", f->path,
                        strerror(errno));
    }
    free(f->staging);
    f->staging = NULL;
    return SIM_OK;
}

void new_file_name_error(const struct new_file *f, struct sim_error *e)
{
    const size_t length = f->staging != NULL ? strlen(f->staging) : 0;
    if (length > 0 && strncmp(e->text, f->staging, length) == 0) {
        struct sim_error named = *e;
        snprintf(named.text, sizeof named.text, "%s%s", f->path, e->text + length);
        *e = named;
    }
}

void new_file_destroy(struct new_file *f)
{
    if (f == NULL) {
        return;
    }
    if (f->staging != NULL) {
        unlink(f->staging);
        free(f->staging);
    }
    free(f->path);
    free(f);
}
