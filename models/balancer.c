#include "models/balancer.h"

#include "models/purpose.h"

#include <math.h>
#include <stdlib.h>

/* A token is whole from here on: times are sums, and rounded. */
static const double whole_token = 1 - 1e-9;

struct backend {
    uint32_t failed, passed; /* checks in a row */
    bool is_marked_down, is_taken_out;
    double down_since_s;
};

struct balancer {
    struct sim *sim;
    const struct balancer_config *config;
    uint32_t n_servers;
    struct balancer_port port;
    struct backend *backend; /* by server */
    uint32_t active, n_connections;
    double tokens, tokens_at_s; /* in the bucket when the last was taken */
    struct balancer_stats stats;
};

static void on_check(void *self, uint64_t unused);

/* The first check comes at a random point of the interval: failures do not wait for the clock. */
static void start_checks(struct balancer *b)
{
    struct sim_stream stream;
    sim_open_stream(b->sim, &stream, 0, PURPOSE_HEALTH_CHECK, 0);
    const double phase_s = sim_stream_uniform(&stream) * b->config->check_interval_s;
    sim_after(b->sim, phase_s, (struct sim_call){on_check, b, 0});
}

enum sim_err balancer_create(struct sim *sim, const struct balancer_config *config,
                             uint32_t n_servers, const struct balancer_port *port,
                             struct balancer **out)
{
    struct balancer *const b = calloc(1, sizeof *b);
    if (b == NULL) {
        return SIM_ENOMEM;
    }
    b->backend = calloc(n_servers, sizeof *b->backend);
    if (b->backend == NULL) {
        balancer_destroy(b);
        return SIM_ENOMEM;
    }
    b->sim = sim;
    b->config = config;
    b->n_servers = n_servers;
    b->port = *port;
    b->tokens = config->rate_burst;
    start_checks(b);
    *out = b;
    return SIM_OK;
}

void balancer_destroy(struct balancer *b)
{
    if (b != NULL) {
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
        k->is_marked_down = true;
        k->down_since_s = sim_now(b->sim);
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
    if (c->failover == FAILOVER_AUTOMATIC && active->is_marked_down &&
        sim_now(b->sim) - active->down_since_s >= c->hold_down_s) {
        fail_over(b);
    }
    if (c->failback == FAILBACK_AUTOMATIC) {
        fail_back(b);
    }
    sim_after(b->sim, c->check_interval_s, (struct sim_call){on_check, b, 0});
}

void balancer_give_up(struct balancer *b)
{
    b->stats.refused++;
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

int balancer_hold(struct balancer *b)
{
    SIM_ASSERT(balancer_has_room(b));
    b->n_connections++;
    b->stats.connections++;
    return (int)b->active;
}

int balancer_connect(struct balancer *b)
{
    if (!balancer_has_room(b) || b->backend[b->active].is_marked_down ||
        (b->config->rate_limit_per_s > 0 && !take_token(b))) {
        b->stats.refused++;
        return BALANCER_NO_SERVER;
    }
    return balancer_hold(b);
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

void balancer_fail_back(struct balancer *b, uint32_t server)
{
    b->backend[server].is_taken_out = false;
    b->active = server;
    b->stats.failbacks++;
}

bool balancer_is_settled(const struct balancer *b)
{
    bool is_settled = true;
    for (uint32_t i = 0; i < b->active && b->config->failback == FAILBACK_AUTOMATIC; i++) {
        is_settled &= b->backend[i].is_taken_out || !b->port.is_up(b->port.self, i);
    }
    return is_settled;
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
