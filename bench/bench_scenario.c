/* What a replication of a scenario costs, how the cost grows with the number of users, and what the
 * output has of it.
 *
 * To grow, users and all capacities are multiplied by the same factor, so that the storm lasts as long
 * and each device goes through the same; what grows is the number of things in every queue and heap. */
#include "bench/bench.h"

#include "cli/export.h"
#include "models/scenario_load.h"
#include "models/world.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* BENCH_SCENARIO is the path of the case, of 500 users. */

/* What a size finds out beside its time. */
enum { FOUND_OUTPUT_S, FOUND_EVENTS, FOUND_DEVICES };

static _Noreturn void fail(const char *text)
{
    fprintf(stderr, "bench_scenario: %s\n", text);
    exit(1);
}

static void load(const char *path, struct scenario *scenario)
{
    struct settings settings = {0};
    struct problems problems = {0};
    const enum sim_err err = scenario_load(path, NULL, 0, &settings, scenario, &problems);
    problems_print(&problems, stderr);
    problems_fini(&problems);
    settings_fini(&settings);
    if (err != SIM_OK) {
        exit(65);
    }
}

static void grow(struct scenario *s, uint32_t factor)
{
    s->users *= factor;
    s->network.uplink_bit_per_s *= factor;
    s->mail.servers *= factor;
    s->mail.desktop_users *= factor;
    s->mail.probe_interval_s *= factor; /* as many probes altogether */
    for (uint32_t i = 0; i < s->n_servers; i++) {
        struct sync_server_config *const c = &s->server[i];
        c->http_threads *= factor;
        c->http_backlog *= factor;
        c->prime_workers *= factor;
        c->device_workers *= factor;
        c->host.cores *= factor;
        c->host.heap_byte *= factor;
        c->host.state_iops *= factor;
    }
}

/* ---- The output: the program's own writers, into a file that nobody reads ---- */

struct csv *export_open(struct export *x, const struct table *table)
{
    struct csv *csv;
    if (csv_create("/dev/null", table, &csv, x->error) != SIM_OK) {
        fail(x->error->text);
    }
    return csv;
}

void export_close(struct export *x, struct csv *csv)
{
    if (csv_close(csv, x->error) != SIM_OK) {
        fail(x->error->text);
    }
}

static double output_s(const struct scenario *s, struct run_result *result)
{
    struct sim_error e;
    const struct study study = {.scenario = s, .n = 1, .result = result};
    struct export x = {.study = &study, .error = &e};
    const double start_s = bench_cpu_s();
    export_devices(&x);
    export_series(&x);
    return bench_cpu_s() - start_s;
}

/* ---- A size, in its own process ---- */

struct replication {
    struct scenario scenario;
    struct run_result result;
};

static double least_output_s = HUGE_VAL, n_events, n_devices;

static void *prepare(uint64_t users)
{
    static struct replication r;
    load(BENCH_SCENARIO, &r.scenario);
    if (users % r.scenario.users != 0) {
        fail("the number of users must be a multiple of the scenario's");
    }
    grow(&r.scenario, (uint32_t)(users / r.scenario.users));
    n_devices = scenario_n_devices(&r.scenario);
    return &r;
}

static double run(void *replication, uint64_t operations)
{
    struct replication *const r = replication;
    struct sim_error e = {SIM_OK, ""};
    (void)operations;
    if (world_run(&r->scenario, 0, NULL, NULL, &r->result, &e) != SIM_OK) {
        fail(e.text);
    }
    n_events = (double)r->result.events;
    return n_events;
}

static void write_output(void *replication)
{
    struct replication *const r = replication;
    least_output_s = fmin(least_output_s, output_s(&r->scenario, &r->result));
    run_result_fini(&r->result);
    scenario_fini(&r->scenario);
}

static void find(struct bench_result *r)
{
    r->found[FOUND_OUTPUT_S] = least_output_s;
    r->found[FOUND_EVENTS] = n_events;
    r->found[FOUND_DEVICES] = n_devices;
}

