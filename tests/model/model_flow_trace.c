/* Traces of flows: against the recomputation of everything at every event, and worked out by hand. */
#include "models/flow_trace.h"
#include "sim/rng/stream.h"
#include "tests/support/alloc_fail.h"
#include "tests/support/check.h"
#include "tests/support/fluid_reference.h"

#include <stdbool.h>
#include <stdlib.h>

/* What a family of traces is made of. */
struct family {
    size_t n;
    int cases;
    int uncapped_one_in, cancel_one_in, rtt_one_in, empty_one_in; /* 0: none */
    int max_weight;
    int n_steps;
    double overhead, round_trips, epoch_s;
};

static double uniform(struct sim_stream *s, double low, double high)
{
    return low + (high - low) * sim_stream_uniform(s);
}

static bool one_in(struct sim_stream *s, int n)
{
    return n > 0 && sim_stream_uniform(s) * n < 1;
}

static void draw_flow(struct sim_stream *s, const struct family *f, struct trace_flow *flow)
{
    const double start_s = f->epoch_s + uniform(s, 0, 60);
    *flow = (struct trace_flow){
        .start_s = start_s,
        .size_byte = one_in(s, f->empty_one_in) ? 0 : floor(exp(uniform(s, log(1), log(1e6)))),
        .rtt_s = one_in(s, f->rtt_one_in) ? uniform(s, 0.01, 2) : 0,
        .cancel_s = one_in(s, f->cancel_one_in) ? start_s + uniform(s, 0, 200) : INFINITY,
        .cap_bit_per_s =
            one_in(s, f->uncapped_one_in) ? 0 : (uint64_t)exp(uniform(s, log(1000), log(200000))),
        .weight = (uint32_t)uniform(s, 1, f->max_weight + 1),
    };
}

/* Standstill, too, but never at the end. */
static void draw_steps(struct sim_stream *s, const struct family *f, struct trace_step *step)
{
    double time_s = f->epoch_s;
    for (int i = 0; i < f->n_steps; i++) {
        const bool stands_still = i > 0 && i < f->n_steps - 1 && one_in(s, 4);
        const double capacity = 30000.0 * (double)f->n * exp(uniform(s, -3, 0.7));
        step[i] = (struct trace_step){time_s, stands_still ? 0 : (uint64_t)capacity + 1};
        time_s += uniform(s, 1, 60);
    }
}

/* The same trace for the reference. It knows neither flows of nothing nor those cancelled before their first
 * bit: they wait until long after the end. */
static void translate(const struct trace_link *link, const struct trace_flow *flow, size_t n,
                      double first_s, struct reference_flow *reference)
{
    for (size_t i = 0; i < n; i++) {
        const double begin_s = flow[i].start_s - first_s + link->round_trips * flow[i].rtt_s;
        const bool takes_part = flow[i].size_byte > 0 && flow[i].cancel_s - first_s > begin_s;
        reference[i] = (struct reference_flow){
            .start_s = takes_part ? begin_s : 1e9,
            .amount = takes_part ? 8 * flow[i].size_byte * link->overhead : 1,
            .cap = (double)flow[i].cap_bit_per_s,
            .weight = flow[i].weight,
            .cancel_s = takes_part ? flow[i].cancel_s - first_s : HUGE_VAL,
        };
    }
}

static void check_flow(const struct trace_flow *f, const struct reference_flow *r, double first_s,
                       const struct trace_link *link)
{
    if (r->start_s == 1e9) {
        const double begin_s = f->start_s + link->round_trips * f->rtt_s;
        assert_int_equal(f->end, f->cancel_s > begin_s ? TRACE_FINISHED : TRACE_CANCELLED);
        assert_close(f->finish_s, f->end == TRACE_FINISHED ? begin_s : HUGE_VAL, 1e-15);
        assert_true(f->received_byte == 0);
    } else if (isnan(r->finish_s)) {
        assert_int_equal(f->end, TRACE_CANCELLED);
        assert_true(isinf(f->finish_s) && isinf(f->duration_s));
        assert_true(f->received_byte >= 0 && f->received_byte < f->size_byte);
    } else {
        assert_int_equal(f->end, TRACE_FINISHED);
        assert_close(f->finish_s, first_s + r->finish_s, 1e-9);
        assert_near(f->duration_s, r->finish_s - (f->start_s - first_s), 1e-9 * r->finish_s);
        assert_true(f->received_byte == f->size_byte);
    }
}

