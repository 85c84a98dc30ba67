/* cli/screening.h -- all estimates of a scenario at once, over their plausible ranges: elementary effects
 * (Morris), or shares of the variance (Sobol').
 *
 * Every point of the design runs on the same random numbers, so that what differs is the point.
 */
#ifndef CLI_SCREENING_H
#define CLI_SCREENING_H

#include "cli/sensitivity.h"
#include "sim/design/indices.h"
#include "sim/design/morris.h"

enum screening_method { SCREENING_MORRIS, SCREENING_SOBOL };

struct screening_task {
    enum screening_method method;
    size_t size;             /* trajectories or blocks */
    const char *const *only; /* parts of keys: n_only; none is all */
    size_t n_only;
    uint32_t threads;
    bool progress;
};

struct screening {
    struct factor *factor;
    size_t n;                   /* factors */
    size_t n_points, n_invalid; /* of which this many are no valid scenario */
    size_t n_never
        [SENSITIVITY_N_FIGURES]; /* points where a replication had "never": the horizon counts */
    size_t n_used[SENSITIVITY_N_FIGURES]; /* blocks with all their results */
    struct sim_morris_effect *effect;     /* [figure][factor]; NULL for indices */
    struct sim_indices *indices;          /* [figure][factor]; NULL for effects */
    size_t *order; /* of the factors, the most important for user-minutes first */
};

/* The number of points of a design. */
size_t screening_n_points(enum screening_method method, size_t size, size_t n_factors);

/* SIM_EINVAL if `only` names no estimate of this scenario, with the word. A stop ends it with SIM_ESTOPPED.
 * On an error `*out` is empty. */
SIM_MUST_CHECK enum sim_err screening_run(const struct settings *settings,
                                          const struct scenario *scenario,
                                          const struct screening_task *task, struct screening *out,
                                          struct sim_error *e);
void screening_fini(struct screening *s);

#endif
