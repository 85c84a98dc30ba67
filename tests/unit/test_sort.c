/* Entries of a calendar in order: of many shapes of times, against the order that their ties say. */
#include "tests/support/check.h"

#include "sim/base/sort.h"
#include "sim/rng/stream.h"

enum { SHAPES = 8 };

static double time_s(int shape, uint32_t i, uint32_t n, double uniform)
{
    switch (shape) {
    case 0:
        return 1000 + uniform;
    case 1:
        return 7; /* all the same */
    case 2:
        return floor(4 * uniform);
    case 3:
        return i == n / 2 ? 1e12 : uniform; /* nearly all in the first bucket */
    case 4:
        return i == n / 2 ? 0 : 1e12 + uniform;
    case 5:
        return 5e-324 *
               floor(3 * uniform); /* the least there are: more buckets a second than numbers */
    case 6:
        return uniform < 0.5 ? 0 : 1.7e308;
    default:
        return i; /* in order already, or backwards */
    }
}

static struct sim_heap_entry entry_at(double at_s, uint32_t tie)
{
    struct sim_heap_entry e = {tie, 0};
    memcpy(&e.key, &at_s, sizeof e.key);
    return e;
}

/* Ties are a permutation, so that each entry is known by its own. */
static void test_all_sizes_and_shapes(void **state)
{
    struct sim_heap_entry entry[SORT_MOST];
    struct sim_heap_entry sorted[SORT_MOST];
    struct sim_stream s;
    (void)state;
    sim_stream_open(&s, 11, 0, 0, 0, 0);
    for (uint32_t n = 0; n <= SORT_MOST; n++) {
        for (int shape = 0; shape < SHAPES; shape++) {
            bool is_there[SORT_MOST] = {false};
            for (uint32_t i = 0; i < n; i++) {
                const uint32_t tie = n % 2 == 0 ? i : n - 1 - i;
                entry[i] = entry_at(time_s(shape, tie, n, sim_stream_uniform(&s)), tie);
            }
            sort_entries(entry, n, sorted);
            for (uint32_t i = 0; i < n; i++) {
                assert_true(i == 0 || sim_heap_before(sorted[i - 1], sorted[i]));
                is_there[sorted[i].tie] = true;
            }
            for (uint32_t i = 0; i < n; i++) {
                assert_true(is_there[i]);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_sizes_and_shapes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
