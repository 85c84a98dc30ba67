/* One device alone, every distribution a constant: its time is the sum of its stages, worked out by
 * hand from the scenario's figures and printed beside what the simulation says. */
#include "tests/support/check.h"
#include "tests/support/scenario_text.h"

#include "models/world.h"

#include <stdio.h>

/* Two batches of documents, three chunks of items, no interference: one user, no desktop users. The
 * balancer notices the failure within 10 ms, before the device reacts. */
static const char yaml[] = "schema: 1\n"
                           "users: 1\n"
                           "horizon: 1 h\n"
                           "devices:\n"
                           "  per_user: 1\n"
                           "  classes:\n"
                           "    only:\n"
                           "      share: 1\n"
                           "      rate: 1 Mbit/s\n"
                           "      rtt: 200 ms\n"
                           "      promotion: 2 s\n"
                           "      loss: 0\n"
                           "      receive_window: 1 MB\n"
                           "      reconnect_delay: 5 s\n"
                           "      erase_time: 3 s\n"
                           "mailbox:\n"
                           "  documents: 900\n"
                           "  received_per_day: 40\n"
                           "  today: 25 %\n"
                           "  mail_size: 8 kB\n"
                           "  contacts: 20\n"
                           "  calendar_entries: 30\n"
                           "balancer:\n"
                           "  check_interval: 10 ms\n"
                           "  fall: 1\n"
                           "mail:\n"
                           "  desktop_users: 0\n";

/* The same figures once more, for the hand calculation; the rest are defaults of the schema. */
static const double rtt_s = 0.2, rate_bit_per_s = 1e6, overhead = 1.0534, mss_byte = 1460;
static const double reads_per_s = 150, mail_cpu_s = 0.0005, commits_per_s = 450;
static const double items_in_chunk[3] = {100, 100, 50}; /* 200 mails, 20 contacts, 30 entries */
static const double bytes_in_chunk[3] = {100 * 8e3, 100 * 8e3, 20 * 1e3 + 30 * 2e3};

struct sum {
    const char *words;
    enum device_stage stage;
    double time_s;
};

/* Reads run one by one on the disk, then take their CPU time. */
static double mail_s(double reads)
{
    return reads / reads_per_s + reads * mail_cpu_s;
}

/* 250 items of 4000 bytes on pages of 4096; half of the documents, so half of the items, per batch
 * but for rounding: 500 of 900 documents are 138.9 items. */
static double prime_s(void)
{
    const double pages_first = ceil(250.0 * 500 / 900 * 4000 / 4096);
    const double pages_all = ceil(250.0 * 4000 / 4096);
    double total_s = mail_s(900 * 0.1 + 250);
    total_s += 900 * 0.001;
    total_s += (pages_first + (pages_all - pages_first)) / commits_per_s;
    return total_s;
}

/* Window growth by doubling from 3 segments until the pipe is full, or the chunk is sent. */
static double slow_start_s(double payload_byte)
{
    const double pipe = rate_bit_per_s / overhead * rtt_s / (8 * mss_byte);
    const double w = fmin(pipe, 3 + payload_byte / mss_byte);
    return w <= 3 ? 0 : rtt_s * (log(w / 3) / log(2) - (w - 3) / pipe);
}

static double transfer_s(int chunk)
{
    const double payload_byte = 0.7 * bytes_in_chunk[chunk];
    return slow_start_s(payload_byte) + 8 * payload_byte * overhead / rate_bit_per_s;
}

static double chunk_commits(int chunk)
{
    double items = 0;
    for (int i = 0; i < chunk; i++) {
        items += items_in_chunk[i];
    }
    return ceil((items + items_in_chunk[chunk]) * 700 / 4096) - ceil(items * 700 / 4096);
}

static double expected_sum(struct sum sums[], int *n)
{
    int k = 0;
    double total_s = 0;
    const double register_s = mail_s(1) + 0.005 + 2 / commits_per_s;
    /* The prime sync begins with the registration; the device hears of it, erases, asks. */
    const double prime_wait_s = prime_s() - (rtt_s / 2 + 3 + rtt_s / 2);
    sums[k++] = (struct sum){"reacts to the reset", STAGE_UNAWARE, 5};
    sums[k++] = (struct sum){"radio, TCP and TLS", STAGE_CONNECT, 2 + 3 * rtt_s};
    sums[k++] = (struct sum){"registration", STAGE_REGISTER, register_s};
    sums[k++] = (struct sum){"erases", STAGE_ERASE, 3};
    sums[k++] = (struct sum){"rest of the prime sync", STAGE_PRIME_RUN, prime_wait_s};
    for (int i = 0; i < 3; i++) {
        sums[k++] = (struct sum){"items read", STAGE_MAIL_SERVER, mail_s(items_in_chunk[i] * 0.1)};
        sums[k++] = (struct sum){"items converted", STAGE_SERVER_CPU, items_in_chunk[i] * 0.005};
        sums[k++] = (struct sum){"state written", STAGE_STATE_DB, chunk_commits(i) / commits_per_s};
        sums[k++] = (struct sum){"slow start and download", STAGE_TRANSFER, transfer_s(i)};
    }
    sums[k++] = (struct sum){"four exchanges", STAGE_ROUND_TRIP, 4 * rtt_s};
    for (int i = 0; i < k; i++) {
        printf("  %-26s %12.6f s\n", sums[i].words, sums[i].time_s);
        total_s += sums[i].time_s;
    }
    printf("  %-26s %12.6f s\n", "sum", total_s);
    *n = k;
    return total_s;
}

