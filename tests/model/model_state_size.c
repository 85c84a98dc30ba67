/* The size of a state database: the vendor's printed examples, and what a simulated server writes. */
#include "tests/support/check.h"
#include "tests/support/run_text.h"

#include "models/state_size.h"

#include <math.h>
#include <string.h>

/* HCL Traveler 12.0.0, Estimating the space needed for the database: 25 and 146 GB. */
static void test_the_vendors_examples(void **state)
{
    struct scenario s;
    (void)state;
    scenario_from_text("schema: 1\n", &s);
    assert_close(state_size_byte(&s, 1000, 5000, 1.5), 25.25e9, 1e-12);
    assert_close(state_size_byte(&s, 3000, 10000, 1.25), 146.25e9, 1e-12);
    assert_close(state_size_expected_byte(&s), 500 * 3000.0 * (700 * 1.2 + 4000), 1e-9);
    scenario_fini(&s);
}

static double busy_share(const struct run_result *r, const char *name)
{
    for (size_t i = 0; i < r->n_resources; i++) {
        if (strcmp(r->resource[i].name, name) == 0) {
            return r->resource[i].busy_share;
        }
    }
    fail_msg("there is no resource %s", name);
    return NAN;
}

/* Every item is in the window, each commit is an I/O of its own, and nobody asks twice. A batch of a user and a chunk of a
 * device end in a page that is not full: less than one page each. */
static void test_the_server_writes_what_the_formula_says(void **state)
{
    enum { USERS = 9, DEVICES = 18, ITEMS = 1000, CHUNKS = 10 };
    const double page_byte = 512;
    const char yaml[] =
        "schema: 1\nusers: 9\n"
        "devices: {per_user: 2, classes: {patient: {share: 1}}}\n"
        "mailbox: {documents: 0, received_per_day: 0, contacts: 1000, calendar_entries: 0}\n"
        "servers: {A: , B: {state_db: {group: 1, iops: 100000 /s}}}\n"
        "sync:\n  registration: {commits: 0}\n  prime: {state_page: 512 byte, batch: 100000}\n";
    struct scenario s;
    struct run_result r;
    (void)state;
    scenario_from_text(yaml, &s);
    run_text(yaml, 0, &r);
    assert_true(r.is_complete);
    assert_int_equal(r.n_devices, DEVICES);
    assert_int_equal(r.discarded_chunks, 0);
    assert_int_equal(result_n_most(DEVICES), DEVICES); /* r.most_s is the end of all writing */
    const double written =
        busy_share(&r, "servers.B.state_db") * r.most_s * s.server[1].host.state_iops;
    const double formula = state_size_byte(&s, USERS, ITEMS, 2) / page_byte;
    assert_true(written >= formula * (1 - 1e-9));
    assert_true(written <= formula + USERS + DEVICES * CHUNKS);
    run_result_fini(&r);
    scenario_fini(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_vendors_examples),
        cmocka_unit_test(test_the_server_writes_what_the_formula_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
