#include "cli/alternatives.h"

#include "sim/base/mem.h"
#include "study/axis.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* KEY=VALUES, in the grammar of sweeps. */
static enum exit_code parse_vary(struct axis *x, const char *text)
{
    const char *const equals = strchr(text, '=');
    struct sim_error e = {0};
    if (equals == NULL || equals == text || equals[1] == '\0') {
        fprintf(stderr, "primestorm: --vary needs KEY=VALUE,VALUE..., found '%s'\n", text);
        return EXIT_USAGE;
    }
    x->key = strndup(text, (size_t)(equals - text));
    if (x->key == NULL) {
        return EXIT_NO_MEMORY;
    }
    const enum sim_err err = axis_add(x, equals + 1, &e);
    if (err == SIM_EINVAL) {
        fprintf(stderr, "primestorm: --vary %s: %s\n", x->key, e.text);
    }
    return err == SIM_OK ? EXIT_OK : err == SIM_EINVAL ? EXIT_USAGE : EXIT_NO_MEMORY;
}

void alternatives_fini(struct alternatives *a)
{
    for (size_t i = 0; i < a->n; i++) {
        free(a->item[i].name);
        scenario_fini(&a->item[i].scenario);
        settings_fini(&a->item[i].settings);
    }
    free(a->item);
    *a = (struct alternatives){0};
}

static char *name_of(const char *path, const struct axis *axis, size_t n_axes, const size_t *chosen)
{
    char *text = NULL;
    size_t length;
    FILE *const out = open_memstream(&text, &length);
    if (out == NULL) {
        return NULL;
    }
    fputs(path, out);
    for (size_t i = 0; i < n_axes; i++) {
        fprintf(out, ", %s=%s", axis[i].key, axis[i].value[chosen[i]]);
    }
    if (fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

/* The common options with the chosen values behind them; `shown` holds the texts they borrow. */
static bool add_choices(struct scenario_override *override, char **shown, const struct axis *axis,
                        size_t n_axes, const size_t *chosen)
{
    for (size_t i = 0; i < n_axes; i++) {
        const char *const value = axis[i].value[chosen[i]];
        const size_t byte = strlen(axis[i].key) + strlen(value) + 16;
        shown[i] = malloc(byte);
        if (shown[i] == NULL) {
            return false;
        }
        snprintf(shown[i], byte, "--vary %s=%s", axis[i].key, value);
        override[i] = (struct scenario_override){shown[i], axis[i].key, value};
    }
    return true;
}

/* What is the same for all choices of a file is said once. */
static bool is_first_choice(const size_t *chosen, size_t n_axes)
{
    size_t sum = 0;
    for (size_t i = 0; i < n_axes; i++) {
        sum += chosen[i];
    }
    return sum == 0;
}

static enum exit_code load_one(struct alternative *alternative, const char *path,
                               const struct axis *axis, size_t n_axes, const size_t *chosen,
                               const struct scenario_options *common)
{
    struct scenario_options o = {
        .path = path, .n = common->n + n_axes, .knows_studies = !is_first_choice(chosen, n_axes)};
    char **const shown = calloc(n_axes + 1, sizeof *shown);
    o.override = calloc(o.n + 1, sizeof *o.override);
    alternative->name = name_of(path, axis, n_axes, chosen);
    bool ok = shown != NULL && o.override != NULL && alternative->name != NULL;
    if (ok && common->n > 0) {
        memcpy(o.override, common->override, common->n * sizeof *o.override);
    }
    ok = ok && add_choices(o.override + common->n, shown, axis, n_axes, chosen);
    const enum exit_code code =
        ok ? options_load(&o, &alternative->settings, &alternative->scenario) : EXIT_NO_MEMORY;
    for (size_t i = 0; shown != NULL && i < n_axes; i++) {
        free(shown[i]);
    }
    free(shown);
    free(o.override);
    return code;
}

static enum exit_code add(struct alternatives *a, const char *path, const struct axis *axis,
                          size_t n_axes, const size_t *chosen,
                          const struct scenario_options *common)
{
    if (sim_grow(&a->item, &a->capacity, a->n + 1, sizeof *a->item) != SIM_OK) {
        return EXIT_NO_MEMORY;
    }
    a->item[a->n] = (struct alternative){.path = path};
    return load_one(&a->item[a->n++], path, axis, n_axes, chosen, common);
}

/* The next combination, the last axis turning fastest; false after the last one. */
static bool next_choice(size_t *chosen, const struct axis *axis, size_t n_axes)
{
    for (size_t i = n_axes; i-- > 0;) {
        if (++chosen[i] < axis[i].n) {
            return true;
        }
        chosen[i] = 0;
    }
    return false;
}

static enum exit_code load_all(struct alternatives *a, const char *const path[], size_t n_paths,
                               const struct axis *axis, size_t n_axes,
                               const struct scenario_options *common)
{
    size_t chosen[ALTERNATIVES_MOST] = {0};
    enum exit_code code = EXIT_OK;
    for (size_t p = 0; p < n_paths && code == EXIT_OK; p++) {
        do {
            code = add(a, path[p], axis, n_axes, chosen, common);
        } while (next_choice(chosen, axis, n_axes) && code == EXIT_OK);
    }
    return code;
}

static enum exit_code check_number(size_t n_paths, const struct axis *axis, size_t n_axes)
{
    double n = (double)n_paths;
    for (size_t i = 0; i < n_axes; i++) {
        n *= (double)axis[i].n;
    }
    if (n >= 2 && n <= ALTERNATIVES_MOST && n_axes <= ALTERNATIVES_MOST) {
        return EXIT_OK;
    }
    fprintf(stderr, "primestorm: %.0f scenario%s to compare; 2 to %d are needed%s\n", n,
            n < 2 ? "" : "s", ALTERNATIVES_MOST,
            n < 2 ? ": name another file, or values of a key as in --vary servers.B.cores=4,8"
                  : "");
    return EXIT_USAGE;
}

enum exit_code alternatives_load(struct alternatives *a, const char *const path[], size_t n_paths,
                                 const char *const vary[], size_t n_vary,
                                 const struct scenario_options *common)
{
    *a = (struct alternatives){0};
    struct axis *const axis = calloc(n_vary + 1, sizeof *axis);
    enum exit_code code = axis != NULL ? EXIT_OK : EXIT_NO_MEMORY;
    for (size_t i = 0; i < n_vary && code == EXIT_OK; i++) {
        code = parse_vary(&axis[i], vary[i]);
    }
    if (code == EXIT_OK) {
        code = check_number(n_paths, axis, n_vary);
    }
    if (code == EXIT_OK) {
        code = load_all(a, path, n_paths, axis, n_vary, common);
    }
    for (size_t i = 0; axis != NULL && i < n_vary; i++) {
        axis_fini(&axis[i]);
    }
    free(axis);
    if (code != EXIT_OK) {
        alternatives_fini(a);
    }
    return code;
}
