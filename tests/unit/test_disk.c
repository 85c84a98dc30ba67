/* The disk with group commit: hand-worked cases, and random ones against an event per I/O. */
#include "tests/support/alloc_fail.h"
#include "tests/support/check.h"
#include "tests/support/disk_reference.h"

#include "sim/core/sim.h"
#include "sim/res/disk.h"
#include "sim/rng/stream.h"

#include <stdlib.h>
#include <string.h>

struct fixture {
    struct sim *sim;
    struct sim_disk *disk;
    struct reference_job *job;
    struct sim_handle *handle;
};

static void on_end(void *self, uint64_t i)
{
    struct fixture *const f = self;
    f->job[i].finish_s = sim_now(f->sim);
}

static void on_start(void *self, uint64_t i)
{
    struct fixture *const f = self;
    sim_disk_submit(f->disk, f->job[i].commits, (struct sim_call){on_end, f, i}, &f->handle[i]);
}

static void on_cancel(void *self, uint64_t i)
{
    struct fixture *const f = self;
    if (sim_disk_cancel(f->disk, &f->handle[i])) {
        f->job[i].finish_s = NAN;
    }
}

/* An I/O ends before jobs arrive at the same time, and these come before cancellations: the end of an I/O
 * has the normal priority, so starts are scheduled behind it by theirs. */
static struct sim_disk_stats run(struct reference_job *job, size_t n, double io_s, uint32_t group)
{
    struct fixture f = {.job = job};
    f.handle = calloc(n, sizeof *f.handle);
    assert_int_equal(sim_create(1, 0, &f.sim), SIM_OK);
    assert_int_equal(sim_disk_create(f.sim, io_s, group, &f.disk), SIM_OK);
    for (size_t i = 0; i < n; i++) {
        job[i].finish_s = HUGE_VAL;
        sim_at(f.sim, job[i].start_s, SIM_NORMAL + 1, (struct sim_call){on_start, &f, i});
        if (isfinite(job[i].cancel_s)) {
            sim_at(f.sim, job[i].cancel_s, SIM_LAST, (struct sim_call){on_cancel, &f, i});
        }
    }
    assert_int_equal(sim_run(f.sim, HUGE_VAL), SIM_OK);
    const struct sim_disk_stats stats = *sim_disk_stats(f.disk);
    sim_disk_destroy(f.disk);
    sim_destroy(f.sim);
    free(f.handle);
    return stats;
}

static struct reference_job job(double start_s, uint64_t commits)
{
    return (struct reference_job){start_s, commits, HUGE_VAL, 0};
}

static void test_one_job_alone(void **state)
{
    struct reference_job jobs[] = {job(1, 100)};
    (void)state;
    const struct sim_disk_stats s = run(jobs, 1, 0.01, 4);
    assert_close(jobs[0].finish_s, 2, 1e-15); /* grouping does not help one job */
    assert_int_equal(s.commits, 100);
    assert_int_equal(s.ios, 100);
    assert_close(sim_timeavg_area(&s.busy, 2), 1, 1e-12);
    assert_close(sim_timeavg_area(&s.saturated, 2), 0, 0);
}

static void test_two_jobs_take_turns(void **state)
{
    struct reference_job jobs[] = {job(0, 3), job(0, 2)};
    (void)state;
    run(jobs, 2, 1, 1); /* a b a b a */
    assert_close(jobs[1].finish_s, 4, 1e-15);
    assert_close(jobs[0].finish_s, 5, 1e-15);
}

/* Groups of four, five jobs of two commits: a | bcde | a.. : the first I/O carries the first job alone,
 * the second the other four, the third a and nobody else new: bcd ask again behind a. */
static void test_groups_of_four(void **state)
{
    struct reference_job jobs[] = {job(0, 2), job(0, 2), job(0, 2), job(0, 2), job(0, 2)};
    (void)state;
    const struct sim_disk_stats s = run(jobs, 5, 1, 4);
    assert_close(jobs[0].finish_s, 3, 1e-15); /* a b c d in the third I/O */
    assert_close(jobs[1].finish_s, 3, 1e-15);
    assert_close(jobs[3].finish_s, 3, 1e-15);
    assert_close(jobs[4].finish_s, 4, 1e-15);
    assert_int_equal(s.ios, 4);
    assert_int_equal(s.commits, 10);
    assert_close(sim_timeavg_area(&s.saturated, 4), 3, 1e-15); /* five present until t = 3 */
}