static void check_summary(const struct trace_flow *flow, size_t n, const struct trace_summary *s)
{
    double received_byte = 0;
    double total_s = 0;
    for (size_t i = 0; i < n; i++) {
        received_byte += flow[i].received_byte;
        total_s += flow[i].end == TRACE_FINISHED ? flow[i].duration_s : 0;
    }
    assert_int_equal(s->n_finished + s->n_cancelled + s->n_never, n);
    assert_close(s->received_byte, received_byte, 1e-12);
    assert_close(s->mean_duration_s, total_s / (double)s->n_finished, 1e-12);
    assert_true(s->saturated_share >= 0 && s->saturated_share <= 1 + 1e-12);
    assert_true(s->used_share >= 0 && s->used_share <= 1 + 1e-12);
}

static void run_family(const struct family *f)
{
    enum { MOST_STEPS = 16 };
    struct trace_flow *const flow = calloc(f->n, sizeof *flow);
    struct reference_flow *const reference = calloc(f->n, sizeof *reference);
    for (int i_case = 0; i_case < f->cases; i_case++) {
        struct trace_step step[MOST_STEPS];
        struct reference_capacity change[MOST_STEPS];
        struct sim_stream s;
        struct trace_summary summary;
        struct sim_error e;
        double first_s = HUGE_VAL;
        sim_stream_open(&s, 91, (uint32_t)i_case, 0, (uint16_t)f->n, 0);
        for (size_t i = 0; i < f->n; i++) {
            draw_flow(&s, f, &flow[i]);
            first_s = fmin(first_s, flow[i].start_s);
        }
        draw_steps(&s, f, step);
        const struct trace_link link = {step, (size_t)f->n_steps, f->overhead, f->round_trips};
        for (int i = 0; i < f->n_steps; i++) {
            change[i] =
                (struct reference_capacity){step[i].time_s - first_s, (double)step[i].bit_per_s};
        }
        translate(&link, flow, f->n, first_s, reference);
        reference_run(reference, f->n, change, (size_t)f->n_steps);
        assert_int_equal(flow_trace_run(&link, flow, f->n, &summary, &e), SIM_OK);
        for (size_t i = 0; i < f->n; i++) {
            check_flow(&flow[i], &reference[i], first_s, &link);
        }
        check_summary(flow, f->n, &summary);
    }
    free(flow);
    free(reference);
}

static void test_caps(void **state)
{
    (void)state;
    run_family(
        &(struct family){.n = 40, .cases = 100, .max_weight = 1, .n_steps = 1, .overhead = 1});
}

static void test_caps_weights_and_uncapped_flows(void **state)
{
    (void)state;
    run_family(&(struct family){.n = 50,
                                .cases = 100,
                                .uncapped_one_in = 4,
                                .max_weight = 9,
                                .n_steps = 1,
                                .overhead = 1.0457});
}

static void test_everything(void **state)
{
    (void)state;
    run_family(&(struct family){.n = 40,
                                .cases = 150,
                                .uncapped_one_in = 6,
                                .cancel_one_in = 3,
                                .rtt_one_in = 2,
                                .empty_one_in = 10,
                                .max_weight = 4,
                                .n_steps = 12,
                                .overhead = 1.0457,
                                .round_trips = 2.5});
}

static void test_epoch_seconds(void **state)
{
    (void)state;
    run_family(&(struct family){.n = 30,
                                .cases = 50,
                                .cancel_one_in = 4,
                                .rtt_one_in = 3,
                                .max_weight = 2,
                                .n_steps = 5,
                                .overhead = 1,
                                .round_trips = 1,
                                .epoch_s = 1.7e9});
}

static void test_many_flows(void **state)
{
    (void)state;
    run_family(&(struct family){
        .n = 700, .cases = 1, .cancel_one_in = 5, .max_weight = 2, .n_steps = 4, .overhead = 1});
}

/* ---- Short flows late: durations and rates keep their digits ---- */

/* Flows of some bytes on fast links, over a time in which the clock has no digits left for them. */
struct late {
    size_t n;
    double epoch_s, span_s, bit_per_s, cap_share, most_byte, rtt_s;
    bool has_stream; /* an endless one keeps the link busy from first to last */
};

static double relative_error(double value, double exact)
{
    return exact > 0 ? fabs(value - exact) / exact : fabs(value);
}

static void compare_late(const struct trace_flow *flow, const struct reference_flow *reference,
                         size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (flow[i].end == TRACE_FINISHED) {
            assert_true(relative_error(flow[i].duration_s, reference[i].duration_s) < 1e-9);
            assert_true(relative_error(flow[i].finish_s, reference[i].finish_s) < 1e-15);
        } else {
            assert_true(isnan(reference[i].finish_s));
        }
    }
}

