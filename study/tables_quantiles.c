/* quantiles.csv of a study: how bad the figures that matter are in how many of the storms of a point. */
#include "study/tables_internal.h"

#include "study/precision.h"
#include "study/quantile.h"

#include <string.h>

/* The names in precision.figures; none if they are not sound, which is told where they are needed. */
struct watched {
    char name[PRECISION_FIGURES][PRECISION_NAME];
    uint32_t n;
};

static void read_watched(const struct tables *t, struct watched *w)
{
    struct sim_error ignored;
    if (precision_figures(t->plan->base, w->name, &w->n, &ignored) != SIM_OK) {
        w->n = 0;
    }
}

/* Those told on the screen, the last device, those that replications are made for, and those expected of: of all
 * figures the table would have hundreds of thousands of rows. */
static bool is_wanted(const struct tables *t, const struct watched *watched, const char *figure)
{
    bool is = strcmp(figure, "full_max_s") == 0;
    for (size_t i = 0; i < TABLES_HEADLINES; i++) {
        is = is || strcmp(figure, tables_headline[i]) == 0;
    }
    for (uint32_t i = 0; i < watched->n; i++) {
        is = is || strcmp(figure, watched->name[i]) == 0;
    }
    for (size_t i = 0; i < t->plan->expected.n; i++) {
        is = is || strcmp(figure, t->plan->expected.item[i].figure) == 0;
    }
    return is;
}

static enum sim_err put_figure(struct tables *t, struct csv *csv, size_t figure)
{
    const struct store_figure *const f = store_figure(t->store, figure);
    for (size_t i = 0; i < QUANTILE_LEVELS; i++) {
        struct replication_quantile q;
        if (replication_quantile(t->column, t->n, quantile_level[i], t->plan->base->confidence,
                                 &q) != SIM_OK) {
            return SIM_ENOMEM;
        }
        csv_whole(csv, t->point);
        tables_put_keys(csv, t);
        quantile_put(csv, f->name, f->unit, &q);
    }
    return SIM_OK;
}

enum sim_err tables_put_quantiles(struct tables *t, struct csv *csv, struct sim_error *e)
{
    struct watched watched;
    read_watched(t, &watched);
    for (size_t i = 0; i < t->n_shown; i++) {
        if (is_wanted(t, &watched, store_figure(t->store, t->shown[i])->name)) {
            tables_gather(t, t->shown[i]);
            if (put_figure(t, csv, t->shown[i]) != SIM_OK) {
                return sim_fail_memory(e, "quantiles.csv");
            }
        }
    }
    return SIM_OK;
}
