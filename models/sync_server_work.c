/* What is done for a request once it has its thread: HELLO, DELTA, CHUNK and POLL. */
#include "models/sync_server_internal.h"

#include "sim/base/mem.h"

#include <math.h>

/* ---- CHUNK and DELTA ---- */

static void on_sent(void *self, uint64_t device)
{
    sync_server_finish(self, (uint32_t)device, ANSWER_OK);
}

static double items_byte(const struct sync_world *w, const struct request *r, uint32_t user)
{
    return r->wanted.kind == REQUEST_DELTA
               ? mailbox_new_mail_byte(w->sim, w->mailbox_config, w->profile_config, user,
                                       r->wanted.chunk, r->wanted.n)
               : mailbox_chunk_byte(&w->mailboxes[user], w->sim, w->mailbox_config,
                                    w->profile_config, user, r->wanted.chunk, r->wanted.first,
                                    r->wanted.n);
}

static double payload_byte_of(const struct sync_server *s, uint32_t device)
{
    const struct sync_world *const w = s->world;
    const double byte = items_byte(w, &s->request[device], s->request[device].user);
    return fmax(byte * w->device_config->protocol_factor, 1);
}

/* Sync state is written for the items so far, in whole pages. */
static uint64_t chunk_commits(const struct sync_server *s, const struct request *r)
{
    const double pages_per_item =
        s->world->device_config->state_byte_per_item / s->world->prime_config->state_page_byte;
    const double before = ceil(r->wanted.first * pages_per_item);
    const double after = ceil((r->wanted.first + r->wanted.n) * pages_per_item);
    return (uint64_t)(after - before);
}

struct work sync_server_work_of(const struct sync_server *s, const struct request *r)
{
    const struct device_sync_config *const c = s->world->device_config;
    struct work work = {.mail_reads = r->wanted.n * c->reads_per_item,
                        .cpu_s = r->wanted.n * c->cpu_per_item_s,
                        .commits = chunk_commits(s, r)};
    if (r->wanted.kind == REQUEST_DELTA) { /* nobody has read the new mails before */
        work.mail_reads += s->world->delta_config->mail_reads +
                           r->wanted.n * s->world->prime_config->reads_per_item;
        work.cpu_s += s->world->delta_config->cpu_s;
        work.commits += s->world->delta_config->commits;
    }
    return work;
}

static void on_chunk_ready(void *self, uint64_t device)
{
    struct sync_server *const s = self;
    struct request *const r = &s->request[device];
    sync_host_return_heap(s->host, &r->heap);
    sim_station_release(s->workers, &r->worker);
    if (r->wanted.is_abandoned) {
        const struct work work = sync_server_work_of(s, r);
        sync_host_throw_away(s->host, &work);
        s->stats.discarded++;
        s->stats.discarded_items += r->wanted.n;
        sync_server_finish(s, (uint32_t)device, ANSWER_OK);
        return;
    }
    const double payload_byte = payload_byte_of(s, (uint32_t)device);
    r->step = STEP_SEND;
    s->port.answering(s->port.self, (uint32_t)device, payload_byte);
    sync_server_tell_stage(s, (uint32_t)device, STAGE_TRANSFER);
    network_transfer(s->world->network, (uint32_t)device, payload_byte,
                     (struct sim_call){on_sent, s, device}, &r->task);
}

void sync_server_on_phase(void *self, uint64_t device, enum work_phase phase)
{
    static const enum device_stage stages[] = {[WORK_NOTHING] = STAGE_SERVER_CPU,
                                               [WORK_MAIL] = STAGE_MAIL_SERVER,
                                               [WORK_CPU] = STAGE_SERVER_CPU,
                                               [WORK_STATE_DB] = STAGE_STATE_DB};
    sync_server_tell_stage(self, (uint32_t)device, stages[phase]);
}

static void on_heap(void *self, uint64_t device)
{
    struct sync_server *const s = self;
    struct request *const r = &s->request[device];
    struct work work = sync_server_work_of(s, r);
    work.user = s->request[device].user;
    work.done = (struct sim_call){on_chunk_ready, s, device};
    work.tells_phases = true;
    r->step = STEP_WORK_CHUNK;
    sync_host_start_work(s->host, &work, &r->task);
}

