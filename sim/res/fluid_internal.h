/* sim/res/fluid_internal.h -- how a shared resource is kept; for the files fluid*.c.
 *
 *     fluid.c          the public functions: flows, events, averages
 *     fluid_solver.c   which of the solvers is at work, and the change from one to the other
 *     fluid_scan.c     the solver for a few classes: looks at each
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
    bool shares; /* kept by the scan and by the groups */
    double service0, since;
    struct flowheap heap;
};

_Static_assert(sizeof(struct class) == 64, "a cache line");

/* What the scan keeps, by rank. */
enum { SCAN_CLASSES = 4 };

struct scan {
    double end
        [SCAN_CLASSES]; /* of its first flow: a time while capped, a virtual time while sharing */
    uint32_t id[SCAN_CLASSES];
    uint32_t present; /* bits: classes with flows */
};

/* What every change reads and writes stands first. */
struct sim_fluid {
    struct sim *sim;
    int64_t capacity;
    double last_s;          /* everything below is valid at this time */
    double level;           /* theta */
    int64_t capped_rate;    /* sum of the caps of capped flows */
    int64_t sharing_weight; /* sum of the weights of sharing flows */
    double virtual_time;    /* since somebody shares */
    struct class *class;
    struct scan scan;
    uint32_t border; /* classes of a lower rank are capped, the others share */
    uint32_t n_classes;
    struct sim_handle event; /* the next end */
    uint32_t next_class;     /* and whose it is */
    enum sim_fluid_solver wanted;
    struct sim_slots flows;
    double received;         /* by flows that have left */
    double rounded;          /* the sum in sim_fluid_rounding */
    struct sim_call changed; /* fn NULL: nobody watches */
    struct sim_fluid_stats stats;

    bool ranks_are_stale; /* classes were added */
    size_t class_capacity;
    uint32_t *by_rank;      /* rank -> class */
    struct rankset present; /* ranks of classes with flows; not kept by the scan */

    /* The groups. */
    struct sim_heap capped;  /* classes with flows, by the time of their next end */
    struct sim_heap sharing; /* ... by the virtual time of it */

    /* The kinetic solver. */
    struct fluid_kinetic kinetic;
    uint32_t n_capped; /* classes with flows below the border */

    int64_t excess; /* of crossings, or of the want of them: see fluid_solver.c */
};

/* The next end; time INFINITY if none is in sight. */
struct fluid_end {
    double time_s;
    uint32_t class_id;
};

/* Of all flows together. */
static inline double fluid_rate(const struct sim_fluid *f)
{
    return (double)(f->sharing_weight > 0 ? f->capacity : f->capped_rate);
}

/* fluid_rank.c: ranks the classes by cap / weight anew, after classes were added. SIM_ENOMEM:
 * unchanged. For the groups. */
SIM_MUST_CHECK enum sim_err fluid_rank_classes(struct sim_fluid *f);

/* fluid_solver.c */
void fluid_advance(struct sim_fluid *f);                                /* to now */
double fluid_service(const struct sim_fluid *f, const struct class *c); /* at last_s */
bool fluid_shares(const struct sim_fluid *f, const struct class *c);
SIM_MUST_CHECK enum sim_err fluid_refresh_ranks(struct sim_fluid *f);
void fluid_begin_class(struct sim_fluid *f, struct class *c); /* its first flow is about to join */
/* The class has so many flows more, and perhaps another first one. */
void fluid_class_changed(struct sim_fluid *f, uint32_t id, int64_t more, bool first_changed);
void fluid_settle(struct sim_fluid *f); /* finds the border and the level */
struct fluid_end fluid_next_end(struct sim_fluid *f);

/* ---- What the scan and the groups have in common ---- */

static inline double groups_service(const struct sim_fluid *f, const struct class *c)
{
    return c->shares ? c->service0 + (double)c->weight * (f->virtual_time - c->since)
                     : c->service0 + (double)c->cap * (f->last_s - c->since);
}

/* When the first flow of a class ends: a time while capped, a virtual time while sharing. */
static inline double groups_first_end(const struct sim_fluid *f, const struct class *c)
{
    const double to_go = flow_at(&f->flows, c->heap.first)->end - c->service0;
    return c->since + to_go / (double)(c->shares ? c->weight : c->cap);
}

static inline void groups_count_rate(struct sim_fluid *f, const struct class *c, int64_t n)
{
    if (c->shares) {
        f->sharing_weight += c->weight * n;
    } else {
        f->capped_rate += c->cap * n;
    }
}

static inline void groups_start_clock(struct sim_fluid *f, struct class *c, bool shares)
{
    c->shares = shares;
    c->since = shares ? f->virtual_time : f->last_s;
}

static inline bool groups_fits_under_level(const struct sim_fluid *f, const struct class *c)
{
    return fluid_kind_fits((struct fluid_kind){c->cap, c->weight}, f->capacity - f->capped_rate,
                           f->sharing_weight);
}

/* To the other side of the border. */
static inline void groups_change_side(struct sim_fluid *f, struct class *c)
{
    c->service0 = groups_service(f, c);
    f->rounded += (double)c->n * c->service0;
    groups_count_rate(f, c, -(int64_t)c->n);
    groups_start_clock(f, c, !c->shares);
    groups_count_rate(f, c, c->n);
}

/* Nobody refers to the virtual time while nobody shares: small numbers keep their digits. */
static inline void groups_rest(struct sim_fluid *f)
{
    if (f->sharing_weight == 0) {
        f->virtual_time = 0;
    }
}

/* When a virtual time comes. With nothing to go it is now, even if the capacity has just become 0. */
static inline double groups_time_s(const struct sim_fluid *f, double virtual_end)
{
    const double to_go = virtual_end - f->virtual_time;
    return to_go <= 0 ? f->last_s : f->last_s + to_go / f->level;
}

/* fluid_scan.c: as the groups. */
void scan_class_changed(struct sim_fluid *f, uint32_t id, int64_t more, bool first_changed);
uint32_t scan_settle(struct sim_fluid *f);
struct fluid_end scan_next_end(const struct sim_fluid *f);
void scan_take_over(struct sim_fluid *f);
void scan_leave(struct sim_fluid *f); /* the set of ranks is right again */

/* fluid_groups.c */
void groups_begin_class(struct sim_fluid *f, struct class *c);
void groups_class_changed(struct sim_fluid *f, uint32_t id, int64_t more, bool first_changed);
uint32_t groups_settle(struct sim_fluid *f); /* classes that crossed the border */
struct fluid_end groups_next_end(const struct sim_fluid *f);
void groups_take_over(struct sim_fluid *f); /* the clocks run from last_s on */
void groups_leave(struct sim_fluid *f);     /* the heaps are emptied */

#endif
