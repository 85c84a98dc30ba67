/* study/expect_table.h -- expectations.csv and .json: a row an expectation, of a single scenario or of each point. */
#ifndef STUDY_EXPECT_TABLE_H
#define STUDY_EXPECT_TABLE_H

#include "output/csv.h"
#include "study/expect.h"

enum { EXPECT_COLUMNS = 12 };

/* The columns of an expectation; those that say where it was judged stand before them. */
extern const struct table_column expect_columns[EXPECT_COLUMNS];

/* Their cells. */
void expect_put(struct csv *csv, const struct expectation *x, const struct judgement *j,
                double confidence);

/* How one expectation fared over points: for the verdicts, how many points, the first of them, and its judgement. */
struct expect_tally {
    uint32_t n[VERDICT_N], first[VERDICT_N];
    struct judgement example[VERDICT_N];
};

void expect_count(struct expect_tally *t, uint32_t point, const struct judgement *j);

#endif
