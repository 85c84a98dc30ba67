/* What every operation on a sync server's state keeps, loses and causes: the table of docs/model.md, cell by
 * cell. */
#include "tests/support/check.h"
#include "tests/support/run_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Nobody reacts before 100 s, so that a run that ends earlier shows what the operation has left. */
static const char world_yaml[] =
    "schema: 1\n"
    "users: 20\n"
    "poison: {documents: 3}\n"
    "security: {denied: 2, contact: 20 min}\n"
    "mailbox: {profile: {mail_days: 2, standard_days: 3}}\n"
    "servers: {A: , B: }\n"
    "devices:\n"
    "  classes: {only: {share: 1, reconnect_delay: 100 s, promotion: 0 s, rtt: 100 ms}}\n";

enum resync { NO_RESYNC, DEVICE_SYNC, PRIME_SYNC };

struct operation {
    const char *name, *balancer, *timeline;
    double done_s;   /* by then it is done, and nobody has reacted */
    uint32_t server; /* whose state counts afterwards: the devices meet it next */
    bool keeps_sync_state, keeps_lists, keeps_registration, keeps_orders, keeps_bans, keeps_profile;
    enum resync causes;
};

/* The clock starts at the first loss: what comes before it is done by then. */
#define MANUAL  "check_interval: 1 s, rise: 1, failover: manual"
#define RESTART "{at: 1 h, do: fail host A}, {at: 3610 s, do: restart host A}"

static const struct operation operations[] = {
    {"clearanchors", MANUAL, "{at: 0 s, do: tell traveler clearanchors *}", 1, 0, false, true, true,
     true, true, true, DEVICE_SYNC},
    {"reset", MANUAL, "{at: 0 s, do: tell traveler reset *}", 1, 0, false, false, false, true, true,
     true, PRIME_SYNC},
    {"delete", MANUAL, "{at: 0 s, do: on A tell traveler delete *}", 1, 0, false, false, false,
     true, true, false, PRIME_SYNC},
    {"security delete", MANUAL, "{at: 0 s, do: tell traveler security delete *}, " RESTART, 11, 0,
     true, true, true, false, true, true, NO_RESYNC},
    {"restore without state", MANUAL,
     "{at: 0 s, do: fail host A}, {at: 10 s, do: restore host A without state}", 11, 0, false,
     false, false, false, false, true, PRIME_SYNC},
    {"redirect to a standalone server", MANUAL, "{at: 0 s, do: redirect A to B}", 1, 1, false,
     false, false, false, false, true, PRIME_SYNC},
    {"restart of the machine", MANUAL, RESTART, 11, 0, true, true, true, true, true, true,
     NO_RESYNC},
    {"failover in a pool", "check_interval: 1 s, method: pool", "{at: 0 s, do: fail host A}", 1, 1,
     true, true, true, true, true, true, NO_RESYNC},
};

enum { N_OPERATIONS = sizeof operations / sizeof operations[0] };

/* Which security records a reset or delete leaves depends on the version: 2011, or from 9.0.1.10 on with a
 * time-out of 30 days, or of none. */
static const char *const versions[] = {
    "security.after_reset: kept\n", "security.after_reset: cleanup\n",
    "security.after_reset: cleanup\nsecurity.cleanup_timeout: 0 s\n"};

enum { KEPT_FOR_GOOD, KEPT_30_DAYS, KEPT_NOT_AT_ALL, N_VERSIONS };

static struct world *create_world(const struct operation *o, int version, double horizon_s,
                                  struct scenario *scenario, struct run_result *r)
{
    char yaml[2000];
    struct sim_error e;
    struct world *w;
    snprintf(yaml, sizeof yaml,
             "%s%sbalancer: {%s}\nhorizon: %g s\nseries_step: %g s\ntimeline: [%s]\n", world_yaml,
             versions[version], o->balancer, horizon_s, horizon_s, o->timeline);
    scenario_from_text(yaml, scenario);
    assert_int_equal(world_create(scenario, 0, NULL, NULL, &w, &e), SIM_OK);
    assert_int_equal(world_go(w, r, &e), SIM_OK);
    return w;
}

