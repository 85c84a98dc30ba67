/* The grammar: forms that mean the same, messages for what is wrong, files, memory, mutilated texts. */
#include "tests/support/alloc_fail.h"
#include "tests/support/check.h"

#include "sim/rng/dist.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void assert_same(const char *a, const char *b, enum sim_dimension dimension)
{
    struct sim_dist *x;
    struct sim_dist *y;
    struct sim_error e;
    assert_int_equal(sim_dist_parse(a, dimension, NULL, &x, &e), SIM_OK);
    assert_int_equal(sim_dist_parse(b, dimension, NULL, &y, &e), SIM_OK);
    for (double u = 0.05; u < 1; u += 0.1) {
        assert_close(sim_dist_quantile(x, u), sim_dist_quantile(y, u), 1e-14);
    }
    sim_dist_destroy(x);
    sim_dist_destroy(y);
}

static void test_forms_that_mean_the_same(void **state)
{
    (void)state;
    assert_same("uniform(0, 15) s", "uniform(0 s, 15 s)", SIM_TIME);
    assert_same("uniform(0, 15) s", "  uniform ( 0,15 )s ", SIM_TIME);
    assert_same("uniform(0, 2) min", "uniform(0 s, 2) min", SIM_TIME);
    assert_same("uniform(min=1, max=2)", "uniform(max=2, min=1)", SIM_NUMBER);
    assert_same("lognormal(median=2 MB, sigma=1)", "lognormal(median=2, sigma=1) MB", SIM_SIZE);
    assert_same("lognormal(0, 1) ms", "lognormal(median=1, sigma=1) ms", SIM_TIME);
    assert_same("lognormal(mean=1, sigma=2)", "lognormal(-2, 2)", SIM_NUMBER);
    assert_same("constant(5 s)", "5000 ms", SIM_TIME);
    assert_same("1 s + exponential(2) s", "1000 ms + exponential(2000) ms", SIM_TIME);
    assert_same("mixture(5 @ 50 %, 7 @ 0.5) s", "discrete(5 @ 0.5, 7 s @ 0.5) s", SIM_TIME);
    assert_same("uniform(10, 20) %", "uniform(0.1, 0.2)", SIM_SHARE);
    assert_same("3 s + 5 s", "8 s", SIM_TIME);
    assert_same("3 s + constant(5) s", "8000 ms", SIM_TIME);
    assert_same("2 s + mixture(1 s @ 0.5, exponential(1 s) @ 0.5)",
                "mixture(3 s @ 0.5, 2 s + exponential(1 s) @ 0.5)", SIM_TIME);
}

/* A unit of its own goes before the one behind the bracket, wherever it stands; what is to be sorted or
 * compared is so once all have theirs. */
static void test_units_of_parts(void **state)
{
    (void)state;
    assert_same("uniform(30 s, 1) min", "uniform(30, 60) s", SIM_TIME);
    assert_same("triangular(1 min, 90 s, 1) h", "triangular(60, 90, 3600) s", SIM_TIME);
    assert_same("pareto(1, 30 s, 5) min", "pareto(1, 30, 300) s", SIM_TIME);
    assert_same("discrete(2 min @ 0.5, 1 @ 0.5) h", "discrete(120 @ 0.5, 3600 @ 0.5) s", SIM_TIME);
    assert_same("discrete(1 @ 0.25, 30 s @ 0.75) min", "discrete(30 @ 0.75, 60 @ 0.25) s",
                SIM_TIME);
    assert_same("mixture(discrete(1 @ 0.5, 2 @ 0.5) s @ 0.5, exponential(1) @ 0.5) min",
                "mixture(discrete(1 @ 0.5, 2 @ 0.5) @ 0.5, exponential(60) @ 0.5) s", SIM_TIME);
    assert_same("mixture(mixture(uniform(1, 2) s @ 1) @ 0.5, 1 @ 0.5) min",
                "mixture(uniform(1, 2) @ 0.5, 60 @ 0.5) s", SIM_TIME);
}

static void assert_refused(const char *text, enum sim_dimension dimension, const char *message)
{
    struct sim_dist *d = NULL;
    struct sim_error e = {SIM_OK, ""};
    const enum sim_err err = sim_dist_parse(text, dimension, NULL, &d, &e);
    assert_true(err == SIM_EINVAL || err == SIM_ENOENT);
    assert_string_equal(e.text, message);
    assert_null(d);
}

