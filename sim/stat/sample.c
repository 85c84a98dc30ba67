#include "sim/stat/sample.h"

#include "sim/base/assert.h"
#include "sim/base/mem.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

void sim_sample_fini(struct sim_sample *s)
{
    free(s->value);
    *s = (struct sim_sample){0};
}

enum sim_err sim_sample_add(struct sim_sample *s, double value)
{
    SIM_ASSERT(!isnan(value));
    const enum sim_err err = sim_grow(&s->value, &s->capacity, s->n + 1, sizeof *s->value);
    if (err == SIM_OK) {
        s->value[s->n++] = value;
        s->sorted = false;
    }
    return err;
}

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

void sim_sample_sort(struct sim_sample *s)
{
    if (!s->sorted && s->n > 1) {
        qsort(s->value, s->n, sizeof *s->value, compare_doubles);
    }
    s->sorted = true;
}

double sim_sample_quantile(const struct sim_sample *s, double p)
{
    SIM_ASSERT(p >= 0 && p <= 1);
    if (s->n == 0) {
        return NAN;
    }
    SIM_ASSERT(s->sorted);
    const double place = p * (double)(s->n - 1);
    const double whole = round(place);
    if (fabs(place - whole) <= 4 * DBL_EPSILON * whole) {
        return s->value[(size_t)whole]; /* the product may be rounded to beside it */
    }
    const size_t below = (size_t)place;
    const double fraction = place - (double)below;
    const double low = s->value[below];
    const double high = s->value[below + 1];
    return isinf(high) ? high : low + fraction * (high - low);
}

double sim_sample_share_up_to(const struct sim_sample *s, double x)
{
    if (s->n == 0) {
        return NAN;
    }
    SIM_ASSERT(s->sorted);
    size_t low = 0;
    size_t high = s->n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (s->value[middle] <= x) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return (double)low / (double)s->n;
}
