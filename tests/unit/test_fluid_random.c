/* Random cases of sharing against the recomputation of everything at every event. */
#include "tests/support/check.h"
#include "tests/support/fluid_driver.h"

#include <stdlib.h>
#include <string.h>

/* What a family of cases is made of. */
struct family {
    const char *name;
    size_t n;
    int cases;
    int n_caps;          /* distinct caps to choose from; 0: all different */
    int uncapped_one_in; /* 0: none */
    int max_weight;
    int cancel_one_in; /* 0: none */
    int n_changes;     /* of capacity */
    int late_classes;
};

static double uniform(struct sim_stream *s, double low, double high)
{
    return low + (high - low) * sim_stream_uniform(s);
}

static int one_in(struct sim_stream *s, int n)
{
    return n > 0 && sim_stream_uniform(s) * n < 1;
}

static double draw_cap(struct sim_stream *s, const struct family *f)
{
    if (one_in(s, f->uncapped_one_in)) {
        return 0;
    }
    return f->n_caps > 0 ? floor(uniform(s, 1, f->n_caps + 1)) * 1000
                         : floor(exp(uniform(s, log(100), log(20000))));
}

static void draw_flows(struct sim_stream *s, const struct family *f, struct reference_flow *flow)
{
    for (size_t i = 0; i < f->n; i++) {
        const double start_s = uniform(s, 0, 60);
        flow[i] = (struct reference_flow){
            .start_s = start_s,
            .amount = exp(uniform(s, log(10), log(1e6))),
            .cap = draw_cap(s, f),
            .weight = floor(uniform(s, 1, f->max_weight + 1)),
            .cancel_s = one_in(s, f->cancel_one_in) ? start_s + uniform(s, 0, 200) : HUGE_VAL,
        };
    }
}

/* A capacity that makes the border matter; changes include standstill, but never at the end. */
static void draw_capacity(struct sim_stream *s, const struct family *f,
                          struct reference_capacity *change)
{
    const double total = 3000.0 * (double)f->n;
    double time_s = 0;
    for (int i = 0; i <= f->n_changes; i++) {
        const int stands_still = i > 0 && i < f->n_changes && one_in(s, 4);
        change[i].time_s = time_s;
        change[i].capacity = stands_still ? 0 : floor(total * exp(uniform(s, -3, 0.7))) + 1;
        time_s += uniform(s, 1, 60);
    }
}

static void compare(const struct family *f, const struct reference_flow *expected,
                    const struct reference_flow *found, int i_case)
{
    for (size_t i = 0; i < f->n; i++) {
        const double a = expected[i].finish_s;
        const double b = found[i].finish_s;
        /* A cancellation within rounding of the end may fall on either side of it. */
        const int at_the_end =
            isnan(a) != isnan(b) &&
            fabs(expected[i].cancel_s - (isnan(a) ? b : a)) < 1e-9 * expected[i].cancel_s;
        if (!(isnan(a) && isnan(b)) && !at_the_end && !(fabs(a - b) <= 1e-10 * a)) {
            fail_msg("%s, case %d, flow %zu: expected %.17g, found %.17g", f->name, i_case, i, a,
                     b);
        }
    }
}

/* Each solver alone, all in turns, and what the resource chooses itself; with a class for each flow, and
 * with as few as there are kinds of flows. */
static const struct driver_options ways[] = {
    {.solver = SIM_FLUID_GROUPS},
    {.solver = SIM_FLUID_KINETIC},
    {.alternates = 1},
    {.solver = SIM_FLUID_AUTOMATIC},
    {.solver = SIM_FLUID_GROUPS, .merges = 1},
    {.solver = SIM_FLUID_KINETIC, .merges = 1},
    {.alternates = 1, .merges = 1},
    {.solver = SIM_FLUID_AUTOMATIC, .merges = 1},
};

enum { N_WAYS = sizeof ways / sizeof ways[0] };

