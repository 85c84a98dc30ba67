#include "cli/data_files.h"

#include "sim/base/assert.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool is_plain(const char *path)
{
    struct stat what;
    return strcmp(path, "-") != 0 && stat(path, &what) == 0 && S_ISREG(what.st_mode);
}

void data_files_add(struct data_files *d, const char *path)
{
    SIM_ASSERT(d->n < DATA_FILES_MOST);
    const size_t i = d->n;
    if (!is_plain(path) || realpath(path, d->path[i]) == NULL ||
        !manifest_sha256_file(path, d->sha256[i])) {
        d->has_stream = true;
        return;
    }
    d->file[i] = (struct manifest_data){d->path[i], d->sha256[i]};
    d->n++;
}

void repeat_add(struct repeat_options *r, const char *option, const char *value)
{
    if (value == NULL) {
        return;
    }
    SIM_ASSERT(r->n + 2 <= sizeof r->word / sizeof r->word[0]);
    r->word[r->n++] = option;
    if (*value != '\0') {
        r->word[r->n++] = value;
    }
}

void data_files_manifest(const struct data_files *d, const char *subcommand,
                         const struct repeat_options *r, struct manifest *m)
{
    m->data = d->file;
    m->n_data = d->n;
    m->subcommand = subcommand;
    if (!d->has_stream) {
        m->repeat_as = subcommand;
        m->repeat_option = r->word;
        m->n_repeat_options = r->n;
    }
}
