/* Policies against the herd, each by its closed form or worked out by hand. */
#include "tests/support/check.h"
#include "tests/support/run_text.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- Decorrelated jitter ---- */

static struct sim_dist *no_jitter(void)
{
    struct sim_dist *one;
    assert_int_equal(sim_dist_constant(1, &one), SIM_OK);
    return one;
}

/* The first waits of one client, s. */
static void draw_waits(const struct backoff_config *config, uint32_t client, uint32_t n,
                       double wait_s[])
{
    struct sim_stream stream;
    double step_s;
    sim_stream_open(&stream, 5, client, 0, 0, 0);
    for (uint32_t i = 0; i < n; i++) {
        wait_s[i] = backoff_delay_s(config, i + 1, &step_s, &stream);
    }
}

/* s_n is uniform between b and 3 s_(n-1), with s_0 = b: E s_n = b/2 + 3/2 E s_(n-1), and
 * E s_n^2 = b^2/3 + b E s_(n-1) + 3 E s_(n-1)^2. */
static void test_decorrelated_jitter_has_its_moments(void **state)
{
    enum { N = 20000, STEPS = 5 };
    struct backoff_config config = {BACKOFF_DECORRELATED_JITTER, 30, 2, 1e9, no_jitter()};
    double sum_s[STEPS] = {0};
    double mean_s = 30;
    double square_s2 = 900;
    (void)state;
    for (uint32_t client = 0; client < N; client++) {
        double wait_s[STEPS];
        double before_s = 30;
        draw_waits(&config, client, STEPS, wait_s);
        for (int i = 0; i < STEPS; i++) {
            assert_true(wait_s[i] >= 30 && wait_s[i] <= 3 * before_s);
            before_s = wait_s[i];
            sum_s[i] += wait_s[i];
        }
    }
    for (int i = 0; i < STEPS; i++) {
        square_s2 = 300 + 30 * mean_s + 3 * square_s2;
        mean_s = 15 + 1.5 * mean_s;
        const double sd_s = sqrt((square_s2 - mean_s * mean_s) / N);
        assert_close(mean_s, 30 * (2 * pow(1.5, i + 1) - 1), 1e-12);
        assert_near((sum_s[i] / N - mean_s) / sd_s, 0, 4);
    }
    sim_dist_destroy(config.jitter);
}

/* The cap is on the wait that the next one grows from; the factor `jitter` comes on top of it and
 * does not grow. */
static void test_decorrelated_jitter_is_capped(void **state)
{
    enum { STEPS = 200 };
    struct backoff_config config = {BACKOFF_DECORRELATED_JITTER, 30, 2, 40, NULL};
    double wait_s[STEPS];
    uint32_t n_at_cap = 0;
    (void)state;
    assert_int_equal(sim_dist_constant(1.5, &config.jitter), SIM_OK);
    draw_waits(&config, 0, STEPS, wait_s);
    for (int i = 0; i < STEPS; i++) {
        assert_true(wait_s[i] >= 1.5 * 30 && wait_s[i] <= 1.5 * 40);
        n_at_cap += wait_s[i] == 1.5 * 40;
    }
    assert_true(n_at_cap > STEPS / 2); /* at least 1 - 10/60 of them */
    sim_dist_destroy(config.jitter);
}

/* A lone server that is dead: every attempt ends in a 503, and the device keeps what its waits grow
 * from. Doubling would give 4 retries in 290 s, a wait before that is forgotten, uniform(20, 60) s
 * each time, more than 7. */
static void test_devices_wait_by_decorrelated_jitter(void **state)
{
    struct run_result r;
    (void)state;
    run_text("schema: 1\nusers: 200\nhorizon: 300 s\nservers: {A: }\n"
             "devices:\n  per_user: 1\n  classes:\n    only:\n      share: 1\n"
             "      rtt: 0 s\n      promotion: 0 s\n      loss: 0\n      reconnect_delay: 10 s\n"
             "      backoff: {policy: decorrelated_jitter, first: 20 s, max: 1000 s, jitter: 1}\n"
             "balancer: {check_interval: 10 ms, fall: 1}\n",
             0, &r);
    double retries = 0;
    for (uint32_t i = 0; i < r.n_devices; i++) {
        const struct device_record *const d = &r.device[i];
        assert_near(d->stage_s[STAGE_BACKOFF], 290, 1e-6);
        assert_true(d->retries >= 3 && d->retries <= 15); /* 20 + 60 + 180 + 540 s at the most */
        retries += d->retries;
    }
    assert_true(retries / r.n_devices > 4 && retries / r.n_devices < 6);
    run_result_fini(&r);
}

