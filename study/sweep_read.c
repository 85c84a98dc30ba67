/* From `sweep:` in the settings to blocks of points. */
#include "study/axis.h"
#include "study/distribution.h"
#include "study/sweep.h"
#include "study/sweep_list.h"
#include "study/sweep_reader_internal.h"
#include "study/where.h"

#include "models/element.h"
#include "sim/base/mem.h"
#include "sim/base/text.h"

#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char prefix[] = "sweep.";

/* The rest behind "sweep.", NULL if the path lies elsewhere. */
static const char *behind_prefix(const char *path)
{
    const size_t n = sizeof prefix - 1;
    return strncmp(path, prefix, n) == 0 ? path + n : NULL;
}

bool sweep_is_given(const struct settings *settings)
{
    return settings_has_below(settings, "sweep");
}

/* Is it the path `word`, or one below it? */
static bool is_word(const char *path, const char *word)
{
    const size_t n = strlen(word);
    return strncmp(path, word, n) == 0 && (path[n] == '\0' || path[n] == '.');
}

/* ---- Keys ---- */

static void check_each_key_once(struct sweep_reader *r)
{
    const struct origin nowhere = {.kind = ORIGIN_OPTION, .source = "sweep"};
    const size_t n = sweep_n_keys(r->sweep);
    if (n > MAX_KEYS) {
        problems_add(r->problems, nowhere, "%zu keys vary; at most %d can", n, (int)MAX_KEYS);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < i; k++) {
            if (strcmp(sweep_key(r->sweep, i), sweep_key(r->sweep, k)) == 0) {
                problems_add(r->problems, nowhere, "%s is varied in two places",
                             sweep_key(r->sweep, i));
            }
        }
    }
}

/* ---- Blocks ---- */

/* Moves the values of axes of equal length into a block. */
static void add_axes(struct sweep_reader *r, struct axis *axis, size_t n)
{
    struct sweep_block b;
    if (sweep_block_init(&b, n, axis[0].n) != SIM_OK) {
        r->is_out_of_memory = true;
        return;
    }
    for (size_t k = 0; k < n; k++) {
        b.key[k] = axis[k].key;
        axis[k].key = NULL;
        for (size_t i = 0; i < axis[k].n; i++) {
            b.cell[i * n + k] = axis[k].value[i];
            axis[k].value[i] = NULL;
        }
    }
    r->is_out_of_memory = sweep_add_block(r->sweep, &b) != SIM_OK || r->is_out_of_memory;
}

static void end_grid(struct sweep_reader *r)
{
    if (r->grid.key != NULL && r->grid.n > 0) {
        add_axes(r, &r->grid, 1);
    }
    axis_fini(&r->grid);
}

static void begin_axis(struct sweep_reader *r, struct axis *x, const char *key,
                       struct origin origin)
{
    if (!sweep_check_key(r, key, origin_of_key(origin))) {
        return;
    }
    x->key = strdup(key);
    r->is_out_of_memory = x->key == NULL || r->is_out_of_memory;
}

static void add_values(struct sweep_reader *r, struct axis *x, const struct setting *s)
{
    struct sim_error e;
    if (x->key == NULL) {
        return; /* told already */
    }
    if (*s->value == '\0') {
        problems_add(r->problems, s->origin, "sweep: %s has no values; give some, as in '1, 2, 8'",
                     x->key);
    } else {
        sweep_note(r, axis_add(x, s->value, &e), s->origin, x->key, &e);
    }
}

static void read_grid(struct sweep_reader *r, const char *path, const struct setting *s)
{
    char key[KEY_TEXT];
    sweep_key_of(path, key);
    if (r->grid.key == NULL || strcmp(r->grid.key, key) != 0) {
        end_grid(r);
        begin_axis(r, &r->grid, key, s->origin);
    }
    add_values(r, &r->grid, s);
}

static void read_zip(struct sweep_reader *r, const char *path, const struct setting *s)
{
    char key[KEY_TEXT];
    sweep_key_of(path, key);
    struct axis *const last = r->n_zip > 0 ? &r->zip_axis[r->n_zip - 1] : NULL;
    if (last != NULL && last->key != NULL && strcmp(last->key, key) == 0) {
        add_values(r, last, s);
        return;
    }
    if (sim_grow(&r->zip_axis, &r->zip_capacity, r->n_zip + 1, sizeof *r->zip_axis) != SIM_OK) {
        r->is_out_of_memory = true;
        return;
    }
    struct axis *const x = &r->zip_axis[r->n_zip++];
    *x = (struct axis){0};
    begin_axis(r, x, key, s->origin);
    add_values(r, x, s);
}

