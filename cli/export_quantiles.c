/* quantiles.csv: quantiles of each figure over the replications, with intervals by order statistics. */
#include "cli/export.h"
#include "cli/quantiles.h"

#include <math.h>

static const double levels[] = {0.05, 0.25, 0.5, 0.75, 0.9, 0.95};

enum { N_LEVELS = sizeof levels / sizeof levels[0] };

static const struct table_column columns[] = {
    {"figure", "", "name of the figure, as in runs.csv", TABLE_TEXT},
    {"unit", "", "its unit", TABLE_TEXT},
    {"replications", "", "replications in which it was measured", TABLE_WHOLE},
    {"p", "1", "share of the replications that are at or below the quantile", TABLE_REAL},
    {"value", "unit", "the quantile over the replications (type 7); empty if it is 'never'",
     TABLE_REAL},
    {"low", "unit", "lower end of its interval: an order statistic; empty if it is open",
     TABLE_REAL},
    {"high", "unit", "upper end of it; empty if it is open, or 'never'", TABLE_REAL},
    {"coverage", "1", "confidence of that interval, at least that of the scenario", TABLE_REAL},
    {"needs", "", "replications for an interval with both ends", TABLE_WHOLE},
    {"remark", "", "too few replications, or never", TABLE_TEXT},
};

static const struct table quantiles_table = {"quantiles", "a quantile of a figure", columns,
                                             sizeof columns / sizeof columns[0]};

static const char *remark(const struct replication_quantile *q)
{
    if (q->n == 0) {
        return "not measured";
    }
    if (q->n < q->needs) {
        return "too few replications: an end is open";
    }
    return isinf(q->value) || isinf(q->interval.high) ? "never, in some replications" : "";
}

static void put_row(struct csv *csv, const struct metric *m, const struct replication_quantile *q)
{
    csv_text(csv, m->name);
    csv_text(csv, m->unit);
    csv_whole(csv, q->n);
    csv_real(csv, q->p);
    csv_real(csv, q->value);
    csv_real(csv, q->interval.low);
    csv_real(csv, q->interval.high);
    csv_real(csv, q->n == 0 ? (double)NAN : q->interval.coverage);
    csv_whole(csv, q->needs);
    csv_text(csv, remark(q));
}

void export_quantiles(struct export *x)
{
    const struct study *const s = x->study;
    struct csv *const csv = export_open(x, &quantiles_table);
    for (size_t i = 0; csv != NULL && i < s->n_metrics * N_LEVELS && x->err == SIM_OK; i++) {
        struct replication_quantile q;
        if (replication_quantile(s, i / N_LEVELS, levels[i % N_LEVELS], &q) == SIM_OK) {
            put_row(csv, &s->metric[0][i / N_LEVELS], &q);
        } else {
            x->err = sim_fail_memory(x->error, "quantiles.csv");
        }
    }
    export_close(x, csv);
}
