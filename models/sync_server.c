#include "models/sync_server.h"

#include "sim/base/mem.h"

#include <math.h>
#include <stdlib.h>

/* Where a request stands; also what it holds. */
enum step {
    STEP_NONE,
    STEP_THREAD_LINE,
    STEP_WORK_HELLO,
    STEP_WAIT_PRIME,
    STEP_WORKER_LINE,
    STEP_HEAP_LINE,
    STEP_WORK_CHUNK,
    STEP_SEND,
    STEP_PARKED,
};

/* A cache line: with a million devices it comes from memory at each event. */
struct request {
    uint8_t kind; /* enum sync_request */
    uint8_t step; /* enum step */
    bool is_abandoned;
    uint32_t chunk, first, n;
    struct sim_handle thread, worker, heap, work, transfer, heartbeat;
};

_Static_assert(sizeof(struct request) == 64, "a cache line");

struct sync_server {
    const struct sync_world *world;
    const struct sync_server_config *config;
    struct sync_port port;
    struct sync_host *host;
    struct prime_sync *prime;
    struct sim_station *threads, *workers;
    struct request *request; /* by device */
    bool *knows;             /* by device */
    bool is_up;
    struct sync_server_stats stats;
};

static void on_prime_change(void *self, uint32_t user, enum prime_state state);

