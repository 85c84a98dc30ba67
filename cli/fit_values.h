/* cli/fit_values.h -- the column of a CSV file that a fit is of. */
#ifndef CLI_FIT_VALUES_H
#define CLI_FIT_VALUES_H

#include "sim/base/err.h"

#include <stdbool.h>
#include <stddef.h>

/* A fit takes no more: its time grows with them, and a pipe may have no end. */
enum { FIT_MOST_VALUES = 10000000 };

struct fit_values {
    double *value;
    size_t n, capacity;
    size_t n_dropped;     /* zeros left out */
    size_t n_empty;       /* fields without anything */
    size_t n_blank_lines; /* lines so, up to the last value */
};

/* Where they are. Borrowed. */
struct fit_source {
    const char *path; /* "-": standard input */
    const char *column;
    char delimiter;
    bool drops_zeros;
    double factor; /* by which each is multiplied */
};

/* Reads the values, all >= 0. SIM_EINVAL with the place where there are too few, too many, or one that is no
 * number or negative; as sim_csv_read() else. The caller frees v->value, on an error too. */
SIM_MUST_CHECK enum sim_err fit_values_read(const struct fit_source *source, struct fit_values *v,
                                            struct sim_error *e);

#endif
