#include "models/world.h"

#include "models/collect.h"
#include "models/verify.h"
#include "models/world_timeline.h"

#include "sim/base/mem.h"

#include <math.h>
#include <stdlib.h>

/* ---- Building ---- */

static enum sim_err allocate(struct world *w)
{
    const struct scenario *const s = w->scenario;
    w->n_devices = scenario_n_devices(s);
    w->mailboxes = sim_zeros_create(s->users, sizeof *w->mailboxes);
    w->first_device_of = sim_zeros_create((size_t)s->users + 1, sizeof *w->first_device_of);
    w->user_of = sim_zeros_create(w->n_devices, sizeof *w->user_of);
    w->class_of = sim_zeros_create(w->n_devices, sizeof *w->class_of);
    w->is_vip = sim_zeros_create(w->n_devices, sizeof *w->is_vip);
    w->server = calloc(s->n_servers, sizeof *w->server);
    w->n_failures = calloc(s->n_servers, sizeof *w->n_failures);
    w->coming = calloc(s->n_servers, sizeof *w->coming);
    w->poison = calloc((size_t)s->poison.documents + 1, sizeof *w->poison);
    const bool ok = w->mailboxes != NULL && w->first_device_of != NULL && w->user_of != NULL &&
                    w->class_of != NULL && w->is_vip != NULL && w->server != NULL &&
                    w->n_failures != NULL && w->coming != NULL && w->poison != NULL;
    return ok ? SIM_OK : SIM_ENOMEM;
}

static bool is_stop_requested(const struct world *w)
{
    return w->stop_requested != NULL && w->stop_requested(w->stop_context);
}

/* Some of `i` only: a million users or devices take seconds, each of them less than a microsecond. */
static bool ends_at(const struct world *w, uint32_t i)
{
    enum { EVERY = 4096 };
    return i % EVERY == 0 && is_stop_requested(w);
}

/* Devices are spread evenly over users: user u has the devices from round(u d) on. */
static enum sim_err draw_population(struct world *w)
{
    const struct scenario *const s = w->scenario;
    for (uint32_t user = 0; user < s->users; user++) {
        if (ends_at(w, user)) {
            return SIM_ESTOPPED;
        }
        const double next = (user + 1.0) * s->devices.per_user;
        const uint32_t end = user + 1 == s->users ? w->n_devices : (uint32_t)floor(next + 0.5);
        w->first_device_of[user + 1] = end;
        for (uint32_t device = w->first_device_of[user]; device < end; device++) {
            w->user_of[device] = user;
        }
        mailbox_draw(&w->mailboxes[user], w->sim, &s->mailbox, &s->profile, user);
    }
    poison_draw(w->poison, w->sim, &s->poison, w->mailboxes, s->users);
    return SIM_OK;
}

bool world_is_pool(const struct world *w)
{
    return w->scenario->balancer.method == METHOD_POOL;
}

uint32_t world_active(const struct world *w)
{
    uint32_t first_up = 0;
    if (!world_is_pool(w)) {
        return balancer_active(w->balancer);
    }
    while (first_up < w->scenario->n_servers && !sync_server_is_up(w->server[first_up])) {
        first_up++;
    }
    return first_up < w->scenario->n_servers ? first_up : 0;
}

static double mean_rtt_s(const struct device_config *c)
{
    double mean_s = 0;
    for (uint32_t i = 0; i < c->n_classes; i++) {
        mean_s += c->device_class[i].share * sim_dist_mean(c->device_class[i].rtt);
    }
    return mean_s;
}

static enum sim_err build_network(struct world *w)
{
    const struct scenario *const s = w->scenario;
    const double rtt_s = mean_rtt_s(&s->devices);
    enum sim_err err = network_create(w->sim, &s->network, rtt_s, &w->network);
    for (uint32_t device = 0; device < w->n_devices && err == SIM_OK; device++) {
        uint64_t cap_bit_per_s;
        double line_rtt_s;
        w->class_of[device] = device_draw_class(w->sim, &s->devices, device);
        w->is_vip[device] = s->devices.device_class[w->class_of[device]].is_vip;
        device_draw_line(w->sim, &s->devices, &s->network.transport, w->class_of[device], device,
                         &cap_bit_per_s, &line_rtt_s);
        err = network_add_line(w->network, cap_bit_per_s, line_rtt_s);
        err = err == SIM_OK && ends_at(w, device) ? SIM_ESTOPPED : err;
    }
    return err;
}

