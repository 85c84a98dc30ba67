/* The outcome of a run as bytes: what is packed is unpacked, and no part of it is taken for the whole. */
#include "tests/support/check.h"

#include "study/outcome.h"
#include "study/outcome_wire.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct metric metrics[] = {{"full_s", "s", "time until all is there", 0.1},
                                  {"never_s", "s", "", INFINITY}};
static double rows[] = {0, 1.5, -3e300};
static char series_name[] = "devices.full";
static struct kept_series series[] = {{series_name, 60, 3, rows}};

static struct run_report report(void)
{
    return (struct run_report){
        .point = 7,
        .replication = 4000000000U,
        .err = SIM_OK,
        .outcome = {
            .wall_s = 0.25, .metric = metrics, .n_metrics = 2, .series = series, .n_series = 1}};
}

static void test_comes_back(void **state)
{
    const struct run_report sent = report();
    struct run_report r;
    size_t byte;
    unsigned char *const data = outcome_pack(&sent, &byte);
    (void)state;
    assert_non_null(data);
    assert_true(outcome_unpack(data, byte, &r));
    assert_int_equal(r.point, 7);
    assert_int_equal(r.replication, 4000000000U);
    assert_int_equal(r.outcome.n_metrics, 2);
    assert_string_equal(r.outcome.metric[0].name, "full_s");
    assert_string_equal(r.outcome.metric[0].unit, "s");
    assert_string_equal(r.outcome.metric[0].help, "time until all is there");
    assert_true(r.outcome.metric[0].value == 0.1 && isinf(r.outcome.metric[1].value));
    assert_true(r.outcome.wall_s == 0.25 && r.outcome.series[0].step_s == 60);
    assert_string_equal(r.outcome.series[0].name, "devices.full");
    assert_memory_equal(r.outcome.series[0].value, rows, sizeof rows);
    outcome_fini(&r.outcome);
    free(data);
}

static void test_error_comes_back(void **state)
{
    struct run_report sent = {.point = 1, .replication = 2};
    struct run_report r;
    size_t byte;
    (void)state;
    sent.err = sim_fail(&sent.error, SIM_ELIMIT, "too many events");
    unsigned char *const data = outcome_pack(&sent, &byte);
    assert_non_null(data);
    assert_true(outcome_unpack(data, byte, &r));
    assert_int_equal(r.err, SIM_ELIMIT);
    assert_string_equal(r.error.text, "too many events");
    free(data);
}

static void test_parts_are_refused(void **state)
{
    const struct run_report sent = report();
    struct run_report r;
    size_t byte;
    unsigned char *const data = outcome_pack(&sent, &byte);
    (void)state;
    assert_non_null(data);
    for (size_t n = 0; n < byte; n++) {
        unsigned char *const part = malloc(n + 1); /* its own block: reading beyond it is seen */
        assert_non_null(part);
        memcpy(part, data, n);
        assert_false(outcome_unpack(part, n, &r));
        free(part);
    }
    memset(data, 0xff, byte); /* counts beyond the bytes */
    assert_false(outcome_unpack(data, byte, &r));
    free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_comes_back),
        cmocka_unit_test(test_error_comes_back),
        cmocka_unit_test(test_parts_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
