#include "models/balancer.h"

#include "models/buckets.h"
#include "models/purpose.h"

#include "sim/base/mem.h"

#include <math.h>
#include <stdlib.h>

/* A token is whole from here on: times are sums, and rounded. */
static const double whole_token = 1 - 1e-9;

struct backend {
    uint32_t failed, passed; /* checks in a row */
    bool is_marked_down, is_taken_out;
    bool was_down; /* marked so, ever */
    double down_since_s;
};

struct balancer {
    struct sim *sim;
    const struct balancer_config *config;
    uint32_t n_servers;
    struct balancer_port port;
    struct backend *backend; /* by server */
    uint32_t active, n_connections;
    double first_check_s;
    double tokens, tokens_at_s; /* in the bucket when the last was taken */
    const uint32_t *user_of;    /* by client */
    uint32_t turn;              /* server that had the last one, of round robin */
    uint16_t *last;             /* server by client, or by user, of stickiness */
    bool *is_blocked;           /* by client */
    uint32_t n_blocked;         /* 0 as a rule: nobody is looked up then */
    struct buckets *buckets;    /* NULL: all are let in */
    struct name_cache *names;   /* of dns; else NULL */
    struct balancer_stats stats;
};

static void on_check(void *self, uint64_t unused);

/* The first check comes at a random point of the interval: failures do not wait for the clock. */
static void start_checks(struct balancer *b)
{
    struct sim_stream stream;
    sim_open_stream(b->sim, &stream, 0, PURPOSE_HEALTH_CHECK, 0);
    b->first_check_s = sim_stream_uniform(&stream) * b->config->check_interval_s;
    sim_after(b->sim, b->first_check_s, (struct sim_call){on_check, b, 0});
}

enum sim_err balancer_create(struct sim *sim, const struct balancer_config *config,
                             uint32_t n_servers, uint32_t n_clients, const uint32_t *user_of,
                             const struct balancer_port *port, struct balancer **out)
{
    struct balancer *const b = calloc(1, sizeof *b);
    if (b == NULL) {
        return SIM_ENOMEM;
    }
    b->backend = calloc(n_servers, sizeof *b->backend);
    b->is_blocked = sim_zeros_create(n_clients, sizeof *b->is_blocked);
    b->last = sim_zeros_create(n_clients, sizeof *b->last); /* users are no more */
    enum sim_err err =
        b->backend != NULL && b->is_blocked != NULL && b->last != NULL ? SIM_OK : SIM_ENOMEM;
    if (err == SIM_OK && config->bucket > 0) {
        err = buckets_create(config->bucket, config->bucket_interval_s, n_clients, &b->buckets);
    }
    if (err == SIM_OK && config->method == METHOD_DNS) {
        err = name_cache_create(sim, &config->name, n_clients, b->active, &b->names);
    }
    if (err != SIM_OK) {
        balancer_destroy(b);
        return err;
    }
    b->sim = sim;
    b->config = config;
    b->user_of = user_of;
    b->n_servers = n_servers;
    b->port = *port;
    b->tokens = config->rate_burst;
    for (uint32_t i = 0; i < n_clients && config->method == METHOD_POOL; i++) {
        b->last[user_of[i]] = (uint16_t)(user_of[i] % n_servers);
    }
    start_checks(b);
    *out = b;
    return SIM_OK;
}

void balancer_destroy(struct balancer *b)
{
    if (b != NULL) {
        buckets_destroy(b->buckets);
        name_cache_destroy(b->names);
        free(b->last);
        free(b->is_blocked);
        free(b->backend);
        free(b);
    }
}

static bool may_take(const struct backend *k)
{
    return !k->is_marked_down && !k->is_taken_out;
}

static void move(struct balancer *b, uint32_t to)
{
    const uint32_t from = b->active;
    b->active = to;
    b->port.moved(b->port.self, from);
}

static void fail_over(struct balancer *b)
{
    for (uint32_t i = 1; i < b->n_servers; i++) {
        const uint32_t next = (b->active + i) % b->n_servers;
        if (may_take(&b->backend[next])) {
            move(b, next);
            b->stats.failovers++;
            return;
        }
    }
}

static void fail_back(struct balancer *b)
{
    for (uint32_t i = 0; i < b->active; i++) {
        if (may_take(&b->backend[i])) {
            move(b, i);
            b->stats.failbacks++;
            return;
        }
    }
}

static void check(struct balancer *b, uint32_t server)
{
    struct backend *const k = &b->backend[server];
    if (b->port.is_up(b->port.self, server)) {
        k->failed = 0;
        k->passed++;
        k->is_marked_down = k->is_marked_down && k->passed < b->config->rise;
        return;
    }
    k->passed = 0;
    k->failed++;
    if (k->failed == b->config->fall) {
        k->is_marked_down = k->was_down = true;
        k->down_since_s = sim_now(b->sim);
    }
}

