#include "bench/flows.h"

#include "sim/rng/stream.h"

#include <gsl/gsl_cdf.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

static int compare_starts(const void *a, const void *b)
{
    const struct bench_flow *const x = a;
    const struct bench_flow *const y = b;
    return (x->start_s > y->start_s) - (x->start_s < y->start_s);
}

static double normal(struct sim_stream *s)
{
    return gsl_cdf_ugaussian_Pinv(sim_stream_uniform(s));
}

static void make_storm(struct bench_load *load)
{
    const double mean_bit = 8 * 5e6;
    const double median_bit_per_s = 2e6;
    load->capacity_bit_per_s = 100000000;
    for (uint32_t i = 0; i < load->n; i++) {
        struct sim_stream s;
        sim_stream_open(&s, 1, i, 0, 0, 0);
        const double cap = median_bit_per_s * exp(0.8 * normal(&s));
        load->flow[i] = (struct bench_flow){
            .start_s = 60 * sim_stream_uniform(&s),
            .amount_bit = 8 * ceil(mean_bit / 8 * exp(normal(&s) - 0.5)), /* whole bytes */
            .cap_bit_per_s = (uint64_t)fmax(cap, 1000),
        };
    }
    qsort(load->flow, load->n, sizeof *load->flow, compare_starts);
}

/* The long flows last as long as all the short ones take, and a random time more. */
static void make_adversary(struct bench_load *load)
{
    const uint32_t n_long = load->n / 2;
    const uint64_t share =
        UINT64_C(4) * n_long * n_long; /* so large that all caps differ by less */
    load->capacity_bit_per_s = share * n_long;
    for (uint32_t i = 0; i < load->n; i++) {
        struct sim_stream s;
        sim_stream_open(&s, 2, i, 0, 0, 0);
        const uint64_t cap = share - 1 - (i * UINT64_C(7919)) % n_long;
        const double last_s = n_long * (1.1 + sim_stream_uniform(&s));
        load->flow[i] = i < n_long
                            ? (struct bench_flow){0, (double)cap * last_s, cap, 0}
                            : (struct bench_flow){1.0 + (i - n_long), 1e-3 * (double)share, 0, 0};
    }
}

struct bench_load bench_load_make(enum bench_workload workload, uint32_t n)
{
    struct bench_load load = {.n = n, .flow = calloc(n, sizeof *load.flow)};
    if (load.flow == NULL) {
        fputs("bench: no memory for the flows\n", stderr);
        exit(71);
    }
    if (workload == BENCH_STORM) {
        make_storm(&load);
    } else {
        make_adversary(&load);
    }
    return load;
}

void bench_load_fini(struct bench_load *load)
{
    free(load->flow);
    *load = (struct bench_load){0};
}

void bench_load_print(const struct bench_load *load, FILE *out)
{
    fputs("id,start_s,size_byte,cap_bit_per_s\n", out);
    for (uint32_t i = 0; i < load->n; i++) {
        const struct bench_flow *const f = &load->flow[i];
        fprintf(out, "%" PRIu32 ",%.17g,%.0f,%" PRIu64 "\n", i, f->start_s, f->amount_bit / 8,
                f->cap_bit_per_s);
    }
}

double bench_load_mean_s(const struct bench_load *load)
{
    double sum_s = 0;
    for (uint32_t i = 0; i < load->n; i++) {
        sum_s += load->flow[i].finish_s - load->flow[i].start_s;
    }
    return sum_s / load->n;
}

double bench_load_makespan_s(const struct bench_load *load)
{
    double last_s = 0;
    for (uint32_t i = 0; i < load->n; i++) {
        last_s = fmax(last_s, load->flow[i].finish_s);
    }
    return last_s;
}
