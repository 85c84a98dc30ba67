/* output/time_unit.h -- the unit in which people say a time, in texts and at axes alike. */
#ifndef OUTPUT_TIME_UNIT_H
#define OUTPUT_TIME_UNIT_H

struct time_unit {
    double in_s;        /* 1, 60, 3600 or 86400 */
    const char *symbol; /* "s", "min", "h", "d" */
    const char *plural; /* "seconds", "minutes", "hours", "days" */
};

/* Seconds up to two minutes, minutes up to three hours, hours up to three days; the sign does not count. */
struct time_unit time_unit_of(double time_s);

#endif
