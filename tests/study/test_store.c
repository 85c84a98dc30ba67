/* The store of runs. */
#include "tests/support/alloc_fail.h"
#include "tests/support/check.h"
#include "tests/support/scratch.h"

#include "study/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const folder = scratch_folder;

static struct store *open_store(const char *name)
{
    struct store *s = NULL;
    struct sim_error e = {SIM_OK, ""};
    char other[64];
    const enum sim_err err = store_open(scratch_file(folder, name), NULL, &s, &e);
    if (err != SIM_OK) {
        fail_msg("%s", e.text);
    }
    assert_int_equal(store_set_program(s, "test", other, sizeof other, &e), SIM_OK);
    return s;
}

static void put(struct store *s, const char *digest, uint32_t replication, double value)
{
    struct metric metric[2] = {{"a_s", "s", "one", value}, {"b", "1", "other", (double)NAN}};
    double rows[] = {value, 2 * value};
    char name[] = "series";
    struct kept_series series = {name, 10, 2, rows};
    const struct outcome o = {0.5, metric, 2, &series, 1};
    int64_t point;
    struct sim_error e;
    assert_int_equal(store_add_point(s, digest, "words", &point, &e), SIM_OK);
    assert_int_equal(store_put(s, point, replication, &o, &e), SIM_OK);
}

static void test_what_is_put_is_there(void **state)
{
    struct sim_error e;
    char program[16];
    double value[2];
    double wall_s;
    bool is_there[4];
    int64_t point;
    struct kept_series series;
    (void)state;
    struct store *s = open_store("a.db");
    put(s, "p", 2, HUGE_VAL);
    store_close(s);
    s = open_store("a.db");
    assert_int_equal(store_find_point(s, "q", &point, &e), SIM_OK);
    assert_int_equal(point, 0);
    assert_int_equal(store_find_point(s, "p", &point, &e), SIM_OK);
    assert_int_equal(store_replications(s, point, 4, is_there, &wall_s, &e), SIM_OK);
    assert_true(!is_there[0] && !is_there[1] && is_there[2] && !is_there[3]);
    assert_true(wall_s == 0.5);
    assert_int_equal(store_n_figures(s), 2);
    assert_int_equal(store_read_run(s, point, 2, value, program, sizeof program, &e), SIM_OK);
    assert_true(isinf(value[0]) && isnan(value[1]));
    assert_string_equal(program, "test");
    assert_int_equal(store_read_run(s, point, 1, value, program, sizeof program, &e), SIM_ENOENT);
    assert_int_equal(store_read_series(s, point, 2, "series", &series, &e), SIM_OK);
    assert_int_equal(series.n, 2);
    free(series.value);
    assert_int_equal(store_read_series(s, point, 2, "none", &series, &e), SIM_ENOENT);
    store_close(s);
}

static void test_a_run_is_put_once(void **state)
{
    struct sim_error e;
    struct metric metric = {"a_s", "s", "one", 1};
    const struct outcome o = {0.5, &metric, 1, NULL, 0};
    int64_t point;
    uint64_t n_points;
    uint64_t n_runs;
    (void)state;
    struct store *const s = open_store("once.db");
    put(s, "p", 0, 1);
    assert_int_equal(store_find_point(s, "p", &point, &e), SIM_OK);
    assert_int_equal(store_put(s, point, 0, &o, &e), SIM_EIO);
    assert_int_equal(store_put(s, point, 1, &o, &e), SIM_OK); /* it goes on */
    assert_int_equal(store_count(s, &n_points, &n_runs, &e), SIM_OK);
    assert_int_equal(n_points, 1);
    assert_int_equal(n_runs, 2);
    store_close(s);
}

static void test_another_study_is_refused(void **state)
{
    struct sim_error e;
    char other[64];
    (void)state;
    struct store *const s = open_store("claim.db");
    assert_int_equal(store_claim(s, "users = 5\nseed = 1\n", 0, 1, &e), SIM_OK);
    assert_int_equal(store_claim(s, "users = 5\nseed = 1\n", 0, 1, &e), SIM_OK);
    assert_int_equal(store_claim(s, "users = 5\nseed = 2\n", 0, 1, &e), SIM_EEXIST);
    assert_non_null(strstr(e.text, "'seed = 1' there, 'seed = 2' now"));
    assert_int_equal(store_claim(s, "users = 5\nseed = 1\n", 1, 3, &e), SIM_EEXIST);
    put(s, "p", 0, 1);
    assert_int_equal(store_set_program(s, "next", other, sizeof other, &e), SIM_OK);
    assert_string_equal(other, "test");
    store_close(s);
}

