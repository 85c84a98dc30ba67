/* cli/sweep_axes.h -- what the axes of a picture of a sweep are: its blocks, if they make a grid, else its keys. */
#ifndef CLI_SWEEP_AXES_H
#define CLI_SWEEP_AXES_H

#include "output/plot_sweep.h"
#include "study/sweep.h"

enum { SWEEP_AXES = 11 };

struct sweep_axes {
    struct plot_parameter item[SWEEP_AXES]; /* of those that take several values */
    size_t n, n_left_out;                   /* keys for which there is no room */
    const char **text[SWEEP_AXES];          /* owned: what the items point at */
    double *value[SWEEP_AXES];
    char label[SWEEP_AXES][160];
    bool is_grid; /* every point is a choice of a value of each */
};

/* A block is an axis if it has one key, or several in step whose first one ascends; that one names the axis. The sweep
 * is borrowed. SIM_ENOMEM: then there are none. */
SIM_MUST_CHECK enum sim_err sweep_axes_create(const struct sweep *sweep, struct sweep_axes *axes);
void sweep_axes_fini(struct sweep_axes *axes);

#endif
