/* tests/theory/reference.h -- closed forms of queues, in code: held against tables made by other programs. */
#ifndef TESTS_THEORY_REFERENCE_H
#define TESTS_THEORY_REFERENCE_H

#include <stdint.h>

enum { REFERENCE_CLASSES = 2, REFERENCE_STATIONS = 4, REFERENCE_MAX_CUSTOMERS = 500 };

/* N customers that think for think_s and visit one station of c servers: customers per second, and
 * the probability that all are there. The birth-death solution in logarithms; exact MVA breaks down
 * here (500 customers, 8 servers). */
double reference_finite_source(uint32_t customers, double think_s, double service_s,
                               uint32_t servers, double *all_there);

/* Probability that nobody is there: M/M/c with `offered` Erlang, for up to `room` customers, or for
 * any number where room is 0 (offered < servers). Birth and death in logarithms. */
double reference_empty(double offered, uint32_t servers, uint32_t room);

/* A closed network of single-server queues (processor sharing, or first come first served with equal
 * exponential services), one or two classes of customers. */
struct reference_network {
    uint32_t n_classes, n_stations;
    uint32_t customers[REFERENCE_CLASSES];
    double think_s[REFERENCE_CLASSES];
    double demand_s[REFERENCE_CLASSES][REFERENCE_STATIONS]; /* all visits together */
};

struct reference_solution {
    double throughput[REFERENCE_CLASSES];
    double residence_s[REFERENCE_CLASSES][REFERENCE_STATIONS];
    double present[REFERENCE_CLASSES][REFERENCE_STATIONS];
};

/* Exact mean value analysis (Reiser and Lavenberg, JACM 27, 1980), class by class. */
struct reference_solution reference_mva(const struct reference_network *network);

/* Simulates the network on the kernel, its stations as shared resources, demands and thoughts
 * exponential: means over `duration_s` after a warm-up, in one replication. Residences are by
 * Little's law, those of all visits together. */
struct reference_solution reference_simulate(const struct reference_network *network,
                                             double warm_up_s, double duration_s,
                                             uint32_t replication);

#endif
