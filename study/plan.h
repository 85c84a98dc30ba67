/* study/plan.h -- what a study consists of: points, each checked and with a name that is not its number.
 *
 * A point's digest is that of its scenario in canonical form: whoever adds keys, values or replications later
 * finds every run that is there already, and no other.
 */
#ifndef STUDY_PLAN_H
#define STUDY_PLAN_H

#include "models/scenario_load.h"
#include "study/expect.h"
#include "study/sweep.h"

enum { PLAN_DIGEST = 33 };

struct plan_point {
    char digest[PLAN_DIGEST];
    double cost; /* expected, in units that are the same for all points: requests of devices */
};

struct plan {
    const struct settings *settings; /* borrowed */
    const struct scenario *base;     /* borrowed: the scenario at whose keys nothing is varied */
    struct sweep sweep;
    struct expectations expected; /* of every point */
    bool (*stop_requested)(
        void *context);       /* asked, with NULL, where points are gone through; NULL allowed */
    struct plan_point *point; /* sweep.n_points */
    char *canonical;          /* of the base */
};

/* Reads sweep and expectations of the settings, and makes and checks the scenario of every point: about 0.6 ms each.
 * More than `most` points are a mistake. Mistakes go to `problems`, of the first few points that have some. SIM_EINVAL, SIM_ENOMEM,
 * SIM_ESTOPPED: then the plan is empty. */
SIM_MUST_CHECK enum sim_err plan_create(const struct settings *settings,
                                        const struct scenario *base, uint32_t most,
                                        bool (*stop_requested)(void *context), struct plan *plan,
                                        struct problems *problems);
void plan_fini(struct plan *p); /* zeros are allowed */

/* Makes the scenario of a point. Free it with scenario_fini and settings_fini, after an error too; the places
 * of problems are texts of the settings. */
SIM_MUST_CHECK enum sim_err plan_scenario(const struct plan *p, uint32_t point,
                                          struct settings *settings, struct scenario *scenario,
                                          struct problems *problems);

/* The most replications a point can have: those of the scenario, or precision.max. */
uint32_t plan_most_replications(const struct plan *p);

/* The point that is expected to take longest, the last of equals. */
uint32_t plan_costliest(const struct plan *p);

#endif
