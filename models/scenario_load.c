#include "models/scenario_load.h"

#include "models/element.h"
#include "models/preset.h"
#include "models/schema.h"
#include "models/title.h"
#include "models/yaml_source.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_CHAIN = 8 };

/* The files of an extends chain, the scenario first. */
struct chain {
    const char *name[MAX_CHAIN];
    struct stat identity[MAX_CHAIN];
    int n;
};

struct loader {
    struct settings *settings;
    struct problems *problems;
    struct chain chain;
};

static enum sim_err load_file(struct loader *l, const char *path, const struct origin *asked_by);

static bool is_same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Refuses a file that is in the chain already, or a chain that is too long. */
static bool enter_chain(struct loader *l, const char *path, const char *source,
                        const struct origin *asked_by)
{
    struct chain *const c = &l->chain;
    struct stat identity = {0};
    if (strcmp(path, "-") != 0 && !preset_is_named(path)) {
        (void)stat(path, &identity); /* a missing file is reported when it is opened */
    }
    for (int i = 0; i < c->n && identity.st_ino != 0; i++) {
        if (is_same_file(&c->identity[i], &identity)) {
            problems_add(l->problems, *asked_by, "extends: '%s' leads back to itself", source);
            return false;
        }
    }
    if (c->n == MAX_CHAIN) {
        problems_add(l->problems, *asked_by, "extends: more than %d files in a row", MAX_CHAIN);
        return false;
    }
    c->name[c->n] = source;
    c->identity[c->n++] = identity;
    return true;
}

/* `base` as seen from the folder of `path`. */
static bool resolve(const char *path, const char *base, char *resolved, size_t size)
{
    char folder[PATH_MAX];
    if (*base == '/' || strcmp(path, "-") == 0 || preset_is_named(base)) {
        return (size_t)snprintf(resolved, size, "%s", base) < size;
    }
    if ((size_t)snprintf(folder, sizeof folder, "%s", path) >= sizeof folder) {
        return false;
    }
    const char *const name = dirname(folder);
    const int length = strcmp(name, ".") == 0 ? snprintf(resolved, size, "%s", base)
                                              : snprintf(resolved, size, "%s/%s", name, base);
    return (size_t)length < size;
}

/* "; did you mean 'preset/NAME'?" for a file that is not there, else "". */
static void hint_at_preset(const char *path, char *hint, size_t size)
{
    char name[48];
    const bool is_missing = access(path, F_OK) != 0;
    const char *const meant = is_missing ? preset_meant_by(path, name, sizeof name) : NULL;
    snprintf(hint, size, "%s%s%s", meant != NULL ? "; did you mean '" : "",
             meant != NULL ? meant : "", meant != NULL ? "'?" : "");
}

static enum sim_err load_base(struct loader *l, const char *path, const struct setting *extends)
{
    char base[PATH_MAX];
    if (*extends->value == '\0' || !resolve(path, extends->value, base, sizeof base)) {
        problems_add(l->problems, extends->origin, "extends: the name of a file is missing");
        return SIM_EINVAL;
    }
    if (!preset_is_named(base) && access(base, R_OK) != 0) {
        char hint[64];
        const int reason = errno;
        hint_at_preset(base, hint, sizeof hint);
        problems_add(l->problems, extends->origin, "extends: '%s' cannot be read: %s%s", base,
                     strerror(reason), hint);
        return SIM_EINVAL;
    }
    const enum sim_err err = load_file(l, base, &extends->origin);
    return err == SIM_ENOMEM ? SIM_ENOMEM : err == SIM_OK ? SIM_OK : SIM_EINVAL;
}

/* Sequences of an upper layer replace those below as a whole, and so do a sweep and what is expected. */
static enum sim_err merge(struct settings *into, const struct settings *from)
{
    for (int i = 0; i < SCHEMA_N_SECTIONS; i++) {
        const struct schema_section *const s = schema_sections[i];
        if (s->is_sequence && settings_has_below(from, s->prefix)) {
            settings_remove_below(into, s->prefix);
        }
    }
    static const char *const of_study[] = {"sweep", "expect"};
    for (int i = 0; i < 2; i++) {
        if (settings_has_below(from, of_study[i])) {
            settings_remove_below(into, of_study[i]);
        }
    }
    for (size_t i = 0; i < from->n; i++) {
        const struct setting *const s = &from->item[i];
        if (strcmp(s->path, "extends") == 0) {
            continue;
        }
        const enum sim_err err = settings_put(into, s->path, s->value, s->origin);
        if (err != SIM_OK) {
            return err;
        }
    }
    return SIM_OK;
}

static enum sim_err load_layers(struct loader *l, const char *path, const char *text, size_t length,
                                const char *source)
{
    struct settings own = {0};
    enum sim_err err = yaml_parse(text, length, source, &own, l->problems);
    const struct setting *const extends = settings_find(&own, "extends");
    if (err == SIM_OK && extends != NULL) {
        err = load_base(l, path, extends);
    }
    if (err == SIM_OK) {
        err = merge(l->settings, &own);
    }
    settings_fini(&own);
    return err;
}

/* The text of the scenario itself is kept; it is the file loaded last, behind its bases. */
static void keep_given(struct loader *l, char *text, size_t length)
{
    free(l->settings->given);
    l->settings->given = text;
    l->settings->given_length = length;
}

