/* Output folders: there whole or not at all, and nobody's files are lost. */
#include "tests/support/alloc_fail.h"
#include "tests/support/check.h"
#include "tests/support/scratch.h"

#include "output/folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static char base[SCRATCH_PATH];

static int make_base(void **state)
{
    (void)state;
    scratch_create(base);
    return 0;
}

static int remove_base(void **state)
{
    (void)state;
    scratch_destroy(base);
    return 0;
}

static struct folder *begin(const char *name, bool replace)
{
    struct folder *f = NULL;
    struct sim_error e = {SIM_OK, ""};
    assert_int_equal(folder_create(scratch_file(base, name), replace, &f, &e), SIM_OK);
    return f;
}

static void put(struct folder *f, const char *name, const char *text)
{
    char *const path = folder_file(f, name);
    assert_non_null(path);
    FILE *const file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    free(path);
}

static void commit(struct folder *f)
{
    struct sim_error e;
    assert_int_equal(folder_commit(f, &e), SIM_OK);
    folder_destroy(f);
}

/* A folder as this program writes it. */
static void make_ours(const char *name, const char *text)
{
    struct folder *const f = begin(name, true);
    put(f, "manifest.json", "{\n  \"tool\": \"primestorm\"\n}\n");
    put(f, "data.csv", text);
    put(f, "plots/a.gp", text);
    commit(f);
}

static void test_it_appears_with_everything_in_it(void **state)
{
    struct folder *const f = begin("parents/out", false);
    (void)state;
    put(f, "a.csv", "1\n");
    put(f, "plots/b.gp", "2\n");
    assert_false(scratch_has(base, "parents/out"));
    assert_int_equal(folder_n_files(f), 2);
    assert_string_equal(folder_file_name(f, 1), "plots/b.gp");
    commit(f);
    assert_string_equal(scratch_read(base, "parents/out/a.csv"), "1\n");
    assert_string_equal(scratch_read(base, "parents/out/plots/b.gp"), "2\n");
    assert_int_equal(scratch_n_entries(scratch_file(base, "parents")), 1);
}

static void test_what_is_not_committed_leaves_nothing(void **state)
{
    struct folder *const f = begin("out", false);
    (void)state;
    put(f, "plots/deep/a.gp", "1\n");
    folder_destroy(f);
    folder_destroy(NULL);
    assert_int_equal(scratch_n_entries(base), 0);
}

static void test_an_existing_folder_is_not_replaced_unasked(void **state)
{
    struct folder *f = NULL;
    struct sim_error e;
    (void)state;
    make_ours("out", "old\n");
    assert_int_equal(folder_create(scratch_file(base, "out"), false, &f, &e), SIM_EEXIST);
    assert_null(f);
    assert_string_equal(scratch_read(base, "out/data.csv"), "old\n");
}

static void test_a_replaced_folder_keeps_what_was_not_ours(void **state)
{
    (void)state;
    make_ours("out", "old\n");
    scratch_write(base, "out/notes.txt", "mine\n");
    scratch_write(base, "out/plots/mine.txt", "mine\n");
    make_ours("out", "new\n");
    assert_string_equal(scratch_read(base, "out/data.csv"), "new\n");
    assert_string_equal(scratch_read(base, "out/notes.txt"), "mine\n");
    assert_string_equal(scratch_read(base, "out/plots/mine.txt"), "mine\n");
    assert_string_equal(scratch_read(base, "out/plots/a.gp"), "new\n");
    assert_int_equal(scratch_n_entries(base), 1);
}

static void test_a_folder_of_others_is_left_alone(void **state)
{
    struct folder *f = NULL;
    struct sim_error e;
    (void)state;
    assert_int_equal(mkdir(scratch_file(base, "theirs"), 0777), 0);
    scratch_write(base, "theirs/x", "x");
    assert_int_equal(folder_create(scratch_file(base, "theirs"), true, &f, &e), SIM_EEXIST);
    assert_null(f);
    assert_int_equal(scratch_n_entries(scratch_file(base, "theirs")), 1);
}

static void test_an_empty_folder_counts_as_not_there(void **state)
{
    (void)state;
    assert_int_equal(mkdir(scratch_file(base, "out"), 0777), 0);
    struct folder *const f = begin("out", false);
    put(f, "a", "1");
    commit(f);
    assert_true(scratch_has(base, "out/a"));
}

static void test_a_file_in_the_way_is_an_error(void **state)
{
    struct folder *f = NULL;
    struct sim_error e;
    (void)state;
    scratch_write(base, "file", "x");
    assert_int_equal(folder_create(scratch_file(base, "file/out"), true, &f, &e), SIM_EIO);
    assert_non_null(strstr(e.text, "Not a directory"));
    assert_int_not_equal(folder_create(scratch_file(base, "file"), true, &f, &e), SIM_OK);
    assert_string_equal(scratch_read(base, "file"), "x");
}

static void test_errors_name_the_folder_that_was_wanted(void **state)
{
    struct folder *const f = begin("out", false);
    struct sim_error e;
    (void)state;
    sim_fail(&e, SIM_EIO, "%s/a.csv: No space left on device", folder_staging(f));
    folder_name_error(f, &e);
    assert_string_equal(e.text, scratch_file(base, "out/a.csv: No space left on device"));
    sim_fail(&e, SIM_EIO, "something else");
    folder_name_error(f, &e);
    assert_string_equal(e.text, "something else");
    folder_destroy(f);
}

static void test_out_of_memory(void **state)
{
    (void)state;
    for (unsigned n = 1; alloc_fail_begin(n); n++) {
        struct folder *f = NULL;
        const enum sim_err err = folder_create(scratch_file(base, "out"), false, &f, NULL);
        char *const path = err == SIM_OK ? folder_file(f, "plots/a.gp") : NULL;
        const bool has_failed = alloc_fail_end();
        assert_int_equal(path == NULL, has_failed);
        free(path);
        folder_destroy(f);
        assert_int_equal(scratch_n_entries(base), 0);
        if (!has_failed) {
            assert_true(n > 3);
            return;
        }
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_base, remove_base)
    const struct CMUnitTest tests[] = {
        TEST(test_it_appears_with_everything_in_it),
        TEST(test_what_is_not_committed_leaves_nothing),
        TEST(test_an_existing_folder_is_not_replaced_unasked),
        TEST(test_a_replaced_folder_keeps_what_was_not_ours),
        TEST(test_a_folder_of_others_is_left_alone),
        TEST(test_an_empty_folder_counts_as_not_there),
        TEST(test_a_file_in_the_way_is_an_error),
        TEST(test_errors_name_the_folder_that_was_wanted),
        TEST(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
