/* Sharing looked at in random states between its events: rates, amounts to go, conservation. */
#include "tests/support/check.h"
#include "tests/support/fluid_reference.h"

#include "sim/core/sim.h"
#include "sim/res/fluid.h"

#include <string.h>

enum { N = 30, CASES = 60, PROBES = 80 };

struct fixture {
    struct sim *sim;
    struct sim_fluid *fluid;
    struct reference_flow flow[N];
    uint32_t class_id[N];
    struct sim_handle handle[N];
    int is_active[N];
    double capacity;
    double left[N], rate[N], looked_s; /* at the last look */
    uint64_t n_changes, n_changes_then;
    unsigned n_states, n_saturated, n_steps;
};

static void on_end(void *self, uint64_t i)
{
    struct fixture *const f = self;
    f->is_active[i] = 0;
    f->n_changes++;
}

static void on_start(void *self, uint64_t i)
{
    struct fixture *const f = self;
    f->is_active[i] = 1;
    f->n_changes++;
    sim_fluid_start(f->fluid, f->class_id[i], f->flow[i].amount, (struct sim_call){on_end, f, i},
                    &f->handle[i]);
}

static void on_capacity(void *self, uint64_t capacity)
{
    struct fixture *const f = self;
    f->capacity = (double)capacity;
    f->n_changes++;
    sim_fluid_set_capacity(f->fluid, capacity);
}

static int same_class(const struct reference_flow *a, const struct reference_flow *b)
{
    return a->cap <= b->cap && a->cap >= b->cap && a->weight <= b->weight && a->weight >= b->weight;
}

/* No flow over its cap; equal cap and weight, equal rate; each as the recomputation has it. */
static void check_rates(struct fixture *f)
{
    long double expected[N];
    reference_rates(f->flow, f->is_active, N, f->capacity, expected);
    for (int i = 0; i < N; i++) {
        const double rate = sim_fluid_rate(f->fluid, f->handle[i]);
        assert_near(rate, f->is_active[i] ? (double)expected[i] : 0, 1e-9 * f->capacity + 1e-12);
        assert_true(f->flow[i].cap <= 0 || rate <= f->flow[i].cap);
        for (int k = 0; k < i; k++) {
            if (f->is_active[i] && f->is_active[k] && same_class(&f->flow[i], &f->flow[k])) {
                assert_near(rate, sim_fluid_rate(f->fluid, f->handle[k]), 0);
            }
        }
    }
}

/* All of the capacity is given, or every flow has its cap. */
static void check_work_conservation(struct fixture *f)
{
    double sum = 0;
    double caps = 0;
    for (int i = 0; i < N; i++) {
        if (f->is_active[i]) {
            sum += sim_fluid_rate(f->fluid, f->handle[i]);
            caps += f->flow[i].cap > 0 ? f->flow[i].cap : (double)INFINITY;
        }
    }
    assert_close(sum, fmin(f->capacity, caps), 1e-12);
    f->n_saturated += caps > f->capacity;
}

/* If nothing has happened since the last look, each flow has got its rate times the time. */
static void check_progress(struct fixture *f)
{
    const double passed_s = sim_now(f->sim) - f->looked_s;
    for (int i = 0; i < N && f->n_changes == f->n_changes_then; i++) {
        if (f->is_active[i]) {
            assert_near(sim_fluid_left(f->fluid, f->handle[i]), f->left[i] - f->rate[i] * passed_s,
                        1e-9 * f->flow[i].amount);
            f->n_steps++;
        }
    }
    for (int i = 0; i < N; i++) {
        f->left[i] = sim_fluid_left(f->fluid, f->handle[i]);
        f->rate[i] = sim_fluid_rate(f->fluid, f->handle[i]);
    }
    f->looked_s = sim_now(f->sim);
    f->n_changes_then = f->n_changes;
}

/* What was served is what the flows have got, now and not only at the end. */
static void check_served(struct fixture *f)
{
    double got = 0;
    for (int i = 0; i < N; i++) {
        if (sim_now(f->sim) >= f->flow[i].start_s) {
            got += f->flow[i].amount - sim_fluid_left(f->fluid, f->handle[i]);
        }
    }
    assert_close(sim_fluid_stats(f->fluid)->served, got, 1e-9);
    assert_true(sim_fluid_conservation_gap(f->fluid) < 1e-9);
}

static void on_look(void *self, uint64_t unused)
{
    struct fixture *const f = self;
    (void)unused;
    check_rates(f);
    check_work_conservation(f);
    check_progress(f);
    check_served(f);
    f->n_states += sim_fluid_n_active(f->fluid) > 0;
}

static double uniform(struct sim_stream *s, double low, double high)
{
    return low + (high - low) * sim_stream_uniform(s);
}

static void set_up(struct fixture *f, struct sim_stream *s, enum sim_fluid_solver solver)
{
    f->capacity = 5000;
    f->n_changes_then = UINT64_MAX;
    assert_int_equal(sim_create(1, 0, &f->sim), SIM_OK);
    assert_int_equal(sim_fluid_create(f->sim, (uint64_t)f->capacity, &f->fluid), SIM_OK);
    sim_fluid_use(f->fluid, solver);
    for (int i = 0; i < N; i++) {
        /* Few caps and weights, so that some flows are alike; the first is uncapped. */
        f->flow[i] = (struct reference_flow){.start_s = uniform(s, 0, 40),
                                             .amount = uniform(s, 100, 20000),
                                             .cap = i == 0 ? 0 : 100 * floor(uniform(s, 1, 9)),
                                             .weight = floor(uniform(s, 1, 4))};
        assert_int_equal(sim_fluid_add_class(f->fluid, (uint64_t)f->flow[i].cap,
                                             (uint32_t)f->flow[i].weight, &f->class_id[i]),
                         SIM_OK);
        sim_at(f->sim, f->flow[i].start_s, SIM_NORMAL, (struct sim_call){on_start, f, (uint64_t)i});
    }
    for (int i = 0; i < 4; i++) {
        sim_at(f->sim, uniform(s, 0, 60), SIM_FIRST,
               (struct sim_call){on_capacity, f, (uint64_t)uniform(s, 500, 12000)});
    }
    for (int i = 0; i < PROBES; i++) {
        sim_at(f->sim, uniform(s, 0, 80), SIM_LAST, (struct sim_call){on_look, f, 0});
    }
}

static void run(enum sim_fluid_solver solver)
{
    unsigned n_states = 0;
    unsigned n_saturated = 0;
    unsigned n_steps = 0;
    for (uint32_t i = 0; i < CASES; i++) {
        static struct fixture f;
        struct sim_stream s;
        memset(&f, 0, sizeof f);
        sim_stream_open(&s, 91, i, 0, 0, 0);
        set_up(&f, &s, solver);
        assert_int_equal(sim_run(f.sim, INFINITY), SIM_OK);
        n_states += f.n_states;
        n_saturated += f.n_saturated;
        n_steps += f.n_steps;
        sim_fluid_destroy(f.fluid);
        sim_destroy(f.sim);
    }
    /* Both kinds of state have been seen, and looks with nothing in between. */
    assert_in_range(n_saturated, 500, n_states - 500);
    assert_true(n_steps > 1000);
}

static void test_groups(void **state)
{
    (void)state;
    run(SIM_FLUID_GROUPS);
}

static void test_kinetic_tree(void **state)
{
    (void)state;
    run(SIM_FLUID_KINETIC);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_groups),
        cmocka_unit_test(test_kinetic_tree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
