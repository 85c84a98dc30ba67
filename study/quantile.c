#include "study/quantile.h"

#include "sim/stat/sample.h"

#include <math.h>

enum sim_err replication_quantile(const double value[], uint32_t n, double p, double confidence,
                                  struct replication_quantile *out)
{
    struct sim_sample sample = {0};
    enum sim_err err = SIM_OK;
    for (uint32_t r = 0; r < n && err == SIM_OK; r++) {
        err = isnan(value[r]) ? SIM_OK : sim_sample_add(&sample, value[r]);
    }
    if (err == SIM_OK) {
        sim_sample_sort(&sample);
        *out =
            (struct replication_quantile){.p = p,
                                          .value = sim_sample_quantile(&sample, p),
                                          .interval = sim_interval_quantile(&sample, p, confidence),
                                          .n = sample.n,
                                          .needs = sim_interval_quantile_needs(p, confidence)};
    }
    sim_sample_fini(&sample);
    return err;
}

const double quantile_level[QUANTILE_LEVELS] = {0.05, 0.25, 0.5, 0.75, 0.9, 0.95};

const struct table_column quantile_columns[QUANTILE_COLUMNS] = {
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

void quantile_put(struct csv *csv, const char *figure, const char *unit,
                  const struct replication_quantile *q)
{
    csv_text(csv, figure);
    csv_text(csv, unit);
    csv_whole(csv, q->n);
    csv_real(csv, q->p);
    csv_real(csv, q->value);
    csv_real(csv, q->interval.low);
    csv_real(csv, q->interval.high);
    csv_real(csv, q->n == 0 ? (double)NAN : q->interval.coverage);
    csv_whole(csv, q->needs);
    csv_text(csv, remark(q));
}
