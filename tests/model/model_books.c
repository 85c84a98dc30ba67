/* The books of a run balance, and a wrong entry in any of them is noticed. */
#include "tests/support/check.h"
#include "tests/support/scenario_text.h"

#include "models/verify.h"

#include <stdlib.h>
#include <string.h>

/* Devices give up and come back, so that every kind of end occurs. */
static const char yaml[] = "schema: 1\nusers: 60\nservers: {A: , B: , C: }\n"
                           "devices:\n  classes:\n    only: {share: 1, request_timeout: 5 s, "
                           "backoff.first: 5 s, backoff.policy: fixed}\n"
                           "timeline:\n  - {at: 0 s, do: fail host A}\n"
                           "  - {at: 100 s, do: fail host B}\n";

struct fixture {
    struct scenario scenario;
    struct world *world;
    struct run_result result;
};

static int set_up(void **state)
{
    struct fixture *const f = calloc(1, sizeof *f);
    struct sim_error e;
    assert_non_null(f);
    scenario_from_text(yaml, &f->scenario);
    assert_int_equal(world_create(&f->scenario, 0, NULL, NULL, &f->world, &e), SIM_OK);
    assert_int_equal(world_go(f->world, &f->result, &e), SIM_OK);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *const f = *state;
    run_result_fini(&f->result);
    world_destroy(f->world);
    scenario_fini(&f->scenario);
    free(f);
    return 0;
}

static void assert_noticed(const struct world *w, const char *what)
{
    struct sim_error e = {SIM_OK, ""};
    assert_int_equal(world_verify(w, &e), SIM_EINVAL);
    if (strstr(e.text, what) == NULL) {
        fail_msg("expected '%s' in '%s'", what, e.text);
    }
}

static void assert_balanced(const struct world *w)
{
    struct sim_error e;
    assert_int_equal(world_verify(w, &e), SIM_OK);
}

/* The books are read-only for everybody else: the test alone falsifies them. */
static void falsify_count(const struct world *w, const uint64_t *count, const char *what)
{
    uint64_t *const entry = (uint64_t *)(uintptr_t)count;
    ++*entry;
    assert_noticed(w, what);
    --*entry;
    assert_balanced(w);
}

static void falsify_amount(const struct world *w, const double *amount, const char *what)
{
    double *const entry = (double *)(uintptr_t)amount;
    const double true_amount = *entry;
    *entry += 1e-8 * true_amount + 100;
    assert_noticed(w, what);
    *entry = true_amount;
    assert_balanced(w);
}

static void test_requests(void **state)
{
    const struct fixture *const f = *state;
    const struct sync_server_stats *const s = sync_server_stats(f->world->server[1]);
    const char *const what = "the number of requests at a sync server";
    assert_true(s->unheard > 0 && s->replaced > 0 && s->cut > 0);
    falsify_count(f->world, &s->requests, what);
    falsify_count(f->world, &s->answered, what);
    falsify_count(f->world, &s->unheard, what);
    falsify_count(f->world, &s->refused, what);
    falsify_count(f->world, &s->replaced, what);
    falsify_count(f->world, &s->cut, what);
}

static void test_payload(void **state)
{
    const struct fixture *const f = *state;
    const struct network_stats *const s = network_stats(f->world->network);
    assert_true(s->cancelled > 0);
    falsify_amount(f->world, &s->accepted_byte, "the payload of the devices");
    falsify_amount(f->world, &s->payload_byte, "the payload on the network");
    falsify_amount(f->world, &s->cancelled_byte, "the payload on the network");
    falsify_amount(f->world, &sim_fluid_stats(network_uplink(f->world->network))->served,
                   "the bits on the uplink");
}

static void test_hosts(void **state)
{
    const struct fixture *const f = *state;
    struct sync_host *const host = sync_server_host(f->world->server[2]);
    falsify_count(f->world, &sim_disk_stats(sync_host_state_disk(host))->completed,
                  "the number of jobs of a state database");
    falsify_count(f->world, &sim_pool_stats(sync_host_heap(host))->granted,
                  "the number of requests for heap");
    falsify_amount(f->world, &sim_fluid_stats(sync_host_cpu(host))->served,
                   "CPU time of a sync server");
    falsify_amount(f->world,
                   &sim_station_stats(sync_server_threads(f->world->server[2]))->busy.area,
                   "Little's law at a sync server");
}

static void test_mail_servers(void **state)
{
    const struct fixture *const f = *state;
    falsify_count(f->world, &mail_farm_stats(f->world->mail)->cancelled,
                  "the number of mail transactions");
    falsify_amount(f->world, &sim_fluid_stats(mail_farm_disk(f->world->mail, 0))->served,
                   "the reads of a mail server");
    falsify_amount(f->world, &sim_station_stats(mail_farm_line(f->world->mail, 0))->busy.area,
                   "Little's law at a mail server");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_requests, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_payload, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_hosts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_mail_servers, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
