/* What a timeline as a whole comes to. */
#include "models/timeline_internal.h"

#include <math.h>
#include <stdlib.h>

/* An entry, or the return that a machine which restarts by itself is expected to make. */
struct step {
    double at_s;
    uint32_t index; /* of the entry */
    uint32_t flip;  /* of it */
    bool is_expected_return;
};

const char *timeline_name_of(const struct walk *w, uint32_t server)
{
    return w->servers[server].name;
}

bool timeline_is_gone(const struct walk *w, uint32_t server)
{
    return w->standing[server].has_failed || w->standing[server].is_taken_out;
}

bool timeline_is_pool(const struct walk *w)
{
    return w->balancer->method == METHOD_POOL;
}

void timeline_count_loss(struct walk *w, double at_s)
{
    if (w->outcome->n_losses++ == 0) {
        w->outcome->failure_s = at_s;
    }
}

/* Connections stay where they are when the name changes. */
static bool is_name(const struct walk *w)
{
    return w->balancer->method == METHOD_DNS;
}

static uint32_t n_there(const struct walk *w)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < w->n_servers; i++) {
        n += !timeline_is_gone(w, i);
    }
    return n;
}

/* Its servers can do nothing without the database. */
static void serve_from_pool(struct walk *w)
{
    w->outcome->is_served = n_there(w) > 0 && !w->is_database_down;
}

/* The balancer takes the next server that is there, if it may; else it stays. */
static void fail_over(struct walk *w)
{
    for (uint32_t i = 1; i < w->n_servers && w->balancer->failover == FAILOVER_AUTOMATIC; i++) {
        const uint32_t next = (w->active + i) % w->n_servers;
        if (!timeline_is_gone(w, next)) {
            w->active = next;
            w->outcome->is_served = true;
            return;
        }
    }
}

/* When a host that fails, or restarts, is there by itself; INFINITY if it does not come. */
static double return_s(const struct walk *w, const struct timeline_entry *t)
{
    const struct vm_host_config *const vm = &w->servers[t->server].vm;
    if (t->action == ACTION_FAIL_HOST && vm->restarts) {
        return t->at_s + vm_host_mean_restart_s(vm);
    }
    if (t->begins) {
        return t->at_s + vm_host_mean_restore_s(vm);
    }
    return t->action == ACTION_RESTART_DEFRAG || t->action == ACTION_LOAD_DEFRAG
               ? t->at_s + vm_host_defrag_s(vm)
               : INFINITY;
}

/* What was expected before is off. */
static void expect_return(struct walk *w, uint32_t k, uint32_t server)
{
    struct standing *const s = &w->standing[server];
    s->is_expected = isfinite(return_s(w, &w->timeline[k]));
    s->expected_by = k;
}

/* Of a host, or of what a command has ended there. */
static enum sim_err follow_failure(struct walk *w, uint32_t k, uint32_t server, struct sim_error *e)
{
    const struct timeline_entry *const t = &w->timeline[k];
    struct standing *const s = &w->standing[server];
    if (s->has_failed) {
        return sim_fail(e, SIM_EINVAL,
                        s->is_quit ? "what runs at host %s has been quit before (timeline.%u)"
                                   : "host %s has failed already (timeline.%u)",
                        timeline_name_of(w, server), s->failed_by);
    }
    s->has_failed = s->was_gone = true;
    s->is_unavailable = false;
    s->is_quit = t->action == ACTION_QUIT;
    s->task = t->task;
    s->failed_by = k;
    expect_return(w, k, server);
    if (timeline_is_pool(w)) {
        if (!w->is_database_down) {
            timeline_count_loss(w, t->at_s);
        }
        serve_from_pool(w);
        return SIM_OK;
    }
    if (server != w->active || !w->outcome->is_served) {
        if (is_name(w) && s->had_devices) {
            timeline_count_loss(w, t->at_s);
        }
        return SIM_OK;
    }
    if (w->before == w->active) {
        timeline_count_loss(w, t->at_s);
    }
    w->outcome->is_served = false;
    w->noticed_s =
        t->at_s + w->balancer->fall * w->balancer->check_interval_s + w->balancer->hold_down_s;
    fail_over(w);
    return SIM_OK;
}

