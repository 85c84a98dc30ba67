/* sim/res/fluid_internal.h -- how a shared resource is kept; for the files fluid*.c.
 *
 *     fluid.c          the public functions: flows, events, averages
 *     fluid_solver.c   which of the solvers is at work, and the change from one to the other
 *     fluid_scan.c     the solver for a few classes: looks at each; fluid_scan_internal.h is what all changes do
 *     fluid_groups.c   the solver that moves classes across the border between capped and sharing
 *     fluid_kinetic.c  the solver in which nothing moves; knows nothing of the others
 *     fluid_rank.c     the order of the classes
 *     fluid_fetch.c    what is asked of the memory before
 */
#ifndef SIM_RES_FLUID_INTERNAL_H
#define SIM_RES_FLUID_INTERNAL_H

#include "sim/base/heap.h"
#include "sim/res/flowheap.h"
#include "sim/res/fluid.h"
#include "sim/res/fluid_kinetic.h"
#include "sim/res/rankset.h"

#include <math.h>

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
    struct flowheap heap; /* tag: of its entry in a queue of the groups, odd if it has one */
};

_Static_assert(sizeof(struct class) == 64, "a cache line");

/* Classes by the time, or the virtual time, of their next end. Without positions, which would be a line of their own for
 * each class that moves and for each that begins: 8 % of the waits at 12,000 devices. Who leaves from the middle, or
 * ends at another time, leaves a dead entry behind; it is dropped when it comes first, or when room is wanted. */
struct class_queue {
    struct pile_queue *queue; /* tie: class, and its tag */
    uint64_t fetched;         /* tie of the first, for which those behind it were asked for */
    uint32_t n, capacity;
    uint32_t n_dead;
};

static inline struct sim_heap_entry class_queue_first(const struct class_queue *q)
{
    return pile_queue_first(q->queue);
}

static inline uint32_t class_queue_class(struct sim_heap_entry e)
{
    return (uint32_t)(e.tie >> 32);
}

/* What the scan keeps, by rank. */
enum { SCAN_CLASSES = 4 };

struct scan {
    double end
        [SCAN_CLASSES]; /* of its first flow: a time while capped, a virtual time while sharing */
    uint32_t present;   /* bits: classes with flows */
};

/* Begins on a cache line; what every change of a resource that is scanned reads and writes stands first, on
 * six lines (gain: station.c). */
struct sim_fluid {
    _Alignas(64) struct sim *sim;
    int64_t capacity;
    union { /* the clock of each side of the border: class.shares is its index */
        struct {
            double last_s;       /* everything below is valid at this time */
            double virtual_time; /* since somebody shares */
        };
        double clock[2];
    };
    double rate;            /* of all flows together */
    double level;           /* theta; 0 while nobody shares */
    int64_t capped_rate;    /* sum of the caps of capped flows */
    int64_t sharing_weight; /* sum of the weights of sharing flows */
    struct class *class;
    struct scan scan;
    uint32_t border; /* classes of a lower rank are capped, the others share */
    uint32_t n_classes;
    struct sim_handle event; /* the next end */
    uint32_t *by_rank;       /* rank -> class */
    uint32_t few_ranks
        [SCAN_CLASSES]; /* there, where they suffice: a line less for each of many servers */
    struct sim_slots flows;
    uint32_t next_class; /* whose the next end is */
    enum sim_fluid_solver wanted;
    uint32_t n_capped;       /* by the kinetic solver: classes with flows below the border */
    uint8_t fetch_step;      /* of what the next end will touch */
    bool keeps_scanning;     /* the next change finds the scan at work and does not change that */
    bool ranks_are_stale;    /* classes were added */
    bool saturated_seen;     /* by the average */
    double received;         /* by flows that have left */
    double rounded;          /* the sum in sim_fluid_rounding */
    struct sim_call changed; /* fn NULL: nobody watches */
    struct sim_fluid_stats stats;

    /* What a scan does not touch. */
    size_t class_capacity;
    struct rankset present; /* ranks of classes with flows; not kept by the scan */

