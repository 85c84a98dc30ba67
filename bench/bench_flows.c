/* The flows of the sharing benchmarks, for who has no table in mind.
 *
 * usage: bench_flows once storm|adversary N    our side once, for profilers and counts of instructions
 *        bench_flows csv storm|adversary N     the flows as CSV, for peers */
#include "bench/sharing.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int usage(void)
{
    fputs("usage: bench_flows once|csv storm|adversary N (2 to 1e7 flows)\n", stderr);
    return 64;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        return usage();
    }
    const bool is_once = strcmp(argv[1], "once") == 0;
    const bool is_storm = strcmp(argv[2], "storm") == 0;
    const double n = strtod(argv[3], NULL);
    if ((!is_once && strcmp(argv[1], "csv") != 0) ||
        (!is_storm && strcmp(argv[2], "adversary") != 0) || !(n >= 2 && n <= 1e7)) {
        return usage();
    }
    struct bench_load load = bench_load_make(is_storm ? BENCH_STORM : BENCH_ADVERSARY, (uint32_t)n);
    if (is_once) {
        sharing_run(&load);
        printf("mean %.9f s, makespan %.9f s\n", bench_load_mean_s(&load),
               bench_load_makespan_s(&load));
    } else {
        bench_load_print(&load, stdout);
    }
    bench_load_fini(&load);
    return 0;
}