static void run_late(const struct late *l)
{
    struct trace_flow *const flow = calloc(l->n, sizeof *flow);
    struct reference_flow *const reference = calloc(l->n, sizeof *reference);
    const struct trace_step step = {0, (uint64_t)l->bit_per_s};
    const struct trace_link link = {&step, 1, 1, 1};
    const struct reference_capacity change = {0, l->bit_per_s};
    struct trace_summary summary;
    struct sim_error e;
    struct sim_stream s;
    sim_stream_open(&s, 17, 0, 0, (uint16_t)l->n, 0);
    for (size_t i = 0; i < l->n; i++) {
        flow[i] = (struct trace_flow){
            /* in bursts of five, so that many share */
            .start_s = i % 5 == 0 ? l->epoch_s + floor(uniform(&s, 0, l->span_s * 1000)) / 1000
                                  : flow[i - 1].start_s,
            .size_byte = floor(exp(uniform(&s, 0, log(l->most_byte)))),
            .cap_bit_per_s = one_in(&s, 3) ? (uint64_t)(l->cap_share * l->bit_per_s) : 0,
            .cancel_s = INFINITY,
            .rtt_s = one_in(&s, 2) ? l->rtt_s : 0,
            .weight = 1 + (uint32_t)(i % 3)};
    }
    if (l->has_stream) {
        flow[0] = (struct trace_flow){.start_s = l->epoch_s,
                                      .size_byte = 1e15,
                                      .cap_bit_per_s = 1000,
                                      .weight = 1,
                                      .cancel_s = l->epoch_s + 2 * l->span_s};
    }
    for (size_t i = 0; i < l->n; i++) {
        reference[i] = (struct reference_flow){.start_s = flow[i].start_s,
                                               .delay_s = flow[i].rtt_s,
                                               .amount = 8 * flow[i].size_byte,
                                               .cap = (double)flow[i].cap_bit_per_s,
                                               .cancel_s = flow[i].cancel_s,
                                               .weight = flow[i].weight};
    }
    reference_run_quad(reference, l->n, &change, 1);
    assert_int_equal(flow_trace_run(&link, flow, l->n, &summary, &e), SIM_OK);
    compare_late(flow, reference, l->n);
    if (l->has_stream) {
        assert_close(flow[0].received_byte, 2 * l->span_s * 1000 / 8, 1e-9);
    }
    free(flow);
    free(reference);
}

static void test_durations_late(void **state)
{
    (void)state;
    const struct late late[] = {
        {200, 0, 1e6, 1e7, 0.3, 300, 0, false},
        {200, 1.7e9, 86400, 1e11, 0.01, 1e4, 0, false},
        {200, 1.7e9, 86400, 1e9, 0.3, 1e6, 1e-4, false},
        {200, 1.7e9, 86400, 1e9, 0.3, 1e5, 0, true},
        {200, 0, 1e6, 1e11, 0.1, 300, 0.013, true},
    };
    for (size_t i = 0; i < sizeof late / sizeof late[0]; i++) {
        run_late(&late[i]);
    }
}

/* ---- By hand ---- */

/* A link of 8 bit/s stands still from 2 s to 5 s. */
static void test_standing_still_by_hand(void **state)
{
    const struct trace_step step[] = {{0, 8}, {2, 0}, {5, 16}};
    const struct trace_link link = {step, 3, 1, 0};
    struct trace_flow flow[] = {
        {.start_s = 0, .size_byte = 3, .cancel_s = INFINITY, .weight = 1}, /* 1 byte of it each s */
        {.start_s = 1, .size_byte = 9, .cancel_s = 6, .weight = 1},        /* given up with 1.5 */
    };
    struct trace_summary s;
    struct sim_error e;
    (void)state;
    assert_int_equal(flow_trace_run(&link, flow, 2, &s, &e), SIM_OK);
    /* 0-1 s: 1 byte; 1-2 s: half each; 5-6 s: 1 byte each; then alone: 0.5 byte at 2 byte/s */
    assert_close(flow[0].finish_s, 6.25, 1e-14);
    assert_close(flow[1].received_byte, 1.5, 1e-14);
    assert_int_equal(flow[1].end, TRACE_CANCELLED);
    assert_close(s.makespan_s, 6.25, 1e-14);
    assert_close(s.saturated_share, 1, 1e-14); /* nobody is content while it stands still */
    assert_close(s.used_share, 3.25 / 6.25, 1e-14);
    assert_close(s.received_byte, 4.5, 1e-14);
}

