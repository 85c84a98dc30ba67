/* Capped sharing of one link: what an event costs, how it grows, and beside it straight loops that do
 * the same work (bench/floor/sharing.h). An event is a start or an end; what is timed begins with the
 * making of the simulation and of a class a flow.
 *
 * usage: bench_sharing [--header] [--pairs N]       the tables; --header changes nothing
 *        bench_sharing --once storm|adversary N     our side once, for profilers and for peers
 *        bench_sharing --flows storm|adversary N    the flows as CSV, for peers */
#include "bench/floor/sharing.h"
#include "bench/flows.h"

#include "sim/core/sim.h"
#include "sim/res/fluid.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static void must(enum sim_err err)
{
    if (err != SIM_OK) {
        fprintf(stderr, "bench_sharing: %s\n", sim_err_text(err));
        exit(1);
    }
}

/* ---- Our side ---- */

struct storm {
    struct sim *sim;
    struct sim_fluid *link;
    struct bench_load *load;
};

static void on_end(void *self, uint64_t i)
{
    struct storm *const s = self;
    s->load->flow[i].finish_s = sim_now(s->sim);
}

static void on_start(void *self, uint64_t i)
{
    struct storm *const s = self;
    if (i + 1 < s->load->n) {
        sim_at(s->sim, s->load->flow[i + 1].start_s, SIM_NORMAL,
               (struct sim_call){on_start, s, i + 1});
    }
    sim_fluid_start(s->link, (uint32_t)i, s->load->flow[i].amount_bit,
                    (struct sim_call){on_end, s, i}, NULL);
}

static enum sim_fluid_solver solver_used;

static void ours(struct bench_load *load)
{
    struct storm s = {.load = load};
    uint32_t id;
    must(sim_create(1, 0, &s.sim));
    must(sim_fluid_create(s.sim, load->capacity_bit_per_s, &s.link));
    for (uint32_t i = 0; i < load->n; i++) {
        must(sim_fluid_add_class(s.link, load->flow[i].cap_bit_per_s, 1, &id)); /* id is i */
    }
    sim_at(s.sim, load->flow[0].start_s, SIM_NORMAL, (struct sim_call){on_start, &s, 0});
    must(sim_run(s.sim, INFINITY));
    solver_used = sim_fluid_stats(s.link)->solver;
    sim_fluid_destroy(s.link);
    sim_destroy(s.sim);
}

/* ---- Rows ---- */

enum { MAX_PAIRS = 99, DEFAULT_PAIRS = 5, OURS = 0, TWO_SETS, RECOMPUTE, N_SIDES };

typedef void side_fn(struct bench_load *load);

static side_fn *const side_run[N_SIDES] = {ours, floor_two_sets, floor_recompute};

struct row {
    const char *work;
    enum bench_workload workload;
    uint32_t n;
    int n_sides; /* the recomputation is left out where it would take minutes */
    double bar_ns;
    double time_s[N_SIDES]; /* medians */
    double peak_mb;
    enum sim_fluid_solver solver;
};

static struct row rows[] = {
    {.work = "storm", .n = 5000, .n_sides = 3},
    {.work = "storm", .n = 100000, .n_sides = 2},
    {.work = "storm", .n = 1000000, .n_sides = 2},
    {.work = "adversary", .workload = BENCH_ADVERSARY, .n = 10000, .n_sides = 3, .bar_ns = 2000},
};

enum { N_ROWS = sizeof rows / sizeof rows[0], SMALL_STORM = 0, LARGE_STORM = 2 };

static double cpu_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double peak_mb(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, int n)
{
    qsort(values, (size_t)n, sizeof *values, ascending);
    return (values[(n - 1) / 2] + values[n / 2]) / 2;
}

/* All sides must agree on when the flows end. */
static void check(const struct row *row, int side, double mean_s, double expected_s)
{
    if (!(fabs(mean_s - expected_s) <= 1e-9 * expected_s)) {
        fprintf(stderr,
                "bench_sharing: %s of %" PRIu32 ": side %d has a mean of %.12g s, we %.12g\n",
                row->work, row->n, side, mean_s, expected_s);
        exit(1);
    }
}

static void measure(struct row *row, int pairs)
{
    struct bench_load load = bench_load_make(row->workload, row->n);
    double time_s[N_SIDES][MAX_PAIRS];
    double mean_s = 0;
    for (int pair = 0; pair < pairs; pair++) {
        for (int side = 0; side < row->n_sides; side++) {
            if (side == RECOMPUTE && pair > 0) {
                time_s[side][pair] = time_s[side][0]; /* seconds each: once will do */
                continue;
            }
            const double start_s = cpu_s();
            side_run[side](&load);
            time_s[side][pair] = cpu_s() - start_s;
            mean_s = side == OURS ? bench_load_mean_s(&load) : mean_s;
            check(row, side, bench_load_mean_s(&load), mean_s);
        }
    }
    row->solver = solver_used;
    row->peak_mb = peak_mb();
    for (int side = 0; side < row->n_sides; side++) {
        row->time_s[side] = median(time_s[side], pairs);
    }
    bench_load_fini(&load);
}

