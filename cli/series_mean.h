/* cli/series_mean.h -- the time series of a study, put together over its replications.
 *
 * A replication that has ended goes on as in its last row, which shows the quiet after the storm.
 */
#ifndef CLI_SERIES_MEAN_H
#define CLI_SERIES_MEAN_H

#include "cli/study.h"
#include "sim/stat/interval.h"

/* Rows of the longest replication. */
size_t series_mean_n_rows(const struct study *study);

/* Mean and half-width of a cell over the replications that have a number there; NaN if none has. */
struct sim_interval series_mean_cell(const struct study *study, size_t row, size_t column);

/* The mean alone, without the cost of an interval. */
double series_mean_value(const struct study *study, size_t row, size_t column);

#endif