/* Servers of a pool tell their index to a check, which says whether they are available. */
static bool is_server_up(void *self, uint32_t server)
{
    const struct world *const w = self;
    return sync_server_is_serving(w->server[server]) &&
           (!world_is_pool(w) || sync_server_is_available(w->server[server]));
}

static bool takes_users(void *self, uint32_t server, double *availability)
{
    const struct world *const w = self;
    *availability = pool_availability(w->server[server]);
    return sync_server_is_serving(w->server[server]) && /* who is down tells no index */
           sync_server_is_available(w->server[server]) &&
           *availability > 100 * w->scenario->pool.constrained_at;
}

/* Ports are bound to the devices, which are created last: the world passes on what servers say. */
static void on_stage(void *self, uint32_t device, enum device_stage stage)
{
    const struct world *const w = self;
    devices_on_stage(w->devices, device, stage);
}

static void on_answering(void *self, uint32_t device, double payload_byte)
{
    const struct world *const w = self;
    devices_on_answering(w->devices, device, payload_byte);
}

static void on_answer(void *self, uint32_t device, enum sync_answer answer)
{
    const struct world *const w = self;
    devices_on_answer(w->devices, device, answer);
}

static void on_poll(void *self, uint32_t device, bool is_parked)
{
    const struct world *const w = self;
    devices_on_poll(w->devices, device, is_parked);
}

static bool fetch_device(void *self, uint64_t device, unsigned step)
{
    const struct world *const w = self;
    return devices_fetch(w->devices, device, step);
}

static enum sim_err build_servers(struct world *w)
{
    const struct scenario *const s = w->scenario;
    const struct sync_port port = {w,       on_stage,       on_answering, on_answer,
                                   on_poll, world_on_crash, fetch_device};
    w->sync_world = (struct sync_world){
        .sim = w->sim,
        .network = w->network,
        .mail = w->mail,
        .pool = w->pool,
        .mailbox_config = &s->mailbox,
        .profile_config = &s->profile,
        .prime_config = &s->prime_sync,
        .device_config = &s->device_sync,
        .registration = &s->registration,
        .delta_config = &s->delta,
        .mailboxes = w->mailboxes,
        .user_of = w->user_of,
        .is_vip = w->is_vip,
        .first_device_of = w->first_device_of,
        .n_users = s->users,
        .n_devices = w->n_devices,
        .poison = w->poison,
        .poison_config = &s->poison,
        .heartbeat_s = s->devices.heartbeat_s,
    };
    enum sim_err err = SIM_OK;
    for (uint32_t i = 0; i < s->n_servers && err == SIM_OK; i++) {
        err = sync_server_create(&w->sync_world, &s->server[i], i, &port, &w->server[i]);
    }
    if (err == SIM_OK) {
        sync_server_fill_state(w->server[0]); /* it has had the devices for long */
    }
    return err;
}

static void raise_if(struct world *w, enum sim_err err)
{
    if (err != SIM_OK) {
        sim_raise(w->sim, err, "a result: %s", sim_err_text(err));
    }
}

void world_end_if_done(struct world *w)
{
    if (!w->is_complete && devices_n_full(w->devices) == devices_n_affected(w->devices) &&
        world_timeline_is_over(w)) {
        w->is_complete = true;
        raise_if(w, collect_result(w));
    }
}

/* The stragglers may take long, and say little about the servers: these are judged by the time until
 * most devices are done. After another loss that is found anew. */
static void on_became_full(void *self)
{
    struct world *const w = self;
    if (devices_n_full(w->devices) == result_n_most(devices_n_affected(w->devices))) {
        raise_if(w, collect_use(w));
    }
    world_end_if_done(w);
}

static enum sim_err build_devices(struct world *w)
{
    const struct scenario *const s = w->scenario;
    const struct device_world world = {
        .sim = w->sim,
        .config = &s->devices,
        .transport = &s->network.transport,
        .sync = &s->device_sync,
        .mailboxes = w->mailboxes,
        .user_of = w->user_of,
        .class_of = w->class_of,
        .n_users = s->users,
        .n_devices = w->n_devices,
        .balancer = w->balancer,
        .network = w->network,
        .servers = w->server,
        .is_pool = world_is_pool(w),
        .became_full = on_became_full,
        .self = w,
    };
    return devices_create(&world, &w->devices);
}

