#include "models/sync_server_internal.h"

#include "sim/base/mem.h"

#include <math.h>
#include <stdlib.h>

static enum sim_err create_parts(struct sync_server *s)
{
    const struct sync_world *const w = s->world;
    const struct sync_server_config *const c = s->config;
    s->request = sim_lines_create(w->n_devices, sizeof *s->request);
    s->successor = sim_zeros_create(w->n_devices, sizeof *s->successor);
    if (s->request == NULL || s->successor == NULL) {
        return SIM_ENOMEM;
    }
    for (uint32_t device = 0; device < w->n_devices; device++) {
        s->request[device].user = w->user_of[device];
        s->request[device].is_vip = w->is_vip[device];
    }
    enum sim_err err = sync_host_create(w->sim, &c->host, w->mail, w->pool, &s->host);
    if (err == SIM_OK && w->pool == NULL) {
        err = state_db_create(w->n_devices, w->n_users, w->poison_config->documents, &s->own_state);
    }
    s->list_epoch = w->pool == NULL; /* a list of a pool may be dropped by another server */
    s->state = w->pool != NULL ? pool_database_state(w->pool) : s->own_state;
    if (err == SIM_OK) {
        err =
            prime_sync_create(w->sim, w->prime_config, s->host, s->state, c->prime_workers,
                              w->mailboxes, w->n_users, sync_server_on_prime_change, s, &s->prime);
    }
    if (err == SIM_OK && w->poison_config->documents > 0) {
        const struct prime_watch watch = {sync_server_meets_poison, s};
        prime_sync_watch(s->prime, &watch);
    }
    if (err == SIM_OK) {
        err = sim_station_create(w->sim, c->http_threads, c->http_backlog, &s->threads);
    }
    if (err == SIM_OK) {
        err = sim_station_create(w->sim, c->device_workers, SIM_STATION_UNBOUNDED, &s->workers);
    }
    return err;
}

enum sim_err sync_server_create(const struct sync_world *world,
                                const struct sync_server_config *config, uint32_t index,
                                const struct sync_port *port, struct sync_server **out)
{
    struct sync_server *const s = calloc(1, sizeof *s);
    if (s == NULL) {
        return SIM_ENOMEM;
    }
    s->world = world;
    s->config = config;
    s->index = index;
    s->port = *port;
    s->is_up = true;
    const enum sim_err err = create_parts(s);
    if (err != SIM_OK) {
        sync_server_destroy(s);
        return err;
    }
    sync_host_tell_phases(s->host, sync_server_on_phase, sync_server_fetch_phase);
    sync_server_foresee(s);
    *out = s;
    return SIM_OK;
}

void sync_server_destroy(struct sync_server *s)
{
    if (s == NULL) {
        return;
    }
    sim_station_destroy(s->threads);
    sim_station_destroy(s->workers);
    prime_sync_destroy(s->prime);
    state_db_destroy(s->own_state);
    sync_host_destroy(s->host);
    free(s->request);
    free(s->successor);
    free(s->held);
    free(s);
}

void sync_server_tell_stage(struct sync_server *s, uint32_t device, enum device_stage stage)
{
    if (!s->request[device].wanted.is_abandoned) {
        s->port.stage(s->port.self, device, stage);
    }
}

/* What is known of the device stays. */
static void clear(struct request *r)
{
    *r = (struct request){.user = r->user,
                          .list_epoch = r->list_epoch,
                          .is_vip = r->is_vip,
                          .has_successor = r->has_successor};
}

static void cancel_task(struct sync_server *s, struct request *held)
{
    if (held->step == STEP_PARKED) {
        sim_cancel(s->world->sim, &held->task);
    } else if (held->step == STEP_SEND) {
        const struct work work = sync_server_work_of(s, held);
        sync_host_throw_away(s->host, &work); /* it will ask for the same again */
        network_cancel(s->world->network, &held->task);
    } else {
        sync_host_cancel_work(s->host, &held->task);
    }
}