static void on_worker(void *self, uint64_t device, enum sim_station_outcome outcome)
{
    struct sync_server *const s = self;
    struct request *const r = &s->request[device];
    SIM_ASSERT(outcome == SIM_STATION_STARTED); /* the line is unbounded and patient */
    r->step = STEP_HEAP_LINE;
    sync_host_take_heap(s->host, (struct sim_call){on_heap, s, device}, &r->heap);
}

static void start_device_sync(struct sync_server *s, uint32_t device)
{
    const struct sim_station_job job = {.service_s = SIM_STATION_HELD,
                                        .priority = sync_server_priority(s, device),
                                        .fn = on_worker,
                                        .self = s,
                                        .arg = device};
    s->request[device].step = STEP_WORKER_LINE;
    sync_server_tell_stage(s, device, STAGE_SYNC_QUEUE);
    sim_station_enter(s->workers, &job, &s->request[device].worker);
}

/* ---- Adaptive initial sync ---- */

void sync_server_no_longer_urgent(struct sync_server *s, struct request *r)
{
    s->n_urgent -= r->is_urgent;
    r->is_urgent = false;
}

static bool is_first_day(const struct sync_server *s, uint32_t device)
{
    const struct request *const r = &s->request[device];
    return r->wanted.first == 0 ||
           r->wanted.first < s->world->mailboxes[s->request[device].user].today;
}

static void hold(struct sync_server *s, uint32_t device)
{
    const enum sim_err err = sim_grow(&s->held, &s->held_capacity, s->n_held + 1, sizeof *s->held);
    if (err != SIM_OK) {
        sim_raise(s->world->sim, err, "a sync server: %s", sim_err_text(err));
        return;
    }
    s->held[s->n_held++] = device;
    s->request[device].step = STEP_HELD;
    sync_server_tell_stage(s, device, STAGE_SYNC_QUEUE);
}

/* A chunk goes on to the workers, or is held back. */
static void start_chunk(struct sync_server *s, uint32_t device)
{
    const struct adaptive_config *const c = &s->world->device_config->adaptive;
    if (c->is_enabled && !is_first_day(s, device) && s->n_urgent > c->most_urgent) {
        hold(s, device);
    } else {
        start_device_sync(s, device);
    }
}

void sync_server_release_held(struct sync_server *s)
{
    if (s->n_held == 0 || s->n_urgent > s->world->device_config->adaptive.most_urgent) {
        return;
    }
    const size_t n = s->n_held;
    s->n_held = 0; /* who starts now is not held again, so the list is not written meanwhile */
    for (size_t i = 0; i < n; i++) {
        if (s->request[s->held[i]].step == STEP_HELD) {
            start_device_sync(s, s->held[i]);
        }
    }
}

/* ---- Prime syncs ---- */

static void request_prime(struct sync_server *s, uint32_t device)
{
    prime_sync_request(s->prime, s->request[device].user, s->request[device].is_vip);
}

static void wait_for_prime(struct sync_server *s, uint32_t device, enum prime_state state)
{
    switch (state) {
    case PRIME_NONE: /* a failure of the host has cut it short */
        request_prime(s, device);
        break;
    case PRIME_QUEUED:
        sync_server_tell_stage(s, device, STAGE_PRIME_QUEUE);
        break;
    case PRIME_RUNNING:
        sync_server_tell_stage(s, device, STAGE_PRIME_RUN);
        break;
    case PRIME_DONE:
        start_chunk(s, device);
        break;
    }
}

void sync_server_on_prime_change(void *self, uint32_t user, enum prime_state state)
{
    struct sync_server *const s = self;
    const uint32_t *const first = s->world->first_device_of;
    s->n_urgent += state == PRIME_QUEUED;
    for (uint32_t device = first[user]; device < first[user + 1]; device++) {
        if (s->request[device].step == STEP_WAIT_PRIME) {
            wait_for_prime(s, device, state);
        }
    }
    s->n_urgent -= state == PRIME_DONE || state == PRIME_NONE; /* done, or dropped */
    sync_server_release_held(s);
}

