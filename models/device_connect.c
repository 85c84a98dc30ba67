/* The way of a device to a server: attempts, refusals, waits, and what it goes on with there. */
#include "models/device_internal.h"

#include <math.h>

/* No retry comes sooner, so that a client without back-off cannot stop the clock. */
static const double least_delay_s = 1e-3;

/* ---- Waits ---- */

void device_disconnect(struct devices *d, uint32_t id)
{
    struct device *const v = &d->device[id];
    if (v->server != NOT_CONNECTED) {
        balancer_disconnect(d->world.balancer);
        v->server = NOT_CONNECTED;
    }
}

static double told_to_wait_s(const struct devices *d, uint32_t id, uint32_t attempt)
{
    struct sim_stream stream;
    device_open_stream(d, &stream, id, PURPOSE_RETRY_AFTER, attempt);
    const double told_s = balancer_retry_after_s(d->world.balancer, &stream);
    return device_class_of(d, id)->obeys_retry_after ? told_s : 0;
}

double device_next_pull_s(struct devices *d, uint32_t id)
{
    const double rate_per_s = device_class_of(d, id)->pull_per_s;
    struct sim_stream stream;
    if (!(rate_per_s > 0) || !d->device[id].is_empty) {
        return INFINITY;
    }
    device_open_stream(d, &stream, id, PURPOSE_PULL, d->past[id].n_waits++);
    return -log1p(-sim_stream_uniform(&stream)) / rate_per_s;
}

void device_pull(void *self, uint64_t id)
{
    struct devices *const d = self;
    d->past[id].record.pulls++;
    device_connect(d, id);
}

static void wait_or_pull(struct devices *d, uint32_t id, double wait_s)
{
    const double pull_s = device_next_pull_s(d, id);
    if (pull_s < wait_s) {
        device_wait(d, id, fmax(pull_s, least_delay_s), device_pull);
    } else {
        device_wait(d, id, wait_s, device_connect);
    }
}

void device_back_off(struct devices *d, uint32_t id, enum failure failure, uint32_t attempt)
{
    struct device *const v = &d->device[id];
    struct device_past *const past = &d->past[id];
    struct sim_stream stream;
    v->has_failed = true;
    device_open_stream(d, &stream, id, PURPOSE_BACKOFF, attempt);
    const double own_s = backoff_delay_s(&device_class_of(d, id)->backoff, ++past->fails_in_a_row,
                                         &past->backoff_step_s, &stream);
    const double told_s = failure == FAILURE_REFUSED ? told_to_wait_s(d, id, attempt) : 0;
    device_enter(d, id, STAGE_BACKOFF);
    wait_or_pull(d, id, fmax(fmax(own_s, told_s), least_delay_s));
}

void device_retry_later(struct devices *d, uint32_t id, enum failure failure)
{
    device_disconnect(d, id);
    device_back_off(d, id, failure, ++d->past[id].record.retries);
    if (!d->device[id].is_lost) {
        device_set_state(d, id, DEVICE_NO_PUSH); /* by the balancer, perhaps */
    }
}

/* Refused so often in a row, a client takes its sync state for spoilt: it will show no key. */
static void count_refusal(struct devices *d, uint32_t id)
{
    struct device_past *const past = &d->past[id];
    d->device[id].has_failed = true;
    if (++past->refusals == device_class_of(d, id)->reload_after) {
        past->refusals = 0;
        past->record.reloads += past->key != STATE_KEY_NONE;
        past->key = STATE_KEY_NONE;
    }
}

static void on_503(void *self, uint64_t id)
{
    struct devices *const d = self;
    d->past[id].record.refused++;
    count_refusal(d, (uint32_t)id);
    device_retry_later(d, (uint32_t)id, FAILURE_REFUSED);
}

void device_receive_503(struct devices *d, uint32_t id)
{
    device_enter(d, id, STAGE_ROUND_TRIP);
    device_wait(d, id, d->device[id].rtt_s / 2, on_503);
}

static void on_balancer_timeout(void *self, uint64_t id)
{
    struct devices *const d = self;
    if (balancer_give_up(d->world.balancer, (uint32_t)id)) {
        device_receive_503(d, (uint32_t)id);
    } else {
        device_retry_later(d, (uint32_t)id, FAILURE_NO_ANSWER);
    }
}

