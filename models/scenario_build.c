/* From settings to typed values, by the rows of the schema. */
#include "models/element.h"
#include "models/scenario_load.h"
#include "models/schema.h"
#include "sim/base/text.h"

#include <ctype.h>
#include <libgen.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* One value on its way into the scenario. */
struct assignment {
    const struct schema_row *row;
    const char *path;
    const char *value;
    struct origin origin;
    void *target;
    struct problems *problems;
    bool is_out_of_memory;
};

static void complain(struct assignment *a, const char *text)
{
    problems_add(a->problems, a->origin, "%s: %s", a->path, text);
}

/* "80" where a share is wanted means 80 per cent, as a rule. */
static bool is_bare_percentage(const struct assignment *a)
{
    char *end;
    const double x = strtod(a->value, &end);
    return a->row->dimension == SIM_SHARE && end != a->value && *end == '\0' && x >= 2 && x <= 100;
}

static void complain_range(struct assignment *a)
{
    char allowed[160];
    char hint[64] = "";
    schema_allowed_text(a->row, allowed, sizeof allowed);
    if (is_bare_percentage(a)) {
        snprintf(hint, sizeof hint, "; did you mean '%.32s %%'?", a->value);
    }
    problems_add(a->problems, a->origin, "%s: '%s' is out of range; allowed: %s%s", a->path,
                 a->value, allowed, hint);
}

static bool is_in_range(const struct schema_row *row, double low, double high)
{
    return low >= row->min && high <= row->max;
}

static bool read_number(struct assignment *a, double *value)
{
    struct sim_error e;
    if (sim_read_quantity(a->value, a->row->dimension, value, &e) != SIM_OK) {
        complain(a, e.text);
        return false;
    }
    if (!is_in_range(a->row, *value, *value)) {
        complain_range(a);
        return false;
    }
    return true;
}

static void assign_quantity(struct assignment *a)
{
    double value;
    if (read_number(a, &value)) {
        memcpy(a->target, &value, sizeof value);
    }
}

static void assign_whole(struct assignment *a)
{
    double value;
    if (!read_number(a, &value)) {
        return;
    }
    if (value != floor(value) && a->row->type != SCHEMA_RATE64) {
        problems_add(a->problems, a->origin, "%s: '%s' is not a whole number", a->path, a->value);
    } else if (a->row->type == SCHEMA_COUNT) {
        const uint32_t whole = (uint32_t)value;
        memcpy(a->target, &whole, sizeof whole);
    } else {
        const uint64_t whole = (uint64_t)floor(value);
        memcpy(a->target, &whole, sizeof whole);
    }
}

/* Files named in a scenario lie beside it. */
static bool folder_of(const struct origin *origin, char *folder, size_t size)
{
    if (origin->kind != ORIGIN_FILE || strcmp(origin->source, "(stdin)") == 0) {
        return false;
    }
    char path[PATH_MAX];
    if ((size_t)snprintf(path, sizeof path, "%s", origin->source) >= sizeof path) {
        return false;
    }
    return (size_t)snprintf(folder, size, "%s", dirname(path)) < size;
}

static void assign_distribution(struct assignment *a)
{
    char folder[PATH_MAX];
    struct sim_error e;
    struct sim_dist *dist;
    const bool has_folder = folder_of(&a->origin, folder, sizeof folder);
    const enum sim_err err =
        sim_dist_parse(a->value, a->row->dimension, has_folder ? folder : NULL, &dist, &e);
    if (err == SIM_ENOMEM) {
        a->is_out_of_memory = true;
    } else if (err != SIM_OK) {
        complain(a, e.text);
    } else if (!is_in_range(a->row, sim_dist_min(dist), sim_dist_max(dist))) {
        complain_range(a);
        sim_dist_destroy(dist);
    } else {
        memcpy(a->target, &dist, sizeof(struct sim_dist *));
    }
}

