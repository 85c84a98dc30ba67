/* Devices let in a bucket at a time: closed forms, and what must hold in a whole world. */
#include "models/buckets.h"

#include "tests/support/alloc_fail.h"
#include "tests/support/check.h"
#include "tests/support/run_text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* 22,000 who ask every second, 20 let in at a time, each done after a second: 1,100 s exactly. */
static void test_the_next_bucket_opens_when_all_are_done(void **state)
{
    enum { N = 22000, SIZE = 20 };
    struct buckets *b;
    uint32_t in = 0;
    uint32_t seconds = 0;
    (void)state;
    assert_int_equal(buckets_create(SIZE, 1e9, N, &b), SIM_OK);
    for (uint32_t done = 0; done < N; seconds++) {
        for (; done < in; done++) {
            buckets_finish(b, done);
        }
        for (uint32_t i = done; i < N; i++) {
            if (buckets_has_room(b, i, seconds)) {
                buckets_admit(b, i, seconds);
                in++;
            }
        }
        assert_true(in - done <= SIZE);
    }
    assert_int_equal(seconds - 1, 1100); /* the last second sees the end of the last bucket */
    buckets_destroy(b);
}

/* Nobody is ever done: three each 5 s, however often they ask. */
static void test_a_bucket_does_not_wait_for_ever(void **state)
{
    enum { N = 10 };
    struct buckets *b;
    (void)state;
    assert_int_equal(buckets_create(3, 5, N, &b), SIM_OK);
    for (int step = 0; step <= 160; step++) { /* every 0.1 s, which no float is */
        for (uint32_t i = 0; i < N; i++) {
            const double now_s = 7 + step * 0.1;
            const bool is_due = step >= 50 * (int)(i / 3);
            assert_int_equal(buckets_has_room(b, i, now_s), is_due);
            if (is_due) {
                buckets_admit(b, i, now_s);
            }
        }
    }
    buckets_destroy(b);
}

/* Of two places one is given back; who is done and comes again takes no second one. */
static void test_a_place_that_is_given_back_is_free(void **state)
{
    struct buckets *b;
    (void)state;
    assert_int_equal(buckets_create(2, 100, 4, &b), SIM_OK);
    buckets_admit(b, 0, 0);
    buckets_admit(b, 1, 0);
    assert_false(buckets_has_room(b, 2, 1));
    assert_true(buckets_has_room(b, 1, 1)); /* he has his */
    buckets_forget(b, 0);
    assert_true(buckets_has_room(b, 2, 1));
    buckets_admit(b, 2, 1);
    buckets_finish(b, 2);
    buckets_finish(b, 2); /* twice is once */
    assert_false(buckets_has_room(b, 3, 2));
    buckets_finish(b, 1);
    assert_true(buckets_has_room(b, 3, 2));
    buckets_admit(b, 3, 2); /* opens the second bucket */
    buckets_forget(b, 1);   /* of the first: frees no place of the second */
    buckets_admit(b, 0, 2);
    assert_false(buckets_has_room(b, 1, 3));
    buckets_destroy(b);
    buckets_destroy(NULL);
}

static void test_memory_runs_out(void **state)
{
    struct buckets *b = NULL;
    (void)state;
    for (unsigned n = 1; alloc_fail_begin(n); n++) {
        const enum sim_err err = buckets_create(2, 1, 3, &b);
        if (!alloc_fail_end()) {
            assert_int_equal(err, SIM_OK);
            assert_int_equal(n, 3);
            break;
        }
        assert_int_equal(err, SIM_ENOMEM);
    }
    buckets_destroy(b);
}

/* ---- A whole world ---- */

static int by_erasure(const void *left, const void *right)
{
    const struct device_record *const a = left;
    const struct device_record *const b = right;
    return (a->erased_s > b->erased_s) - (a->erased_s < b->erased_s);
}

static void run_herd(const char *buckets, struct run_result *r)
{
    char yaml[1000];
    snprintf(yaml, sizeof yaml,
             "schema: 1\nusers: 60\nhorizon: 12 h\n"
             "devices:\n  per_user: 1\n  classes:\n    only:\n      share: 1\n"
             "      rtt: 200 ms\n      promotion: 0 s\n      loss: 0\n      reconnect_delay: 10 s\n"
             "      backoff: {policy: fixed, first: 0.3 s, jitter: 1}\n"
             "balancer: {check_interval: 10 ms, fall: 1, %s}\n"
             "sync: {registration: {reads: 0, cpu: 0 s, commits: 0}}\n",
             buckets);
    run_text(yaml, 0, r);
    assert_true(r->is_complete);
    qsort(r->device, r->n_devices, sizeof *r->device, by_erasure);
}

/* They come at 10.6 s and, refused, every second from then on; 0.2 s after they are let in they erase.
 * No bucket is done within 2 s. */
static void test_a_herd_is_let_in_by_the_clock(void **state)
{
    struct run_result r;
    (void)state;
    run_herd("bucket: 5, bucket_interval: 2 s", &r);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        assert_near(r.device[i].erased_s, 10.8 + 2 * floor(i / 5.0), 1e-6);
    }
    run_result_fini(&r);
}

/* Nobody erases before all of the bucket before are full, and then within the second; the storm is the
 * sum of its buckets. */
static void test_a_herd_is_let_in_when_the_last_is_full(void **state)
{
    struct run_result r;
    double full_s = -INFINITY; /* the last of the bucket before */
    (void)state;
    run_herd("bucket: 7, bucket_interval: 10 h", &r);
    for (uint32_t first = 0; first < r.n_devices; first += 7) {
        double last_s = 0;
        for (uint32_t i = first; i < first + 7 && i < r.n_devices; i++) {
            assert_true(r.device[i].erased_s >= full_s);
            assert_true(isinf(full_s) || r.device[i].erased_s <= full_s + 1.2 + 1e-6);
            last_s = fmax(last_s, r.device[i].full_s);
        }
        full_s = last_s;
    }
    run_result_fini(&r);
}

/* A bucket for all is no limit. */
static void test_a_bucket_for_all_changes_nothing(void **state)
{
    struct run_result open;
    struct run_result r;
    (void)state;
    run_herd("max_connections: 60", &open);
    run_herd("bucket: 60", &r);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        assert_true(r.device[i].full_s == open.device[i].full_s);
    }
    run_result_fini(&open);
    run_result_fini(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_next_bucket_opens_when_all_are_done),
        cmocka_unit_test(test_a_bucket_does_not_wait_for_ever),
        cmocka_unit_test(test_a_place_that_is_given_back_is_free),
        cmocka_unit_test(test_memory_runs_out),
        cmocka_unit_test(test_a_herd_is_let_in_by_the_clock),
        cmocka_unit_test(test_a_herd_is_let_in_when_the_last_is_full),
        cmocka_unit_test(test_a_bucket_for_all_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
