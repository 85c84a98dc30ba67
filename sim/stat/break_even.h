/* sim/stat/break_even.h -- where one course begins to cost more than another, found by simulation.
 *
 * The cost of the one, less that of the other, is measured at points x > 0 with an interval over paired
 * replications. The break-even is where its mean grows through zero. Its interval ends where the upper
 * and the lower end of the measured interval do: below `low` the one is cheaper beyond chance, above
 * `high` the other is. Found among the points given, then by geometric halving, to 1 %.
 *
 * If the cost grows in steps, the break-even may be the edge of one; if it falls between as well, it is
 * the first crossing of the points given.
 */
#ifndef SIM_STAT_BREAK_EVEN_H
#define SIM_STAT_BREAK_EVEN_H

#include "sim/base/err.h"
#include "sim/stat/interval.h"

#include <stddef.h>

struct sim_extra_cost {
    double x;
    struct sim_interval extra; /* of the one over the other, in any unit */
};

enum sim_crossing {
    SIM_CROSSING_FOUND,
    SIM_CROSSING_BELOW, /* the other is cheaper at the first point already */
    SIM_CROSSING_ABOVE, /* the one is cheaper at the last point still */
};

/* `low` and `high` are no further out than the first and the last point; NaN where intervals have no
 * width (one replication). All three are NaN where nothing is found. */
struct sim_break_even {
    enum sim_crossing crossing;
    double x, low, high;
};

/* Measures at `x`; an error ends the search. */
typedef enum sim_err sim_extra_cost_fn(void *self, double x, struct sim_interval *extra,
                                       struct sim_error *e);

/* `point` has n >= 1 points with x growing. Errors: those of `measure`. Cost: about 3 log2(100 ln r)
 * measurements, r the ratio of two neighbouring points: 20 for r = 2. */
SIM_MUST_CHECK enum sim_err sim_break_even_find(const struct sim_extra_cost point[], size_t n,
                                                sim_extra_cost_fn *measure, void *self,
                                                struct sim_break_even *out, struct sim_error *e);

#endif
