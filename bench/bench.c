#include "bench/bench.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_PAIRS = 99, DEFAULT_PAIRS = 7, MAX_SIDES = BENCH_MAX_FLOORS + 1 };

struct measured {
    double time_s[MAX_SIDES][MAX_PAIRS]; /* our side is the last */
    double figure[MAX_SIDES];
};

static double cpu_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double run_s(const struct bench_side *side, double *figure)
{
    void *const state = side->create != NULL ? side->create() : NULL;
    const double start_s = cpu_s();
    *figure = side->run(state);
    const double used_s = cpu_s() - start_s;
    if (side->destroy != NULL) {
        side->destroy(state);
    }
    return used_s;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(const double *values, int n)
{
    double sorted[MAX_PAIRS];
    memcpy(sorted, values, (size_t)n * sizeof *values);
    qsort(sorted, (size_t)n, sizeof *sorted, ascending);
    return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

static int count_floors(const struct bench_row *row)
{
    int n = 0;
    while (n < BENCH_MAX_FLOORS && row->floors[n].name != NULL) {
        n++;
    }
    return n;
}

static void measure(const struct bench_row *row, int n_floors, int pairs, struct measured *m)
{
    for (int pair = -1; pair < pairs; pair++) { /* the first warms up */
        for (int i = 0; i <= n_floors; i++) {
            const struct bench_side *const side = i < n_floors ? &row->floors[i] : &row->ours;
            m->time_s[i][pair < 0 ? 0 : pair] = run_s(side, &m->figure[i]);
        }
    }
}

static int best_floor(const struct measured *m, int n_floors, int pairs)
{
    int best = 0;
    for (int i = 1; i < n_floors; i++) {
        if (median(m->time_s[i], pairs) < median(m->time_s[best], pairs)) {
            best = i;
        }
    }
    return best;
}

static bool agrees(const struct bench_row *row, const struct measured *m, int n_floors)
{
    for (int i = 0; i < n_floors && row->agreement >= 0; i++) {
        const double most = row->agreement * fabs(m->figure[n_floors]);
        if (!(fabs(m->figure[i] - m->figure[n_floors]) <= most)) {
            fprintf(stderr, "%s: the figure of '%s' is %.17g, ours is %.17g\n", row->work,
                    row->floors[i].name, m->figure[i], m->figure[n_floors]);
            return false;
        }
    }
    return true;
}

static void print_row(const struct bench_row *row, const struct measured *m, int n_floors,
                      int pairs)
{
    const int best = best_floor(m, n_floors, pairs);
    double ratio[MAX_PAIRS];
    double least = HUGE_VAL;
    double most = 0;
    for (int pair = 0; pair < pairs; pair++) {
        ratio[pair] = m->time_s[n_floors][pair] / m->time_s[best][pair];
        least = fmin(least, ratio[pair]);
        most = fmax(most, ratio[pair]);
    }
    const double middle = median(ratio, pairs);
    const double to_ns = 1e9 / row->operations;
    char bar[16] = "-";
    if (row->bar > 0) {
        snprintf(bar, sizeof bar, "%.2f", row->bar);
    }
    printf("| %-38s | %5.2f (%.2f to %.2f) | %5s | %-3s | %7.1f | %7.1f | %s |\n", row->work,
           middle, least, most, bar,
           row->bar == 0        ? "-"
           : middle <= row->bar ? "yes"
                                : "no",
           median(m->time_s[n_floors], pairs) * to_ns, median(m->time_s[best], pairs) * to_ns,
           row->floors[best].name);
    fflush(stdout);
}

static bool bench(const struct bench_row *row, int pairs)
{
    static struct measured m;
    const int n_floors = count_floors(row);
    measure(row, n_floors, pairs, &m);
    print_row(row, &m, n_floors, pairs);
    return agrees(row, &m, n_floors);
}

static int once(const char *work)
{
    for (size_t i = 0; i < bench_n_rows; i++) {
        if (strcmp(bench_rows[i].work, work) == 0) {
            double figure;
            run_s(&bench_rows[i].ours, &figure);
            return 0;
        }
    }
    fprintf(stderr, "no row '%s'\n", work);
    return 64;
}

static void print_header(void)
{
    puts("| work                                   | ratio (range)       |   bar | met | ours ns | "
         "floor ns | floor |");
    puts("|---|---|---|---|---|---|---|");
}

int main(int argc, char **argv)
{
    int pairs = DEFAULT_PAIRS;
    bool good = true;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--header") == 0) {
            print_header();
        } else if (strcmp(argv[i], "--once") == 0 && i + 1 < argc) {
            return once(argv[i + 1]);
        } else if (strcmp(argv[i], "--pairs") == 0 && i + 1 < argc) {
            pairs = atoi(argv[++i]);
            pairs = pairs < 1 ? 1 : pairs > MAX_PAIRS ? MAX_PAIRS : pairs;
        } else {
            fprintf(stderr, "usage: %s [--header] [--pairs N] [--once WORK]\n", argv[0]);
            return 64;
        }
    }
    for (size_t i = 0; i < bench_n_rows; i++) {
        good = bench(&bench_rows[i], pairs) && good;
    }
    return good ? 0 : 1;
}
