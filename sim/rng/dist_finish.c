/* What is done with a distribution that has been read: checks and sums, once all values have units. */
#include "sim/rng/dist_internal.h"

#include <math.h>

static enum sim_err finish_closed(struct sim_dist *d, struct sim_error *e)
{
    const char *const problem = d->family->problem(d->p);
    if (problem != NULL) {
        return sim_fail(e, SIM_EINVAL, "%s: %s", d->family->name, problem);
    }
    if (d->family == dist_constant) {
        d->p[0] += d->shift;
        d->shift = 0;
    }
    return SIM_OK;
}

static enum sim_err finish(struct sim_dist *d, struct sim_error *e);

static enum sim_err finish_mixture(struct sim_dist *d, struct sim_error *e)
{
    for (size_t i = 0; i < d->n; i++) {
        d->part[i]->shift += d->shift;
        const enum sim_err err = finish(d->part[i], e);
        if (err != SIM_OK) {
            return err;
        }
    }
    d->shift = 0;
    return dist_compound_finish(d, e);
}

static enum sim_err finish_points(struct sim_dist *d, struct sim_error *e)
{
    for (size_t i = 0; d->kind == DIST_DISCRETE && i < d->n; i++) {
        d->value[i] += d->shift;
    }
    if (d->kind == DIST_DISCRETE) {
        d->shift = 0; /* that of a sample is printed beside the name of its file */
    }
    return dist_compound_finish(d, e);
}

/* Shifts go as far in as they can, so that a step of the distribution function is where its point is. */
static enum sim_err finish(struct sim_dist *d, struct sim_error *e)
{
    switch (d->kind) {
    case DIST_CLOSED:
        return finish_closed(d, e);
    case DIST_MIXTURE:
        return finish_mixture(d, e);
    default:
        return finish_points(d, e);
    }
}

enum sim_err dist_finish(struct sim_dist *d, struct sim_error *e)
{
    const enum sim_err err = finish(d, e);
    if (err == SIM_OK && !isfinite(sim_dist_mean(d))) {
        return sim_fail(e, SIM_EINVAL, "the values are too large: the mean is not finite");
    }
    return err;
}
