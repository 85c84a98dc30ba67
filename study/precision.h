/* study/precision.h -- when a point has replications enough.
 *
 * After each replication from precision.min on: enough if for every watched figure
 *
 *     half-width / |mean|  <=  g / (1 + g),   g = precision.relative,
 *
 * which makes the relative error to the unknown mean at most g (Law, Simulation Modeling and Analysis, ch. 9).
 * With k figures each interval is of confidence 1 - (1 - c)/k (Bonferroni). The rule under-covers a little for
 * small numbers, as a sequential rule must. It reads replications in the order of their numbers, so where it
 * stops depends on nothing else. A figure that is 0 in all of them is precise; one that is "never" in one is not.
 */
#ifndef STUDY_PRECISION_H
#define STUDY_PRECISION_H

#include "models/scenario.h"

/* The least number of replications that is enough, among the first `n` of them; 0 if n is not.
 * value[k * stride + r] is figure k of replication r. O(figures * n). */
uint32_t precision_enough(const struct scenario *scenario, const double value[], uint32_t n_figures,
                          uint32_t stride, uint32_t n);

/* How many to run next when `n` were not enough: as many as the last half-widths ask for, at least one and at
 * most half as many again, and not beyond precision.max. */
uint32_t precision_next(const struct scenario *scenario, const double value[], uint32_t n_figures,
                        uint32_t stride, uint32_t n);

enum { PRECISION_FIGURES = 8, PRECISION_NAME = 80 };

/* The names in precision.figures. SIM_EINVAL if there are none or too many. */
SIM_MUST_CHECK enum sim_err precision_figures(const struct scenario *scenario,
                                              char name[PRECISION_FIGURES][PRECISION_NAME],
                                              uint32_t *n, struct sim_error *e);

#endif
