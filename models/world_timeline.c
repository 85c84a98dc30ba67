#include "models/world_timeline.h"

#include "models/world_console.h"
#include "models/world_return.h"
#include "models/world_security.h"

#include <math.h>
#include <stdlib.h>

/* ---- Hosts ---- */

static void on_restart(void *self, uint64_t server)
{
    struct world *const w = self;
    sync_server_restart(w->server[server]);
    world_note_security(w);
    world_end_if_done(w);
}

/* Once its state database has been defragmented, if it is. An earlier restart still to come is off. */
static void restart_host(struct world *w, uint32_t server, double defrag_s)
{
    world_call_off_return(w, server);
    if (defrag_s > 0) {
        world_expect_return(w, server, defrag_s, (struct sim_call){on_restart, w, server});
    } else {
        sync_server_restart(w->server[server]);
    }
}

/* An earlier restart still to come is off: it failed again on its way up. */
static void end_server(struct world *w, uint32_t server, enum connection_fate fate)
{
    world_call_off_return(w, server);
    if (sync_server_is_up(w->server[server])) {
        sync_server_fail(w->server[server]);
        devices_lose_server(w->devices, server, fate);
    }
}

static void fail_host(struct world *w, const struct timeline_entry *t)
{
    const struct vm_host_config *const vm = &w->scenario->server[t->server].vm;
    const uint32_t failure = w->n_failures[t->server]++;
    end_server(w, t->server, t->fate);
    if (vm->restarts) {
        world_expect_return(w, t->server, vm_host_restart_s(vm, w->sim, t->server, failure),
                            (struct sim_call){on_restart, w, t->server});
    }
}

/* It may be up: which server a quit without a name ends is sure only when its time has come. */
static void load(struct world *w, uint32_t server, double defrag_s)
{
    if (!sync_server_is_up(w->server[server])) {
        restart_host(w, server, defrag_s);
    }
}

/* ---- The database of a pool ---- */

/* Servers that are up are there, and can do nothing. */
static void fail_database(struct world *w, enum connection_fate fate)
{
    for (uint32_t i = 0; i < w->scenario->n_servers; i++) {
        sync_server_lose_database(w->server[i]);
        devices_lose_server(w->devices, i, fate);
    }
}

static void restart_database(struct world *w)
{
    for (uint32_t i = 0; i < w->scenario->n_servers; i++) {
        sync_server_regain_database(w->server[i]);
    }
}

/* ---- Restores ---- */

/* From a backup of everything but the state database; that of the projection comes back with it. */
static void restore_host(struct world *w, uint32_t server)
{
    sync_server_restore(w->server[server]);
    world_change_security(w, SECURITY_EMPTIED, server, SECURITY_ALL_USERS);
    if (w->scenario->server[server].vm.restore.has_projection) {
        world_change_security(w, SECURITY_PROJECTION, server, SECURITY_ALL_USERS);
    }
}

/* The backup is from before the first failure, when the first server had all devices. */
static void restore_old(struct world *w, uint32_t server)
{
    const double age_s = w->scenario->server[server].vm.restore.age_s;
    sync_server_restore_old(w->server[server], -age_s, server == 0);
    world_change_security(w, SECURITY_RESTORED, server, SECURITY_ALL_USERS);
}

static const uint64_t with_state = UINT64_C(1) << 32; /* of a restore; below it is the server */

static void on_restored(void *self, uint64_t which)
{
    struct world *const w = self;
    const uint32_t server = (uint32_t)which;
    if ((which & with_state) != 0) {
        restore_old(w, server);
    } else {
        restore_host(w, server);
    }
    world_note_security(w);
    world_end_if_done(w);
}

/* An earlier return still to come is off. */
static void restore(struct world *w, const struct timeline_entry *t)
{
    const uint64_t which = t->server | (t->action == ACTION_RESTORE_OLD ? with_state : 0);
    world_call_off_return(w, t->server);
    if (t->begins) {
        const double takes_s = vm_host_restore_s(&w->scenario->server[t->server].vm, w->sim,
                                                 t->server, w->n_failures[t->server]);
        world_expect_return(w, t->server, takes_s, (struct sim_call){on_restored, w, which});
    } else {
        on_restored(w, which);
    }
}