/* ---- Rate of new connections ---- */

/* A herd in step: all come at 10.6 s and, refused, every second from then on: 0.1 s until the 503 is
 * heard, 0.3 s of back-off, three round trips to connect. Who passes hears 0.2 s later that he should
 * erase. Registration costs nothing. `limit` goes into `balancer`. */
static void run_herd(const char *limit, struct run_result *r)
{
    char yaml[1000];
    snprintf(yaml, sizeof yaml,
             "schema: 1\nusers: 60\n"
             "devices:\n  per_user: 1\n  classes:\n    only:\n      share: 1\n"
             "      rtt: 200 ms\n      promotion: 0 s\n      loss: 0\n      reconnect_delay: 10 s\n"
             "      backoff: {policy: fixed, first: 0.3 s, jitter: 1}\n"
             "balancer: {check_interval: 10 ms, fall: 1, %s}\n"
             "sync: {registration: {reads: 0, cpu: 0 s, commits: 0}}\n",
             limit);
    run_text(yaml, 0, r);
    assert_true(r->is_complete);
}

static int compare_times(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The i-th device to pass does so in round floor(i / in_a_round). */
static void assert_passes(const char *limit, int in_a_round)
{
    enum { N = 60 };
    struct run_result r;
    double heard_s[N];
    uint64_t refused = 0;
    run_herd(limit, &r);
    assert_int_equal(r.n_devices, N);
    for (int i = 0; i < N; i++) {
        heard_s[i] = r.device[i].erased_s;
        refused += (uint64_t)(i / in_a_round);
    }
    qsort(heard_s, N, sizeof *heard_s, compare_times);
    for (int i = 0; i < N; i++) {
        assert_near(heard_s[i], 10.8 + floor((double)i / in_a_round), 1e-9);
    }
    assert_int_equal(r.refused, refused);
    run_result_fini(&r);
}

/* Tokens of a second just fill the bucket, whatever the rounding, or run over. */
static void test_a_herd_passes_at_exactly_the_rate(void **state)
{
    (void)state;
    assert_passes("rate_limit: 5 /s, rate_burst: 5", 5);
    assert_passes("rate_limit: 1 /s, rate_burst: 1", 1);
    assert_passes("rate_limit: 3 /s, rate_burst: 3", 3);
    assert_passes("rate_limit: 5 /s, rate_burst: 1", 1);
    assert_passes("rate_limit: 0.5 /s, rate_burst: 60", 60);
    assert_passes("rate_limit: 0 /s", 60);
}

enum { MOST_PASSES = 1000 };

/* Somebody comes, on average 20 times a second, and writes down when he passed. */
struct crowd {
    struct sim *sim;
    struct balancer *balancer;
    struct sim_stream stream;
    double passed_s[MOST_PASSES];
    int n;
};

static void on_arrival(void *self, uint64_t unused)
{
    struct crowd *const c = self;
    (void)unused;
    if (balancer_connect(c->balancer, 0) != BALANCER_NO_SERVER) {
        assert_true(c->n < MOST_PASSES);
        c->passed_s[c->n++] = sim_now(c->sim);
    }
    sim_after(c->sim, -log(sim_stream_uniform(&c->stream)) / 20,
              (struct sim_call){on_arrival, c, 0});
}

static bool is_always_up(void *self, uint32_t server)
{
    (void)self;
    (void)server;
    return true;
}

/* Between any two who pass, at most depth + rate * time do; and no token is left for long. */
static void test_a_crowd_never_passes_faster(void **state)
{
    static const struct balancer_config config = {.check_interval_s = 2,
                                                  .fall = 3,
                                                  .max_connections = UINT32_MAX,
                                                  .rate_limit_per_s = 3,
                                                  .rate_burst = 4};
    const double end_s = 200;
    static const uint32_t nobody = 0;
    struct crowd c = {0};
    (void)state;
    assert_int_equal(sim_create(11, 0, &c.sim), SIM_OK);
    const struct balancer_port port = {.is_up = is_always_up}; /* one server: no failback */
    assert_int_equal(balancer_create(c.sim, &config, 1, 1, &nobody, &port, &c.balancer), SIM_OK);
    sim_stream_open(&c.stream, 11, 0, 99, 0, 0);
    sim_after(c.sim, 0, (struct sim_call){on_arrival, &c, 0});
    assert_int_equal(sim_run(c.sim, end_s), SIM_OK);
    for (int first = 0; first < c.n; first++) {
        for (int last = first; last < c.n; last++) {
            const double time_s = c.passed_s[last] - c.passed_s[first];
            assert_true(last - first + 1 <= 4 + 3 * time_s + 1e-6);
        }
    }
    assert_true(c.n <= 4 + 3 * end_s && c.n >= 4 + 3 * end_s - 3);
    balancer_destroy(c.balancer);
    sim_destroy(c.sim);
}

/* ---- Retry-After ---- */

/* A herd in step, refused at 10.6 s by a balancer that knows no living server; B takes over at 11 s. It
 * hears of that 0.1 s later, waits, connects in 0.6 s, and hears 0.2 s later that it should erase. */
static void run_told(const char *balancer, struct run_result *r)
{
    char yaml[1200];
    snprintf(
        yaml, sizeof yaml,
        "schema: 1\nusers: 200\n"
        "devices:\n  per_user: 1\n  classes:\n"
        "    obeys: {share: 50 %%, rtt: 200 ms, promotion: 0 s, loss: 0, reconnect_delay: 10 s,\n"
        "      backoff: {policy: fixed, first: 20 s, jitter: 1}}\n"
        "    does_not: {share: 40 %%, rtt: 200 ms, promotion: 0 s, loss: 0,\n"
        "      reconnect_delay: 10 s,\n"
        "      backoff: {policy: fixed, first: 20 s, jitter: 1, obeys_retry_after: false}}\n"
        "    waits_longer: {share: 10 %%, rtt: 200 ms, promotion: 0 s, loss: 0,\n"
        "      reconnect_delay: 10 s, backoff: {policy: fixed, first: 200 s, jitter: 1}}\n"
        "balancer: {check_interval: 10 ms, fall: 1, failover: manual%s}\n"
        "sync: {registration: {reads: 0, cpu: 0 s, commits: 0}}\n"
        "timeline:\n  - {at: 0 s, do: fail host A}\n  - {at: 11 s, do: redirect A to B}\n",
        balancer);
    run_text(yaml, 0, r);
    assert_true(r->is_complete);
}

enum { CLASS_OBEYS, CLASS_DOES_NOT, CLASS_WAITS_LONGER };

static void assert_waits(const char *balancer, double obeys_s)
{
    const double expected_s[] = {obeys_s, 20, 200};
    struct run_result r;
    run_told(balancer, &r);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        const struct device_record *const d = &r.device[i];
        assert_near(d->erased_s, 10.6 + 0.1 + expected_s[d->class_id] + 0.6 + 0.2, 1e-9);
        assert_int_equal(d->refused, 1);
    }
    run_result_fini(&r);
}