static void end_zip(struct sweep_reader *r)
{
    const struct setting *const first = settings_find(r->settings, "sweep.zip");
    const struct origin place =
        first != NULL ? first->origin : (struct origin){.kind = ORIGIN_OPTION, .source = "sweep"};
    bool is_sound = r->n_zip > 0;
    for (size_t i = 0; i < r->n_zip; i++) {
        const struct axis *const x = &r->zip_axis[i];
        is_sound = is_sound && x->key != NULL && x->n > 0;
        if (is_sound && x->n != r->zip_axis[0].n) {
            problems_add(
                r->problems, place,
                "zip: %s has %zu values and %s has %zu; keys that move in step have as many",
                r->zip_axis[0].key, r->zip_axis[0].n, x->key, x->n);
            is_sound = false;
        }
    }
    if (is_sound) {
        add_axes(r, r->zip_axis, r->n_zip);
    }
}

/* ---- list: points from a CSV file ---- */

bool sweep_list_path(const struct setting *s, char *path, size_t size)
{
    char folder[PATH_MAX];
    const bool is_beside = s->origin.kind == ORIGIN_FILE && *s->value != '/' &&
                           strcmp(s->origin.source, "(stdin)") != 0;
    if (!is_beside) {
        return (size_t)snprintf(path, size, "%s", s->value) < size;
    }
    if ((size_t)snprintf(folder, sizeof folder, "%s", s->origin.source) >= sizeof folder) {
        return false;
    }
    const char *const name = dirname(folder);
    return (size_t)snprintf(path, size, "%s%s%s", strcmp(name, ".") == 0 ? "" : name,
                            strcmp(name, ".") == 0 ? "" : "/", s->value) < size;
}

/* The keys that `list.keys` wants of the file. */
static void read_list_keys(struct sweep_reader *r, struct axis *keys)
{
    struct sim_error e;
    keys->key = strdup("list.keys");
    r->is_out_of_memory = keys->key == NULL || r->is_out_of_memory;
    for (size_t i = 0; i < r->settings->n && keys->key != NULL; i++) {
        const struct setting *const s = &r->settings->item[i];
        const char *const path = behind_prefix(s->path);
        if (path != NULL && is_word(path, "list.keys")) {
            sweep_note(r, axis_add(keys, s->value, &e), s->origin, "list.keys", &e);
        }
    }
}

/* Can the keys of a list vary? They stand in the first line of its file. */
static bool check_list_keys(struct sweep_reader *r, const struct sweep_block *b, const char *path,
                            struct origin origin)
{
    struct problems own = {0};
    struct problems *const all = r->problems;
    bool is_sound = true;
    r->problems = &own;
    for (size_t k = 0; k < b->n_keys; k++) {
        is_sound = sweep_check_key(r, b->key[k], origin) && is_sound;
    }
    r->problems = all;
    r->is_out_of_memory = r->is_out_of_memory || own.is_out_of_memory;
    for (size_t i = 0; i < own.n; i++) {
        problems_add(all, origin, "%s:1: %s", path, own.item[i].text);
    }
    problems_fini(&own);
    return is_sound;
}

static void read_list(struct sweep_reader *r, const struct setting *s)
{
    char path[PATH_MAX];
    struct sweep_block b = {0};
    struct axis keys = {0};
    struct sim_error e = {SIM_OK, ""};
    read_list_keys(r, &keys);
    enum sim_err err = *s->value != '\0' && sweep_list_path(s, path, sizeof path)
                           ? sweep_list_read(path, keys.value, keys.n, &b, &e)
                           : sim_fail(&e, SIM_EINVAL, "the name of a file is missing");
    if (err == SIM_OK && check_list_keys(r, &b, path, s->origin)) {
        err = sweep_add_block(r->sweep, &b);
    }
    sweep_block_fini(&b);
    axis_fini(&keys);
    sweep_note(r, err, s->origin, "list", &e);
}

/* ---- The other words ---- */

