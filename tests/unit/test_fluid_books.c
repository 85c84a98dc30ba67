/* The books of a shared resource: what was served is what was received, as far as times can be told. */
#include "tests/support/check.h"

#include "sim/core/sim.h"
#include "sim/res/fluid.h"

static enum sim_fluid_solver solver; /* all tests are run with each */

struct fixture {
    struct sim *sim;
    struct sim_fluid *fluid;
    uint32_t class_id;
    double amount, last_s;
};

static void set_up(struct fixture *f, uint64_t capacity_per_s)
{
    *f = (struct fixture){0};
    assert_int_equal(sim_create(1, 0, &f->sim), SIM_OK);
    assert_int_equal(sim_fluid_create(f->sim, capacity_per_s, &f->fluid), SIM_OK);
    assert_int_equal(sim_fluid_add_class(f->fluid, SIM_FLUID_UNCAPPED, 1, &f->class_id), SIM_OK);
    sim_fluid_use(f->fluid, solver);
}

static void tear_down(struct fixture *f)
{
    sim_fluid_destroy(f->fluid);
    sim_destroy(f->sim);
}

static void on_end(void *self, uint64_t unused)
{
    struct fixture *const f = self;
    (void)unused;
    f->last_s = sim_now(f->sim);
}

static void on_start(void *self, uint64_t unused)
{
    struct fixture *const f = self;
    (void)unused;
    sim_fluid_start(f->fluid, f->class_id, f->amount, (struct sim_call){on_end, f, 0}, NULL);
}

static void start_every(struct fixture *f, double first_s, double period_s, int n)
{
    for (int i = 0; i < n; i++) {
        sim_at(f->sim, first_s + i * period_s, SIM_NORMAL, (struct sim_call){on_start, f, 0});
    }
    assert_int_equal(sim_run(f->sim, HUGE_VAL), SIM_OK);
}

/* The test alone falsifies the books. */
static void falsify(struct fixture *f, double change)
{
    double *const served = (double *)(uintptr_t)&sim_fluid_stats(f->fluid)->served;
    *served += change;
}

/* A day of flows of 24 ns: times have a thousandth of that as their last digit. */
static void test_what_a_clock_cannot_tell_is_no_gap(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f, 100000000000);
    f.amount = 2400;
    start_every(&f, 0.1234, 86.4321, 1000);
    assert_true(sim_fluid_conservation_gap(f.fluid) <= 0);
    assert_true(fabs(sim_fluid_stats(f.fluid)->served - 2400 * 1000) > 1e-9 * 2400 * 1000);
    sim_fluid_set_capacity(f.fluid, 0); /* nor after the capacity has gone */
    assert_true(sim_fluid_conservation_gap(f.fluid) <= 0);
    falsify(&f, 0.01 * 2400 * 1000);
    assert_true(sim_fluid_conservation_gap(f.fluid) > 1e-3);
    tear_down(&f);
}

/* Where flows are long there is no such excuse. */
static void test_rounding_explains_little(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f, 1000000);
    f.amount = 1e6;
    start_every(&f, 0, 0.9, 100);
    assert_close(f.last_s, 100, 1e-12);
    assert_true(sim_fluid_rounding(f.fluid) > 0);
    assert_true(sim_fluid_rounding(f.fluid) < 1e-12 * 1e8);
    assert_true(sim_fluid_conservation_gap(f.fluid) <= 0);
    falsify(&f, 1e-11 * 1e8);
    assert_true(sim_fluid_conservation_gap(f.fluid) > 5e-12);
    tear_down(&f);
}

static void test_a_new_clock(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f, 1000);
    f.amount = 500;
    start_every(&f, 1e6, 1, 1);
    sim_rewind(f.sim);
    sim_fluid_rewind(f.fluid);
    assert_close(sim_now(f.sim), 0, 0);
    assert_close(sim_timeavg_area(&sim_fluid_stats(f.fluid)->used, 0), 0, 0);
    start_every(&f, 0.25, 1, 2);
    assert_close(f.last_s, 1.75, 1e-15);
    const struct sim_fluid_stats *const s = sim_fluid_stats(f.fluid);
    assert_int_equal(s->finished, 3);
    assert_close(s->served, 1500, 1e-9);
    assert_close(sim_timeavg_area(&s->used, 1.75), 1, 1e-15);
    assert_true(sim_fluid_conservation_gap(f.fluid) <= 0);
    tear_down(&f);
}

/* 1e-3 of 1e15: what is left of it has no digits for that. */
static void test_received(void **state)
{
    struct fixture f;
    struct sim_handle flow;
    (void)state;
    set_up(&f, 1000);
    sim_fluid_start(f.fluid, f.class_id, 1e15, (struct sim_call){on_end, &f, 0}, &flow);
    assert_int_equal(sim_run(f.sim, 1e-6), SIM_OK);
    assert_close(sim_fluid_received(f.fluid, flow), 1e-3, 1e-15);
    assert_true(sim_fluid_cancel(f.fluid, &flow));
    assert_close(sim_fluid_received(f.fluid, flow), 0, 0);
    tear_down(&f);
}

/* The virtual time of 1e18 units given to a flow has no digits for 3 more; while nobody shares it rests. */
static void test_a_rest_keeps_the_digits(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f, UINT64_C(1000000000000));
    f.amount = 1e18;
    start_every(&f, 0, 1, 1);
    assert_close(f.last_s, 1e6, 0);
    sim_fluid_set_capacity(f.fluid, 1);
    f.amount = 3;
    start_every(&f, 1e6, 1, 1);
    assert_close(f.last_s, 1e6 + 3, 0);
    tear_down(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_a_clock_cannot_tell_is_no_gap),
        cmocka_unit_test(test_rounding_explains_little),
        cmocka_unit_test(test_a_new_clock),
        cmocka_unit_test(test_received),
        cmocka_unit_test(test_a_rest_keeps_the_digits),
    };
    int n_failed = 0;
    for (solver = SIM_FLUID_AUTOMATIC; solver <= SIM_FLUID_KINETIC; solver++) {
        n_failed += cmocka_run_group_tests(tests, NULL, NULL);
    }
    return n_failed;
}
