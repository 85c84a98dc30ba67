/* A mail server fails: what it had under way is done again, by its mate or when it is back. */
#include "models/mail_server.h"

#include "tests/support/check.h"
#include "tests/support/run_text.h"

#include <math.h>
#include <stdio.h>

/* 150 reads a second, alone or shared, and nothing else: no CPU, no desktop users, hardly a probe. */
static const struct mail_config base = {.servers = 2,
                                        .transactions = 40,
                                        .disk_iops = 150,
                                        .stream_iops = 150,
                                        .cores = 1,
                                        .probe_interval_s = 1e9,
                                        .switch_s = 5};

enum { N_USERS = 4, NEVER = -1 };

/* User u, at server u modulo 2, asks for reads[u] at submit_s[u]. */
struct plan {
    double submit_s[N_USERS], reads[N_USERS];
    double fail_s[2], restart_s[2]; /* by server; < 0: never */
    double cancel_s;                /* of user 0; < 0: never */
};

struct bench {
    const struct plan *plan;
    struct sim *sim;
    struct mail_farm *farm;
    struct sim_handle handle[N_USERS];
    double done_s[N_USERS];
};

static void on_done(void *self, uint64_t user)
{
    struct bench *const b = self;
    b->done_s[user] = sim_now(b->sim);
}

static void on_submit(void *self, uint64_t user)
{
    struct bench *const b = self;
    mail_farm_submit(b->farm, (uint32_t)user, b->plan->reads[user],
                     (struct sim_call){on_done, b, user}, &b->handle[user]);
}

static void on_fail(void *self, uint64_t server)
{
    mail_farm_fail(((struct bench *)self)->farm, (uint32_t)server, 0);
}

static void on_restart(void *self, uint64_t server)
{
    mail_farm_restart(((struct bench *)self)->farm, (uint32_t)server);
}

static void on_cancel(void *self, uint64_t user)
{
    struct bench *const b = self;
    mail_farm_cancel(b->farm, &b->handle[user]);
}

static void at(struct bench *b, double at_s, sim_call_fn *fn, uint64_t arg)
{
    if (at_s >= 0) {
        sim_at(b->sim, at_s, 0, (struct sim_call){fn, b, arg});
    }
}

/* done_s[user] of those that are expected at all; NEVER for the others. */
static void assert_plan(const struct plan *plan, bool has_mates, const double done_s[N_USERS],
                        uint64_t repeated)
{
    struct mail_config config = base;
    struct bench b = {.plan = plan, .done_s = {NEVER, NEVER, NEVER, NEVER}};
    config.has_mates = has_mates;
    assert_int_equal(sim_create(3, 0, &b.sim), SIM_OK);
    assert_int_equal(mail_farm_create(b.sim, &config, &b.farm), SIM_OK);
    for (uint32_t user = 0; user < N_USERS; user++) {
        at(&b, plan->reads[user] > 0 ? plan->submit_s[user] : NEVER, on_submit, user);
    }
    for (uint32_t server = 0; server < 2; server++) {
        at(&b, plan->fail_s[server], on_fail, server);
        at(&b, plan->restart_s[server], on_restart, server);
    }
    at(&b, plan->cancel_s, on_cancel, 0);
    assert_int_equal(sim_run(b.sim, 100), SIM_OK);
    for (uint32_t user = 0; user < N_USERS; user++) {
        assert_near(b.done_s[user], done_s[user], 1e-6);
    }
    const struct mail_stats *const s = mail_farm_stats(b.farm);
    assert_int_equal(s->repeated, repeated);
    assert_int_equal(s->submitted,
                     s->transactions + s->probes + s->cancelled + mail_farm_n_present(b.farm));
    mail_farm_destroy(b.farm);
    sim_destroy(b.sim);
}

/* User 0 asks for 2 s of work at 0 s and loses it at 1 s; user 2 asks for 1 s at 3 s, when nobody has
 * noticed; user 1 has 8 s of work at the mate. With a mate both enter there at 6 s, when user 1 has 2 s
 * left: three share, user 2 is through after 3 s with 1 s left for each of the others. Without, they begin
 * when the server is back, at 20 s. */
static void test_the_mate_does_it_again(void **state)
{
    static const struct plan plan = {.submit_s = {0, 0, 3},
                                     .reads = {300, 1200, 150},
                                     .fail_s = {1, NEVER},
                                     .restart_s = {20, NEVER},
                                     .cancel_s = NEVER};
    (void)state;
    assert_plan(&plan, true, (const double[]){11, 11, 9, NEVER}, 1);
    assert_plan(&plan, false, (const double[]){23, 8, 22, NEVER}, 1);
}