static void assign_choice(struct assignment *a)
{
    size_t n = 0;
    for (int i = 0; a->row->choices[i] != NULL; i++, n++) {
        if (strcmp(a->value, a->row->choices[i]) == 0) {
            memcpy(a->target, &i, sizeof i);
            return;
        }
    }
    char allowed[160];
    const char *const near = sim_closest_word(a->value, a->row->choices, n);
    schema_allowed_text(a->row, allowed, sizeof allowed);
    problems_add(a->problems, a->origin, "%s: '%s' is not one of %s%s%s%s", a->path, a->value,
                 allowed, near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
                 near != NULL ? "'?" : "");
}

static void assign_bool(struct assignment *a)
{
    const bool is_true = strcmp(a->value, "true") == 0;
    if (!is_true && strcmp(a->value, "false") != 0) {
        problems_add(a->problems, a->origin, "%s: '%s' is neither true nor false", a->path,
                     a->value);
        return;
    }
    memcpy(a->target, &is_true, sizeof is_true);
}

static void assign_text(struct assignment *a)
{
    char *const copy = strdup(a->value);
    if (copy == NULL) {
        a->is_out_of_memory = true;
        return;
    }
    *(char **)a->target = copy;
}

static void assign_count(struct assignment *a)
{
    const char *const word = a->row->choices != NULL ? a->row->choices[0] : NULL;
    if (word != NULL && strcmp(a->value, word) == 0) {
        memcpy(a->target, &(uint32_t){0}, sizeof(uint32_t));
    } else if (word != NULL && isalpha((unsigned char)*a->value)) {
        problems_add(a->problems, a->origin, "%s: '%s' is neither a whole number nor '%s'", a->path,
                     a->value, word);
    } else {
        assign_whole(a);
    }
}

static bool assign(struct assignment *a)
{
    static void (*const by_type[])(struct assignment *) = {[SCHEMA_QUANTITY] = assign_quantity,
                                                           [SCHEMA_COUNT] = assign_count,
                                                           [SCHEMA_COUNT64] = assign_whole,
                                                           [SCHEMA_RATE64] = assign_whole,
                                                           [SCHEMA_DISTRIBUTION] =
                                                               assign_distribution,
                                                           [SCHEMA_CHOICE] = assign_choice,
                                                           [SCHEMA_BOOL] = assign_bool,
                                                           [SCHEMA_TEXT] = assign_text};
    by_type[a->row->type](a);
    return !a->is_out_of_memory;
}

/* ---- Elements of collections ---- */

struct element {
    char path[160]; /* "servers.B" */
    const char *name;
    struct origin origin;
};

static bool is_listed(const struct element *list, size_t n, const char *path)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(list[i].path, path) == 0) {
            return true;
        }
    }
    return false;
}

/* The elements of a collection in the order in which they were first named. */
static size_t list_elements(const struct settings *settings, const struct schema_section *section,
                            struct element *list, size_t max)
{
    size_t n = 0;
    for (size_t i = 0; i < settings->n && n < max; i++) {
        struct schema_place place;
        struct element e = {.origin = settings->item[i].origin};
        if (!schema_locate(settings->item[i].path, &place) || place.section != section) {
            continue;
        }
        snprintf(e.path, sizeof e.path, "%s.%.*s", section->prefix, (int)place.name_length,
                 place.name);
        if (!is_listed(list, n, e.path)) {
            list[n] = e;
            list[n].name = list[n].path + strlen(section->prefix) + 1;
            n++;
        }
    }
    return n;
}

/* ---- Sections ---- */

struct builder {
    const struct settings *settings;
    struct problems *problems;
};

static void complain_missing(struct assignment *a, const struct settings *settings,
                             const struct schema_section *section)
{
    char hint[256];
    element_replaced_text(settings, section, NULL, hint, sizeof hint);
    problems_add(a->problems, a->origin, "%s: a value is missing%s", a->path,
                 section->is_sequence ? "" : hint);
}

