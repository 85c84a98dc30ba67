#include "models/factor.h"

#include <stdlib.h>
#include <string.h>

static const struct origin origin = {.kind = ORIGIN_TRIAL, .source = "an end of its range"};

/* ---- Elements of collections ---- */

/* The name of an element of classes or servers; NULL behind the last, and for other sections. */
static const char *element_name(const struct scenario *s, const struct schema_section *section,
                                uint32_t i)
{
    if (section == schema_sections[SECTION_CLASSES] && i < s->devices.n_classes) {
        return s->devices.device_class[i].name;
    }
    if (section == schema_sections[SECTION_SERVERS] && i < s->n_servers) {
        return s->server[i].name;
    }
    return NULL;
}

static void element_path(const struct factor *f, const char *name, char *path, size_t size)
{
    snprintf(path, size, "%s.%s.%s", f->section->prefix, name, f->row->key);
}

/* Does the default stand for some element? */
static bool stands_somewhere(const struct factor *f, const struct settings *settings,
                             const struct scenario *s)
{
    const char *name;
    for (uint32_t i = 0; (name = element_name(s, f->section, i)) != NULL; i++) {
        char path[256];
        element_path(f, name, path, sizeof path);
        if (settings_find(settings, path) == NULL) {
            return true;
        }
    }
    return false;
}

/* ---- Which factors a scenario has ---- */

struct list {
    struct factor *item;
    size_t n;
};

static void add_row(struct list *l, const struct settings *settings, const struct scenario *s,
                    const struct schema_section *section, const struct schema_row *row)
{
    struct factor *const f = &l->item[l->n];
    if (row->source != SOURCE_ESTIMATE || row->low == NULL) {
        return;
    }
    *f = (struct factor){.standard = row->standard,
                         .end = {row->low, row->high},
                         .citation = row->citation,
                         .section = section,
                         .row = row,
                         .is_every_element = section->is_collection};
    const char *const dot = *section->prefix != '\0' ? "." : "";
    snprintf(f->key, sizeof f->key, "%s%s%s%s", section->prefix, dot,
             section->is_collection ? "NAME." : "", row->key);
    const bool stands = section->is_collection ? stands_somewhere(f, settings, s)
                                               : settings_find(settings, f->key) == NULL;
    l->n += stands;
}

static void add_builtin(struct list *l, const struct settings *settings,
                        const struct schema_builtin *b)
{
    struct schema_place place;
    const struct setting *const given = settings_find(settings, b->path);
    if (b->source != SOURCE_ESTIMATE || b->low == NULL || given == NULL ||
        given->origin.kind != ORIGIN_BUILTIN || !schema_locate(b->path, &place)) {
        return;
    }
    struct factor *const f = &l->item[l->n++];
    *f = (struct factor){.standard = b->value,
                         .end = {b->low, b->high},
                         .citation = b->citation,
                         .section = place.section,
                         .row = place.row};
    snprintf(f->key, sizeof f->key, "%s", b->path);
}

enum sim_err factors_of(const struct settings *settings, const struct scenario *scenario,
                        struct factor **factors, size_t *n)
{
    size_t most = schema_n_builtins;
    for (int i = 0; i < SCHEMA_N_SECTIONS; i++) {
        most += schema_sections[i]->n_rows;
    }
    struct list l = {calloc(most, sizeof(struct factor)), 0};
    if (l.item == NULL) {
        return SIM_ENOMEM;
    }
    for (int i = 0; i < SCHEMA_N_SECTIONS; i++) {
        for (size_t k = 0; k < schema_sections[i]->n_rows; k++) {
            add_row(&l, settings, scenario, schema_sections[i], &schema_sections[i]->rows[k]);
        }
    }
    for (size_t i = 0; i < schema_n_builtins; i++) {
        add_builtin(&l, settings, &schema_builtins[i]);
    }
    *factors = l.item;
    *n = l.n;
    return SIM_OK;
}

/* ---- Changing a scenario ---- */

