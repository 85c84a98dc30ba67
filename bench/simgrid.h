/* bench/simgrid.h -- the flows of a load by SimGrid, in a process of its own (tests/peers/simgrid_flows.cpp). */
#ifndef BENCH_SIMGRID_H
#define BENCH_SIMGRID_H

#include "bench/flows.h"

struct bench_simgrid; /* opaque: the driver's files */

/* Why it cannot be asked here; NULL if it can. */
const char *bench_simgrid_absent(void);

/* Writes the flows where the driver reads them. These functions end the program where they fail. */
struct bench_simgrid *bench_simgrid_open(struct bench_load *load);
void bench_simgrid_run(struct bench_simgrid *s); /* fills finish_s of the load */

/* Of the last run, from the flows in memory to their ends, as SimGrid's process says. */
double bench_simgrid_used_s(const struct bench_simgrid *s);
void bench_simgrid_close(struct bench_simgrid *s);

#endif
