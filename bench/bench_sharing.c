/* Capped sharing of one link: what an event costs and how it grows, beside straight loops that do the same work
 * (bench/floor/sharing.h) and beside SimGrid where it is installed. An event is a start or an end; what is timed begins
 * with the making of the simulation and of a class a flow. */
#include "bench/bench.h"
#include "bench/floor/sharing.h"
#include "bench/sharing.h"
#include "bench/simgrid.h"

#include <math.h>
#include <stdio.h>

/* A row has a process of its own, so the load is made once a row. */
static struct bench_load load;
static enum sim_fluid_solver solver;

static void *storm(uint64_t n)
{
    load = load.n > 0 ? load : bench_load_make(BENCH_STORM, (uint32_t)n);
    return &load;
}

static void *adversary(uint64_t n)
{
    load = load.n > 0 ? load : bench_load_make(BENCH_ADVERSARY, (uint32_t)n);
    return &load;
}

static double ours(void *flows, uint64_t events)
{
    (void)events;
    solver = sharing_run(flows);
    return bench_load_mean_s(flows);
}

static double two_sets(void *flows, uint64_t events)
{
    (void)events;
    floor_two_sets(flows);
    return bench_load_mean_s(flows);
}

static double recompute(void *flows, uint64_t events)
{
    (void)events;
    floor_recompute(flows);
    return bench_load_mean_s(flows);
}

static void find_solver(struct bench_result *r)
{
    snprintf(r->note, sizeof r->note, "%s",
             solver == SIM_FLUID_KINETIC ? "kinetic tree" : "groups");
}

/* ---- SimGrid ---- */

/* One or two milliseconds beside seconds vary by half on a machine that has just done something else. So ours is the mean
 * of some runs, each from the making of the simulation on. */
enum { RUNS_OF_MEAN = 20 };
static double mean_used_s;

static double ours_in_mean(void *flows, uint64_t events)
{
    const double start_s = bench_cpu_s();
    for (int i = 0; i < RUNS_OF_MEAN; i++) {
        ours(flows, events);
    }
    mean_used_s = (bench_cpu_s() - start_s) / RUNS_OF_MEAN;
    return bench_load_mean_s(flows);
}

static void find_mean(struct bench_result *r)
{
    snprintf(r->note, sizeof r->note, "mean of %d", RUNS_OF_MEAN);
}

static double ours_mean_s(void *flows)
{
    (void)flows;
    return mean_used_s;
}

static void *simgrid(uint64_t n)
{
    return bench_simgrid_open(storm(n));
}

static double by_simgrid(void *open, uint64_t events)
{
    (void)events;
    bench_simgrid_run(open);
    return bench_load_mean_s(&load);
}

static double simgrid_used_s(void *open)
{
    return bench_simgrid_used_s(open);
}

static void simgrid_close(void *open)
{
    bench_simgrid_close(open);
}

/* ---- Rows ---- */

#define SIZE(flows)                                                                                \
    {                                                                                              \
        flows, 2 * flows                                                                           \
    }

enum { FIVE_THOUSAND, HUNDRED_THOUSAND, MILLION, ADVERSARY, SIMGRID };

static const struct bench_row rows[] = {
    [FIVE_THOUSAND] = {.work = "capped sharing, 5e3 downloads",
                       .full = SIZE(5000),
                       .small = SIZE(200),
                       .agreement = 1e-9,
                       .ours = {NULL, storm, ours, NULL, NULL},
                       .floors = {{"two sets", storm, two_sets, NULL, NULL},
                                  {"recompute all", storm, recompute, NULL, NULL}},
                       .find = find_solver},
    [HUNDRED_THOUSAND] = {.work = "capped sharing, 1e5 downloads",
                          .full = SIZE(100000),
                          .small = SIZE(400),
                          .agreement = 1e-9,
                          .ours = {NULL, storm, ours, NULL, NULL},
                          .floors = {{"two sets", storm, two_sets, NULL, NULL}},
                          .find = find_solver},
    [MILLION] = {.work = "capped sharing, 1e6 downloads",
                 .full = SIZE(1000000),
                 .small = SIZE(800),
                 .runs = 5,
                 .agreement = 1e-9,
                 .ours = {NULL, storm, ours, NULL, NULL},
                 .floors = {{"two sets", storm, two_sets, NULL, NULL}},
                 .find = find_solver},
    [ADVERSARY] = {.work = "adversary, 5,000 distinct near-equal caps",
                   .full = SIZE(10000),
                   .small = SIZE(400),
                   .bar = 2e-6,
                   .bar_is = BENCH_SECONDS,
                   .agreement = 1e-9,
                   .ours = {NULL, adversary, ours, NULL, NULL},
                   .floors = {{"two sets", adversary, two_sets, NULL, NULL},
                              {"recompute all", adversary, recompute, NULL, NULL}},
                   .find = find_solver},
    [SIMGRID] = {.work = "5e3 downloads beside SimGrid",
                 .full = {5000, 1},
                 .small = {200, 1},
                 .runs = 5,
                 .bar = 1.0 / 2000,
                 .agreement = 1e-9,
                 .ours = {NULL, storm, ours_in_mean, NULL, ours_mean_s},
                 .floors = {{"SimGrid, CM02", simgrid, by_simgrid, simgrid_close, simgrid_used_s}},
                 .find = find_mean,
                 .absent = bench_simgrid_absent},
};

static void print_growth(const struct bench_result *results)
{
    char text[BENCH_TIME_LENGTH];
    const double grown = results[MILLION].ours_s / results[FIVE_THOUSAND].ours_s;
    const double exponent = 1 + log(grown) / log((double)rows[MILLION].full.size /
                                                 (double)rows[FIVE_THOUSAND].full.size);
    snprintf(text, sizeof text, "N^%.2f", exponent);
    bench_print_line(&(struct bench_line){.work = "capped sharing, growth from 5e3 to 1e6",
                                          .bar = "N^1.25",
                                          .verdict = bench_verdict(exponent, 1.25),
                                          .ours = text});
}

const struct bench_program bench_program = {rows, sizeof rows / sizeof rows[0], print_growth};
