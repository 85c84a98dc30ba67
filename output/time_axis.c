#include "output/time_axis.h"

#include "sim/base/assert.h"

#include <math.h>
#include <stddef.h>

enum { MOST_TICKS = 8 };

static const struct {
    double unit_s, until_s;
    const char *name;
    double tick[10]; /* that people count in; 0 ends the list */
} units[] = {
    {1, 180, "seconds", {0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30}},
    {60, 3 * 3600.0, "minutes", {0.5, 1, 2, 5, 10, 15, 20, 30}},
    {3600, 3 * 86400.0, "hours", {0.5, 1, 2, 3, 6, 12}},
    {86400, INFINITY, "days", {0.5, 1, 2, 5, 10}},
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
    size_t k = 0;
    while (end_s > units[k].until_s) {
        k++;
    }
    const double end = end_s / units[k].unit_s;
    const double tick = choose_tick(units[k].tick, end);
    return (struct time_axis){units[k].unit_s, units[k].name, tick, ceil(end / tick) * tick};
}
