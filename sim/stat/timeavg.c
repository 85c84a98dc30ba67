#include "sim/stat/timeavg.h"

#include "sim/base/assert.h"

#include <math.h>

void sim_timeavg_init(struct sim_timeavg *a, double now_s, double value)
{
    *a = (struct sim_timeavg){.start_s = now_s, .last_s = now_s, .value = value, .max = value};
}

static void add_area(struct sim_timeavg *a, double term)
{
    const double sum = a->area + term;
    a->area_rest += fabs(a->area) >= fabs(term) ? (a->area - sum) + term : (term - sum) + a->area;
    a->area = sum;
}

void sim_timeavg_set(struct sim_timeavg *a, double now_s, double value)
{
    SIM_ASSERT(now_s >= a->last_s);
    if (value == a->value) {
        return; /* most calls find nothing changed: a seventh off the time of a storm */
    }
    add_area(a, a->value * (now_s - a->last_s));
    a->last_s = now_s;
    a->value = value;
    a->max = value > a->max ? value : a->max;
}

void sim_timeavg_add(struct sim_timeavg *a, double now_s, double change)
{
    sim_timeavg_set(a, now_s, a->value + change);
}

double sim_timeavg_area(const struct sim_timeavg *a, double now_s)
{
    struct sim_timeavg to_now = *a;
    SIM_ASSERT(now_s >= a->last_s);
    add_area(&to_now, a->value * (now_s - a->last_s));
    return to_now.area + to_now.area_rest;
}

double sim_timeavg_mean(const struct sim_timeavg *a, double now_s)
{
    const double span_s = now_s - a->start_s;
    return span_s > 0 ? sim_timeavg_area(a, now_s) / span_s : a->value;
}
