/* Units behind a bracket: they hold for all values inside that carry none. */
#include "sim/base/assert.h"
#include "sim/rng/dist_internal.h"

#include <math.h>

void dist_apply_factor(struct sim_dist *d, double factor)
{
    if (d->kind == DIST_CLOSED) {
        SIM_ASSERT(d->family != NULL);
        for (int i = 0; i < d->family->n_parameters; i++) {
            const enum dist_parameter_kind kind = d->family->parameters[i].kind;
            if (d->has_unit[i] || kind == DIST_SHAPE) {
                continue;
            }
            d->p[i] = kind == DIST_LOG ? d->p[i] + log(factor) : d->p[i] * factor;
            d->has_unit[i] = true;
        }
        return;
    }
    if (d->has_unit[0]) {
        return; /* it has its own behind its bracket */
    }
    for (size_t i = 0; i < d->n; i++) {
        if (d->kind == DIST_MIXTURE) {
            dist_apply_factor(d->part[i], factor);
        } else if (d->value_has_unit == NULL || !d->value_has_unit[i]) {
            d->value[i] *= factor;
        }
    }
    d->has_unit[0] = true;
    d->factor = factor;
}

bool dist_lacks_unit(const struct sim_dist *d)
{
    if (d->kind == DIST_CLOSED) {
        SIM_ASSERT(d->family != NULL);
        for (int i = 0; i < d->family->n_parameters; i++) {
            if (!d->has_unit[i] && d->family->parameters[i].kind != DIST_SHAPE) {
                return true;
            }
        }
        return false;
    }
    if (d->kind == DIST_EMPIRICAL || d->has_unit[0]) {
        return !d->has_unit[0];
    }
    for (size_t i = 0; i < d->n; i++) {
        if (d->kind == DIST_MIXTURE ? dist_lacks_unit(d->part[i]) : !d->value_has_unit[i]) {
            return true;
        }
    }
    return false;
}
