#include "models/title.h"

#include "models/schema.h"

#include <stdlib.h>
#include <string.h>

enum { LINE = 110 }; /* characters above a picture, with the number of replications behind them */

static bool says_how_often(const struct schema_place *place)
{
    static const char *const keys[] = {"replications", "seed", "confidence"};
    bool says = place->section == schema_sections[SECTION_PRECISION];
    for (int i = 0; i < 3 && place->section == schema_sections[SECTION_RUN]; i++) {
        says |= strcmp(place->row->key, keys[i]) == 0;
    }
    return says;
}

/* Unknown keys, which are told elsewhere, and parts of a study change no scenario. */
static bool is_told(const struct scenario_override *o)
{
    struct schema_place place;
    return schema_locate(o->path, &place) && place.row != NULL && !says_how_often(&place);
}

/* The changes that fit into the line, and the number of the others. */
static void put_changes(const struct scenario_override *overrides, size_t n, size_t used, FILE *out)
{
    size_t n_put = 0;
    size_t n_others = 0;
    for (size_t i = 0; i < n; i++) {
        const size_t byte = strlen(overrides[i].path) + strlen(overrides[i].value) + 3;
        if (!is_told(&overrides[i])) {
            continue;
        }
        if (n_others > 0 || used + byte > LINE) {
            n_others++;
            continue;
        }
        fprintf(out, "%s%s=%s", n_put++ == 0 ? " (" : ", ", overrides[i].path, overrides[i].value);
        used += byte;
    }
    if (n_others > 0 && n_put > 0) {
        fprintf(out, " and %zu more", n_others);
    } else if (n_others > 0) {
        fprintf(out, " (%zu key%s changed", n_others, n_others == 1 ? "" : "s");
    }
    fputs(n_put + n_others > 0 ? ")" : "", out);
}

/* NULL when out of memory. */
static char *title_of(const struct settings *settings, const struct scenario_override *overrides,
                      size_t n)
{
    const struct setting *const given = settings_find(settings, "title");
    struct schema_place place;
    char *text = NULL;
    size_t length;
    const bool is_known = schema_locate("title", &place);
    SIM_ASSERT(is_known);
    FILE *const out = open_memstream(&text, &length);
    if (out == NULL) {
        return NULL;
    }
    const char *const title = given != NULL ? given->value : place.row->standard;
    fputs(title, out);
    put_changes(overrides, n, strlen(title), out);
    if (fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

enum sim_err title_name_overrides(struct settings *settings,
                                  const struct scenario_override *overrides, size_t n_overrides)
{
    const struct scenario_override *first = NULL;
    for (size_t i = 0; i < n_overrides; i++) {
        if (strcmp(overrides[i].path, "title") == 0) {
            return SIM_OK;
        }
        first = first == NULL && is_told(&overrides[i]) ? &overrides[i] : first;
    }
    if (first == NULL) {
        return SIM_OK;
    }
    char *const title = title_of(settings, overrides, n_overrides);
    const char *const source = settings_keep_source(settings, first->shown);
    const struct origin origin = {.kind = ORIGIN_OPTION, .source = source};
    const enum sim_err err = title != NULL && source != NULL
                                 ? settings_put(settings, "title", title, origin)
                                 : SIM_ENOMEM;
    free(title);
    return err;
}
