/* quantiles.csv of a study: how bad the figures that matter are in how many of the storms of a point. */
#include "study/tables_internal.h"

#include "study/precision.h"
#include "study/quantile.h"

#include <string.h>

/* Those told on the screen, the last device, those that replications are made for, and those expected of: of all
 * figures the table would have hundreds of thousands of rows. */
static bool is_wanted(const struct tables *t, const char *figure)
{
    char name[PRECISION_FIGURES][PRECISION_NAME];
    uint32_t n = 0;
    struct sim_error none;
    bool is = strcmp(figure, "full_max_s") == 0;
    for (size_t i = 0; i < TABLES_HEADLINES; i++) {
        is = is || strcmp(figure, tables_headline[i]) == 0;
    }
    if (precision_figures(t->plan->base, name, &n, &none) == SIM_OK) {
        for (uint32_t i = 0; i < n; i++) {
            is = is || strcmp(figure, name[i]) == 0;
        }
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
    for (size_t i = 0; i < t->n_shown; i++) {
        if (is_wanted(t, store_figure(t->store, t->shown[i])->name)) {
            tables_gather(t, t->shown[i]);
            if (put_figure(t, csv, t->shown[i]) != SIM_OK) {
                return sim_fail_memory(e, "quantiles.csv");
            }
        }
    }
    return SIM_OK;
}