static void test_who_obeys_waits_at_least_so_long(void **state)
{
    (void)state;
    assert_waits("", 20);
    assert_waits(", retry_after: 60 s", 60);
    assert_waits(", retry_after: 5 s", 20); /* its own wait is longer */
}

static void test_fuzz_spreads_those_who_obey(void **state)
{
    struct run_result r;
    double sum_s = 0;
    uint32_t n = 0;
    (void)state;
    run_told(", retry_after: 60 s, retry_after_fuzz: 50 %", &r);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        const double wait_s = r.device[i].erased_s - 11.5;
        if (r.device[i].class_id == CLASS_OBEYS) {
            assert_true(wait_s > 60 && wait_s < 90);
            sum_s += wait_s;
            n++;
        } else {
            assert_near(wait_s, r.device[i].class_id == CLASS_DOES_NOT ? 20 : 200, 1e-9);
        }
    }
    assert_true(n > 50);
    assert_near((sum_s / n - 75) / (30 / sqrt(12.0 * n)), 0, 4);
    run_result_fini(&r);
}

/* One thread and no place to wait: the second of two devices is refused by the server, 0.1 s after it
 * has connected, and the balancer adds the header to that as well. The first, erasing, does not need
 * the thread when the second comes again. A registration takes 1 s. */
