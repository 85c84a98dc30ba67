/* cli/sensitivity.h -- what the answer owes to estimates: each from the low to the high end of its
 * range, one at a time, on the same random numbers. */
#ifndef CLI_SENSITIVITY_H
#define CLI_SENSITIVITY_H

#include "models/factor.h"

enum { SENSITIVITY_N_FIGURES = 3 };

/* The figures of the answer that are watched: names as in runs.csv, and words for a heading. */
struct sensitivity_figure {
    const char *metric, *metric_unit;
    const char *words, *unit;
    double per_unit; /* of the metric's own unit: 60 for minutes of a time in seconds */
    int decimals;
};
extern const struct sensitivity_figure sensitivity_figures[SENSITIVITY_N_FIGURES];

/* One figure, in the metric's own unit. Means and change are infinite or NaN where it is "never". */
struct effect {
    double mean[FACTOR_N_ENDS];
    double change;     /* mean of (high - low) over the replications, paired */
    double half_width; /* of its Student interval; NaN with fewer than two replications */
};

struct sensitivity_row {
    const struct factor *factor;
    struct effect effect[SENSITIVITY_N_FIGURES];
    double outside_share[FACTOR_N_ENDS]; /* of the time, the fluid picture of the uplink fails */
    char problem[256]; /* why an end of the range is no valid scenario; "" if both are */
};

struct sensitivity {
    struct factor *factor;
    struct sensitivity_row *row; /* n, the largest change of user-minutes lost first */
    size_t n;
    double mean[SENSITIVITY_N_FIGURES]; /* of the scenario as it stands */
    double half_width[SENSITIVITY_N_FIGURES];
};

/* Runs the scenario, and each factor at both ends: 2 n + 1 times all replications. A stop that is requested
 * (stop.h) ends it with SIM_ESTOPPED. On an error `*out` is empty. */
SIM_MUST_CHECK enum sim_err sensitivity_run(const struct settings *settings,
                                            const struct scenario *scenario, uint32_t threads,
                                            bool progress, struct sensitivity *out,
                                            struct sim_error *e);
void sensitivity_fini(struct sensitivity *s);

#endif
