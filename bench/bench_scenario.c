/* What a replication of a scenario costs, and how the cost grows with the number of devices.
 *
 * usage: bench_scenario SCENARIO.yaml
 *
 * To grow, users and all capacities are multiplied by the same factor, so that the storm lasts as long
 * and each device goes through the same; what grows is the number of things in every queue and heap. */
#include "models/scenario_load.h"
#include "models/world.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

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

static double run_s(const struct scenario *s, uint32_t replication, uint64_t *events)
{
    struct run_result result;
    struct sim_error e = {SIM_OK, ""};
    const double start_s = cpu_s();
    if (world_run(s, replication, NULL, NULL, &result, &e) != SIM_OK) {
        fprintf(stderr, "bench_scenario: %s\n", e.text);
        exit(1);
    }
    const double used_s = cpu_s() - start_s;
    *events = result.events;
    run_result_fini(&result);
    return used_s;
}

/* The least of some runs: what the machine's other work added is left out. */
static double least_s(const struct scenario *s, uint32_t runs, uint64_t *events)
{
    double least = HUGE_VAL;
    for (uint32_t r = 0; r < runs; r++) {
        least = fmin(least, run_s(s, 0, events));
    }
    return least;
}

static int load(const char *path, struct scenario *scenario)
{
    struct settings settings = {0};
    struct problems problems = {0};
    const enum sim_err err = scenario_load(path, NULL, 0, &settings, scenario, &problems);
    problems_print(&problems, stderr);
    problems_fini(&problems);
    settings_fini(&settings);
    return err == SIM_OK;
}

int main(int argc, char **argv)
{
    static const uint32_t factors[] = {1, 2, 5, 10, 20, 50, 100, 167};
    double first_per_nlogn = 0;
    if (argc != 2) {
        fputs("usage: bench_scenario SCENARIO.yaml\n", stderr);
        return 64;
    }
    puts("A replication, all output collected; CPU time of one core, least of the runs.\n");
    puts("  devices    events     CPU ms   us/device   ns/event   N log N ratio   peak MB");
    for (size_t i = 0; i < sizeof factors / sizeof factors[0]; i++) {
        struct scenario s;
        uint64_t events;
        if (!load(argv[1], &s)) {
            return 65;
        }
        grow(&s, factors[i]);
        const double n = scenario_n_devices(&s);
        const double used_s = least_s(&s, factors[i] <= 10 ? 7 : 2, &events);
        const double per_nlogn = used_s / (n * log2(n));
        first_per_nlogn = i == 0 ? per_nlogn : first_per_nlogn;
        printf("%9.0f %9llu %10.1f %11.1f %10.0f %15.2f %9.0f\n", n, (unsigned long long)events,
               1e3 * used_s, 1e6 * used_s / n, 1e9 * used_s / (double)events,
               per_nlogn / first_per_nlogn, peak_mb());
        fflush(stdout);
        scenario_fini(&s);
    }
    puts("\nThe ratio is CPU/(N log2 N), relative to the first line: 1 means growth as N log N.");
    return 0;
}
