#include "models/device_internal.h"

#include "sim/base/mem.h"

#include <math.h>
#include <stdlib.h>

const struct device_class *device_class_of(const struct devices *d, uint32_t id)
{
    return &d->world.config->device_class[d->device[id].class_id];
}

const struct mailbox *device_mailbox_of(const struct devices *d, uint32_t id)
{
    return &d->world.mailboxes[d->world.user_of[id]];
}

void device_open_stream(const struct devices *d, struct sim_stream *s, uint32_t id,
                        enum purpose purpose, uint32_t attempt)
{
    sim_open_stream(d->world.sim, s, id, (uint16_t)purpose, (uint16_t)attempt);
}

void device_wait(struct devices *d, uint32_t id, double delay_s, sim_call_fn *then)
{
    d->device[id].timer = sim_after(d->world.sim, delay_s, (struct sim_call){then, d, id});
}

/* ---- States and the booking of time ---- */

void device_set_state(struct devices *d, uint32_t id, enum device_state state)
{
    struct device *const v = &d->device[id];
    d->n_in_state[v->state]--;
    d->n_in_state[state]++;
    v->state = (uint8_t)state;
}

static enum device_state state_in(const struct device *v, enum device_stage stage)
{
    static const enum device_state fixed[] = {
        [STAGE_OFFLINE] = DEVICE_OFFLINE,        [STAGE_UNAWARE] = DEVICE_UNAWARE,
        [STAGE_BACKOFF] = DEVICE_BACKOFF,        [STAGE_CONNECT] = DEVICE_CONNECTING,
        [STAGE_BALANCER] = DEVICE_CONNECTING,    [STAGE_HTTP_QUEUE] = DEVICE_HTTP_WAIT,
        [STAGE_REGISTER] = DEVICE_REGISTERING,   [STAGE_ERASE] = DEVICE_ERASING,
        [STAGE_PRIME_QUEUE] = DEVICE_WAIT_PRIME, [STAGE_PRIME_RUN] = DEVICE_WAIT_PRIME};
    if (stage < sizeof fixed / sizeof fixed[0]) {
        return fixed[stage];
    }
    if (v->request == REQUEST_HELLO) {
        return DEVICE_REGISTERING;
    }
    return v->has_basic ? DEVICE_BASIC : DEVICE_LOADING;
}

double *device_stage_s(const struct devices *d, uint32_t id, enum device_stage stage)
{
    if ((int)stage >= FIRST_OFTEN) {
        return &d->device[id].often_s[stage - FIRST_OFTEN];
    }
    return stage == STAGE_HTTP_QUEUE ? &d->device[id].http_queue_s
                                     : &d->past[id].record.stage_s[stage];
}

void device_book(struct devices *d, uint32_t id)
{
    struct device *const v = &d->device[id];
    const double now_s = sim_now(d->world.sim);
    if (now_s != v->stage_since_s) { /* spares a wait for the memory of a stage that took no time */
        *device_stage_s(d, id, (enum device_stage)v->stage) += now_s - v->stage_since_s;
        v->stage_since_s = now_s;
    }
}

void device_enter(struct devices *d, uint32_t id, enum device_stage stage)
{
    struct device *const v = &d->device[id];
    if (v->is_lost) {
        device_book(d, id);
        device_set_state(d, id, state_in(v, stage));
    }
    v->stage = (uint8_t)stage;
}

/* ---- Current mail ---- */

static bool is_current(const struct device *v)
{
    return !v->is_lost || v->has_basic;
}

/* One of the user's devices has lost what was current, or got it again. */
static void count_current(struct devices *d, uint32_t user, int change)
{
    struct user_mail *const m = &d->user_mail[user];
    const double now_s = sim_now(d->world.sim);
    if (m->n_current == 0) {
        m->without_s += now_s - m->since_s;
    }
    m->n_current += (uint32_t)change;
    m->since_s = now_s;
}

double devices_user_loss_s(const struct devices *d)
{
    const double now_s = sim_now(d->world.sim);
    double sum_s = 0;
    for (uint32_t user = 0; user < d->world.n_users; user++) {
        const struct user_mail *const m = &d->user_mail[user];
        sum_s += m->without_s + (m->n_current == 0 ? now_s - m->since_s : 0);
    }
    return sum_s;
}

void device_become_current(struct devices *d, uint32_t id)
{
    d->device[id].has_basic = true;
    d->n_basic++;
    d->past[id].record.basic_s = sim_now(d->world.sim);
    count_current(d, d->world.user_of[id], +1);
}

void device_forget_progress(struct devices *d, uint32_t id)
{
    struct device *const v = &d->device[id];
    struct device_record *const r = &d->past[id].record;
    if (is_current(v)) {
        count_current(d, d->world.user_of[id], -1);
    }
    d->n_basic -= v->has_basic;
    d->n_full -= v->is_full;
    v->has_basic = v->is_full = false;
    r->basic_s = r->full_s = HUGE_VAL;
}

/* ---- Loss of the server ---- */

