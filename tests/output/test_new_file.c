/* A file that appears whole or not at all. */
#include "tests/support/alloc_fail.h"
#include "tests/support/check.h"
#include "tests/support/scratch.h"

#include "output/new_file.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const folder = scratch_folder;

static struct new_file *begin(const char *name, bool replace, const char *text)
{
    struct new_file *f = NULL;
    struct sim_error e;
    assert_int_equal(new_file_create(scratch_file(folder, name), replace, &f, &e), SIM_OK);
    FILE *const out = fopen(new_file_staging(f), "w");
    assert_non_null(out);
    fputs(text, out);
    fclose(out);
    return f;
}

static void test_it_appears_at_the_end(void **state)
{
    struct sim_error e;
    struct stat there;
    (void)state;
    struct new_file *const f = begin("a.csv", false, "whole\n");
    assert_false(scratch_has(folder, "a.csv"));
    assert_int_equal(new_file_commit(f, &e), SIM_OK);
    new_file_destroy(f);
    assert_string_equal(scratch_read(folder, "a.csv"), "whole\n");
    assert_int_equal(scratch_n_entries(folder), 1);
    const mode_t mask = umask(0);
    umask(mask);
    assert_int_equal(stat(scratch_file(folder, "a.csv"), &there), 0);
    assert_int_equal(there.st_mode & 0777, 0666 & ~mask); /* not for its owner alone */
}

static void test_it_leaves_nothing_if_it_is_given_up(void **state)
{
    (void)state;
    new_file_destroy(begin("a.csv", false, "half"));
    new_file_destroy(NULL);
    assert_int_equal(scratch_n_entries(folder), 0);
}

static void test_what_is_there_is_kept_unless_it_may_go(void **state)
{
    struct new_file *f = NULL;
    struct sim_error e;
    char expected[SCRATCH_PATH + 64];
    (void)state;
    scratch_write(folder, "a.csv", "old\n");
    assert_int_equal(new_file_create(scratch_file(folder, "a.csv"), false, &f, &e), SIM_EEXIST);
    snprintf(expected, sizeof expected, "%s exists already; --force replaces it",
             scratch_file(folder, "a.csv"));
    assert_string_equal(e.text, expected);
    new_file_destroy(begin("a.csv", true, "half"));
    assert_string_equal(scratch_read(folder, "a.csv"), "old\n");
    f = begin("a.csv", true, "new\n");
    assert_int_equal(new_file_commit(f, &e), SIM_OK);
    new_file_destroy(f);
    assert_string_equal(scratch_read(folder, "a.csv"), "new\n");
    assert_int_equal(scratch_n_entries(folder), 1);
}

/* Another program was faster. */
static void test_what_appears_meanwhile_is_kept(void **state)
{
    struct sim_error e;
    (void)state;
    struct new_file *const f = begin("a.csv", false, "ours\n");
    scratch_write(folder, "a.csv", "theirs\n");
    assert_int_equal(new_file_commit(f, &e), SIM_EEXIST);
    new_file_destroy(f);
    assert_string_equal(scratch_read(folder, "a.csv"), "theirs\n");
    assert_int_equal(scratch_n_entries(folder), 1);
}

static void test_only_plain_files_are_replaced(void **state)
{
    struct new_file *f = NULL;
    struct sim_error e;
    (void)state;
    assert_int_equal(new_file_create("/dev/null", true, &f, &e), SIM_EEXIST);
    assert_string_equal(e.text, "/dev/null exists and is not a plain file");
    assert_int_equal(new_file_create(folder, true, &f, &e), SIM_EEXIST);
    assert_int_equal(new_file_create("/nowhere/at/all.csv", true, &f, &e), SIM_EIO);
    assert_string_equal(e.text, "/nowhere/at/all.csv cannot be created: No such file or directory");
}

static void test_errors_name_the_wanted_file(void **state)
{
    struct sim_error e;
    char expected[SCRATCH_PATH + 64];
    (void)state;
    struct new_file *const f = begin("a.csv", false, "");
    sim_fail(&e, SIM_EIO, "%s: No space left on device", new_file_staging(f));
    new_file_name_error(f, &e);
    snprintf(expected, sizeof expected, "%s: No space left on device",
             scratch_file(folder, "a.csv"));
    assert_string_equal(e.text, expected);
    sim_fail(&e, SIM_EIO, "something else");
    new_file_name_error(f, &e);
    assert_string_equal(e.text, "something else");
    new_file_destroy(f);
}

static void test_running_out_of_memory(void **state)
{
    (void)state;
    for (unsigned n = 1; alloc_fail_begin(n); n++) {
        struct new_file *f = NULL;
        struct sim_error e;
        const enum sim_err err = new_file_create(scratch_file(folder, "a.csv"), false, &f, &e);
        if (!alloc_fail_end()) {
            assert_int_equal(err, SIM_OK);
            new_file_destroy(f);
            assert_true(n > 3);
            break;
        }
        assert_int_equal(err, SIM_ENOMEM);
        assert_int_equal(scratch_n_entries(folder), 0);
    }
}

#define in_folder(test) cmocka_unit_test_setup_teardown(test, scratch_set_up, scratch_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_folder(test_it_appears_at_the_end),
        in_folder(test_it_leaves_nothing_if_it_is_given_up),
        in_folder(test_what_is_there_is_kept_unless_it_may_go),
        in_folder(test_what_appears_meanwhile_is_kept),
        in_folder(test_only_plain_files_are_replaced),
        in_folder(test_errors_name_the_wanted_file),
        in_folder(test_running_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
