/* bench/bench.h -- the frame of the benchmarks: ratios of two sides that run alternately.
 *
 * A program names its rows and links this frame, which has the main function. A row is a piece of
 * work, our side of it, and one or more floors: the same work as a straight loop without a library,
 * compiled in the same run. Sides run in turn (floor, ours, floor, ours, ...), so that whatever
 * else the machine does falls on both; CPU time of the process is measured. Reported are the median
 * of the ratios with their range; of several floors the one with the least median time counts.
 *
 * usage of a program: bench_X [--header] [--pairs N] [--once WORK]
 *     --once   runs our side once without a clock, for profilers and instruction counts
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stddef.h>

enum { BENCH_MAX_FLOORS = 5 };

/* One way to do the work. `create` is not timed; NULL for both means there is nothing to prepare.
 * `run` returns a figure of the result, so that nothing is optimised away. */
struct bench_side {
    const char *name;
    void *(*create)(void);
    double (*run)(void *state);
    void (*destroy)(void *state);
};

struct bench_row {
    const char *work;
    double operations; /* a run's number of operations, for the column of nanoseconds */
    double bar;        /* the ratio to reach; 0 for none */
    double agreement;  /* relative difference allowed between the figures of the sides; 0: same
                          bits; below 0: they draw different numbers and are not compared */
    struct bench_side ours;
    struct bench_side floors[BENCH_MAX_FLOORS]; /* ends with a side that has no name */
};

/* Defined by the program. */
extern const struct bench_row bench_rows[];
extern const size_t bench_n_rows;

#endif