static enum sim_err apply_to_elements(const struct factor *f, const char *value,
                                      const struct scenario *s, struct settings *changed)
{
    const char *name;
    enum sim_err err = SIM_OK;
    for (uint32_t i = 0; err == SIM_OK && (name = element_name(s, f->section, i)) != NULL; i++) {
        char path[256];
        element_path(f, name, path, sizeof path);
        if (settings_find(changed, path) == NULL) {
            err = settings_put(changed, path, value, origin);
        }
    }
    return err;
}

/* The other classes keep their proportions, so that all shares still sum to 1. */
static enum sim_err apply_share(const struct factor *f, const char *value, const struct scenario *s,
                                struct settings *changed)
{
    double share = 0;
    double old = 0;
    enum sim_err err = sim_read_quantity(value, SIM_SHARE, &share, NULL);
    SIM_ASSERT(err == SIM_OK); /* the table is ours */
    for (uint32_t i = 0; i < s->devices.n_classes; i++) {
        char path[256];
        element_path(f, s->devices.device_class[i].name, path, sizeof path);
        old = strcmp(path, f->key) == 0 ? s->devices.device_class[i].share : old;
    }
    for (uint32_t i = 0; i < s->devices.n_classes && err == SIM_OK; i++) {
        char path[256];
        char text[32];
        element_path(f, s->devices.device_class[i].name, path, sizeof path);
        snprintf(text, sizeof text, "%.17g",
                 s->devices.device_class[i].share * (1 - share) / (1 - old));
        err = settings_put(changed, path, strcmp(path, f->key) == 0 ? value : text, origin);
    }
    return err;
}

static bool is_class_share(const struct factor *f)
{
    return f->section == schema_sections[SECTION_CLASSES] && strcmp(f->row->key, "share") == 0;
}

static enum sim_err apply_value(const struct factor *f, const char *value, const struct scenario *s,
                                struct settings *changed)
{
    return f->is_every_element ? apply_to_elements(f, value, s, changed)
                               : settings_put(changed, f->key, value, origin);
}

enum sim_err factor_apply(const struct factor *factor, enum factor_end end,
                          const struct scenario *scenario, struct settings *changed)
{
    const char *const value = factor->end[end];
    return is_class_share(factor) ? apply_share(factor, value, scenario, changed)
                                  : apply_value(factor, value, scenario, changed);
}

/* The value given for the share of a class, else the one of the scenario. */
static double share_of(const struct settings *settings, const char *path, double standard)
{
    double share = standard;
    const struct setting *const given = settings_find(settings, path);
    if (given != NULL) {
        const enum sim_err err = sim_read_quantity(given->value, SIM_SHARE, &share, NULL);
        SIM_ASSERT(err == SIM_OK); /* it was read before, or made here */
    }
    return share;
}

static enum sim_err divide_shares(const struct factor *f, const struct scenario *s,
                                  struct settings *changed)
{
    double sum = 0;
    enum sim_err err = SIM_OK;
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t i = 0; i < s->devices.n_classes && err == SIM_OK; i++) {
            char path[256];
            char text[32];
            element_path(f, s->devices.device_class[i].name, path, sizeof path);
            const double share = share_of(changed, path, s->devices.device_class[i].share);
            snprintf(text, sizeof text, "%.17g", share / sum);
            if (pass == 0) {
                sum += share;
            } else {
                err = settings_put(changed, path, text, origin);
            }
        }
    }
    return err;
}

enum sim_err factors_place(const struct factor factors[], size_t n, const double place[],
                           const struct scenario *scenario, struct settings *changed)
{
    enum sim_err err = SIM_OK;
    const struct factor *share = NULL;
    for (size_t i = 0; i < n && err == SIM_OK; i++) {
        char value[256];
        factor_between(&factors[i], place[i], value, sizeof value);
        err = apply_value(&factors[i], value, scenario, changed);
        share = is_class_share(&factors[i]) ? &factors[i] : share;
    }
    return err == SIM_OK && share != NULL ? divide_shares(share, scenario, changed) : err;
}