/* What a device with a sync state at the server it reaches goes on with. */
static enum sync_request next_request(const struct devices *d, uint32_t id)
{
    const struct device *const v = &d->device[id];
    if (!v->is_lost) {
        return REQUEST_POLL;
    }
    return v->items_done == v->items ? REQUEST_DELTA : REQUEST_CHUNK;
}

/* A state from an old backup does not know what the device got after it, up to the loss of its server, and neither
 * side notices: mails of that time are missing, twice there, or never changed again. The backup is the same each
 * time, so that a later restore makes the gap wider: what the first one did not know the second does not know either. */
static void meet_old_state(struct devices *d, uint32_t id)
{
    struct device_past *const past = &d->past[id];
    const struct sync_server *const server = d->world.servers[d->device[id].server];
    const uint32_t n_old_states = sync_server_n_old_states(server);
    struct sim_stream stream;
    if (past->n_old_states == n_old_states || past->key != STATE_KEY_FIRST) {
        return;
    }
    SIM_ASSERT(d->device[id].is_lost); /* that server was down */
    past->n_old_states = n_old_states;
    device_open_stream(d, &stream, id, PURPOSE_OLD_STATE, 0);
    past->record.gap_items = mailbox_new_mails(device_mailbox_of(d, id),
                                               past->lost_since_s - sync_server_backup_s(server),
                                               sim_stream_uniform(&stream));
    if (past->record.gap_items > 0) {
        past->record.gap_from_s = fmin(past->record.gap_from_s, sim_now(d->world.sim));
    }
}

static bool is_known(const struct devices *d, uint32_t id)
{
    const struct device *const v = &d->device[id];
    return (d->world.is_pool || d->past[id].registered_at == v->server) &&
           sync_server_knows(d->world.servers[v->server], id, d->past[id].key);
}

/* Who has a sync state with the server it reaches goes on from there; others begin again. */
static void proceed(struct devices *d, uint32_t id)
{
    struct device *const v = &d->device[id];
    if (!is_known(d, id)) {
        if (!v->is_lost) {
            device_begin_loss(d, id, STAGE_ROUND_TRIP); /* another server's turn */
        }
        device_send(d, id, REQUEST_HELLO);
    } else {
        meet_old_state(d, id);
        v->is_parted = false;
        device_send(d, id, next_request(d, id));
    }
}

static void on_connected(void *self, uint64_t device)
{
    struct devices *const d = self;
    const uint32_t id = (uint32_t)device;
    struct device *const v = &d->device[id];
    network_new_connection(d->world.network, id);
    v->server = (int16_t)balancer_connect(d->world.balancer, id);
    if (v->server == BALANCER_NO_SERVER) {
        v->server = NOT_CONNECTED;
        device_receive_503(d, id);
    } else if (!sync_server_is_up(d->world.servers[v->server])) {
        device_enter(d, id, STAGE_BALANCER);
        device_wait(d, id, balancer_connect_timeout_s(d->world.balancer), on_balancer_timeout);
    } else {
        proceed(d, id);
    }
}

void device_connect(void *self, uint64_t device)
{
    struct devices *const d = self;
    const uint32_t id = (uint32_t)device;
    struct device *const v = &d->device[id];
    const struct device_class *const c = device_class_of(d, id);
    struct sim_stream stream;
    device_open_stream(d, &stream, id, PURPOSE_CONNECT, d->past[id].record.connections++);
    const double promotion_s = sim_dist_draw(c->promotion, &stream);
    v->rtt_s = sim_dist_draw(c->rtt, &stream);
    device_enter(d, id, STAGE_CONNECT);
    device_wait(d, id,
                promotion_s + transport_connect_s(d->world.transport, v->rtt_s, c->loss, &stream),
                on_connected);
}

void device_foresee_connection(struct devices *d)
{
    struct sim *const sim = d->world.sim;
    sim_foresee(sim, device_connect, device_fetch_attempt);
    sim_foresee(sim, on_connected, device_fetch_connection);
    sim_foresee(sim, on_503, device_fetch_attempt);
    sim_foresee(sim, on_balancer_timeout, device_fetch_attempt);
}
