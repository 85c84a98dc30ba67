#include "cli/theory_print.h"

#include "output/csv.h"
#include "sim/base/text.h"

/* ---- Words about the whole ---- */

static void print_shift(const struct suite *s)
{
    printf("The exact values were made wrong by %+g %%: %zu of %zu rows find it.\n",
           s->request->shift_percent, s->n_verdicts[THEORY_DISAGREES], s->n_rows);
}

static void print_blind(const struct suite *s)
{
    const size_t n = s->n_verdicts[THEORY_BLIND];
    printf("%zu %s BLIND: no deviation was found, but an error of %g %% would not have been found "
           "with a probability of %g %%. More replications help: --effort.\n",
           n, n == 1 ? "row is" : "rows are", 100 * THEORY_WORST_SIGHT, 100 * THEORY_POWER);
}

static void print_verdict_of_suite(const struct suite *s)
{
    printf("%zu of %zu rows agree. A row agrees if |z| is at most the critical value that leaves a "
           "probability of %g %% for any of the %zu random rows of the whole suite to fail by "
           "chance (Bonferroni), or, where nothing is random, within 1e-12. A row sees an error of "
           "its exact value if it would disagree with a probability of %g %%.\n",
           s->n_verdicts[THEORY_AGREES], s->n_rows, 100 * THEORY_FAMILY_ERROR, theory_n_judged(),
           100 * THEORY_POWER);
    if (s->n_verdicts[THEORY_BLIND] > 0) {
        print_blind(s);
    }
    if (s->request->shift_percent < 0 || s->request->shift_percent > 0) {
        print_shift(s);
    }
}

/* ---- Text ---- */

/* Then its z, which is counted from the end of the tolerance, says nothing. */
static bool is_within_tolerance(const struct theory_row *row, const struct theory_result *r)
{
    return row->kind == THEORY_LIMIT && !(r->z < 0 || r->z > 0);
}

/* "-0.00" is no number to show. */
static double shown_z(const struct theory_result *r)
{
    return r->z < 0 && r->z > -0.005 ? 0 : r->z;
}

static void print_text_row(const struct theory_program *program, const struct theory_result *r,
                           size_t i)
{
    const struct theory_row *const row = &program->rows[i];
    char label[THEORY_LABEL_SIZE];
    theory_label(program, i, label);
    printf("  %-9s %-32s %-38s %13.7g %13.7g", theory_verdict_name(r->verdict), label, row->formula,
           row->exact, r->simulated);
    if (row->kind == THEORY_IDENTITY) {
        puts("  (nothing random)");
        return;
    }
    printf(" ± %-9.3g ", r->half_width);
    if (is_within_tolerance(row, r)) {
        printf("within the tolerance of %g %%", 100 * row->tolerance);
    } else {
        printf("z %5.2f", shown_z(r));
    }
    printf(", critical %.2f, sees %.1f %%\n", r->critical, 100 * r->sight);
}

static void print_heading(const struct theory_program *program)
{
    printf("%s: %s (%u replication%s", program->key, program->name, program->replications,
           sim_plural(program->replications));
    if (program->variation != NULL) {
        for (size_t i = 0; i < program->variation->n_parameters; i++) {
            const struct theory_parameter *const p = &program->variation->parameter[i];
            printf("%s%s=%.10g", i == 0 ? "; --set " : ", ", p->name,
                   theory_parameter_value(program, p));
        }
    }
    puts(")");
}

static void print_text(const struct suite *s)
{
    for (uint32_t p = 0; p < s->n; p++) {
        const struct suite_program *const program = &s->program[p];
        print_heading(&program->varied.program);
        for (size_t i = 0; i < program->varied.program.n_rows; i++) {
            if (program->is_chosen[i]) {
                print_text_row(&program->varied.program, &program->result[i], i);
            }
        }
    }
    print_verdict_of_suite(s);
}

/* ---- Markdown ---- */

/* A '|' would end the cell. */
static void print_cell(const char *text)
{
    fputs("| ", stdout);
    for (const char *c = text; *c != '\0'; c++) {
        printf(*c == '|' ? "\\|" : "%c", *c);
    }
    putchar(' ');
}

static void print_md_row(const struct theory_program *program, const struct theory_result *r,
                         size_t i)
{
    const struct theory_row *const row = &program->rows[i];
    char label[THEORY_LABEL_SIZE];
    theory_label(program, i, label);
    print_cell(label);
    print_cell(program->name);
    print_cell(row->name);
    print_cell(row->formula);
    printf("| %.10g | %.10g | ", row->exact, r->simulated);
    if (row->kind == THEORY_IDENTITY) {
        printf("| | | %s |\n", theory_verdict_name(r->verdict));
        return;
    }
    printf("%.3g | ", r->half_width);
    if (is_within_tolerance(row, r)) {
        printf("within %g %%", 100 * row->tolerance);
    } else {
        printf("%.2f", shown_z(r));
    }
    printf(" | %.2f %% | %s |\n", 100 * r->sight, theory_verdict_name(r->verdict));
}