static void destroy_world(struct world *w, struct scenario *scenario, struct run_result *r)
{
    world_destroy(w);
    scenario_fini(scenario);
    run_result_fini(r);
}

static void assert_state(const struct world *w, const struct operation *o)
{
    const struct state_db *const db = sync_server_state(w->server[o->server]);
    for (uint32_t device = 0; device < w->n_devices; device++) {
        assert_int_equal(state_db_key(db, device) != STATE_KEY_NONE, o->keeps_sync_state);
        assert_int_equal(state_db_is_registered(db, device), o->keeps_registration);
    }
    for (uint32_t user = 0; user < w->scenario->users; user++) {
        assert_int_equal(state_db_has_list(db, user), o->keeps_lists);
        assert_int_equal(w->mailboxes[user].has_profile, o->keeps_profile);
    }
    for (uint32_t i = 0; i < w->scenario->poison.documents; i++) {
        assert_int_equal(state_db_is_banned(db, i), o->keeps_bans);
    }
}

static void test_what_is_kept_and_what_is_lost(void **state)
{
    (void)state;
    for (int i = 0; i < N_OPERATIONS; i++) {
        struct scenario scenario;
        struct run_result r;
        struct world *const w =
            create_world(&operations[i], KEPT_FOR_GOOD, operations[i].done_s, &scenario, &r);
        print_message("%s\n", operations[i].name);
        assert_state(w, &operations[i]);
        destroy_world(w, &scenario, &r);
    }
}

static void assert_resync(const struct world *w, const struct run_result *r,
                          const struct operation *o)
{
    const uint32_t primes = prime_sync_n_done(sync_server_prime(w->server[o->server]));
    assert_true(r->is_complete);
    assert_int_equal(primes, o->causes == PRIME_SYNC ? w->scenario->users : 0);
    for (uint32_t device = 0; device < r->n_devices; device++) {
        const struct device_record *const d = &r->device[device];
        assert_int_equal(isfinite(d->erased_s), o->causes != NO_RESYNC);
        assert_int_equal(d->items_done, d->items);
        if (o->causes == NO_RESYNC) {
            assert_true(d->payload_byte < 1e6); /* mails of a few minutes, if any */
        } else {
            assert_true(d->payload_byte > 0.7 * (250e3 + 300 * 2e3)); /* contacts and calendar */
        }
        /* the standard window is half as long again: 3 days of mail for 2 */
        const double mails = w->mailboxes[d->user].received_per_day;
        assert_near(d->items, 550 + mails * (o->keeps_profile ? 2 : 3), 1);
    }
}

static void test_what_follows(void **state)
{
    (void)state;
    for (int i = 0; i < N_OPERATIONS; i++) {
        struct scenario scenario;
        struct run_result r;
        struct world *const w =
            create_world(&operations[i], KEPT_FOR_GOOD, 12 * 3600, &scenario, &r);
        print_message("%s\n", operations[i].name);
        assert_resync(w, &r, &operations[i]);
        destroy_world(w, &scenario, &r);
    }
}

static bool is_for_a_device(const struct operation *o)
{
    return strcmp(o->name, "reset") == 0 || strcmp(o->name, "delete") == 0;
}

/* Denied devices come every 20 min: whether they are served in 12 h shows whether the order is there. */
static void test_what_becomes_of_security_orders(void **state)
{
    (void)state;
    for (int i = 0; i < N_OPERATIONS; i++) {
        for (int version = 0; version < N_VERSIONS; version++) {
            const struct operation *const o = &operations[i];
            const bool keeps =
                o->keeps_orders && !(version == KEPT_NOT_AT_ALL && is_for_a_device(o));
            struct scenario scenario;
            struct run_result r;
            struct world *const w = create_world(o, version, 12 * 3600, &scenario, &r);
            print_message("%s, %s", o->name, versions[version]);
            assert_near(metric_of(&r, "security_wrongly_served"), keeps ? 0 : 2, 0);
            destroy_world(w, &scenario, &r);
        }
    }
}

