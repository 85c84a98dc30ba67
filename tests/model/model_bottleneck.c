/* N equal devices and one slow resource at a time: the makespan is that resource's closed form.
 * Everything else costs nothing, so the equality is exact but for rounding. */
#include "tests/support/check.h"
#include "tests/support/scenario_text.h"

#include "models/world.h"

#include <stdio.h>
#include <string.h>

/* 64 users with a device each; all delays, demands and sizes zero or next to it: an item is one
 * byte. */
static const char base[] =
    "schema: 1\n"
    "users: 64\n"
    "horizon: 100 h\n"
    "series_step: 1 min\n"
    "devices:\n"
    "  per_user: 1\n"
    "  heartbeat: 24 h\n"
    "  classes:\n"
    "    only: {share: 1, rate: %s, rtt: 0 s, promotion: 0 s, loss: 0, receive_window: 1 GB,\n"
    "           reconnect_delay: 1 s, erase_time: 0 s, request_timeout: 24 h}\n"
    "mailbox: {documents: 100, received_per_day: 20, mail_size: %s, contacts: 0,\n"
    "          calendar_entries: 0, profile.body_limit: 1 GB}\n"
    "network: {uplink: %s, wire_overhead: 1}\n"
    "balancer: {check_interval: 10 ms, fall: 1}\n"
    "mail: {servers: 2, desktop_users: 0, probe_interval: 24 h, disk_iops: %s, stream_iops: 150 "
    "/s,\n"
    "       transactions: %d, cores: %d, cpu_per_read: %s}\n"
    "sync:\n"
    "  registration: {reads: 0, cpu: 0 s, commits: 0}\n"
    "  prime: {batch: 100, reads_per_document: 0, reads_per_item: %s, cpu_per_document: %s,\n"
    "          state_per_item: %s}\n"
    "  chunk: {items: 100, reads_per_item: 0, cpu_per_item: %s, state_per_item: 0 byte,\n"
    "          protocol_factor: 1}\n"
    "servers:\n"
    "  A:\n"
    "  B: {http_threads: %d, http_backlog: 1000, prime_workers: %d, device_workers: %d, cores: "
    "%d,\n"
    "      heap: %s, heap_per_sync: 2 MB, gc_threshold: 100 %%, state_db.iops: 100 /s,\n"
    "      state_db.group: %d}\n";

/* The knobs; what is left out is out of the way. */
struct knobs {
    const char *rate, *mail_size, *uplink, *disk_iops, *mail_cpu_per_read;
    const char *reads_per_item, *cpu_per_document, *state_per_item, *cpu_per_item, *heap;
    int transactions, mail_cores, threads, prime_workers, device_workers, cores, group;
};

static const char *text_or(const char *text, const char *otherwise)
{
    return text != NULL ? text : otherwise;
}

static int number_or(int number, int otherwise)
{
    return number > 0 ? number : otherwise;
}

/* The first second is the reaction to the reset. */
static double makespan_s(const struct knobs *k)
{
    char yaml[4096];
    struct scenario scenario;
    struct run_result result;
    struct sim_error e = {SIM_OK, ""};
    double last_s = 0;

    snprintf(yaml, sizeof yaml, base, text_or(k->rate, "10 Gbit/s"),
             text_or(k->mail_size, "0.00001 byte"), text_or(k->uplink, "100 Gbit/s"),
             text_or(k->disk_iops, "1000000 /s"), number_or(k->transactions, 1000),
             number_or(k->mail_cores, 64), text_or(k->mail_cpu_per_read, "0 s"),
             text_or(k->reads_per_item, "0"), text_or(k->cpu_per_document, "0 s"),
             text_or(k->state_per_item, "0 byte"), text_or(k->cpu_per_item, "0 s"),
             number_or(k->threads, 1000), number_or(k->prime_workers, 1000),
             number_or(k->device_workers, 1000), number_or(k->cores, 64), text_or(k->heap, "1 GB"),
             number_or(k->group, 1));
    scenario_from_text(yaml, &scenario);
    if (world_run(&scenario, 0, NULL, NULL, &result, &e) != SIM_OK) {
        fail_msg("%s", e.text);
    }
    assert_true(result.is_complete);
    for (uint32_t i = 0; i < result.n_devices; i++) {
        assert_int_equal(result.device[i].items, 100);
        last_s = fmax(last_s, result.device[i].full_s);
    }
    run_result_fini(&result);
    scenario_fini(&scenario);
    return last_s - 1;
}