static double n_checks_until(const struct balancer *b, double time_s)
{
    return floor((time_s - b->first_check_s) / b->config->check_interval_s);
}

/* Once as many have come out the same as a mark needs, more change nothing. */
void balancer_check_before(struct balancer *b, double from_s, double to_s)
{
    const double n = fmin(n_checks_until(b, to_s) - n_checks_until(b, from_s),
                          fmax(b->config->fall, b->config->rise));
    for (uint32_t i = 0; i < b->n_servers; i++) {
        for (uint32_t k = 0; k < n; k++) {
            check(b, i);
        }
    }
}

static void on_check(void *self, uint64_t unused)
{
    struct balancer *const b = self;
    const struct balancer_config *const c = b->config;
    (void)unused;
    for (uint32_t i = 0; i < b->n_servers; i++) {
        check(b, i);
    }
    const struct backend *const active = &b->backend[b->active];
    if (c->failover == FAILOVER_AUTOMATIC && c->method != METHOD_POOL && active->is_marked_down &&
        sim_now(b->sim) - active->down_since_s >= c->hold_down_s) {
        fail_over(b);
    }
    if (c->failback == FAILBACK_AUTOMATIC && c->method == METHOD_ACTIVE) {
        fail_back(b);
    }
    sim_after(b->sim, c->check_interval_s, (struct sim_call){on_check, b, 0});
}

void balancer_finish(struct balancer *b, uint32_t client)
{
    if (b->buckets != NULL) {
        buckets_finish(b->buckets, client);
    }
}

void balancer_block(struct balancer *b, uint32_t client, bool is_blocked)
{
    b->n_blocked += (uint32_t)is_blocked - (uint32_t)b->is_blocked[client];
    b->is_blocked[client] = is_blocked;
}

void balancer_forget(struct balancer *b, uint32_t client)
{
    if (b->buckets != NULL) {
        buckets_forget(b->buckets, client);
    }
}

bool balancer_give_up(struct balancer *b, uint32_t client)
{
    const bool answers = b->config->method != METHOD_DNS;
    b->stats.refused += answers;
    balancer_forget(b, client);
    return answers;
}

double balancer_retry_after_s(const struct balancer *b, struct sim_stream *stream)
{
    const double u = sim_stream_uniform(stream);
    return b->config->retry_after_s * (1 + u * b->config->retry_after_fuzz);
}

bool balancer_has_room(const struct balancer *b)
{
    return b->n_connections < b->config->max_connections;
}

/* The bucket is looked at when somebody comes, and changed when he passes, so that rounding does not
 * add up over those who do not. */
static bool take_token(struct balancer *b)
{
    const struct balancer_config *const c = b->config;
    const double now_s = sim_now(b->sim);
    const double come = (now_s - b->tokens_at_s) * c->rate_limit_per_s;
    const double tokens = fmin(c->rate_burst, b->tokens + come);
    if (tokens < whole_token) {
        return false;
    }
    b->tokens = tokens - 1;
    b->tokens_at_s = now_s;
    return true;
}

static void count_connection(struct balancer *b)
{
    SIM_ASSERT(balancer_has_room(b));
    b->n_connections++;
    b->stats.connections++;
}

int balancer_hold(struct balancer *b, uint32_t client)
{
    count_connection(b);
    return (int)(b->config->method == METHOD_POOL ? b->last[b->user_of[client]] : b->active);
}

/* ---- Turns ---- */

static uint16_t *last_of(const struct balancer *b, uint32_t client)
{
    return &b->last[b->config->stickiness == STICKY_USER ? b->user_of[client] : client];
}

/* The server whose turn it is; the active one if none is up. */
static uint32_t take_turn(struct balancer *b)
{
    for (uint32_t i = 1; i <= b->n_servers; i++) {
        const uint32_t next = (b->turn + i) % b->n_servers;
        if (may_take(&b->backend[next])) {
            b->turn = next;
            return next;
        }
    }
    return b->active;
}

/* ---- The servers of a pool ---- */

/* The user's, or who takes him over; BALANCER_NO_SERVER if nobody does. */
static int pool_server(const struct balancer *b, uint32_t client)
{
    const uint16_t own = b->last[b->user_of[client]];
    int best = may_take(&b->backend[own]) ? own : BALANCER_NO_SERVER;
    double most = -1;
    for (uint32_t i = 0; i < b->n_servers && best != own; i++) {
        double availability;
        if (may_take(&b->backend[i]) && b->port.takes_users(b->port.self, i, &availability) &&
            availability > most) {
            most = availability;
            best = (int)i;
        }
    }
    return best;
}