static void run_family(const struct family *f)
{
    struct reference_flow *const expected = calloc(f->n, sizeof *expected);
    struct reference_flow *const found = calloc(f->n, sizeof *found);
    struct reference_capacity change[16];
    for (int i = 0; i < f->cases; i++) {
        struct sim_stream s;
        sim_stream_open(&s, 77, (uint32_t)i, 0, (uint16_t)f->n, 0);
        draw_flows(&s, f, expected);
        draw_capacity(&s, f, change);
        memcpy(found, expected, f->n * sizeof *found);
        reference_run(expected, f->n, change, (size_t)f->n_changes + 1);
        for (int way = 0; way < N_WAYS; way++) {
            struct driver_options options = ways[way];
            double gap;
            options.late_classes = f->late_classes;
            driver_run(found, f->n, change, (size_t)f->n_changes + 1, options, &gap);
            assert_true(gap < 1e-9);
            compare(f, expected, found, i);
        }
    }
    free(expected);
    free(found);
}

static void test_distinct_caps(void **state)
{
    const struct family f = {.name = "distinct", .n = 40, .cases = 150, .max_weight = 1};
    (void)state;
    run_family(&f);
}

static void test_equal_caps(void **state)
{
    const struct family f = {.name = "equal", .n = 40, .cases = 100, .n_caps = 1, .max_weight = 1};
    (void)state;
    run_family(&f);
}

/* Up to four kinds of flows: the scan. */
static void test_few_kinds(void **state)
{
    const struct family one = {
        .name = "one kind", .n = 40, .cases = 60, .n_caps = 1, .max_weight = 1};
    const struct family four = {
        .name = "four kinds", .n = 40, .cases = 150, .n_caps = 4, .max_weight = 1};
    const struct family changing = {.name = "changing",
                                    .n = 40,
                                    .cases = 60,
                                    .n_caps = 3,
                                    .uncapped_one_in = 5,
                                    .max_weight = 1,
                                    .cancel_one_in = 4,
                                    .n_changes = 8};
    (void)state;
    run_family(&one);
    run_family(&four);
    run_family(&changing);
}

static void test_few_caps_and_weights(void **state)
{
    const struct family f = {
        .name = "weights", .n = 50, .cases = 150, .n_caps = 4, .max_weight = 5};
    (void)state;
    run_family(&f);
}

static void test_uncapped_flows_among_others(void **state)
{
    const struct family f = {
        .name = "uncapped", .n = 30, .cases = 150, .uncapped_one_in = 3, .max_weight = 3};
    (void)state;
    run_family(&f);
}

static void test_cancellations(void **state)
{
    const struct family f = {.name = "cancel",
                             .n = 40,
                             .cases = 150,
                             .n_caps = 6,
                             .uncapped_one_in = 8,
                             .max_weight = 3,
                             .cancel_one_in = 3};
    (void)state;
    run_family(&f);
}

static void test_changing_capacity(void **state)
{
    const struct family f = {.name = "capacity",
                             .n = 30,
                             .cases = 150,
                             .uncapped_one_in = 6,
                             .max_weight = 2,
                             .n_changes = 10};
    (void)state;
    run_family(&f);
}

static void test_classes_made_on_the_way(void **state)
{
    const struct family f = {.name = "late",
                             .n = 30,
                             .cases = 150,
                             .uncapped_one_in = 6,
                             .max_weight = 3,
                             .cancel_one_in = 5,
                             .n_changes = 5,
                             .late_classes = 1};
    (void)state;
    run_family(&f);
}

static void test_few_flows(void **state)
{
    (void)state;
    for (size_t n = 1; n <= 6; n++) {
        const struct family f = {.name = "few",
                                 .n = n,
                                 .cases = 200,
                                 .uncapped_one_in = 4,
                                 .max_weight = 3,
                                 .cancel_one_in = 4,
                                 .n_changes = 3};
        run_family(&f);
    }
}

static void test_many_flows(void **state)
{
    const struct family f = {.name = "many", .n = 700, .cases = 1, .max_weight = 2};
    (void)state;
    run_family(&f);
}

/* Long flows of nearly equal caps that just fill the capacity, and a fat one that comes and goes: all of
 * them cross the border each time. */