static void test_two_at_once(void **state)
{
    struct sim_error e;
    struct store *second = NULL;
    (void)state;
    struct store *const s = open_store("busy.db");
    assert_int_equal(store_open(scratch_file(folder, "busy.db"), NULL, &second, &e), SIM_EEXIST);
    assert_non_null(strstr(e.text, "another process"));
    store_close(s);
}

static void test_merging_twice_is_merging_once(void **state)
{
    struct sim_error e;
    char missing[64];
    char path[SCRATCH_PATH + 16];
    uint64_t n_points;
    uint64_t n_runs;
    (void)state;
    struct store *const part = open_store("part.db");
    assert_int_equal(store_claim(part, "x", 2, 3, &e), SIM_OK);
    put(part, "q", 0, 5); /* here q is the first point, there the second */
    put(part, "p", 1, 6);
    store_close(part);
    struct store *const s = open_store("whole.db");
    assert_int_equal(store_claim(s, "x", 0, 1, &e), SIM_OK);
    put(s, "p", 0, 1);
    snprintf(path, sizeof path, "%s", scratch_file(folder, "part.db"));
    for (int i = 0; i < 2; i++) {
        assert_int_equal(store_merge(s, path, &e), SIM_OK);
        assert_int_equal(store_count(s, &n_points, &n_runs, &e), SIM_OK);
        assert_int_equal(n_points, 2);
        assert_int_equal(n_runs, 3);
        assert_int_equal(store_missing_shards(s, missing, sizeof missing, &e), SIM_OK);
        assert_string_equal(missing, "1, 3 of 3");
    }
    double value[2];
    char program[16];
    int64_t point;
    assert_int_equal(store_find_point(s, "q", &point, &e), SIM_OK);
    assert_int_equal(store_read_run(s, point, 0, value, program, sizeof program, &e), SIM_OK);
    assert_true(value[0] == 5);
    store_close(s);
    struct store *const stranger = open_store("stranger.db");
    assert_int_equal(store_claim(stranger, "y", 0, 1, &e), SIM_OK);
    assert_int_equal(store_merge(stranger, path, &e), SIM_EEXIST);
    store_close(stranger);
}

static void test_without_memory(void **state)
{
    char path[SCRATCH_PATH + 16];
    (void)state;
    struct store *const first = open_store("memory.db");
    put(first, "p", 0, 1);
    store_close(first);
    snprintf(path, sizeof path, "%s", scratch_file(folder, "memory.db"));
    for (unsigned n = 1; alloc_fail_begin(n); n++) {
        struct store *s = NULL;
        struct sim_error e;
        const enum sim_err err = store_open(path, NULL, &s, &e);
        const bool has_failed = alloc_fail_end();
        assert_int_equal(err, has_failed ? SIM_ENOMEM : SIM_OK);
        if (!has_failed) {
            store_close(s);
            break;
        }
    }
}

static bool is_over;

static bool stop_if_over(void *unused)
{
    (void)unused;
    return is_over;
}

/* While it is opened it can be told to stop; then nothing is held, and it opens again. */
static void test_an_opening_can_be_stopped(void **state)
{
    struct store *s = open_store("long.db");
    struct sim_error e;
    (void)state;
    for (uint32_t k = 0; k < 500; k++) {
        put(s, "point", k, 1);
    }
    store_close(s);
    s = NULL;
    is_over = true;
    assert_int_equal(store_open(scratch_file(folder, "long.db"), stop_if_over, &s, &e),
                     SIM_ESTOPPED);
    assert_string_equal(e.text, "stopped on request");
    assert_null(s);
    is_over = false;
    assert_int_equal(store_open(scratch_file(folder, "long.db"), stop_if_over, &s, &e), SIM_OK);
    is_over = true; /* nobody asks any more */
    put(s, "point", 500, 1);
    store_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_opening_can_be_stopped),
        cmocka_unit_test(test_what_is_put_is_there),
        cmocka_unit_test(test_a_run_is_put_once),
        cmocka_unit_test(test_another_study_is_refused),
        cmocka_unit_test(test_two_at_once),
        cmocka_unit_test(test_merging_twice_is_merging_once),
        cmocka_unit_test(test_without_memory),
    };
    return cmocka_run_group_tests(tests, scratch_set_up, scratch_tear_down);
}
