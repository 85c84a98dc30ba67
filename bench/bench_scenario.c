/* What a replication of a scenario costs, how the cost grows with the number of users, and what the
 * output has of it.
 *
 * usage: bench_scenario [--million] SCENARIO.yaml
 *
 * To grow, users and all capacities are multiplied by the same factor, so that the storm lasts as long
 * and each device goes through the same; what grows is the number of things in every queue and heap.
 * Each size runs in a process of its own, so that its peak of memory is its own. */
#include "cli/export.h"
#include "models/scenario_load.h"
#include "models/world.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct size {
    uint32_t users;
    uint32_t
        runs; /* of which the fastest counts: what the machine's other work added is left out */
    double most_s, most_mb, most_output_share; /* the bars; 0 for none */
};

static const struct size sizes[] = {
    {500, 15, 0.015, 0, 0}, {1000, 7, 0, 0, 0},           {10000, 3, 0, 0, 0},
    {100000, 1, 0, 0, 0},   {1000000, 1, 90, 2048, 0.15},
};

/* What a process finds out about its size. */
struct figures {
    double devices, run_s, output_s;
    uint64_t events;
};

static double cpu_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

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
    const double start_s = cpu_s();
    export_devices(&x);
    export_series(&x);
    return cpu_s() - start_s;
}

/* ---- A size, in its own process ---- */

static void run(const struct scenario *s, struct figures *f)
{
    struct run_result result;
    struct sim_error e = {SIM_OK, ""};
    const double start_s = cpu_s();
    if (world_run(s, 0, NULL, NULL, &result, &e) != SIM_OK) {
        fail(e.text);
    }
    f->run_s = fmin(f->run_s, cpu_s() - start_s);
    f->output_s = fmin(f->output_s, output_s(s, &result));
    f->events = result.events;
    run_result_fini(&result);
}

static struct figures measure(const char *path, const struct size *size)
{
    struct figures f = {.run_s = HUGE_VAL, .output_s = HUGE_VAL};
    struct scenario s;
    load(path, &s);
    if (size->users % s.users != 0) {
        fail("the number of users of the scenario must divide 500");
    }
    grow(&s, size->users / s.users);
    f.devices = scenario_n_devices(&s);
    for (uint32_t i = 0; i < size->runs; i++) {
        run(&s, &f);
    }
    scenario_fini(&s);
    return f;
}

static struct figures measure_apart(const char *path, const struct size *size, double *peak_mb)
{
    int ends[2];
    struct figures f;
    struct rusage usage;
    int status;
    if (pipe(ends) != 0) {
        fail("no pipe");
    }
    fflush(stdout);
    const pid_t child = fork();
    if (child < 0) {
        fail("no process");
    }
    if (child == 0) {
        f = measure(path, size);
        _exit(write(ends[1], &f, sizeof f) == (ssize_t)sizeof f ? 0 : 1);
    }
    close(ends[1]);
    const ssize_t got = read(ends[0], &f, sizeof f);
    close(ends[0]);
    if (wait4(child, &status, 0, &usage) != child || status != 0 || got != (ssize_t)sizeof f) {
        fail("a size did not come to its end");
    }
    *peak_mb = (double)usage.ru_maxrss / 1024;
    return f;
}

/* ---- The tables ---- */

static void print_bar(const char *what, double value, double most, const char *unit)
{
    if (most > 0) {
        printf("%s: %.4g %s, at most %.4g wanted: %s\n", what, value, unit, most,
               value <= most ? "met" : "NOT met");
    }
}

static double per_nlogn(const struct figures *f)
{
    return f->run_s / (f->devices * log2(f->devices));
}

static void print_row(const struct size *size, const struct figures *f, double ratio,
                      double peak_mb)
{
    printf("| %7u | %7.0f | %9llu | %9.1f | %8.0f | %11.2f | %7.0f | %8.1f %% |\n", size->users,
           f->devices, (unsigned long long)f->events, 1e3 * f->run_s,
           1e9 * f->run_s / (double)f->events, ratio, peak_mb,
           100 * f->output_s / (f->run_s + f->output_s));
    fflush(stdout);
}

int main(int argc, char **argv)
{
    enum { N_SIZES = sizeof sizes / sizeof sizes[0] };
    const int is_million = argc > 1 && strcmp(argv[1], "--million") == 0;
    const int n = is_million ? N_SIZES : N_SIZES - 1;
    struct figures f[N_SIZES];
    double peak_mb[N_SIZES];
    if (argc != 2 + is_million) {
        fputs("usage: bench_scenario [--million] SCENARIO.yaml\n", stderr);
        return 64;
    }
    puts("A replication on one core; CPU time, least of the runs; output: series.csv,\n"
         "series_mean.csv and devices.csv, as a share of run and output. The ratio is CPU/(N log2 "
         "N),\n"
         "relative to the first line: 1 means growth as N log N.\n");
    puts("| users   | devices | events    | CPU ms    | ns/event | N log N     | peak MB | output  "
         "   |\n"
         "|---|---|---|---|---|---|---|---|");
    for (int i = 0; i < n; i++) {
        f[i] = measure_apart(argv[argc - 1], &sizes[i], &peak_mb[i]);
        print_row(&sizes[i], &f[i], per_nlogn(&f[i]) / per_nlogn(&f[0]), peak_mb[i]);
    }
    puts("");
    for (int i = 0; i < n; i++) {
        char what[40];
        snprintf(what, sizeof what, "%u users", sizes[i].users);
        print_bar(what, f[i].run_s, sizes[i].most_s, "s");
        print_bar(what, peak_mb[i], sizes[i].most_mb, "MB");
        print_bar(what, f[i].output_s / (f[i].run_s + f[i].output_s), sizes[i].most_output_share,
                  "of the run is output");
    }
    return 0;
}
