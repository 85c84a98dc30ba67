#include "study/order.h"

#include <stdlib.h>

/* qsort has no context: points are sorted as pairs. */
struct ranked {
    double cost;
    uint32_t point;
};

static int compare_ranked(const void *a, const void *b)
{
    const struct ranked *const x = a;
    const struct ranked *const y = b;
    return x->cost > y->cost   ? -1
           : x->cost < y->cost ? 1
                               : (x->point > y->point) - (x->point < y->point);
}

/* No long run is left to one thread at the end. */
enum sim_err order_by_cost(const struct point_cost cost[], uint32_t n, uint32_t **order,
                           struct sim_error *e)
{
    struct ranked *const ranked = calloc((size_t)n + 1, sizeof *ranked);
    *order = calloc((size_t)n + 1, sizeof **order);
    if (ranked == NULL || *order == NULL) {
        free(ranked);
        free(*order);
        *order = NULL;
        return sim_fail_memory(e, "the points of the study");
    }
    for (uint32_t i = 0; i < n; i++) {
        ranked[i] = (struct ranked){cost[i].cost, i};
    }
    qsort(ranked, n, sizeof *ranked, compare_ranked);
    for (uint32_t i = 0; i < n; i++) {
        (*order)[i] = ranked[i].point;
    }
    free(ranked);
    return SIM_OK;
}
