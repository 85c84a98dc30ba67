/* study/outcome.h -- one run of a study, and what is kept of it. */
#ifndef STUDY_OUTCOME_H
#define STUDY_OUTCOME_H

#include "models/world.h"
#include "study/store.h"

/* Runs replication `r` and keeps its figures, the time series and the distributions named; a scenario without such a
 * column keeps none of that name. Errors as of world_run. */
SIM_MUST_CHECK enum sim_err outcome_run(const struct scenario *scenario, uint32_t r,
                                        char *const series[], size_t n_series,
                                        bool (*stop_requested)(void *context), struct outcome *o,
                                        struct sim_error *e);
void outcome_fini(struct outcome *o); /* zeros are allowed */

/* The value of a figure by name; NaN if the run has none. */
double outcome_figure(const struct outcome *o, const char *name);

#endif