void device_begin_loss(struct devices *d, uint32_t id, enum device_stage stage)
{
    struct device *const v = &d->device[id];
    struct device_past *const past = &d->past[id];
    const double now_s = sim_now(d->world.sim);
    past->record.losses++;
    balancer_forget(d->world.balancer, id);
    device_forget_progress(d, id);
    v->is_parted = true;
    if (v->is_lost) {
        device_set_state(d, id, state_in(v, (enum device_stage)v->stage));
        return;
    }
    v->is_lost = true;
    past->lost_since_s = v->stage_since_s = now_s;
    d->n_affected += isinf(past->record.lost_s) ? 1 : 0;
    past->record.lost_s = fmin(past->record.lost_s, now_s);
    v->stage = (uint8_t)stage;
    device_set_state(d, id, state_in(v, stage));
}

static double notice_delay_s(const struct devices *d, uint32_t id, enum connection_fate fate)
{
    struct sim_stream stream;
    device_open_stream(d, &stream, id, PURPOSE_NOTICE, d->past[id].record.losses);
    if (fate == FATE_SILENT) {
        const double poll_s =
            fmin(d->world.config->heartbeat_s, balancer_idle_timeout_s(d->world.balancer));
        return sim_stream_uniform(&stream) * poll_s; /* the rest of it */
    }
    return sim_dist_draw(device_class_of(d, id)->reconnect_delay, &stream);
}

static void lose_connection(struct devices *d, uint32_t id, enum connection_fate fate)
{
    struct device *const v = &d->device[id];
    const bool was_parked = !v->is_lost;
    const bool is_erasing = v->is_lost && v->stage == STAGE_ERASE;
    device_disconnect(d, id);
    device_begin_loss(d, id, STAGE_UNAWARE);
    if (is_erasing) {
        return; /* finishes that first */
    }
    if (fate == FATE_SILENT && !was_parked) {
        if (!device_has_timeout(d, id)) {
            sim_cancel(d->world.sim, &v->timer);
            device_start_timeout(d, id); /* bytes were coming; now none do */
        }
        return;
    }
    device_stop_timeout(d, id);
    sim_cancel(d->world.sim, &v->timer);
    device_enter(d, id, STAGE_UNAWARE);
    device_wait(d, id, notice_delay_s(d, id, fate), device_connect);
}

/* Who has no connection goes on with what it does, and is told at its next attempt. */
static void lose_server(struct devices *d, uint32_t id, uint32_t server, enum connection_fate fate)
{
    const struct device *const v = &d->device[id];
    if (v->server == (int)server) {
        lose_connection(d, id, fate);
    } else if (d->past[id].registered_at == (int)server && !v->is_parted) {
        device_begin_loss(d, id, (enum device_stage)v->stage);
    }
}

/* ---- A server that is drained ---- */

static bool is_drained(const struct devices *d, const struct device *v)
{
    return v->server != NOT_CONNECTED &&
           balancer_is_drained(d->world.balancer, (uint32_t)v->server);
}

bool device_leave_drained(struct devices *d, uint32_t id)
{
    if (!is_drained(d, &d->device[id])) {
        return false;
    }
    device_disconnect(d, id);
    device_begin_loss(d, id, STAGE_CONNECT);
    device_connect(d, id);
    return true;
}

static void on_rest_of_poll(void *self, uint64_t id)
{
    (void)device_leave_drained(self, (uint32_t)id);
}

/* Polls from before the failure are not requests at the server; they end at any time of the heartbeat. */
void devices_drain_server(struct devices *d, uint32_t server)
{
    for (uint32_t id = 0; id < d->world.n_devices; id++) {
        const struct device *const v = &d->device[id];
        if (v->server == (int)server && v->state == DEVICE_PUSH_IDLE) {
            sim_cancel(d->world.sim, &d->device[id].timer);
            device_wait(d, id, notice_delay_s(d, id, FATE_SILENT), on_rest_of_poll);
        } else if (v->server != (int)server && d->past[id].registered_at == (int)server &&
                   !v->is_parted) {
            device_begin_loss(d, id, (enum device_stage)v->stage);
        }
    }
}

uint32_t devices_n_leaving(const struct devices *d)
{
    uint32_t n = 0;
    for (uint32_t id = 0; id < d->world.n_devices; id++) {
        n += is_drained(d, &d->device[id]);
    }
    return n;
}

void devices_lose_server(struct devices *d, uint32_t server, enum connection_fate fate)
{
    for (uint32_t id = 0; id < d->world.n_devices; id++) {
        if (d->device[id].server == (int)server || !d->world.is_pool) {
            lose_server(d, id, server, fate);
        }
    }
}

void devices_lose_state(struct devices *d, uint32_t server, uint32_t device)
{
    const struct device *const v = &d->device[device];
    const int at = !d->world.is_pool            ? (int)server
                   : v->server != NOT_CONNECTED ? v->server
                                                : d->past[device].registered_at;
    lose_server(d, device, (uint32_t)at, FATE_RESET);
}

/* ---- Life cycle ---- */

/* Before the failure all who are on the network hold a long poll, or, where the balancer takes no more
 * connections, try again and again. */