static void test_messages(void **state)
{
    (void)state;
    assert_refused("unifrom(0, 1)", SIM_NUMBER,
                   "'unifrom' is not a distribution; did you mean 'uniform'?");
    assert_refused("banana(0, 1)", SIM_NUMBER, "'banana' is not a distribution");
    assert_refused("", SIM_NUMBER, "expected a number or a distribution, found 'nothing'");
    assert_refused("?", SIM_NUMBER, "expected a number or a distribution, found '?'");
    assert_refused("uniform", SIM_NUMBER,
                   "expected '(' after the name of a distribution, found 'the end'");
    assert_refused("uniform(1)", SIM_NUMBER, "wrong arguments, expected uniform(min, max)");
    assert_refused("uniform(1, 2, 3)", SIM_NUMBER, "wrong arguments, expected uniform(min, max)");
    assert_refused("uniform(low=1, max=2)", SIM_NUMBER,
                   "wrong arguments, expected uniform(min, max)");
    assert_refused("uniform(min=1, min=2)", SIM_NUMBER,
                   "wrong arguments, expected uniform(min, max)");
    assert_refused(
        "lognormal(mode=1, sigma=1)", SIM_NUMBER,
        "wrong arguments, expected lognormal(mu, sigma), lognormal(median=M, sigma=S) or "
        "lognormal(mean=M, sigma=S)");
    assert_refused("uniform(1, x)", SIM_NUMBER, "expected a number, found 'x)'");
    assert_refused("uniform(1, 2", SIM_NUMBER, "wrong arguments, expected uniform(min, max)");
    assert_refused("uniform(0, 15)", SIM_TIME, "a unit of time is missing (us, ms, s, min, h, d)");
    assert_refused("5", SIM_TIME, "a unit of time is missing (us, ms, s, min, h, d)");
    assert_refused("uniform(0, 15) kg", SIM_TIME,
                   "'kg' is not understood; units of this value: us, ms, s, min, h, d");
    assert_refused("uniform(0, 15) s and more", SIM_TIME,
                   "'and more' is not understood; units of this value: us, ms, s, min, h, d");
    assert_refused("uniform(1, 2) s", SIM_NUMBER, "'s' is not understood");
    assert_refused("62 + exponential(1) s", SIM_TIME,
                   "the number before '+' needs a unit of time (us, ms, s, min, h, d)");
    assert_refused("discrete(1 @ 0.5, 2 @ 0.6)", SIM_NUMBER, "the weights sum to 1.1, not to 1");
    assert_refused("discrete(1 @ -0.5, 2 @ 1.5)", SIM_NUMBER, "weight -0.5 is negative");
    assert_refused("discrete(1, 2)", SIM_NUMBER,
                   "expected '@' between a value and its weight, found ', 2)'");
    assert_refused("discrete(1 @ 1", SIM_NUMBER,
                   "expected ')' after the last weight, found 'the end'");
    assert_refused("empirical(a.csv)", SIM_NUMBER,
                   "wrong arguments, expected empirical(FILE, COLUMN)");
    assert_refused("empirical(, x)", SIM_NUMBER,
                   "wrong arguments, expected empirical(FILE, COLUMN)");
    assert_refused("empirical(/nowhere/at/all.csv, x)", SIM_NUMBER,
                   "/nowhere/at/all.csv: No such file or directory");
    assert_refused("mixture(mixture(mixture(mixture(1 @ 1) @ 1) @ 1) @ 1)", SIM_NUMBER,
                   "mixtures are nested more than 4 deep");
}

static void test_messages_about_parameters(void **state)
{
    (void)state;
    assert_refused("uniform(5, 30 s) min", SIM_TIME, "uniform: min must be below max");
    assert_refused("triangular(1, 30 s, 40 s) h", SIM_TIME,
                   "triangular: needs min <= mode <= max, min < max");
    assert_refused("discrete(1 @ 0.5, 2 @ 0.500000002)", SIM_NUMBER,
                   "the weights sum to 1.000000002, not to 1");
    assert_refused("gamma(0.0001, 1)", SIM_NUMBER,
                   "gamma: shape must be 0.001 to 1e5 and scale above 0");
    assert_refused("uniform(2, 1)", SIM_NUMBER, "uniform: min must be below max");
    assert_refused("exponential(0)", SIM_NUMBER, "exponential: the mean must be above 0");
    assert_refused("normal(1, 0)", SIM_NUMBER, "normal: sd must be above 0");
    assert_refused("normal(-9, 1)", SIM_NUMBER,
                   "normal: the mean lies more than 8 sd below 0, where it is cut off");
    assert_refused("lognormal(1, 0)", SIM_NUMBER, "lognormal: sigma must be above 0");
    assert_refused("lognormal(median=0, sigma=1)", SIM_NUMBER,
                   "lognormal: the median must be above 0");
    assert_refused("lognormal(mean=-1, sigma=1)", SIM_NUMBER,
                   "lognormal: the mean must be above 0");
    assert_refused("gamma(0, 1)", SIM_NUMBER,
                   "gamma: shape must be 0.001 to 1e5 and scale above 0");
    assert_refused("weibull(0.01, 1)", SIM_NUMBER,
                   "weibull: shape must be at least 0.05 and scale above 0");
    assert_refused("pareto(1, 0, 2)", SIM_NUMBER,
                   "pareto: shape must be above 0, and 0 < min < max");
    assert_refused("triangular(3, 2, 4)", SIM_NUMBER,
                   "triangular: needs min <= mode <= max, min < max");
    assert_refused("uniform(-1e308, 1e308) TB", SIM_SIZE,
                   "the values are too large: the mean is not finite");
    assert_refused("lognormal(0, 60)", SIM_NUMBER,
                   "the values are too large: the mean is not finite");
}

