/* Sharing: cases worked out by hand, properties, and what callbacks may do. */
#include "tests/support/alloc_fail.h"
#include "tests/support/check.h"
#include "tests/support/fluid_driver.h"

#include "sim/core/sim.h"
#include "sim/res/fluid.h"

static const double exact = 1e-12;
static enum sim_fluid_solver solver; /* all tests are run with each */

static void run(struct reference_flow *flow, size_t n, double capacity)
{
    const struct reference_capacity change[] = {{0, capacity}};
    for (size_t i = 0; i < n; i++) {
        flow[i].cancel_s = HUGE_VAL;
        flow[i].weight = flow[i].weight > 0 ? flow[i].weight : 1;
    }
    double gap;
    driver_run(flow, n, change, 1, (struct driver_options){.solver = solver}, &gap);
    assert_true(gap < 1e-12);
}

/* t_k = (s_1 + ... + s_k + (n - k) s_k)/C for sizes in ascending order. */
static void test_storm_without_caps(void **state)
{
    struct reference_flow flow[10] = {{0}};
    double mean_s = 0;
    (void)state;
    for (int i = 0; i < 10; i++) {
        flow[i].amount = i + 1;
    }
    run(flow, 10, 1);
    for (int i = 0; i < 10; i++) {
        mean_s += flow[i].finish_s / 10;
    }
    assert_close(flow[0].finish_s, 10, exact);
    assert_close(flow[4].finish_s, 40, exact);
    assert_close(flow[8].finish_s, 54, exact);
    assert_close(flow[9].finish_s, 55, exact);
    assert_close(mean_s, 38.5, exact);
}

/* C = 10: flow 3 gets 5 until t = 3, has 9 left, then 8. */
static void test_capped_case_a(void **state)
{
    struct reference_flow flow[] = {
        {.amount = 10, .cap = 1}, {.amount = 12, .cap = 4}, {.amount = 24, .cap = 8}};
    (void)state;
    run(flow, 3, 10);
    assert_close(flow[0].finish_s, 10, exact);
    assert_close(flow[1].finish_s, 3, exact);
    assert_close(flow[2].finish_s, 33.0 / 8, exact);
}

static void test_capped_case_b(void **state)
{
    struct reference_flow flow[] = {{.amount = 10, .cap = 1},
                                    {.amount = 12, .cap = 4},
                                    {.amount = 24, .cap = 8},
                                    {.start_s = 1, .amount = 5, .cap = 5},
                                    {.start_s = 2, .amount = 3, .cap = 10}};
    (void)state;
    run(flow, 5, 10);
    assert_close(flow[0].finish_s, 10, exact);
    assert_close(flow[1].finish_s, 67.0 / 18, exact);
    assert_close(flow[2].finish_s, 725.0 / 144, exact);
    assert_close(flow[3].finish_s, 26.0 / 9, exact);
    assert_close(flow[4].finish_s, 29.0 / 9, exact);
}

static void test_capped_case_c(void **state)
{
    static const double expected_s[] = {6,          9.0 / 2,    43.0 / 9, 154.0 / 27,
                                        317.0 / 45, 149.0 / 18, 55.0 / 6, 233.0 / 24};
    struct reference_flow flow[8] = {{0}};
    (void)state;
    for (int k = 0; k < 8; k++) {
        flow[k].start_s = k;
        flow[k].amount = 60 + 10 * k;
        flow[k].cap = 10 * (k + 1);
    }
    run(flow, 8, 100);
    for (int k = 0; k < 8; k++) {
        assert_close(flow[k].finish_s, expected_s[k], exact);
    }
}

static void test_weights_case_d(void **state)
{
    struct reference_flow flow[] = {{.amount = 12, .cap = 12, .weight = 1},
                                    {.amount = 12, .cap = 12, .weight = 2},
                                    {.amount = 12, .cap = 4, .weight = 3}};
    (void)state;
    run(flow, 3, 12);
    assert_close(flow[0].finish_s, 3, exact);
    assert_close(flow[1].finish_s, 9.0 / 4, exact);
    assert_close(flow[2].finish_s, 3, exact);
}

/* ---- One resource, looked at ---- */

struct fixture {
    struct sim *sim;
    struct sim_fluid *fluid;
    struct sim_handle handle[8];
    uint32_t class_id[8];
    double end_s[8];
    int n_ends, n_changes;
};

static void set_up(struct fixture *f, uint64_t capacity)
{
    *f = (struct fixture){0};
    assert_int_equal(sim_create(1, 0, &f->sim), SIM_OK);
    assert_int_equal(sim_fluid_create(f->sim, capacity, &f->fluid), SIM_OK);
    sim_fluid_use(f->fluid, solver);
}

