/* bench/bench.h -- the frame of the benchmarks: the rows of all programs are the lines of one table.
 *
 * A program names its rows and links this frame, which has the main function. A row is a piece of work,
 * our side of it, and floors: the same work as a straight loop without a library, compiled in the same
 * run, or a peer. Each row has a process of its own, so that its peak of memory is its own and nothing is inherited
 * from the row before. Sides run in turn (floor, ours, floor, ours, ...), so that whatever else the machine
 * does falls on both; CPU time is measured, and the median of the ratios counts, beside the best of the floors. Where there is
 * no floor the least of our times counts: nothing beside it says what else the machine did.
 *
 * usage of a program: bench_X [--header] [--pairs N] [--million] [--small] [--only WORK] | --once WORK
 *     --million    also what takes minutes
 *     --small      sizes for a test, at which the figures say nothing
 *     --only       that row alone
 *     --once       runs our side of it once without a clock, for profilers and counts of instructions
 * Ends with 1 if sides do not agree on the result; a bar that is not met is said, and no failure.
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BENCH_MAX_FLOORS = 3, BENCH_MAX_FOUND = 4 };

/* One way to do the work. Only `run` is timed. It returns a figure of the result, which the sides are compared by. */
struct bench_side {
    const char *name;
    void *(*create)(uint64_t size); /* NULL, as destroy: there is nothing to prepare */
    double (*run)(void *state, uint64_t operations);
    void (*destroy)(void *state);
    /* CPU time, where another program works or the mean of some runs counts; NULL: that of run counts. */
    double (*used_s)(void *state);
};

/* What a row has found out; what is counted is per operation. */
struct bench_result {
    bool is_measured, agrees;
    double ours_s, floor_s[BENCH_MAX_FLOORS];
    int best; /* of the floors */
    double ratio, least_ratio, most_ratio;
    double peak_mb;
    char note[16];                 /* behind our time */
    double found[BENCH_MAX_FOUND]; /* whatever the program wants to know of it */
};

struct bench_size {
    uint64_t size;       /* for create: of the model */
    uint64_t operations; /* for run; 0: there is no row of this size */
};

enum bench_bar { BENCH_RATIO, BENCH_SECONDS /* of ours, for an operation */ };

struct bench_row {
    const char *work;
    struct bench_size full, small;
    int runs;   /* 0: as many as usual */
    double bar; /* the most that will do; 0 for none */
    enum bench_bar bar_is;
    double agreement; /* relative difference allowed between the figures; 0: same bits. Of means of
                         random numbers: in the full size; the smaller one allows more */
    struct bench_side ours;
    struct bench_side floors[BENCH_MAX_FLOORS]; /* end with a side that has no name */
    const char *(*absent)(void);                /* why it cannot be measured here, or NULL */
    bool takes_minutes;
    void (*find)(struct bench_result *); /* fills note and found, in the process of the row */
};

struct bench_program {
    const struct bench_row *rows;
    size_t n_rows;
    /* Further lines of the table, and whatever stands below it; NULL if there is nothing. */
    void (*conclude)(const struct bench_result *results);
};

/* Defined by the program. */
extern const struct bench_program bench_program;

/* A line of the table. */
enum bench_verdict { BENCH_NO_BAR, BENCH_MET, BENCH_MISSED };
struct bench_line {
    const char *work, *ratio, *bar; /* NULL: none */
    enum bench_verdict verdict;
    const char *ours, *floor;
};
void bench_print_line(const struct bench_line *line);
enum bench_verdict bench_verdict(double value, double bar);

/* "4.1 ns", "2.6 s", by size. */
enum { BENCH_TIME_LENGTH = 16 };
void bench_format_s(char text[BENCH_TIME_LENGTH], double time_s);

/* CPU time of this process. */
double bench_cpu_s(void);

#endif
