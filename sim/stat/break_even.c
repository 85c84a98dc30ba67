#include "sim/stat/break_even.h"

#include "sim/base/assert.h"

#include <math.h>
#include <stdbool.h>

static const double precision = 0.01;

/* The part of an interval that is followed to zero. */
enum end { END_LOWER = -1, MEAN, END_UPPER };

struct search {
    sim_extra_cost_fn *measure;
    void *self;
    enum end end;
};

static bool is_below_zero(const struct search *s, const struct sim_interval *i)
{
    return (s->end == MEAN ? i->mean : i->mean + s->end * i->half_width) < 0;
}

/* Below zero at `low`, not at `high`. */
static enum sim_err halve(const struct search *s, double low, double high, double *root,
                          struct sim_error *e)
{
    while (high > low * (1 + precision)) {
        struct sim_interval i;
        const double middle = sqrt(low * high);
        const enum sim_err err = s->measure(s->self, middle, &i, e);
        if (err != SIM_OK) {
            return err;
        }
        if (is_below_zero(s, &i)) {
            low = middle;
        } else {
            high = middle;
        }
    }
    *root = sqrt(low * high);
    return SIM_OK;
}

static enum sim_err follow(const struct search *s, const struct sim_extra_cost point[], size_t n,
                           double *root, struct sim_error *e)
{
    size_t k = 0;
    while (k < n && is_below_zero(s, &point[k].extra)) {
        k++;
    }
    if (k == 0 || k == n) {
        *root = point[k == 0 ? 0 : n - 1].x;
        return SIM_OK;
    }
    return halve(s, point[k - 1].x, point[k].x, root, e);
}

enum sim_err sim_break_even_find(const struct sim_extra_cost point[], size_t n,
                                 sim_extra_cost_fn *measure, void *self, struct sim_break_even *out,
                                 struct sim_error *e)
{
    struct search s = {measure, self, MEAN};
    SIM_ASSERT(n > 0);
    *out = (struct sim_break_even){SIM_CROSSING_FOUND, NAN, NAN, NAN};
    if (point[0].extra.mean > 0) {
        out->crossing = SIM_CROSSING_BELOW;
        return SIM_OK;
    }
    if (point[n - 1].extra.mean < 0) {
        out->crossing = SIM_CROSSING_ABOVE;
        return SIM_OK;
    }
    enum sim_err err = follow(&s, point, n, &out->x, e);
    if (isnan(point[0].extra.half_width)) {
        return err;
    }
    if (err == SIM_OK) {
        s.end = END_UPPER;
        err = follow(&s, point, n, &out->low, e);
    }
    if (err == SIM_OK) {
        s.end = END_LOWER;
        err = follow(&s, point, n, &out->high, e);
    }
    return err;
}