/* A copy of the preset's text, freed by the caller. */
static enum sim_err read_preset(const char *path, const char *source, const struct origin *asked_by,
                                char **text, size_t *length, struct problems *problems)
{
    const struct preset *const preset = preset_find(path);
    if (preset == NULL) {
        const struct origin itself = {.kind = ORIGIN_FILE, .source = source};
        char unknown[256];
        preset_unknown_text(strchr(path, '/') + 1, unknown, sizeof unknown);
        problems_add(problems, asked_by->kind == ORIGIN_FILE ? *asked_by : itself, "%s", unknown);
        return SIM_ENOENT;
    }
    *length = preset->length;
    *text = strdup(preset->text);
    return *text != NULL ? SIM_OK : SIM_ENOMEM;
}

/* A file that is not there may be a preset, named without what makes it one. */
static enum sim_err read_plain(const char *path, const char *source, char **text, size_t *length,
                               struct problems *problems)
{
    char hint[64] = "";
    if (strcmp(path, "-") != 0) {
        hint_at_preset(path, hint, sizeof hint);
    }
    if (*hint != '\0') {
        const struct origin itself = {.kind = ORIGIN_FILE, .source = source};
        problems_add(problems, itself, "%s%s", strerror(ENOENT), hint);
        return SIM_ENOENT;
    }
    return yaml_read_file(path, source, text, length, problems);
}

static enum sim_err load_file(struct loader *l, const char *path, const struct origin *asked_by)
{
    char *text;
    size_t length;
    const char *const source =
        settings_keep_source(l->settings, strcmp(path, "-") == 0 ? "(stdin)" : path);
    if (source == NULL) {
        return SIM_ENOMEM;
    }
    if (!enter_chain(l, path, source, asked_by)) {
        return SIM_EINVAL;
    }
    enum sim_err err = preset_is_named(path)
                           ? read_preset(path, source, asked_by, &text, &length, l->problems)
                           : read_plain(path, source, &text, &length, l->problems);
    if (err == SIM_OK) {
        err = load_layers(l, path, text, length, source);
        keep_given(l, text, length);
    }
    return err;
}

/* ---- Built-in elements and options ---- */

/* Elements of each collection that the files leave out altogether. */
static enum sim_err add_builtins(struct settings *settings)
{
    const struct origin origin = {.kind = ORIGIN_BUILTIN};
    bool is_wanted[SCHEMA_N_SECTIONS];
    for (int i = 0; i < SCHEMA_N_SECTIONS; i++) {
        is_wanted[i] = schema_sections[i]->is_collection &&
                       !settings_has_below(settings, schema_sections[i]->prefix);
    }
    for (size_t k = 0; k < schema_n_builtins; k++) {
        struct schema_place place;
        const bool is_known = schema_locate(schema_builtins[k].path, &place);
        SIM_ASSERT(is_known);
        for (int i = 0; i < SCHEMA_N_SECTIONS; i++) {
            if (schema_sections[i] == place.section && is_wanted[i] &&
                settings_put(settings, schema_builtins[k].path, schema_builtins[k].value, origin) !=
                    SIM_OK) {
                return SIM_ENOMEM;
            }
        }
    }
    return SIM_OK;
}

static enum sim_err apply_override(struct settings *settings, const struct scenario_override *o,
                                   struct problems *problems)
{
    const char *const source = settings_keep_source(settings, o->shown);
    const struct origin origin = {.kind = ORIGIN_OPTION, .source = source};
    struct schema_place place;
    char text[512];
    if (source == NULL) {
        return SIM_ENOMEM;
    }
    const struct setting *const before = settings_find(settings, o->path);
    if (before != NULL && before->origin.kind == ORIGIN_OPTION) {
        problems_add(problems, origin, "%s is given twice (first: %s)", o->path,
                     before->origin.source);
        return SIM_OK;
    }
    /* A slip in the name of an element must not make a new one; unknown keys are reported with all the others. */
    if (schema_locate(o->path, &place) && !element_is_there(settings, &place)) {
        element_missing_text(settings, &place, text, sizeof text);
        problems_add(problems, origin, "%s", text);
        return SIM_OK;
    }
    if (strncmp(o->path, "sweep.", 6) == 0) {
        settings_remove_below(settings, o->path); /* the entries of a list */
    }
    return settings_put(settings, o->path, o->value, origin);
}

static enum sim_err gather(struct loader *l, const char *path,
                           const struct scenario_override *overrides, size_t n_overrides)
{
    const struct origin nobody = {.kind = ORIGIN_DEFAULT};
    enum sim_err err = load_file(l, path, &nobody);
    if (err == SIM_OK) {
        err = add_builtins(l->settings);
    }
    for (size_t i = 0; i < n_overrides && err == SIM_OK; i++) {
        err = apply_override(l->settings, &overrides[i], l->problems);
    }
    return err == SIM_OK ? title_name_overrides(l->settings, overrides, n_overrides) : err;
}

enum sim_err scenario_from_settings(const struct settings *settings, struct scenario *scenario,
                                    struct problems *problems)
{
    *scenario = (struct scenario){0};
    enum sim_err err = scenario_build(settings, scenario, problems) ? SIM_OK : SIM_ENOMEM;
    if (err == SIM_OK && problems->n == 0) {
        scenario_check(settings, scenario, problems);
    }
    if (problems->is_out_of_memory) {
        err = SIM_ENOMEM;
    }
    if (err == SIM_OK && problems->n > 0) {
        err = SIM_EINVAL;
    }
    if (err != SIM_OK) {
        scenario_fini(scenario);
    }
    return err;
}

enum sim_err scenario_load(const char *path, const struct scenario_override *overrides,
                           size_t n_overrides, struct settings *settings, struct scenario *scenario,
                           struct problems *problems)
{
    struct loader l = {settings, problems, {{0}, {{0}}, 0}};
    *scenario = (struct scenario){0};
    const enum sim_err err = gather(&l, path, overrides, n_overrides);
    return err == SIM_OK ? scenario_from_settings(settings, scenario, problems) : err;
}