static enum sim_err build(struct world *w)
{
    const struct scenario *const s = w->scenario;
    enum sim_err err = allocate(w);
    if (err == SIM_OK) {
        err = draw_population(w);
    }
    if (err == SIM_OK) {
        err = build_network(w);
    }
    if (err == SIM_OK) {
        err = mail_farm_create(w->sim, &s->mail, &w->mail);
    }
    if (err == SIM_OK && world_is_pool(w)) {
        err = pool_database_create(w->sim, &s->pool.database, w->n_devices, s->users,
                                   s->poison.documents, &w->pool);
    }
    if (err == SIM_OK) {
        err = build_servers(w);
    }
    if (err == SIM_OK) {
        const struct balancer_port port = {w, is_server_up, takes_users, world_on_move};
        err = balancer_create(w->sim, &s->balancer, s->n_servers, w->n_devices, w->user_of, &port,
                              &w->balancer);
    }
    if (err == SIM_OK) {
        err = build_devices(w);
    }
    return err;
}

static void fini(struct world *w)
{
    devices_destroy(w->devices);
    for (uint32_t i = 0; w->server != NULL && i < w->scenario->n_servers; i++) {
        sync_server_destroy(w->server[i]);
    }
    pool_database_destroy(w->pool);
    balancer_destroy(w->balancer);
    mail_farm_destroy(w->mail);
    network_destroy(w->network);
    security_history_fini(&w->security);
    free(w->coming);
    free(w->poison);
    free(w->n_failures);
    free(w->server);
    free(w->is_vip);
    free(w->class_of);
    free(w->user_of);
    free(w->first_device_of);
    free(w->mailboxes);
    sim_destroy(w->sim);
}

/* ---- Running ---- */

static void on_watch(void *self, uint64_t unused)
{
    struct world *const w = self;
    (void)unused;
    if (is_stop_requested(w)) {
        sim_raise(w->sim, SIM_ESTOPPED, "stopped on request");
    }
}

static enum sim_err go(struct world *w, struct sim_error *e)
{
    enum { WATCH_EVERY = 4096 }; /* events: some milliseconds */
    struct collector *collector;
    enum sim_err err = collector_create(w, &collector);
    if (err != SIM_OK) {
        return sim_fail_memory(e, "a replication");
    }
    err = world_schedule_timeline(w);
    if (err != SIM_OK) {
        collector_destroy(collector);
        return sim_fail_memory(e, "the timeline");
    }
    sim_watch(w->sim, WATCH_EVERY, (struct sim_call){on_watch, w, 0});
    err = sim_run(w->sim, w->scenario->horizon_s);
    if (err != SIM_OK) {
        collector_destroy(collector);
        return sim_fail(e, err, "at %g s: %s", sim_now(w->sim), sim_error(w->sim)->text);
    }
    devices_close(w->devices);
    w->result->series = collector_take_series(collector);
    collector_destroy(collector);
    err = world_verify(w, e);
    if (err == SIM_OK && !w->is_complete && collect_result(w) != SIM_OK) {
        err = sim_fail_memory(e, "a result");
    }
    return err;
}

enum sim_err world_create(const struct scenario *scenario, uint32_t r,
                          bool (*stop_requested)(void *context), void *stop_context,
                          struct world **out, struct sim_error *e)
{
    struct world *const w = calloc(1, sizeof *w);
    if (w == NULL) {
        sim_fail_memory(e, "a replication");
        return SIM_ENOMEM;
    }
    w->scenario = scenario;
    w->stop_requested = stop_requested;
    w->stop_context = stop_context;
    enum sim_err err = sim_create(scenario->seed, r, &w->sim);
    if (err == SIM_OK) {
        err = build(w);
    }
    if (err != SIM_OK) {
        world_destroy(w);
        sim_fail(e, err, "a replication cannot be built: %s", sim_err_text(err));
        return err;
    }
    *out = w;
    return SIM_OK;
}

enum sim_err world_go(struct world *w, struct run_result *result, struct sim_error *e)
{
    *result = (struct run_result){0};
    w->result = result;
    const enum sim_err err = go(w, e);
    if (err != SIM_OK) {
        run_result_fini(result);
    }
    return err;
}

void world_destroy(struct world *w)
{
    if (w != NULL) {
        fini(w);
        free(w);
    }
}

enum sim_err world_run(const struct scenario *scenario, uint32_t r,
                       bool (*stop_requested)(void *context), void *stop_context,
                       struct run_result *result, struct sim_error *e)
{
    struct world *w;
    enum sim_err err = world_create(scenario, r, stop_requested, stop_context, &w, e);
    *result = (struct run_result){0};
    if (err == SIM_OK) {
        err = world_go(w, result, e);
        world_destroy(w);
    }
    return err;
}