/* Connections have not moved yet, or nobody has them, or they return to whom they are meant for. */
static void come_back(struct walk *w, uint32_t server, double at_s)
{
    const double up_s = at_s + w->balancer->rise * w->balancer->check_interval_s;
    w->standing[server].has_failed = w->standing[server].is_quit = false;
    if (w->standing[server].is_taken_out) {
        return;
    }
    if (timeline_is_pool(w)) {
        serve_from_pool(w);
        return;
    }
    if (server == w->before && up_s < w->noticed_s) {
        w->active = server;
        w->outcome->is_served = true;
    } else if (!w->outcome->is_served) {
        w->active = server;
        w->outcome->is_served = w->balancer->failover == FAILOVER_AUTOMATIC || server == w->before;
    } else if (w->balancer->failback == FAILBACK_AUTOMATIC && server < w->active) {
        timeline_count_loss(w, at_s);
        w->active = w->before = server;
    }
}

static enum sim_err follow_start_of_restart(struct walk *w, const struct timeline_entry *t,
                                            struct sim_error *e)
{
    const struct standing *const s = &w->standing[t->server];
    if (!s->has_failed) {
        return sim_fail(e, SIM_EINVAL, "'%s': host %s is up then", t->text,
                        timeline_name_of(w, t->server));
    }
    if (w->servers[t->server].vm.restarts && !s->is_quit) {
        return sim_fail(e, SIM_EINVAL, "'%s': %s restarts by itself (servers.%s.vm.restarts)",
                        t->text, timeline_name_of(w, t->server), timeline_name_of(w, t->server));
    }
    if (t->begins && s->is_expected && w->timeline[s->expected_by].begins) {
        return sim_fail(e, SIM_EINVAL, "'%s': a restore of %s is under way then (timeline.%u)",
                        t->text, timeline_name_of(w, t->server), s->expected_by);
    }
    expect_return(w, (uint32_t)(t - w->timeline), t->server);
    return SIM_OK;
}

static enum sim_err follow_load(struct walk *w, const struct timeline_entry *t, struct sim_error *e)
{
    enum sim_err err = timeline_check_load(w, t, e);
    if (err == SIM_OK) {
        err = follow_start_of_restart(w, t, e);
    }
    if (err == SIM_OK && t->action == ACTION_LOAD) {
        come_back(w, t->server, t->at_s);
    }
    return err;
}

static enum sim_err follow_quit(struct walk *w, uint32_t k, struct sim_error *e)
{
    const struct timeline_entry *const t = &w->timeline[k];
    const enum sim_err err = timeline_follow_command(w, t, e);
    return err == SIM_OK ? follow_failure(w, k, timeline_console(w, t), e) : err;
}

static enum sim_err follow_restart(struct walk *w, const struct timeline_entry *t,
                                   struct sim_error *e)
{
    const enum sim_err err = follow_start_of_restart(w, t, e);
    if (err == SIM_OK) {
        come_back(w, t->server, t->at_s);
    }
    return err;
}

/* A failure that must have been noticed by now is over. */
static void notice(struct walk *w, double now_s)
{
    if (now_s >= w->noticed_s) {
        w->before = w->active;
    }
}

static void move(struct walk *w, uint32_t target, double at_s)
{
    if (w->before == w->active && w->outcome->is_served && !is_name(w)) {
        timeline_count_loss(w, at_s);
    }
    w->active = target;
    w->outcome->is_served = true;
}

static enum sim_err follow_redirect(struct walk *w, const struct timeline_entry *t,
                                    struct sim_error *e)
{
    const char *const target = timeline_name_of(w, t->target);
    if (t->server == t->target) {
        return sim_fail(e, SIM_EINVAL, "'%s' leads back to the same server", t->text);
    }
    if (t->server != w->active && t->server != w->before) {
        return sim_fail(e, SIM_EINVAL, "'%s': no connections go to %s then, they go to %s", t->text,
                        timeline_name_of(w, t->server), timeline_name_of(w, w->before));
    }
    if (w->standing[t->target].has_failed) {
        return sim_fail(e, SIM_EINVAL, "'%s': host %s has failed before", t->text, target);
    }
    if (t->server == w->active) {
        move(w, t->target, t->at_s);
    }
    w->before = t->server == w->before ? t->target : w->before;
    w->active = t->target;
    w->outcome->is_served = true;
    w->standing[t->server].is_taken_out = w->standing[t->server].was_gone = true;
    w->standing[t->target].is_taken_out = false;
    return SIM_OK;
}

