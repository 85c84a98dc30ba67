#include "models/schema.h"

#include "models/schema_rows.h"
#include "sim/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct schema_section *const schema_sections[SCHEMA_N_SECTIONS] = {
    [SECTION_RUN] = &schema_run,           [SECTION_PRECISION] = &schema_precision,
    [SECTION_DEVICES] = &schema_devices,   [SECTION_CLASSES] = &schema_classes,
    [SECTION_MAILBOX] = &schema_mailbox,   [SECTION_NETWORK] = &schema_network,
    [SECTION_BALANCER] = &schema_balancer, [SECTION_POOL] = &schema_pool,
    [SECTION_SERVERS] = &schema_servers,   [SECTION_SYNC] = &schema_sync,
    [SECTION_MAIL] = &schema_mail,         [SECTION_POISON] = &schema_poison,
    [SECTION_SECURITY] = &schema_security, [SECTION_TIMELINE] = &schema_timeline,
};

const char *schema_source_name(enum schema_source source)
{
    static const char *const names[] = {[SOURCE_DOCUMENTED] = "documented",
                                        [SOURCE_LITERATURE] = "literature",
                                        [SOURCE_ESTIMATE] = "estimate",
                                        [SOURCE_CONVENTION] = "convention"};
    return names[source];
}

void schema_type_text(const struct schema_row *row, char *text, size_t size)
{
    const char *const dimension = sim_dimension_name(row->dimension);
    switch (row->type) {
    case SCHEMA_QUANTITY:
        snprintf(text, size, "%s", dimension);
        break;
    case SCHEMA_RATE64:
        snprintf(text, size, "rate");
        break;
    case SCHEMA_COUNT:
    case SCHEMA_COUNT64:
        snprintf(text, size, "whole number");
        break;
    case SCHEMA_DISTRIBUTION:
        snprintf(text, size, "distribution of %s%s", dimension,
                 row->dimension == SIM_NUMBER ? "s" : "");
        break;
    case SCHEMA_CHOICE:
        snprintf(text, size, "choice");
        break;
    case SCHEMA_BOOL:
        snprintf(text, size, "true or false");
        break;
    case SCHEMA_TEXT:
        snprintf(text, size, "text");
        break;
    }
}

static void choices_text(const struct schema_row *row, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (int i = 0; row->choices[i] != NULL && used < size; i++) {
        used +=
            (size_t)snprintf(text + used, size - used, "%s%s", i == 0 ? "" : ", ", row->choices[i]);
    }
}

void schema_allowed_text(const struct schema_row *row, char *text, size_t size)
{
    char low[64];
    char high[64];
    sim_quantity_text(low, sizeof low, row->min, row->dimension);
    sim_quantity_text(high, sizeof high, row->max, row->dimension);
    if (row->type == SCHEMA_CHOICE) {
        choices_text(row, text, size);
    } else if (row->type == SCHEMA_BOOL) {
        snprintf(text, size, "true, false");
    } else if (row->type == SCHEMA_TEXT) {
        snprintf(text, size, "any text");
    } else if (row->max == HUGE_VAL) {
        snprintf(text, size, "at least %s", low);
    } else {
        snprintf(text, size, "%s to %s%s%s", low, high, row->choices != NULL ? ", or " : "",
                 row->choices != NULL ? row->choices[0] : "");
    }
}

static const struct schema_row *find_in_section(const struct schema_section *s, const char *key)
{
    for (size_t i = 0; i < s->n_rows; i++) {
        if (strcmp(s->rows[i].key, key) == 0) {
            return &s->rows[i];
        }
    }
    return NULL;
}

/* The rest of `path` behind the section's prefix, NULL if it does not lie in the section. */
static const char *behind_prefix(const struct schema_section *s, const char *path)
{
    const size_t length = strlen(s->prefix);
    SIM_ASSERT(path != NULL);
    if (length == 0) {
        return path;
    }
    return strncmp(path, s->prefix, length) == 0 && path[length] == '.' ? path + length + 1 : NULL;
}