/* Takes back whatever the request holds or waits for. */
static void drop(struct sync_server *s, uint32_t device)
{
    struct request *const r = &s->request[device];
    sync_server_no_longer_urgent(s, r);
    struct request held = *r;
    clear(r);
    cancel_task(s, &held);
    sync_host_return_heap(s->host, &held.heap);
    sim_station_cancel(s->workers, &held.worker);
    sim_station_cancel(s->threads, &held.thread);
}

void sync_server_finish(struct sync_server *s, uint32_t device, enum sync_answer answer)
{
    struct request *const r = &s->request[device];
    const bool tell = !r->wanted.is_abandoned;
    struct sim_handle thread = r->thread;
    sync_server_no_longer_urgent(s, r);
    clear(r);
    if (answer != ANSWER_REFUSED) {
        s->stats.answered += tell;
        s->stats.unheard += !tell;
        sim_station_release(s->threads, &thread);
    }
    if (tell) {
        s->port.answer(s->port.self, device, answer);
    }
    sync_server_release_held(s);
}

double sync_server_priority(const struct sync_server *s, uint32_t device)
{
    return s->request[device].is_vip ? -1 : 0;
}

/* ---- All requests ---- */

static void on_thread(void *self, uint64_t device, enum sim_station_outcome outcome)
{
    struct sync_server *const s = self;
    if (outcome == SIM_STATION_REFUSED) {
        s->stats.refused++;
        sync_server_finish(s, (uint32_t)device, ANSWER_REFUSED);
    } else {
        sync_server_begin(s, (uint32_t)device);
    }
}

static void drop_replaced(struct sync_server *s, uint32_t device)
{
    if (s->request[device].step != STEP_NONE) {
        SIM_ASSERT(s->request[device].wanted.is_abandoned);
        s->stats.replaced++;
        drop(s, device);
    }
}

static struct successor take_successor(struct sync_server *s, uint32_t device)
{
    const struct successor next = s->successor[device];
    s->successor[device] = (struct successor){0};
    s->request[device].has_successor = false;
    return next;
}

/* The thread of the successor finds the older request, if that is still there, and closes it. */
static void on_successor_thread(void *self, uint64_t arg, enum sim_station_outcome outcome)
{
    struct sync_server *const s = self;
    const uint32_t device = (uint32_t)arg;
    const struct successor next = take_successor(s, device);
    struct request *const r = &s->request[device];
    if (outcome == SIM_STATION_REFUSED) {
        s->stats.refused++;
        s->port.answer(s->port.self, device, ANSWER_REFUSED); /* just sent: it listens */
        return;
    }
    drop_replaced(s, device);
    r->wanted = next.wanted;
    r->thread = next.thread;
    sync_server_begin(s, device);
}

static void drop_successor(struct sync_server *s, uint32_t device)
{
    if (s->request[device].has_successor) {
        struct successor next = take_successor(s, device);
        sim_station_cancel(s->threads, &next.thread);
    }
}

static void enter_as_successor(struct sync_server *s, uint32_t device, const struct wanted *wanted)
{
    struct successor *const next = &s->successor[device];
    const struct sim_station_job job = {.service_s = SIM_STATION_HELD,
                                        .priority = sync_server_priority(s, device),
                                        .fn = on_successor_thread,
                                        .self = s,
                                        .arg = device};
    if (s->request[device].has_successor) {
        s->stats.replaced++;
        drop_successor(s, device);
    }
    s->request[device].has_successor = true;
    next->wanted = *wanted;
    sim_station_enter(s->threads, &job, &next->thread);
}

static void enter_as_request(struct sync_server *s, uint32_t device, const struct wanted *wanted)
{
    struct request *const r = &s->request[device];
    const struct sim_station_job job = {.service_s = SIM_STATION_HELD,
                                        .priority = sync_server_priority(s, device),
                                        .fn = on_thread,
                                        .self = s,
                                        .arg = device};
    r->wanted = *wanted;
    r->step = STEP_THREAD_LINE;
    sim_station_enter(s->threads, &job, &r->thread);
}