/* ---- A crash ---- */

static void on_crash(void *self, uint64_t server)
{
    struct world *const w = self;
    if (!sync_server_is_up(w->server[server])) {
        return; /* its host has failed at the same moment */
    }
    const double restart_s =
        poison_restart_s(&w->scenario->poison, w->sim, (uint32_t)server, w->n_crashes++);
    w->crash_s += restart_s;
    sync_server_fail(w->server[server]);
    devices_lose_server(w->devices, (uint32_t)server, FATE_RESET);
    world_expect_return(w, (uint32_t)server, restart_s, (struct sim_call){on_restart, w, server});
    world_note_security(w);
}

void world_on_crash(void *world, uint32_t server)
{
    struct world *const w = world;
    sim_after(w->sim, 0, (struct sim_call){on_crash, w, server});
}

/* ---- Where connections go ---- */

/* Who is connected to a dead server waits for nothing but a 503; a living one loses its devices. */
static void end_connections(struct world *w, uint32_t server, enum connection_fate fate)
{
    if (balancer_ends_connections(w->balancer) && sync_server_is_up(w->server[server])) {
        sync_server_close_connections(w->server[server]);
        devices_lose_server(w->devices, server, fate);
    }
}

static void redirect(struct world *w, const struct timeline_entry *t)
{
    const bool has_devices = balancer_active(w->balancer) == t->server;
    balancer_age_names(w->balancer, w->age_s);
    balancer_redirect(w->balancer, t->server, t->target);
    if (has_devices) {
        end_connections(w, t->server, t->fate);
    }
}

static void drain(struct world *w, const struct timeline_entry *t)
{
    balancer_redirect(w->balancer, t->server, t->target);
    devices_drain_server(w->devices, t->server);
}

/* Neighbours are in one group: users are dealt to mail servers by turns, and a group is at all of them. */
static bool is_meant(const struct world *w, const struct timeline_entry *t, uint32_t device)
{
    const struct scenario *const s = w->scenario;
    const uint32_t group = (uint32_t)((uint64_t)w->user_of[device] * s->balancer.groups / s->users);
    return t->whom == WHOM_ALL || (t->whom == WHOM_GROUP && group == t->number) ||
           (t->whom == WHOM_CLASS && w->class_of[device] == t->number);
}

static void block(struct world *w, const struct timeline_entry *t)
{
    for (uint32_t device = 0; device < w->n_devices; device++) {
        if (is_meant(w, t, device)) {
            balancer_block(w->balancer, device, t->action == ACTION_BLOCK);
        }
    }
}

static void fail_back(struct world *w, const struct timeline_entry *t)
{
    const uint32_t from = balancer_active(w->balancer);
    balancer_fail_back(w->balancer, t->server);
    if (from != t->server) {
        end_connections(w, from, t->fate);
    }
}

void world_on_move(void *world, uint32_t from)
{
    end_connections(world, from, FATE_RESET);
    world_note_security(world);
}

/* ---- The timeline ---- */

