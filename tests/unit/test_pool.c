#include "tests/support/alloc_fail.h"
#include "tests/support/check.h"

#include "sim/core/sim.h"
#include "sim/res/pool.h"

struct fixture {
    struct sim *sim;
    struct sim_pool *pool;
    struct sim_handle handle[8];
    int order[8];
    int n_granted;
};

static void on_granted(void *self, uint64_t i)
{
    struct fixture *const f = self;
    f->order[f->n_granted++] = (int)i;
}

static void request(struct fixture *f, uint64_t i, uint64_t tokens)
{
    sim_pool_request(f->pool, tokens, (struct sim_call){on_granted, f, i}, &f->handle[i]);
}

static void set_up(struct fixture *f, uint64_t capacity)
{
    *f = (struct fixture){0};
    assert_int_equal(sim_create(1, 0, &f->sim), SIM_OK);
    assert_int_equal(sim_pool_create(f->sim, capacity, &f->pool), SIM_OK);
}

static void tear_down(struct fixture *f)
{
    sim_pool_destroy(f->pool);
    sim_destroy(f->sim);
}

static void test_a_large_request_is_not_overtaken(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f, 10);
    request(&f, 0, 6);
    request(&f, 1, 8); /* waits, and so do the small ones behind it */
    request(&f, 2, 1);
    request(&f, 3, 3);
    assert_int_equal(f.n_granted, 1);
    assert_int_equal(sim_pool_in_use(f.pool), 6);
    assert_true(sim_pool_return(f.pool, &f.handle[0]));
    assert_int_equal(f.n_granted, 3); /* 8 and 1; 3 do not fit */
    assert_int_equal(f.order[1], 1);
    assert_int_equal(f.order[2], 2);
    assert_true(sim_pool_return(f.pool, &f.handle[2]));
    assert_int_equal(f.n_granted, 3);
    assert_true(sim_pool_return(f.pool, &f.handle[1]));
    assert_int_equal(f.n_granted, 4);
    assert_int_equal(sim_pool_in_use(f.pool), 3);
    tear_down(&f);
}

static void test_withdrawing_a_waiting_request(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f, 4);
    request(&f, 0, 4);
    request(&f, 1, 4);
    request(&f, 2, 0); /* nothing is also granted in turn */
    assert_true(sim_pool_return(f.pool, &f.handle[1]));
    assert_int_equal(f.n_granted, 2);
    assert_int_equal(f.order[1], 2);
    assert_false(sim_pool_return(f.pool, &f.handle[1])); /* it names nothing any more */
    assert_int_equal(sim_pool_stats(f.pool)->cancelled, 1);
    assert_int_equal(sim_pool_in_use(f.pool), 4);
    tear_down(&f);
}

static void on_granted_return(void *self, uint64_t i)
{
    struct fixture *const f = self;
    on_granted(self, i);
    assert_true(sim_pool_return(f->pool, &f->handle[i]));
}

static void test_a_callback_may_return_at_once(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f, 2);
    request(&f, 0, 2);
    for (uint64_t i = 1; i < 5; i++) {
        sim_pool_request(f.pool, 2, (struct sim_call){on_granted_return, &f, i}, &f.handle[i]);
    }
    assert_true(sim_pool_return(f.pool, &f.handle[0]));
    assert_int_equal(f.n_granted, 5);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(f.order[i], i);
    }
    assert_int_equal(sim_pool_in_use(f.pool), 0);
    tear_down(&f);
}

static void test_who_is_served_at_once_has_not_waited(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f, 10);
    request(&f, 0, 6);
    request(&f, 1, 4);
    assert_near(sim_pool_stats(f.pool)->waiting.max, 0, 0);
    assert_near(sim_pool_stats(f.pool)->saturated.max, 0, 0);
    request(&f, 2, 1);
    assert_near(sim_pool_stats(f.pool)->waiting.max, 1, 0);
    tear_down(&f);
}

static void test_averages_by_hand(void **state)
{
    struct fixture f;
    (void)state;
    set_up(&f, 10);
    request(&f, 0, 10);
    assert_int_equal(sim_run(f.sim, 2), SIM_OK);
    request(&f, 1, 5);
    assert_int_equal(sim_run(f.sim, 5), SIM_OK);
    sim_pool_return(f.pool, &f.handle[0]);
    assert_int_equal(sim_run(f.sim, 6), SIM_OK);
    const struct sim_pool_stats *const s = sim_pool_stats(f.pool);
    assert_close(sim_timeavg_area(&s->in_use, 6), 50 + 5, 1e-15);
    assert_close(sim_timeavg_area(&s->waiting, 6), 3, 1e-15);
    assert_close(sim_timeavg_area(&s->saturated, 6), 3, 1e-15);
    assert_int_equal(s->requested, 2);
    assert_int_equal(s->granted, 2);
    tear_down(&f);
}

static void test_arguments_and_memory(void **state)
{
    struct fixture f;
    struct sim_pool *other;
    (void)state;
    set_up(&f, 1);
    assert_int_equal(sim_pool_create(f.sim, 0, &other), SIM_EINVAL);
    alloc_fail_begin(1);
    assert_int_equal(sim_pool_create(f.sim, 1, &other), SIM_ENOMEM);
    assert_true(alloc_fail_end());
    alloc_fail_begin(1);
    request(&f, 0, 1);
    assert_true(alloc_fail_end());
    assert_int_equal(f.n_granted, 0);
    assert_int_equal(sim_error(f.sim)->code, SIM_ENOMEM);
    sim_pool_destroy(NULL);
    tear_down(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_large_request_is_not_overtaken),
        cmocka_unit_test(test_withdrawing_a_waiting_request),
        cmocka_unit_test(test_a_callback_may_return_at_once),
        cmocka_unit_test(test_who_is_served_at_once_has_not_waited),
        cmocka_unit_test(test_averages_by_hand),
        cmocka_unit_test(test_arguments_and_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
