/* Requests of a device and their answers, from the first one to the last chunk. */
#include "models/device_internal.h"

#include <math.h>

/* ---- Requests ---- */

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* The next chunk; adaptive initial sync asks for what is left of today's mail alone. */
static uint32_t next_items(const struct devices *d, uint32_t id)
{
    const struct device_sync_config *const c = d->world.sync;
    const struct device *const v = &d->device[id];
    const uint32_t today =
        c->adaptive.is_enabled ? least(device_mailbox_of(d, id)->today, v->items) : 0;
    const uint32_t end = v->items_done < today ? today : v->items;
    return least(end - v->items_done, c->window_items);
}

/* Adaptive initial sync: the rest comes when the server sends it, as mail does in a long poll. */
static bool is_patient(const struct devices *d, uint32_t id, enum sync_request request)
{
    return request == REQUEST_POLL || (request == REQUEST_CHUNK && d->device[id].has_basic &&
                                       d->world.sync->adaptive.is_enabled);
}

static void give_up_request(struct devices *d, uint32_t id)
{
    struct device *const v = &d->device[id];
    sim_cancel(d->world.sim, &v->timer);
    if (v->server != NOT_CONNECTED) {
        sync_server_abandon(d->world.servers[v->server], id);
    }
}

/* ---- Deadlines ---- */

/* Most requests are answered in time. So a device has one event, which comes at the deadline of some request and
 * looks whether that has been put off since: a request only writes a number, and an answer strikes it out. Two
 * thirds of these events are spared, and all cancellations: 3 % fewer waits for memory. Where users pull, or the
 * balancer cuts what is idle, a deadline may move nearer; there each request has an event of its own. */
static bool has_one_event(const struct devices *d, uint32_t id)
{
    return !(device_class_of(d, id)->pull_per_s > 0) &&
           isinf(balancer_idle_timeout_s(d->world.balancer));
}

static sim_call_fn on_deadline, on_pull_in_request, on_idle;

/* Before whatever else happens at that moment: an event that was put off must not come later for it. */
static void await_deadline(struct devices *d, uint32_t id)
{
    static sim_call_fn *const then[] = {[DEADLINE_TIMEOUT] = on_deadline,
                                        [DEADLINE_PULL] = on_pull_in_request,
                                        [DEADLINE_IDLE] = on_idle};
    const enum sim_priority before_others = SIM_NORMAL - 1;
    const struct device *const v = &d->device[id];
    sim_at(d->world.sim, v->deadline_s, before_others, (struct sim_call){then[v->awaits], d, id});
}

/* The event is there already if the device has a deadline, or INFINITY in its place. */
static void set_deadline(struct devices *d, uint32_t id, double wait_s, enum deadline what)
{
    struct device *const v = &d->device[id];
    const bool is_awaited = v->deadline_s > 0 && has_one_event(d, id);
    v->deadline_s = sim_now(d->world.sim) + wait_s;
    v->awaits = what;
    if (!is_awaited) {
        await_deadline(d, id);
    }
}

void device_stop_timeout(struct devices *d, uint32_t id)
{
    struct device *const v = &d->device[id];
    v->deadline_s = v->deadline_s > 0 ? INFINITY : 0;
}

bool device_has_timeout(const struct devices *d, uint32_t id)
{
    return d->device[id].deadline_s > 0 && isfinite(d->device[id].deadline_s);
}

/* Takes the deadline, if this is it: the event of an older request may come at the same time, and would do another
 * thing. */
static bool is_due(struct devices *d, uint64_t id, enum deadline what)
{
    struct device *const v = &d->device[id];
    const bool is_now = v->deadline_s == sim_now(d->world.sim) && v->awaits == what;
    v->deadline_s = is_now ? 0 : v->deadline_s;
    return is_now;
}

static void time_out(struct devices *d, uint32_t id)
{
    d->past[id].record.timeouts++;
    give_up_request(d, id);
    device_retry_later(d, id, FAILURE_NO_ANSWER);
}

static void on_deadline(void *self, uint64_t device)
{
    struct devices *const d = self;
    const uint32_t id = (uint32_t)device;
    if (is_due(d, id, DEADLINE_TIMEOUT)) {
        time_out(d, id);
    } else if (!has_one_event(d, id)) {
        return; /* that of a request that was answered */
    } else if (device_has_timeout(d, id)) {
        await_deadline(d, id);
    } else {
        d->device[id].deadline_s = 0;
    }
}

/* The user pulls while an answer is waited for: the client closes the request and asks anew. */
static void on_pull_in_request(void *self, uint64_t id)
{
    struct devices *const d = self;
    if (!is_due(d, id, DEADLINE_PULL)) {
        return;
    }
    give_up_request(d, (uint32_t)id);
    device_disconnect(d, (uint32_t)id);
    device_pull(d, id);
}

/* The balancer has cut its long poll: it comes back as after any reset. The server learns of it from the next
 * poll. */