#define OURS                                                                                       \
    {                                                                                              \
        NULL, prepare, run, write_output, NULL                                                     \
    }

static const struct bench_row rows[] = {
    {.work = "500 users, a replication",
     .full = {500, 1},
     .small = {500, 1},
     .runs = 60, /* a second: of 15 all may fall into a moment when a neighbour is at work */
     .bar = 0.015,
     .bar_is = BENCH_SECONDS,
     .ours = OURS,
     .find = find},
    {.work = "1,000 users, a replication",
     .full = {1000, 1},
     .small = {1000, 1},
     .ours = OURS,
     .find = find},
    {.work = "10,000 users, a replication",
     .full = {10000, 1},
     .runs = 3,
     .ours = OURS,
     .find = find},
    {.work = "100,000 users, a replication",
     .full = {100000, 1},
     .runs = 2,
     .ours = OURS,
     .find = find},
    {.work = "1,000,000 users, a replication",
     .full = {1000000, 1},
     .runs = 2, /* a minute and a half each */
     .bar = 90,
     .bar_is = BENCH_SECONDS,
     .ours = OURS,
     .takes_minutes = true,
     .find = find},
};

enum { N_SIZES = sizeof rows / sizeof rows[0], MILLION = N_SIZES - 1 };

/* ---- Behind the rows ---- */

static double output_share(const struct bench_result *r)
{
    return r->found[FOUND_OUTPUT_S] / (r->found[FOUND_OUTPUT_S] + r->ours_s);
}

static void print_memory(const struct bench_result *million)
{
    const double most_mb = 2048;
    char text[24] = "-";
    if (million->is_measured) {
        snprintf(text, sizeof text, "%.0f MB", million->peak_mb);
    }
    bench_print_line(&(struct bench_line){
        .work = "1,000,000 users, memory",
        .bar = "2048 MB",
        .verdict = million->is_measured ? bench_verdict(million->peak_mb, most_mb) : BENCH_NO_BAR,
        .ours = text});
}

/* The bar is of a million; without it, of the largest that was measured. */
static void print_output(const struct bench_result *results)
{
    char work[64];
    char text[24];
    int i = MILLION;
    while (i > 0 && !results[i].is_measured) {
        i--;
    }
    snprintf(work, sizeof work, "output's share at %" PRIu64 " users", rows[i].full.size);
    snprintf(text, sizeof text, "%.1f %%", 100 * output_share(&results[i]));
    bench_print_line(&(struct bench_line){.work = work,
                                          .bar = "15 %",
                                          .verdict = bench_verdict(output_share(&results[i]), 0.15),
                                          .ours = text});
}

static double per_nlogn(const struct bench_result *r)
{
    return r->ours_s / (r->found[FOUND_DEVICES] * log2(r->found[FOUND_DEVICES]));
}

static void print_sizes(const struct bench_result *results)
{
    puts("\nHow a replication grows. CPU/(N log2 N) is relative to the first line: 1 means growth "
         "as N log N. Output is\n"
         "series.csv, series_mean.csv and devices.csv, as a share of run and output.\n\n"
         "| users | devices | events | ns/event | CPU/(N log N) | peak MB | output |\n"
         "|---|---|---|---|---|---|---|");
    for (int i = 0; i < N_SIZES; i++) {
        const struct bench_result *const r = &results[i];
        if (r->is_measured) {
            printf("| %7" PRIu64 " | %7.0f | %9.0f | %8.0f | %13.2f | %7.0f | %4.1f %% |\n",
                   rows[i].full.size, r->found[FOUND_DEVICES], r->found[FOUND_EVENTS],
                   1e9 * r->ours_s / r->found[FOUND_EVENTS], per_nlogn(r) / per_nlogn(&results[0]),
                   r->peak_mb, 100 * output_share(r));
        }
    }
}

static void conclude(const struct bench_result *results)
{
    print_memory(&results[MILLION]);
    print_output(results);
    print_sizes(results);
}

const struct bench_program bench_program = {rows, N_SIZES, conclude};