/* Fills the rows of one section, or of one element of it, into `base`. */
static bool fill(const struct builder *b, const struct schema_section *section, const char *prefix,
                 struct origin place, void *base)
{
    for (size_t i = 0; i < section->n_rows; i++) {
        const struct schema_row *const row = &section->rows[i];
        char path[256];
        snprintf(path, sizeof path, "%s%s%s", prefix, *prefix != '\0' ? "." : "", row->key);
        const struct setting *const given = settings_find(b->settings, path);
        struct assignment a = {.row = row,
                               .path = path,
                               .value = given != NULL ? given->value : row->standard,
                               .target = (char *)base + row->offset,
                               .problems = b->problems};
        a.origin = given != NULL ? given->origin : place;
        if (a.value == NULL || *a.value == '\0') {
            complain_missing(&a, b->settings, section);
        } else if (!assign(&a)) {
            return false;
        }
    }
    return true;
}

static bool is_name(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    const size_t length = strlen(text);
    return length > 0 && length <= 32 && strspn(text, letters) == length;
}

/* Columns of the results are in small letters, so names that differ in case alone would share one. */
static void check_names(const struct builder *b, const struct element *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!is_name(list[i].name)) {
            problems_add(b->problems, list[i].origin,
                         "%s: a name has up to 32 letters, digits and underscores", list[i].path);
        }
        for (size_t k = 0; k < i; k++) {
            if (strcasecmp(list[i].name, list[k].name) == 0) {
                problems_add(b->problems, list[i].origin,
                             "%s: the name differs from '%s' by small and capital letters alone",
                             list[i].path, list[k].name);
            }
        }
    }
}

static bool is_number(const char *name)
{
    static const char digits[] = "0123456789";
    return strspn(name, digits) == strlen(name);
}

static void check_sequence(const struct builder *b, const struct element *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!is_number(list[i].name)) {
            problems_add(b->problems, list[i].origin,
                         "%s: a list is expected here, each entry behind a '-'", list[i].path);
        }
    }
}

/* Fills a collection into a new array of `element_byte` each; `name_offset` is SIZE_MAX for
 * sequences. */
static bool fill_collection(const struct builder *b, enum schema_section_id id, size_t element_byte,
                            size_t name_offset, void **array, uint32_t *n)
{
    enum { MAX_ELEMENTS = 1000 };
    const struct schema_section *const section = schema_sections[id];
    struct element *const list = calloc(MAX_ELEMENTS + 1, sizeof *list);
    size_t count = list != NULL ? list_elements(b->settings, section, list, MAX_ELEMENTS + 1) : 0;
    if (count > MAX_ELEMENTS) {
        count--;
        problems_add(b->problems, list[count].origin, "%s: one too many; at most %d are allowed",
                     list[count].path, MAX_ELEMENTS);
    }
    *array = calloc(count > 0 ? count : 1, element_byte);
    bool ok = list != NULL && *array != NULL;
    *n = ok ? (uint32_t)count : 0;
    (section->is_sequence ? check_sequence : check_names)(b, list, *n);
    for (size_t i = 0; i < count && ok; i++) {
        if (section->is_sequence && !is_number(list[i].name)) {
            continue; /* told; what it lacks is of no interest */
        }
        char *const base = (char *)*array + i * element_byte;
        ok = fill(b, section, list[i].path, list[i].origin, base);
        if (name_offset != SIZE_MAX && ok) {
            char *const name = strdup(list[i].name);
            memcpy(base + name_offset, &name, sizeof name);
            ok = name != NULL;
        }
    }
    free(list);
    return ok;
}

/* "servers", "sync": keys stand below it. */
static bool is_section(const char *path)
{
    const size_t length = strlen(path);
    for (int i = 0; i < SCHEMA_N_SECTIONS; i++) {
        const char *const prefix = schema_sections[i]->prefix;
        if (strncmp(prefix, path, length) == 0 &&
            (prefix[length] == '\0' || prefix[length] == '.')) {
            return true;
        }
    }
    return false;
}

static void report_value_of_section(const struct builder *b, const struct setting *s)
{
    if (*s->value != '\0') {
        problems_add(b->problems, s->origin, "%s: expected keys below it, found '%.40s'", s->path,
                     s->value);
    } else {
        problems_add(b->problems, origin_of_key(s->origin),
                     "%s: nothing is given below it; without the line, the defaults stand",
                     s->path);
    }
}