static void tear_down(struct fixture *f)
{
    sim_fluid_destroy(f->fluid);
    sim_destroy(f->sim);
}

static void on_end(void *self, uint64_t i)
{
    struct fixture *const f = self;
    f->end_s[i] = sim_now(f->sim);
    f->n_ends++;
}

static void start(struct fixture *f, uint32_t i, uint64_t cap, uint32_t weight, double amount)
{
    assert_int_equal(sim_fluid_add_class(f->fluid, cap, weight, &f->class_id[i]), SIM_OK);
    sim_fluid_start(f->fluid, f->class_id[i], amount, (struct sim_call){on_end, f, i},
                    &f->handle[i]);
}

static double rate(const struct fixture *f, int i)
{
    return sim_fluid_rate(f->fluid, f->handle[i]);
}

static void test_rates_and_level(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f, 100);
    assert_true(isinf(sim_fluid_level(f.fluid)));
    start(&f, 0, 10, 1, 1e6);
    start(&f, 1, 200, 1, 1e6);
    start(&f, 2, SIM_FLUID_UNCAPPED, 2, 1e6);
    assert_close(sim_fluid_level(f.fluid), 30, exact);
    assert_close(rate(&f, 0), 10, exact);
    assert_close(rate(&f, 1), 30, exact);
    assert_close(rate(&f, 2), 60, exact);
    sim_fluid_set_capacity(f.fluid,
                           1000); /* flow 1 reaches its cap, the uncapped one takes the rest */
    assert_close(rate(&f, 0) + rate(&f, 1) + rate(&f, 2), 1000, exact);
    assert_close(rate(&f, 1), 200, exact);
    assert_true(sim_fluid_cancel(f.fluid, &f.handle[2]));
    assert_close(rate(&f, 2), 0, 0);
    assert_true(isinf(sim_fluid_level(f.fluid))); /* all capped */
    assert_false(sim_fluid_cancel(f.fluid, &f.handle[2]));
    tear_down(&f);
}

static void test_standstill(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f, 0);
    start(&f, 0, 5, 1, 10);
    start(&f, 1, SIM_FLUID_UNCAPPED, 1, 10);
    assert_int_equal(sim_run(f.sim, 100), SIM_OK);
    assert_int_equal(f.n_ends, 0);
    assert_close(rate(&f, 0), 0, 0);
    sim_fluid_set_capacity(f.fluid, 10);
    assert_int_equal(sim_run(f.sim, HUGE_VAL), SIM_OK);
    assert_close(f.end_s[0], 102, exact);
    assert_close(f.end_s[1], 102, exact);
    tear_down(&f);
}

static void test_averages_by_hand(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f, 10);
    start(&f, 0, 4, 1, 40); /* alone: 4 of 10 for 10 s */
    assert_int_equal(sim_run(f.sim, 5), SIM_OK);
    start(&f, 1, 8, 1, 30); /* from 5 to 10: 4 + 6, saturated; then 8 a second from 10 on */
    assert_close(sim_fluid_left(f.fluid, f.handle[0]), 20, exact);
    assert_int_equal(sim_run(f.sim, 20), SIM_OK);
    const struct sim_fluid_stats *const s = sim_fluid_stats(f.fluid);
    assert_close(f.end_s[0], 10, exact);
    assert_close(f.end_s[1], 10, exact); /* 5 s at 6 */
    assert_close(sim_timeavg_area(&s->used, 20), 5 * 0.4 + 5 * 1.0, exact);
    assert_close(sim_timeavg_area(&s->saturated, 20), 5, exact);
    assert_close(sim_timeavg_area(&s->active, 20), 5 + 10, exact);
    assert_close(s->served, 70, exact);
    assert_int_equal(s->started, 2);
    assert_int_equal(s->finished, 2);
    tear_down(&f);
}

/* A flow that has all it wants ends, even if the capacity is taken away at that very moment. */
static void test_capacity_that_ends_with_a_flow(void **state)
{
    struct reference_flow flow[] = {{.amount = 10, .weight = 1, .cancel_s = HUGE_VAL}};
    const struct reference_capacity change[] = {{0, 10}, {1, 0}};
    double gap;
    (void)state;
    driver_run(flow, 1, change, 2, (struct driver_options){.solver = solver}, &gap);
    assert_close(flow[0].finish_s, 1, exact);
}

static void test_infinite_background_flow(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f, 10);
    start(&f, 0, 6, 1000000, HUGE_VAL); /* as good as always served */
    start(&f, 1, SIM_FLUID_UNCAPPED, 1, 8);
    assert_close(rate(&f, 0), 6, exact);
    assert_int_equal(sim_run(f.sim, HUGE_VAL), SIM_OK);
    assert_close(f.end_s[1], 2, exact);
    assert_true(sim_fluid_conservation_gap(f.fluid) < exact);
    assert_true(sim_fluid_cancel(f.fluid, &f.handle[0]));
    assert_true(sim_fluid_conservation_gap(f.fluid) < exact);
    tear_down(&f);
}

