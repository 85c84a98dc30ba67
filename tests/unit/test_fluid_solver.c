/* Which solver works when: the rule that counts crossings. */
#include "tests/support/alloc_fail.h"
#include "tests/support/check.h"
#include "tests/support/fluid_driver.h"

enum { LONG = 400, SHORT = 200, N_HARD = LONG + SHORT };

/* Long flows of nearly equal caps that just fill the capacity; at each start and end of a short one all
 * of them cross the border. */
static void make_case(struct reference_flow *flow)
{
    for (int i = 0; i < N_HARD; i++) {
        flow[i] =
            i < LONG
                ? (struct reference_flow){0, 1e7 * (120 + (i * 7) % 20), 1e7 - i, 1, HUGE_VAL, 0, 0,
                                          0}
                : (struct reference_flow){1 + (i - LONG) * 0.5, 1e4, 0, 1, HUGE_VAL, 0, 0, 0};
    }
}

static const struct reference_capacity hard_capacity[] = {{0, 4e9}};

static void test_hard_flows_call_for_the_kinetic_solver(void **state)
{
    static struct reference_flow flow[N_HARD];
    struct sim_fluid_stats stats;
    (void)state;
    make_case(flow);
    stats = driver_run(flow, N_HARD, hard_capacity, 1, (struct driver_options){0}, NULL);
    assert_int_equal(stats.solver, SIM_FLUID_KINETIC);
    assert_int_equal(stats.n_solver_changes, 1);
    assert_true(stats.n_crossings >= UINT64_C(2) * SHORT * (LONG - 10));
}

/* The rule of fluid_solver.c by hand. 100 classes cross at every change: 100 - 16 = 84 too many each. A
 * change of solvers costs 101 classes + 256 = 357, so it comes with the fifth, at 420. The way back is
 * worth 8 times that at 4 a quiet change: 2,856 / 4 = 714, so it comes with the 715th. */
static void test_the_rule_by_hand(void **state)
{
    enum { N = 100 };
    struct sim *sim;
    struct sim_fluid *fluid;
    struct sim_handle flow;
    uint32_t id = 0;
    int n_changes = 0;
    (void)state;
    assert_int_equal(sim_create(1, 0, &sim), SIM_OK);
    assert_int_equal(sim_fluid_create(sim, N * UINT64_C(1000000), &fluid), SIM_OK);
    for (uint64_t i = 0; i <= N; i++) {
        const uint64_t cap = i < N ? 1000000 - i : SIM_FLUID_UNCAPPED;
        assert_int_equal(sim_fluid_add_class(fluid, cap, 1, &id), SIM_OK);
    }
    for (uint32_t i = 0; i < N; i++) {
        sim_fluid_start(fluid, i, HUGE_VAL, (struct sim_call){NULL, NULL, 0}, NULL);
    }
    while (sim_fluid_stats(fluid)->solver == SIM_FLUID_GROUPS) {
        if (n_changes++ % 2 == 0) {
            sim_fluid_start(fluid, id, 1, (struct sim_call){NULL, NULL, 0}, &flow);
        } else {
            assert_true(sim_fluid_cancel(fluid, &flow));
        }
    }
    assert_int_equal(n_changes, 5);
    assert_int_equal(sim_fluid_stats(fluid)->n_crossings, 500);
    assert_true(sim_fluid_cancel(fluid, &flow)); /* the last that is not quiet */
    for (n_changes = 0; sim_fluid_stats(fluid)->solver == SIM_FLUID_KINETIC; n_changes++) {
        sim_fluid_set_capacity(fluid, N * UINT64_C(1000000) + (uint64_t)n_changes);
    }
    assert_int_equal(n_changes, 715);
    assert_int_equal(sim_fluid_stats(fluid)->n_crossings, 600);
    assert_int_equal(sim_fluid_stats(fluid)->n_solver_changes, 2);
    assert_true(isinf(sim_fluid_level(fluid)));
    sim_fluid_destroy(fluid);
    sim_destroy(sim);
}

static void test_a_storm_keeps_to_the_groups(void **state)
{
    enum { N = 3000 };
    static struct reference_flow flow[N];
    const struct reference_capacity change[] = {{0, 1.5e6}};
    struct sim_stream s;
    (void)state;
    sim_stream_open(&s, 5, 0, 0, 0, 0);
    for (int i = 0; i < N; i++) {
        flow[i] = (struct reference_flow){60 * sim_stream_uniform(&s),
                                          1e5 * sim_stream_uniform(&s),
                                          floor(1 + 4000 * sim_stream_uniform(&s)),
                                          1,
                                          HUGE_VAL,
                                          0,
                                          0,
                                          0};
    }
    const struct sim_fluid_stats stats =
        driver_run(flow, N, change, 1, (struct driver_options){0}, NULL);
    assert_int_equal(stats.solver, SIM_FLUID_GROUPS);
    assert_int_equal(stats.n_solver_changes, 0);
    assert_true(stats.n_crossings > 0);
}

