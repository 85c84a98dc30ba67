/* sim/res/fluid.h -- capacity shared by flows: exact weighted max-min with caps.
 *
 * Theory. Flow i has a cap c_i (its own access line, one core) and a weight w_i. A resource of
 * capacity C gives it the rate
 *
 *     x_i = min(c_i, w_i * theta),     theta such that  sum x_i = C   (infinite if sum c_i <= C).
 *
 * theta is the *level*. Flows with c_i <= w_i * theta are *capped* and do not notice the others;
 * the rest *share* what is left. The rates change only when a flow starts or ends or C changes. A
 * link shared by TCP downloads and a CPU shared by threads (cap = one core) are the same thing
 * here.
 *
 * Method. Flows of equal (cap, weight) form a class with one clock for the service given to each of
 * its flows; a flow that starts at service A with amount a ends when the clock shows A + a,
 * whatever happens to the rates in between. The capped classes are those with the lowest c/w, a
 * prefix of the classes in that order. Each change moves at most a few classes across the border.
 * Caps and weights are whole numbers, so the border tests are exact: no epsilon, no cycling, sums
 * that never drift. Cost O(log n) an event plus the crossings (bounded by about one for caps drawn
 * at random, and by the number of classes in any case). Completion times agree with the
 * recomputation of all rates at every event to 2e-14 (5,000 flows). Virtual time: Parekh and
 * Gallager, IEEE/ACM Trans. Networking 1 (1993).
 *
 * Amounts and capacities are in units of the caller's choice: bit and bit/s, core-nanoseconds,
 * I/Os.
 */
#ifndef SIM_RES_FLUID_H
#define SIM_RES_FLUID_H

#include "sim/core/sim.h"
#include "sim/stat/timeavg.h"

struct sim_fluid; /* opaque */

#define SIM_FLUID_UNCAPPED     UINT64_C(0)
#define SIM_FLUID_MAX_CAP      (UINT64_C(1) << 38)
#define SIM_FLUID_MAX_WEIGHT   (UINT32_C(1) << 20)
#define SIM_FLUID_MAX_CAPACITY (UINT64_C(1) << 62)

struct sim_fluid_stats {
    uint64_t started, finished, cancelled;
    double served;                /* amount given to all flows */
    struct sim_timeavg active;    /* flows */
    struct sim_timeavg used;      /* rate given / capacity, 0 while the capacity is 0 */
    struct sim_timeavg saturated; /* 1 while some flow gets less than its cap */
};

/* capacity in units/s, at most SIM_FLUID_MAX_CAPACITY; 0 is a resource that stands still. `sim` is
 * borrowed. SIM_EINVAL, SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err sim_fluid_create(struct sim *sim, uint64_t capacity_per_s,
                                             struct sim_fluid **out);
void sim_fluid_destroy(struct sim_fluid *f); /* NULL allowed; flows are dropped */

/* The class of flows with this cap (units/s, or SIM_FLUID_UNCAPPED) and weight >= 1; each call
 * makes a new class, at most 2^24. Cheap before the first flow; later the order of all classes is
 * sorted anew at the next start, so make classes together. SIM_EINVAL, SIM_ELIMIT, SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err sim_fluid_add_class(struct sim_fluid *f, uint64_t cap_per_s,
                                                uint32_t weight, uint32_t *class_id);

/* A flow of `amount` > 0 units (INFINITY: until cancelled). `done` is called when it is through;
 * `*handle` (NULL allowed) names it. Lack of memory becomes the error of the run. */
void sim_fluid_start(struct sim_fluid *f, uint32_t class_id, double amount, struct sim_call done,
                     struct sim_handle *handle);

/* Takes a flow out without a callback; `*handle` is set to nothing. False if it is not there. */
bool sim_fluid_cancel(struct sim_fluid *f, struct sim_handle *handle);
void sim_fluid_clear(struct sim_fluid *f); /* cancels all */

void sim_fluid_set_capacity(struct sim_fluid *f, uint64_t capacity_per_s);
uint64_t sim_fluid_capacity(const struct sim_fluid *f);

/* `changed` is called after every change of the level or of the flows, to watch it. One watcher. */
void sim_fluid_watch(struct sim_fluid *f, struct sim_call changed);

double sim_fluid_level(
    const struct sim_fluid *f); /* theta, units/s per weight; INFINITY if all are capped */
double sim_fluid_rate(const struct sim_fluid *f, struct sim_handle flow); /* 0 if it is not there */
double sim_fluid_left(const struct sim_fluid *f, struct sim_handle flow); /* amount to go */
uint32_t sim_fluid_n_active(const struct sim_fluid *f);

/* Brought up to now. */
const struct sim_fluid_stats *sim_fluid_stats(struct sim_fluid *f);

/* Conservation as an identity: relative difference between `served` and what the flows received,
 * finished, cancelled and present ones together. Rounding only, or the solver is wrong. O(flows).
 */
double sim_fluid_conservation_gap(struct sim_fluid *f);

#endif
