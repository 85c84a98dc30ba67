/* study/quantile.h -- quantiles of a figure over the replications: how bad is it in one storm of twenty? */
#ifndef STUDY_QUANTILE_H
#define STUDY_QUANTILE_H

#include "output/csv.h"
#include "sim/stat/interval.h"

struct replication_quantile {
    double p;
    double value; /* type 7; INFINITY is "never" */
    struct sim_quantile_interval interval;
    uint64_t n;     /* replications in which the figure was measured */
    uint64_t needs; /* replications for an interval with two ends */
};

/* Of a figure in n replications; NaN: not measured there. SIM_ENOMEM. O(n log n). */
SIM_MUST_CHECK enum sim_err replication_quantile(const double value[], uint32_t n, double p,
                                                 double confidence,
                                                 struct replication_quantile *out);

/* quantiles.csv, of a single scenario or of each point: the levels, the columns, and a row of them. */
enum { QUANTILE_LEVELS = 6, QUANTILE_COLUMNS = 10 };
extern const double quantile_level[QUANTILE_LEVELS];
extern const struct table_column quantile_columns[QUANTILE_COLUMNS];
void quantile_put(struct csv *csv, const char *figure, const char *unit,
                  const struct replication_quantile *q);

#endif