/* What lies below `sweep` says which scenarios are wanted, and `expect` what their answers should be, not what
 * one of them is (study/sweep.h, study/expect.h). */
static bool is_of_study(const char *path)
{
    return strncmp(path, "sweep.", 6) == 0 || strncmp(path, "expect.", 7) == 0 ||
           strcmp(path, "expect") == 0;
}

/* "users: [5]" gives "users.0". Is what stands before the last dots a key that has a value? */
static bool is_below_value(const char *path, char *key, size_t size)
{
    struct schema_place place;
    snprintf(key, size, "%s", path);
    for (char *dot = strrchr(key, '.'); dot != NULL; dot = strrchr(key, '.')) {
        *dot = '\0';
        if (schema_locate(key, &place) && place.row != NULL) {
            return true;
        }
    }
    return false;
}

/* An element of a collection that has a value and nothing below it. */
static void report_value_of_element(const struct builder *b, const struct setting *s,
                                    const struct schema_place *place)
{
    const char *const prefix = place->section->prefix;
    const bool is_numbered = strspn(place->name, "0123456789") == place->name_length;
    if (place->section->is_sequence && !is_numbered) {
        return; /* check_sequence tells it */
    }
    if (is_numbered && !place->section->is_sequence) {
        problems_add(b->problems, s->origin,
                     "%s: names with keys below them are expected, as in '%s: {%s: }', and no list",
                     prefix, prefix, s->value);
    } else {
        report_value_of_section(b, s);
    }
}

static void report_unknown(const struct builder *b)
{
    for (size_t i = 0; i < b->settings->n; i++) {
        const struct setting *const s = &b->settings->item[i];
        struct schema_place place;
        char suggestion[160];
        if (is_of_study(s->path)) {
            continue;
        }
        if (is_section(s->path) || strcmp(s->path, "sweep") == 0) {
            report_value_of_section(b, s);
        } else if (schema_locate(s->path, &place)) {
            if (place.row == NULL && *s->value != '\0') {
                report_value_of_element(b, s, &place);
            }
        } else if (is_below_value(s->path, suggestion, sizeof suggestion)) {
            problems_add(b->problems, origin_of_key(s->origin),
                         "%s: a value is expected, and no list or keys below it", suggestion);
        } else if (strcmp(s->path, "extends") == 0) {
            problems_add(b->problems, s->origin,
                         "extends: a scenario says in its file what it stands on");
        } else if (schema_suggest(s->path, suggestion, sizeof suggestion)) {
            problems_add(b->problems, origin_of_key(s->origin),
                         "unknown key '%s'; did you mean '%s'?", s->path, suggestion);
        } else {
            problems_add(b->problems, origin_of_key(s->origin),
                         "unknown key '%s'; 'primestorm keys' lists all of them", s->path);
        }
    }
}

bool scenario_build(const struct settings *settings, struct scenario *s, struct problems *problems)
{
    const struct builder b = {settings, problems};
    void *classes = NULL;
    void *servers = NULL;
    void *timeline = NULL;
    bool ok = true;

    report_unknown(&b);
    for (int i = 0; i < SCHEMA_N_SECTIONS && ok; i++) {
        const struct schema_section *const section = schema_sections[i];
        const struct origin standard = {.kind = ORIGIN_DEFAULT};
        ok = section->is_collection || fill(&b, section, section->prefix, standard, s);
    }
    ok =
        ok && fill_collection(&b, SECTION_CLASSES, sizeof(struct device_class),
                              offsetof(struct device_class, name), &classes, &s->devices.n_classes);
    s->devices.device_class = classes;
    ok = ok && fill_collection(&b, SECTION_SERVERS, sizeof(struct sync_server_config),
                               offsetof(struct sync_server_config, name), &servers, &s->n_servers);
    s->server = servers;
    ok = ok && fill_collection(&b, SECTION_TIMELINE, sizeof(struct timeline_entry), SIZE_MAX,
                               &timeline, &s->n_timeline);
    s->timeline = timeline;
    return ok;
}