static enum sim_err create_parts(struct sync_server *s)
{
    const struct sync_world *const w = s->world;
    const struct sync_server_config *const c = s->config;
    s->request = sim_lines_create(w->n_devices, sizeof *s->request);
    s->knows = calloc(w->n_devices, sizeof *s->knows);
    if (s->request == NULL || s->knows == NULL) {
        return SIM_ENOMEM;
    }
    enum sim_err err = sync_host_create(w->sim, &c->host, w->mail, &s->host);
    if (err == SIM_OK) {
        err = prime_sync_create(w->sim, w->prime_config, s->host, c->prime_workers, w->mailboxes,
                                w->n_users, on_prime_change, s, &s->prime);
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
                                const struct sync_server_config *config,
                                const struct sync_port *port, struct sync_server **out)
{
    struct sync_server *const s = calloc(1, sizeof *s);
    if (s == NULL) {
        return SIM_ENOMEM;
    }
    s->world = world;
    s->config = config;
    s->port = *port;
    s->is_up = true;
    const enum sim_err err = create_parts(s);
    if (err != SIM_OK) {
        sync_server_destroy(s);
        return err;
    }
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
    sync_host_destroy(s->host);
    free(s->request);
    free(s->knows);
    free(s);
}

static void tell_stage(struct sync_server *s, uint32_t device, enum device_stage stage)
{
    if (!s->request[device].is_abandoned) {
        s->port.stage(s->port.self, device, stage);
    }
}

/* Takes back whatever the request holds or waits for. */
static void drop(struct sync_server *s, uint32_t device)
{
    struct request *const r = &s->request[device];
    struct request held = *r;
    *r = (struct request){0};
    sim_cancel(s->world->sim, &held.heartbeat);
    network_cancel(s->world->network, &held.transfer);
    sync_host_cancel_work(s->host, &held.work);
    sync_host_return_heap(s->host, &held.heap);
    sim_station_cancel(s->workers, &held.worker);
    sim_station_cancel(s->threads, &held.thread);
}

/* The request is over: its thread is free and the device, if it still listens, is told. */
static void finish(struct sync_server *s, uint32_t device, enum sync_answer answer)
{
    struct request *const r = &s->request[device];
    const bool tell = !r->is_abandoned;
    struct sim_handle thread = r->thread;
    *r = (struct request){0};
    if (answer != ANSWER_REFUSED) {
        sim_station_release(s->threads, &thread);
    }
    if (tell) {
        s->port.answer(s->port.self, device, answer);
    }
}

/* ---- CHUNK ---- */

static void on_sent(void *self, uint64_t device)
{
    finish(self, (uint32_t)device, ANSWER_OK);
}

static double chunk_payload_byte(const struct sync_server *s, uint32_t device)
{
    const struct sync_world *const w = s->world;
    const struct request *const r = &s->request[device];
    const uint32_t user = w->user_of[device];
    const double byte = mailbox_chunk_byte(&w->mailboxes[user], w->sim, w->mailbox_config,
                                           w->profile_config, user, r->chunk, r->first, r->n);
    return fmax(byte * w->device_config->protocol_factor, 1);
}

static void on_chunk_ready(void *self, uint64_t device)
{
    struct sync_server *const s = self;
    struct request *const r = &s->request[device];
    sync_host_return_heap(s->host, &r->heap);
    sim_station_release(s->workers, &r->worker);
    if (r->is_abandoned) {
        s->stats.discarded++;
        s->stats.discarded_items += r->n;
        finish(s, (uint32_t)device, ANSWER_OK);
        return;
    }
    const double payload_byte = chunk_payload_byte(s, (uint32_t)device);
    r->step = STEP_SEND;
    s->port.answering(s->port.self, (uint32_t)device, payload_byte);
    tell_stage(s, (uint32_t)device, STAGE_TRANSFER);
    network_transfer(s->world->network, (uint32_t)device, payload_byte,
                     (struct sim_call){on_sent, s, device}, &r->transfer);
}

static void on_chunk_phase(void *self, uint64_t device, enum work_phase phase)
{
    static const enum device_stage stages[] = {[WORK_NOTHING] = STAGE_SERVER_CPU,
                                               [WORK_MAIL] = STAGE_MAIL_SERVER,
                                               [WORK_CPU] = STAGE_SERVER_CPU,
                                               [WORK_STATE_DB] = STAGE_STATE_DB};
    tell_stage(self, (uint32_t)device, stages[phase]);
}

/* Sync state is written for the items so far, in whole pages. */
static uint64_t chunk_commits(const struct sync_server *s, const struct request *r)
{
    const double pages_per_item =
        s->world->device_config->state_byte_per_item / s->world->prime_config->state_page_byte;
    const double before = ceil(r->first * pages_per_item);
    const double after = ceil((r->first + r->n) * pages_per_item);
    return (uint64_t)(after - before);
}

static void on_heap(void *self, uint64_t device)
{
    struct sync_server *const s = self;
    struct request *const r = &s->request[device];
    const struct device_sync_config *const c = s->world->device_config;
    const struct work work = {
        .user = s->world->user_of[device],
        .mail_reads = r->n * c->reads_per_item,
        .cpu_s = r->n * c->cpu_per_item_s,
        .commits = chunk_commits(s, r),
        .done = {on_chunk_ready, s, device},
        .on_phase = on_chunk_phase,
        .self = s,
        .arg = device,
    };
    r->step = STEP_WORK_CHUNK;
    sync_host_start_work(s->host, &work, &r->work);
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
    const struct sim_station_job job = {
        .service_s = SIM_STATION_HELD, .fn = on_worker, .self = s, .arg = device};
    s->request[device].step = STEP_WORKER_LINE;
    tell_stage(s, device, STAGE_SYNC_QUEUE);
    sim_station_enter(s->workers, &job, &s->request[device].worker);
}

static void wait_for_prime(struct sync_server *s, uint32_t device, enum prime_state state)
{
    switch (state) {
    case PRIME_NONE: /* registration has asked for it */
        SIM_ASSERT(false);
        break;
    case PRIME_QUEUED:
        tell_stage(s, device, STAGE_PRIME_QUEUE);
        break;
    case PRIME_RUNNING:
        tell_stage(s, device, STAGE_PRIME_RUN);
        break;
    case PRIME_DONE:
        start_device_sync(s, device);
        break;
    }
}

static void on_prime_change(void *self, uint32_t user, enum prime_state state)
{
    struct sync_server *const s = self;
    const uint32_t *const first = s->world->first_device_of;
    for (uint32_t device = first[user]; device < first[user + 1]; device++) {
        if (s->request[device].step == STEP_WAIT_PRIME) {
            wait_for_prime(s, device, state);
        }
    }
}

static void begin_chunk(struct sync_server *s, uint32_t device)
{
    s->request[device].step = STEP_WAIT_PRIME;
    wait_for_prime(s, device, prime_sync_state(s->prime, s->world->user_of[device]));
}

/* ---- HELLO ---- */

static void on_registered(void *self, uint64_t device)
{
    struct sync_server *const s = self;
    s->knows[device] = true;
    prime_sync_request(s->prime, s->world->user_of[device]);
    if (!s->request[device].is_abandoned) {
        s->port.answering(s->port.self, (uint32_t)device, 0);
    }
    finish(s, (uint32_t)device, ANSWER_OK);
}

static void begin_hello(struct sync_server *s, uint32_t device)
{
    struct request *const r = &s->request[device];
    const struct registration_config *const c = s->world->registration;
    const struct work work = {
        .user = s->world->user_of[device],
        .mail_reads = c->mail_reads,
        .cpu_s = c->cpu_s,
        .commits = c->commits,
        .done = {on_registered, s, device},
    };
    r->step = STEP_WORK_HELLO;
    tell_stage(s, device, STAGE_REGISTER);
    sync_host_start_work(s->host, &work, &r->work);
}

/* ---- POLL ---- */

static void on_heartbeat(void *self, uint64_t device)
{
    finish(self, (uint32_t)device, ANSWER_OK);
}

static void begin_poll(struct sync_server *s, uint32_t device)
{
    struct request *const r = &s->request[device];
    r->step = STEP_PARKED;
    r->heartbeat =
        sim_after(s->world->sim, s->world->heartbeat_s, (struct sim_call){on_heartbeat, s, device});
}

/* ---- All requests ---- */

static void on_thread(void *self, uint64_t device, enum sim_station_outcome outcome)
{
    static void (*const begin[])(struct sync_server *, uint32_t) = {
        [REQUEST_HELLO] = begin_hello, [REQUEST_CHUNK] = begin_chunk, [REQUEST_POLL] = begin_poll};
    struct sync_server *const s = self;
    if (outcome == SIM_STATION_REFUSED) {
        s->stats.refused++;
        finish(s, (uint32_t)device, ANSWER_REFUSED);
        return;
    }
    begin[s->request[device].kind](s, (uint32_t)device);
}

void sync_server_request(struct sync_server *s, uint32_t device, enum sync_request kind,
                         uint32_t chunk, uint32_t first, uint32_t n)
{
    struct request *const r = &s->request[device];
    const struct sim_station_job job = {
        .service_s = SIM_STATION_HELD, .fn = on_thread, .self = s, .arg = device};
    SIM_ASSERT(s->is_up);
    if (r->step != STEP_NONE) {
        SIM_ASSERT(r->is_abandoned);
        s->stats.replaced++;
        drop(s, device);
    }
    *r = (struct request){
        .kind = (uint8_t)kind, .step = STEP_THREAD_LINE, .chunk = chunk, .first = first, .n = n};
    s->stats.requests++;
    if (kind != REQUEST_POLL) {
        s->port.stage(s->port.self, device, STAGE_HTTP_QUEUE);
    }
    sim_station_enter(s->threads, &job, &r->thread);
}

void sync_server_abandon(struct sync_server *s, uint32_t device)
{
    s->request[device].is_abandoned = true;
}

bool sync_server_knows(const struct sync_server *s, uint32_t device)
{
    return s->knows[device];
}

void sync_server_fail(struct sync_server *s)
{
    const uint32_t n = s->world->n_devices;
    s->is_up = false;
    for (uint32_t device = 0; device < n; device++) {
        s->request[device].is_abandoned = true; /* nothing that follows is told to a device */
        s->knows[device] = false;
    }
    sim_station_clear(s->threads);
    sim_station_clear(s->workers);
    prime_sync_clear(s->prime);
    for (uint32_t device = 0; device < n; device++) {
        drop(s, device);
    }
}

bool sync_server_is_up(const struct sync_server *s)
{
    return s->is_up;
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
