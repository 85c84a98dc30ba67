#include "cli/data_files.h"

#include "output/tree.h"
#include "sim/base/assert.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool is_plain(const char *path)
{
    struct stat what;
    return strcmp(path, "-") != 0 && stat(path, &what) == 0 && S_ISREG(what.st_mode);
}

/* The folder in full, and the name as given: the file behind a link may have another, and pictures name it. */
static bool full_path(const char *path, char full[PATH_MAX])
{
    const char *const name = tree_name(path);
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%.*s", name > path ? (int)(name - path) : 1,
             name > path ? path : ".");
    if (realpath(folder, full) == NULL || strlen(full) + strlen(name) + 2 > PATH_MAX) {
        return false;
    }
    const size_t n = strlen(full);
    snprintf(full + n, PATH_MAX - n, "%s%s", full[n - 1] == '/' ? "" : "/", name);
    return true;
}

void data_files_add(struct data_files *d, const char *path)
{
    SIM_ASSERT(d->n < DATA_FILES_MOST);
    const size_t i = d->n;
    if (!is_plain(path) || !full_path(path, d->path[i]) || !manifest_is_text(d->path[i]) ||
        !manifest_sha256_file(path, d->sha256[i])) {
        d->has_stream = true;
        return;
    }
    d->file[i] = (struct manifest_data){d->path[i], d->sha256[i]};
    d->n++;
}

static bool is_as_it_was(const struct data_files *d)
{
    for (size_t i = 0; i < d->n; i++) {
        char now[SHA256_TEXT];
        if (!manifest_sha256_file(d->path[i], now) || strcmp(now, d->sha256[i]) != 0) {
            return false;
        }
    }
    return true;
}

void repeat_add(struct repeat_options *r, const char *option, const char *value)
{
    if (value == NULL) {
        return;
    }
    SIM_ASSERT(r->n + 2 <= sizeof r->word / sizeof r->word[0]);
    r->word[r->n++] = option;
    r->word[r->n++] = value;
}

void repeat_add_flag(struct repeat_options *r, const char *option)
{
    SIM_ASSERT(r->n < sizeof r->word / sizeof r->word[0]);
    r->word[r->n++] = option;
}

void data_files_manifest(const struct data_files *d, const char *subcommand,
                         const struct repeat_options *r, struct manifest *m)
{
    m->data = d->file;
    m->n_data = d->n;
    m->subcommand = subcommand;
    if (!d->has_stream && is_as_it_was(d)) {
        m->repeat_as = subcommand;
        m->repeat_option = r->word;
        m->n_repeat_options = r->n;
    }
}