static void on_idle(void *self, uint64_t device)
{
    struct devices *const d = self;
    const uint32_t id = (uint32_t)device;
    struct sim_stream stream;
    if (!is_due(d, id, DEADLINE_IDLE)) {
        return;
    }
    device_open_stream(d, &stream, id, PURPOSE_IDLE_CUT, d->device[id].n_exchanges);
    give_up_request(d, id);
    device_disconnect(d, id);
    device_set_state(d, id, DEVICE_NO_PUSH);
    device_wait(d, id, sim_dist_draw(device_class_of(d, id)->reconnect_delay, &stream),
                device_connect);
}

/* What has come for the user since the device lost its server. */
static uint32_t new_mails(const struct devices *d, uint32_t id)
{
    const struct device_past *const past = &d->past[id];
    struct sim_stream stream;
    device_open_stream(d, &stream, id, PURPOSE_NEW_MAIL, past->record.losses);
    return mailbox_new_mails(device_mailbox_of(d, id), sim_now(d->world.sim) - past->lost_since_s,
                             sim_stream_uniform(&stream));
}

static void on_request_arrives(void *self, uint64_t device)
{
    struct devices *const d = self;
    const uint32_t id = (uint32_t)device;
    const struct device *const v = &d->device[id];
    if (v->server == NOT_CONNECTED) {
        return; /* the server died without a word: the time-out will tell */
    }
    if (v->request == REQUEST_HELLO) {
        sync_server_request(d->world.servers[v->server], id, REQUEST_HELLO, 0, d->past[id].key, 0);
        return;
    }
    if (v->request == REQUEST_DELTA) {
        sync_server_request(d->world.servers[v->server], id, REQUEST_DELTA,
                            d->past[id].record.losses, 0, new_mails(d, id));
        return;
    }
    sync_server_request(d->world.servers[v->server], id, (enum sync_request)v->request, v->chunk,
                        v->items_done, next_items(d, id));
}

/* After `patience_s`, or sooner if the user pulls, or if the balancer cuts a connection without a byte. */
static void start_timeout(struct devices *d, uint32_t id, double patience_s)
{
    const double hang_up_s = fmin(patience_s, balancer_idle_timeout_s(d->world.balancer));
    const double pull_s = isfinite(patience_s) ? device_next_pull_s(d, id) : INFINITY;
    enum deadline what = pull_s < hang_up_s ? DEADLINE_PULL : DEADLINE_TIMEOUT;
    if (d->device[id].request == REQUEST_POLL && !d->device[id].is_lost) {
        what = DEADLINE_IDLE;
    }
    const double wait_s = fmin(pull_s, hang_up_s);
    if (isfinite(wait_s)) {
        set_deadline(d, id, wait_s, what);
    }
}

void device_start_timeout(struct devices *d, uint32_t id)
{
    start_timeout(d, id, device_class_of(d, id)->request_timeout_s);
}

void device_send(struct devices *d, uint32_t id, enum sync_request request)
{
    struct device *const v = &d->device[id];
    struct sim_stream stream;
    device_open_stream(d, &stream, id, PURPOSE_EXCHANGE, v->n_exchanges++);
    v->rtt_s = sim_dist_draw(device_class_of(d, id)->rtt, &stream);
    v->request = (uint8_t)request;
    device_enter(d, id, STAGE_ROUND_TRIP);
    start_timeout(
        d, id, is_patient(d, id, request) ? INFINITY : device_class_of(d, id)->request_timeout_s);
    device_wait(d, id, v->rtt_s / 2, on_request_arrives);
}

void device_poll(void *self, uint64_t id)
{
    device_send(self, (uint32_t)id, REQUEST_POLL);
}

/* ---- Answers ---- */

static void on_erased(void *self, uint64_t device)
{
    struct devices *const d = self;
    const uint32_t id = (uint32_t)device;
    if (d->device[id].server == NOT_CONNECTED) {
        device_connect(d, id); /* the server was lost meanwhile */
    } else {
        device_send(d, id, REQUEST_CHUNK);
    }
}

/* It has a sync state with the server it is connected to, and with no other. */
static void take_registration(struct devices *d, uint32_t id)
{
    const struct device *const v = &d->device[id];
    struct device_past *const past = &d->past[id];
    if (past->registered_at != v->server && !d->world.is_pool) {
        sync_server_part(d->world.servers[past->registered_at], id);
    }
    past->registered_at = v->server;
}