static void take_place(struct devices *d, uint32_t id)
{
    struct device *const v = &d->device[id];
    struct sim_stream stream;
    device_open_stream(d, &stream, id, PURPOSE_ONLINE, 0);
    if (!(sim_stream_uniform(&stream) < d->world.config->online_share)) {
        device_open_stream(d, &stream, id, PURPOSE_OFFLINE_TIME, 0);
        v->stage = STAGE_OFFLINE;
        device_set_state(d, id, DEVICE_OFFLINE);
        device_wait(d, id, sim_dist_draw(d->world.config->offline_time, &stream), device_connect);
    } else if (balancer_has_room(d->world.balancer)) {
        v->server = (int16_t)balancer_hold(d->world.balancer, id);
        if (d->world.is_pool) { /* at servers that others will come to it counts that he is there */
            device_wait(d, id, 0, device_poll);
        }
    } else {
        device_back_off(d, id, FAILURE_REFUSED, 0);
    }
}

static void init_device(struct devices *d, uint32_t id)
{
    struct device *const v = &d->device[id];
    v->class_id = (uint16_t)d->world.class_of[id];
    d->past[id].record = (struct device_record){
        .user = d->world.user_of[id],
        .class_id = v->class_id,
        .lost_s = HUGE_VAL,
        .erased_s = HUGE_VAL,
        .basic_s = HUGE_VAL,
        .full_s = HUGE_VAL,
        .gap_from_s = HUGE_VAL,
        .gap_until_s = HUGE_VAL,
    };
    d->past[id].key = STATE_KEY_FIRST;
    v->items = v->items_done = device_mailbox_of(d, id)->items;
    v->server = NOT_CONNECTED;
    v->state = DEVICE_PUSH_IDLE;
    d->n_in_state[DEVICE_PUSH_IDLE]++;
    d->user_mail[d->world.user_of[id]].n_current++;
    take_place(d, id);
}

enum sim_err devices_create(const struct device_world *world, struct devices **out)
{
    struct devices *const d = calloc(1, sizeof *d);
    if (d == NULL) {
        return SIM_ENOMEM;
    }
    d->world = *world;
    d->device = sim_lines_create(world->n_devices, sizeof *d->device);
    d->past = sim_lines_create(world->n_devices, sizeof *d->past);
    d->user_mail = sim_zeros_create(world->n_users, sizeof *d->user_mail);
    if (d->device == NULL || d->past == NULL || d->user_mail == NULL) {
        devices_destroy(d);
        return SIM_ENOMEM;
    }
    device_foresee_connection(d);
    device_foresee_exchange(d);
    for (uint32_t id = 0; id < world->n_devices; id++) {
        init_device(d, id);
    }
    *out = d;
    return SIM_OK;
}

void devices_destroy(struct devices *d)
{
    if (d != NULL) {
        free(d->device);
        free(d->past);
        free(d->user_mail);
        free(d);
    }
}

uint32_t devices_n_in_state(const struct devices *d, enum device_state state)
{
    return d->n_in_state[state];
}

uint32_t devices_n_basic(const struct devices *d)
{
    return d->n_basic;
}

uint32_t devices_n_full(const struct devices *d)
{
    return d->n_full;
}

uint32_t devices_n_affected(const struct devices *d)
{
    return d->n_affected;
}

uint32_t devices_n_connected(const struct devices *d)
{
    uint32_t n = 0;
    for (uint32_t id = 0; id < d->world.n_devices; id++) {
        n += d->device[id].server != NOT_CONNECTED;
    }
    return n;
}

struct device_record devices_record(const struct devices *d, uint32_t device)
{
    const struct device *const v = &d->device[device];
    struct device_record record = d->past[device].record;
    record.items = v->items;
    record.items_done = v->items_done;
    record.payload_byte += v->held_byte + v->arriving_byte;
    for (enum device_stage stage = 0; stage < DEVICE_N_STAGES; stage++) {
        record.stage_s[stage] = *device_stage_s(d, device, stage);
    }
    return record;
}

void devices_close(struct devices *d)
{
    const double now_s = sim_now(d->world.sim);
    for (uint32_t id = 0; id < d->world.n_devices; id++) {
        struct device_past *const past = &d->past[id];
        if (d->device[id].is_lost) {
            device_book(d, id);
            past->record.total_s += now_s - past->lost_since_s;
            past->lost_since_s = now_s;
        }
        if (d->device[id].is_empty) {
            past->record.blackout_s += now_s - past->blackout_since_s;
            past->blackout_since_s = now_s;
        }
    }
}

double devices_accounting_gap_s(const struct devices *d)
{
    double gap_s = 0;
    for (uint32_t id = 0; id < d->world.n_devices; id++) {
        double sum_s = 0;
        for (enum device_stage stage = 0; stage < DEVICE_N_STAGES; stage++) {
            sum_s += *device_stage_s(d, id, stage);
        }
        gap_s = fmax(gap_s, fabs(sum_s - d->past[id].record.total_s));
    }
    return gap_s;
}
