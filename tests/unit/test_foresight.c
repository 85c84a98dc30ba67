#include "tests/support/check.h"

#include "sim/core/foresight_internal.h"
#include "sim/core/sim.h"
#include "sim/res/disk.h"
#include "sim/res/fluid.h"
#include "sim/res/station.h"

enum { MANY = 100000, FEW = 60000, STEPS = 3 };

/* What events are told, and when. */
static struct scene {
    struct sim *sim;
    struct sim_handle event[MANY];
    uint8_t steps[MANY]; /* that have been asked for */
    bool is_over[MANY];  /* executed or cancelled */
    uint32_t n_ready;    /* had all steps before they were executed */
    uint32_t n_executed;
    uint32_t n_fetches;
} s;

static void on_event(void *self, uint64_t arg)
{
    assert_ptr_equal(self, &s);
    s.is_over[arg] = true;
    s.n_executed++;
    s.n_ready += s.steps[arg] == STEPS;
    const uint64_t victim = arg + 1;
    if (arg % 10 == 0 && !s.is_over[victim]) {
        s.is_over[victim] = sim_cancel(s.sim, &s.event[victim]);
    }
}

static bool fetch(void *self, uint64_t arg, unsigned step)
{
    assert_ptr_equal(self, &s);
    assert_false(s.is_over[arg]);
    assert_in_range(step, 0, s.steps[arg]); /* none is left out; it may begin anew */
    if (step == s.steps[arg]) {
        s.steps[arg]++;
    }
    s.n_fetches++;
    return step + 1 < STEPS;
}

/* Times are a permutation: 7919 is a prime that does not divide MANY. */
static void run(uint32_t n)
{
    s = (struct scene){0};
    assert_int_equal(sim_create(1, 0, &s.sim), SIM_OK);
    sim_foresee(s.sim, on_event, fetch);
    for (uint32_t i = 0; i < n; i++) {
        const double time_s = (double)((uint64_t)i * 7919 % MANY);
        s.event[i] = sim_at(s.sim, time_s, SIM_NORMAL, (struct sim_call){on_event, &s, i});
    }
    assert_int_equal(sim_run(s.sim, HUGE_VAL), SIM_OK);
    sim_destroy(s.sim);
}

static void test_events_are_told_before_their_turn(void **state)
{
    (void)state;
    run(MANY);
    assert_true(s.n_executed > MANY * 8 / 10);
    /* As long as more than 65,536 are pending, that is for the first third. */
    assert_true(s.n_ready > 25000);
    assert_true(s.n_ready < 40000);
}

/* Every tenth event puts one off that is due soon, behind others at its time, of which there are none. */
static void on_event_that_puts_off(void *self, uint64_t arg)
{
    const uint64_t later = arg + 5;
    s.is_over[arg] = true;
    s.n_executed++;
    s.n_ready += arg % 10 == 5 && s.steps[arg] == STEPS;
    if (arg % 10 == 0) {
        s.steps[later] = 0;
        sim_reschedule(s.sim, s.event[later], (double)later);
    }
    assert_ptr_equal(self, &s);
}

static void test_who_is_put_off_is_told_anew(void **state)
{
    (void)state;
    s = (struct scene){0};
    assert_int_equal(sim_create(1, 0, &s.sim), SIM_OK);
    sim_foresee(s.sim, on_event_that_puts_off, fetch);
    for (uint32_t i = 0; i < MANY; i++) {
        s.event[i] = sim_at(s.sim, i, SIM_NORMAL, (struct sim_call){on_event_that_puts_off, &s, i});
    }
    assert_int_equal(sim_run(s.sim, HUGE_VAL), SIM_OK);
    sim_destroy(s.sim);
    assert_int_equal(s.n_executed, MANY);
    assert_in_range(s.n_ready, 2500, 4000); /* of a third of 10,000 */
}

static void test_few_events_are_not_asked(void **state)
{
    (void)state;
    run(FEW);
    assert_true(s.n_executed > FEW * 8 / 10);
    assert_int_equal(s.n_fetches, 0);
}

