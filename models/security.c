#include "models/security.h"

#include "models/purpose.h"
#include "sim/base/mem.h"

#include <math.h>
#include <stdlib.h>

/* No two contacts are closer, so that a law with a mass at 0 comes to an end. */
static const double least_gap_s = 1;

enum sim_err security_note(struct security_history *h, double now_s, bool is_reachable,
                           bool knows_orders)
{
    const struct security_epoch *const last = h->n > 0 ? &h->epoch[h->n - 1] : NULL;
    if (last != NULL && last->is_reachable == is_reachable && last->knows_orders == knows_orders) {
        return SIM_OK;
    }
    const enum sim_err err = sim_grow(&h->epoch, &h->capacity, h->n + 1, sizeof *h->epoch);
    if (err == SIM_OK) {
        h->epoch[h->n++] = (struct security_epoch){now_s, is_reachable, knows_orders};
    }
    return err;
}

void security_history_fini(struct security_history *h)
{
    free(h->epoch);
    *h = (struct security_history){0};
}

uint32_t security_n_orders(const struct security_config *config)
{
    return config->denied + config->locks + config->wipes;
}

const char *security_kind_name(enum security_kind kind)
{
    static const char *const names[] = {
        [SECURITY_DENIED] = "denied", [SECURITY_LOCK] = "lock", [SECURITY_WIPE] = "wipe"};
    return names[kind];
}

static enum security_kind kind_of(const struct security_config *c, uint32_t order)
{
    return order < c->denied              ? SECURITY_DENIED
           : order < c->denied + c->locks ? SECURITY_LOCK
                                          : SECURITY_WIPE;
}

/* The epoch of a time; before the first one nothing is reachable. */
static struct security_epoch epoch_at(const struct security_history *h, double time_s)
{
    struct security_epoch found = {0};
    for (size_t i = 0; i < h->n && h->epoch[i].from_s <= time_s; i++) {
        found = h->epoch[i];
    }
    return found;
}

/* One contact. `exposed_since_s` is INFINITY while the device is not exposed. */
static void meet(struct security_outcome *o, double now_s, bool knows_orders,
                 double *exposed_since_s)
{
    if (!knows_orders) {
        o->served_s = fmin(o->served_s, now_s);
        *exposed_since_s = fmin(*exposed_since_s, now_s);
        return;
    }
    if (isfinite(*exposed_since_s)) {
        o->exposure_s += now_s - *exposed_since_s;
        *exposed_since_s = INFINITY;
    }
    if (o->kind != SECURITY_DENIED) {
        o->executed_s = now_s;
    }
}

static void judge_order(const struct security_config *c, const struct security_history *h,
                        double horizon_s, struct sim_stream *stream, struct security_outcome *o)
{
    double exposed_since_s = INFINITY;
    /* what is left of an interval that was under way at the failure */
    double now_s = sim_stream_uniform(stream) * fmax(sim_dist_draw(c->contact, stream), 0);
    while (now_s < horizon_s && isinf(o->executed_s)) {
        const struct security_epoch e = epoch_at(h, now_s);
        if (e.is_reachable) {
            meet(o, now_s, e.knows_orders || now_s >= c->reissue_s, &exposed_since_s);
        }
        now_s += fmax(sim_dist_draw(c->contact, stream), least_gap_s);
    }
    if (isfinite(exposed_since_s)) {
        o->exposure_s += horizon_s - exposed_since_s;
    }
    o->is_ghost = o->kind == SECURITY_WIPE && h->ghosts_from_s < o->executed_s;
}

void security_judge(const struct security_config *config, const struct sim *sim,
                    const struct security_history *history, uint32_t n_devices, double horizon_s,
                    struct security_outcome outcome[])
{
    const uint32_t n = security_n_orders(config);
    for (uint32_t i = 0; i < n; i++) {
        struct sim_stream stream;
        sim_open_stream(sim, &stream, i, PURPOSE_SECURITY, 0);
        const double place = (i + sim_stream_uniform(&stream)) / n;
        outcome[i] = (struct security_outcome){.kind = kind_of(config, i),
                                               .device = (uint32_t)(place * n_devices),
                                               .served_s = INFINITY,
                                               .executed_s = INFINITY};
        judge_order(config, history, horizon_s, &stream, &outcome[i]);
    }
}
