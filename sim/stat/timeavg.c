#include "sim/stat/timeavg.h"

void sim_timeavg_init(struct sim_timeavg *a, double now_s, double value)
{
    *a = (struct sim_timeavg){.start_s = now_s, .last_s = now_s, .value = value, .max = value};
}

void sim_timeavg_add(struct sim_timeavg *a, double now_s, double change)
{
    sim_timeavg_set(a, now_s, a->value + change);
}

double sim_timeavg_area(const struct sim_timeavg *a, double now_s)
{
    struct sim_timeavg to_now = *a;
    SIM_ASSERT(now_s >= a->last_s);
    sim_timeavg_add_area(&to_now, a->value * (now_s - a->last_s));
    return to_now.area + to_now.area_rest;
}

double sim_timeavg_mean(const struct sim_timeavg *a, double now_s)
{
    const double span_s = now_s - a->start_s;
    return span_s > 0 ? sim_timeavg_area(a, now_s) / span_s : a->value;
}
