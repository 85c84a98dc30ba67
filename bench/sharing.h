/* bench/sharing.h -- the flows of a load through the public kernel, as a user would write it. */
#ifndef BENCH_SHARING_H
#define BENCH_SHARING_H

#include "bench/flows.h"

#include "sim/res/fluid.h"

/* Fills finish_s, and says which solver was in use at the end. Making the simulation, and a class a flow, belongs
 * to it. Ends the program where there is no memory. */
enum sim_fluid_solver sharing_run(struct bench_load *load);

#endif