static void perform(struct world *w, const struct timeline_entry *t)
{
    switch (t->action) {
    case ACTION_FAIL_HOST:
        fail_host(w, t);
        break;
    case ACTION_RESTART_HOST:
        restart_host(w, t->server, 0);
        break;
    case ACTION_RESTART_DEFRAG:
        restart_host(w, t->server, vm_host_defrag_s(&w->scenario->server[t->server].vm));
        break;
    case ACTION_RESTORE_HOST:
    case ACTION_RESTORE_OLD:
        restore(w, t);
        break;
    case ACTION_RESTORE_PROJECTION:
        world_change_security(w, SECURITY_PROJECTION, t->server, SECURITY_ALL_USERS);
        break;
    case ACTION_REDIRECT:
    case ACTION_FLAP: /* never comes: its flips are redirects */
        redirect(w, t);
        break;
    case ACTION_DRAIN:
        drain(w, t);
        break;
    case ACTION_FAIL_BACK:
        fail_back(w, t);
        break;
    case ACTION_CLEAR_ANCHORS:
    case ACTION_RESET:
    case ACTION_DELETE:
    case ACTION_SECURITY_DELETE:
    case ACTION_BAN:
    case ACTION_AVAILABLE_OFF:
    case ACTION_AVAILABLE_ON:
        world_tell_traveler(w, t);
        break;
    case ACTION_QUIT:
        end_server(w, world_console(w, t), t->fate);
        break;
    case ACTION_LOAD:
        load(w, t->server, 0);
        break;
    case ACTION_LOAD_DEFRAG:
        load(w, t->server, vm_host_defrag_s(&w->scenario->server[t->server].vm));
        break;
    case ACTION_BLOCK:
    case ACTION_RELEASE:
        block(w, t);
        break;
    case ACTION_FAIL_MAIL:
        mail_farm_fail(w->mail, t->number, w->age_s);
        break;
    case ACTION_RESTART_MAIL:
        mail_farm_restart(w->mail, t->number);
        break;
    case ACTION_FAIL_DATABASE:
        fail_database(w, t->fate);
        break;
    case ACTION_RESTART_DATABASE:
        restart_database(w);
        break;
    }
}

static const uint64_t one_step = UINT64_C(1) << 32; /* of an entry; below it is the entry */

struct moment {
    double at_s; /* since the failure */
    uint32_t entry, step;
};

static void on_timeline(void *self, uint64_t which)
{
    struct world *const w = self;
    const struct timeline_entry step =
        timeline_step(&w->scenario->timeline[which % one_step], (uint32_t)(which / one_step));
    world_come_to(w, fmin(step.at_s - w->scenario->outcome.failure_s, 0));
    perform(w, &step);
    world_note_security(w);
    w->n_timeline_done++;
    world_end_if_done(w);
}

static int compare_moments(const void *left, const void *right)
{
    const struct moment *const a = left;
    const struct moment *const b = right;
    if (a->at_s != b->at_s) {
        return a->at_s < b->at_s ? -1 : 1;
    }
    if (a->entry != b->entry) {
        return a->entry < b->entry ? -1 : 1;
    }
    return a->step < b->step ? -1 : a->step > b->step;
}

static void list_moments(const struct scenario *s, struct moment *moment)
{
    for (uint32_t i = 0; i < s->n_timeline; i++) {
        for (uint32_t k = 0; k < timeline_n_steps(&s->timeline[i]); k++) {
            const double at_s = timeline_step(&s->timeline[i], k).at_s;
            *moment++ = (struct moment){at_s - s->outcome.failure_s, i, k};
        }
    }
}

/* All that comes before the failure has one time of the clock: there it is done as it is scheduled. */
enum sim_err world_schedule_timeline(struct world *w)
{
    const struct scenario *const s = w->scenario;
    for (uint32_t i = 0; i < s->n_timeline; i++) {
        w->n_timeline_steps += timeline_n_steps(&s->timeline[i]);
    }
    struct moment *const moment = calloc((size_t)w->n_timeline_steps + 1, sizeof *moment);
    if (moment == NULL) {
        return SIM_ENOMEM;
    }
    list_moments(s, moment);
    qsort(moment, w->n_timeline_steps, sizeof *moment, compare_moments);
    for (uint32_t i = 0; i < w->n_timeline_steps; i++) {
        const struct moment *const m = &moment[i];
        sim_at(w->sim, fmax(m->at_s, 0), SIM_FIRST,
               (struct sim_call){on_timeline, w, m->entry + m->step * one_step});
    }
    w->age_s = w->n_timeline_steps > 0 ? fmax(-moment[0].at_s, 0) : 0;
    free(moment);
    return SIM_OK;
}

static bool is_failback_to_come(const struct world *w)
{
    return !balancer_is_settled(w->balancer) ||
           (w->scenario->balancer.failback == FAILBACK_AUTOMATIC && world_is_return_to_come(w));
}

bool world_timeline_is_over(const struct world *w)
{
    return w->n_timeline_done == w->n_timeline_steps && !is_failback_to_come(w) &&
           devices_n_leaving(w->devices) == 0;
}
