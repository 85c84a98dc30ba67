/* The scan: what few changes do. */
#include "sim/res/fluid_scan_internal.h"

void scan_cross(struct sim_fluid *f, uint32_t id)
{
    struct class *const c = &f->class[id];
    groups_change_side(f, c);
    f->scan.end[c->rank] = groups_first_end(f, c);
}

void scan_take_over(struct sim_fluid *f)
{
    f->scan.present = 0;
    for (uint32_t rank = 0; rank < f->n_classes; rank++) {
        const struct class *const c = &f->class[f->by_rank[rank]];
        if (c->n > 0) {
            f->scan.present |= UINT32_C(1) << rank;
            f->scan.end[rank] = groups_first_end(f, c);
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