bool schema_locate(const char *path, struct schema_place *place)
{
    for (int i = 0; i < SCHEMA_N_SECTIONS; i++) {
        const struct schema_section *const s = schema_sections[i];
        const char *key = behind_prefix(s, path);
        if (key == NULL) {
            continue;
        }
        *place = (struct schema_place){.section = s};
        if (s->is_collection) {
            place->name = key;
            place->name_length = strcspn(key, ".");
            key += place->name_length;
            if (*key == '\0') {
                return place->name_length > 0; /* the element itself */
            }
            key++;
        }
        place->row = find_in_section(s, key);
        if (place->row != NULL) {
            return true;
        }
    }
    return false;
}

enum { SCHEMA_PART = 96 };

/* The full path of a row, with the element's name taken from where the wrong path has one. */
static void candidate_path(const struct schema_section *s, const struct schema_row *row,
                           const char *wrong, char *text, size_t size)
{
    const char *const name = behind_prefix(s, wrong);
    const size_t length = name != NULL && s->is_collection ? strcspn(name, ".") : 0;
    const char *const dot = *s->prefix != '\0' ? "." : "";
    if (s->is_collection) {
        snprintf(text, size, "%s.%.*s.%s", s->prefix, length > 0 ? (int)length : 4,
                 length > 0 ? name : "NAME", row->key);
    } else {
        snprintf(text, size, "%s%s%s", s->prefix, dot, row->key);
    }
}

bool schema_suggest(const char *path, char *suggestion, size_t size)
{
    enum { MAX_ROWS = 200 };
    struct path_text {
        char text[128];
    } *const paths = calloc(MAX_ROWS, sizeof *paths);
    const char *candidates[MAX_ROWS];
    size_t n = 0;
    if (paths == NULL) {
        return false;
    }
    for (int i = 0; i < SCHEMA_N_SECTIONS; i++) {
        const struct schema_section *const s = schema_sections[i];
        for (size_t k = 0; k < s->n_rows && n < MAX_ROWS; k++, n++) {
            candidate_path(s, &s->rows[k], path, paths[n].text, sizeof paths[n].text);
            candidates[n] = paths[n].text;
        }
    }
    const char *const near = sim_closest_word(path, candidates, n);
    if (near != NULL) {
        snprintf(suggestion, size, "%s", near);
    }
    free(paths);
    return near != NULL;
}

struct key_part {
    char text[SCHEMA_PART];
};

/* Every run of words between the dots of a key is a part of it; puts those into `list`, as far as there is room. */
static size_t list_parts(const char *key, struct key_part *list, size_t n, size_t most)
{
    for (const char *begin = key; begin != NULL; begin = strchr(begin, '.')) {
        begin += *begin == '.';
        size_t length = 0;
        do {
            length += strcspn(begin + length, ".");
            if (n < most && length < SCHEMA_PART) {
                snprintf(list[n++].text, SCHEMA_PART, "%.*s", (int)length, begin);
            }
        } while (begin[length++] == '.');
    }
    return n;
}

bool schema_suggest_part(const char *part, char *suggestion, size_t size)
{
    enum { MOST = 4000 };
    struct key_part *const list = calloc(MOST, sizeof *list);
    const char **const candidate = calloc(MOST, sizeof *candidate);
    const char *near = NULL;
    size_t n = 0;
    for (int i = 0; i < SCHEMA_N_SECTIONS && list != NULL && candidate != NULL; i++) {
        const struct schema_section *const s = schema_sections[i];
        for (size_t k = 0; k < s->n_rows; k++) {
            char key[SCHEMA_PART];
            snprintf(key, sizeof key, "%s%s%s", s->prefix, *s->prefix != '\0' ? "." : "",
                     s->rows[k].key);
            n = list_parts(key, list, n, MOST);
        }
    }
    for (size_t i = 0; i < n; i++) {
        candidate[i] = list[i].text;
    }
    const bool is_word = strlen(part) > 3; /* shorter ones are near to too much */
    near = n > 0 && is_word ? sim_closest_word(part, candidate, n) : NULL;
    if (near != NULL) {
        snprintf(suggestion, size, "%s", near);
    }
    free(candidate);
    free(list);
    return near != NULL;
}
