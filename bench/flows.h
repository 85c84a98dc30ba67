/* bench/flows.h -- the flows that the sharing benchmarks send, the same for every solver.
 *
 * storm: sizes lognormal with mean 5 MB and sigma 1, starts uniform within 60 s, caps lognormal with
 * median 2 Mbit/s and sigma 0.8, on a link of 100 Mbit/s. Almost all flows share almost always.
 *
 * adversary: n/2 long flows whose caps are all different, nearly equal, and together just below the
 * capacity; n/2 short uncapped flows come one at a time. Each comes: all long flows are slowed down.
 * It goes: all run at their caps again. The worst case of a solver that moves flows one by one. */
#ifndef BENCH_FLOWS_H
#define BENCH_FLOWS_H

#include <stdint.h>
#include <stdio.h>

struct bench_flow {
    double start_s;
    double amount_bit;
    uint64_t cap_bit_per_s; /* 0: none */
    double finish_s;        /* filled by a solver */
};

struct bench_load {
    uint64_t capacity_bit_per_s;
    uint32_t n;
    struct bench_flow *flow; /* by start */
};

enum bench_workload { BENCH_STORM, BENCH_ADVERSARY };

/* Ends the program if there is no memory. */
struct bench_load bench_load_make(enum bench_workload workload, uint32_t n);
void bench_load_fini(struct bench_load *load);

/* As CSV: id,start_s,size_byte,cap_bit_per_s. */
void bench_load_print(const struct bench_load *load, FILE *out);

double bench_load_mean_s(const struct bench_load *load);     /* mean of finish - start */
double bench_load_makespan_s(const struct bench_load *load); /* last finish */

#endif
