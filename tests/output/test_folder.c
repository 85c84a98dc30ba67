/* Output folders: there whole or not at all, and nobody's files are lost. */
#include "tests/support/alloc_fail.h"
#include "tests/support/check.h"
#include "tests/support/scratch.h"

#include "output/folder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const base = scratch_folder;

/* What renameat2 fails with from now on; 0: it works. */
static int exchange_errno;

int __real_renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags);
int __wrap_renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags);

int __wrap_renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
    errno = exchange_errno;
    return exchange_errno != 0 ? -1 : __real_renameat2(from_dir, from, to_dir, to, flags);
}

static int remove_base(void **state)
{
    (void)state;
    exchange_errno = 0;
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

static const char manifest[] =
    "{\"tool\": \"primestorm\", \"sha256\": {\"data.csv\": \"0\", \"plots/a.gp\": \"0\"}}";

/* A folder as this program writes it. */
static void make_ours(const char *name, const char *text)
{
    struct folder *const f = begin(name, true);
    put(f, "manifest.json", manifest);
    put(f, "data.csv", text);
    put(f, "plots/a.gp", text);
    commit(f);
}

/* One that has drawn more than the next one will. */
static void make_more_of_ours(const char *name)
{
    struct folder *const f = begin(name, true);
    put(f, "manifest.json",
        "{\"tool\": \"primestorm\", \"sha256\": {\"data.csv\": \"0\", \"more.csv\": \"0\", "
        "\"plots/a.gp\": \"0\", \"plots/more.png\": \"0\", \"only/here.csv\": \"0\"}}");
    put(f, "data.csv", "old\n");
    put(f, "more.csv", "old\n");
    put(f, "plots/a.gp", "old\n");
    put(f, "plots/more.png", "old\n");
    put(f, "only/here.csv", "old\n");
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

static void test_it_is_replaced_where_names_cannot_be_exchanged(void **state)
{
    exchange_errno = EINVAL;
    test_a_replaced_folder_keeps_what_was_not_ours(state);
}

static void test_a_folder_that_cannot_be_replaced_stays(void **state)
{
    (void)state;
    make_ours("out", "old\n");
    struct folder *const f = begin("out", true);
    put(f, "data.csv", "new\n");
    exchange_errno = EBUSY;
    struct sim_error e;
    assert_int_equal(folder_commit(f, &e), SIM_EIO);
    assert_non_null(strstr(e.text, "busy"));
    folder_destroy(f);
    assert_string_equal(scratch_read(base, "out/data.csv"), "old\n");
    assert_int_equal(scratch_n_entries(base), 1);
}

static void test_what_only_the_old_run_wrote_is_dropped(void **state)
{
    (void)state;
    make_more_of_ours("out");
    make_ours("out", "new\n");
    assert_int_equal(scratch_n_entries(scratch_file(base, "out")), 3);
    assert_int_equal(scratch_n_entries(scratch_file(base, "out/plots")), 1);
    assert_string_equal(scratch_read(base, "out/plots/a.gp"), "new\n");
    assert_int_equal(scratch_n_entries(base), 1);
}

/* ... but what the user has put beside it stays, in folders that are else dropped too. */
static void test_a_folder_dropped_in_part_keeps_the_rest(void **state)
{
    (void)state;
    make_more_of_ours("out");
    scratch_write(base, "out/only/notes.txt", "mine\n");
    assert_int_equal(mkdir(scratch_file(base, "out/only/mine"), 0700), 0);
    scratch_write(base, "out/only/mine/here.csv", "mine\n");
    make_ours("out", "new\n");
    assert_int_equal(scratch_n_entries(scratch_file(base, "out/only")), 2);
    assert_string_equal(scratch_read(base, "out/only/notes.txt"), "mine\n");
    assert_string_equal(scratch_read(base, "out/only/mine/here.csv"), "mine\n");
}

static void test_a_user_s_file_in_the_way_gets_another_name(void **state)
{
    (void)state;
    make_ours("out", "old\n");
    scratch_write(base, "out/more.csv", "mine\n");
    scratch_write(base, "out/more.csv~", "mine before\n");
    scratch_write(base, "out/only", "mine\n");
    make_more_of_ours("out");
    assert_string_equal(scratch_read(base, "out/more.csv"), "old\n");
    assert_string_equal(scratch_read(base, "out/more.csv~"), "mine before\n");
    assert_string_equal(scratch_read(base, "out/more.csv~~"), "mine\n");
    assert_string_equal(scratch_read(base, "out/only~"), "mine\n");
}

/* Without a list nobody knows whose the files are: none is dropped. */
static void test_a_manifest_without_a_list_is_not_ours(void **state)
{
    struct folder *f = NULL;
    struct sim_error e;
    (void)state;
    make_ours("out", "old\n");
    scratch_write(base, "out/manifest.json", "{\"tool\": \"primestorm\"}");
    assert_int_equal(folder_create(scratch_file(base, "out"), true, &f, &e), SIM_EEXIST);
    scratch_write(base, "out/manifest.json", manifest);
    f = begin("out", true);
    scratch_write(base, "out/manifest.json", "cut sh"); /* meanwhile */
    put(f, "plots/b.gp", "new\n");
    commit(f);
    assert_string_equal(scratch_read(base, "out/data.csv"), "old\n");
    assert_string_equal(scratch_read(base, "out/manifest.json"), "cut sh");
    assert_string_equal(scratch_read(base, "out/plots/a.gp"), "old\n");
    assert_string_equal(scratch_read(base, "out/plots/b.gp"), "new\n");
}

static void test_links_are_not_followed(void **state)
{
    char target[2 * SCRATCH_PATH];
    (void)state;
    assert_int_equal(mkdir(scratch_file(base, "theirs"), 0777), 0);
    scratch_write(base, "theirs/x", "x");
    snprintf(target, sizeof target, "%s", scratch_file(base, "theirs"));
    make_ours("out", "old\n");
    assert_int_equal(symlink(target, scratch_file(base, "out/link")), 0);
    make_ours("out", "new\n");
    assert_string_equal(scratch_read(base, "out/link/x"), "x");
    struct folder *const f = begin("never", false);
    char *const link = folder_file(f, "link");
    assert_int_equal(symlink(target, link), 0);
    free(link);
    folder_destroy(f);
    assert_string_equal(scratch_read(base, "theirs/x"), "x");
}

static void test_the_folder_behind_a_link_is_written(void **state)
{
    char target[2 * SCRATCH_PATH];
    struct stat info;
    (void)state;
    make_ours("there", "old\n");
    snprintf(target, sizeof target, "%s", scratch_file(base, "there"));
    assert_int_equal(symlink(target, scratch_file(base, "out")), 0);
    make_ours("out", "new\n");
    assert_string_equal(scratch_read(base, "there/data.csv"), "new\n");
    assert_int_equal(lstat(scratch_file(base, "out"), &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    assert_int_equal(scratch_n_entries(base), 2);
}

static void test_a_private_folder_stays_private(void **state)
{
    struct stat info;
    (void)state;
    make_ours("out", "old\n");
    assert_int_equal(chmod(scratch_file(base, "out"), 0700), 0);
    make_ours("out", "new\n");
    assert_int_equal(stat(scratch_file(base, "out"), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0700);
}

static void test_a_mount_point_is_refused_at_once(void **state)
{
    struct folder *f = NULL;
    struct sim_error e;
    (void)state;
    assert_int_equal(folder_create("/proc", true, &f, &e), SIM_EEXIST);
    assert_string_equal(e.text, "a file system is mounted on /proc; choose a folder inside it");
}

static void test_parents_go_with_what_is_not_committed(void **state)
{
    (void)state;
    assert_int_equal(mkdir(scratch_file(base, "a"), 0777), 0);
    struct folder *f = begin("a/b/c/out", false);
    put(f, "data.csv", "1\n");
    folder_destroy(f);
    assert_int_equal(scratch_n_entries(scratch_file(base, "a")), 0);
    f = begin("a/b/c/out", false);
    scratch_write(base, "a/b/mine", "mine"); /* meanwhile */
    folder_destroy(f);
    assert_int_equal(scratch_n_entries(scratch_file(base, "a/b")), 1);
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
    struct folder *f = begin("out", false);
    put(f, "a", "1");
    assert_true(scratch_has(base, "out")); /* until the end */
    folder_destroy(f);
    assert_true(scratch_has(base, "out"));
    f = begin("out", false);
    put(f, "a", "1");
    commit(f);
    assert_true(scratch_has(base, "out/a"));
}

static void test_what_appears_meanwhile_is_left_alone(void **state)
{
    struct sim_error e;
    (void)state;
    assert_int_equal(mkdir(scratch_file(base, "out"), 0777), 0);
    struct folder *const f = begin("out", false);
    scratch_write(base, "out/mine", "mine");
    assert_int_equal(folder_commit(f, &e), SIM_EEXIST);
    assert_non_null(strstr(e.text, "has appeared meanwhile"));
    folder_destroy(f);
    assert_string_equal(scratch_read(base, "out/mine"), "mine");
    assert_int_equal(scratch_n_entries(base), 1);
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
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_set_up, remove_base)
    const struct CMUnitTest tests[] = {
        TEST(test_it_appears_with_everything_in_it),
        TEST(test_what_is_not_committed_leaves_nothing),
        TEST(test_an_existing_folder_is_not_replaced_unasked),
        TEST(test_a_replaced_folder_keeps_what_was_not_ours),
        TEST(test_it_is_replaced_where_names_cannot_be_exchanged),
        TEST(test_a_folder_that_cannot_be_replaced_stays),
        TEST(test_what_only_the_old_run_wrote_is_dropped),
        TEST(test_a_folder_dropped_in_part_keeps_the_rest),
        TEST(test_a_user_s_file_in_the_way_gets_another_name),
        TEST(test_a_manifest_without_a_list_is_not_ours),
        TEST(test_links_are_not_followed),
        TEST(test_the_folder_behind_a_link_is_written),
        TEST(test_a_private_folder_stays_private),
        TEST(test_a_mount_point_is_refused_at_once),
        TEST(test_parents_go_with_what_is_not_committed),
        TEST(test_a_folder_of_others_is_left_alone),
        TEST(test_what_appears_meanwhile_is_left_alone),
        TEST(test_an_empty_folder_counts_as_not_there),
        TEST(test_a_file_in_the_way_is_an_error),
        TEST(test_errors_name_the_folder_that_was_wanted),
        TEST(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
