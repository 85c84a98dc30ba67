/* bench/floor/mm1.h -- M/M/1 as a straight loop. */
#ifndef BENCH_FLOOR_MM1_H
#define BENCH_FLOOR_MM1_H

#include <stdint.h>

/* Mean sojourn of `customers` customers at an arrival rate of 0.9 and a service rate of 1. */
double floor_mm1(uint64_t seed, uint32_t customers);

#endif
