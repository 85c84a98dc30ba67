/* models/settings.h -- a scenario as a flat list: "servers.B.cores" = "4", and where that was said.
 *
 * Layers are put on top of each other: built-in collections, the files of an `extends:` chain from
 * the base up, `--set` options. A later layer replaces the value of a path; a sequence (timeline)
 * is replaced as a whole. The order of first appearance is kept: it is the order of classes and
 * servers.
 */
#ifndef MODELS_SETTINGS_H
#define MODELS_SETTINGS_H

#include "models/problems.h"

#include <stdbool.h>

struct setting {
    char *path; /* dotted; "timeline.0.at" for elements of sequences */
    char *value;
    struct origin origin;
};

/* All zeros is empty. */
struct settings {
    struct setting *item;
    size_t n, capacity;
    char **source; /* names that origins borrow */
    size_t n_sources, source_capacity;
    char *given; /* the scenario file, as it was; owned */
    size_t given_length;
};

void settings_fini(struct settings *s);

/* Makes `*copy` the same list. Its origins borrow from `s`, which must live longer. SIM_ENOMEM: then
 * the copy is empty. */
SIM_MUST_CHECK enum sim_err settings_copy(const struct settings *s, struct settings *copy);

/* A copy of `name` that lives as long as the settings; NULL when out of memory. */
const char *settings_keep_source(struct settings *s, const char *name);

/* Sets or replaces. SIM_ENOMEM. O(n). */
SIM_MUST_CHECK enum sim_err settings_put(struct settings *s, const char *path, const char *value,
                                         struct origin origin);

const struct setting *settings_find(const struct settings *s,
                                    const char *path); /* NULL if absent */

/* Is there a path that begins with `prefix` and a dot? */
bool settings_has_below(const struct settings *s, const char *prefix);
void settings_remove_below(struct settings *s, const char *prefix);

#endif
