#include "tests/support/check.h"

#include "models/theory/queue.h"
#include "sim/res/station.h"
#include "tests/theory/drive.h"

static void test_every_row_agrees_with_its_closed_form(void **state)
{
    (void)state;
    theory_drive(&theory_queues);
}

/* Chance is taken away from long waits by terms of mean 0. If all waits are long, an identity of a cycle leaves the
 * exact value alone, so each of these terms is there, and none twice. */
static void test_what_chance_adds_is_known(void **state)
{
    struct queue q = {.lambda = 0.8,
                      .servers = 1,
                      .places = SIM_STATION_UNBOUNDED,
                      .level = 1,
                      .cycles = 300,
                      .row = {{QUEUE_WAIT, 0}}};
    (void)state;
    for (int i = 0; i < 2; i++) {
        for (uint32_t replication = 0; replication < 5; replication++) {
            struct theory_value value[THEORY_MAX_ROWS] = {{0}};
            q.long_wait_s = i == 0 ? 0 : 100;
            assert_int_equal(queue_simulate(&q, 1, replication, value), SIM_OK);
            const double wait_s = value[0].sum / value[0].weight;
            if (i == 0) {
                assert_close(wait_s, 3.6, 1e-9);
            } else {
                assert_true(fabs(wait_s - 3.6) > 1e-3); /* most waits are looked at as they are */
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_row_agrees_with_its_closed_form),
        cmocka_unit_test(test_what_chance_adds_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
