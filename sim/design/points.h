/* sim/design/points.h -- points of the unit cube at which a computer experiment is run.
 *
 * A design of n points in k dimensions is an array of n rows of k numbers in [0, 1): point[i*k + j] is
 * factor j of point i. Same arguments, same bits.
 */
#ifndef SIM_DESIGN_POINTS_H
#define SIM_DESIGN_POINTS_H

#include "sim/base/err.h"

#include <stddef.h>
#include <stdint.h>

/* The most dimensions of Sobol' points (those of GSL's generator). */
enum { SIM_SOBOL_MAX_DIMENSIONS = 40 };

/* Latin hypercube: each factor has exactly one point in each of the n strata [i/n, (i + 1)/n), at a
 * uniform place in it; strata of different factors are paired at random. Of `n_tries` such designs the
 * one whose nearest two points are farthest apart is kept (maximin); 1 is the plain hypercube. n, k and
 * n_tries at least 1. Source: McKay, Beckman, Conover, Technometrics 21 (1979); maximin: Johnson, Moore,
 * Ylvisaker, J. Stat. Planning and Inference 26 (1990).
 * O(n k n_tries), and with more than one try O(n^2 k n_tries). SIM_EINVAL, SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err sim_design_latin(uint64_t seed, size_t n, size_t k, uint32_t n_tries,
                                             double point[]);

/* The first n points of the Sobol' sequence, the origin included: without it 2^m points lose their
 * balance (Owen, "On dropping the first Sobol' point", 2020). All are shifted by one random vector modulo
 * 1 (Cranley, Patterson, SIAM J. Numer. Anal. 13, 1976), so that every point is uniform and two seeds are
 * independent; seed 0: not shifted. Best with n a power of two. k <= SIM_SOBOL_MAX_DIMENSIONS.
 * O(n k). SIM_EINVAL, SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err sim_design_sobol(uint64_t seed, size_t n, size_t k, double point[]);

#endif