static void on_end_start_another(void *self, uint64_t i)
{
    struct fixture *const f = self;
    on_end(self, i);
    if (i < 3) {
        sim_fluid_start(f->fluid, f->class_id[0], 10,
                        (struct sim_call){on_end_start_another, f, i + 1}, NULL);
    }
}

static void test_callbacks_may_start_flows(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f, 10);
    assert_int_equal(sim_fluid_add_class(f.fluid, 5, 1, &f.class_id[0]), SIM_OK);
    sim_fluid_start(f.fluid, f.class_id[0], 10, (struct sim_call){on_end_start_another, &f, 0},
                    NULL);
    assert_int_equal(sim_run(f.sim, HUGE_VAL), SIM_OK);
    for (int i = 0; i < 4; i++) {
        assert_close(f.end_s[i], 2.0 * (i + 1), exact);
    }
    tear_down(&f);
}

static void on_end_cancel_other(void *self, uint64_t i)
{
    struct fixture *const f = self;
    on_end(self, i);
    assert_true(sim_fluid_cancel(f->fluid, &f->handle[1]));
}

static void test_a_callback_may_cancel_a_flow_that_ends_at_the_same_time(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f, 10);
    assert_int_equal(sim_fluid_add_class(f.fluid, 5, 1, &f.class_id[0]), SIM_OK);
    sim_fluid_start(f.fluid, f.class_id[0], 10, (struct sim_call){on_end_cancel_other, &f, 0},
                    &f.handle[0]);
    sim_fluid_start(f.fluid, f.class_id[0], 10, (struct sim_call){on_end, &f, 1}, &f.handle[1]);
    assert_int_equal(sim_run(f.sim, HUGE_VAL), SIM_OK);
    assert_int_equal(f.n_ends, 1);
    assert_true(sim_fluid_conservation_gap(f.fluid) < exact);
    tear_down(&f);
}

static void test_many_that_end_together(void **state)
{
    enum { N = 1000 };
    static struct reference_flow flow[N];
    (void)state;
    for (int i = 0; i < N; i++) {
        flow[i] = (struct reference_flow){.amount = 7, .cap = 3};
    }
    run(flow, N, 500);
    for (int i = 0; i < N; i++) {
        assert_close(flow[i].finish_s, 14, exact);
    }
}

static void count_change(void *self, uint64_t unused)
{
    (void)unused;
    ((struct fixture *)self)->n_changes++;
}

static void test_watcher_sees_every_change(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f, 10);
    sim_fluid_watch(f.fluid, (struct sim_call){count_change, &f, 0});
    start(&f, 0, 5, 1, 10);
    sim_fluid_set_capacity(f.fluid, 20);
    start(&f, 1, 5, 1, 10);
    sim_fluid_cancel(f.fluid, &f.handle[1]);
    assert_int_equal(f.n_changes, 4);
    assert_int_equal(sim_run(f.sim, HUGE_VAL), SIM_OK);
    assert_int_equal(f.n_changes, 5);
    tear_down(&f);
}

static void test_clear(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f, 10);
    start(&f, 0, 5, 1, 10);
    start(&f, 1, SIM_FLUID_UNCAPPED, 1, 10);
    assert_int_equal(sim_run(f.sim, 1), SIM_OK);
    sim_fluid_clear(f.fluid);
    assert_int_equal(sim_fluid_n_active(f.fluid), 0);
    assert_int_equal(sim_run(f.sim, HUGE_VAL), SIM_OK);
    assert_int_equal(f.n_ends, 0);
    assert_int_equal(sim_fluid_stats(f.fluid)->cancelled, 2);
    assert_close(sim_fluid_stats(f.fluid)->served, 10, exact);
    tear_down(&f);
}

static void test_reserved_room_needs_no_memory(void **state)
{
    enum { N = 200 };
    struct fixture f;
    uint32_t id = 0;
    (void)state;
    set_up(&f, 10);
    for (unsigned n = 1; n <= 2; n++) {
        alloc_fail_begin(n);
        assert_int_equal(sim_fluid_reserve(f.fluid, N, N), SIM_ENOMEM);
        assert_true(alloc_fail_end());
    }
    assert_int_equal(sim_fluid_reserve(f.fluid, N, N), SIM_OK);
    alloc_fail_begin(1);
    for (uint32_t i = 0; i < N; i++) {
        assert_int_equal(sim_fluid_add_class(f.fluid, i + 1, 1, &id), SIM_OK);
    }
    assert_false(alloc_fail_end());
    sim_fluid_start(f.fluid, 0, 10, (struct sim_call){on_end, &f, 0},
                    NULL); /* orders the classes */
    alloc_fail_begin(1);
    for (id = 1; id < N; id++) {
        sim_fluid_start(f.fluid, id, 10, (struct sim_call){on_end, &f, 0}, NULL);
    }
    assert_false(alloc_fail_end());
    assert_int_equal(sim_error(f.sim)->code, SIM_OK);
    assert_int_equal(sim_fluid_n_active(f.fluid), N);
    sim_fluid_clear(f.fluid);
    tear_down(&f);
}

