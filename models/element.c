#include "models/element.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { MAX_NAMES = 16, NAME_BYTE = 40 };

bool element_is_there(const struct settings *settings, const struct schema_place *place)
{
    char path[PATH_MAX];
    if (place->name == NULL) {
        return true;
    }
    snprintf(path, sizeof path, "%s.%.*s", place->section->prefix, (int)place->name_length,
             place->name);
    return settings_find(settings, path) != NULL || settings_has_below(settings, path);
}

void element_missing_text(const struct settings *settings, const struct schema_place *place,
                          char *text, size_t size)
{
    char name[NAME_BYTE];
    char hint[256];
    snprintf(name, sizeof name, "%.*s", (int)place->name_length, place->name);
    element_replaced_text(settings, place->section, name, hint, sizeof hint);
    snprintf(text, size,
             "the scenario has nothing of this name; 'primestorm show' lists what it has%s", hint);
}

struct names {
    char name[MAX_NAMES][NAME_BYTE];
    size_t n;
};

static bool is_among(const struct names *names, const char *name)
{
    for (size_t i = 0; i < names->n; i++) {
        if (strcasecmp(names->name[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* Takes the name of the element that `path` lies in, once; paths of other sections have none. */
static void add_name(struct names *names, const struct schema_section *section, const char *path)
{
    struct schema_place place;
    char name[NAME_BYTE];
    if (!schema_locate(path, &place) || place.section != section || names->n == MAX_NAMES) {
        return;
    }
    snprintf(name, sizeof name, "%.*s", (int)place.name_length, place.name);
    if (!is_among(names, name)) {
        memcpy(names->name[names->n++], name, sizeof name);
    }
}

static struct names list_builtins(const struct schema_section *section)
{
    struct names all = {.n = 0};
    for (size_t k = 0; k < schema_n_builtins; k++) {
        add_name(&all, section, schema_builtins[k].path);
    }
    return all;
}

/* The built-in elements that the scenario lacks; `*named`: those that it has. */
static struct names list_replaced(const struct settings *settings,
                                  const struct schema_section *section, struct names *named)
{
    const struct names all = list_builtins(section);
    struct names replaced = {.n = 0};
    for (size_t i = 0; i < settings->n; i++) {
        add_name(named, section, settings->item[i].path);
    }
    for (size_t i = 0; i < all.n; i++) {
        if (!is_among(named, all.name[i])) {
            memcpy(replaced.name[replaced.n++], all.name[i], NAME_BYTE);
        }
    }
    return replaced;
}

void element_replaced_text(const struct settings *settings, const struct schema_section *section,
                           const char *wanted, char *text, size_t size)
{
    struct names named = {.n = 0};
    const struct names replaced = list_replaced(settings, section, &named);
    bool is_meant = wanted != NULL ? is_among(&replaced, wanted) : named.n == 1;
    char list[MAX_NAMES * (NAME_BYTE + 8)] = "";
    size_t used = 0;
    *text = '\0';
    const struct names all = list_builtins(section);
    for (size_t i = 0; i < named.n && wanted == NULL; i++) {
        is_meant |= is_among(&all, named.name[i]);
    }
    if (named.n == 0 || replaced.n == 0 || !is_meant) {
        return;
    }
    for (size_t i = 0; i < replaced.n; i++) {
        const char *const link = i == 0 ? "" : i + 1 < replaced.n ? ", " : " and ";
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", link, replaced.name[i]);
    }
    snprintf(text, size, "; naming %s.%s replaces the built-in %s; name %s too", section->prefix,
             named.name[0], list, replaced.n == 1 ? "it" : "them");
}