/* ---- Files ---- */

static void write_file(char *path, const char *text)
{
    strcpy(path, "/tmp/sample.XXXXXX");
    const int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), strlen(text));
    close(file);
}

static enum sim_err read_sample(const char *content, const char *column, struct sim_dist **d,
                                struct sim_error *e)
{
    char path[32];
    char text[128];
    write_file(path, content);
    snprintf(text, sizeof text, "empirical(%s, %s) ms", path, column);
    const enum sim_err err = sim_dist_parse(text, SIM_TIME, NULL, d, e);
    unlink(path);
    return err;
}

static void test_samples_from_files(void **state)
{
    static const char *const files[] = {"a,x\n1,30\n2,10\n3,20\n", "a,x\r\n1,30\r\n2,10\r\n3,20",
                                        "\"a\",\"x\"\n1,\"30\"\n\n2,\"10\"\n3,\"20\"\n",
                                        "x\n30\n10\n20\n"};
    (void)state;
    for (int i = 0; i < 4; i++) {
        struct sim_dist *d;
        struct sim_error e;
        assert_int_equal(read_sample(files[i], "x", &d, &e), SIM_OK);
        assert_close(sim_dist_mean(d), 0.020, 1e-15);
        assert_close(sim_dist_variance(d), 2e-4 / 3, 1e-12); /* of the sample as a population */
        assert_close(sim_dist_quantile(d, 0.3), 0.010, 0);
        assert_close(sim_dist_quantile(d, 0.34), 0.020, 0);
        assert_close(sim_dist_quantile(d, 0.99), 0.030, 0);
        assert_close(sim_dist_cdf(d, 0.0199), 1.0 / 3, 1e-15);
        sim_dist_destroy(d);
    }
}

static void assert_file_refused(const char *content, const char *column, const char *message)
{
    struct sim_dist *d = NULL;
    struct sim_error e;
    assert_int_equal(read_sample(content, column, &d, &e), SIM_EINVAL);
    const char *const said = strchr(e.text, ':'); /* behind the name of the file */
    assert_string_equal(said, message);
}

static void test_bad_files(void **state)
{
    (void)state;
    assert_file_refused("a,x\n1,2\n", "rate", ":1: there is no column 'rate' among a, x");
    assert_file_refused("a,x\n1,2\n3,fast\n", "x", ":3:3: x: 'fast' is not a number");
    assert_file_refused("a,x\n1,\n", "x", ":2:3: x: a number is missing");
    assert_file_refused("a,x\n1,2\n3\n", "x", ":3: 1 field; the header has 2");
    assert_file_refused("x\n", "x", ": column 'x' has no numbers");
    assert_file_refused("", "x", ": is empty; its first line names the columns");
    assert_file_refused("x\n\"1\n", "x", ":2: a quoted field does not end");
}

static void test_relative_files_lie_beside_the_scenario(void **state)
{
    char path[32];
    char text[64];
    struct sim_dist *d;
    struct sim_error e;
    char *printed = NULL;
    size_t length;
    (void)state;
    write_file(path, "v\n1\n2\n");
    snprintf(text, sizeof text, "empirical(%s, v) Mbit/s", path + strlen("/tmp/"));
    assert_int_equal(sim_dist_parse(text, SIM_RATE, "/tmp", &d, &e), SIM_OK);
    assert_close(sim_dist_mean(d), 1.5e6, 1e-15);
    FILE *const out = open_memstream(&printed, &length);
    sim_dist_print(d, SIM_RATE, out); /* with its whole path: good from any folder */
    fclose(out);
    snprintf(text, sizeof text, "empirical(%s, v) Mbit/s", path);
    assert_string_equal(printed, text);
    free(printed);
    sim_dist_destroy(d);
    unlink(path);
}

