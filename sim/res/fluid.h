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
 * prefix of the classes in that order. Caps and weights are whole numbers, so the border tests are
 * exact: no epsilon, no cycling, sums that never drift. Virtual time: Parekh and Gallager, IEEE/ACM
 * Trans. Networking 1 (1993).
 *
 * Three solvers, all exact:
 *   - *scan* looks at each class, of which there are at most four: a disk, the cores of a machine.
 *   - *groups* moves a class from a queue of the capped to a queue of the sharing ones when the border
 *     passes it. O(log n) an event and a crossing; caps drawn at random give about one crossing an
 *     event or less, but many nearly equal caps under a level that jumps to and fro give as many as
 *     there are classes.
 *   - *kinetic* keeps all classes in a tree in which nothing crosses (fluid_kinetic.h): O(log n) an
 *     event whatever the input, at some four times the cost where there are few crossings.
 * With more than four classes the resource begins with groups and changes over, and back, by a rule that
 * counts crossings (fluid_solver.c); so it is a function of the events alone, and the same run gives the
 * same bits.
 * `stats` say which solver is in use. Against the recomputation of all rates at every event the
 * times of completion differ by rounding: 1e-10 is tested, 2e-14 usual.
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

enum sim_fluid_solver { SIM_FLUID_AUTOMATIC, SIM_FLUID_SCAN, SIM_FLUID_GROUPS, SIM_FLUID_KINETIC };

struct sim_fluid_stats {
    uint64_t started, finished;
    double served;                /* amount given to all flows */
    struct sim_timeavg active;    /* flows */
    struct sim_timeavg used;      /* rate given / capacity, 0 while the capacity is 0 */
    uint64_t n_crossings;         /* classes that went from capped to sharing or back */
    enum sim_fluid_solver solver; /* in use now; never automatic */
    uint32_t
        n_solver_changes; /* but for those that new classes bring: to the scan, or away from it */
    struct sim_timeavg saturated; /* 1 while some flow gets less than its cap */
    uint64_t cancelled;
};

/* capacity in units/s, at most SIM_FLUID_MAX_CAPACITY; 0 is a resource that stands still. `sim` is
 * borrowed. SIM_EINVAL, SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err sim_fluid_create(struct sim *sim, uint64_t capacity_per_s,
                                             struct sim_fluid **out);
void sim_fluid_destroy(struct sim_fluid *f); /* NULL allowed; flows are dropped */

/* The class of flows with this cap (units/s, or SIM_FLUID_UNCAPPED) and weight >= 1; each call
 * makes a new class, at most 2^24. The order of all classes is found at the next start, in O(classes),
 * so make classes together. SIM_EINVAL, SIM_ELIMIT, SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err sim_fluid_add_class(struct sim_fluid *f, uint64_t cap_per_s,
                                                uint32_t weight, uint32_t *class_id);

/* Room for the records of so many classes, and of flows at once, in all, for who knows how many there will be: without
 * it they move while they become more, and 5,000 flows of as many classes take a quarter longer. SIM_ELIMIT above 2^24,
 * SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err sim_fluid_reserve(struct sim_fluid *f, uint32_t n_classes,
                                              uint32_t n_flows);

/* Which solver to use from the next change on; automatic to begin with. For tests and measurements:
 * results differ by rounding alone. The scan of more than four classes is done by groups. Lack of memory
 * becomes the error of the run. */
void sim_fluid_use(struct sim_fluid *f, enum sim_fluid_solver solver);

/* A flow of `amount` > 0 units (INFINITY: until cancelled). `done` is called when it is through;
 * `*handle` (NULL allowed) names it. Lack of memory becomes the error of the run. */
void sim_fluid_start(struct sim_fluid *f, uint32_t class_id, double amount, struct sim_call done,
                     struct sim_handle *handle);

/* Takes a flow out without a callback; `*handle` is set to nothing. False if it is not there. */
bool sim_fluid_cancel(struct sim_fluid *f, struct sim_handle *handle);
void sim_fluid_clear(
    struct sim_fluid
        *f); /* cancels all; O(flows that ever were there at once) and what that costs */

/* Asks the memory for the resource itself, and at step 1 for what it holds (sim_foresee in sim.h). */
void sim_fluid_fetch(const struct sim_fluid *f, unsigned step);

/* Asks the memory for what the start of a flow of this class will touch (sim_foresee in sim.h). */
void sim_fluid_fetch_class(const struct sim_fluid *f, uint32_t class_id);
/* The same when the class is there: the first of its flows, with whom who comes is compared. */
void sim_fluid_fetch_first(const struct sim_fluid *f, uint32_t class_id);

void sim_fluid_set_capacity(struct sim_fluid *f, uint64_t capacity_per_s);
uint64_t sim_fluid_capacity(const struct sim_fluid *f);

/* `changed` is called after every change of the level or of the flows, to watch it. One watcher. */
void sim_fluid_watch(struct sim_fluid *f, struct sim_call changed);

double sim_fluid_level(
    const struct sim_fluid *f); /* theta, units/s per weight; INFINITY if all are capped */
double sim_fluid_rate(const struct sim_fluid *f, struct sim_handle flow); /* 0 if it is not there */
double sim_fluid_left(const struct sim_fluid *f, struct sim_handle flow); /* amount to go */
/* amount had: not the amount less what is left, which may be all digits of it */
double sim_fluid_received(const struct sim_fluid *f, struct sim_handle flow);
uint32_t sim_fluid_n_active(const struct sim_fluid *f);

/* Brought up to now. */
const struct sim_fluid_stats *sim_fluid_stats(struct sim_fluid *f);

/* Conservation as an identity: the difference between `served` (rates times time) and what the flows
 * received (by the clocks of their classes), finished, cancelled and present ones together, as far as
 * it is more than rounding explains, relative to `served`. 0, or the solver is wrong. O(flows). */
double sim_fluid_conservation_gap(struct sim_fluid *f);

/* What rounding explains of it, in units of amount. A time t is a double: an end comes up to u t too
 * early or late (u = 2^-53), and at the rate x that is u x t of its amount, however small the flow; so
 * it is with every clock that is read. The bound is
 *
 *     8 u (sum over changes of (x t + W V + served) + sum over clocks read of n A)
 *
 * with x the rate of all flows together, V the virtual clock (weighted by W, the weights of those that
 * share), A the clock of a class that a flow leaves or joins (n = 1) or that crosses with n flows. 8 is
 * more than the roundings between two changes. O(1). */
double sim_fluid_rounding(const struct sim_fluid *f);

/* After sim_rewind, with no flow there: averages begin anew, amounts and counts go on. */
void sim_fluid_rewind(struct sim_fluid *f);

#endif
