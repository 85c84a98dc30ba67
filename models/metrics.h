/* models/metrics.h -- one replication in numbers: the columns of runs.csv and points.csv.
 *
 * A time that never came is INFINITY. Quantiles over devices are of type 7 and count a device that
 * never got there as later than all others.
 */
#ifndef MODELS_METRICS_H
#define MODELS_METRICS_H

#include "models/result.h"

struct metric {
    char name[80];
    const char *unit;
    char help[160];
    double value;
};

/* All replications of a scenario have the same metrics in the same order. Freed by the caller; NULL
 * when out of memory. */
struct metric *metrics_of(const struct run_result *result, size_t *n);

/* The index of a metric by name; it must exist. */
size_t metrics_find(const struct metric *metrics, size_t n, const char *name);

/* A metric with an ending of _s is a time in seconds. */
bool metrics_is_time(const char *name);

/* Sorted times of an event over the devices, for curves: basic_s or full_s. */
enum device_event { EVENT_BASIC, EVENT_FULL };
/* Has it lost its server, or its sync state there? Times of the others are none. */
bool metrics_is_affected(const struct device_record *record);

double metrics_event_s(const struct device_record *record, enum device_event event);

#endif