static enum sim_err add_series(struct sweep *sweep, const char *kind, const char *name)
{
    char text[128];
    if (sim_grow(&sweep->series, &sweep->series_capacity, sweep->n_series + 1,
                 sizeof *sweep->series) != SIM_OK) {
        return SIM_ENOMEM;
    }
    snprintf(text, sizeof text, "%s%s", kind, name);
    for (size_t i = 0; i < sweep->n_series; i++) {
        if (strcmp(sweep->series[i], text) == 0) {
            return SIM_OK; /* given twice */
        }
    }
    char *const copy = strdup(text);
    if (copy == NULL) {
        return SIM_ENOMEM;
    }
    sweep->series[sweep->n_series++] = copy;
    return SIM_OK;
}

/* Names of what is to be kept of each run; distributions are series with a prefix. */
static void read_series(struct sweep_reader *r, const struct setting *s, const char *word,
                        const char *kind)
{
    struct axis names = {0};
    struct sim_error e;
    names.key = strdup(word);
    enum sim_err err = names.key != NULL ? axis_add(&names, s->value, &e) : SIM_ENOMEM;
    for (size_t i = 0; i < names.n && err == SIM_OK; i++) {
        err = add_series(r->sweep, kind, names.value[i]);
    }
    axis_fini(&names);
    sweep_note(r, err, s->origin, word, &e);
}

/* Read as a whole (sweep_design.c), when everything else is. */
static bool is_design(const char *path)
{
    return strncmp(path, "lhs.", 4) == 0 || strncmp(path, "sobol.", 6) == 0;
}

/* The key of the scenario that stands where a word of a sweep is expected, or is meant there; "" if it is none. */
static void find_key(const char *path, bool is_word_near, char key[static KEY_TEXT])
{
    struct schema_place place;
    char written[KEY_TEXT];
    sweep_key_of(path, written);
    if (schema_locate(written, &place) && place.row != NULL) {
        memcpy(key, written, sizeof written);
    } else if (is_word_near || !schema_suggest(written, key, KEY_TEXT)) {
        *key = '\0';
    }
}

/* A word that a sweep does not have. */
static void refuse(struct sweep_reader *r, const char *path, const struct setting *s)
{
    static const char *const words[] = {"grid",  "zip",      "list",   "lhs",          "sobol",
                                        "where", "baseline", "series", "distributions"};
    char first[KEY_TEXT];
    char key[KEY_TEXT];
    char end[128] = "";
    snprintf(first, sizeof first, "%.*s", (int)strcspn(path, "."), path);
    const char *const near = sim_closest_word(first, words, sizeof words / sizeof words[0]);
    find_key(path, near != NULL && path[strlen(first)] == '\0', key);
    if (*key != '\0') {
        problems_add(r->problems, origin_of_key(s->origin),
                     "%s: keys of the scenario stand below grid (every combination) or zip (in "
                     "step), as in 'sweep: {grid: {%s: [...]}}'",
                     s->path, key);
        return;
    }
    if (is_word(path, "grid") || is_word(path, "zip")) {
        snprintf(end, sizeof end, ", and keys of the scenario below grid and zip");
    } else if (near != NULL) {
        snprintf(end, sizeof end, "; did you mean '%s'?", near);
    }
    problems_add(r->problems, origin_of_key(s->origin),
                 "%s: a sweep has grid, zip, list, lhs, sobol, where, baseline, series and "
                 "distributions%s",
                 s->path, end);
}

static void read_one(struct sweep_reader *r, const struct setting *s)
{
    const char *const path = behind_prefix(s->path);
    if (is_word(path, "grid") && path[4] == '.') {
        read_grid(r, path + 5, s);
        return;
    }
    end_grid(r);
    if (is_word(path, "zip") && path[3] == '.') {
        read_zip(r, path + 4, s);
    } else if (is_word(path, "series")) {
        read_series(r, s, "series", "");
    } else if (is_word(path, "distributions")) {
        read_series(r, s, "distributions", DISTRIBUTION_PREFIX);
    } else if (strcmp(path, "list") == 0 || strcmp(path, "list.file") == 0) {
        read_list(r, s);
    } else if (strcmp(path, "baseline") == 0) {
        free(r->sweep->baseline);
        r->sweep->baseline = strdup(s->value);
        r->is_out_of_memory = r->sweep->baseline == NULL || r->is_out_of_memory;
    } else if (!is_word(path, "where") && !is_word(path, "list.keys") && !is_design(path)) {
        refuse(r, path, s);
    }
}

/* ---- Which points ---- */

struct choice {
    const struct sweep *sweep;
    const struct settings *settings;
    uint32_t point;
};

