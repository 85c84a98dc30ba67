/* sim/rng/dist.h -- distributions: one grammar, exact moments, sampling by inversion.
 *
 * Grammar (white space is free; `unit` as in units.h):
 *
 *     distribution := [quantity "+"] term
 *     term         := quantity                                   (a constant)
 *                   | family "(" argument {"," argument} ")" [unit]
 *     argument     := [name "="] quantity | quantity "@" weight | distribution "@" weight
 *
 *     constant(value)             normal(mean, sd), truncated at 0   triangular(min, mode, max)
 *     uniform(min, max)           lognormal(mu, sigma)               discrete(value @ p, ...)
 *     exponential(mean)           lognormal(median=M, sigma=S)       mixture(X @ p, ...)
 *     gamma(shape, scale)         lognormal(mean=M, sigma=S)         empirical(FILE.csv, COLUMN)
 *     weibull(shape, scale)       pareto(shape, min, max), bounded
 *
 * A unit behind the bracket holds for all values inside that have none: "uniform(0, 15) s" and
 * "uniform(0 s, 15 s)" are the same. mu of a lognormal is the logarithm of the value in that unit.
 *
 * Sampling is by inversion of the distribution function: one variate costs one uniform number, and
 * a changed parameter moves every variate the same way (common random numbers stay common).
 */
#ifndef SIM_RNG_DIST_H
#define SIM_RNG_DIST_H

#include "sim/base/err.h"
#include "sim/base/units.h"
#include "sim/rng/stream.h"

#include <stdio.h>

struct sim_dist; /* opaque; never changes after creation, so threads may share it */

/* Reads `text` as a distribution of `dimension`; values come out in SI. A relative FILE of
 * empirical() is taken from `folder` (NULL: the working directory). SIM_EINVAL with a message,
 * SIM_ENOENT or SIM_EIO for a file, SIM_ENOMEM. The caller owns `*out`. */
SIM_MUST_CHECK enum sim_err sim_dist_parse(const char *text, enum sim_dimension dimension,
                                           const char *folder, struct sim_dist **out,
                                           struct sim_error *e);
SIM_MUST_CHECK enum sim_err sim_dist_constant(double value, struct sim_dist **out);
void sim_dist_destroy(struct sim_dist *d); /* NULL allowed */

/* All of these are exact up to rounding, but for the cdf of a gamma: good to 1e-7 for shapes above 100.
 * A variance beyond the range of a double is INFINITY. */
double sim_dist_mean(const struct sim_dist *d);
double sim_dist_variance(const struct sim_dist *d);
double sim_dist_cdf(const struct sim_dist *d, double x); /* P(X <= x) */

/* The smallest x with cdf(x) >= u, for u in (0, 1). Cost: 5 to 60 ns; gamma about 2 us; mixture
 * some 20 evaluations of its cdf; discrete and empirical O(log n). */
double sim_dist_quantile(const struct sim_dist *d, double u);

/* Ends of the support; -INFINITY and INFINITY are possible. */
double sim_dist_min(const struct sim_dist *d);
double sim_dist_max(const struct sim_dist *d);

/* quantile(uniform): one variate, one uniform number. */
double sim_dist_draw(const struct sim_dist *d, struct sim_stream *s);

/* Writes the distribution in the grammar above, in one canonical form: values in SI (a sample keeps
 * the unit of its file), files by their absolute paths. */
void sim_dist_print(const struct sim_dist *d, enum sim_dimension dimension, FILE *out);

#endif
