/* sim/design/morris.h -- screening by elementary effects: which of many factors matter at all?
 *
 * A trajectory is k + 1 points; from each to the next one factor moves by two thirds of its range, in
 * random order, on a grid of four levels. The change of the result over the step is an elementary effect
 * of that factor: one per trajectory, so over trajectories they are independent. Their mean absolute value
 * mu* says how much a factor matters, their spread sigma whether its effect depends on the others (or is
 * not linear). R trajectories cost R (k + 1) runs.
 *
 * Sources: Morris, Technometrics 33 (1991); mu*: Campolongo, Cariboni, Saltelli, Environmental Modelling
 * and Software 22 (2007). Run all points on the same random numbers, or noise enters the effects.
 */
#ifndef SIM_DESIGN_MORRIS_H
#define SIM_DESIGN_MORRIS_H

#include "sim/base/err.h"

#include <stddef.h>
#include <stdint.h>

/* Effects are in the unit of the result, per full range of the factor. */
struct sim_morris_effect {
    size_t n;          /* elementary effects it stands on */
    double mu;         /* their mean: signs may cancel */
    double mu_star;    /* mean of their absolute values */
    double half_width; /* of Student's interval of mu_star; NaN for n < 2 */
    double sigma;      /* standard deviation; NaN for n < 2 */
};

/* point: n_trajectories * (k + 1) rows of k numbers, each 0, 1/3, 2/3 or 1. SIM_EINVAL without
 * trajectory or factor, SIM_ENOMEM. O(n_trajectories k^2). */
SIM_MUST_CHECK enum sim_err sim_morris_design(uint64_t seed, size_t n_trajectories, size_t k,
                                              double point[]);

/* result[i] belongs to row i of the design; NaN is a point without a result, and the steps to and from it
 * are left out. effect: k. With n = 0 all of an effect is NaN. */
void sim_morris_effects(size_t n_trajectories, size_t k, const double point[],
                        const double result[], double confidence,
                        struct sim_morris_effect effect[]);

#endif
