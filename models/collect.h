/* models/collect.h -- the time series of a replication: which columns, and how a row is filled. */
#ifndef MODELS_COLLECT_H
#define MODELS_COLLECT_H

#include "models/world.h"

/* What a column's number is. */
enum column_kind {
    COLUMN_GAUGE, /* value at the time of the row, or a running total */
    COLUMN_SHARE, /* time average over the step that ends with the row */
    COLUMN_RATE,  /* amount per second over the same step */
    COLUMN_MEAN,  /* mean of the observations in the same step; NaN if there was none */
};

/* Reads a column: the value of a gauge; of the others the integral, total or sum from the start. */
typedef double series_read_fn(const struct world *world, uint32_t index);

struct series_column {
    char name[64]; /* "devices.full", "servers.B.cpu.busy_share" */
    const char *unit;
    char help[160];
    enum column_kind kind;
    series_read_fn *read;
    series_read_fn *read_count; /* COLUMN_MEAN: number of observations from the start */
    uint32_t index;             /* of the server or state the column is about */
};

/* The columns of a scenario, in order; freed by the caller. NULL when out of memory. */
struct series_column *collect_columns(const struct scenario *scenario, size_t *n);

struct collector; /* opaque: samples a world */

/* Begins to sample `world`. Two rows after the world is complete the run is stopped: the last row
 * then shows the quiet after the storm, and a series may be continued by repeating it. */
SIM_MUST_CHECK enum sim_err collector_create(struct world *world, struct collector **out);
void collector_destroy(struct collector *c); /* NULL allowed */

/* Hands the series over to the caller. */
struct sim_series *collector_take_series(struct collector *c);

/* The use of all resources, and what desktop users felt, from the failure to now; in place of what
 * was collected before. SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err collect_use(struct world *world);

/* Devices and counters as they are now, in world->result, and the use of resources where it was not
 * collected when most devices were done. SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err collect_result(struct world *world);

#endif
