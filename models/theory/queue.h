/* models/theory/queue.h -- M/G/c with room for K: one program for all rows about one queue.
 *
 * Customers arrive at rate lambda at c servers with `places` to wait. The program is regenerative: it
 * begins at the moment an arrival raises the number present to `level`, and ends after a number of
 * returns to that moment. With exponential services any level will do; otherwise the level is 1, an
 * arrival at an empty system. At a level up to c nobody waits, so every customer of a cycle has begun
 * service within it.
 */
#ifndef MODELS_THEORY_QUEUE_H
#define MODELS_THEORY_QUEUE_H

#include "models/theory/vary.h"

/* What a row asks for. */
enum queue_figure {
    QUEUE_PRESENT,     /* mean number present */
    QUEUE_WAIT,        /* mean wait of those who get in */
    QUEUE_SOJOURN,     /* mean time present of those who get in, as number over rate (Little) */
    QUEUE_WAITS,       /* share of arrivals that wait */
    QUEUE_REFUSED,     /* share of arrivals that are refused */
    QUEUE_PRESENT_10,  /* M/M/1: share of time with ten or more present */
    QUEUE_WAIT_BEYOND, /* M/D/1: share of customers who wait longer than `at` */
    QUEUE_SOJOURN_QUANTILE, /* M/M/1: of order `at` */
    QUEUE_WAIT_QUANTILE,    /* M/M/1: of order `at` */
};

struct queue {
    double lambda;
    uint32_t servers, places; /* places to wait; SIM_STATION_UNBOUNDED */
    const char *service;      /* a distribution with mean 1; NULL: Pareto with exponent 2.5 */
    uint32_t level, cycles;
    double long_wait_s; /* Pareto services: chance is taken away from waits above it (queue.c) */
    struct {
        enum queue_figure figure;
        double at;
    } row[THEORY_MAX_ROWS];
};

/* Simulates a struct queue; see theory.h. */
enum sim_err queue_simulate(const void *parameters, uint64_t seed, uint32_t replication,
                            struct theory_value value[]);

/* What can be set of a struct queue: */
extern const struct theory_variation queue_variation_lambda, /* lambda, with one server */
    queue_variation_servers;                                 /* lambda, servers */

#endif