/* The bytes of an item that is out of the way take some 1e-8 s altogether. */
static const double precision = 1e-7;

static void test_uplink(void **state)
{
    const struct knobs k = {.mail_size = "10 kB", .uplink = "100 Mbit/s"};
    (void)state;
    assert_near(makespan_s(&k), 64 * 100 * 8e4 / 1e8, precision); /* 5.12 s */
}

static void test_own_line(void **state)
{
    const struct knobs k = {.mail_size = "10 kB", .rate = "200 kbit/s"};
    (void)state;
    assert_near(makespan_s(&k), 100 * 8e4 / 2e5, precision); /* 40 s, all side by side */
}

static void test_cpu_of_prime_syncs(void **state)
{
    const struct knobs k = {.cpu_per_document = "10 ms", .cores = 4};
    (void)state;
    assert_near(makespan_s(&k), 64 * 100 * 0.01 / 4, precision); /* 16 s */
}

static void test_cpu_of_chunks(void **state)
{
    const struct knobs k = {.cpu_per_item = "10 ms", .cores = 4};
    (void)state;
    assert_near(makespan_s(&k), 64 * 100 * 0.01 / 4, precision);
}

static void test_prime_workers(void **state)
{
    const struct knobs k = {.cpu_per_document = "10 ms", .prime_workers = 10};
    (void)state;
    assert_near(makespan_s(&k), ceil(64 / 10.0) * 1, precision); /* 7 rounds of a second */
}

static void test_device_workers(void **state)
{
    const struct knobs k = {.cpu_per_item = "10 ms", .device_workers = 9};
    (void)state;
    assert_near(makespan_s(&k), ceil(64 / 9.0) * 1, precision); /* 8 rounds */
}

static void test_http_threads(void **state)
{
    const struct knobs k = {.cpu_per_item = "10 ms", .threads = 12};
    (void)state;
    assert_near(makespan_s(&k), ceil(64 / 12.0) * 1, precision); /* 6 rounds */
}

static void test_heap(void **state)
{
    const struct knobs k = {.cpu_per_item = "10 ms", .heap = "14 MB"}; /* seven syncs at once */
    (void)state;
    assert_near(makespan_s(&k), ceil(64 / 7.0) * 1, precision); /* 10 rounds */
}

static void test_state_database(void **state)
{
    const struct knobs alone = {.state_per_item = "4096 byte"};
    const struct knobs grouped = {.state_per_item = "4096 byte", .group = 4};
    (void)state;
    assert_near(makespan_s(&alone), 64 * 100 / 100.0, precision); /* 64 s */
    /* The first I/O begins with the first job and carries its commit alone; all others are full. */
    assert_near(makespan_s(&grouped), (1 + ceil((6400 - 1) / 4.0)) / 100, precision);
}

static void test_mail_disk(void **state)
{
    const struct knobs k = {.reads_per_item = "3", .disk_iops = "600 /s"};
    (void)state;
    assert_near(makespan_s(&k), 32 * 300 / 600.0, precision); /* 16 s on each of two servers */
}

static void test_mail_transactions(void **state)
{
    const struct knobs k = {.reads_per_item = "3", .transactions = 5};
    (void)state;
    assert_near(makespan_s(&k), ceil(32 / 5.0) * 300 / 150, precision); /* 7 rounds of 2 s */
}

static void test_mail_cpu(void **state)
{
    /* All reads end together after 2 s; then 32 transactions share two cores. */
    const struct knobs k = {.reads_per_item = "3", .mail_cpu_per_read = "5 ms", .mail_cores = 2};
    (void)state;
    assert_near(makespan_s(&k), 300 / 150.0 + 32 * 300 * 0.005 / 2, precision);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_uplink),
        cmocka_unit_test(test_own_line),
        cmocka_unit_test(test_cpu_of_prime_syncs),
        cmocka_unit_test(test_cpu_of_chunks),
        cmocka_unit_test(test_prime_workers),
        cmocka_unit_test(test_device_workers),
        cmocka_unit_test(test_http_threads),
        cmocka_unit_test(test_heap),
        cmocka_unit_test(test_state_database),
        cmocka_unit_test(test_mail_disk),
        cmocka_unit_test(test_mail_transactions),
        cmocka_unit_test(test_mail_cpu),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
