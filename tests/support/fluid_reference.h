/* tests/support/fluid_reference.h -- capped weighted max-min sharing by recomputing everything.
 *
 * Written independently of sim/res/fluid.c: at every event the rates of all flows are found by
 * progressive filling, in long double, and the remaining amount of each flow is brought up to date.
 * O(flows^2) an event; the truth that the solver is compared with. */
#ifndef TESTS_SUPPORT_FLUID_REFERENCE_H
#define TESTS_SUPPORT_FLUID_REFERENCE_H

#include <stddef.h>

struct reference_flow {
    double start_s, amount;
    double cap; /* units/s; 0: none */
    double weight;
    double cancel_s;   /* INFINITY: never */
    double delay_s;    /* from start_s to its first bit */
    double finish_s;   /* result; INFINITY if it never finishes, NAN if it was cancelled */
    double duration_s; /* result: finish_s - start_s, with all its digits */
};

struct reference_capacity {
    double time_s, capacity;
};

/* Rates of n flows of these caps and weights, `active` saying who counts, in `rate`. */
void reference_rates(const struct reference_flow *flow, const int *active, size_t n,
                     double capacity, long double *rate);

/* Fills finish_s and duration_s of every flow. The capacity is change[0].capacity from the start (time 0). */
void reference_run(struct reference_flow *flow, size_t n, const struct reference_capacity *change,
                   size_t n_changes);

/* The same with 113 bits (IEEE binary128), some fifty times slower. */
void reference_run_quad(struct reference_flow *flow, size_t n,
                        const struct reference_capacity *change, size_t n_changes);

#endif
