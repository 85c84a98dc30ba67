/* primestorm theory: the kernel against closed forms of the textbook. */
#include "cli/cmd.h"
#include "cli/threads.h"
#include "models/theory/theory.h"
#include "output/csv.h"
#include "sim/base/text.h"
#include "sim/run/replicate.h"

#include <errno.h>
#include <stdlib.h>

enum format { FORMAT_TEXT, FORMAT_CSV, FORMAT_MD };

enum { MOST_PROGRAMS = 256 };

struct theory_options {
    const struct theory_group *group; /* NULL: all */
    uint64_t seed;
    unsigned threads;
    enum format format;
};

/* The programs to run, in the order in which they are printed, and what came out. */
struct suite {
    uint64_t seed;
    uint32_t n;
    size_t n_rows, n_agree;
    const struct theory_group *group[MOST_PROGRAMS];
    const struct theory_program *program[MOST_PROGRAMS];
    struct theory_result result[MOST_PROGRAMS][THEORY_MAX_ROWS];
};

static const struct argp_option option_table[] = {
    {"group", 'g', "NAME", 0, "Only queues, sharing, caps, closed, storm, retry or reliability", 0},
    {"seed", 's', "N", 0, "Name the random numbers (default: 1)", 0},
    {"format", 'F', "text|csv|md", 0, "How to print the table (default: text)", 0},
    THREADS_OPTION,
    {0},
};

static void parse_group(struct theory_options *o, const char *text, struct argp_state *state)
{
    for (int i = 0; i < THEORY_N_GROUPS; i++) {
        if (strcmp(text, theory_groups[i]->name) == 0) {
            o->group = theory_groups[i];
            return;
        }
    }
    argp_error(state,
               "--group is queues, sharing, caps, closed, storm, retry or reliability, not '%s'",
               text);
}

static void parse_format(struct theory_options *o, const char *text, struct argp_state *state)
{
    static const char *const formats[] = {"text", "csv", "md"};
    for (int i = 0; i < 3; i++) {
        if (strcmp(text, formats[i]) == 0) {
            o->format = (enum format)i;
            return;
        }
    }
    argp_error(state, "--format is text, csv or md, not '%s'", text);
}

static void parse_seed(struct theory_options *o, const char *text, struct argp_state *state)
{
    char *end;
    errno = 0;
    o->seed = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || errno != 0) {
        argp_error(state, "--seed needs a whole number below 2^64, found '%s'", text);
    }
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct theory_options *const o = state->input;
    switch (key) {
    case 'g':
        parse_group(o, argument, state);
        return 0;
    case 's':
        parse_seed(o, argument, state);
        return 0;
    case 'F':
        parse_format(o, argument, state);
        return 0;
    case 't':
        o->threads = threads_parse(argument, state);
        return 0;
    case ARGP_KEY_ARG:
        argp_error(state, "no argument is needed; found '%s'", argument);
        return EINVAL;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    option_table,
    parse,
    "",
    "Simulate models of the textbook and hold each figure against its closed form. Says per row: "
    "exact value, simulated value with its 95 % interval, z, verdict. A sound kernel fails in any "
    "row of the suite with a probability of at most 1 %. Ends with 1 if a row disagrees.",
    NULL,
    NULL,
    NULL};

/* ---- Running ---- */

static void collect(struct suite *s, const struct theory_options *o)
{
    for (int g = 0; g < THEORY_N_GROUPS; g++) {
        const struct theory_group *const group = theory_groups[g];
        for (size_t i = 0; i < group->n_programs && s->n < MOST_PROGRAMS; i++) {
            if (o->group == NULL || o->group == group) {
                s->group[s->n] = group;
                s->program[s->n++] = &group->programs[i];
            }
        }
    }
}

static enum sim_err run_program(void *context, uint32_t i, struct sim_error *e)
{
    struct suite *const s = context;
    const enum sim_err err = theory_run(s->program[i], s->seed, s->result[i]);
    if (err != SIM_OK) {
        e->code = err;
        snprintf(e->text, sizeof e->text, "theory: the program '%s' failed", s->program[i]->name);
    }
    return err;
}

static void count(struct suite *s)
{
    for (uint32_t p = 0; p < s->n; p++) {
        for (size_t i = 0; i < s->program[p]->n_rows; i++) {
            s->n_rows++;
            s->n_agree += s->result[p][i].agrees;
        }
    }
}

/* ---- Formats ---- */

static const char *verdict(const struct theory_result *result)
{
    return result->agrees ? "agrees" : "DISAGREES";
}

static void print_verdict_of_suite(const struct suite *s)
{
    printf("%zu of %zu rows agree. A row agrees if |z| is at most the critical value that leaves a "
           "probability of %g %% for any of the %zu random rows of the whole suite to fail by "
           "chance (Bonferroni), or, where nothing is random, within 1e-12.\n",
           s->n_agree, s->n_rows, 100 * THEORY_FAMILY_ERROR, theory_n_judged());
}

static void print_text_row(const struct theory_row *row, const struct theory_result *r)
{
    printf("  %-9s %-22s %-40s %16.10g %16.10g", verdict(r), row->name, row->formula, row->exact,
           r->simulated);
    if (row->kind == THEORY_IDENTITY) {
        puts("  (nothing random)");
    } else {
        printf(" ± %-9.3g z %5.2f, critical %.2f\n", r->half_width, r->z, r->critical);
    }
}

