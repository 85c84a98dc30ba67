/* Sharing among a few classes, as of a disk or of cores: the border and the next end are found by looking at
 * each. The arithmetic is that of the groups, so the times are the same to the bit. Heaps and a set of one or
 * two members cost more: of the instructions of a replication of 500 users the scan saves 7 %. */
#include "sim/base/minmax.h"
#include "sim/res/fluid_internal.h"

#include <math.h>

static struct class *class_of_rank(const struct sim_fluid *f, uint32_t rank)
{
    return &f->class[f->scan.id[rank]];
}

void scan_class_changed(struct sim_fluid *f, uint32_t id, int64_t more, bool first_changed)
{
    const struct class *const c = &f->class[id];
    const uint32_t bit = UINT32_C(1) << c->rank;
    groups_count_rate(f, c, more);
    if (c->n == 0) {
        f->scan.present &= ~bit;
    } else if (first_changed) {
        f->scan.present |= bit;
        f->scan.end[c->rank] = groups_first_end(f, c);
    }
}

static void cross(struct sim_fluid *f, uint32_t rank)
{
    struct class *const c = class_of_rank(f, rank);
    groups_change_side(f, c);
    f->scan.end[rank] = groups_first_end(f, c);
}

static bool fits(const struct sim_fluid *f, uint32_t rank)
{
    return groups_fits_under_level(f, class_of_rank(f, rank));
}

/* As groups_settle. */
uint32_t scan_settle(struct sim_fluid *f)
{
    uint32_t n_crossings = 0;
    for (;; n_crossings++) {
        const uint32_t from_border = f->scan.present >> f->border;
        const uint32_t above =
            f->border + (uint32_t)__builtin_ctz(from_border | UINT32_C(1) << SCAN_CLASSES);
        if (from_border != 0 && fits(f, above)) {
            cross(f, above);
            f->border = above + 1;
            continue;
        }
        const uint32_t before_border = f->scan.present & ((UINT32_C(1) << f->border) - 1);
        const uint32_t below = 31 - (uint32_t)__builtin_clz(before_border | 1);
        if (before_border != 0 && !fits(f, below)) {
            cross(f, below);
            f->border = below;
            continue;
        }
        break;
    }
    groups_rest(f);
    return n_crossings;
}

struct fluid_end scan_next_end(const struct sim_fluid *f)
{
    struct fluid_end next = {INFINITY, 0};
    for (uint32_t left = f->scan.present; left != 0; left &= left - 1) {
        const uint32_t rank = (uint32_t)__builtin_ctz(left);
        const double end = f->scan.end[rank];
        const double time_s = rank < f->border ? end : groups_time_s(f, end);
        if (time_s < next.time_s) {
            next = (struct fluid_end){time_s, f->scan.id[rank]};
        }
    }
    next.time_s = sim_max(next.time_s, f->last_s); /* rounding may put it a digit into the past */
    return next;
}

void scan_take_over(struct sim_fluid *f)
{
    f->scan.present = 0;
    for (uint32_t rank = 0; rank < f->n_classes; rank++) {
        f->scan.id[rank] = f->by_rank[rank];
        if (class_of_rank(f, rank)->n > 0) {
            f->scan.present |= UINT32_C(1) << rank;
            f->scan.end[rank] = groups_first_end(f, class_of_rank(f, rank));
        }
    }
}

void scan_leave(struct sim_fluid *f)
{
    for (uint32_t rank = 0; rank < f->present.size; rank++) {
        if ((f->scan.present >> rank & 1) != 0) {
            rankset_add(&f->present, rank);
        } else {
            rankset_remove(&f->present, rank);
        }
    }
}