    /* The groups. */
    struct class_queue capped, sharing; /* classes with flows, by their side */

    /* The kinetic solver. */
    struct fluid_kinetic kinetic;
    int64_t excess; /* of crossings, or of the want of them: see fluid_solver.c */
};

/* Which way a change can move the level. One who joins lowers it, one who leaves raises it; a class whose first flow
 * joins has not been compared with it yet, and counts as a rise. */
struct level_change {
    bool fall, rise;
};

static inline bool class_queue_is_dead(const struct sim_fluid *f, struct sim_heap_entry e)
{
    return f->class[class_queue_class(e)].heap.tag != (uint32_t)e.tie;
}

/* The next end; time INFINITY if none is in sight. */
struct fluid_end {
    double time_s;
    uint32_t class_id;
};

/* fluid_fetch.c: of the next end; `is_busy` as it was when that was scheduled. */
bool fluid_fetch_end(void *fluid, uint64_t is_busy, unsigned step);
/* Of who ends behind the first: of a class whose flows are a queue, and of classes. */
void fluid_fetch_flows(const struct sim_fluid *f, const struct class *c);
void fluid_fetch_classes(const struct sim_fluid *f, struct class_queue *q);

static inline bool fluid_is_busy(const struct sim_fluid *f)
{
    const uint32_t busy_flows = 64;
    return f->flows.n_live > busy_flows;
}

/* fluid_rank.c: ranks the classes by cap / weight anew, after classes were added. SIM_ENOMEM:
 * unchanged. For the groups. */
SIM_MUST_CHECK enum sim_err fluid_rank_classes(struct sim_fluid *f);

/* fluid_solver.c: whichever solver is at work */
void fluid_advance(struct sim_fluid *f);                                /* to now */
double fluid_service(const struct sim_fluid *f, const struct class *c); /* at last_s */
bool fluid_shares(const struct sim_fluid *f, const struct class *c);
SIM_MUST_CHECK enum sim_err fluid_refresh_ranks(struct sim_fluid *f);
void fluid_begin_class(struct sim_fluid *f, struct class *c); /* its first flow is about to join */
/* The class has so many flows more, and perhaps another first one. */
void fluid_class_changed(struct sim_fluid *f, uint32_t id, int64_t more, bool first_changed);
/* Finds the border and the level. */
void fluid_settle(struct sim_fluid *f, struct level_change may);
struct fluid_end fluid_next_end(struct sim_fluid *f);

/* To now, but for the tree of the kinetic solver; the seconds since last_s. */
static inline double fluid_advance_sums(struct sim_fluid *f)
{
    const double now_s = sim_now(f->sim);
    const double elapsed_s = now_s - f->last_s;
    f->last_s = now_s;
    f->stats.served += f->rate * elapsed_s;
    f->virtual_time += f->level * elapsed_s;
    f->rounded += f->rate * now_s + (double)f->sharing_weight * f->virtual_time + f->stats.served;
    return elapsed_s;
}

/* After the border was found. Without a jump, as whether somebody shares differs from one resource to the next. */
static inline void fluid_find_level(struct sim_fluid *f)
{
    const int64_t left = f->capacity - f->capped_rate;
    const int64_t shared = f->sharing_weight > 0 ? left : 0;
    f->rate = (double)(f->capped_rate + shared);
    f->level = (double)shared / (double)(f->sharing_weight + (f->sharing_weight == 0));
}

/* Nobody refers to the virtual time while nobody shares: small numbers keep their digits. */
static inline void fluid_rest(struct sim_fluid *f)
{
    if (f->sharing_weight == 0) {
        f->virtual_time = 0;
    }
}

/* ---- What the scan and the groups have in common ---- */

/* What a flow receives while the clock of its side goes on by 1. */
static inline double groups_pace(const struct class *c)
{
    const int64_t weight = c->weight;
    const int64_t cap = c->cap;
    return (double)(c->shares ? weight : cap);
}

