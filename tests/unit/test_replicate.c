#include "tests/support/check.h"

#include "sim/core/sim.h"
#include "sim/run/replicate.h"

#include <stdatomic.h>
#include <string.h>

enum { MOST = 200 };

struct work {
    double result[MOST];
    atomic_int runs[MOST];
    uint32_t n_progress, last_done, n;
    int fail_from; /* replications from here on fail; MOST: none */
    atomic_int asked;
    int stop_after; /* times stop_requested is asked; 0: never */
};

static enum sim_err run_one(void *context, uint32_t r, struct sim_error *e)
{
    struct work *const w = context;
    struct sim *sim;
    struct sim_stream stream;
    atomic_fetch_add(&w->runs[r], 1);
    if ((int)r >= w->fail_from) {
        return sim_fail(e, SIM_EIO, "number %u is broken", r);
    }
    if (sim_create(7, r, &sim) != SIM_OK) {
        return sim_fail_memory(e, "a simulation");
    }
    sim_open_stream(sim, &stream, 0, 0, 0);
    for (int i = 0; i < 1000; i++) {
        w->result[r] += sim_stream_uniform(&stream);
    }
    sim_destroy(sim);
    return SIM_OK;
}

static void on_progress(void *context, uint32_t n_done, uint32_t n)
{
    struct work *const w = context;
    w->n_progress++;
    w->last_done = n_done;
    w->n = n;
}

static bool stop_requested(void *context)
{
    struct work *const w = context;
    return w->stop_after > 0 && atomic_fetch_add(&w->asked, 1) >= w->stop_after;
}

static enum sim_err replicate(struct work *w, uint32_t n, uint32_t threads, struct sim_error *e)
{
    const struct sim_experiment x = {run_one, on_progress, stop_requested, w};
    return sim_replicate(&x, n, threads, e);
}

static void test_results_do_not_depend_on_threads(void **state)
{
    static struct work one;
    (void)state;
    one = (struct work){.fail_from = MOST};
    assert_int_equal(replicate(&one, MOST, 1, NULL), SIM_OK);
    for (uint32_t threads = 2; threads <= 9; threads += 7) {
        static struct work many;
        memset(&many, 0, sizeof many);
        many.fail_from = MOST;
        assert_int_equal(replicate(&many, MOST, threads, NULL), SIM_OK);
        assert_memory_equal(one.result, many.result, sizeof one.result);
        for (int r = 0; r < MOST; r++) {
            assert_int_equal(atomic_load(&many.runs[r]), 1);
        }
        assert_int_equal(many.n_progress, MOST);
        assert_int_equal(many.last_done, MOST);
        assert_int_equal(many.n, MOST);
    }
}

static void test_more_threads_than_work(void **state)
{
    static struct work w;
    (void)state;
    w.fail_from = MOST;
    assert_int_equal(replicate(&w, 3, 50, NULL), SIM_OK);
    assert_int_equal(w.n_progress, 3);
    assert_int_equal(replicate(&w, 0, 4, NULL), SIM_OK); /* nothing to do */
}

static void test_the_lowest_failure_is_told(void **state)
{
    static struct work w;
    struct sim_error e;
    (void)state;
    w.fail_from = 17;
    assert_int_equal(replicate(&w, MOST, 1, &e), SIM_EIO);
    assert_string_equal(e.text, "replication 17: number 17 is broken");
    assert_int_equal(atomic_load(&w.runs[18]), 0); /* the rest is not begun */
    memset(&w, 0, sizeof w);
    w.fail_from = 17;
    assert_int_equal(replicate(&w, MOST, 4, &e), SIM_EIO);
    assert_string_equal(e.text, "replication 17: number 17 is broken");
}

static void test_a_stop_request(void **state)
{
    static struct work w;
    struct sim_error e;
    (void)state;
    w.fail_from = MOST;
    w.stop_after = 5;
    assert_int_equal(replicate(&w, MOST, 1, &e), SIM_ESTOPPED);
    assert_int_equal(w.n_progress, 5);
    memset(&w, 0, sizeof w);
    w.fail_from = MOST;
    w.stop_after = 5;
    assert_int_equal(replicate(&w, MOST, 3, &e), SIM_ESTOPPED);
    assert_true(w.n_progress < 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_results_do_not_depend_on_threads),
        cmocka_unit_test(test_more_threads_than_work),
        cmocka_unit_test(test_the_lowest_failure_is_told),
        cmocka_unit_test(test_a_stop_request),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