void sync_server_request(struct sync_server *s, uint32_t device, enum sync_request kind,
                         uint32_t chunk, uint32_t first, uint32_t n)
{
    const struct wanted wanted = {.kind = (uint8_t)kind, .chunk = chunk, .first = first, .n = n};
    struct request *const r = &s->request[device];
    SIM_ASSERT(s->is_up);
    s->stats.requests++;
    if (kind != REQUEST_POLL) {
        s->port.stage(s->port.self, device, STAGE_HTTP_QUEUE);
    }
    if (r->step == STEP_THREAD_LINE) {
        drop_replaced(s, device); /* nothing has been done for it */
    }
    if (s->is_without_database || (s->is_unavailable && kind != REQUEST_CHUNK)) {
        s->stats.refused++;
        s->port.answer(s->port.self, device, ANSWER_REFUSED);
    } else if (r->step == STEP_NONE && !r->has_successor) {
        enter_as_request(s, device, &wanted);
    } else {
        enter_as_successor(s, device, &wanted);
    }
    if (kind == REQUEST_POLL && r->step != STEP_PARKED) {
        s->port.poll(s->port.self, device, false); /* in line, or refused */
    }
}

void sync_server_abandon(struct sync_server *s, uint32_t device)
{
    s->request[device].wanted.is_abandoned = true;
    if (s->request[device].has_successor) {
        s->successor[device].wanted.is_abandoned = true;
    }
}

/* ---- Ends from outside ---- */

static void cut(struct sync_server *s, uint32_t device)
{
    s->stats.cut += s->request[device].step != STEP_NONE;
    s->stats.cut += s->request[device].has_successor;
    drop_successor(s, device); /* first, or it would get the thread */
    drop(s, device);
}

void sync_server_drop(struct sync_server *s, uint32_t device)
{
    sync_server_abandon(s, device);
    cut(s, device);
}

void sync_server_close_connections(struct sync_server *s)
{
    for (uint32_t device = 0; device < s->world->n_devices; device++) {
        const uint8_t step = s->request[device].step;
        sync_server_abandon(s, device);
        if (step == STEP_SEND || step == STEP_PARKED) {
            s->stats.cut++;
            drop(s, device);
        }
    }
}

static void end_all(struct sync_server *s)
{
    const uint32_t n = s->world->n_devices;
    for (uint32_t device = 0; device < n; device++) {
        sync_server_abandon(s, device); /* nothing that follows is told to a device */
    }
    sim_station_clear(s->threads);
    sim_station_clear(s->workers);
    prime_sync_stop(s->prime);
    for (uint32_t device = 0; device < n; device++) {
        cut(s, device);
    }
    s->n_urgent = 0;
    s->n_held = 0;
}

void sync_server_fail(struct sync_server *s)
{
    s->is_up = s->is_crashing = s->is_unavailable = false;
    end_all(s);
}

void sync_server_lose_database(struct sync_server *s)
{
    s->is_without_database = true;
    end_all(s);
}

void sync_server_regain_database(struct sync_server *s)
{
    s->is_without_database = false;
}

void sync_server_restart(struct sync_server *s)
{
    SIM_ASSERT(!s->is_up);
    s->is_up = true;
}

uint64_t sync_server_n_present(const struct sync_server *s)
{
    uint64_t n = 0;
    for (uint32_t device = 0; device < s->world->n_devices; device++) {
        n += s->request[device].step != STEP_NONE;
        n += s->request[device].has_successor;
    }
    return n;
}

bool sync_server_is_up(const struct sync_server *s)
{
    return s->is_up;
}

bool sync_server_is_serving(const struct sync_server *s)
{
    return s->is_up && !s->is_without_database;
}

void sync_server_set_available(struct sync_server *s, bool is_available)
{
    s->is_unavailable = !is_available;
}

bool sync_server_is_available(const struct sync_server *s)
{
    return !s->is_unavailable;
}

const char *sync_server_name(const struct sync_server *s)
{
    return s->config->name;
}

const struct sim_station *sync_server_threads(const struct sync_server *s)
{
    return s->threads;
}

const struct sim_station *sync_server_device_workers(const struct sync_server *s)
{
    return s->workers;
}

const struct prime_sync *sync_server_prime(const struct sync_server *s)
{
    return s->prime;
}

struct sync_host *sync_server_host(const struct sync_server *s)
{
    return s->host;
}

const struct sync_server_stats *sync_server_stats(const struct sync_server *s)
{
    return &s->stats;
}