static enum sim_err follow_failback(struct walk *w, const struct timeline_entry *t,
                                    struct sim_error *e)
{
    const char *const name = timeline_name_of(w, t->server);
    const struct standing *const s = &w->standing[t->server];
    if (!s->was_gone) {
        return sim_fail(e, SIM_EINVAL, "'%s': %s has not failed or been taken out before", t->text,
                        name);
    }
    if (s->has_failed) {
        return sim_fail(e, SIM_EINVAL, "'%s': host %s is down then; 'restart host %s' before it",
                        t->text, name, name);
    }
    if (w->active == t->server) {
        return sim_fail(e, SIM_EINVAL, "'%s': connections go to %s already", t->text, name);
    }
    move(w, t->server, t->at_s);
    w->before = t->server;
    w->standing[t->server].is_taken_out = false;
    return SIM_OK;
}

static enum sim_err follow_database(struct walk *w, const struct timeline_entry *t,
                                    struct sim_error *e)
{
    const bool is_failure = t->action == ACTION_FAIL_DATABASE;
    if (!timeline_is_pool(w)) {
        return sim_fail(e, SIM_EINVAL,
                        "'%s': of balancer.method pool; else each server has its own, which fails "
                        "with its host: '%s host %s'",
                        t->text, is_failure ? "fail" : "restart", timeline_name_of(w, 0));
    }
    if (w->is_database_down == is_failure) {
        return sim_fail(e, SIM_EINVAL, "'%s': it is %s then", t->text, is_failure ? "down" : "up");
    }
    if (is_failure && n_there(w) > 0) {
        timeline_count_loss(w, t->at_s);
    }
    w->is_database_down = is_failure;
    serve_from_pool(w);
    return SIM_OK;
}

/* A drain lets a living server end what it has. */
static enum sim_err follow_drain(struct walk *w, const struct timeline_entry *t,
                                 struct sim_error *e)
{
    if (w->standing[t->server].has_failed) {
        return sim_fail(e, SIM_EINVAL, "'%s': host %s has failed before: 'redirect %s to %s'",
                        t->text, timeline_name_of(w, t->server), timeline_name_of(w, t->server),
                        timeline_name_of(w, t->target));
    }
    return follow_redirect(w, t, e);
}

/* ---- The order of time ---- */

static int compare_steps(const void *left, const void *right)
{
    const struct step *const a = left;
    const struct step *const b = right;
    if (a->at_s != b->at_s) {
        return a->at_s < b->at_s ? -1 : 1;
    }
    if (a->index != b->index) {
        return a->index < b->index ? -1 : 1;
    }
    return a->flip < b->flip ? -1 : a->flip > b->flip;
}

static size_t most_steps(const struct timeline_entry *timeline, uint32_t n)
{
    size_t most = 0;
    for (uint32_t k = 0; k < n; k++) {
        most += timeline_n_steps(&timeline[k]) + 1; /* and perhaps a return */
    }
    return most;
}

/* Room for most_steps; returns how many there are. */
static uint32_t make_steps(const struct walk *w, uint32_t n, struct step *steps)
{
    uint32_t n_steps = 0;
    for (uint32_t k = 0; k < n; k++) {
        const struct timeline_entry *const t = &w->timeline[k];
        const double back_s = return_s(w, t);
        for (uint32_t flip = 0; flip < timeline_n_steps(t); flip++) {
            steps[n_steps++] = (struct step){timeline_step(t, flip).at_s, k, flip, false};
        }
        if (isfinite(back_s)) {
            steps[n_steps++] = (struct step){back_s, k, 0, true};
        }
    }
    qsort(steps, n_steps, sizeof *steps, compare_steps);
    return n_steps;
}