static void print_text(const struct suite *s)
{
    for (uint32_t p = 0; p < s->n; p++) {
        printf("%s (%u replication%s)\n", s->program[p]->name, s->program[p]->replications,
               sim_plural(s->program[p]->replications));
        for (size_t i = 0; i < s->program[p]->n_rows; i++) {
            print_text_row(&s->program[p]->rows[i], &s->result[p][i]);
        }
    }
    print_verdict_of_suite(s);
}

/* A '|' would end the cell. */
static void print_cell(const char *text)
{
    fputs("| ", stdout);
    for (const char *c = text; *c != '\0'; c++) {
        printf(*c == '|' ? "\\|" : "%c", *c);
    }
    putchar(' ');
}

static void print_md(const struct suite *s)
{
    puts("| model | row | formula | exact | simulated | 95 % ± | z | critical | verdict |");
    puts("|---|---|---|---:|---:|---:|---:|---:|---|");
    for (uint32_t p = 0; p < s->n; p++) {
        for (size_t i = 0; i < s->program[p]->n_rows; i++) {
            const struct theory_row *const row = &s->program[p]->rows[i];
            const struct theory_result *const r = &s->result[p][i];
            print_cell(s->program[p]->name);
            print_cell(row->name);
            print_cell(row->formula);
            printf("| %.10g | %.10g | ", row->exact, r->simulated);
            if (row->kind == THEORY_IDENTITY) {
                printf("| | | %s |\n", verdict(r));
            } else {
                printf("%.3g | %.2f | %.2f | %s |\n", r->half_width, r->z, r->critical, verdict(r));
            }
        }
    }
    putchar('\n');
    print_verdict_of_suite(s);
}

static const struct table_column csv_columns[] = {
    {"group", "", "of models", TABLE_TEXT},
    {"model", "", "with its parameters", TABLE_TEXT},
    {"row", "", "the figure", TABLE_TEXT},
    {"formula", "", "its closed form", TABLE_TEXT},
    {"replications", "", "independent repetitions", TABLE_WHOLE},
    {"exact", "", "by the formula", TABLE_REAL},
    {"simulated", "", "by the kernel", TABLE_REAL},
    {"half_width", "", "of the 95 % interval; missing where nothing is random", TABLE_REAL},
    {"z", "1", "deviation in standard errors", TABLE_REAL},
    {"critical_z", "1", "the largest |z| that agrees", TABLE_REAL},
    {"verdict", "", "agrees or DISAGREES", TABLE_TEXT},
};

static const struct table csv_table = {"theory", "a figure with a closed form", csv_columns,
                                       sizeof csv_columns / sizeof csv_columns[0]};

static void put_row(struct csv *csv, const struct suite *s, uint32_t p, size_t i)
{
    const struct theory_row *const row = &s->program[p]->rows[i];
    const struct theory_result *const r = &s->result[p][i];
    const bool is_random = row->kind != THEORY_IDENTITY;
    csv_text(csv, s->group[p]->name);
    csv_text(csv, s->program[p]->name);
    csv_text(csv, row->name);
    csv_text(csv, row->formula);
    csv_whole(csv, s->program[p]->replications);
    csv_real(csv, row->exact);
    csv_real(csv, r->simulated);
    csv_real(csv, is_random ? r->half_width : NAN);
    csv_real(csv, is_random ? r->z : NAN);
    csv_real(csv, is_random ? r->critical : NAN);
    csv_text(csv, verdict(r));
}

static enum sim_err print_csv(const struct suite *s, struct sim_error *e)
{
    struct csv *csv;
    const enum sim_err err = csv_create("-", &csv_table, &csv, e);
    if (err != SIM_OK) {
        return err;
    }
    for (uint32_t p = 0; p < s->n; p++) {
        for (size_t i = 0; i < s->program[p]->n_rows; i++) {
            put_row(csv, s, p, i);
        }
    }
    return csv_close(csv, e);
}

static enum sim_err print(const struct suite *s, enum format format, struct sim_error *e)
{
    switch (format) {
    case FORMAT_TEXT:
        print_text(s);
        return SIM_OK;
    case FORMAT_CSV:
        return print_csv(s, e);
    case FORMAT_MD:
        print_md(s);
        return SIM_OK;
    }
    return SIM_EINVAL;
}

enum exit_code cmd_theory(int argc, char **argv)
{
    struct theory_options o = {.seed = 1, .threads = threads_default()};
    struct sim_error e = {SIM_OK, ""};
    argp_parse(&argp, argc, argv, 0, NULL, &o);
    struct suite *const s = calloc(1, sizeof *s);
    if (s == NULL) {
        fputs("primestorm: out of memory\n", stderr);
        return EXIT_NO_MEMORY;
    }
    s->seed = o.seed;
    collect(s, &o);
    enum sim_err err = sim_replicate(&(struct sim_experiment){.run = run_program, .context = s},
                                     s->n, o.threads, &e);
    if (err == SIM_OK) {
        count(s);
        err = print(s, o.format, &e);
    }
    if (err != SIM_OK) {
        fprintf(stderr, "primestorm: %s\n", e.text);
    }
    const bool has_miss = s->n_agree < s->n_rows;
    free(s);
    return err != SIM_OK ? exit_code_of(err) : has_miss ? EXIT_RUNS_FAILED : EXIT_OK;
}
