#include "cli/series_mean.h"

#include <math.h>

static double continued(const struct sim_series *s, size_t row, size_t column)
{
    const size_t last = sim_series_n_rows(s) - 1;
    return sim_series_row(s, row < last ? row : last)[column];
}

size_t series_mean_n_rows(const struct study *study)
{
    size_t longest = 0;
    for (uint32_t r = 0; r < study->n; r++) {
        const size_t rows = sim_series_n_rows(study->result[r].series);
        longest = rows > longest ? rows : longest;
    }
    return longest;
}

/* Over the replications that have a number there. */
static struct sim_tally tally_cell(const struct study *study, size_t row, size_t column)
{
    struct sim_tally tally = {0};
    for (uint32_t r = 0; r < study->n; r++) {
        const double value = continued(study->result[r].series, row, column);
        if (!isnan(value)) {
            sim_tally_add(&tally, value);
        }
    }
    return tally;
}

struct sim_interval series_mean_cell(const struct study *study, size_t row, size_t column)
{
    const struct sim_tally tally = tally_cell(study, row, column);
    const struct sim_interval none = {NAN, NAN};
    return tally.n > 0 ? sim_interval_student(&tally, study->scenario->confidence) : none;
}

double series_mean_value(const struct study *study, size_t row, size_t column)
{
    const struct sim_tally tally = tally_cell(study, row, column);
    return tally.n > 0 ? tally.mean : (double)NAN;
}
