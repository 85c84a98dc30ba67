/* sim/design/indices.h -- Sobol' indices: which share of the variance of a result is a factor's?
 *
 * First index S: the share that would go if the factor were known. Total index T: the share that would
 * stay if it alone were not; T - S is what it does together with others. Factors are independent and
 * uniform on [0, 1).
 *
 * A block of the design is k + 2 points: a, b, and for each factor j the point a with coordinate j from b.
 * n blocks cost n (k + 2) runs. Estimators, with the mean taken out of f beforehand:
 *
 *     S_j = mean[f(b) (f(ab_j) - f(a))] / V       Saltelli et al., Comput. Phys. Commun. 181 (2010), (b)
 *     T_j = mean[(f(a) - f(ab_j))^2] / (2 V)      Jansen, Comput. Phys. Commun. 117 (1999)
 *     V   = variance of f over all a and b.
 *
 * On the same random numbers for all points they are those of the model with these numbers.
 */
#ifndef SIM_DESIGN_INDICES_H
#define SIM_DESIGN_INDICES_H

#include "sim/base/err.h"

#include <stddef.h>
#include <stdint.h>

struct sim_index {
    double value, low, high; /* bootstrap percentile interval over blocks */
};

struct sim_indices {
    struct sim_index first, total;
};

/* point: n (k + 2) rows of k. a and b are halves of Sobol' points in 2 k dimensions where there are so
 * many, of a Latin hypercube otherwise. SIM_EINVAL for n < 2 or k = 0, SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err sim_indices_design(uint64_t seed, size_t n, size_t k, double point[]);

/* result[i] belongs to row i; a block with a NaN is left out, and *n_used says how many are not. indices:
 * k, NaN if fewer than two blocks are left or the result does not vary. The bootstrap draws n_resamples
 * times n blocks: O(n k n_resamples). SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err sim_indices_estimate(uint64_t seed, size_t n, size_t k,
                                                 const double result[], double confidence,
                                                 size_t n_resamples, struct sim_indices indices[],
                                                 size_t *n_used);

#endif