static void test_the_same_events_give_the_same_bits(void **state)
{
    static struct reference_flow first[N_HARD];
    static struct reference_flow second[N_HARD];
    (void)state;
    make_case(first);
    make_case(second);
    driver_run(first, N_HARD, hard_capacity, 1, (struct driver_options){0}, NULL);
    driver_run(second, N_HARD, hard_capacity, 1, (struct driver_options){0}, NULL);
    for (int i = 0; i < N_HARD; i++) {
        assert_memory_equal(&first[i].finish_s, &second[i].finish_s, sizeof first[i].finish_s);
    }
}

struct order {
    uint64_t flow[2];
    int n;
};

static void on_ordered_end(void *self, uint64_t flow)
{
    struct order *const o = self;
    o->flow[o->n++] = flow;
}

/* Two that end at 1 s, the later class of the lower cap: the one whose class was made first. */
static void test_ends_at_one_time_come_by_class(void **state)
{
    static const enum sim_fluid_solver solvers[] = {SIM_FLUID_SCAN, SIM_FLUID_GROUPS};
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct sim *sim;
        struct sim_fluid *fluid;
        struct order order = {.n = 0};
        assert_int_equal(sim_create(1, 0, &sim), SIM_OK);
        assert_int_equal(sim_fluid_create(sim, 1000, &fluid), SIM_OK);
        sim_fluid_use(fluid, solvers[i]);
        for (uint64_t flow = 0; flow < 2; flow++) {
            uint32_t id;
            assert_int_equal(sim_fluid_add_class(fluid, 200 - 100 * flow, 1, &id), SIM_OK);
            assert_int_equal(id, flow);
        }
        for (uint64_t flow = 0; flow < 2; flow++) {
            sim_fluid_start(fluid, (uint32_t)flow, (double)(200 - 100 * flow),
                            (struct sim_call){on_ordered_end, &order, flow}, NULL);
        }
        assert_int_equal(sim_run(sim, INFINITY), SIM_OK);
        assert_close(sim_now(sim), 1, 0);
        assert_int_equal(order.n, 2);
        assert_int_equal(order.flow[0], 0);
        assert_int_equal(order.flow[1], 1);
        sim_fluid_destroy(fluid);
        sim_destroy(sim);
    }
}

/* Flows of `n_kinds` caps under a level that crosses them, some alike. */
static void make_kinds(struct reference_flow *flow, int n, int n_kinds)
{
    struct sim_stream s;
    sim_stream_open(&s, 6, 0, 0, 0, 0);
    for (int i = 0; i < n; i++) {
        flow[i] = (struct reference_flow){60 * sim_stream_uniform(&s),
                                          1e5 * sim_stream_uniform(&s),
                                          1000 * (1 + i % n_kinds),
                                          1,
                                          HUGE_VAL,
                                          0,
                                          0,
                                          0};
    }
}

static void on_end(void *n_ends, uint64_t unused)
{
    (void)unused;
    ++*(int *)n_ends;
}

static void test_up_to_four_classes_are_scanned(void **state)
{
    enum { N = 50 };
    struct reference_flow flow[N];
    const struct reference_capacity change[] = {{0, 3e4}};
    (void)state;
    for (int n_kinds = 1; n_kinds <= 6; n_kinds++) {
        make_kinds(flow, N, n_kinds);
        const struct sim_fluid_stats stats = driver_run(
            flow, N, change, 1, (struct driver_options){.merges = 1, .late_classes = 1}, NULL);
        assert_int_equal(stats.solver, n_kinds <= 4 ? SIM_FLUID_SCAN : SIM_FLUID_GROUPS);
        assert_int_equal(stats.n_solver_changes, 0);
    }
}

/* Whatever the next change is; of two classes each solver may be asked for. */
static void test_the_solver_changes_with_the_next_change(void **state)
{
    static const enum sim_fluid_solver wanted[] = {SIM_FLUID_GROUPS, SIM_FLUID_AUTOMATIC,
                                                   SIM_FLUID_KINETIC, SIM_FLUID_SCAN};
    static const enum sim_fluid_solver used[] = {SIM_FLUID_GROUPS, SIM_FLUID_SCAN,
                                                 SIM_FLUID_KINETIC, SIM_FLUID_SCAN};
    int n_ends = 0;
    struct sim *sim;
    struct sim_fluid *fluid;
    uint32_t id[2];
    uint32_t n_changes = 0;
    (void)state;
    assert_int_equal(sim_create(1, 0, &sim), SIM_OK);
    assert_int_equal(sim_fluid_create(sim, 10, &fluid), SIM_OK);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(sim_fluid_add_class(fluid, 5, 1, &id[i]), SIM_OK);
    }
    sim_fluid_start(fluid, id[0], HUGE_VAL, (struct sim_call){on_end, &n_ends, 0}, NULL);
    for (int change = 0; change < 3; change++) {
        for (int i = 0; i < 4; i++) {
            struct sim_handle flow;
            if (change > 0) {
                sim_fluid_start(fluid, id[1], 5, (struct sim_call){on_end, &n_ends, 0}, &flow);
            }
            sim_fluid_use(fluid, wanted[i]);
            if (change == 0) {
                sim_fluid_start(fluid, id[1], HUGE_VAL, (struct sim_call){on_end, &n_ends, 0},
                                NULL);
            } else if (change == 1) {
                assert_int_equal(sim_run(sim, HUGE_VAL), SIM_OK);
            } else {
                assert_true(sim_fluid_cancel(fluid, &flow));
            }
            assert_int_equal(sim_fluid_stats(fluid)->solver, used[i]);
            assert_int_equal(sim_fluid_stats(fluid)->n_solver_changes, ++n_changes);
        }
    }
    assert_int_equal(n_ends, 4);
    sim_fluid_destroy(fluid);
    sim_destroy(sim);
}