static void test_a_link_that_stays_still(void **state)
{
    const struct trace_step step[] = {{0, 8}, {2, 0}};
    const struct trace_link link = {step, 2, 1, 0};
    struct trace_flow flow[] = {
        {.start_s = 0, .size_byte = 1, .cancel_s = INFINITY, .weight = 1},
        {.start_s = 0, .size_byte = 9, .cancel_s = INFINITY, .weight = 1},
        {.start_s = 3, .size_byte = 9, .cancel_s = INFINITY, .weight = 1},
        {.start_s = 3, .size_byte = 9, .cancel_s = 4, .weight = 1},
    };
    struct trace_summary s;
    struct sim_error e;
    (void)state;
    assert_int_equal(flow_trace_run(&link, flow, 4, &s, &e), SIM_OK);
    assert_close(flow[0].finish_s, 2, 1e-14); /* at the last moment */
    assert_int_equal(flow[1].end, TRACE_NEVER);
    assert_close(flow[1].received_byte, 1, 1e-14);
    assert_int_equal(flow[2].end, TRACE_NEVER);
    assert_true(flow[2].received_byte == 0 && isinf(flow[2].finish_s));
    assert_int_equal(flow[3].end, TRACE_CANCELLED);
    assert_int_equal(s.n_never, 2);
    assert_int_equal(s.n_finished, 1);
}

static void test_a_cancellation_at_the_end_is_too_late(void **state)
{
    const struct trace_step step[] = {{0, 8}};
    const struct trace_link link = {step, 1, 1, 2};
    struct trace_flow flow[] = {
        {.start_s = 0, .size_byte = 4, .cancel_s = 4, .weight = 1},
        {.start_s = 10, .size_byte = 1, .rtt_s = 1, .cancel_s = 11, .weight = 1}, /* before it */
        {.start_s = 20, .size_byte = 0, .rtt_s = 1, .cancel_s = INFINITY, .weight = 1},
    };
    struct trace_summary s;
    struct sim_error e;
    (void)state;
    assert_int_equal(flow_trace_run(&link, flow, 3, &s, &e), SIM_OK);
    assert_int_equal(flow[0].end, TRACE_FINISHED);
    assert_close(flow[0].finish_s, 4, 0);
    assert_int_equal(flow[1].end, TRACE_CANCELLED);
    assert_true(flow[1].received_byte == 0);
    assert_int_equal(flow[2].end, TRACE_FINISHED);
    assert_close(flow[2].duration_s, 2, 0);
    assert_close(s.makespan_s, 22, 0);
}

static void test_a_capacity_that_comes_too_late(void **state)
{
    const struct trace_step step[] = {{5, 8}};
    const struct trace_link link = {step, 1, 1, 0};
    struct trace_flow flow = {.start_s = 4.5, .size_byte = 4, .cancel_s = INFINITY, .weight = 1};
    struct trace_summary s;
    struct sim_error e;
    (void)state;
    assert_int_equal(flow_trace_run(&link, &flow, 1, &s, &e), SIM_EINVAL);
    assert_string_equal(e.text, "the capacity is known from 5 s on, but a flow starts at 4.5 s");
}

static void test_running_out_of_memory(void **state)
{
    const struct trace_step step[] = {{0, 100}, {1, 50}};
    const struct trace_link link = {step, 2, 1, 0};
    (void)state;
    for (unsigned n = 1; alloc_fail_begin(n); n++) {
        struct trace_flow flow[20];
        struct trace_summary s;
        struct sim_error e;
        for (int i = 0; i < 20; i++) {
            flow[i] = (struct trace_flow){
                .size_byte = i, .cancel_s = 10, .cap_bit_per_s = (uint64_t)i, .weight = 1};
        }
        const enum sim_err err = flow_trace_run(&link, flow, 20, &s, &e);
        if (!alloc_fail_end()) {
            assert_int_equal(err, SIM_OK);
            assert_true(n > 8);
            break;
        }
        assert_int_equal(err, SIM_ENOMEM);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_caps),
        cmocka_unit_test(test_caps_weights_and_uncapped_flows),
        cmocka_unit_test(test_everything),
        cmocka_unit_test(test_epoch_seconds),
        cmocka_unit_test(test_many_flows),
        cmocka_unit_test(test_durations_late),
        cmocka_unit_test(test_standing_still_by_hand),
        cmocka_unit_test(test_a_link_that_stays_still),
        cmocka_unit_test(test_a_cancellation_at_the_end_is_too_late),
        cmocka_unit_test(test_a_capacity_that_comes_too_late),
        cmocka_unit_test(test_running_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