/* What is at the mate when the server is back, at 7 s, ends there, at 8 s; what comes then goes home. */
static void test_what_is_at_the_mate_ends_there(void **state)
{
    static const struct plan plan = {.submit_s = {0, 0, 7.5},
                                     .reads = {300, 0, 300},
                                     .fail_s = {1, NEVER},
                                     .restart_s = {7, NEVER},
                                     .cancel_s = NEVER};
    (void)state;
    assert_plan(&plan, true, (const double[]){8, NEVER, 9.5, NEVER}, 1);
}

/* Both are down: all wait for whoever is back first. Server 1 fails at 7 s with user 0's second try and
 * user 1's first; server 0 is back at 20 s and serves its own user and, as the mate of 1, the other. */
static void test_both_are_down(void **state)
{
    static const struct plan plan = {.submit_s = {0, 6.5},
                                     .reads = {300, 300},
                                     .fail_s = {1, 7},
                                     .restart_s = {20, NEVER},
                                     .cancel_s = NEVER};
    (void)state;
    assert_plan(&plan, true, (const double[]){24, 24, NEVER, NEVER}, 3);
}

/* Given up while nobody serves it, or at the mate: it is never done, and leaves nothing behind. */
static void test_what_waits_can_be_cancelled(void **state)
{
    struct plan plan = {.submit_s = {0, 8},
                        .reads = {300, 150},
                        .fail_s = {1, NEVER},
                        .restart_s = {NEVER, NEVER},
                        .cancel_s = 3};
    (void)state;
    assert_plan(&plan, true, (const double[]){NEVER, 9, NEVER, NEVER}, 1);
    plan.cancel_s = 7;
    assert_plan(&plan, true, (const double[]){NEVER, 9, NEVER, NEVER}, 1);
}

/* Half of the users of 40 reads/s sit at each server; after the failure all of them at the mate. */
static void test_the_mate_carries_both_loads(void **state)
{
    struct mail_config config = base;
    struct bench b = {0};
    (void)state;
    config.has_mates = true;
    config.desktop_users = 40;
    config.desktop_reads_per_s = 1;
    assert_int_equal(sim_create(3, 0, &b.sim), SIM_OK);
    assert_int_equal(mail_farm_create(b.sim, &config, &b.farm), SIM_OK);
    at(&b, 10, on_fail, 0);
    at(&b, 50, on_restart, 0);
    static const double used[][3] = {/* until s, at server 0, at server 1 */
                                     {9, 20, 20},
                                     {14, 0, 20},
                                     {49, 0, 40},
                                     {60, 20, 20}};
    for (size_t i = 0; i < sizeof used / sizeof used[0]; i++) {
        assert_int_equal(sim_run(b.sim, used[i][0]), SIM_OK);
        for (uint32_t server = 0; server < 2; server++) {
            const double share = sim_fluid_stats(mail_farm_disk(b.farm, server))->used.value;
            assert_near(share, used[i][1 + server] / 150, 1e-6);
        }
    }
    mail_farm_destroy(b.farm);
    sim_destroy(b.sim);
}

/* ---- In a storm ---- */

static void run_storm(const char *mail, struct run_result *r)
{
    char yaml[600];
    snprintf(yaml, sizeof yaml,
             "schema: 1\nusers: 100\nhorizon: 6 h\nmail: {desktop_users: 100, %s}\n"
             "timeline:\n  - {at: 0 s, do: fail host A}\n  - {at: 60 s, do: fail mail 1}\n"
             "  - {at: 3600 s, do: restart mail 1}\n",
             mail);
    run_text(yaml, 0, r);
    assert_true(r->is_complete);
}

static double last_full_s(const struct run_result *r, bool is_online)
{
    double last_s = 0;
    for (uint32_t i = 0; i < r->n_devices; i++) {
        const bool counts = r->device[i].stage_s[STAGE_OFFLINE] == 0 || !is_online;
        last_s = counts ? fmax(last_s, r->device[i].full_s) : last_s;
    }
    return last_s;
}

/* Without a mate half of the users wait for the hour; with one nobody does. */
static void test_a_storm_with_and_without_a_mate(void **state)
{
    struct run_result with;
    struct run_result without;
    (void)state;
    run_storm("has_mates: true", &with);
    run_storm("has_mates: false", &without);
    assert_true(last_full_s(&with, true) < 3600);
    assert_true(last_full_s(&without, true) > 3600);
    for (uint32_t i = 0; i < without.n_devices; i++) {
        const struct device_record *const d = &without.device[i];
        assert_true(d->user % 2 == 1 || d->full_s < 60 || d->full_s > 3600);
    }
    run_result_fini(&with);
    run_result_fini(&without);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_mate_does_it_again),
        cmocka_unit_test(test_what_is_at_the_mate_ends_there),
        cmocka_unit_test(test_both_are_down),
        cmocka_unit_test(test_what_waits_can_be_cancelled),
        cmocka_unit_test(test_the_mate_carries_both_loads),
        cmocka_unit_test(test_a_storm_with_and_without_a_mate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
