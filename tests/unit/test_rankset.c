#include "tests/support/alloc_fail.h"
#include "tests/support/check.h"

#include "sim/res/rankset.h"
#include "sim/rng/stream.h"

#include <stdbool.h>
#include <stdlib.h>

static uint32_t naive_from(const bool *in, uint32_t size, uint32_t i)
{
    for (; i < size; i++) {
        if (in[i]) {
            return i;
        }
    }
    return RANKSET_NONE;
}

static uint32_t naive_before(const bool *in, uint32_t i)
{
    while (i > 0) {
        if (in[--i]) {
            return i;
        }
    }
    return RANKSET_NONE;
}

static void compare_at(const struct rankset *s, const bool *in, uint32_t size, uint32_t i)
{
    assert_int_equal(rankset_from(s, i), naive_from(in, size, i));
    assert_int_equal(rankset_before(s, i), naive_before(in, i));
}

static void random_operations(uint32_t size, int steps)
{
    struct rankset s = {0};
    struct sim_stream stream;
    bool *const in = calloc(size + 1, sizeof *in);
    sim_stream_open(&stream, 9, size, 0, 0, 0);
    assert_int_equal(rankset_reset(&s, size), SIM_OK);
    for (int step = 0; step < steps; step++) {
        const uint32_t i = (uint32_t)(sim_stream_uniform(&stream) * size);
        const double what = sim_stream_uniform(&stream);
        if (what < 0.35) {
            rankset_add(&s, i);
            in[i] = true;
        } else if (what < 0.7) {
            rankset_remove(&s, i);
            in[i] = false;
        }
        compare_at(&s, in, size, (uint32_t)(sim_stream_uniform(&stream) * (size + 1.0)));
    }
    compare_at(&s, in, size, 0);
    compare_at(&s, in, size, size);
    rankset_fini(&s);
    free(in);
}

static void test_random_operations_at_all_depths(void **state)
{
    static const uint32_t sizes[] = {1, 2, 63, 64, 65, 127, 4095, 4096, 4097, 262145};
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        random_operations(sizes[i], sizes[i] > 100000 ? 300 : 5000);
    }
}

static void test_ends(void **state)
{
    struct rankset s = {0};
    (void)state;
    assert_int_equal(rankset_reset(&s, 300000), SIM_OK);
    assert_int_equal(rankset_from(&s, 0), RANKSET_NONE);
    rankset_add(&s, 0);
    rankset_add(&s, 299999);
    assert_int_equal(rankset_from(&s, 1), 299999);
    assert_int_equal(rankset_before(&s, 299999), 0);
    assert_int_equal(rankset_before(&s, 0), RANKSET_NONE);
    assert_int_equal(rankset_from(&s, 300000), RANKSET_NONE);
    assert_int_equal(rankset_reset(&s, 10), SIM_OK); /* empty again */
    assert_int_equal(rankset_before(&s, 10), RANKSET_NONE);
    rankset_fini(&s);
}

static void test_running_out_of_memory_changes_nothing(void **state)
{
    struct rankset s = {0};
    (void)state;
    assert_int_equal(rankset_reset(&s, 100), SIM_OK);
    rankset_add(&s, 42);
    for (unsigned n = 1; n <= 3; n++) {
        alloc_fail_begin(n);
        assert_int_equal(rankset_reset(&s, 100000), SIM_ENOMEM);
        assert_true(alloc_fail_end());
        assert_int_equal(rankset_from(&s, 0), 42);
    }
    rankset_fini(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_operations_at_all_depths),
        cmocka_unit_test(test_ends),
        cmocka_unit_test(test_running_out_of_memory_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