static inline double groups_service(const struct sim_fluid *f, const struct class *c)
{
    return c->service0 + groups_pace(c) * (f->clock[c->shares] - c->since);
}

/* When the first flow of a class ends: a time while capped, a virtual time while sharing. */
static inline double groups_first_end(const struct sim_fluid *f, const struct class *c)
{
    const double to_go = flow_at(&f->flows, c->heap.first)->end - c->service0;
    return c->since + to_go / groups_pace(c);
}

static inline void groups_count_rate(struct sim_fluid *f, const struct class *c, int64_t n)
{
    if (c->shares) {
        f->sharing_weight += c->weight * n;
        fluid_rest(f);
    } else {
        f->capped_rate += c->cap * n;
    }
}

static inline void groups_start_clock(struct sim_fluid *f, struct class *c, bool shares)
{
    c->shares = shares;
    c->since = f->clock[shares];
}

static inline bool groups_fits_under_level(const struct sim_fluid *f, const struct class *c)
{
    return fluid_kind_fits((struct fluid_kind){c->cap, c->weight}, f->capacity - f->capped_rate,
                           f->sharing_weight);
}

/* Nobody shares, and nobody has to begin to. */
static inline bool groups_all_fit(const struct sim_fluid *f)
{
    return f->sharing_weight == 0 && f->capped_rate <= f->capacity;
}

/* The first flow of the class is about to join. */
static inline void groups_begin_clock(struct sim_fluid *f, struct class *c)
{
    if (c->cap == 0 && f->border > c->rank) {
        f->border = c->rank; /* only uncapped classes stand behind it, and they always share */
    }
    c->service0 = 0;
    groups_start_clock(f, c, c->rank >= f->border);
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

/* Moves classes across the border until the capped ones fit under the level and the others do not; how many. The two
 * tests are exact complements, so this ends, and a class that has become capped does not come back. Where the level
 * cannot rise no class becomes capped, and where it cannot fall none begins to share: most changes look at one side of
 * the border, which saves 1 % of the instructions of a replication of 500 users. A rank with flows is found `from` the
 * border on and `before` it, RANKSET_NONE if there is none. */
static inline uint32_t
groups_move_border(struct sim_fluid *f, struct level_change may,
                   uint32_t (*from)(const struct sim_fluid *f, uint32_t rank),
                   uint32_t (*before)(const struct sim_fluid *f, uint32_t rank),
                   void (*cross)(struct sim_fluid *f, uint32_t id))
{
    uint32_t n_crossings = 0;
    for (; may.rise; n_crossings++) {
        const uint32_t above = from(f, f->border);
        if (above == RANKSET_NONE || !groups_fits_under_level(f, &f->class[f->by_rank[above]])) {
            break;
        }
        cross(f, f->by_rank[above]);
        f->border = above + 1;
    }
    for (; may.fall; n_crossings++) {
        const uint32_t below = before(f, f->border);
        if (below == RANKSET_NONE || groups_fits_under_level(f, &f->class[f->by_rank[below]])) {
            break;
        }
        cross(f, f->by_rank[below]);
        f->border = below;
    }
    return n_crossings;
}

/* When a virtual time comes. With nothing to go it is now, even if the capacity has just become 0. */
static inline double groups_time_s(const struct sim_fluid *f, double virtual_end)
{
    const double to_go = virtual_end - f->virtual_time;
    return to_go <= 0 ? f->last_s : f->last_s + to_go / f->level;
}

/* fluid_groups.c */
SIM_MUST_CHECK enum sim_err groups_reserve(struct sim_fluid *f); /* for all classes */
void groups_class_changed(struct sim_fluid *f, uint32_t id, int64_t more, bool first_changed);
/* Classes that crossed the border. */
uint32_t groups_settle(struct sim_fluid *f, struct level_change may);
struct fluid_end groups_next_end(struct sim_fluid *f);
void groups_take_over(struct sim_fluid *f); /* the clocks run from last_s on */
void groups_leave(struct sim_fluid *f);     /* the queues are emptied */

#endif
