/* cli/data_files.h -- the measured files that results were made of, for their manifest. */
#ifndef CLI_DATA_FILES_H
#define CLI_DATA_FILES_H

#include "output/manifest.h"

#include <limits.h>

enum { DATA_FILES_MOST = 2 };

/* All zeros is none. */
struct data_files {
    char path[DATA_FILES_MOST][PATH_MAX];
    char sha256[DATA_FILES_MOST][SHA256_TEXT];
    struct manifest_data file[DATA_FILES_MOST];
    size_t n;
    bool has_stream; /* standard input, a pipe, a name that is no UTF-8: it cannot be read again */
};

/* Adds one, with its full path, the name as given, and the SHA-256 of what it holds now, before it is read. */
void data_files_add(struct data_files *d, const char *path);

/* Options that, before the path of the first file, make the results again. */
struct repeat_options {
    const char *word[20];
    size_t n;
};

/* Adds an option and its value, both borrowed; one whose value is NULL is left out. */
void repeat_add(struct repeat_options *r, const char *option, const char *value);

/* Adds one that takes no value. */
void repeat_add_flag(struct repeat_options *r, const char *option);

/* Fills what a manifest says of data, options and how to make it again: nothing of the last if a stream was read, or a
 * file has changed since it was added. */
void data_files_manifest(const struct data_files *d, const char *subcommand,
                         const struct repeat_options *r, struct manifest *m);

#endif
