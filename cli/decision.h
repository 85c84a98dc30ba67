/* cli/decision.h -- to wait for a server that has failed, or to fail over: what each costs.
 *
 * From a scenario in which the first server fails, the other courses are made: the same failure, the
 * same random numbers, another timeline and balancer.
 *
 *   fail over   the balancer moves everybody to the standby at once (the prime syncs follow)
 *   wait        nobody is moved; the server is back, with its state, after the outage
 *   restart     as wait, but its machine comes back by itself (servers.NAME.vm), if it does
 *   restore     nobody is moved; the server is rebuilt from a backup without its state
 *   hold        nobody is moved for the break-even time, then everybody: the outage was longer
 *
 * The cost is the number of user-minutes without current mail. What waiting costs grows with the
 * outage, what failing over costs does not; where they meet is the break-even outage. It is found by
 * halving, to 1 %, and so are the ends of its interval: the outages at which the interval of the
 * paired difference reaches zero. Holding for the break-even time and then failing over never costs
 * much more than twice what the best course would have cost (the ski-rental bound: Karlin et al.,
 * Algorithmica 3, 1988; more, by what the herd at B takes longer after a hold).
 *
 * What waiting costs grows in steps where devices back off together; so where it is to be drawn it is
 * measured between the outages that were asked for too.
 */
#ifndef CLI_DECISION_H
#define CLI_DECISION_H

#include "models/scenario_load.h"
#include "sim/stat/break_even.h"

enum decision_way { WAY_FAIL_OVER, WAY_WAIT, WAY_RESTART, WAY_RESTORE, WAY_HOLD, DECISION_N_WAYS };

/* A figure of runs.csv that is shown, judged or both. */
struct decision_figure {
    const char *metric;
    double limit;           /* INFINITY: none */
    const char *limit_text; /* as given; NULL: none */
};

enum {
    DECISION_COST,
    DECISION_N_SHOWN = 6,
    DECISION_MOST_LIMITS = 20,
    DECISION_MOST_FIGURES = DECISION_N_SHOWN + 1 + DECISION_MOST_LIMITS
};

/* The figures that are always there; the first, DECISION_COST, is what it costs. */
extern const char *const decision_shown[DECISION_N_SHOWN];

/* Shown as well where a scenario has security orders: device-minutes of exposure. */
extern const char decision_exposure[];

struct decision_task {
    const struct settings *settings; /* of the scenario */
    const struct scenario *scenario;
    const double *outage_s; /* ascending */
    size_t n_outages;
    struct decision_figure figure[DECISION_MOST_FIGURES]; /* the shown ones first */
    size_t n_figures;
    bool has_curve; /* is the cost of waiting wanted between the outages too? */
    uint32_t threads;
    bool progress;
};

/* One course of action. */
struct decision_case {
    enum decision_way way;
    double outage_s; /* of the server; INFINITY: it does not come back */
    struct sim_interval figure[DECISION_MOST_FIGURES];
    struct sim_interval extra;                      /* cost, less that of failing over, paired */
    size_t n_broken, broken[DECISION_MOST_FIGURES]; /* limits, as indices of figures */
};

/* What waiting costs. */
struct decision_wait {
    double outage_s;
    struct sim_interval cost, extra; /* user-minutes; less those of failing over, paired */
};

struct decision {
    const struct decision_task *task;
    struct decision_case *item; /* fail over, restart, restore, hold (as far as there), waits */
    size_t n;
    struct decision_wait *curve; /* by the outage; NULL if it is not wanted */
    size_t n_curve;
    struct sim_break_even even_s; /* by the outage */
};

/* Can the scenario be decided about? SIM_EINVAL says what is in the way. */
SIM_MUST_CHECK enum sim_err decision_check(const struct decision_task *task, struct sim_error *e);

/* Errors: SIM_EINVAL (a figure that does not exist), SIM_ESTOPPED, SIM_ENOMEM, SIM_ELIMIT. On an error
 * `*out` is empty. Cost: replications times about 20 waits, and a herd or two; with the curve
 * six more waits for each doubling of the outage. */
SIM_MUST_CHECK enum sim_err decision_make(const struct decision_task *task, struct decision *out,
                                          struct sim_error *e);
void decision_fini(struct decision *d);

/* NULL if that way is not there. Of WAY_WAIT the first. */
const struct decision_case *decision_find(const struct decision *d, enum decision_way way);

const char *decision_way_name(enum decision_way way);

#endif
