/* tests/support/fluid_driver.h -- runs the flows of a reference case through sim/res/fluid.h. */
#ifndef TESTS_SUPPORT_FLUID_DRIVER_H
#define TESTS_SUPPORT_FLUID_DRIVER_H

#include "tests/support/fluid_reference.h"

#include "sim/core/sim.h"
#include "sim/res/fluid.h"

/* Simulates the flows (caps and weights whole numbers) and fills finish_s. With `late_classes`, the class
 * of a flow is made when it starts; else all before the first. Returns the conservation gap. */
double driver_run(struct reference_flow *flow, size_t n, const struct reference_capacity *change,
                  size_t n_changes, int late_classes);

#endif
