/* cli/paired.h -- means and differences over replications that share their random numbers. */
#ifndef CLI_PAIRED_H
#define CLI_PAIRED_H

#include "sim/stat/interval.h"

/* Student's interval of the mean of to[r] - from[r], r < n; `from` NULL: of to[r] alone. With a value
 * that is not finite ("never") the mean is INFINITY and the half-width NaN. */
struct sim_interval paired_interval(const double to[], const double from[], uint32_t n,
                                    double confidence);

/* Correlation of two figures over the replications; NaN if one of them does not vary. */
double paired_correlation(const double a[], const double b[], uint32_t n);

#endif