static void test_a_refusal_by_the_server_tells_too(void **state)
{
    struct run_result r;
    (void)state;
    run_text("schema: 1\nusers: 2\nhorizon: 100 s\n"
             "devices:\n  per_user: 1\n  classes:\n    only:\n      share: 1\n"
             "      rtt: 200 ms\n      promotion: 0 s\n      loss: 0\n      reconnect_delay: 10 s\n"
             "      erase_time: 1000 s\n      backoff: {policy: fixed, first: 20 s, jitter: 1}\n"
             "servers: {A: , B: {http_threads: 1, http_backlog: 0}}\n"
             "balancer: {check_interval: 10 ms, fall: 1, retry_after: 60 s}\n"
             "sync: {registration: {reads: 0, cpu: 1 s, commits: 0}}\n",
             0, &r);
    const uint32_t second = r.device[0].refused > 0 ? 0 : 1;
    assert_int_equal(r.device[second].refused, 1);
    assert_int_equal(r.device[1 - second].refused, 0);
    assert_near(r.device[1 - second].erased_s, 10.6 + 0.1 + 1 + 0.1, 1e-9);
    assert_near(r.device[second].erased_s, 10.6 + 0.2 + 60 + 0.6 + 0.1 + 1 + 0.1, 1e-9);
    run_result_fini(&r);
}

/* No answer is not a 503: a device that hangs up after 30 s waits its own 20 s. */
static void test_silence_tells_nothing(void **state)
{
    struct run_result r;
    (void)state;
    run_text("schema: 1\nusers: 1\nhorizon: 150 s\n"
             "devices:\n  per_user: 1\n  classes:\n    only:\n      share: 1\n"
             "      rtt: 200 ms\n      promotion: 0 s\n      loss: 0\n      reconnect_delay: 10 s\n"
             "      request_timeout: 30 s\n"
             "      backoff: {policy: fixed, first: 20 s, jitter: 1}\n"
             "balancer: {check_interval: 10 ms, fall: 1, retry_after: 60 s}\n"
             "sync: {registration: {reads: 0, cpu: 60 s, commits: 0}}\n",
             0, &r);
    /* sent at 10.6, 61.2 and 111.8 s; each closes the one before, unfinished */
    assert_int_equal(r.device[0].timeouts, 3);
    assert_near(r.device[0].stage_s[STAGE_BACKOFF], 20 + 20 + 150 - 141.8, 1e-9);
    run_result_fini(&r);
}

/* ---- Order and number of prime syncs ---- */

/* A server that does prime syncs alone, of CPU time alone: 10 ms a document, a core for each worker. */
struct primes {
    struct sim *sim;
    struct mail_farm *farm;
    struct sync_host *host;
    struct state_db *state;
    struct prime_sync *prime;
    double *done_s; /* by user */
};

static void on_prime_change(void *self, uint32_t user, enum prime_state state)
{
    const struct primes *const p = self;
    if (state == PRIME_DONE) {
        p->done_s[user] = sim_now(p->sim);
    }
}

/* All users ask at the start, in the order of their numbers. `p->done_s` is the caller's. */
static void run_primes(struct primes *p, enum prime_order order, uint32_t workers,
                       const struct mailbox *mailboxes, uint32_t n_users)
{
    static const struct mail_config mail = {.servers = 1,
                                            .transactions = 1,
                                            .disk_iops = 1,
                                            .stream_iops = 1,
                                            .cores = 1,
                                            .probe_interval_s = 1000};
    const struct prime_sync_config config = {
        .order = order, .batch_documents = 50, .cpu_per_document_s = 0.01, .state_page_byte = 4096};
    const struct sync_host_config host = {.cores = workers,
                                          .heap_byte = 1e9,
                                          .heap_per_sync_byte = 1,
                                          .gc_threshold = 1,
                                          .gc_speed = 1,
                                          .state_iops = 1,
                                          .state_group = 1};
    assert_int_equal(sim_create(1, 0, &p->sim), SIM_OK);
    assert_int_equal(mail_farm_create(p->sim, &mail, &p->farm), SIM_OK);
    assert_int_equal(sync_host_create(p->sim, &host, p->farm, NULL, &p->host), SIM_OK);
    assert_int_equal(state_db_create(1, n_users, 0, &p->state), SIM_OK);
    assert_int_equal(prime_sync_create(p->sim, &config, p->host, p->state, workers, mailboxes,
                                       n_users, on_prime_change, p, &p->prime),
                     SIM_OK);
    for (uint32_t user = 0; user < n_users; user++) {
        prime_sync_request(p->prime, user, false);
    }
    assert_int_equal(sim_run(p->sim, 1e4), SIM_OK);
    assert_int_equal(prime_sync_n_done(p->prime), n_users);
}