static void test_a_call_is_passed_on(void **state)
{
    struct sim *sim;
    (void)state;
    s = (struct scene){0};
    assert_int_equal(sim_create(1, 0, &sim), SIM_OK);
    const struct sim_call call = {on_event, &s, 5};
    assert_false(sim_fetch(sim, &call, 0)); /* nobody says what it touches */
    sim_foresee(sim, on_event, fetch);
    assert_true(sim_fetch(sim, &call, 0));
    assert_true(sim_fetch(sim, &call, 1));
    assert_false(sim_fetch(sim, &call, 2));
    assert_int_equal(s.steps[5], 3);
    assert_false(sim_foresees(sim));
    sim_destroy(sim);
}

static sim_call_fn *made_up(uintptr_t i)
{
    return (sim_call_fn *)(i * 16 + 0x1000); /* never called */
}

static void test_the_table_may_be_full(void **state)
{
    static struct foresight f;
    (void)state;
    for (uintptr_t i = 0; i < 2 * FORESIGHT_MOST; i++) {
        foresight_add(&f, made_up(i), fetch);
        foresight_add(&f, made_up(i), NULL); /* the first counts */
    }
    assert_int_equal(f.n_functions, FORESIGHT_MOST);
    for (uintptr_t i = 0; i < 2 * FORESIGHT_MOST; i++) {
        const struct foresight_place *const place = &f.place[foresight_find(&f, made_up(i))];
        assert_true(i < FORESIGHT_MOST ? place->fetch == fetch : place->fn == NULL);
    }
}

/* ---- Resources ask too, and nothing changes by it ---- */

enum { JOBS = 6000 };

/* Classes of the shared resource, and how closely the jobs follow each other. */
struct rush {
    uint32_t n_classes;
    double apart_s;
};

static struct shop {
    struct sim *sim;
    struct sim_fluid *fluid;
    struct sim_station *station;
    struct sim_disk *disk;
    double end_s[3][JOBS];
    unsigned steps[JOBS]; /* asked for of the end of its flow */
    uint32_t n_ready, n_fetches, last_step;
    uint32_t n_classes;
} shop;

static void on_far(void *self, uint64_t arg)
{
    (void)self;
    (void)arg;
}

static void on_disk(void *self, uint64_t i)
{
    (void)self;
    shop.end_s[2][i] = sim_now(shop.sim);
}

static void on_served(void *self, uint64_t i, enum sim_station_outcome outcome)
{
    (void)self;
    (void)outcome;
    shop.end_s[1][i] = sim_now(shop.sim);
    sim_disk_submit(shop.disk, 1 + i % 3, (struct sim_call){on_disk, NULL, i}, NULL);
}

static void on_flow(void *self, uint64_t i)
{
    const struct sim_station_job job = {
        .service_s = 0.01 * (double)(i % 7), .fn = on_served, .arg = i};
    (void)self;
    shop.end_s[0][i] = sim_now(shop.sim);
    shop.n_ready += shop.steps[i] >= 2;
    sim_station_enter(shop.station, &job, NULL);
}

static void on_start(void *self, uint64_t i)
{
    (void)self;
    sim_fluid_start(shop.fluid, (uint32_t)(i % shop.n_classes), 5 + (double)(i % 11),
                    (struct sim_call){on_flow, NULL, i}, NULL);
}

static bool fetch_job(void *self, uint64_t i, unsigned step)
{
    assert_null(self);
    assert_in_range(i, 0, JOBS - 1);
    shop.n_fetches++;
    return step < 1;
}

static bool fetch_flow(void *self, uint64_t i, unsigned step)
{
    shop.steps[i] += shop.steps[i] == step;
    return fetch_job(self, i, step);
}

static bool fetch_waiting(void *self, uint64_t i, unsigned step)
{
    shop.last_step = step > shop.last_step ? step : shop.last_step;
    return fetch_job(self, i, step);
}

static void create_shop(uint32_t n_classes)
{
    shop.n_classes = n_classes;
    assert_int_equal(sim_create(1, 0, &shop.sim), SIM_OK);
    assert_int_equal(sim_fluid_create(shop.sim, 1000, &shop.fluid), SIM_OK);
    for (uint32_t k = 0; k < n_classes; k++) {
        uint32_t id;
        assert_int_equal(sim_fluid_add_class(shop.fluid, 5 + 3 * (k % 3), 1, &id), SIM_OK);
    }
    assert_int_equal(sim_station_create(shop.sim, 2, SIM_STATION_UNBOUNDED, &shop.station), SIM_OK);
    assert_int_equal(sim_disk_create(shop.sim, 0.004, 4, &shop.disk), SIM_OK);
    sim_foresee(shop.sim, on_flow, fetch_flow);
    sim_foresee(shop.sim, on_disk, fetch_job);
    sim_station_foresee(shop.station, fetch_waiting);
}

