/* Threads, worked out by hand: a poll without one gets no push, and the next request of a device waits for one
 * while the older is still worked on. */
#include "tests/support/check.h"
#include "tests/support/run_text.h"

#include "models/collect.h"

#include <stdlib.h>
#include <string.h>

static size_t column_of(const struct scenario *s, const char *name)
{
    size_t n;
    struct series_column *const columns = collect_columns(s, &n);
    assert_non_null(columns);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(columns[i].name, name) == 0) {
            free(columns);
            return i;
        }
    }
    fail_msg("there is no column %s", name);
    return 0;
}

/* 6 threads and 10 devices: at the end 6 polls hold a thread each, and the others have everything but no push. */
static void test_no_thread_no_push(void **state)
{
    static const char yaml[] =
        "schema: 1\nusers: 10\ndevices: {per_user: 1, heartbeat: 10 min}\nhorizon: 8 h\n"
        "servers: {A: , B: {http_threads: 6, http_backlog: 2}}\n";
    struct scenario scenario;
    struct run_result r;
    uint32_t n_rows_short = 0;
    double sum_full = 0;
    (void)state;
    scenario_from_text(yaml, &scenario);
    run_text(yaml, 1, &r);
    const size_t full = column_of(&scenario, "devices.full");
    const size_t no_push = column_of(&scenario, "devices.no_push");
    const size_t done = column_of(&scenario, "done.full");
    for (size_t i = 0; i < sim_series_n_rows(r.series); i++) {
        const double *const row = sim_series_row(r.series, i);
        assert_near(row[full] + row[no_push], row[done], 0);
        n_rows_short += row[no_push] > 0;
        sum_full += row[full] / (double)sim_series_n_rows(r.series);
    }
    assert_true(sum_full > 5 && sum_full <= 6.2); /* a poll on its way holds none, for some ms */
    assert_true(n_rows_short > 10);
    run_result_fini(&r);
    scenario_fini(&scenario);
}

/* One device, one thread, a registration of 10 s of CPU time, patience for 6 s, then a wait of 1 s: requests at 0,
 * 7, 14, ..., each given up after 6 s. The thread works on the first from 0 to 10, unheard, on the second from 10 to 20,
 * on the third from 20 to 30; the fourth, in line since 21, makes room at 28 for the fifth, which is worked on from 30 to
 * 40, and so on. */
static const char impatient[] =
    "schema: 1\nusers: 1\nseed: 3\nhorizon: 45 s\nseries_step: 1 s\n"
    "devices:\n  per_user: 1\n  classes:\n    only: {share: 1, rtt: 0 s, promotion: 0 s, loss: 0, "
    "reconnect_delay: 0 s, request_timeout: 6 s, backoff: {policy: fixed, first: 1 s, jitter: 1}}\n"
    "servers: {A: , B: {http_threads: %u, cores: 8}}\n"
    "sync: {registration: {cpu: 10 s, reads: 0, commits: 0}}\n"
    "timeline: [{at: 0 s, do: redirect A to B}]\n";

static void run_impatient(unsigned threads, struct run_result *r)
{
    char yaml[sizeof impatient + 16];
    snprintf(yaml, sizeof yaml, impatient, threads);
    run_text(yaml, 0, r);
}

static void test_the_next_request_waits_for_a_thread(void **state)
{
    struct run_result one;
    struct run_result two;
    (void)state;
    run_impatient(1, &one);
    assert_int_equal(one.requests, 7);
    assert_int_equal(one.timeouts, 6);
    assert_int_equal(one.replaced, 1);
    /* with two threads each request finds the older one at work and closes it at once */
    run_impatient(2, &two);
    assert_int_equal(two.requests, 7);
    assert_int_equal(two.replaced, 6);
    run_result_fini(&one);
    run_result_fini(&two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_thread_no_push),
        cmocka_unit_test(test_the_next_request_waits_for_a_thread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
