#include "bench/bench.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_PAIRS = 99, DEFAULT_PAIRS = 7, MAX_SIDES = BENCH_MAX_FLOORS + 1 };

struct options {
    int pairs; /* 0: as the row says */
    bool is_million, is_small;
    const char *only;
};

struct measured {
    int n_floors, pairs;
    double time_s[MAX_SIDES][MAX_PAIRS]; /* our side is the last */
    double figure[MAX_SIDES];
};

double bench_cpu_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- Measuring, in the process of the row ---- */

static double run_s(const struct bench_side *side, struct bench_size size, double *figure)
{
    void *const state = side->create != NULL ? side->create(size.size) : NULL;
    const double start_s = bench_cpu_s();
    *figure = side->run(state, size.operations);
    const double used_s = side->used_s != NULL ? side->used_s(state) : bench_cpu_s() - start_s;
    if (side->destroy != NULL) {
        side->destroy(state);
    }
    return used_s;
}

static int count_floors(const struct bench_row *row)
{
    int n = 0;
    while (n < BENCH_MAX_FLOORS && row->floors[n].name != NULL) {
        n++;
    }
    return n;
}

/* Before ratios both sides are warmed up; where the least counts, that comes by itself. */
static void measure(const struct bench_row *row, struct bench_size size, struct measured *m)
{
    for (int pair = m->n_floors > 0 ? -1 : 0; pair < m->pairs; pair++) {
        for (int i = 0; i <= m->n_floors; i++) {
            const struct bench_side *const side = i < m->n_floors ? &row->floors[i] : &row->ours;
            m->time_s[i][pair < 0 ? 0 : pair] = run_s(side, size, &m->figure[i]);
        }
    }
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

static void sort(const double *values, int n, double *sorted)
{
    memcpy(sorted, values, (size_t)n * sizeof *values);
    qsort(sorted, (size_t)n, sizeof *sorted, ascending);
}

static double median(const double *sorted, int n)
{
    return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
}

static void compare(const struct measured *m, uint64_t operations, struct bench_result *r)
{
    double sorted[MAX_PAIRS];
    for (int i = 0; i < m->n_floors; i++) {
        sort(m->time_s[i], m->pairs, sorted);
        r->floor_s[i] = median(sorted, m->pairs) / (double)operations;
        r->best = r->floor_s[i] < r->floor_s[r->best] ? i : r->best;
    }
    sort(m->time_s[m->n_floors], m->pairs, sorted);
    r->ours_s = (m->n_floors > 0 ? median(sorted, m->pairs) : sorted[0]) / (double)operations;
    for (int pair = 0; pair < m->pairs; pair++) {
        sorted[pair] = m->time_s[m->n_floors][pair] / m->time_s[r->best][pair];
    }
    sort(sorted, m->pairs, sorted);
    r->ratio = median(sorted, m->pairs);
    r->least_ratio = sorted[0];
    r->most_ratio = sorted[m->pairs - 1];
}

/* The means of a hundredth of the numbers spread ten times as much. */
static bool agrees(const struct bench_row *row, struct bench_size size, const struct measured *m)
{
    const double ours = m->figure[m->n_floors];
    const double most =
        row->agreement * fabs(ours) * sqrt((double)row->full.operations / (double)size.operations);
    bool all = true;
    for (int i = 0; i < m->n_floors; i++) {
        if (!(fabs(m->figure[i] - ours) <= most)) {
            fprintf(stderr, "%s: the figure of '%s' is %.17g, ours is %.17g\n", row->work,
                    row->floors[i].name, m->figure[i], ours);
            all = false;
        }
    }
    return all;
}

static void examine(const struct bench_row *row, struct bench_size size, int pairs,
                    struct bench_result *r)
{
    static struct measured m;
    struct rusage usage;
    m.n_floors = count_floors(row);
    m.pairs = pairs;
    measure(row, size, &m);
    compare(&m, size.operations, r);
    r->agrees = agrees(row, size, &m);
    getrusage(RUSAGE_SELF, &usage);
    r->peak_mb = (double)usage.ru_maxrss / 1024;
    r->is_measured = true;
    if (row->find != NULL) {
        row->find(r);
    }
}

static _Noreturn void fail(const char *work, const char *text)
{
    fprintf(stderr, "bench: %s: %s\n", work, text);
    exit(1);
}

static struct bench_result examine_apart(const struct bench_row *row, struct bench_size size,
                                         int pairs)
{
    struct bench_result r = {0};
    int ends[2];
    int status;
    fflush(stdout);
    if (pipe(ends) != 0) {
        fail(row->work, "no pipe");
    }
    const pid_t child = fork();
    if (child < 0) {
        fail(row->work, "no process");
    }
    if (child == 0) {
        examine(row, size, pairs, &r);
        _exit(write(ends[1], &r, sizeof r) == (ssize_t)sizeof r ? 0 : 1);
    }
    close(ends[1]);
    const ssize_t got = read(ends[0], &r, sizeof r);
    close(ends[0]);
    if (waitpid(child, &status, 0) != child || status != 0 || got != (ssize_t)sizeof r) {
        fail(row->work, "did not come to its end");
    }
    return r;
}

/* ---- The table ---- */

static void print_header(void)
{
    puts("| work | ours / floor, median (range) | bar | met? | ours | floor |\n"
         "|---|---|---|---|---|---|");
}

static const char *or_none(const char *text)
{
    return text != NULL ? text : "-";
}

void bench_print_line(const struct bench_line *line)
{
    static const char *const verdicts[] = {
        [BENCH_NO_BAR] = "-", [BENCH_MET] = "yes", [BENCH_MISSED] = "NO"};
    printf("| %-46s | %-24s | %-7s | %-3s | %-20s | %s |\n", line->work, or_none(line->ratio),
           or_none(line->bar), verdicts[line->verdict], or_none(line->ours), or_none(line->floor));
    fflush(stdout);
}

enum bench_verdict bench_verdict(double value, double bar)
{
    return bar == 0 ? BENCH_NO_BAR : value <= bar ? BENCH_MET : BENCH_MISSED;
}

void bench_format_s(char text[BENCH_TIME_LENGTH], double time_s)
{
    static const struct {
        double unit_s;
        const char *name;
    } units[] = {{1e-9, "ns"}, {1e-6, "us"}, {1e-3, "ms"}, {1, "s"}};
    size_t i = 0;
    while (i + 1 < sizeof units / sizeof units[0] && time_s >= 999.5 * units[i].unit_s) {
        i++;
    }
    snprintf(text, BENCH_TIME_LENGTH, "%.3g %s", time_s / units[i].unit_s, units[i].name);
}

enum { RATIO_LENGTH = 24 };

static void format_ratio(char text[RATIO_LENGTH], double ratio)
{
    if (ratio < 0.1) {
        snprintf(text, RATIO_LENGTH, "1/%.0f", 1 / ratio);
    } else {
        snprintf(text, RATIO_LENGTH, "%.2f", ratio);
    }
}

/* "1.24 (1.16 to 1.51)" */
static void format_range(char *text, size_t size, const struct bench_result *r)
{
    char ratio[3][RATIO_LENGTH];
    format_ratio(ratio[0], r->ratio);
    format_ratio(ratio[1], r->least_ratio);
    format_ratio(ratio[2], r->most_ratio);
    snprintf(text, size, "%s (%s to %s)", ratio[0], ratio[1], ratio[2]);
}

/* The best first, which the ratio is to. */
static void format_floors(char *text, size_t size, const struct bench_row *row,
                          const struct bench_result *r)
{
    char time[BENCH_TIME_LENGTH];
    bench_format_s(time, r->floor_s[r->best]);
    int length = snprintf(text, size, "%s %s", time, row->floors[r->best].name);
    for (int i = 0; i < count_floors(row); i++) {
        if (i != r->best && length > 0 && (size_t)length < size) {
            bench_format_s(time, r->floor_s[i]);
            length += snprintf(text + length, size - (size_t)length, "; %s %s", time,
                               row->floors[i].name);
        }
    }
}

static void format_bar(char text[RATIO_LENGTH], const struct bench_row *row)
{
    if (row->bar_is == BENCH_SECONDS) {
        bench_format_s(text, row->bar);
    } else {
        format_ratio(text, row->bar);
    }
}

static void print_row(const struct bench_row *row, const struct bench_result *r)
{
    char ratio[3 * RATIO_LENGTH + 8];
    char bar[RATIO_LENGTH];
    char time[BENCH_TIME_LENGTH];
    char ours[BENCH_TIME_LENGTH + sizeof r->note + 2];
    char floors[256];
    const bool has_floor = count_floors(row) > 0;
    if (has_floor) {
        format_range(ratio, sizeof ratio, r);
        format_floors(floors, sizeof floors, row, r);
    }
    format_bar(bar, row);
    bench_format_s(time, r->ours_s);
    snprintf(ours, sizeof ours, "%s%s%s", time, r->note[0] != '\0' ? ", " : "", r->note);
    bench_print_line(&(struct bench_line){
        .work = row->work,
        .ratio = has_floor ? ratio : NULL,
        .bar = row->bar > 0 ? bar : NULL,
        .verdict = bench_verdict(row->bar_is == BENCH_SECONDS ? r->ours_s : r->ratio, row->bar),
        .ours = ours,
        .floor = has_floor ? floors : NULL,
    });
}

/* A row that is not measured says why, in the place of its ratio. */
static void print_absent(const struct bench_row *row, const char *why)
{
    char bar[RATIO_LENGTH];
    format_bar(bar, row);
    bench_print_line(
        &(struct bench_line){.work = row->work, .ratio = why, .bar = row->bar > 0 ? bar : NULL});
}

/* ---- The program ---- */

static const char *why_not(const struct bench_row *row, const struct options *o)
{
    if (row->takes_minutes && !o->is_million) {
        return "only with --million";
    }
    return row->absent != NULL ? row->absent() : NULL;
}

static int n_pairs(const struct bench_row *row, const struct options *o)
{
    return o->pairs > 0 ? o->pairs : o->is_small ? 1 : row->runs > 0 ? row->runs : DEFAULT_PAIRS;
}

static bool bench(const struct bench_row *row, const struct options *o, struct bench_result *r)
{
    const struct bench_size size = o->is_small ? row->small : row->full;
    const char *const why = why_not(row, o);
    if (o->only != NULL && strcmp(o->only, row->work) != 0) {
        return true;
    }
    if (why != NULL) {
        print_absent(row, why);
        return true;
    }
    if (size.operations == 0) {
        return true;
    }
    *r = examine_apart(row, size, n_pairs(row, o));
    print_row(row, r);
    return r->agrees;
}

static int all(const struct options *o)
{
    struct bench_result *const results = calloc(bench_program.n_rows, sizeof *results);
    bool good = results != NULL;
    for (size_t i = 0; i < bench_program.n_rows && results != NULL; i++) {
        good = bench(&bench_program.rows[i], o, &results[i]) && good;
    }
    if (results != NULL && bench_program.conclude != NULL && o->only == NULL) {
        bench_program.conclude(results);
    }
    free(results);
    return good ? 0 : 1;
}

static const struct bench_row *find_row(const char *work)
{
    for (size_t i = 0; i < bench_program.n_rows; i++) {
        if (strcmp(bench_program.rows[i].work, work) == 0) {
            return &bench_program.rows[i];
        }
    }
    fprintf(stderr, "bench: no row '%s'\n", work);
    exit(64);
}

static int once(const struct bench_row *row)
{
    double figure;
    run_s(&row->ours, row->full, &figure);
    return 0;
}

int main(int argc, char **argv)
{
    struct options o = {0};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--header") == 0) {
            print_header();
        } else if (strcmp(argv[i], "--million") == 0) {
            o.is_million = true;
        } else if (strcmp(argv[i], "--small") == 0) {
            o.is_small = true;
        } else if (strcmp(argv[i], "--once") == 0 && i + 1 < argc) {
            return once(find_row(argv[i + 1]));
        } else if (strcmp(argv[i], "--only") == 0 && i + 1 < argc) {
            o.only = find_row(argv[++i])->work;
        } else if (strcmp(argv[i], "--pairs") == 0 && i + 1 < argc) {
            o.pairs = atoi(argv[++i]);
            o.pairs = o.pairs < 1 ? 1 : o.pairs > MAX_PAIRS ? MAX_PAIRS : o.pairs;
        } else {
            fprintf(stderr,
                    "usage: %s [--header] [--pairs N] [--million] [--small] [--only WORK] | --once "
                    "WORK\n",
                    argv[0]);
            return 64;
        }
    }
    return all(&o);
}
