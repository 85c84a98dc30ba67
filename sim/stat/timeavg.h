/* sim/stat/timeavg.h -- time average of a value that changes in steps.
 *
 * The time is an argument, so this file knows nothing of clocks. The area under the curve is summed
 * with Neumaier's compensation (ZAMM 54, 1974): 1e8 small terms lose no digits.
 */
#ifndef SIM_STAT_TIMEAVG_H
#define SIM_STAT_TIMEAVG_H

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

/* The value is `value` from `now_s` on. Times must not go back. */
void sim_timeavg_set(struct sim_timeavg *a, double now_s, double value);
void sim_timeavg_add(struct sim_timeavg *a, double now_s, double change);

double sim_timeavg_area(const struct sim_timeavg *a, double now_s); /* integral up to now */
double sim_timeavg_mean(const struct sim_timeavg *a,
                        double now_s); /* the value itself if no time has passed */

#endif
