#include "output/time_unit.h"

#include <math.h>
#include <stddef.h>

struct time_unit time_unit_of(double time_s)
{
    static const struct {
        double until_s;
        struct time_unit unit;
    } units[] = {{120, {1, "s", "seconds"}},
                 {3 * 3600.0, {60, "min", "minutes"}},
                 {3 * 86400.0, {3600, "h", "hours"}},
                 {(double)INFINITY, {86400, "d", "days"}}};
    size_t k = 0;
    while (fabs(time_s) > units[k].until_s) {
        k++;
    }
    return units[k].unit;
}