static void test_arguments_out_of_range(void **state)
{
    struct fixture f;
    struct sim_fluid *other;
    uint32_t id;
    (void)state;
    set_up(&f, SIM_FLUID_MAX_CAPACITY);
    assert_int_equal(sim_fluid_create(f.sim, SIM_FLUID_MAX_CAPACITY + 1, &other), SIM_EINVAL);
    assert_int_equal(sim_fluid_add_class(f.fluid, SIM_FLUID_MAX_CAP + 1, 1, &id), SIM_EINVAL);
    assert_int_equal(sim_fluid_add_class(f.fluid, 1, 0, &id), SIM_EINVAL);
    assert_int_equal(sim_fluid_add_class(f.fluid, 1, SIM_FLUID_MAX_WEIGHT + 1, &id), SIM_EINVAL);
    assert_int_equal(sim_fluid_add_class(f.fluid, SIM_FLUID_MAX_CAP, SIM_FLUID_MAX_WEIGHT, &id),
                     SIM_OK);
    assert_int_equal(sim_fluid_reserve(f.fluid, SIM_HEAP_MAX_SLOTS + 1, 0), SIM_ELIMIT);
    assert_int_equal(sim_fluid_reserve(f.fluid, 0, SIM_HEAP_MAX_SLOTS + 1), SIM_ELIMIT);
    sim_fluid_destroy(NULL);
    tear_down(&f);
}

static void test_running_out_of_memory(void **state)
{
    unsigned n_failures = 0;
    (void)state;
    for (unsigned n = 1; alloc_fail_begin(n); n++) {
        struct sim *sim = NULL;
        struct sim_fluid *fluid = NULL;
        uint32_t id;
        enum sim_err err = sim_create(1, 0, &sim);
        if (err == SIM_OK) {
            err = sim_fluid_create(sim, 10, &fluid);
        }
        if (err == SIM_OK) {
            sim_fluid_use(fluid, solver);
        }
        for (int i = 0; i < 100 && err == SIM_OK; i++) {
            struct fixture f = {.sim = sim};
            err = sim_fluid_add_class(fluid, 5, 1, &id);
            if (err == SIM_OK) {
                sim_fluid_start(fluid, id, 10, (struct sim_call){on_end, &f, 0}, NULL);
                err = sim_error(sim)->code;
            }
        }
        const bool has_failed = alloc_fail_end();
        if (fluid != NULL) { /* what was there before is as it was */
            sim_fluid_set_capacity(fluid, 7);
            sim_fluid_clear(fluid);
            assert_int_equal(sim_fluid_n_active(fluid), 0);
        }
        sim_fluid_destroy(fluid);
        sim_destroy(sim);
        if (!has_failed) {
            assert_int_equal(err, SIM_OK);
            break;
        }
        assert_int_equal(err, SIM_ENOMEM);
        n_failures++;
    }
    assert_true(n_failures > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_storm_without_caps),
        cmocka_unit_test(test_capped_case_a),
        cmocka_unit_test(test_capped_case_b),
        cmocka_unit_test(test_capped_case_c),
        cmocka_unit_test(test_weights_case_d),
        cmocka_unit_test(test_rates_and_level),
        cmocka_unit_test(test_standstill),
        cmocka_unit_test(test_averages_by_hand),
        cmocka_unit_test(test_capacity_that_ends_with_a_flow),
        cmocka_unit_test(test_infinite_background_flow),
        cmocka_unit_test(test_callbacks_may_start_flows),
        cmocka_unit_test(test_a_callback_may_cancel_a_flow_that_ends_at_the_same_time),
        cmocka_unit_test(test_many_that_end_together),
        cmocka_unit_test(test_watcher_sees_every_change),
        cmocka_unit_test(test_clear),
        cmocka_unit_test(test_reserved_room_needs_no_memory),
        cmocka_unit_test(test_arguments_out_of_range),
        cmocka_unit_test(test_running_out_of_memory),
    };
    int n_failed = 0;
    for (solver = SIM_FLUID_AUTOMATIC; solver <= SIM_FLUID_KINETIC; solver++) {
        n_failed += cmocka_run_group_tests(tests, NULL, NULL);
    }
    return n_failed;
}
