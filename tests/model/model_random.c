/* Random worlds: whatever the scenario, the books balance (world_run verifies Little's law at every
 * station, conservation on every shared resource and the stages of every device, and fails if one is off)
 * and no device does things in an impossible order. */
#include "tests/support/check.h"
#include "tests/support/scenario_text.h"

#include "models/world.h"

#include <stdio.h>
#include <stdlib.h>

/* A small generator of its own, so that the worlds do not change with the simulator's streams. */
static uint64_t next_word(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

static unsigned pick(uint64_t *state, unsigned n)
{
    return (unsigned)(next_word(state) % n);
}

static const char *choose(uint64_t *state, const char *const list[], unsigned n)
{
    return list[pick(state, n)];
}

#define CHOOSE(state, list) choose(state, list, sizeof(list) / sizeof(list)[0])

static void write_classes(FILE *out, uint64_t *state)
{
    static const char *const rates[] = {"10 kbit/s", "uniform(50, 5000) kbit/s",
                                        "lognormal(median=2, sigma=1.5) Mbit/s", "1 Gbit/s"};
    static const char *const rtts[] = {"0 s", "1 ms", "uniform(10, 900) ms", "exponential(200 ms)"};
    static const char *const timeouts[] = {"1 s", "5 s", "30 s", "240 s"};
    static const char *const policies[] = {"fixed", "exponential", "full_jitter", "equal_jitter",
                                           "none"};
    static const char *const losses[] = {"0", "0.1 %", "5 %", "30 %"};
    fputs("  classes:\n", out);
    for (int i = 0; i < 2; i++) {
        fprintf(out, "    c%d:\n      share: 50 %%\n      rate: %s\n      rtt: %s\n", i,
                CHOOSE(state, rates), CHOOSE(state, rtts));
        fprintf(out, "      loss: %s\n      request_timeout: %s\n      vip: %s\n",
                CHOOSE(state, losses), CHOOSE(state, timeouts), i == 0 ? "true" : "false");
        fprintf(out, "      backoff: {policy: %s, first: %u s, max: 120 s}\n",
                CHOOSE(state, policies), 1 + pick(state, 20));
    }
}

static void write_servers(FILE *out, uint64_t *state)
{
    static const char *const heaps[] = {"2 MB", "5 MB", "100 MB", "1 GB"};
    static const unsigned numbers[] = {2, 5, 20, 100, 300};
    static const char *const names[] = {"A", "B", "C"};
    fputs("servers:\n", out);
    for (int i = 0; i < 3; i++) {
        fprintf(out, "  %s: {http_threads: %u, http_backlog: %u, prime_workers: %u, ", names[i],
                numbers[pick(state, 5)], pick(state, 100), numbers[pick(state, 5)]);
        fprintf(out, "device_workers: %u, cores: %u, heap: %s, heap_per_sync: 2 MB, ",
                numbers[pick(state, 5)], 1 + pick(state, 8), CHOOSE(state, heaps));
        fprintf(out, "gc_threshold: %u %%, state_db.iops: %u /s, state_db.group: %u}\n",
                pick(state, 100), 20 + pick(state, 2000), 1 + pick(state, 6));
    }
}

/* After a failure of A alone: it is back at once, in mid-storm, or late, and may fail anew. */
static void write_return(FILE *out, uint64_t *state)
{
    const uint32_t back_s = 100 + pick(state, 1500);
    fprintf(out, "  - {at: %u s, do: restart host A}\n", back_s);
    if (pick(state, 2) == 0) {
        fprintf(out, "  - {at: %u s, do: fail host A}\n", back_s + 1 + pick(state, 300));
    }
}

/* Commands at the console of whoever has the devices, for one user or all; and A may come back with an old
 * state, or none. */
static void write_commands(FILE *out, uint64_t *state)
{
    static const char *const commands[] = {"clearanchors", "reset", "delete"};
    static const char *const whom[] = {"*", "0"};
    static const char *const states[] = {"with", "without"};
    for (int i = 0; i < 3; i++) {
        fprintf(out, "  - {at: %u s, do: on B tell traveler %s %s}\n", 100 + pick(state, 2000),
                CHOOSE(state, commands), CHOOSE(state, whom));
    }
    fprintf(out, "  - {at: %u s, do: restore host A %s state}\n", 100 + pick(state, 3000),
            CHOOSE(state, states));
    fprintf(out, "  - {at: 3100 s, do: on A tell traveler %s %s}\n", CHOOSE(state, commands),
            CHOOSE(state, whom));
}

/* B begins nothing for a while, or ends and is loaded again, in whatever state its crashes have left it. */
static void write_ends(FILE *out, uint64_t *state)
{
    static const char *const tasks[] = {"traveler", "http"};
    const char *const task = CHOOSE(state, tasks);
    fprintf(out, "  - {at: %u s, do: on B tell traveler available off}\n", 100 + pick(state, 500));
    fprintf(out, "  - {at: %u s, do: on B tell traveler available on}\n", 600 + pick(state, 2000));
    fprintf(out, "  - {at: %u s, do: on B tell %s quit}\n", 2600 + pick(state, 400), task);
    fprintf(out, "  - {at: %u s, do: on B load %s}\n", 3000 + pick(state, 900), task);
}

static void write_timeline(FILE *out, uint64_t *state)
{
    static const char *const fates[] = {"reset", "silent"};
    fprintf(out, "timeline:\n  - {at: %u s, do: fail host A, connections: %s}\n", pick(state, 100),
            CHOOSE(state, fates));
    switch (pick(state, 6)) {
    case 0:
        fprintf(out, "  - {at: %u s, do: fail host B, connections: %s}\n", 100 + pick(state, 900),
                CHOOSE(state, fates));
        break;
    case 1:
        fprintf(out, "  - {at: %u s, do: redirect B to C, connections: %s}\n",
                700 + pick(state, 500), CHOOSE(state, fates));
        break;
    case 2:
        write_return(out, state);
        break;
    case 3:
        write_commands(out, state);
        break;
    case 4:
        write_ends(out, state);
        break;
    default:
        break;
    }
}

static char *random_scenario(uint64_t seed)
{
    static const char *const uplinks[] = {"200 kbit/s", "5 Mbit/s", "1 Gbit/s"};
    static const char *const failbacks[] = {"manual", "automatic"};
    uint64_t state = seed * 2862933555777941757u + 3037000493u;
    char *text = NULL;
    size_t length;
    FILE *const out = open_memstream(&text, &length);
    fprintf(out, "schema: 1\nusers: %u\nseed: %u\nhorizon: 8 h\nmax_events: 5000000\n",
            1 + pick(&state, 60), pick(&state, 1000));
    fprintf(out, "devices:\n  per_user: %u\n  online: %u %%\n  heartbeat: %u s\n",
            1 + pick(&state, 3), pick(&state, 101), 10 + pick(&state, 900));
    write_classes(out, &state);
    fprintf(out, "mailbox:\n  documents: exponential(%u)\n  profile.mail_days: uniform(0, %u)\n",
            1 + pick(&state, 3000), 1 + pick(&state, 10));
    fprintf(out, "network:\n  uplink: %s\n  slow_start_restart: %s\n", CHOOSE(&state, uplinks),
            pick(&state, 2) == 0 ? "true" : "false");
    fprintf(out, "balancer:\n  max_connections: %u\n  hold_down: %u s\n  failback: %s\n",
            20 + pick(&state, 200), pick(&state, 2) * pick(&state, 500), CHOOSE(&state, failbacks));
    fprintf(out, "mail:\n  servers: %u\n  transactions: %u\n  desktop_users: %u\n",
            1 + pick(&state, 3), 1 + pick(&state, 40), pick(&state, 500));
    fprintf(out, "sync:\n  chunk:\n    items: %u\n  adaptive: {enabled: %s, most_urgent: %u}\n",
            1 + pick(&state, 200), pick(&state, 2) == 0 ? "true" : "false", pick(&state, 8));
    fprintf(out, "poison: {documents: %u, restart: %u s}\n", pick(&state, 3) * pick(&state, 2),
            1 + pick(&state, 300));
    write_servers(out, &state);
    write_timeline(out, &state);
    fclose(out);
    return text;
}

static void check_device(const struct device_record *d, double end_s)
{
    double sum_s = 0;
    for (int stage = 0; stage < DEVICE_N_STAGES; stage++) {
        assert_true(d->stage_s[stage] >= 0);
        sum_s += d->stage_s[stage];
    }
    assert_near(sum_s, d->total_s, 1e-9 * fmax(end_s, 1));
    assert_true(d->basic_s <= d->full_s);
    assert_true(isinf(d->basic_s) || isinf(d->erased_s) || d->erased_s <= d->basic_s);
    assert_true(d->blackout_s <= d->total_s + 1e-6);
    assert_true(d->items_done <= d->items);
    assert_true(isinf(d->full_s) || d->items_done == d->items);
    assert_true(d->refused + d->timeouts >= d->retries);
    assert_true(isinf(d->full_s) || d->connections >= 1);
}

static void check_series(const struct run_result *r)
{
    for (size_t row = 0; row < sim_series_n_rows(r->series); row++) {
        const double *const cell = sim_series_row(r->series, row);
        double sum = 0;
        for (int state = 0; state < DEVICE_N_STATES; state++) {
            assert_true(cell[state] >= 0); /* the first columns are the states */
            sum += cell[state];
        }
        assert_near(sum, r->n_devices, 0);
    }
}

static void test_the_books_balance_in_random_worlds(void **state)
{
    enum { N = 300 };
    unsigned n_complete = 0;
    unsigned n_gave_up = 0;
    (void)state;
    for (uint64_t seed = 0; seed < N; seed++) {
        struct scenario scenario;
        struct run_result r;
        struct sim_error e = {SIM_OK, ""};
        char *const yaml = random_scenario(seed);
        scenario_from_text(yaml, &scenario);
        const enum sim_err err = world_run(&scenario, 0, NULL, NULL, &r, &e);
        if (err == SIM_ELIMIT) {
            n_gave_up++; /* a storm without back-off; that it is noticed is what we want */
        } else if (err != SIM_OK) {
            fail_msg("world %llu: %s\n%s", (unsigned long long)seed, e.text, yaml);
        } else {
            n_complete += r.is_complete;
            for (uint32_t i = 0; i < r.n_devices; i++) {
                check_device(&r.device[i], r.end_s);
            }
            check_series(&r);
            run_result_fini(&r);
        }
        scenario_fini(&scenario);
        free(yaml);
    }
    print_message("%u of %d worlds came to an end before the horizon, %u gave up\n", n_complete, N,
                  n_gave_up);
    assert_in_range(n_complete, N / 5, N); /* else the worlds test nothing */
    assert_in_range(n_gave_up, 0, N / 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_books_balance_in_random_worlds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
