/* The manifest: published digests, and every file vouched for. */
#include "tests/support/check.h"
#include "tests/support/scratch.h"

#include "output/manifest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* FIPS 180-4: examples published by NIST for one block, and the empty message. */
static void test_sha256_of_published_messages(void **state)
{
    char digest[SHA256_TEXT];
    (void)state;
    manifest_sha256("abc", 3, digest);
    assert_string_equal(digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    manifest_sha256("", 0, digest);
    assert_string_equal(digest, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static struct manifest example(void)
{
    static char run[] = "run";
    static char option[] = "--set";
    static char value[] = "title=\"quoted\"";
    static char *argv[] = {run, option, value, NULL};
    return (struct manifest){.version = "1.2.3",
                             .revision = "abc",
                             .build = "test",
                             .scenario = "s.yaml",
                             .scenario_sha256 = "00",
                             .schema = 1,
                             .seed = 9007199254740992U,
                             .points = 1,
                             .replications = 10,
                             .threads = 2,
                             .confidence = 0.95,
                             .subcommand = "run",
                             .argc = 3,
                             .argv = argv};
}

static void assert_holds(const char *text, const char *part)
{
    if (strstr(text, part) == NULL) {
        fail_msg("%s is missing in\n%s", part, text);
    }
}

static void test_it_says_what_was_run_and_vouches_for_the_files(void **state)
{
    char base[SCRATCH_PATH];
    struct folder *f = NULL;
    struct sim_error e;
    const struct manifest m = example();
    (void)state;
    scratch_create(base);
    assert_int_equal(folder_create(scratch_file(base, "out"), false, &f, &e), SIM_OK);
    char *const path = folder_file(f, "abc.txt");
    FILE *const file = fopen(path, "wb");
    fputs("abc", file);
    fclose(file);
    free(path);
    assert_int_equal(manifest_write(f, &m, &e), SIM_OK);
    assert_int_equal(folder_commit(f, &e), SIM_OK);
    folder_destroy(f);

    const char *const text = scratch_read(base, "out/manifest.json");
    assert_holds(text, "\"tool\": \"primestorm\"");
    assert_holds(text, "\"seed\": 9007199254740992,");
    assert_holds(text, "\"confidence\": 0.95,");
    assert_holds(text, "\"started\": \"1970-01-01T00:00:00Z\"");
    assert_holds(text, "\"title=\\\"quoted\\\"\"");
    assert_holds(text, "\"abc.txt\": "
                       "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"");
    scratch_destroy(base);
}

/* The shortest text that reads back to the same number. */
static void test_the_confidence_is_written_as_it_was_given(void **state)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = {{0.95, "\"confidence\": 0.95,"},
                 {0.9, "\"confidence\": 0.9,"},
                 {0.5, "\"confidence\": 0.5,"},
                 {0.999999, "\"confidence\": 0.999999,"},
                 {0.1 + 0.2, "\"confidence\": 0.30000000000000004,"},
                 {0.00101, "\"confidence\": 0.00101,"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char base[SCRATCH_PATH];
        struct folder *f = NULL;
        struct sim_error e;
        struct manifest m = example();
        m.confidence = cases[i].value;
        scratch_create(base);
        assert_int_equal(folder_create(scratch_file(base, "out"), false, &f, &e), SIM_OK);
        assert_int_equal(manifest_write(f, &m, &e), SIM_OK);
        assert_int_equal(folder_commit(f, &e), SIM_OK);
        folder_destroy(f);
        assert_holds(scratch_read(base, "out/manifest.json"), cases[i].text);
        scratch_destroy(base);
    }
}

/* A file that is on the list but cannot be read: no manifest is better than a wrong one. */
static void test_a_missing_file_is_an_error(void **state)
{
    char base[SCRATCH_PATH];
    struct folder *f = NULL;
    struct sim_error e;
    const struct manifest m = example();
    (void)state;
    scratch_create(base);
    assert_int_equal(folder_create(scratch_file(base, "out"), false, &f, &e), SIM_OK);
    free(folder_file(f, "never-written.csv"));
    assert_int_not_equal(manifest_write(f, &m, &e), SIM_OK);
    folder_destroy(f);
    scratch_destroy(base);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sha256_of_published_messages),
        cmocka_unit_test(test_it_says_what_was_run_and_vouches_for_the_files),
        cmocka_unit_test(test_the_confidence_is_written_as_it_was_given),
        cmocka_unit_test(test_a_missing_file_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
