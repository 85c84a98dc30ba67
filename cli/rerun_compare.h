/* cli/rerun_compare.h -- where two files of results differ. */
#ifndef CLI_RERUN_COMPARE_H
#define CLI_RERUN_COMPARE_H

#include "sim/base/err.h"

#include <stdbool.h>
#include <stdint.h>

/* The first place, and how much else. All zeros is "the same". */
struct difference {
    uint64_t n;      /* cells of a table, or lines of another text; 0: the same */
    uint64_t row;    /* of a table: from 1, without the header; else the line */
    char column[80]; /* of a table; "" where rows are missing, or of another text */
    char then[80],
        now[80]; /* the two cells or lines, their beginnings; "" where one ends; of a line, from shortly before it differs */
    bool is_program_only; /* a table whose column `program` alone differs */
};

/* Compares a CSV file cell by cell, and other files line by line. SIM_EIO, SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err rerun_compare(const char *then_path, const char *now_path,
                                          struct difference *d, struct sim_error *e);

/* Are the lines of two YAML files the same but for their order, and that of the maps they stand in? Whether they say the
 * same is another question. SIM_EIO, SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err rerun_is_reordered(const char *then_path, const char *now_path,
                                               bool *is_reordered, struct sim_error *e);

#endif