static void test_who_comes_during_an_io_waits_for_the_next(void **state)
{
    struct reference_job jobs[] = {job(0, 10), job(2.5, 1)};
    (void)state;
    run(jobs, 2, 1, 8);
    assert_close(jobs[1].finish_s, 4, 1e-15);
    assert_close(jobs[0].finish_s, 10, 1e-15);
}

static void test_cancelling_a_job_on_the_disk_does_not_stop_the_io(void **state)
{
    struct reference_job jobs[] = {{0, 5, 0.5, 0}, job(0.7, 1)};
    (void)state;
    const struct sim_disk_stats s = run(jobs, 2, 1, 1);
    assert_true(isnan(jobs[0].finish_s));
    assert_close(jobs[1].finish_s, 2, 1e-15);
    assert_int_equal(s.cancelled, 1);
    assert_int_equal(s.ios, 2);
    assert_int_equal(s.commits, 1);
}

static double uniform(struct sim_stream *s, double low, double high)
{
    return low + (high - low) * sim_stream_uniform(s);
}

static int by_start(const void *a, const void *b)
{
    const double x = ((const struct reference_job *)a)->start_s;
    const double y = ((const struct reference_job *)b)->start_s;
    return (x > y) - (x < y);
}

static void draw(struct sim_stream *s, struct reference_job *jobs, size_t n, bool on_the_grid,
                 bool with_cancels)
{
    for (size_t i = 0; i < n; i++) {
        const double t = uniform(s, 0, 100);
        const double start_s = on_the_grid ? floor(t) : t;
        const bool is_cancelled = with_cancels && sim_stream_uniform(s) < 0.3;
        jobs[i] = job(start_s, 1 + (uint64_t)exp(uniform(s, 0, log(500))));
        jobs[i].cancel_s = is_cancelled ? start_s + uniform(s, 0, 300) : HUGE_VAL;
    }
    qsort(jobs, n, sizeof *jobs, by_start);
}

static void compare_random(bool on_the_grid, bool with_cancels)
{
    enum { CASES = 300, MOST = 40 };
    for (uint32_t i_case = 0; i_case < CASES; i_case++) {
        struct reference_job expected[MOST];
        struct reference_job found[MOST];
        struct sim_stream s;
        sim_stream_open(&s, 5, i_case, 0, 0, 0);
        const size_t n = 1 + (size_t)uniform(&s, 0, MOST);
        struct reference_disk disk = {.io_s = on_the_grid ? 0.5 : uniform(&s, 0.01, 2),
                                      .group = 1 + (uint32_t)uniform(&s, 0, 6)};
        draw(&s, expected, n, on_the_grid, with_cancels);
        memcpy(found, expected, sizeof found);
        reference_disk_run(&disk, expected, n);
        const struct sim_disk_stats stats = run(found, n, disk.io_s, disk.group);
        for (size_t i = 0; i < n; i++) {
            if (!(isnan(expected[i].finish_s) && isnan(found[i].finish_s))) {
                assert_close(found[i].finish_s, expected[i].finish_s, 1e-12);
            }
        }
        assert_int_equal(stats.ios, disk.ios);
        assert_int_equal(stats.commits, disk.commits);
        assert_close(stats.busy.area + stats.busy.area_rest, disk.busy_s, 1e-9);
        assert_close(stats.saturated.area + stats.saturated.area_rest, disk.saturated_s, 1e-9);
        assert_int_equal(stats.submitted, stats.completed + stats.cancelled);
    }
}

static void test_random_against_an_event_per_io(void **state)
{
    (void)state;
    compare_random(false, false);
}

static void test_random_with_cancellations(void **state)
{
    (void)state;
    compare_random(false, true);
}