/* In a drawer for 40 days after a reset: the order is gone from 9.0.1.10 on, and is not before. */
static void test_a_device_that_comes_after_the_cleanup(void **state)
{
    (void)state;
    for (int version = 0; version < N_VERSIONS; version++) {
        char yaml[600];
        struct run_result r;
        snprintf(yaml, sizeof yaml,
                 "schema: 1\nusers: 10\nhorizon: 90 d\nseries_step: 1 d\nmail: {desktop_users: 0, "
                 "probe_interval: 1 d}\nsecurity: {wipes: 5, contact: 80 d, reissue: 100 d}\n%s"
                 "timeline: [{at: 0 s, do: tell traveler reset *}]\n",
                 versions[version]);
        run_text(yaml, 0, &r);
        for (uint32_t i = 0; i < r.n_orders; i++) {
            const struct security_outcome *const o = &r.order[i];
            const double comes_s = fmin(o->served_s, o->executed_s);
            const bool is_gone =
                version == KEPT_NOT_AT_ALL || (version == KEPT_30_DAYS && comes_s > 30 * 86400.0);
            assert_true(comes_s < 80 * 86400.0);
            assert_int_equal(isfinite(o->served_s), is_gone);
        }
        run_result_fini(&r);
    }
}

/* One user's devices alone, and all of his. */
static void test_a_command_for_one_user(void **state)
{
    const char *const commands[] = {"clearanchors", "reset", "delete"};
    (void)state;
    for (int i = 0; i < 3; i++) {
        char yaml[400];
        struct run_result r;
        snprintf(yaml, sizeof yaml,
                 "schema: 1\nusers: 10\ndevices: {per_user: 2, online: 100 %%}\ntimeline: "
                 "[{at: 9 h, do: Tell Traveler %s 7}]\n",
                 commands[i]);
        run_text(yaml, 0, &r);
        for (uint32_t device = 0; device < r.n_devices; device++) {
            assert_int_equal(isfinite(r.device[device].erased_s), r.device[device].user == 7);
        }
        run_result_fini(&r);
    }
}

/* The paired experiment of the case: the herd of a reset is that of a failover to a server like the first. */
static void test_a_reset_is_a_failover_without_the_other_server(void **state)
{
    struct run_result reset;
    struct run_result moved;
    (void)state;
    run_text("schema: 1\nusers: 100\ntimeline: [{at: 0 s, do: tell traveler reset *}]\n", 0,
             &reset);
    run_text("schema: 1\nusers: 100\ntimeline: [{at: 0 s, do: redirect A to B}]\n", 0, &moved);
    assert_memory_equal(reset.device, moved.device, moved.n_devices * sizeof *moved.device);
    run_result_fini(&reset);
    run_result_fini(&moved);
}

/* In the middle of a storm: what was loaded is for nothing, and the end comes later. */
static void test_a_reset_in_mid_storm(void **state)
{
    static const char *const commands[] = {"reset", "clearanchors", "delete"};
    struct run_result once;
    (void)state;
    run_text("schema: 1\nusers: 100\ntimeline: [{at: 0 s, do: fail host A}]\n", 0, &once);
    for (int i = 0; i < 3; i++) {
        char yaml[300];
        struct run_result twice;
        snprintf(yaml, sizeof yaml,
                 "schema: 1\nusers: 100\ntimeline: [{at: 0 s, do: fail host A}, {at: 2 min, do: "
                 "tell traveler %s *}]\n",
                 commands[i]);
        run_text(yaml, 0, &twice);
        assert_true(twice.is_complete);
        assert_true(twice.payload_byte > 1.05 * once.payload_byte);
        assert_true(metric_of(&twice, "full_p50_s") > metric_of(&once, "full_p50_s"));
        run_result_fini(&twice);
    }
    run_result_fini(&once);
}

