/* cli/alternatives.h -- scenarios to be compared: files, and values of keys that are varied. */
#ifndef CLI_ALTERNATIVES_H
#define CLI_ALTERNATIVES_H

#include "cli/options.h"

struct alternative {
    const char *path; /* the file; borrowed */
    char *name;       /* the file, and what is varied: "a.yaml, servers.B.cores=8" */
    struct settings settings;
    struct scenario scenario;
};

/* All zeros is none. */
struct alternatives {
    struct alternative *item;
    size_t n, capacity;
};

enum { ALTERNATIVES_MOST = 100 };

/* Loads every file of `path` under every combination of the values of `vary` ("key=v1,v2"; commas inside
 * brackets belong to a value). The options of `common` hold for all. What is wrong is printed to stderr;
 * then the list is empty. */
enum exit_code alternatives_load(struct alternatives *a, const char *const path[], size_t n_paths,
                                 const char *const vary[], size_t n_vary,
                                 const struct scenario_options *common);
void alternatives_fini(struct alternatives *a);

#endif