static void test_random_arrivals_exactly_between_ios(void **state)
{
    (void)state;
    compare_random(true, false);
}

/* Just before an I/O ends one is in time for the next, at its end one is not; a division by the length of
 * an I/O alone would take the one moment for the other. */
static void test_the_last_moment_of_an_io(void **state)
{
    (void)state;
    for (int i = 1; i <= 500; i++) {
        const double io_s = 0.1;
        struct reference_job before[] = {job(0, 1000), job(nextafter(i * io_s, 0), 1)};
        struct reference_job at_end[] = {job(0, 1000), job(i * io_s, 1)};
        run(before, 2, io_s, 8);
        run(at_end, 2, io_s, 8);
        assert_close(before[1].finish_s, (i + 1) * io_s, 0);
        assert_close(at_end[1].finish_s, (i + 2) * io_s, 0);
    }
}

/* A job ends at 3, and a request comes at 3, before or after it in the order of events. */
static void test_a_request_as_an_io_ends_a_job(void **state)
{
    (void)state;
    for (int is_first = 0; is_first < 2; is_first++) {
        struct reference_job jobs[] = {job(0, 10), job(1.5, 1), job(3, 1)};
        struct sim_handle handle[3];
        struct fixture f = {.job = jobs, .handle = handle};
        assert_int_equal(sim_create(1, 0, &f.sim), SIM_OK);
        assert_int_equal(sim_disk_create(f.sim, 1, 8, &f.disk), SIM_OK);
        for (uint64_t i = 0; i < 3; i++) {
            sim_at(f.sim, jobs[i].start_s, is_first ? SIM_FIRST : SIM_LAST,
                   (struct sim_call){on_start, &f, i});
        }
        assert_int_equal(sim_run(f.sim, HUGE_VAL), SIM_OK);
        assert_close(jobs[1].finish_s, 3, 0);
        assert_close(jobs[2].finish_s, is_first ? 4 : 5, 0);
        assert_close(jobs[0].finish_s, 10, 0);
        sim_disk_destroy(f.disk);
        sim_destroy(f.sim);
    }
}

struct three {
    struct sim_disk *disk;
    struct sim_handle handle[3];
    int n_told;
    bool clears;
};

static void on_end_of_three(void *self, uint64_t i)
{
    struct three *const t = self;
    t->n_told++;
    if (t->clears) {
        sim_disk_clear(t->disk);
    } else if (t->n_told == 1) {
        struct sim_handle *const next = &t->handle[(i + 1) % 3];
        assert_true(sim_disk_cancel(t->disk, next));
        assert_false(sim_disk_cancel(t->disk, next));
    }
}

/* Three jobs end in one I/O: the callback of the first stops that of the second, or of all. */
static void test_a_callback_may_cancel_a_job_of_the_same_io(void **state)
{
    (void)state;
    for (int clears = 0; clears < 2; clears++) {
        struct sim *sim;
        struct three t = {.clears = clears == 1};
        assert_int_equal(sim_create(1, 0, &sim), SIM_OK);
        assert_int_equal(sim_disk_create(sim, 1, 4, &t.disk), SIM_OK);
        sim_disk_submit(t.disk, 2, (struct sim_call){on_end_of_three, &t, 0}, &t.handle[0]);
        sim_disk_submit(t.disk, 1, (struct sim_call){on_end_of_three, &t, 1}, &t.handle[1]);
        sim_disk_submit(t.disk, 1, (struct sim_call){on_end_of_three, &t, 2}, &t.handle[2]);
        assert_int_equal(sim_run(sim, HUGE_VAL), SIM_OK);
        assert_int_equal(t.n_told, clears ? 1 : 2);
        const struct sim_disk_stats *const stats = sim_disk_stats(t.disk);
        assert_int_equal(stats->submitted, stats->completed + stats->cancelled);
        sim_disk_destroy(t.disk);
        sim_destroy(sim);
    }
}

