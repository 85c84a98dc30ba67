#include "models/security.h"

#include "models/purpose.h"
#include "sim/base/mem.h"

#include <math.h>
#include <stdlib.h>

/* No two contacts are closer, so that a law with a mass at 0 comes to an end. */
static const double least_gap_s = 1;

enum sim_err security_note(struct security_history *h, double now_s, bool is_reachable,
                           uint32_t server)
{
    const struct security_epoch *const last = h->n > 0 ? &h->epoch[h->n - 1] : NULL;
    if (last != NULL && last->is_reachable == is_reachable && last->server == server) {
        return SIM_OK;
    }
    const enum sim_err err = sim_grow(&h->epoch, &h->capacity, h->n + 1, sizeof *h->epoch);
    if (err == SIM_OK) {
        h->epoch[h->n++] = (struct security_epoch){now_s, is_reachable, server};
    }
    return err;
}

enum sim_err security_change(struct security_history *h, const struct security_change *change)
{
    const enum sim_err err =
        sim_grow(&h->change, &h->changes_capacity, h->n_changes + 1, sizeof *h->change);
    if (err == SIM_OK) {
        SIM_ASSERT(h->n_changes == 0 || h->change[h->n_changes - 1].at_s <= change->at_s);
        h->change[h->n_changes++] = *change;
    }
    return err;
}

void security_history_fini(struct security_history *h)
{
    free(h->epoch);
    free(h->change);
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

/* ---- The record of one order, at every server ---- */

struct record {
    bool is_there;
    double idle_since_s; /* after a reset: since the device has not come; else INFINITY */
};

struct trial {
    const struct security_config *config;
    const struct security_history *history;
    struct record *record; /* by server */
    size_t n_applied;      /* of the changes */
    uint32_t user;
    bool is_reissued;
    double exposed_since_s; /* INFINITY while the device is not exposed */
    struct security_outcome *outcome;
};

/* The backup is one of the first server, which alone had orders before the failure. */
static bool was_there(const struct security_change *c, double since_s)
{
    return c->server == 0 && since_s <= c->backup_s;
}

static void apply(struct trial *t, const struct security_change *c)
{
    struct record *const r = &t->record[c->server];
    struct security_outcome *const o = t->outcome;
    if (c->user != SECURITY_ALL_USERS && c->user != t->user) {
        return;
    }
    switch (c->event) {
    case SECURITY_EMPTIED:
        *r = (struct record){false, INFINITY};
        break;
    case SECURITY_DELETED: /* what is given later stands */
        *r = (struct record){r->is_there && c->at_s < o->issued_s, INFINITY};
        break;
    case SECURITY_RESTORED:
        *r = (struct record){was_there(c, o->issued_s), INFINITY};
        break;
    case SECURITY_RESET:
        r->idle_since_s = c->at_s;
        break;
    case SECURITY_PROJECTION:
        o->is_ghost |= o->kind == SECURITY_WIPE && !r->is_there &&
                       was_there(c, o->issued_s + t->config->projection_lag_s);
        break;
    }
}

/* The orders are given again at the server that has the devices then. */
static void reissue(struct trial *t)
{
    const uint32_t server = epoch_at(t->history, t->config->reissue_s).server;
    t->record[server] = (struct record){true, INFINITY};
    t->is_reissued = true;
}

/* All that has happened to the records up to a time. */
static void catch_up(struct trial *t, double now_s)
{
    const struct security_history *const h = t->history;
    while (t->n_applied < h->n_changes && h->change[t->n_applied].at_s <= now_s) {
        const struct security_change *const c = &h->change[t->n_applied++];
        if (!t->is_reissued && t->config->reissue_s < c->at_s) {
            reissue(t);
        }
        apply(t, c);
    }
    if (!t->is_reissued && t->config->reissue_s <= now_s) {
        reissue(t);
    }
}

/* Does the server know the order when its device comes? */
static bool is_known(const struct trial *t, struct record *r, double now_s)
{
    if (t->config->after_reset == AFTER_RESET_CLEANUP &&
        now_s - r->idle_since_s >= t->config->cleanup_timeout_s) {
        r->is_there = false;
    }
    if (isfinite(r->idle_since_s)) {
        r->idle_since_s = now_s;
    }
    return r->is_there;
}

/* ---- Contacts ---- */

static void meet(struct trial *t, double now_s, bool knows_order)
{
    struct security_outcome *const o = t->outcome;
    if (!knows_order) {
        o->served_s = fmin(o->served_s, now_s);
        t->exposed_since_s = fmin(t->exposed_since_s, now_s);
        return;
    }
    if (isfinite(t->exposed_since_s)) {
        o->exposure_s += now_s - t->exposed_since_s;
        t->exposed_since_s = INFINITY;
    }
    if (o->kind != SECURITY_DENIED) {
        o->executed_s = now_s;
    }
}

static void judge_order(struct trial *t, double horizon_s, struct sim_stream *stream)
{
    const struct security_config *const c = t->config;
    struct security_outcome *const o = t->outcome;
    /* what is left of an interval that was under way at the failure */
    double now_s = sim_stream_uniform(stream) * fmax(sim_dist_draw(c->contact, stream), 0);
    while (now_s < horizon_s && isinf(o->executed_s)) {
        const struct security_epoch e = epoch_at(t->history, now_s);
        catch_up(t, now_s);
        if (e.is_reachable) {
            meet(t, now_s, is_known(t, &t->record[e.server], now_s));
        }
        now_s += fmax(sim_dist_draw(c->contact, stream), least_gap_s);
    }
    if (isfinite(t->exposed_since_s)) {
        o->exposure_s += horizon_s - t->exposed_since_s;
    }
    catch_up(t, isinf(o->executed_s) ? horizon_s : o->executed_s);
}

static double issued_s(const struct security_config *config, const struct sim *sim, uint32_t order)
{
    struct sim_stream stream;
    sim_open_stream(sim, &stream, order, PURPOSE_SECURITY, 1);
    return -fmax(sim_dist_draw(config->age, &stream), 0);
}

enum sim_err security_judge(const struct security_config *config, const struct sim *sim,
                            const struct security_history *history,
                            const struct security_scene *scene, struct security_outcome outcome[])
{
    const uint32_t n = security_n_orders(config);
    struct record *const record = calloc(scene->n_servers, sizeof *record);
    for (uint32_t i = 0; i < n && record != NULL; i++) {
        struct sim_stream stream;
        sim_open_stream(sim, &stream, i, PURPOSE_SECURITY, 0);
        const double place = (i + sim_stream_uniform(&stream)) / n;
        outcome[i] = (struct security_outcome){.kind = kind_of(config, i),
                                               .device = (uint32_t)(place * scene->n_devices),
                                               .issued_s = issued_s(config, sim, i),
                                               .served_s = INFINITY,
                                               .executed_s = INFINITY};
        for (uint32_t k = 0; k < scene->n_servers; k++) {
            record[k] = (struct record){k == 0, INFINITY};
        }
        struct trial t = {.config = config,
                          .history = history,
                          .record = record,
                          .user = scene->user_of[outcome[i].device],
                          .exposed_since_s = INFINITY,
                          .outcome = &outcome[i]};
        judge_order(&t, scene->horizon_s, &stream);
    }
    free(record);
    return record != NULL ? SIM_OK : SIM_ENOMEM;
}
