/* The clock starts at the first loss: what was begun before it has gone on for as long by then. */
#include "tests/support/check.h"
#include "tests/support/run_text.h"

#include <math.h>
#include <stdio.h>

enum { ROOM = 700 };

static void run_with(const char *keys, const char *before, double failure_h, struct run_result *r)
{
    char yaml[ROOM];
    snprintf(yaml, sizeof yaml,
             "schema: 1\nusers: 20\n%s\ntimeline: [%s{at: %g h, do: fail host A}]\n", keys, before,
             failure_h);
    run_text(yaml, 0, r);
    assert_true(r->is_complete);
}

/* The same to each device, in every bit. */
static void assert_same(struct run_result *a, struct run_result *b)
{
    assert_int_equal(a->n_devices, b->n_devices);
    assert_memory_equal(a->device, b->device, a->n_devices * sizeof *a->device);
    run_result_fini(a);
    run_result_fini(b);
}

/* B was there again hours before A fails, whatever took it away and brought it back. */
static void test_who_was_back_is_there(void **state)
{
    static const struct {
        const char *keys, *before;
    } ways[] = {
        {"servers: {A: , B: {vm: {restarts: true}}}", "{at: 0 h, do: fail host B}, "},
        {"servers: {A: , B: {vm: {restarts: true}}}",
         "{at: 0 h, do: fail host B}, {at: 1 h, do: fail host B}, "},
        {"servers: {A: , B: }",
         "{at: 0 s, do: fail host B}, {at: 10 min, do: restart host B with defragmentation}, "},
        {"servers: {A: , B: }", "{at: 0 s, do: on B tell traveler quit}, {at: 10 min, do: on B "
                                "load traveler -defrag}, "},
        {"servers: {A: , B: }", "{at: 0 s, do: fail host B}, {at: 10 min, do: begin to restore "
                                "host B without state}, "},
        {"servers: {A: , B: }", "{at: 10 min, do: begin to restore host B without state}, "
                                "{at: 0 s, do: fail host B}, "}, /* in the order of time */
        {"servers: {A: , B: }\nbalancer: {method: round_robin, stickiness: source}",
         "{at: 0 s, do: fail host B}, {at: 1 h, do: restart host B}, "},
    };
    (void)state;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        struct run_result back;
        struct run_result always;
        run_with(ways[i].keys, ways[i].before, 5, &back);
        run_with(ways[i].keys, "", 5, &always);
        assert_same(&back, &always);
    }
}

/* 8 data / rate is 100 s, 60 s of them before A fails: B is there 40 s after, as if restarted then. */
static void test_what_is_left_is_waited_for(void **state)
{
    static const char keys[] = "servers: {A: , B: {defrag: {data: 1 GB, rate: 80 Mbit/s}}}\n"
                               "balancer: {check_interval: 1 s, fall: 1, rise: 1}";
    struct run_result begun;
    struct run_result done;
    (void)state;
    run_with(keys,
             "{at: 0 h, do: fail host B}, {at: 3540 s, do: restart host B with defragmentation}, ",
             1, &begun);
    run_with(keys, "{at: 0 h, do: fail host B}, {at: 3640 s, do: restart host B}, ", 1, &done);
    assert_true(metric_of(&begun, "basic_p50_s") > 40);
    assert_same(&begun, &done);
}

/* The restart at 30 min calls the restore off that would be over at 70 min, when B is down again. */
static void test_a_return_called_off_does_not_come(void **state)
{
    static const char keys[] = "servers: {A: , B: {restore: {mount: 1 h}}}";
    struct run_result overtaken;
    struct run_result down;
    (void)state;
    run_with(keys,
             "{at: 0 h, do: fail host B}, {at: 1 min, do: begin to restore host B without state}, "
             "{at: 30 min, do: restart host B}, {at: 31 min, do: fail host B}, {at: 301 min, do: "
             "restart host B}, ",
             5, &overtaken);
    run_with(keys, "{at: 31 min, do: fail host B}, {at: 301 min, do: restart host B}, ", 5, &down);
    assert_true(metric_of(&overtaken, "basic_p50_s") > 60);
    assert_same(&overtaken, &down);
}

/* The mate has the mail files `mail.switch` after the failure: by now, or in what is left of 10 min after 8. */
static void test_a_mate_that_has_switched_is_asked(void **state)
{
    static const struct {
        const char *before, *left;
    } ways[] = {
        {"{at: 0 h, do: fail mail 1}, ", "mail: {has_mates: true, switch: 0 s}"},
        {"{at: 292 min, do: fail mail 1}, ", "mail: {has_mates: true, switch: 2 min}"},
    };
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct run_result begun;
        struct run_result left;
        run_with("mail: {has_mates: true, switch: 10 min}", ways[i].before, 5, &begun);
        run_with(ways[i].left, "{at: 5 h, do: fail mail 1}, ", 5, &left);
        assert_same(&begun, &left);
    }
}

/* B was marked down long before it comes back, a second after A fails: 30 good checks, one a minute, before it is taken. */
static void test_the_checks_have_seen_who_is_down(void **state)
{
    static const char keys[] = "balancer: {check_interval: 1 min, fall: 1, rise: 30}";
    static const char *const failed_at[] = {"0 h", "5 h"};
    double basic_s[2];
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct run_result r;
        char before[120];
        snprintf(before, sizeof before,
                 "{at: %s, do: fail host B}, {at: 18001 s, do: restart host B}, ", failed_at[i]);
        run_with(keys, before, 5, &r);
        basic_s[i] = metric_of(&r, "basic_p50_s");
        run_result_fini(&r);
    }
    assert_true(basic_s[0] > 29 * 60);
    assert_true(basic_s[1] < 10 * 60);
}

/* Two changes of a name, 2 h and 1 h ago: what is remembered is 2 h old, not 3. */
static void test_a_name_is_as_old_as_its_first_change(void **state)
{
    static const char keys[] =
        "servers: {A: , B: , C: }\nbalancer: {method: dns, failover: manual, "
        "dns: {ttl: 1 s, violators: 100 %, kept: 2.5 h}}\nhorizon: 12 h";
    struct run_result twice;
    struct run_result once;
    (void)state;
    run_with(keys, "{at: 3 h, do: redirect A to B}, {at: 4 h, do: redirect B to C}, ", 5, &twice);
    run_with(keys, "{at: 3 h, do: redirect A to C}, ", 5, &once);
    assert_same(&twice, &once);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_was_back_is_there),
        cmocka_unit_test(test_what_is_left_is_waited_for),
        cmocka_unit_test(test_a_return_called_off_does_not_come),
        cmocka_unit_test(test_a_mate_that_has_switched_is_asked),
        cmocka_unit_test(test_the_checks_have_seen_who_is_down),
        cmocka_unit_test(test_a_name_is_as_old_as_its_first_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
