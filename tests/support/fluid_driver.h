/* tests/support/fluid_driver.h -- runs the flows of a reference case through sim/res/fluid.h. */
#ifndef TESTS_SUPPORT_FLUID_DRIVER_H
#define TESTS_SUPPORT_FLUID_DRIVER_H

#include "tests/support/fluid_reference.h"

#include "sim/core/sim.h"
#include "sim/res/fluid.h"

/* How a case is run. */
struct driver_options {
    enum sim_fluid_solver solver;
    int alternates;   /* the solver is changed with every other start */
    int merges;       /* flows of equal cap and weight are in one class; else each has its own */
    int late_classes; /* the class of a flow is made when it starts; else all before the first */
};

/* Simulates the flows (caps and weights whole numbers) and fills finish_s. Returns the statistics at the
 * end, with the conservation gap in *gap (NULL allowed). */
struct sim_fluid_stats driver_run(struct reference_flow *flow, size_t n,
                                  const struct reference_capacity *change, size_t n_changes,
                                  struct driver_options options, double *gap);

#endif