/* At a server that nobody is connected to, a reset costs those who come back to it, and nobody else. */
static void test_a_reset_at_the_other_server(void **state)
{
    struct run_result with;
    struct run_result without;
    (void)state;
    run_text("schema: 1\nusers: 30\ntimeline: [{at: 0 s, do: redirect A to B}, {at: 1 h, do: on A "
             "tell traveler reset *}]\n",
             0, &with);
    run_text("schema: 1\nusers: 30\ntimeline: [{at: 0 s, do: redirect A to B}]\n", 0, &without);
    assert_memory_equal(with.device, without.device, with.n_devices * sizeof *with.device);
    run_result_fini(&with);
    run_result_fini(&without);
}

/* ---- An old state ---- */

/* It goes on as if nothing had been: no herd, but every device and the server disagree on the mails of the
 * time between backup and failure: 8640 a day, for 12 h and the half hour that A served after it. */
static void test_an_old_state_leaves_silent_gaps(void **state)
{
    struct run_result r;
    (void)state;
    run_text("schema: 1\nusers: 20\nservers: {A: }\nmailbox: {received_per_day: 8640, profile: "
             "{mail_days: 0.1}}\ntimeline:\n"
             "  - {at: 0 s, do: fail host A}\n  - {at: 10 min, do: restart host A}\n"
             "  - {at: 30 min, do: fail host A}\n  - {at: 1 h, do: restore host A with state}\n"
             "  - {at: 3 h, do: tell traveler reset 4}\n",
             0, &r);
    for (uint32_t i = 0; i < r.n_devices; i++) {
        const struct device_record *const d = &r.device[i];
        assert_int_equal(isfinite(d->erased_s), d->user == 4);
        assert_int_equal(d->gap_items, 8640 / 2 + 180);
        assert_true(d->gap_from_s > 3600);
        assert_int_equal(isfinite(d->gap_until_s), d->user == 4);
        assert_true(d->user != 4 || d->gap_until_s > 3 * 3600);
    }
    assert_near(metric_of(&r, "gap_devices"), 24, 0);
    assert_near(metric_of(&r, "gap_items"), 24 * 4500, 0);
    assert_near(metric_of(&r, "gap_left"), 23, 0);
    run_result_fini(&r);
}

/* A second restore, of the same backup, after a day of service: the gap is a day wider. Who was offline at the time of the
 * first one and comes only after the second has had nothing since the first failure. Restarts, between them and after,
 * change nothing. */
static void test_a_second_old_state_widens_the_gaps(void **state)
{
    struct run_result r;
    (void)state;
    run_text("schema: 1\nusers: 20\nservers: {A: }\nhorizon: 60 h\nmailbox: {received_per_day: "
             "8640, profile: "
             "{mail_days: 0.1}}\ndevices: {online: 50 %, offline_time: 40 h}\ntimeline:\n"
             "  - {at: 0 s, do: fail host A}\n  - {at: 1 h, do: restore host A with state}\n"
             "  - {at: 12 h, do: fail host A}\n  - {at: 13 h, do: restart host A}\n"
             "  - {at: 24 h, do: fail host A}\n  - {at: 25 h, do: restore host A with state}\n"
             "  - {at: 30 h, do: fail host A}\n  - {at: 31 h, do: restart host A}\n",
             0, &r);
    uint32_t n_twice = 0;
    for (uint32_t i = 0; i < r.n_devices; i++) {
        const struct device_record *const d = &r.device[i];
        const bool is_twice = d->gap_from_s < 24 * 3600;
        n_twice += is_twice;
        assert_int_equal(d->gap_items, is_twice ? 8640 / 2 + 8640 : 8640 / 2);
        assert_true(is_twice ? d->gap_from_s < 3 * 3600 : d->gap_from_s > 39 * 3600);
        assert_true(isinf(d->gap_until_s) && isinf(d->erased_s));
    }
    assert_in_range(n_twice, 1, r.n_devices - 1);
    assert_near(metric_of(&r, "gap_devices"), r.n_devices, 0);
    assert_near(metric_of(&r, "gap_left"), r.n_devices, 0);
    run_result_fini(&r);
}