static void test_scan_and_groups_give_the_same_bits(void **state)
{
    enum { N = 400 };
    static struct reference_flow scan[N];
    static struct reference_flow groups[N];
    const struct reference_capacity change[] = {{0, 3e5},  {20, 1e5}, {30, 4e5},
                                                {40, 2e5}, {50, 6e5}, {60, 3e5}};
    (void)state;
    make_kinds(scan, N, 4);
    make_kinds(groups, N, 4);
    const struct sim_fluid_stats of_scan = driver_run(
        scan, N, change, 6, (struct driver_options){.solver = SIM_FLUID_SCAN, .merges = 1}, NULL);
    const struct sim_fluid_stats of_groups =
        driver_run(groups, N, change, 6,
                   (struct driver_options){.solver = SIM_FLUID_GROUPS, .merges = 1}, NULL);
    assert_int_equal(of_scan.solver, SIM_FLUID_SCAN);
    assert_int_equal(of_groups.solver, SIM_FLUID_GROUPS);
    assert_true(of_scan.n_crossings > 10);
    assert_int_equal(of_scan.n_crossings, of_groups.n_crossings);
    for (int i = 0; i < N; i++) {
        assert_memory_equal(&scan[i].finish_s, &groups[i].finish_s, sizeof scan[i].finish_s);
    }
}

static void test_groups_and_tree_count_the_same_crossings(void **state)
{
    static struct reference_flow flow[N_HARD];
    (void)state;
    make_case(flow);
    const struct sim_fluid_stats groups = driver_run(
        flow, N_HARD, hard_capacity, 1, (struct driver_options){.solver = SIM_FLUID_GROUPS}, NULL);
    const struct sim_fluid_stats kinetic = driver_run(
        flow, N_HARD, hard_capacity, 1, (struct driver_options){.solver = SIM_FLUID_KINETIC}, NULL);
    assert_int_equal(groups.n_crossings, kinetic.n_crossings);
}

/* A change of solvers that finds no memory ends the run, and what is there can be destroyed. */
static void test_no_memory_for_the_tree(void **state)
{
    (void)state;
    for (unsigned n = 1; n <= 2; n++) {
        struct sim *sim;
        struct sim_fluid *fluid;
        uint32_t id;
        assert_int_equal(sim_create(1, 0, &sim), SIM_OK);
        assert_int_equal(sim_fluid_create(sim, 10, &fluid), SIM_OK);
        assert_int_equal(sim_fluid_add_class(fluid, 5, 1, &id), SIM_OK);
        sim_fluid_start(fluid, id, 10, (struct sim_call){NULL, NULL, 0}, NULL);
        sim_fluid_use(fluid, SIM_FLUID_KINETIC);
        alloc_fail_begin(n);
        sim_fluid_set_capacity(fluid, 7);
        assert_true(alloc_fail_end());
        assert_int_equal(sim_error(sim)->code, SIM_ENOMEM);
        assert_int_equal(sim_fluid_stats(fluid)->solver, SIM_FLUID_SCAN);
        assert_int_equal(sim_fluid_stats(fluid)->n_solver_changes, 0);
        assert_close(sim_fluid_level(fluid), HUGE_VAL, 0);
        sim_fluid_destroy(fluid);
        sim_destroy(sim);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hard_flows_call_for_the_kinetic_solver),
        cmocka_unit_test(test_the_rule_by_hand),
        cmocka_unit_test(test_a_storm_keeps_to_the_groups),
        cmocka_unit_test(test_the_same_events_give_the_same_bits),
        cmocka_unit_test(test_up_to_four_classes_are_scanned),
        cmocka_unit_test(test_the_solver_changes_with_the_next_change),
        cmocka_unit_test(test_scan_and_groups_give_the_same_bits),
        cmocka_unit_test(test_ends_at_one_time_come_by_class),
        cmocka_unit_test(test_groups_and_tree_count_the_same_crossings),
        cmocka_unit_test(test_no_memory_for_the_tree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
