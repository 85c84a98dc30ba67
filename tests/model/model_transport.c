/* TCP as delays and caps: published figures, and a count round by round. */
#include "tests/support/check.h"

#include "models/transport.h"

static struct transport_config standard(void)
{
    return (struct transport_config){.mss_byte = 1460,
                                     .initial_window_segment = 3,
                                     .window_growth = 2,
                                     .segments_per_ack = 2,
                                     .slow_start_restart = true,
                                     .tcp_round_trips = 1,
                                     .tls_round_trips = 2,
                                     .syn_timeout_s = 3,
                                     .min_rto_s = 0.2,
                                     .wire_overhead = 1,
                                     .loss_law = LOSS_PFTK};
}

/* Mbit/s at RTT 100 ms, T0 = 200 ms; Mathis with b = 1 and 2, Padhye with b = 2, CUBIC. */
static void test_loss_caps(void **state)
{
    static const struct {
        double loss, mathis1, mathis2, pftk, cubic;
    } rows[] = {{1e-4, 14.3050, 10.1152, 10.1106, 21.8877},
                {1e-3, 4.5236, 3.1987, 3.1844, 4.5236},
                {1e-2, 1.4305, 1.0115, 0.9678, 1.4305},
                {0.05, 0.6397, 0.4524, 0.3639, 0.6397}};
    struct transport_config t = standard();
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        t.segments_per_ack = 1;
        t.loss_law = LOSS_MATHIS;
        assert_near(transport_loss_cap_bit_per_s(&t, 0.1, rows[i].loss), rows[i].mathis1 * 1e6, 60);
        t.segments_per_ack = 2;
        assert_near(transport_loss_cap_bit_per_s(&t, 0.1, rows[i].loss), rows[i].mathis2 * 1e6, 60);
        t.loss_law = LOSS_PFTK;
        assert_near(transport_loss_cap_bit_per_s(&t, 0.1, rows[i].loss), rows[i].pftk * 1e6, 60);
        t.loss_law = LOSS_CUBIC; /* the table's 1.0538 is 1.054 here: 2e-4 relative */
        assert_close(transport_loss_cap_bit_per_s(&t, 0.1, rows[i].loss), rows[i].cubic * 1e6,
                     3e-4);
        t.loss_law = LOSS_NONE;
        assert_true(isinf(transport_loss_cap_bit_per_s(&t, 0.1, rows[i].loss)));
    }
    t.loss_law = LOSS_PFTK;
    assert_true(isinf(transport_loss_cap_bit_per_s(&t, 0.1, 0)));
    assert_true(isinf(transport_loss_cap_bit_per_s(&t, 0, 0.01)));
}

/* 40-digit values of the closed form, for a file so long that the pipe fills. */
static void test_slow_start_of_long_files(void **state)
{
    static const struct {
        double w1, growth, rate, rtt_s, expected_s;
    } rows[] = {{3, 2, 2e6, 0.06, 0.064077584}, {3, 1.5, 2e6, 0.06, 0.097201392},
                {10, 2, 2e6, 0.06, 0.00074},    {3, 2, 2e6, 0.3, 0.94688635},
                {3, 1.5, 2e6, 0.3, 1.5366557},  {10, 2, 2e6, 0.3, 0.46667667},
                {10, 1.5, 2e6, 0.3, 0.72760696}};
    struct transport_config t = standard();
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        t.initial_window_segment = rows[i].w1;
        t.window_growth = rows[i].growth;
        assert_near(transport_slow_start_s(&t, rows[i].rtt_s, 5e6, rows[i].rate),
                    rows[i].expected_s, 5e-7);
    }
    assert_near(transport_slow_start_s(&t, 0, 5e6, 1e9), 0, 0); /* no round trip, no slow start */
}

/* Sends window by window, one a round trip, until the window fills the pipe. */
static double count_rounds_s(double segments, double w1, double pipe, double growth, double rtt_s)
{
    double window = w1;
    double sent = 0;
    double time_s = 0;
    while (window < pipe && sent + window < segments) {
        sent += window;
        time_s += rtt_s;
        window *= growth;
    }
    return time_s + (segments - sent) * rtt_s / pipe;
}