/* Of its own database the server remembers which lists are there, so that neither the job of a prime sync nor the
 * list is looked at for each chunk. */
static enum prime_state prime_state_of(const struct sync_server *s, struct request *r)
{
    const bool is_seen = s->list_epoch != 0 && r->list_epoch == s->list_epoch;
    const enum prime_state state = is_seen ? PRIME_DONE : prime_sync_state(s->prime, r->user);
    if (state == PRIME_DONE) {
        r->list_epoch = s->list_epoch;
    }
    return state;
}

static void begin_chunk(struct sync_server *s, uint32_t device)
{
    struct request *const r = &s->request[device];
    r->step = STEP_WAIT_PRIME;
    r->is_urgent = s->world->device_config->adaptive.is_enabled && is_first_day(s, device);
    s->n_urgent += r->is_urgent;
    wait_for_prime(s, device, prime_state_of(s, r));
}

/* ---- HELLO ---- */

/* The device has been elsewhere since the server last knew it, and so have the changes of its user's mail
 * file: the list is made anew, once. */
static void drop_old_list(struct sync_server *s, uint32_t device)
{
    const uint32_t user = s->request[device].user;
    const uint32_t key = state_db_key(s->state, device);
    const uint32_t shown_key = s->request[device].wanted.first;
    if (key != STATE_KEY_NONE && key < shown_key && state_db_is_list_old(s->state, user)) {
        prime_sync_forget_user(s->prime, user);
        sync_server_miss_lists(s);
    }
}

static struct work hello_work(const struct sync_server *s, uint32_t device)
{
    const struct registration_config *const c = s->world->registration;
    return (struct work){.user = s->request[device].user,
                         .mail_reads = c->mail_reads,
                         .cpu_s = c->cpu_s,
                         .commits = c->commits};
}

static void on_registered(void *self, uint64_t arg)
{
    struct sync_server *const s = self;
    const uint32_t device = (uint32_t)arg;
    drop_old_list(s, device);
    state_db_register(s->state, device, s->request[device].wanted.first);
    request_prime(s, device);
    if (s->request[device].wanted.is_abandoned) {
        const struct work work = hello_work(s, device);
        sync_host_throw_away(s->host, &work); /* it will register again */
    } else {
        s->port.answering(s->port.self, device, 0);
    }
    sync_server_finish(s, device, ANSWER_OK);
}

static void begin_hello(struct sync_server *s, uint32_t device)
{
    struct request *const r = &s->request[device];
    struct work work = hello_work(s, device);
    work.done = (struct sim_call){on_registered, s, device};
    r->step = STEP_WORK_HELLO;
    sync_server_tell_stage(s, device, STAGE_REGISTER);
    sync_host_start_work(s->host, &work, &r->task);
}

/* ---- POLL ---- */

static void on_heartbeat(void *self, uint64_t device)
{
    sync_server_finish(self, (uint32_t)device, ANSWER_OK);
}

static void begin_poll(struct sync_server *s, uint32_t device)
{
    struct request *const r = &s->request[device];
    r->step = STEP_PARKED;
    if (!r->wanted.is_abandoned) {
        s->port.poll(s->port.self, device, true);
    }
    r->task =
        sim_after(s->world->sim, s->world->heartbeat_s, (struct sim_call){on_heartbeat, s, device});
}

/* ---- What events touch, so that it is asked of the memory before (sim_foresee in sim/core/sim.h) ---- */

/* Of an older request, which the next one ends or stands behind: what it holds. */
static void fetch_older(const struct sync_server *s, uint32_t device)
{
    const struct request *const r = &s->request[device];
    __builtin_prefetch(&s->successor[device], 1);
    sim_station_fetch_job(s->threads, r->thread);
    sim_station_fetch_job(s->workers, r->worker);
}