/* It could not be read back as it is printed. */
static void test_a_folder_with_a_comma(void **state)
{
    char folder[] = "/tmp/a,b.XXXXXX";
    char path[32];
    char message[128];
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/v.csv", folder);
    FILE *const out = fopen(path, "w");
    assert_non_null(out);
    fputs("v\n1\n", out);
    fclose(out);
    struct sim_dist *d = NULL;
    struct sim_error e;
    assert_int_equal(sim_dist_parse("empirical(v.csv, v)", SIM_NUMBER, folder, &d, &e), SIM_EINVAL);
    snprintf(message, sizeof message,
             "the comma in the path '%s' would end it: move or rename the file", path);
    assert_string_equal(e.text, message);
    assert_null(d);
    unlink(path);
    rmdir(folder);
}

/* Measured rates: 3G downloads on the way to work in Oslo. */
static void test_measured_rates(void **state)
{
    static const char file[] = "tests/data/norway_3g.csv";
    struct sim_dist *d;
    struct sim_error e;
    (void)state;
    char text[128];
    snprintf(text, sizeof text, "empirical(%s, mbit_per_s) Mbit/s", file);
    assert_int_equal(sim_dist_parse(text, SIM_RATE, NULL, &d, &e), SIM_OK);
    /* by awk over the file: mean and median of 16,475 rows */
    assert_close(sim_dist_mean(d), 1.6689993013657056 * 1e6, 1e-9);
    assert_close(sim_dist_quantile(d, 0.5), 1.43715 * 1e6, 1e-9);
    sim_dist_destroy(d);
}

/* ---- Memory and mutilated texts ---- */

static void test_running_out_of_memory(void **state)
{
    static const char *const texts[] = {
        "uniform(0, 1)", "discrete(1 @ 0.25, 2 @ 0.25, 3 @ 0.5)",
        "mixture(uniform(0, 1) @ 0.5, mixture(1 @ 0.5, exponential(2) @ 0.5) @ 0.5)"};
    (void)state;
    for (int i = 0; i < 3; i++) {
        unsigned n = 1;
        for (; alloc_fail_begin(n); n++) {
            struct sim_dist *d = NULL;
            struct sim_error e;
            const enum sim_err err = sim_dist_parse(texts[i], SIM_NUMBER, NULL, &d, &e);
            if (!alloc_fail_end()) {
                assert_int_equal(err, SIM_OK);
                sim_dist_destroy(d);
                break;
            }
            assert_int_equal(err, SIM_ENOMEM);
            assert_null(d);
        }
        assert_true(n > 1);
    }
}

/* Texts with a few bytes changed are read or refused with a message, never a crash. */
static void test_mutilated_texts(void **state)
{
    static const char *const texts[] = {
        "62 ms + lognormal(3.05, 0.67) ms", "mixture(uniform(0, 1) @ 0.25, 4 s @ 0.75) s",
        "discrete(3 @ 20 %, 5 @ 0.8) min", "pareto(0.64, 32 ms, 2 s)",
        "lognormal(mean=3 s, sigma=0.9)"};
    static const char bytes[] = "0123456789.,()@%+-= emsuniforld/\"\\\x01\xff\n";
    unsigned n_refused = 0;
    struct sim_stream s;
    (void)state;
    sim_stream_open(&s, 66, 0, 0, 0, 0);
    for (unsigned i = 0; i < 40000; i++) {
        char text[64];
        struct sim_dist *d = NULL;
        struct sim_error e = {SIM_OK, ""};
        strcpy(text, texts[i % 5]);
        for (unsigned k = 0; k <= i % 4; k++) {
            const size_t at = (size_t)(sim_stream_uniform(&s) * (double)strlen(texts[i % 5]));
            text[at] = bytes[(size_t)(sim_stream_uniform(&s) * (double)(sizeof bytes - 1))];
        }
        if (sim_dist_parse(text, SIM_TIME, NULL, &d, &e) == SIM_OK) {
            assert_true(isfinite(sim_dist_mean(d)));
            assert_true(isfinite(sim_dist_quantile(d, 0.37)));
            sim_dist_destroy(d);
        } else {
            assert_true(strlen(e.text) > 0);
            n_refused++;
        }
    }
    assert_in_range(n_refused, 10000, 39999);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms_that_mean_the_same),
        cmocka_unit_test(test_units_of_parts),
        cmocka_unit_test(test_messages),
        cmocka_unit_test(test_messages_about_parameters),
        cmocka_unit_test(test_samples_from_files),
        cmocka_unit_test(test_bad_files),
        cmocka_unit_test(test_relative_files_lie_beside_the_scenario),
        cmocka_unit_test(test_a_folder_with_a_comma),
        cmocka_unit_test(test_measured_rates),
        cmocka_unit_test(test_running_out_of_memory),
        cmocka_unit_test(test_mutilated_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
