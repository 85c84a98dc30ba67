/* sim/res/fluid_scan_internal.h -- sharing among a few classes, as of a disk or of cores: the border and the next end
 * are found by looking at each.
 *
 * The arithmetic is that of the groups, so the times are the same to the bit. Heaps and a set of one or two members
 * cost more: of the instructions of a replication of 500 users the scan saves 5 %. Inline, because most changes of a
 * storm are of such resources (fluid.c).
 */
#ifndef SIM_RES_FLUID_SCAN_INTERNAL_H
#define SIM_RES_FLUID_SCAN_INTERNAL_H

#include "sim/base/minmax.h"
#include "sim/res/fluid_internal.h"

/* fluid_scan.c: what is seldom done */
void scan_cross(struct sim_fluid *f, uint32_t id);
void scan_take_over(struct sim_fluid *f);
void scan_leave(struct sim_fluid *f); /* the set of ranks is right again */

static inline void scan_class_changed(struct sim_fluid *f, const struct class *c, int64_t more,
                                      bool first_changed)
{
    const uint32_t bit = UINT32_C(1) << c->rank;
    groups_count_rate(f, c, more);
    if (c->n == 0) {
        f->scan.present &= ~bit;
    } else if (first_changed) {
        f->scan.present |= bit;
        f->scan.end[c->rank] = groups_first_end(f, c);
    }
}

static inline uint32_t scan_from(const struct sim_fluid *f, uint32_t rank)
{
    const uint32_t found = f->scan.present >> rank;
    return found != 0 ? rank + (uint32_t)__builtin_ctz(found) : RANKSET_NONE;
}

static inline uint32_t scan_before(const struct sim_fluid *f, uint32_t rank)
{
    const uint32_t found = f->scan.present & ((UINT32_C(1) << rank) - 1);
    return found != 0 ? 31 - (uint32_t)__builtin_clz(found) : RANKSET_NONE;
}

static inline uint32_t scan_settle(struct sim_fluid *f, struct level_change may)
{
    return groups_move_border(f, may, scan_from, scan_before, scan_cross);
}

/* The first end among some ranks, the lower class of equal ones; a time or a virtual time. */
static inline struct fluid_end scan_first_among(const struct sim_fluid *f, uint32_t ranks)
{
    uint32_t left = f->scan.present & ranks;
    if (left == 0) {
        return (struct fluid_end){INFINITY, 0};
    }
    const uint32_t lowest = (uint32_t)__builtin_ctz(left);
    struct fluid_end first = {f->scan.end[lowest], f->by_rank[lowest]};
    while ((left &= left - 1) != 0) {
        const uint32_t rank = (uint32_t)__builtin_ctz(left);
        const double end = f->scan.end[rank];
        const uint32_t id = f->by_rank[rank];
        if (end < first.time_s || (end == first.time_s && id < first.class_id)) {
            first = (struct fluid_end){end, id};
        }
    }
    return first;
}

/* In the order of groups_next_end, at equal times too. */
static inline struct fluid_end scan_next_end(const struct sim_fluid *f)
{
    const uint32_t capped = (UINT32_C(1) << f->border) - 1;
    const struct fluid_end sharing = scan_first_among(f, ~capped);
    struct fluid_end next = scan_first_among(f, capped);
    if (sharing.time_s < INFINITY) {
        const double time_s = groups_time_s(f, sharing.time_s);
        if (time_s < next.time_s) {
            next = (struct fluid_end){time_s, sharing.class_id};
        }
    }
    next.time_s = sim_max(next.time_s, f->last_s); /* rounding may put it a digit into the past */
    return next;
}

#endif
