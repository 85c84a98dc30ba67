#include "sim/stat/tally.h"

#include <math.h>

void sim_tally_merge(struct sim_tally *into, const struct sim_tally *from)
{
    if (from->n == 0) {
        return;
    }
    if (into->n == 0) {
        *into = *from;
        return;
    }
    const double n_into = (double)into->n;
    const double n_from = (double)from->n;
    const double n = n_into + n_from;
    const double offset = from->mean - into->mean;
    into->mean += offset * n_from / n;
    into->squares += from->squares + offset * offset * n_into * n_from / n;
    into->min = fmin(into->min, from->min);
    into->max = fmax(into->max, from->max);
    into->n += from->n;
}

double sim_tally_sum(const struct sim_tally *t)
{
    return t->mean * (double)t->n;
}

double sim_tally_variance(const struct sim_tally *t)
{
    return t->n < 2 ? NAN : t->squares / (double)(t->n - 1);
}

double sim_tally_sd(const struct sim_tally *t)
{
    return sqrt(sim_tally_variance(t));
}
