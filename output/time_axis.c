#include "output/time_axis.h"

#include "output/time_unit.h"
#include "sim/base/assert.h"

#include <math.h>
#include <stddef.h>

enum { MOST_TICKS = 8 };

/* What people count each unit in; 0 ends a list. */
static const struct {
    double unit_s;
    double tick[10];
} lists[] = {
    {1, {0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30}},
    {60, {0.5, 1, 2, 5, 10, 15, 20, 30}},
    {3600, {0.5, 1, 2, 3, 6, 12}},
    {86400, {0.5, 1, 2, 5, 10}},
};

/* The smallest tick of the list that is coarse enough; beyond the list, doubled until it is. */
static double choose_tick(const double *list, double end)
{
    size_t i = 0;
    while (list[i + 1] > 0 && list[i] * MOST_TICKS < end) {
        i++;
    }
    double tick = list[i];
    while (tick * MOST_TICKS < end) {
        tick *= 2;
    }
    return tick;
}

struct time_axis time_axis_until(double end_s)
{
    SIM_ASSERT(end_s > 0 && isfinite(end_s));
    const struct time_unit unit = time_unit_of(end_s);
    size_t k = 0;
    while (lists[k].unit_s < unit.in_s) {
        k++;
    }
    const double end = end_s / unit.in_s;
    const double tick = choose_tick(lists[k].tick, end);
    return (struct time_axis){unit.in_s, unit.plural, tick, ceil(end / tick) * tick};
}
