/* sim/res/station.h -- c servers behind a bounded waiting line.
 *
 * A job takes a free server or waits; a job that finds all servers taken and `max_waiting` others
 * waiting is refused.
 * Waiting jobs are served by priority (lower number first), equal ones in the order they came. A
 * waiting job may lose patience and renege; any job may be cancelled. Refusal and reneging are
 * outcomes, not errors.
 *
 * A job is either timed, its server being free again after `service_s`, or held: the station says
 * when it starts, and the owner calls sim_station_release when the server is no longer needed.
 *
 * Accounting: time averages of jobs waiting and in service, waits, and the two sides of Little's
 * law. Averages and greatest values are of the moments at which the station has come to rest: a job
 * that starts as it comes has not waited. Threads: belongs to one simulation. Cost: O(log waiting) per step of a job.
 */
#ifndef SIM_RES_STATION_H
#define SIM_RES_STATION_H

#include "sim/core/sim.h"
#include "sim/stat/tally.h"
#include "sim/stat/timeavg.h"

struct sim_station; /* opaque */

enum sim_station_outcome {
    SIM_STATION_STARTED, /* a held job has a server */
    SIM_STATION_DONE,    /* a timed job has been served */
    SIM_STATION_REFUSED, /* no place to wait; told before sim_station_enter returns */
    SIM_STATION_RENEGED, /* its patience ended while it waited */
};

/* Called with each outcome of a job. It may enter, release or cancel jobs of the same station. */
typedef void sim_station_fn(void *self, uint64_t arg, enum sim_station_outcome outcome);

#define SIM_STATION_HELD      (-1.0)     /* as service_s: until released */
#define SIM_STATION_UNBOUNDED UINT32_MAX /* as max_waiting */

struct sim_station_job {
    double service_s;  /* >= 0, or SIM_STATION_HELD */
    double priority;   /* lower first; not NaN */
    double patience_s; /* > 0; longest wait. 0 means for ever, so that it can be left out */
    sim_station_fn *fn;
    void *self;
    uint64_t arg;
};

struct sim_station_stats {
    uint64_t arrived;        /* = refused + reneged + cancelled + completed + present */
    struct sim_timeavg busy; /* servers in use */
    struct sim_tally wait_s; /* of jobs that started */
    uint64_t completed;
    struct sim_tally sojourn_s;   /* arrival to end of service, completed jobs only */
    struct sim_timeavg waiting;   /* jobs in line */
    struct sim_timeavg saturated; /* 1 while somebody waits */
    uint64_t refused, reneged, cancelled;
};

/* servers > 0. `sim` is borrowed. SIM_EINVAL, SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err sim_station_create(struct sim *sim, uint32_t servers,
                                               uint32_t max_waiting, struct sim_station **out);
void sim_station_destroy(struct sim_station *s); /* NULL allowed; jobs present are dropped */

/* `*handle` (NULL allowed) is set before the first callback; it names nothing if the job was
 * refused. Lack of memory becomes the error of the run. */
void sim_station_enter(struct sim_station *s, const struct sim_station_job *job,
                       struct sim_handle *handle);

/* A held job that has started gives its server back: it is completed. `*handle` is set to nothing. */
void sim_station_release(struct sim_station *s, struct sim_handle *handle);

/* Takes a job out, waiting or in service, without a callback; false if it is no longer there. */
bool sim_station_cancel(struct sim_station *s, struct sim_handle *handle);

/* Cancels all jobs, without callbacks. */
void sim_station_clear(struct sim_station *s);

/* Who waits long has been touched by nobody since: `fetch` is called with `self` and `arg` of jobs that are going to
 * start soon, as for events (sim_foresee in sim.h), but for steps 0 to 2 whatever it says. */
void sim_station_foresee(struct sim_station *s, sim_fetch_fn *fetch);

/* Asks the memory for the station, and at step 1, when that is there, for what else a job that comes will touch (sim_foresee in
 * sim.h). */
void sim_station_fetch(const struct sim_station *s, unsigned step);

/* The same for a job that goes, and what the station notes of it. */
void sim_station_fetch_job(const struct sim_station *s, struct sim_handle job);

/* Asks the memory for who starts when a server gets free, the first in line of those who did not overtake: his place, his job,
 * and from step 2 on what `fetch` says, which is given the steps from 0. For a station where that is so seldom that nothing of
 * who moves up stays in the cache. False if there is nothing more, or nobody. */
bool sim_station_fetch_first(const struct sim_station *s, sim_fetch_fn *fetch, unsigned step);

uint32_t sim_station_n_waiting(const struct sim_station *s);
uint32_t sim_station_n_busy(const struct sim_station *s);
uint32_t sim_station_n_servers(const struct sim_station *s);
const struct sim_station_stats *sim_station_stats(const struct sim_station *s);

/* Little's law as an identity: relative difference between the integral of the number present and
 * the sum of the times spent here. Rounding only (below 1e-9), or the accounting is wrong. */
double sim_station_little_gap(const struct sim_station *s);

#endif