/* In the middle of I/Os that are skipped as a whole: the figures are those of this moment. */
static void test_statistics_in_between(void **state)
{
    struct sim *sim;
    struct sim_disk *disk;
    (void)state;
    assert_int_equal(sim_create(1, 0, &sim), SIM_OK);
    assert_int_equal(sim_disk_create(sim, 0.5, 2, &disk), SIM_OK);
    sim_disk_submit(disk, 1000, (struct sim_call){NULL, NULL, 0}, NULL);
    sim_disk_submit(disk, 1000, (struct sim_call){NULL, NULL, 0}, NULL);
    assert_int_equal(sim_run(sim, 100.25), SIM_OK);
    assert_int_equal(sim_disk_stats(disk)->ios, 200);
    assert_int_equal(sim_disk_stats(disk)->commits, 1 + 199 * 2);
    sim_disk_destroy(disk);
    sim_destroy(sim);
}

static void test_clear_while_busy(void **state)
{
    struct reference_job jobs[] = {job(0, 50), job(0, 20), job(1, 10), job(9.2, 1)};
    struct sim_handle handle[4];
    struct fixture f = {.job = jobs, .handle = handle};
    (void)state;
    assert_int_equal(sim_create(1, 0, &f.sim), SIM_OK);
    assert_int_equal(sim_disk_create(f.sim, 1, 2, &f.disk), SIM_OK);
    for (uint64_t i = 0; i < 3; i++) {
        on_start(&f, i);
    }
    assert_int_equal(sim_run(f.sim, 5.5), SIM_OK);
    sim_disk_clear(f.disk);
    assert_int_equal(sim_disk_n_jobs(f.disk), 0);
    on_start(&f, 3); /* waits for the I/O that is under way */
    assert_int_equal(sim_run(f.sim, HUGE_VAL), SIM_OK);
    assert_close(jobs[3].finish_s, 7, 1e-15);
    assert_int_equal(sim_disk_stats(f.disk)->cancelled, 3);
    sim_disk_destroy(f.disk);
    sim_destroy(f.sim);
}

static void test_arguments_and_memory(void **state)
{
    struct sim *sim;
    struct sim_disk *disk;
    (void)state;
    assert_int_equal(sim_create(1, 0, &sim), SIM_OK);
    assert_int_equal(sim_disk_create(sim, 0, 1, &disk), SIM_EINVAL);
    assert_int_equal(sim_disk_create(sim, NAN, 1, &disk), SIM_EINVAL);
    assert_int_equal(sim_disk_create(sim, 1, 0, &disk), SIM_EINVAL);
    for (unsigned n = 1; alloc_fail_begin(n); n++) {
        const enum sim_err err = sim_disk_create(sim, 1, 4, &disk);
        if (!alloc_fail_end()) {
            assert_int_equal(err, SIM_OK);
            break;
        }
        assert_int_equal(err, SIM_ENOMEM);
    }
    alloc_fail_begin(1);
    sim_disk_submit(disk, 1, (struct sim_call){NULL, NULL, 0}, NULL);
    assert_true(alloc_fail_end());
    assert_int_equal(sim_error(sim)->code, SIM_ENOMEM);
    sim_disk_destroy(disk);
    sim_disk_destroy(NULL);
    sim_destroy(sim);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_job_alone),
        cmocka_unit_test(test_two_jobs_take_turns),
        cmocka_unit_test(test_groups_of_four),
        cmocka_unit_test(test_who_comes_during_an_io_waits_for_the_next),
        cmocka_unit_test(test_cancelling_a_job_on_the_disk_does_not_stop_the_io),
        cmocka_unit_test(test_random_against_an_event_per_io),
        cmocka_unit_test(test_random_with_cancellations),
        cmocka_unit_test(test_random_arrivals_exactly_between_ios),
        cmocka_unit_test(test_the_last_moment_of_an_io),
        cmocka_unit_test(test_a_request_as_an_io_ends_a_job),
        cmocka_unit_test(test_a_callback_may_cancel_a_job_of_the_same_io),
        cmocka_unit_test(test_statistics_in_between),
        cmocka_unit_test(test_clear_while_busy),
        cmocka_unit_test(test_arguments_and_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
