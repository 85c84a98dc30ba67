/* bench/peers/driver.h -- what the drivers in C and in C++ have in common.
 *
 * A driver does one piece of work with one simulator and prints a line of two numbers: the CPU
 * seconds of the work itself, without the start of the program and the reading of input, and a
 * figure of the result, which peers.sh compares. */
#ifndef BENCH_PEERS_DRIVER_H
#define BENCH_PEERS_DRIVER_H

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

static inline double driver_cpu_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static inline void driver_report(double cpu_s, double figure)
{
    printf("%.9f %.17g\n", cpu_s, figure);
}

enum { DRIVER_INCREMENTS = 1 << 16 };

/* Exponential numbers of mean 1, the same in every language: by inversion, from the generator of
 * Park and Miller (CACM 31, 1988). */
static inline void driver_increments(double increment[DRIVER_INCREMENTS])
{
    uint64_t x = 1;
    for (int i = 0; i < DRIVER_INCREMENTS; i++) {
        x = x * 16807 % 2147483647;
        increment[i] = -log((double)x / 2147483647.0);
    }
}

#endif
