#include "models/settings.h"

#include "sim/base/mem.h"

#include <stdlib.h>
#include <string.h>

static void free_setting(struct setting *s)
{
    free(s->path);
    free(s->value);
}

void settings_fini(struct settings *s)
{
    for (size_t i = 0; i < s->n; i++) {
        free_setting(&s->item[i]);
    }
    for (size_t i = 0; i < s->n_sources; i++) {
        free(s->source[i]);
    }
    free(s->item);
    free(s->source);
    free(s->given);
    *s = (struct settings){0};
}

const char *settings_keep_source(struct settings *s, const char *name)
{
    char *const copy = strdup(name);
    if (copy == NULL ||
        sim_grow(&s->source, &s->source_capacity, s->n_sources + 1, sizeof *s->source) != SIM_OK) {
        free(copy);
        return NULL;
    }
    s->source[s->n_sources++] = copy;
    return copy;
}

static struct setting *find(const struct settings *s, const char *path)
{
    for (size_t i = 0; i < s->n; i++) {
        if (strcmp(s->item[i].path, path) == 0) {
            return &s->item[i];
        }
    }
    return NULL;
}

const struct setting *settings_find(const struct settings *s, const char *path)
{
    return find(s, path);
}

static enum sim_err append(struct settings *s, const char *path, char *value, struct origin origin)
{
    char *const path_copy = strdup(path);
    if (path_copy == NULL ||
        sim_grow(&s->item, &s->capacity, s->n + 1, sizeof *s->item) != SIM_OK) {
        free(path_copy);
        return SIM_ENOMEM;
    }
    struct setting *const added = &s->item[s->n++];
    added->path = path_copy;
    added->value = value;
    added->origin = origin;
    return SIM_OK;
}

enum sim_err settings_put(struct settings *s, const char *path, const char *value,
                          struct origin origin)
{
    char *const copy = strdup(value);
    if (copy == NULL) {
        return SIM_ENOMEM;
    }
    struct setting *const old = find(s, path);
    if (old == NULL) {
        const enum sim_err err = append(s, path, copy, origin);
        if (err != SIM_OK) {
            free(copy);
        }
        return err;
    }
    free(old->value);
    old->value = copy;
    old->origin = origin;
    return SIM_OK;
}

static bool is_below(const char *path, const char *prefix)
{
    const size_t length = strlen(prefix);
    return strncmp(path, prefix, length) == 0 && path[length] == '.';
}

bool settings_has_below(const struct settings *s, const char *prefix)
{
    for (size_t i = 0; i < s->n; i++) {
        if (is_below(s->item[i].path, prefix)) {
            return true;
        }
    }
    return false;
}

void settings_remove_below(struct settings *s, const char *prefix)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->n; i++) {
        if (is_below(s->item[i].path, prefix)) {
            free_setting(&s->item[i]);
        } else {
            s->item[kept++] = s->item[i];
        }
    }
    s->n = kept;
}

enum sim_err settings_copy(const struct settings *s, struct settings *copy)
{
    *copy = (struct settings){0};
    for (size_t i = 0; i < s->n; i++) {
        const struct setting *const item = &s->item[i];
        char *const value = strdup(item->value);
        if (value == NULL || append(copy, item->path, value, item->origin) != SIM_OK) {
            free(value);
            settings_fini(copy);
            return SIM_ENOMEM;
        }
    }
    return SIM_OK;
}