static void print_md(const struct suite *s)
{
    puts("| name | model | figure | formula | exact | simulated | 95 % ± | z | sees | verdict |");
    puts("|---|---|---|---|---:|---:|---:|---:|---:|---|");
    for (uint32_t p = 0; p < s->n; p++) {
        const struct suite_program *const program = &s->program[p];
        for (size_t i = 0; i < program->varied.program.n_rows; i++) {
            if (program->is_chosen[i]) {
                print_md_row(&program->varied.program, &program->result[i], i);
            }
        }
    }
    putchar('\n');
    print_verdict_of_suite(s);
}

/* ---- CSV ---- */

static const struct table_column csv_columns[] = {
    {"group", "", "of models", TABLE_TEXT},
    {"name", "", "of the row, to run it alone", TABLE_TEXT},
    {"model", "", "with its parameters", TABLE_TEXT},
    {"row", "", "the figure", TABLE_TEXT},
    {"formula", "", "its closed form", TABLE_TEXT},
    {"replications", "", "independent repetitions", TABLE_WHOLE},
    {"exact", "", "by the formula", TABLE_REAL},
    {"simulated", "", "by the kernel", TABLE_REAL},
    {"half_width", "", "of the 95 % interval; missing where nothing is random", TABLE_REAL},
    {"z", "1",
     "deviation in standard errors; missing where nothing is random, or within a tolerance",
     TABLE_REAL},
    {"critical_z", "1", "the largest |z| that agrees", TABLE_REAL},
    {"sees", "1", "relative error of the exact value found with a probability of 95 %", TABLE_REAL},
    {"verdict", "", "agrees, DISAGREES or BLIND", TABLE_TEXT},
};

static const struct table csv_table = {"theory", "a figure with a closed form", csv_columns,
                                       sizeof csv_columns / sizeof csv_columns[0]};

static void put_row(struct csv *csv, const struct suite_program *p, size_t i)
{
    const struct theory_program *const program = &p->varied.program;
    const struct theory_row *const row = &program->rows[i];
    const struct theory_result *const r = &p->result[i];
    const bool is_random = row->kind != THEORY_IDENTITY;
    char label[THEORY_LABEL_SIZE];
    theory_label(program, i, label);
    csv_text(csv, p->group->name);
    csv_text(csv, label);
    csv_text(csv, program->name);
    csv_text(csv, row->name);
    csv_text(csv, row->formula);
    csv_whole(csv, program->replications);
    csv_real(csv, row->exact);
    csv_real(csv, r->simulated);
    csv_real(csv, is_random ? r->half_width : NAN);
    csv_real(csv, is_random && !is_within_tolerance(row, r) ? r->z : NAN);
    csv_real(csv, is_random ? r->critical : NAN);
    csv_real(csv, r->sight);
    csv_text(csv, theory_verdict_name(r->verdict));
}

static enum sim_err print_table(const struct suite *s, enum table_format format,
                                struct sim_error *e)
{
    struct csv *csv;
    const enum sim_err err = csv_create_as("-", &csv_table, format, &csv, e);
    if (err != SIM_OK) {
        return err;
    }
    for (uint32_t p = 0; p < s->n; p++) {
        for (size_t i = 0; i < s->program[p].varied.program.n_rows; i++) {
            if (s->program[p].is_chosen[i]) {
                put_row(csv, &s->program[p], i);
            }
        }
    }
    return csv_close(csv, e);
}

enum sim_err theory_print(const struct suite *s, const struct format_options *format,
                          struct sim_error *e)
{
    switch (format->format) {
    case FORMAT_TEXT:
        print_text(s);
        return SIM_OK;
    case FORMAT_CSV:
    case FORMAT_JSON:
        return print_table(s, format_of_table(format), e);
    case FORMAT_MD:
        print_md(s);
        return SIM_OK;
    }
    return SIM_EINVAL;
}

void theory_print_list(const struct suite *s)
{
    for (uint32_t p = 0; p < s->n; p++) {
        const struct theory_program *const program = &s->program[p].varied.program;
        for (size_t i = 0; i < program->n_rows; i++) {
            char label[THEORY_LABEL_SIZE];
            theory_label(program, i, label);
            if (s->program[p].is_chosen[i]) {
                printf("%-32s %-13.7g %-38s %s\n", label, program->rows[i].exact,
                       program->rows[i].formula, program->name);
            }
        }
    }
}
