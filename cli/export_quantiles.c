/* quantiles.csv: quantiles of each figure over the replications, with intervals by order statistics. */
#include "cli/export.h"
#include "cli/quantiles.h"

static const struct table quantiles_table = {"quantiles", "a quantile of a figure",
                                             quantile_columns, QUANTILE_COLUMNS};

void export_quantiles(struct export *x)
{
    const struct study *const s = x->study;
    struct csv *const csv = export_open(x, &quantiles_table);
    for (size_t i = 0; csv != NULL && i < s->n_metrics * QUANTILE_LEVELS && x->err == SIM_OK; i++) {
        const size_t metric = i / QUANTILE_LEVELS;
        struct replication_quantile q;
        if (study_quantile(s, metric, quantile_level[i % QUANTILE_LEVELS], &q) == SIM_OK) {
            quantile_put(csv, s->metric[0][metric].name, s->metric[0][metric].unit, &q);
        } else {
            x->err = sim_fail_memory(x->error, "quantiles.csv");
        }
    }
    export_close(x, csv);
}
