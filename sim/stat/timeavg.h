/* sim/stat/timeavg.h -- time average of a value that changes in steps.
 *
 * The time is an argument, so this file knows nothing of clocks. The area under the curve is summed
 * with Neumaier's compensation (ZAMM 54, 1974): 1e8 small terms lose no digits.
 */
#ifndef SIM_STAT_TIMEAVG_H
#define SIM_STAT_TIMEAVG_H

#include "sim/base/assert.h"

/* All zeros is a value of 0 from time 0 on. */
struct sim_timeavg {
    double start_s;
    double last_s; /* time of the last change */
    double value;  /* since then */
    double max;
    double area, area_rest; /* integral from start_s to last_s, and its compensation */
};

/* Begins at `now_s` with `value`. */
void sim_timeavg_init(struct sim_timeavg *a, double now_s, double value);

/* For sim_timeavg_set: adds to the sum, and what rounding takes from it to the rest. The six
 * operations find the same rest as Neumaier's choice of the larger (Knuth, TAOCP 2, 4.2.2), without
 * a jump. */
static inline void sim_timeavg_add_area(struct sim_timeavg *a, double term)
{
    const double sum = a->area + term;
    const double added = sum - a->area;
    a->area_rest += (a->area - (sum - added)) + (term - added);
    a->area = sum;
}

/* The value, which was another, is `value` from `now_s` on. Times must not go back. */
static inline void sim_timeavg_change(struct sim_timeavg *a, double now_s, double value)
{
    SIM_ASSERT(now_s >= a->last_s);
    sim_timeavg_add_area(a, a->value * (now_s - a->last_s));
    a->last_s = now_s;
    a->value = value;
    a->max = value > a->max ? value : a->max;
}

/* The same for a value that may be as it was. */
static inline void sim_timeavg_set(struct sim_timeavg *a, double now_s, double value)
{
    if (value !=
        a->value) { /* most calls find nothing changed: a seventh off the time of a storm */
        sim_timeavg_change(a, now_s, value);
    }
}

void sim_timeavg_add(struct sim_timeavg *a, double now_s, double change);

double sim_timeavg_area(const struct sim_timeavg *a, double now_s); /* integral up to now */
double sim_timeavg_mean(const struct sim_timeavg *a,
                        double now_s); /* the value itself if no time has passed */

#endif
