/* sim/res/fluid_internal.h -- how a shared resource is kept; for fluid.c and fluid_rank.c. */
#ifndef SIM_RES_FLUID_INTERNAL_H
#define SIM_RES_FLUID_INTERNAL_H

#include "sim/base/heap.h"
#include "sim/res/flowheap.h"
#include "sim/res/fluid.h"
#include "sim/res/rankset.h"

__extension__ typedef __int128 wide;

/* Flows of equal cap and weight. service(t) is the clock of the class: what each flow present all
 * the time has received. Between changes it is service0 + cap (t - time0) while capped, service0 +
 * weight (V - virtual0) while sharing, where V grows at the rate theta. */
struct class
{
    int64_t cap; /* 0: none */
    int64_t weight;
    uint32_t rank;
    uint32_t n;    /* flows */
    uint32_t root; /* of their heap */
    bool shares;
    double service0, time0, virtual0;
};

struct sim_fluid {
    struct sim *sim;
    int64_t capacity;
    double last_s; /* everything below is valid at this time */
    double virtual_time;
    int64_t capped_rate;    /* sum of the caps of capped flows */
    int64_t sharing_weight; /* sum of the weights of sharing flows */

    struct class *class;
    size_t class_capacity;
    uint32_t n_classes;
    bool ranks_are_stale;
    uint32_t *by_rank;      /* rank -> class */
    struct rankset present; /* ranks of classes with flows */
    uint32_t border;        /* classes of a lower rank are capped, the others share */

    struct sim_slots flows;
    struct sim_heap capped;  /* classes with flows, by the time of their next end */
    struct sim_heap sharing; /* ... by the virtual time of it */
    struct sim_handle event;
    struct sim_call changed;
    double received; /* by flows that have left */
    struct sim_fluid_stats stats;
};

/* Ranks the classes by cap / weight anew, after classes were added. SIM_ENOMEM: unchanged. */
SIM_MUST_CHECK enum sim_err fluid_rank_classes(struct sim_fluid *f);

#endif