static void print_row(const struct row *row)
{
    const double to_ns = 1e9 / (2.0 * row->n);
    printf("| %-9s | %7" PRIu32 " | %-7s | %9.1f | %7.0f |", row->work, row->n,
           row->solver == SIM_FLUID_KINETIC ? "kinetic" : "groups", row->time_s[OURS] * 1e3,
           row->time_s[OURS] * to_ns);
    for (int side = TWO_SETS; side < N_SIDES; side++) {
        if (side < row->n_sides) {
            printf(" %8.0f (%.3f) |", row->time_s[side] * to_ns,
                   row->time_s[OURS] / row->time_s[side]);
        } else {
            printf(" %16s |", "-");
        }
    }
    printf(" %6.0f |\n", row->peak_mb);
    fflush(stdout);
}

static void print_bars(void)
{
    const struct row *const small = &rows[SMALL_STORM];
    const struct row *const large = &rows[LARGE_STORM];
    const double exponent =
        log(large->time_s[OURS] / small->time_s[OURS]) / log((double)large->n / small->n);
    printf("\ngrowth of the storm from %" PRIu32 " to %" PRIu32 " flows: N^%.2f, bar N^1.25: %s\n",
           small->n, large->n, exponent, exponent <= 1.25 ? "met" : "NOT met");
    for (int i = 0; i < N_ROWS; i++) {
        const double ns = rows[i].time_s[OURS] * 1e9 / (2.0 * rows[i].n);
        if (rows[i].bar_ns > 0) {
            printf("%s: %.2f us an event, bar %.0f us: %s\n", rows[i].work, ns / 1e3,
                   rows[i].bar_ns / 1e3, ns <= rows[i].bar_ns ? "met" : "NOT met");
        }
    }
}

static int tables(int pairs)
{
    puts(
        "\nSharing: ns an event, CPU time, median; in brackets ours / floor. Flows end at the same "
        "times to 1e-9.\n");
    puts("| work      |   flows | solver  | ours, ms  | ours ns | two sets         | recompute all "
         "   "
         "| MB     |");
    puts("|---|---|---|---|---|---|---|---|");
    for (int i = 0; i < N_ROWS; i++) {
        measure(&rows[i], pairs);
        print_row(&rows[i]);
    }
    print_bars();
    return 0;
}

/* ---- One run, or the flows themselves ---- */

static int with_load(const char *what, const char *name, const char *number)
{
    const double n = strtod(number, NULL);
    const int is_storm = strcmp(name, "storm") == 0;
    if (!(n >= 2 && n <= 1e7) || (!is_storm && strcmp(name, "adversary") != 0)) {
        fputs("bench_sharing: storm or adversary, and 2 to 1e7 flows\n", stderr);
        return 64;
    }
    struct bench_load load = bench_load_make(is_storm ? BENCH_STORM : BENCH_ADVERSARY, (uint32_t)n);
    if (strcmp(what, "--once") == 0) {
        const double start_s = cpu_s();
        ours(&load);
        printf("%.9f s CPU, mean %.9f s, makespan %.9f s\n", cpu_s() - start_s,
               bench_load_mean_s(&load), bench_load_makespan_s(&load));
    } else {
        puts("id,start_s,size_byte,cap_bit_per_s");
        for (uint32_t i = 0; i < load.n; i++) {
            const struct bench_flow *const f = &load.flow[i];
            printf("%" PRIu32 ",%.17g,%.0f,%" PRIu64 "\n", i, f->start_s, f->amount_bit / 8,
                   f->cap_bit_per_s);
        }
    }
    bench_load_fini(&load);
    return 0;
}

int main(int argc, char **argv)
{
    int pairs = DEFAULT_PAIRS;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--pairs") == 0 && i + 1 < argc) {
            pairs = atoi(argv[++i]);
            pairs = pairs < 1 ? 1 : pairs > MAX_PAIRS ? MAX_PAIRS : pairs;
        } else if (argv[i][0] == '-' && i + 2 < argc) {
            return with_load(argv[i], argv[i + 1], argv[i + 2]);
        } else if (strcmp(argv[i], "--header") != 0) {
            fputs("usage: bench_sharing [--pairs N] | --once|--flows storm|adversary N\n", stderr);
            return 64;
        }
    }
    return tables(pairs);
}