static void test_adversary(void **state)
{
    enum { LONG = 120, SHORT = 60, N = LONG + SHORT };
    static struct reference_flow expected[N];
    static struct reference_flow found[N];
    const struct reference_capacity change[] = {{0, 1.2e8}};
    (void)state;
    for (int i = 0; i < N; i++) {
        expected[i] =
            i < LONG ? (struct reference_flow){0, 1e6 * (40 + i), 1e6 - i, 1, HUGE_VAL, 0, 0, 0}
                     : (struct reference_flow){1 + (i - LONG) * 0.5, 1e3, 0, 1, HUGE_VAL, 0, 0, 0};
    }
    memcpy(found, expected, sizeof found);
    reference_run(expected, N, change, 1);
    for (int way = 0; way < N_WAYS; way++) {
        driver_run(found, N, change, 1, ways[way], NULL);
        for (int i = 0; i < N; i++) {
            assert_close(found[i].finish_s, expected[i].finish_s, 1e-10);
        }
    }
}

/* More capacity never makes the last of a batch that starts at once later. */
static void test_more_capacity_is_never_worse(void **state)
{
    enum { N = 30 };
    (void)state;
    for (uint32_t i_case = 0; i_case < 100; i_case++) {
        struct reference_flow flow[N];
        struct sim_stream s;
        double previous_s = HUGE_VAL;
        sim_stream_open(&s, 78, i_case, 0, 0, 0);
        for (int i = 0; i < N; i++) {
            flow[i] = (struct reference_flow){0,
                                              uniform(&s, 1, 1e5),
                                              floor(uniform(&s, 1, 5000)),
                                              floor(uniform(&s, 1, 4)),
                                              HUGE_VAL,
                                              0,
                                              0,
                                              0};
        }
        for (double capacity = 1000; capacity < 2e5; capacity *= 1.7) {
            const struct reference_capacity change[] = {{0, floor(capacity)}};
            double last_s = 0;
            driver_run(flow, N, change, 1, ways[i_case % N_WAYS], NULL);
            for (int i = 0; i < N; i++) {
                last_s = fmax(last_s, flow[i].finish_s);
            }
            assert_true(last_s <= previous_s * (1 + 1e-12));
            previous_s = last_s;
        }
    }
}

/* Too many for the recomputation: the kinetic tree, a class for each flow, against what keeps flows or classes in
 * queues. */
static void run_thousands(const struct family *f, struct driver_options options)
{
    struct reference_flow *const expected = calloc(f->n, sizeof *expected);
    struct reference_flow *const found = calloc(f->n, sizeof *found);
    const struct driver_options tree = {.solver = SIM_FLUID_KINETIC};
    struct reference_capacity change[16];
    struct sim_stream s;
    double gap;
    sim_stream_open(&s, 78, 0, 0, 0, 0);
    draw_flows(&s, f, expected);
    draw_capacity(&s, f, change);
    memcpy(found, expected, f->n * sizeof *found);
    driver_run(expected, f->n, change, (size_t)f->n_changes + 1, tree, &gap);
    assert_true(gap < 1e-9);
    driver_run(found, f->n, change, (size_t)f->n_changes + 1, options, &gap);
    assert_true(gap < 1e-9);
    compare(f, expected, found, 0);
    free(expected);
    free(found);
}

static void test_thousands(void **state)
{
    const struct family classes = {.name = "thousands of classes",
                                   .n = 6000,
                                   .max_weight = 2,
                                   .cancel_one_in = 5,
                                   .n_changes = 3};
    const struct family flows = {.name = "thousands in a class",
                                 .n = 6000,
                                 .n_caps = 2,
                                 .max_weight = 1,
                                 .cancel_one_in = 5,
                                 .n_changes = 3};
    (void)state;
    run_thousands(&classes, (struct driver_options){.solver = SIM_FLUID_GROUPS});
    run_thousands(&flows, (struct driver_options){.solver = SIM_FLUID_SCAN, .merges = 1});
    run_thousands(&flows, (struct driver_options){.solver = SIM_FLUID_GROUPS, .merges = 1});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_distinct_caps),
        cmocka_unit_test(test_equal_caps),
        cmocka_unit_test(test_few_kinds),
        cmocka_unit_test(test_few_caps_and_weights),
        cmocka_unit_test(test_uncapped_flows_among_others),
        cmocka_unit_test(test_cancellations),
        cmocka_unit_test(test_changing_capacity),
        cmocka_unit_test(test_classes_made_on_the_way),
        cmocka_unit_test(test_few_flows),
        cmocka_unit_test(test_many_flows),
        cmocka_unit_test(test_adversary),
        cmocka_unit_test(test_more_capacity_is_never_worse),
        cmocka_unit_test(test_thousands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
