/* sim/base/minmax.h -- the smaller and the larger of two numbers, neither NaN: fmin and fmax, which
 * mind NaN, are calls, and took 3 % of the instructions of a storm. */
#ifndef SIM_BASE_MINMAX_H
#define SIM_BASE_MINMAX_H

static inline double sim_min(double a, double b)
{
    return a < b ? a : b;
}

static inline double sim_max(double a, double b)
{
    return a > b ? a : b;
}

#endif
