/* Memory that cannot be had: whichever allocation fails, loading and running end with an error, and nothing
 * leaks (seen under AddressSanitizer). */
#include "tests/support/alloc_fail.h"
#include "tests/support/check.h"
#include "tests/support/scenario_text.h"

#include "models/metrics.h"
#include "models/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char yaml[] = "schema: 1\n"
                           "users: 12\n"
                           "horizon: 2 h\n"
                           "series_step: 60 s\n"
                           "poison: {documents: 1}\n"
                           "mailbox:\n"
                           "  documents: mixture(100 @ 50 %, exponential(500) @ 50 %)\n"
                           "  contacts: discrete(10 @ 50 %, 20 @ 50 %)\n";

static void test_running_out_of_memory_in_a_replication(void **state)
{
    struct scenario scenario;
    unsigned n_failures = 0;
    (void)state;
    scenario_from_text(yaml, &scenario);
    for (unsigned n = 1; alloc_fail_begin(n); n++) {
        struct run_result result;
        struct sim_error e = {SIM_OK, ""};
        const enum sim_err err = world_run(&scenario, 0, NULL, NULL, &result, &e);
        if (!alloc_fail_end()) {
            assert_int_equal(err, SIM_OK);
            run_result_fini(&result);
            break;
        }
        assert_int_equal(err, SIM_ENOMEM);
        assert_true(strlen(e.text) > 0);
        n_failures++;
    }
    assert_in_range(n_failures, 50, 100000); /* else the loop ended too early to mean anything */
    scenario_fini(&scenario);
}

static void test_running_out_of_memory_in_the_metrics(void **state)
{
    struct scenario scenario;
    struct run_result result;
    struct sim_error e = {SIM_OK, ""};
    (void)state;
    scenario_from_text(yaml, &scenario);
    assert_int_equal(world_run(&scenario, 0, NULL, NULL, &result, &e), SIM_OK);
    for (unsigned n = 1; alloc_fail_begin(n); n++) {
        size_t n_metrics;
        struct metric *const metrics = metrics_of(&result, &n_metrics);
        if (!alloc_fail_end()) {
            assert_non_null(metrics);
            free(metrics);
            break;
        }
        assert_null(metrics);
    }
    run_result_fini(&result);
    scenario_fini(&scenario);
}

static void test_running_out_of_memory_while_loading(void **state)
{
    char path[] = "/tmp/scenario.XXXXXX";
    const int file = mkstemp(path);
    unsigned n_failures = 0;
    (void)state;
    assert_int_equal(write(file, yaml, strlen(yaml)), strlen(yaml));
    close(file);
    for (unsigned n = 1; alloc_fail_begin(n); n++) {
        struct settings settings = {0};
        struct problems problems = {0};
        struct scenario scenario;
        const struct scenario_override override = {"--seed 4", "seed", "4"};
        const enum sim_err err = scenario_load(path, &override, 1, &settings, &scenario, &problems);
        const bool has_failed = alloc_fail_end();
        problems_fini(&problems);
        settings_fini(&settings);
        if (!has_failed) {
            assert_int_equal(err, SIM_OK);
            assert_int_equal(scenario.seed, 4);
            scenario_fini(&scenario);
            break;
        }
        assert_int_equal(err, SIM_ENOMEM);
        n_failures++;
    }
    assert_in_range(n_failures, 50, 100000);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_running_out_of_memory_in_a_replication),
        cmocka_unit_test(test_running_out_of_memory_in_the_metrics),
        cmocka_unit_test(test_running_out_of_memory_while_loading),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