/* First the request, then what it says. */
static bool fetch_first(const struct sync_server *s, uint32_t device, unsigned step)
{
    const struct request *const r = &s->request[device];
    if (step == 0) {
        __builtin_prefetch(r, 1);
        return true;
    }
    if (step == 1 && (s->list_epoch == 0 || r->list_epoch != s->list_epoch)) {
        prime_sync_fetch(s->prime, r->user);
    }
    return mail_farm_fetch(s->world->mail, r->user, step - 1);
}

bool sync_server_fetch(const struct sync_server *s, uint32_t device, unsigned step)
{
    if (step == 1 && s->request[device].step != STEP_NONE) {
        fetch_older(s, device);
    }
    return fetch_first(s, device, step);
}

static bool fetch_begin(void *self, uint64_t device, unsigned step)
{
    const struct sync_server *const s = self;
    if (step <= 1) {
        s->port.fetch(s->port.self, device, step);
    }
    return fetch_first(s, (uint32_t)device, step);
}

/* Its device is told. */
bool sync_server_fetch_phase(void *self, uint64_t device, unsigned step)
{
    const struct sync_server *const s = self;
    if (step == 0) {
        __builtin_prefetch(&s->request[device], 1);
    }
    return s->port.fetch(s->port.self, device, step);
}

static bool fetch_chunk_ready(void *self, uint64_t device, unsigned step)
{
    const struct sync_server *const s = self;
    const struct request *const r = &s->request[device];
    if (step == 0) {
        __builtin_prefetch(r, 1);
    } else {
        sim_station_fetch_job(s->workers, r->worker);
        sync_host_fetch_heap(s->host, r->heap);
        network_fetch_line(s->world->network, (uint32_t)device);
        __builtin_prefetch(&s->world->mailboxes[s->request[device].user]);
    }
    return s->port.fetch(s->port.self, device, step);
}

static bool fetch_end(void *self, uint64_t device, unsigned step)
{
    const struct sync_server *const s = self;
    const struct request *const r = &s->request[device];
    if (step == 0) {
        __builtin_prefetch(r, 1);
    } else {
        sim_station_fetch_job(s->threads, r->thread);
    }
    return s->port.fetch(s->port.self, device, step);
}

/* Of a user whose prime sync changes its state: his devices, the request of the first, and the device. */
static bool fetch_prime_change(void *self, uint64_t user, unsigned step)
{
    const struct sync_server *const s = self;
    const uint32_t *const first = &s->world->first_device_of[user];
    if (step == 0) {
        __builtin_prefetch(first);
        return true;
    }
    if (step == 1) {
        __builtin_prefetch(&s->request[*first], 1);
    }
    return s->port.fetch(s->port.self, *first, step - 1);
}

/* A device that the server knows now, and its user, whose list is made. */
static bool fetch_registered(void *self, uint64_t device, unsigned step)
{
    const struct sync_server *const s = self;
    if (step == 0) {
        state_db_fetch_device(s->state, (uint32_t)device);
    } else {
        const uint32_t user = s->request[device].user;
        prime_sync_fetch(s->prime, user);
        __builtin_prefetch(&s->world->mailboxes[user]);
        __builtin_prefetch(&s->world->first_device_of[user]);
    }
    return fetch_end(self, device, step);
}

void sync_server_foresee(struct sync_server *s)
{
    struct sim *const sim = s->world->sim;
    sim_foresee(sim, on_chunk_ready, fetch_chunk_ready);
    sim_foresee(sim, on_heap, fetch_begin);
    sim_foresee(sim, on_sent, fetch_end);
    sim_foresee(sim, on_heartbeat, fetch_end);
    sim_foresee(sim, on_registered, fetch_registered);
    prime_sync_foresee(s->prime, fetch_prime_change);
    sim_station_foresee(s->threads, fetch_begin);
    sim_station_foresee(s->workers, fetch_begin);
}

void sync_server_begin(struct sync_server *s, uint32_t device)
{
    static void (*const begin_kind[])(struct sync_server *,
                                      uint32_t) = {[REQUEST_HELLO] = begin_hello,
                                                   [REQUEST_DELTA] = start_device_sync,
                                                   [REQUEST_CHUNK] = begin_chunk,
                                                   [REQUEST_POLL] = begin_poll};
    begin_kind[s->request[device].wanted.kind](s, device);
}