static void fini_primes(struct primes *p)
{
    prime_sync_destroy(p->prime);
    state_db_destroy(p->state);
    sync_host_destroy(p->host);
    mail_farm_destroy(p->farm);
    sim_destroy(p->sim);
}

/* Three users and one worker: the first begins at once, the two others wait. */
static void assert_order(enum prime_order order, const double done_s[3], double mean_wait_s)
{
    static const struct mailbox mailboxes[] = {{.documents = 300, .items = 1},
                                               {.documents = 400, .items = 1},
                                               {.documents = 100, .items = 1}};
    double seen_s[3];
    struct primes p = {.done_s = seen_s};
    run_primes(&p, order, 1, mailboxes, 3);
    for (int user = 0; user < 3; user++) {
        assert_near(seen_s[user], done_s[user], 1e-9);
    }
    const struct sim_station_stats *const s = sim_station_stats(prime_sync_workers(p.prime));
    assert_near(s->wait_s.mean, mean_wait_s, 1e-9);
    fini_primes(&p);
}

/* 3, 4 and 1 s of work: waits 0, 3, 7 s against 0, 4, 3 s, and 8 s in all either way. */
static void test_smallest_first_waits_less_and_takes_as_long(void **state)
{
    (void)state;
    assert_order(PRIME_BY_ARRIVAL, (const double[]){3, 7, 8}, 10.0 / 3);
    assert_order(PRIME_SMALLEST_FIRST, (const double[]){3, 8, 4}, 7.0 / 3);
}

/* 22,000 at once, served 20 at a time for 1 s each: 1,100 s exactly, as worked out for the limit on
 * reconnects of a chat bridge (github.com/matrix-org/matrix-appservice-irc, pull request 604, 2018). */
static void test_twenty_at_a_time(void **state)
{
    enum { N = 22000 };
    struct mailbox *const mailboxes = calloc(N, sizeof *mailboxes);
    struct primes p = {.done_s = calloc(N, sizeof *p.done_s)};
    double last_s = 0;
    (void)state;
    assert_true(mailboxes != NULL && p.done_s != NULL);
    for (int user = 0; user < N; user++) {
        mailboxes[user] = (struct mailbox){.documents = 100, .items = 1};
    }
    run_primes(&p, PRIME_BY_ARRIVAL, 20, mailboxes, N);
    for (int user = 0; user < N; user++) {
        assert_near(p.done_s[user], 1 + floor(user / 20.0), 1e-6);
        last_s = fmax(last_s, p.done_s[user]);
    }
    assert_near(last_s, 1100, 1e-6);
    fini_primes(&p);
    free(p.done_s);
    free(mailboxes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decorrelated_jitter_has_its_moments),
        cmocka_unit_test(test_decorrelated_jitter_is_capped),
        cmocka_unit_test(test_devices_wait_by_decorrelated_jitter),
        cmocka_unit_test(test_a_herd_passes_at_exactly_the_rate),
        cmocka_unit_test(test_a_crowd_never_passes_faster),
        cmocka_unit_test(test_who_obeys_waits_at_least_so_long),
        cmocka_unit_test(test_fuzz_spreads_those_who_obey),
        cmocka_unit_test(test_a_refusal_by_the_server_tells_too),
        cmocka_unit_test(test_silence_tells_nothing),
        cmocka_unit_test(test_smallest_first_waits_less_and_takes_as_long),
        cmocka_unit_test(test_twenty_at_a_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
