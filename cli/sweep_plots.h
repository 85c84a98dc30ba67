/* cli/sweep_plots.h -- plots/ of a study: a picture for each figure that its scenario names. */
#ifndef CLI_SWEEP_PLOTS_H
#define CLI_SWEEP_PLOTS_H

#include "study/plan.h"
#include "study/store.h"

enum { SWEEP_PLOTS = 8, SWEEP_PLOT_NAME = 112 };

struct sweep_pictures {
    char name[3 * SWEEP_PLOTS][SWEEP_PLOT_NAME]; /* "plots/full_p95_s.gp": what was written */
    size_t n;
    char gnuplot[64]; /* its version; "": it is not there */
};

/* Draws full_p95_s, precision.figures and the figures whose means are expected, from the points.csv of the
 * folder; scripts alone if gnuplot is not there. What is not drawn is said, unless `is_quiet`. SIM_EIO, SIM_ENOMEM,
 * SIM_ESTOPPED. */
SIM_MUST_CHECK enum sim_err sweep_plots(const struct plan *plan, const struct store *store,
                                        const char *folder, bool is_quiet,
                                        struct sweep_pictures *pictures, struct sim_error *e);

#endif
