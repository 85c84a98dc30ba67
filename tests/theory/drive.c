#include "tests/theory/drive.h"

#include "tests/support/check.h"

#include <stdio.h>
#include <stdlib.h>

enum { MOST_ROWS = 200 /* of a group */ };

/* Fixed, so that the test gives the same answer every time. PRIMESTORM_THEORY_SEED shifts it: over
 * many seeds the z of a sound program are a sample of a normal law. */
static uint64_t seed(void)
{
    const char *const shift = getenv("PRIMESTORM_THEORY_SEED");
    return 1 + (shift == NULL ? 0 : strtoull(shift, NULL, 10));
}

static void print_row(const struct theory_row *row, const struct theory_result *result)
{
    printf("  %-9s %-22s %-40s %18.15g %18.15g", theory_verdict_name(result->verdict), row->name,
           row->formula, row->exact, result->simulated);
    if (row->kind == THEORY_IDENTITY) {
        printf("  (identity, tolerance %.2g)\n", row->tolerance);
    } else {
        printf(" +- %-10.4g z %6.2f, sees %.2f %%%s\n", result->half_width, result->z,
               100 * result->sight, row->kind == THEORY_LIMIT ? " (limit)" : "");
    }
}

static unsigned drive_program(const struct theory_program *program, double z[], size_t *n_z)
{
    struct theory_result result[THEORY_MAX_ROWS];
    unsigned n_bad = 0;
    printf("%s (%u replications)\n", program->name, program->replications);
    assert_int_equal(theory_run(program, seed(), NULL, result), SIM_OK);
    for (size_t i = 0; i < program->n_rows; i++) {
        print_row(&program->rows[i], &result[i]);
        n_bad += result[i].verdict != THEORY_AGREES;
        if (program->rows[i].kind == THEORY_RANDOM) {
            assert_in_range(*n_z, 0, MOST_ROWS - 1);
            z[(*n_z)++] = result[i].z;
        }
    }
    fflush(stdout);
    return n_bad;
}

/* Two rows that deviate by the same number of standard errors are one row under two names. */
static unsigned n_copies(const struct theory_group *group, double z[], size_t n_z)
{
    unsigned n = 0;
    for (size_t i = 0; i < n_z; i++) {
        for (size_t j = 0; j < i; j++) {
            if (fabs(z[i] - z[j]) < 1e-9) {
                printf("%s: two rows have the same z, %.12g\n", group->name, z[i]);
                n++;
            }
        }
    }
    return n;
}

void theory_drive(const struct theory_group *group)
{
    double z[MOST_ROWS];
    size_t n_z = 0;
    unsigned n_bad = 0;
    for (size_t i = 0; i < group->n_programs; i++) {
        n_bad += drive_program(&group->programs[i], z, &n_z);
    }
    assert_int_equal(n_bad, 0);
    assert_int_equal(n_copies(group, z, n_z), 0);
}