static void erase(struct devices *d, uint32_t id)
{
    struct device *const v = &d->device[id];
    struct device_past *const past = &d->past[id];
    const double now_s = sim_now(d->world.sim);
    struct sim_stream stream;
    device_open_stream(d, &stream, id, PURPOSE_ERASE, past->record.losses);
    device_forget_progress(d, id);
    take_registration(d, id);
    past->key = state_db_key(sync_server_state(d->world.servers[v->server]), id);
    v->is_parted = false;
    if (isfinite(past->record.gap_from_s)) {
        past->record.gap_until_s = fmin(past->record.gap_until_s, now_s);
    }
    past->record.erased_byte += v->held_byte;
    past->record.payload_byte += v->held_byte;
    v->held_byte = 0;
    v->chunk = v->items_done = 0;
    v->items = device_mailbox_of(d, id)->items;
    past->record.erased_s = fmin(past->record.erased_s, now_s);
    if (!v->is_empty) {
        v->is_empty = true;
        past->blackout_since_s = now_s;
    }
    device_enter(d, id, STAGE_ERASE);
    device_wait(d, id, sim_dist_draw(device_class_of(d, id)->erase_time, &stream), on_erased);
}

static void become_basic(struct devices *d, uint32_t id)
{
    struct device *const v = &d->device[id];
    struct device_past *const past = &d->past[id];
    const double now_s = sim_now(d->world.sim);
    device_become_current(d, id);
    if (v->is_empty) {
        v->is_empty = false;
        past->record.blackout_s += now_s - past->blackout_since_s;
    }
}

static void park(struct devices *d, uint32_t id)
{
    if (!balancer_keeps(d->world.balancer)) {
        device_disconnect(d, id);
        device_connect(d, id);
    } else if (!device_leave_drained(d, id)) {
        device_send(d, id, REQUEST_POLL);
    }
}

static void become_full(struct devices *d, uint32_t id)
{
    struct device *const v = &d->device[id];
    struct device_past *const past = &d->past[id];
    const double now_s = sim_now(d->world.sim);
    device_book(d, id);
    v->is_lost = false;
    v->is_full = true;
    past->record.full_s = now_s;
    past->record.total_s += now_s - past->lost_since_s;
    device_set_state(d, id, DEVICE_FULL);
    d->n_full++;
    balancer_finish(d->world.balancer, id);
    d->world.became_full(d->world.self);
    if (!device_leave_drained(d, id)) {
        device_send(d, id, REQUEST_POLL);
    }
}

static void receive_chunk(struct devices *d, uint32_t id)
{
    struct device *const v = &d->device[id];
    v->items_done += next_items(d, id);
    v->chunk++;
    if (!v->has_basic &&
        (v->items_done >= device_mailbox_of(d, id)->today || v->items_done == v->items)) {
        become_basic(d, id);
    }
    if (v->items_done == v->items) {
        become_full(d, id);
    } else {
        device_send(d, id, REQUEST_CHUNK);
    }
}

static void on_reply(void *self, uint64_t device)
{
    struct devices *const d = self;
    const uint32_t id = (uint32_t)device;
    struct device *const v = &d->device[id];
    if (v->has_failed) {
        v->has_failed = false;
        d->past[id].fails_in_a_row = d->past[id].refusals = 0;
    }
    v->held_byte += v->arriving_byte;
    v->arriving_byte = 0;
    switch ((enum sync_request)v->request) {
    case REQUEST_HELLO:
        erase(d, id);
        break;
    case REQUEST_DELTA:
        become_basic(d, id);
        become_full(d, id);
        break;
    case REQUEST_CHUNK:
        receive_chunk(d, id);
        break;
    case REQUEST_POLL:
        park(d, id);
        break;
    }
}

void devices_on_stage(void *self, uint32_t device, enum device_stage stage)
{
    device_enter(self, device, stage);
}

void devices_on_answering(void *self, uint32_t device, double payload_byte)
{
    struct devices *const d = self;
    struct device *const v = &d->device[device];
    device_stop_timeout(d, device);
    if (v->arriving_byte > 0) { /* of one that was cut off */
        d->past[device].record.payload_byte += v->arriving_byte;
    }
    v->arriving_byte = payload_byte;
}

void devices_on_poll(void *self, uint32_t device, bool is_parked)
{
    device_set_state(self, device, is_parked ? DEVICE_FULL : DEVICE_NO_PUSH);
}

void devices_on_answer(void *self, uint32_t device, enum sync_answer answer)
{
    struct devices *const d = self;
    device_stop_timeout(d, device);
    if (answer == ANSWER_REFUSED) {
        device_receive_503(d, device);
        return;
    }
    device_enter(d, device, STAGE_ROUND_TRIP);
    device_wait(d, device, d->device[device].rtt_s / 2, on_reply);
}

void device_foresee_exchange(struct devices *d)
{
    struct sim *const sim = d->world.sim;
    sim_foresee(sim, device_poll, device_fetch_request);
    sim_foresee(sim, on_request_arrives, device_fetch_request);
    sim_foresee(sim, on_deadline, device_fetch_deadline);
    sim_foresee(sim, on_idle, device_fetch_request);
    sim_foresee(sim, on_pull_in_request, device_fetch_request);
    sim_foresee(sim, on_reply, device_fetch_reply);
    sim_foresee(sim, on_erased, devices_fetch);
}