/* Who has been at B since is not taken in: his key is not the one that the old state has. Nor is a server
 * that had no devices at the time of the backup. */
static void test_an_old_state_is_no_use_after_another_server(void **state)
{
    static const char *const timelines[] = {
        "{at: 0 s, do: fail host A}, {at: 2 h, do: restore host A with state}, {at: 3 h, do: fail "
        "back to A}",
        "{at: 0 s, do: fail host A}, {at: 2 h, do: fail host B}, {at: 3 h, do: restore host B with "
        "state}"};
    (void)state;
    for (int i = 0; i < 2; i++) {
        char yaml[400];
        struct run_result r;
        snprintf(yaml, sizeof yaml,
                 "schema: 1\nusers: 20\ndevices: {online: 100 %%}\ntimeline: [%s]\n", timelines[i]);
        run_text(yaml, 0, &r);
        for (uint32_t k = 0; k < r.n_devices; k++) {
            assert_int_equal(r.device[k].losses, 2);
            assert_true(r.device[k].full_s > 3 * 3600);
        }
        assert_near(metric_of(&r, "gap_devices"), 0, 0);
        assert_true(metric_of(&r, i == 0 ? "servers.a.prime.busy_share"
                                         : "servers.b.prime.busy_share") > 0);
        run_result_fini(&r);
    }
}

/* ---- Bad input ---- */

static void assert_problem(const char *entries, const char *text)
{
    char yaml[600];
    snprintf(yaml, sizeof yaml, "schema: 1\nusers: 10\nservers: {A: , B: }\ntimeline: [%s]\n",
             entries);
    assert_scenario_problem(yaml, text);
}

static void test_bad_commands(void **state)
{
    (void)state;
    assert_problem("{at: 0 s, do: tell traveler reset 10}",
                   "timeline.0.do: there is no user '10'; allowed: * for all, or a number from 0 "
                   "to 9, as in devices.csv");
    assert_problem("{at: 0 s, do: tell traveler reset -1}", "there is no user '-1'");
    assert_problem("{at: 0 s, do: tell traveler reset 99999999999999999999}", "there is no user");
    assert_problem("{at: 0 s, do: on Z tell traveler reset *}", "there is no server 'Z'");
    assert_problem("{at: 0 s, do: on B tell traveler reset *}",
                   "timeline: nothing takes a server from its devices");
    assert_problem("{at: 0 s, do: fail host A}, {at: 1 s, do: on A tell traveler reset *}",
                   "timeline.1.do: 'on A tell traveler reset *': host A is down then, and so is "
                   "its console");
    assert_problem("{at: 0 s, do: tell travler reset *}",
                   "'tell travler reset *' is not understood; allowed: 'tell traveler clearanchors "
                   "USER', 'tell traveler reset USER', 'tell traveler delete USER', 'tell traveler "
                   "security delete USER', 'tell traveler banneddoc add * USER'");
    assert_problem("{at: 0 s, do: restore host A with state}", "host A is up then");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_kept_and_what_is_lost),
        cmocka_unit_test(test_what_follows),
        cmocka_unit_test(test_what_becomes_of_security_orders),
        cmocka_unit_test(test_a_device_that_comes_after_the_cleanup),
        cmocka_unit_test(test_a_command_for_one_user),
        cmocka_unit_test(test_a_reset_is_a_failover_without_the_other_server),
        cmocka_unit_test(test_a_reset_in_mid_storm),
        cmocka_unit_test(test_a_reset_at_the_other_server),
        cmocka_unit_test(test_an_old_state_leaves_silent_gaps),
        cmocka_unit_test(test_a_second_old_state_widens_the_gaps),
        cmocka_unit_test(test_an_old_state_is_no_use_after_another_server),
        cmocka_unit_test(test_bad_commands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
