/* bench/floor/sharing.h -- capped sharing as straight loops: no handles, no weights, no classes, no
 * calendar, no statistics; the flows are known before and only start and end. */
#ifndef BENCH_FLOOR_SHARING_H
#define BENCH_FLOOR_SHARING_H

#include "bench/flows.h"

/* Two heaps of flows, by time of end and by virtual time of end, and a border that flows cross one by
 * one: the textbook algorithm. Fills finish_s. */
void floor_two_sets(struct bench_load *load);

/* All rates and all remaining sizes anew at every event: what is written when nobody thinks. */
void floor_recompute(struct bench_load *load);

#endif
