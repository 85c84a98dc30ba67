#include "models/figures.h"

#include "models/collect.h"
#include "sim/base/mem.h"
#include "sim/base/text.h"

#include <stdlib.h>
#include <string.h>

void figures_fini(struct known_figures *f)
{
    free(f->item);
    *f = (struct known_figures){0};
}

const struct metric *figures_find(const struct known_figures *f, const char *name)
{
    for (size_t i = 0; i < f->n; i++) {
        if (strcmp(f->item[i].name, name) == 0) {
            return &f->item[i];
        }
    }
    return NULL;
}

const char *figures_suggest(const struct known_figures *f, const char *name)
{
    const char **const names = calloc(f->n + 1, sizeof *names);
    if (names == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < f->n; i++) {
        names[i] = f->item[i].name;
    }
    const char *const near = sim_closest_word(name, names, f->n);
    free(names);
    return near;
}

static enum sim_err merge(struct known_figures *f, const struct metric *metric, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (figures_find(f, metric[i].name) != NULL) {
            continue;
        }
        if (sim_grow(&f->item, &f->capacity, f->n + 1, sizeof *f->item) != SIM_OK) {
            return SIM_ENOMEM;
        }
        f->item[f->n++] = metric[i];
    }
    return SIM_OK;
}

/* A world at the instant of the failure has all that its figures are named after. */
static enum sim_err add_world(struct known_figures *f, struct world *w)
{
    struct run_result result = {0};
    struct metric *metric = NULL;
    size_t n = 0;
    w->result = &result;
    enum sim_err err = collect_result(w);
    if (err == SIM_OK) {
        metric = metrics_of(&result, &n);
        err = metric != NULL ? merge(f, metric, n) : SIM_ENOMEM;
    }
    free(metric);
    w->result = NULL;
    run_result_fini(&result);
    return err;
}

enum sim_err figures_add(struct known_figures *f, const struct scenario *scenario,
                         struct sim_error *e)
{
    struct world *w;
    enum sim_err err = world_create(scenario, 0, NULL, NULL, &w, e);
    if (err != SIM_OK) {
        return err;
    }
    err = add_world(f, w);
    world_destroy(w);
    return err == SIM_OK ? SIM_OK : sim_fail(e, err, "the figures: %s", sim_err_text(err));
}
