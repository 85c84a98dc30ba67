#include "study/expect_table.h"

#include <math.h>

const struct table_column expect_columns[EXPECT_COLUMNS] = {
    {"expectation", "", "what is expected, as written", TABLE_TEXT},
    {"figure", "", "the figure: a column of runs.csv", TABLE_TEXT},
    {"statistic", "", "of the figure over the replications: mean, or a quantile such as p95",
     TABLE_TEXT},
    {"relation", "", "<, <=, > or >=", TABLE_TEXT},
    {"limit", "unit", "what it is held against", TABLE_REAL},
    {"unit", "", "unit of limit, estimate, low and high; 1 for a share or a ratio", TABLE_TEXT},
    {"replications", "", "replications in which the figure was measured", TABLE_WHOLE},
    {"estimate", "unit", "the statistic; empty if it is 'never' or was not measured", TABLE_REAL},
    {"low", "unit", "lower end of its interval; empty if it is open", TABLE_REAL},
    {"high", "unit", "upper end of its interval; empty if it is open", TABLE_REAL},
    {"confidence", "1",
     "of the interval: Student's for the mean, by order statistics for a quantile", TABLE_REAL},
    {"verdict", "",
     "met or missed: all of the interval is on the right or on the wrong side of the limit; else "
     "undecided",
     TABLE_TEXT},
};

static void put_statistic(struct csv *csv, const struct expectation *x)
{
    char text[32];
    snprintf(text, sizeof text, "p%.6g", 100 * x->quantile);
    csv_text(csv, isnan(x->quantile) ? "mean" : text);
}

void expect_put(struct csv *csv, const struct expectation *x, const struct judgement *j,
                double confidence)
{
    static const char *const relations[] = {"<", "<=", ">", ">="};
    csv_text(csv, x->text);
    csv_text(csv, x->figure);
    put_statistic(csv, x);
    csv_text(csv, relations[x->relation]);
    csv_real(csv, x->limit);
    csv_text(csv, x->unit);
    csv_whole(csv, j->n);
    csv_real(csv, j->estimate);
    csv_real(csv, j->low);
    csv_real(csv, j->high);
    csv_real(csv, confidence);
    csv_text(csv, verdict_name(j->verdict));
}

void expect_count(struct expect_tally *t, uint32_t point, const struct judgement *j)
{
    if (t->n[j->verdict]++ == 0) {
        t->first[j->verdict] = point;
        t->example[j->verdict] = *j;
    }
}