static const char *value_at_point(void *context, const char *key)
{
    const struct choice *const c = context;
    struct schema_place place;
    const size_t n = sweep_n_keys(c->sweep);
    for (size_t k = 0; k < n; k++) {
        if (strcmp(sweep_key(c->sweep, k), key) == 0) {
            return sweep_value(c->sweep, c->point, k);
        }
    }
    const struct setting *const given = settings_find(c->settings, key);
    if (given != NULL) {
        return given->value;
    }
    return schema_locate(key, &place) && place.row != NULL && element_is_there(c->settings, &place)
               ? place.row->standard
               : NULL;
}

/* Takes out the points at which a condition does not hold. */
static void apply_where(struct sweep_reader *r, const struct setting *s)
{
    struct sweep *const sweep = r->sweep;
    struct choice c = {sweep, r->settings, 0};
    struct sim_error e;
    enum sim_err err = SIM_OK;
    uint32_t kept = 0;
    uint32_t *const chosen = calloc((size_t)sweep->n_points + 1, sizeof *chosen);
    if (chosen == NULL) {
        r->is_out_of_memory = true;
        return;
    }
    for (; c.point < sweep->n_points && err == SIM_OK && !sweep_ends_at(r, c.point); c.point++) {
        bool holds = false;
        err = where_holds(s->value, value_at_point, &c, &holds, &e);
        if (holds) {
            chosen[kept++] = sweep->chosen != NULL ? sweep->chosen[c.point] : c.point;
        }
    }
    sweep_note(r, err, s->origin, "where", &e);
    free(sweep->chosen);
    sweep->chosen = chosen;
    sweep->n_points = kept;
    if (kept == 0 && err == SIM_OK && !r->is_stopped) {
        problems_add(r->problems, s->origin, "sweep: where: '%.80s' leaves no point", s->value);
    }
}

static void count_points(struct sweep_reader *r)
{
    const struct origin nowhere = {.kind = ORIGIN_OPTION, .source = "sweep"};
    double n = 1;
    for (size_t i = 0; i < r->sweep->n_blocks; i++) {
        n *= (double)r->sweep->block[i].n_rows;
    }
    if (n > SWEEP_MOST) {
        problems_add(r->problems, nowhere, "%.0f points; at most %d can be simulated", n,
                     (int)SWEEP_MOST);
        return;
    }
    r->sweep->n_points = (uint32_t)n;
}

static void choose_points(struct sweep_reader *r)
{
    count_points(r);
    for (size_t i = 0; i < r->settings->n && r->problems->n == 0; i++) {
        const struct setting *const s = &r->settings->item[i];
        const char *const path = behind_prefix(s->path);
        if (path != NULL && is_word(path, "where")) {
            apply_where(r, s);
        }
    }
    uint32_t point;
    struct sim_error e;
    if (r->sweep->baseline != NULL && r->problems->n == 0 && !r->is_stopped &&
        sweep_find_baseline(r->sweep, &point, &e) != SIM_OK) {
        problems_add(r->problems, settings_find(r->settings, "sweep.baseline")->origin, "sweep: %s",
                     e.text);
    }
}

static void read_all(struct sweep_reader *r)
{
    for (size_t i = 0; i < r->settings->n && !r->is_out_of_memory; i++) {
        if (behind_prefix(r->settings->item[i].path) != NULL) {
            read_one(r, &r->settings->item[i]);
        }
    }
    end_grid(r);
    sweep_read_designs(r);
    end_zip(r);
    if (r->problems->n == 0) {
        check_each_key_once(r);
    }
    if (r->problems->n == 0 && !r->is_out_of_memory) {
        choose_points(r);
    }
}

enum sim_err sweep_read(const struct settings *settings, bool (*stop_requested)(void *context),
                        struct sweep *sweep, struct problems *problems)
{
    struct sweep_reader r = {.settings = settings,
                             .sweep = sweep,
                             .problems = problems,
                             .stop_requested = stop_requested};
    *sweep = (struct sweep){.n_points = 1};
    read_all(&r);
    for (size_t i = 0; i < r.n_zip; i++) {
        axis_fini(&r.zip_axis[i]);
    }
    free(r.zip_axis);
    const enum sim_err err = r.is_out_of_memory || problems->is_out_of_memory ? SIM_ENOMEM
                             : r.is_stopped                                   ? SIM_ESTOPPED
                             : problems->n > 0                                ? SIM_EINVAL
                                                                              : SIM_OK;
    if (err != SIM_OK) {
        sweep_fini(sweep);
    }
    return err;
}
