/* tests/support/stat_check.h -- does a sample follow a law? */
#ifndef TESTS_SUPPORT_STAT_CHECK_H
#define TESTS_SUPPORT_STAT_CHECK_H

#include "sim/rng/dist.h"

/* The Kolmogorov-Smirnov distance between a sample, which is sorted, and a continuous law. */
double ks_distance(double *sample, size_t n, const struct sim_dist *law);

/* The distance that a true sample of n exceeds with probability 0.001: 1.9495/sqrt(n) (asymptotic). */
double ks_critical(size_t n);

#endif
