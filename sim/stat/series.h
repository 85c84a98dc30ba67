/* sim/stat/series.h -- fixed-step time series: a row of numbers every `step_s` seconds.
 *
 * Row i belongs to time i * step_s. Memory is bounded from the start by `max_rows`.
 */
#ifndef SIM_STAT_SERIES_H
#define SIM_STAT_SERIES_H

#include "sim/base/err.h"

#include <stddef.h>

struct sim_series; /* opaque */

/* step_s > 0, n_columns > 0, max_rows > 0; else SIM_EINVAL. SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err sim_series_create(double step_s, size_t n_columns, size_t max_rows,
                                              struct sim_series **out);
void sim_series_destroy(struct sim_series *s); /* NULL allowed */

/* Opens the next row and returns its n_columns cells, all zero, for the caller to fill; valid until
 * the next call. NULL when out of memory or when max_rows rows are there: the series is full. */
double *sim_series_next_row(struct sim_series *s);

size_t sim_series_n_rows(const struct sim_series *s);
size_t sim_series_n_columns(const struct sim_series *s);
double sim_series_step_s(const struct sim_series *s);
double sim_series_time_s(const struct sim_series *s, size_t row);
const double *sim_series_row(const struct sim_series *s, size_t row);

#endif
