/* models/title.h -- a title that stays true when options change the scenario. */
#ifndef MODELS_TITLE_H
#define MODELS_TITLE_H

#include "models/scenario_load.h"

/* "Failover of 500 users (users=100)": puts behind the title of the settings, or the default one, which keys the
 * options have changed, as many as a line above a picture holds and the number of the others. Left out are
 * those that say how often a scenario is run and not what it is. A title that is an option itself stands.
 * SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err title_name_overrides(struct settings *settings,
                                                 const struct scenario_override *overrides,
                                                 size_t n_overrides);

#endif
