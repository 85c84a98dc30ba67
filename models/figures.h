/* models/figures.h -- which figures a run of a scenario will have, known before it is run.
 *
 * For those who take names of figures from a user and want to say at once that there is none of that name.
 */
#ifndef MODELS_FIGURES_H
#define MODELS_FIGURES_H

#include "models/metrics.h"
#include "models/scenario.h"

/* All zeros is empty. The values mean nothing. */
struct known_figures {
    struct metric *item;
    size_t n, capacity;
};

/* Adds those of a scenario that are not there yet. It is built, not run: about 1 ms for 1,000 devices.
 * SIM_ENOMEM, SIM_EINVAL. */
SIM_MUST_CHECK enum sim_err figures_add(struct known_figures *f, const struct scenario *scenario,
                                        struct sim_error *e);
void figures_fini(struct known_figures *f);

/* NULL if there is none of this name. */
const struct metric *figures_find(const struct known_figures *f, const char *name);

/* The name nearest to one that does not exist; NULL if none is near. */
const char *figures_suggest(const struct known_figures *f, const char *name);

#endif
