/* sim/res/fluid_internal.h -- how a shared resource is kept; for the files fluid*.c.
 *
 *     fluid.c          the public functions: flows, events, averages
 *     fluid_solver.c   which of the two solvers is at work, and the change from one to the other
 *     fluid_groups.c   the solver that moves classes across the border between capped and sharing
 *     fluid_kinetic.c  the solver in which nothing moves; knows nothing of the others
 *     fluid_rank.c     the order of the classes
 */
#ifndef SIM_RES_FLUID_INTERNAL_H
#define SIM_RES_FLUID_INTERNAL_H

#include "sim/base/heap.h"
#include "sim/res/flowheap.h"
#include "sim/res/fluid.h"
#include "sim/res/fluid_kinetic.h"
#include "sim/res/rankset.h"

/* Flows of equal cap and weight. service(t) is the clock of the class: what each flow present all
 * the time has received. Between crossings it is service0 + cap (t - since) while capped, service0 +
 * weight (V - since) while sharing, where V grows at the rate theta; with the kinetic solver it is
 * service0 + what the tree says. A class is a cache line. */
struct class
{
    _Alignas(64) int64_t cap; /* 0: none */
    uint32_t weight;
    uint32_t rank;
    uint32_t n;  /* flows */
    bool shares; /* kept by the group solver */
    double service0, since;
    struct flowheap heap;
};

_Static_assert(sizeof(struct class) == 64, "a cache line");

struct sim_fluid {
    struct sim *sim;
    int64_t capacity;
    double last_s;          /* everything below is valid at this time */
    double level;           /* theta */
    int64_t capped_rate;    /* sum of the caps of capped flows */
    int64_t sharing_weight; /* sum of the weights of sharing flows */
    uint32_t border;        /* classes of a lower rank are capped, the others share */

    struct class *class;
    size_t class_capacity;
    uint32_t n_classes;
    bool ranks_are_stale;
    uint32_t *by_rank;      /* rank -> class */
    struct rankset present; /* ranks of classes with flows */

    double virtual_time; /* since somebody shares */

    /* The group solver. */
    struct sim_heap capped;  /* classes with flows, by the time of their next end */
    struct sim_heap sharing; /* ... by the virtual time of it */

    /* The kinetic solver. */
    struct fluid_kinetic kinetic;
    uint32_t n_capped; /* classes with flows below the border */

    enum sim_fluid_solver wanted;
    int64_t excess; /* of crossings, or of the want of them: see fluid_solver.c */

    struct sim_slots flows;
    struct sim_handle event; /* the next end */
    uint32_t next_class;     /* and whose it is */
    struct sim_call changed;
    double received; /* by flows that have left */
    double rounded;  /* the sum in sim_fluid_rounding */
    struct sim_fluid_stats stats;
};

/* The next end; time INFINITY if none is in sight. */
struct fluid_end {
    double time_s;
    uint32_t class_id;
};

/* fluid_rank.c: ranks the classes by cap / weight anew, after classes were added. SIM_ENOMEM:
 * unchanged. For the group solver. */
SIM_MUST_CHECK enum sim_err fluid_rank_classes(struct sim_fluid *f);

/* fluid_solver.c */
void fluid_advance(struct sim_fluid *f);                                /* to now */
double fluid_service(const struct sim_fluid *f, const struct class *c); /* at last_s */
void fluid_set_clock(struct sim_fluid *f, struct class *c); /* service0 = service, a new number */
bool fluid_shares(const struct sim_fluid *f, const struct class *c);
SIM_MUST_CHECK enum sim_err fluid_refresh_ranks(struct sim_fluid *f);
void fluid_begin_class(struct sim_fluid *f, struct class *c); /* its first flow is about to join */
/* The class has so many flows more, and perhaps another first one. */
void fluid_class_changed(struct sim_fluid *f, uint32_t id, int64_t more, bool first_changed);
void fluid_settle(struct sim_fluid *f); /* finds the border and the level */
struct fluid_end fluid_next_end(struct sim_fluid *f);

/* fluid_groups.c */
double groups_service(const struct sim_fluid *f, const struct class *c);
void groups_begin_class(struct sim_fluid *f, struct class *c);
void groups_class_changed(struct sim_fluid *f, uint32_t id, int64_t more, bool first_changed);
uint32_t groups_settle(struct sim_fluid *f); /* classes that crossed the border */
struct fluid_end groups_next_end(const struct sim_fluid *f);
void groups_take_over(struct sim_fluid *f); /* from service0 at last_s and the border */
void groups_hand_over(struct sim_fluid *f); /* to service0 at last_s; the heaps are emptied */

#endif
