#include "tests/theory/drive.h"

#include "tests/support/check.h"

#include <stdio.h>
#include <stdlib.h>

/* Fixed, so that the test gives the same answer every time. PRIMESTORM_THEORY_SEED shifts it: over
 * many seeds the z of a sound program are a sample of a normal law. */
static uint64_t seed(void)
{
    const char *const shift = getenv("PRIMESTORM_THEORY_SEED");
    return 1 + (shift == NULL ? 0 : strtoull(shift, NULL, 10));
}

static void print_row(const struct theory_row *row, const struct theory_result *result)
{
    printf("  %-4s %-22s %-40s %18.15g %18.15g", result->agrees ? "ok" : "BAD", row->name,
           row->formula, row->exact, result->simulated);
    if (row->kind == THEORY_IDENTITY) {
        printf("  (identity, tolerance %.2g)\n", row->tolerance);
    } else {
        printf(" +- %-10.4g z %6.2f%s\n", result->half_width, result->z,
               row->kind == THEORY_LIMIT ? " (limit)" : "");
    }
}

static unsigned drive_program(const struct theory_program *program)
{
    struct theory_result result[THEORY_MAX_ROWS];
    unsigned n_bad = 0;
    printf("%s (%u replications)\n", program->name, program->replications);
    assert_int_equal(theory_run(program, seed(), result), SIM_OK);
    for (size_t i = 0; i < program->n_rows; i++) {
        print_row(&program->rows[i], &result[i]);
        n_bad += !result[i].agrees;
    }
    fflush(stdout);
    return n_bad;
}

void theory_drive(const struct theory_group *group)
{
    unsigned n_bad = 0;
    for (size_t i = 0; i < group->n_programs; i++) {
        n_bad += drive_program(&group->programs[i]);
    }
    assert_int_equal(n_bad, 0);
}