static void test_time_is_the_sum_of_the_stages(void **state)
{
    struct scenario scenario;
    struct run_result result;
    struct sim_error e = {SIM_OK, ""};
    struct sum sums[20];
    double by_stage_s[DEVICE_N_STAGES] = {0};
    int n;
    (void)state;

    scenario_from_text(yaml, &scenario);
    assert_int_equal(world_run(&scenario, 0, NULL, NULL, &result, &e), SIM_OK);
    const struct device_record *const d = &result.device[0];
    const double total_s = expected_sum(sums, &n);
    printf("  %-26s %12.6f s\n", "simulated", d->full_s);

    assert_near(d->full_s, total_s, 1e-9);
    assert_near(d->total_s, total_s, 1e-9);
    for (int i = 0; i < n; i++) {
        by_stage_s[sums[i].stage] += sums[i].time_s;
    }
    for (int stage = 0; stage < DEVICE_N_STAGES; stage++) {
        assert_near(d->stage_s[stage], by_stage_s[stage], 1e-9);
    }
    assert_int_equal(d->items, 250);
    assert_int_equal(d->retries, 0);
    assert_near(d->payload_byte, 0.7 * (200 * 8e3 + 20e3 + 60e3), 1e-6);
    run_result_fini(&result);
    scenario_fini(&scenario);
}

/* Ten mails are from today: they are in the first chunk. */
static void test_basic_comes_with_the_first_chunk(void **state)
{
    struct scenario scenario;
    struct run_result result;
    struct sim_error e = {SIM_OK, ""};
    (void)state;
    scenario_from_text(yaml, &scenario);
    assert_int_equal(world_run(&scenario, 0, NULL, NULL, &result, &e), SIM_OK);
    const struct device_record *const d = &result.device[0];
    double later_s = 2 * rtt_s; /* exchanges of the second and third chunk */
    for (int i = 1; i < 3; i++) {
        later_s += mail_s(items_in_chunk[i] * 0.1) + items_in_chunk[i] * 0.005 +
                   chunk_commits(i) / commits_per_s + transfer_s(i);
    }
    assert_near(d->full_s - d->basic_s, later_s, 1e-9);
    assert_near(d->blackout_s, d->basic_s - d->erased_s, 1e-9);
    assert_near(d->lost_s, 0, 0);
    run_result_fini(&result);
    scenario_fini(&scenario);
}

/* The server falls silent 0.2 s after the first chunk is asked for. */
static uint32_t timeouts_at(double horizon_s, double request_timeout_s)
{
    char text[2000];
    struct scenario scenario;
    struct run_result result;
    struct sim_error e = {SIM_OK, ""};
    snprintf(text, sizeof text,
             "%stimeline:\n  - {at: 0 s, do: fail host A, connections: reset}\n"
             "  - {at: 11 s, do: fail host B, connections: silent}\n",
             yaml);
    scenario_from_text(text, &scenario);
    scenario.horizon_s = horizon_s;
    scenario.devices.device_class[0].request_timeout_s = request_timeout_s;
    assert_int_equal(world_run(&scenario, 0, NULL, NULL, &result, &e), SIM_OK);
    const uint32_t n = result.device[0].timeouts;
    run_result_fini(&result);
    scenario_fini(&scenario);
    return n;
}

/* The registration was asked for 3.2 s earlier, and was answered: its deadline, which passes before, is none. */
static void test_a_deadline_is_of_the_last_request(void **state)
{
    const double timeout_s = 4.5, instant_s = 1e-6;
    const double register_s = mail_s(1) + 0.005 + 2 / commits_per_s;
    const double hello_s = 5 + 2 + 3 * rtt_s;
    const double chunk_s = hello_s + rtt_s + register_s + 3;
    (void)state;
    assert_true(hello_s + timeout_s > 11 && hello_s + timeout_s < chunk_s + timeout_s);
    assert_int_equal(timeouts_at(chunk_s + timeout_s - instant_s, timeout_s), 0);
    assert_int_equal(timeouts_at(chunk_s + timeout_s + instant_s, timeout_s), 1);
}

/* An hour later its user is reset: the list is made anew, and the device waits for it as the first time. */
static void test_a_list_that_is_dropped_is_waited_for_again(void **state)
{
    char text[2000];
    struct scenario scenario;
    struct run_result result;
    struct sim_error e = {SIM_OK, ""};
    (void)state;
    snprintf(text, sizeof text,
             "%stimeline:\n  - {at: 0 s, do: fail host A}\n"
             "  - {at: 30 min, do: on B tell traveler reset *}\n",
             yaml);
    scenario_from_text(text, &scenario);
    assert_int_equal(world_run(&scenario, 0, NULL, NULL, &result, &e), SIM_OK);
    const double prime_wait_s = prime_s() - (rtt_s / 2 + 3 + rtt_s / 2);
    assert_int_equal(result.device[0].losses, 2);
    assert_near(result.device[0].stage_s[STAGE_PRIME_RUN], 2 * prime_wait_s, 1e-9);
    run_result_fini(&result);
    scenario_fini(&scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_time_is_the_sum_of_the_stages),
        cmocka_unit_test(test_basic_comes_with_the_first_chunk),
        cmocka_unit_test(test_a_deadline_is_of_the_last_request),
        cmocka_unit_test(test_a_list_that_is_dropped_is_waited_for_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
