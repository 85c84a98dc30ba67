#include "models/balancer.h"

#include "models/purpose.h"

#include <math.h>
#include <stdlib.h>

/* A token is whole from here on: times are sums, and rounded. */
static const double whole_token = 1 - 1e-9;

struct balancer {
    struct sim *sim;
    const struct balancer_config *config;
    uint32_t n_servers;
    bool (*is_up)(void *self, uint32_t server);
    void *self;
    uint32_t *failed_checks; /* in a row, by server */
    bool *is_taken_out;      /* by server */
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
                             uint32_t n_servers, bool (*is_up)(void *self, uint32_t server),
                             void *self, struct balancer **out)
{
    struct balancer *const b = calloc(1, sizeof *b);
    if (b == NULL) {
        return SIM_ENOMEM;
    }
    b->failed_checks = calloc(n_servers, sizeof *b->failed_checks);
    b->is_taken_out = calloc(n_servers, sizeof *b->is_taken_out);
    if (b->failed_checks == NULL || b->is_taken_out == NULL) {
        balancer_destroy(b);
        return SIM_ENOMEM;
    }
    b->sim = sim;
    b->config = config;
    b->n_servers = n_servers;
    b->is_up = is_up;
    b->self = self;
    b->tokens = config->rate_burst;
    start_checks(b);
    *out = b;
    return SIM_OK;
}

void balancer_destroy(struct balancer *b)
{
    if (b != NULL) {
        free(b->failed_checks);
        free(b->is_taken_out);
        free(b);
    }
}

static bool is_marked_down(const struct balancer *b, uint32_t server)
{
    return b->failed_checks[server] >= b->config->fall;
}

static void fail_over(struct balancer *b)
{
    for (uint32_t i = 1; i < b->n_servers; i++) {
        const uint32_t next = (b->active + i) % b->n_servers;
        if (!is_marked_down(b, next) && !b->is_taken_out[next]) {
            b->active = next;
            b->stats.failovers++;
            return;
        }
    }
}

static void on_check(void *self, uint64_t unused)
{
    struct balancer *const b = self;
    (void)unused;
    for (uint32_t i = 0; i < b->n_servers; i++) {
        b->failed_checks[i] = b->is_up(b->self, i) ? 0 : b->failed_checks[i] + 1;
    }
    if (b->config->failover == FAILOVER_AUTOMATIC && is_marked_down(b, b->active)) {
        fail_over(b);
    }
    sim_after(b->sim, b->config->check_interval_s, (struct sim_call){on_check, b, 0});
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
    if (!balancer_has_room(b) || is_marked_down(b, b->active) ||
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
    b->is_taken_out[server] = true;
    if (b->active == server) {
        b->active = target;
    }
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
