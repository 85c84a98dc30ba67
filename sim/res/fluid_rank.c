/* The order of the classes of a shared resource by cap / weight. */
#include "sim/res/fluid_internal.h"

#include <stdlib.h>

struct ranked {
    int64_t cap, weight;
    uint32_t id;
};

static int compare_ranked(const void *a, const void *b)
{
    const struct ranked *const x = a;
    const struct ranked *const y = b;
    if (x->cap == 0 || y->cap == 0) {
        const int uncapped = (x->cap == 0) - (y->cap == 0);
        return uncapped != 0 ? uncapped : (x->id > y->id) - (x->id < y->id);
    }
    const wide left = (wide)x->cap * y->weight;
    const wide right = (wide)y->cap * x->weight;
    return left != right ? (left > right) - (left < right) : (x->id > y->id) - (x->id < y->id);
}

/* The border stays where it is: behind the last capped class that has flows. */
static void restore_present(struct sim_fluid *f)
{
    f->border = 0;
    for (uint32_t id = 0; id < f->n_classes; id++) {
        const struct class *const c = &f->class[id];
        if (c->n > 0) {
            rankset_add(&f->present, c->rank);
            f->border = !c->shares && c->rank >= f->border ? c->rank + 1 : f->border;
        }
    }
    if (f->sharing_weight == 0) {
        f->border = f->n_classes;
    }
}

enum sim_err fluid_rank_classes(struct sim_fluid *f)
{
    uint32_t *const by_rank = reallocarray(f->by_rank, f->n_classes, sizeof *by_rank);
    if (by_rank == NULL) {
        return SIM_ENOMEM;
    }
    f->by_rank = by_rank;
    struct ranked *const order = calloc(f->n_classes, sizeof *order);
    if (order == NULL || rankset_reset(&f->present, f->n_classes) != SIM_OK) {
        free(order);
        return SIM_ENOMEM;
    }
    for (uint32_t id = 0; id < f->n_classes; id++) {
        order[id] = (struct ranked){f->class[id].cap, f->class[id].weight, id};
    }
    qsort(order, f->n_classes, sizeof *order, compare_ranked);
    for (uint32_t rank = 0; rank < f->n_classes; rank++) {
        by_rank[rank] = order[rank].id;
        f->class[order[rank].id].rank = rank;
    }
    free(order);
    restore_present(f);
    f->ranks_are_stale = false;
    return SIM_OK;
}
