/* study/order.h -- in which order the points of a study are begun. */
#ifndef STUDY_ORDER_H
#define STUDY_ORDER_H

#include "sim/base/err.h"

#include <stdbool.h>
#include <stdint.h>

/* What a run of a point is expected to take. */
struct point_cost {
    double cost;
    bool is_measured; /* by runs of it that are in the store */
};

/* The n points, longest expected first, equal ones in their order; freed by the caller. SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err order_by_cost(const struct point_cost cost[], uint32_t n,
                                          uint32_t **order, struct sim_error *e);

#endif
