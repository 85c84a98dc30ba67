/* output/time_axis.h -- a time axis that reads well: its unit, its ticks, its end. */
#ifndef OUTPUT_TIME_AXIS_H
#define OUTPUT_TIME_AXIS_H

struct time_axis {
    double unit_s;    /* 1, 60, 3600 or 86400 */
    const char *unit; /* "seconds", "minutes", "hours", "days" */
    double tick, end; /* in this unit; the end is a whole number of ticks, and at most eight */
};

/* The axis from 0 to `end_s` > 0 or a little farther, in the unit of output/time_unit.h. */
struct time_axis time_axis_until(double end_s);

#endif
