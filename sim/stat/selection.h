/* sim/stat/selection.h -- the best of k systems, with a guarantee: procedure KN.
 *
 * Systems are observed in rounds, one replication of each that is still in the race; least is best.
 * After n0 rounds the variances of all pairwise differences are known, and from then on every round
 * throws out the systems that are worse than another one by more than chance allows. With at least the
 * stated confidence the system that is left is the best, provided it is better than all others by the
 * indifference or more; if it is not, one within the indifference of the best is left.
 *
 * Observations must be near normal and independent between rounds; within a round they may be (and had
 * better be) made with common random numbers. Source: Kim, Nelson, "A fully sequential procedure for
 * indifference-zone selection in simulation", ACM TOMACS 11 (2001), with c = 1:
 *
 *     eta = ((2 a/(k - 1))^(-2/(n0 - 1)) - 1)/2,   h2 = 2 eta (n0 - 1),   a = 1 - confidence;
 *     i stays at round r while, for all l,
 *     sum_j (X_ij - X_lj) <= max(0, d/2 (h2 S_il^2/d^2 - r)),   d the indifference.
 */
#ifndef SIM_STAT_SELECTION_H
#define SIM_STAT_SELECTION_H

#include "sim/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sim_selection; /* opaque */

/* k >= 2 systems, 0.5 < confidence < 1, indifference > 0, n0 >= 2 rounds to begin with (20 is usual).
 * SIM_EINVAL, SIM_ENOMEM. Memory O(k^2 + k n0). */
SIM_MUST_CHECK enum sim_err sim_selection_create(size_t k, double confidence, double indifference,
                                                 uint32_t n0, struct sim_selection **out);
void sim_selection_destroy(struct sim_selection *s); /* NULL allowed */

/* One round: value[i] of each system that is in, finite; others are not read. Not after the end.
 * O(k^2). */
void sim_selection_add(struct sim_selection *s, const double value[]);

bool sim_selection_is_in(const struct sim_selection *s, size_t i);
bool sim_selection_is_decided(const struct sim_selection *s);
uint32_t sim_selection_n_rounds(const struct sim_selection *s);

/* The system of the least mean among those that are in; the selected one once it is decided. */
size_t sim_selection_best(const struct sim_selection *s);

/* The constant h2 of the procedure. */
double sim_selection_h2(size_t k, double confidence, uint32_t n0);

#endif