/* The smooth formula against the count: within a round trip everywhere, 0.2 in the mean. */
static void test_slow_start_against_a_count(void **state)
{
    static const double growths[] = {2, 1.5};
    static const double firsts[] = {3, 10};
    static const double pipes[] = {4, 10, 50, 200, 1000};
    static const double sizes[] = {5, 20, 100, 1000, 3425, 20000};
    const double rtt_s = 0.1;
    double sum = 0;
    int n = 0;
    (void)state;
    for (int g = 0; g < 2; g++) {
        for (int w = 0; w < 2; w++) {
            for (int p = 0; p < 5; p++) {
                for (int d = 0; d < 6; d++, n++) {
                    struct transport_config t = standard();
                    t.initial_window_segment = firsts[w];
                    t.window_growth = growths[g];
                    const double rate = pipes[p] * 8 * 1460 / rtt_s;
                    const double smooth_s =
                        transport_slow_start_s(&t, rtt_s, sizes[d] * 1460, rate) +
                        sizes[d] * rtt_s / pipes[p];
                    const double counted_s =
                        count_rounds_s(sizes[d], firsts[w], pipes[p], growths[g], rtt_s);
                    assert_near(smooth_s, counted_s, rtt_s);
                    sum += fabs(smooth_s - counted_s) / rtt_s;
                }
            }
        }
    }
    assert_true(sum / n < 0.2);
}

static void test_the_least_of_three_caps_counts(void **state)
{
    struct transport_config t = standard();
    (void)state;
    t.loss_law = LOSS_NONE;
    assert_int_equal(transport_cap_bit_per_s(&t, 1e6, 0.3, 65536, 0), 1000000);
    assert_int_equal(transport_cap_bit_per_s(&t, 1e9, 0.3, 65536, 0),
                     1747626); /* 64 KiB at 300 ms */
    t.loss_law = LOSS_MATHIS;
    t.segments_per_ack = 1;
    assert_int_equal(transport_cap_bit_per_s(&t, 1e9, 0.1, 1e9, 0.01), 1430502);
    t.wire_overhead = 1.1; /* window and loss limit payload, the line limits the wire */
    assert_int_equal(transport_cap_bit_per_s(&t, 1e9, 0.1, 1e9, 0.01), 1573552);
    assert_int_equal(transport_cap_bit_per_s(&t, 1e6, 0.1, 1e9, 0.01), 1000000);
    assert_int_equal(transport_cap_bit_per_s(&t, 0.001, 0.1, 1e9, 0), 1); /* never zero */
}

static void test_connect_without_loss_is_round_trips(void **state)
{
    const struct transport_config t = standard();
    struct sim_stream stream;
    (void)state;
    sim_stream_open(&stream, 1, 0, 0, 0, 0);
    assert_near(transport_connect_s(&t, 0.25, 0, &stream), 0.75, 1e-15);
}

/* A SYN or its answer is lost with q = 1 - (1 - p)^2; k losses cost 3 (2^k - 1) s, k at most five,
 * so the mean is 3 sum_{k<5} 2^k q^(k+1). */
static void test_lost_syns_cost_what_they_should(void **state)
{
    enum { N = 20000 };
    const struct transport_config t = standard();
    const double q = 1 - 0.9 * 0.9;
    double mean = 0;
    double square = 0;
    double expected_s = 0;
    (void)state;
    for (uint32_t i = 0; i < N; i++) {
        struct sim_stream stream;
        sim_stream_open(&stream, 5, i, 0, 0, 0);
        const double x = transport_connect_s(&t, 0, 0.1, &stream);
        mean += x / N;
        square += x * x / N;
    }
    for (int k = 0; k < 5; k++) {
        expected_s += 3 * pow(2, k) * pow(q, k + 1);
    }
    assert_near((mean - expected_s) / sqrt((square - mean * mean) / N), 0, 4); /* |z| < 4 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_loss_caps),
        cmocka_unit_test(test_slow_start_of_long_files),
        cmocka_unit_test(test_slow_start_against_a_count),
        cmocka_unit_test(test_the_least_of_three_caps_counts),
        cmocka_unit_test(test_connect_without_loss_is_round_trips),
        cmocka_unit_test(test_lost_syns_cost_what_they_should),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