static void destroy_shop(void)
{
    sim_disk_destroy(shop.disk);
    sim_station_destroy(shop.station);
    sim_fluid_destroy(shop.fluid);
    sim_destroy(shop.sim);
}

static void run_shop(struct rush rush, uint32_t n_far)
{
    shop = (struct shop){0};
    create_shop(rush.n_classes);
    for (uint32_t i = 0; i < n_far; i++) {
        sim_at(shop.sim, 1e6 + i, SIM_NORMAL, (struct sim_call){on_far, NULL, i});
    }
    for (uint32_t i = 0; i < JOBS; i++) {
        sim_at(shop.sim, rush.apart_s * i, SIM_NORMAL, (struct sim_call){on_start, NULL, i});
    }
    assert_int_equal(sim_run(shop.sim, 1e5), SIM_OK);
    destroy_shop();
}

static void compare_rush(struct rush rush)
{
    run_shop(rush, 0);
    static struct shop alone;
    alone = shop;
    assert_int_equal(alone.n_fetches, 0);
    run_shop(rush, MANY);
    assert_true(shop.n_fetches > JOBS);
    assert_int_equal(shop.last_step, 2); /* of jobs in line, whatever they say */
    assert_memory_equal(shop.end_s, alone.end_s, sizeof shop.end_s);
}

static void test_what_is_foreseen_changes_nothing(void **state)
{
    (void)state;
    compare_rush((struct rush){3, 0.01});
}

/* Of thousands in a class, and of thousands of classes, who comes behind the first is known: eight in ten flows have all
 * steps before they end. */
static void test_thousands_are_told_in_order(void **state)
{
    (void)state;
    compare_rush((struct rush){3, 1e-4});
    assert_true(shop.n_ready > JOBS * 8 / 10);
    compare_rush((struct rush){JOBS, 1e-4});
    assert_true(shop.n_ready > JOBS * 8 / 10);
}

static void on_place(void *self, uint64_t arg, enum sim_station_outcome outcome)
{
    (void)self;
    (void)arg;
    assert_int_equal(outcome, SIM_STATION_STARTED);
}

/* Who is first in line: his place, his job, then himself; nobody is asked where nobody waits. */
static void test_the_first_in_line_is_told(void **state)
{
    (void)state;
    shop = (struct shop){0};
    create_shop(1);
    struct sim_station_job job = {.service_s = SIM_STATION_HELD, .fn = on_place};
    struct sim_handle in_service, waiting;
    for (uint32_t n = 0; n < sim_station_n_servers(shop.station); n++) {
        sim_station_enter(shop.station, &job, &in_service);
    }
    assert_false(sim_station_fetch_first(shop.station, fetch_flow, 0));
    sim_station_enter(shop.station, &job, &waiting);
    job.arg = 7;
    sim_station_enter(shop.station, &job, NULL);
    assert_true(sim_station_cancel(shop.station, &waiting));
    assert_true(sim_station_fetch_first(shop.station, fetch_flow, 0));
    assert_true(sim_station_fetch_first(shop.station, fetch_flow, 1));
    assert_int_equal(shop.n_fetches, 0);
    assert_true(sim_station_fetch_first(shop.station, fetch_flow, 2));
    assert_false(sim_station_fetch_first(shop.station, fetch_flow, 3));
    assert_int_equal(shop.steps[7], 2);
    assert_int_equal(shop.n_fetches, 2);
    sim_station_release(shop.station, &in_service);
    assert_false(sim_station_fetch_first(shop.station, fetch_flow, 0));
    destroy_shop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_events_are_told_before_their_turn),
        cmocka_unit_test(test_who_is_put_off_is_told_anew),
        cmocka_unit_test(test_few_events_are_not_asked),
        cmocka_unit_test(test_a_call_is_passed_on),
        cmocka_unit_test(test_the_table_may_be_full),
        cmocka_unit_test(test_what_is_foreseen_changes_nothing),
        cmocka_unit_test(test_thousands_are_told_in_order),
        cmocka_unit_test(test_the_first_in_line_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