/* `taken_by`: who has the user of a pool, as has_server found. */
static uint32_t choose(struct balancer *b, uint32_t client, int taken_by)
{
    if (b->config->method == METHOD_ACTIVE) {
        return b->active;
    }
    if (b->config->method == METHOD_DNS) {
        return name_cache_ask(b->names, client, b->active);
    }
    if (b->config->method == METHOD_POOL) {
        SIM_ASSERT(taken_by != BALANCER_NO_SERVER);
        b->last[b->user_of[client]] = (uint16_t)taken_by;
        return (uint32_t)taken_by;
    }
    uint16_t *const last = last_of(b, client);
    if (b->config->stickiness == STICKY_NONE || !may_take(&b->backend[*last])) {
        *last = (uint16_t)take_turn(b);
    }
    return *last;
}

static bool has_server(const struct balancer *b, uint32_t client, int *taken_by)
{
    if (b->config->method == METHOD_POOL) {
        *taken_by = pool_server(b, client);
        return *taken_by != BALANCER_NO_SERVER;
    }
    bool is_up = b->config->method == METHOD_DNS || !b->backend[b->active].is_marked_down;
    for (uint32_t i = 0; i < b->n_servers && b->config->method == METHOD_ROUND_ROBIN; i++) {
        is_up |= may_take(&b->backend[i]);
    }
    return is_up;
}

bool balancer_was_down(const struct balancer *b, uint32_t server)
{
    return b->backend[server].was_down;
}

bool balancer_uses_all(const struct balancer_config *config, bool was_first_down)
{
    return config->method == METHOD_POOL || (config->method == METHOD_ROUND_ROBIN &&
                                             (config->stickiness == STICKY_NONE || was_first_down));
}

bool balancer_loops(const struct balancer_config *config, uint32_t n_servers)
{
    return config->method == METHOD_ROUND_ROBIN && config->stickiness == STICKY_NONE &&
           n_servers > 1;
}

bool balancer_keeps(const struct balancer *b)
{
    return !balancer_loops(b->config, b->n_servers);
}

bool balancer_is_drained(const struct balancer *b, uint32_t server)
{
    return b->config->method == METHOD_ACTIVE && server != b->active;
}

/* ---- Connections ---- */

/* A token is taken last, by one who passes. */
static bool lets_in(struct balancer *b, uint32_t client, int *taken_by)
{
    return balancer_has_room(b) && (b->n_blocked == 0 || !b->is_blocked[client]) &&
           has_server(b, client, taken_by) &&
           (b->buckets == NULL || buckets_has_room(b->buckets, client, sim_now(b->sim))) &&
           (b->config->rate_limit_per_s == 0 || take_token(b));
}

int balancer_connect(struct balancer *b, uint32_t client)
{
    int taken_by = BALANCER_NO_SERVER;
    if (!lets_in(b, client, &taken_by)) {
        b->stats.refused++;
        return BALANCER_NO_SERVER;
    }
    if (b->buckets != NULL) {
        buckets_admit(b->buckets, client, sim_now(b->sim));
    }
    count_connection(b);
    return (int)choose(b, client, taken_by);
}

void balancer_disconnect(struct balancer *b)
{
    SIM_ASSERT(b->n_connections > 0);
    b->n_connections--;
}

void balancer_redirect(struct balancer *b, uint32_t server, uint32_t target)
{
    b->backend[server].is_taken_out = true;
    b->backend[target].is_taken_out = false;
    if (b->active == server) {
        b->active = target;
    }
}

void balancer_age_names(struct balancer *b, double age_s)
{
    if (b->names != NULL) {
        name_cache_age(b->names, age_s);
    }
}

bool balancer_ends_connections(const struct balancer *b)
{
    return b->config->method != METHOD_DNS;
}

void balancer_fail_back(struct balancer *b, uint32_t server)
{
    b->backend[server].is_taken_out = false;
    b->active = server;
    b->stats.failbacks++;
}

bool balancer_is_settled(const struct balancer *b)
{
    bool is_settled = balancer_keeps(b);
    for (uint32_t i = 0; i < b->active && b->config->failback == FAILBACK_AUTOMATIC &&
                         b->config->method == METHOD_ACTIVE;
         i++) {
        is_settled &= b->backend[i].is_taken_out || !b->port.is_up(b->port.self, i);
    }
    return is_settled;
}

double balancer_idle_timeout_s(const struct balancer *b)
{
    return b->config->idle_timeout_s > 0 ? b->config->idle_timeout_s : INFINITY;
}

double balancer_connect_timeout_s(const struct balancer *b)
{
    return b->config->connect_timeout_s;
}

uint32_t balancer_active(const struct balancer *b)
{
    return b->active;
}

uint32_t balancer_n_connections(const struct balancer *b)
{
    return b->n_connections;
}

const struct balancer_stats *balancer_stats(const struct balancer *b)
{
    return &b->stats;
}