static enum sim_err follow_step(struct walk *w, const struct step *step, struct sim_error *e)
{
    const struct timeline_entry *const t = &w->timeline[step->index];
    const struct timeline_entry flip = timeline_step(t, step->flip);
    notice(w, step->at_s);
    w->standing[w->active].had_devices = true;
    if (step->is_expected_return) {
        if (w->standing[t->server].is_expected &&
            w->standing[t->server].expected_by == step->index) {
            w->standing[t->server].is_expected = false;
            come_back(w, t->server, step->at_s);
        }
        return SIM_OK;
    }
    switch (t->action) {
    case ACTION_FAIL_HOST:
        return follow_failure(w, step->index, t->server, e);
    case ACTION_RESTART_HOST:
    case ACTION_RESTORE_HOST:
    case ACTION_RESTORE_OLD:
        return t->begins ? follow_start_of_restart(w, t, e) : follow_restart(w, t, e);
    case ACTION_RESTART_DEFRAG:
        return follow_start_of_restart(w, t, e);
    case ACTION_RESTORE_PROJECTION:
        return SIM_OK; /* whether the server is up makes no difference */
    case ACTION_REDIRECT:
    case ACTION_FLAP:
        return follow_redirect(w, &flip, e);
    case ACTION_DRAIN:
        return follow_drain(w, t, e);
    case ACTION_FAIL_BACK:
        return follow_failback(w, t, e);
    case ACTION_CLEAR_ANCHORS:
    case ACTION_RESET:
    case ACTION_DELETE:
    case ACTION_SECURITY_DELETE:
    case ACTION_BAN:
        return timeline_follow_command(w, t, e);
    case ACTION_AVAILABLE_OFF:
    case ACTION_AVAILABLE_ON:
        return timeline_follow_available(w, t, e);
    case ACTION_QUIT:
        return follow_quit(w, step->index, e);
    case ACTION_LOAD:
    case ACTION_LOAD_DEFRAG:
        return follow_load(w, t, e);
    case ACTION_RELEASE:
        return timeline_check_release(w->timeline, w->n, t, e);
    case ACTION_FAIL_MAIL:
    case ACTION_RESTART_MAIL:
        return timeline_check_mail(w->timeline, w->n, t, e);
    case ACTION_FAIL_DATABASE:
    case ACTION_RESTART_DATABASE:
        return follow_database(w, t, e);
    case ACTION_BLOCK:
        return SIM_OK;
    }
    return SIM_OK;
}

/* Where connections can go when all is over: to any server, if the balancer uses all; else where they go. */
static void find_server(struct walk *w)
{
    const bool uses_all = balancer_uses_all(w->balancer, w->standing[0].was_gone);
    const uint32_t n = uses_all ? w->n_servers : 1;
    const bool may_be_served = uses_all ? !w->is_database_down : w->outcome->is_served;
    w->outcome->is_served = false;
    w->outcome->served_by = w->active;
    for (uint32_t i = 0; i < n && may_be_served && !w->outcome->is_served; i++) {
        const uint32_t server = (w->active + i) % w->n_servers;
        if (!timeline_is_gone(w, server) && !w->standing[server].is_unavailable) {
            w->outcome->is_served = true;
            w->outcome->served_by = server;
        }
    }
}

static enum sim_err follow_all(struct walk *w, uint32_t n, struct step *steps, uint32_t *faulty,
                               struct sim_error *e)
{
    const uint32_t n_steps = make_steps(w, n, steps);
    enum sim_err err = SIM_OK;
    for (uint32_t i = 0; i < n_steps && err == SIM_OK; i++) {
        *faulty = steps[i].index;
        err = follow_step(w, &steps[i], e);
    }
    find_server(w);
    return err;
}

enum sim_err timeline_follow(const struct timeline_entry *timeline, uint32_t n,
                             const struct sync_server_config *servers, uint32_t n_servers,
                             const struct balancer_config *balancer,
                             struct timeline_outcome *outcome, uint32_t *faulty,
                             struct sim_error *e)
{
    struct walk w = {.timeline = timeline,
                     .n = n,
                     .servers = servers,
                     .n_servers = n_servers,
                     .balancer = balancer,
                     .noticed_s = -INFINITY,
                     .outcome = outcome};
    struct step *const steps = calloc(most_steps(timeline, n) + 1, sizeof *steps);
    w.standing = calloc(n_servers, sizeof *w.standing);
    *faulty = 0;
    *outcome = (struct timeline_outcome){.failure_s = INFINITY, .is_served = true};
    const enum sim_err err = steps != NULL && w.standing != NULL
                                 ? follow_all(&w, n, steps, faulty, e)
                                 : sim_fail_memory(e, "the timeline");
    free(w.standing);
    free(steps);
    return err;
}
