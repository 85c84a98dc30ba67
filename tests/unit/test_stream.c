#include "tests/support/check.h"

#include "sim/rng/stream.h"
#include "sim/stat/tally.h"

#include <stdlib.h>

static void assert_block(struct sim_stream *s, uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
    assert_int_equal(sim_stream_word(s), a);
    assert_int_equal(sim_stream_word(s), b);
    assert_int_equal(sim_stream_word(s), c);
    assert_int_equal(sim_stream_word(s), d);
}

/* The known-answer vectors that the Random123 library ships for philox4x32-10. */
static void test_known_answers(void **state)
{
    struct sim_stream s;
    (void)state;
    sim_stream_open(&s, 0, 0, 0, 0, 0);
    assert_block(&s, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
    sim_stream_open(&s, UINT64_MAX, UINT32_MAX, UINT16_MAX, UINT16_MAX, UINT32_MAX);
    s.counter[0] = UINT32_MAX; /* the last block of the stream */
    assert_block(&s, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
    sim_stream_open(&s, 0x299f31d0a4093822, 0x85a308d3, 0x1319, 0x8a2e, 0x03707344);
    s.counter[0] = 0x243f6a88;
    assert_block(&s, 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
}

static void test_blocks_follow_each_other(void **state)
{
    struct sim_stream whole;
    (void)state;
    sim_stream_open(&whole, 5, 6, 7, 8, 9);
    for (uint32_t block = 0; block < 10; block++) {
        struct sim_stream part;
        sim_stream_open(&part, 5, 6, 7, 8, 9);
        part.counter[0] = block;
        for (int i = 0; i < 4; i++) {
            assert_int_equal(sim_stream_word(&whole), sim_stream_word(&part));
        }
    }
}

static double correlation(const struct sim_stream *a, const struct sim_stream *b)
{
    enum { N = 4000 };
    struct sim_stream x = *a;
    struct sim_stream y = *b;
    double sum = 0;
    for (int i = 0; i < N; i++) {
        sum += (sim_stream_uniform(&x) - 0.5) * (sim_stream_uniform(&y) - 0.5);
    }
    return sum * 12 / sqrt(N); /* standard normal if they are independent */
}

static void test_names_that_differ_in_one_part_are_uncorrelated(void **state)
{
    struct sim_stream base;
    struct sim_stream other;
    (void)state;
    sim_stream_open(&base, 1, 1, 1, 1, 1);
    for (uint32_t i = 2; i < 20; i++) {
        sim_stream_open(&other, i, 1, 1, 1, 1);
        assert_near(correlation(&base, &other), 0, 4.5);
        sim_stream_open(&other, 1, i, 1, 1, 1);
        assert_near(correlation(&base, &other), 0, 4.5);
        sim_stream_open(&other, 1, 1, (uint16_t)i, 1, 1);
        assert_near(correlation(&base, &other), 0, 4.5);
        sim_stream_open(&other, 1, 1, 1, (uint16_t)i, 1);
        assert_near(correlation(&base, &other), 0, 4.5);
        sim_stream_open(&other, 1, 1, 1, 1, i);
        assert_near(correlation(&base, &other), 0, 4.5);
    }
}

/* One number from each of many streams: what a simulation does with devices. */
static void test_first_numbers_of_many_streams_are_uniform(void **state)
{
    enum { N = 200000, CELLS = 100 };
    static unsigned count[CELLS];
    double chi_square = 0;
    (void)state;
    for (uint32_t entity = 0; entity < N; entity++) {
        struct sim_stream s;
        sim_stream_open(&s, 3, entity, 2, 0, 0);
        count[(int)(sim_stream_uniform(&s) * CELLS)]++;
    }
    for (int i = 0; i < CELLS; i++) {
        const double expected = (double)N / CELLS;
        chi_square += (count[i] - expected) * (count[i] - expected) / expected;
    }
    /* chi-square with 99 degrees of freedom: mean 99, sd 14.07; normal enough at 4 sd */
    assert_near((chi_square - 99) / sqrt(2 * 99.0), 0, 4);
}

static void test_uniform_is_a_midpoint_of_a_grid(void **state)
{
    struct sim_stream s;
    struct sim_tally t = {0};
    (void)state;
    sim_stream_open(&s, 4, 0, 0, 0, 0);
    for (int i = 0; i < 100000; i++) {
        const double u = sim_stream_uniform(&s);
        const double cell = u * 0x1p52 - 0.5;
        assert_true(u > 0 && u < 1);
        assert_true(cell == floor(cell));
        sim_tally_add(&t, u);
    }
    assert_near((t.mean - 0.5) / sqrt(1.0 / 12 / 100000), 0, 4);
    assert_close(sim_tally_variance(&t), 1.0 / 12, 0.02);
}

static void test_view_for_gsl(void **state)
{
    struct sim_stream direct;
    struct sim_stream viewed;
    (void)state;
    sim_stream_open(&direct, 6, 1, 2, 3, 4);
    sim_stream_open(&viewed, 6, 1, 2, 3, 4);
    const gsl_rng view = sim_stream_gsl(&viewed);
    assert_string_equal(gsl_rng_name(&view), "philox4x32-10");
    assert_int_equal(gsl_rng_max(&view), UINT32_MAX);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(gsl_rng_get(&view), sim_stream_word(&direct));
    }
    for (int i = 0; i < 10000; i++) {
        const double u = gsl_rng_uniform(&view);
        assert_true(u >= 0 && u < 1);
        assert_true(u * 0x1p53 == floor(u * 0x1p53));
    }
}

static void test_generator_of_gsl(void **state)
{
    struct sim_stream s;
    gsl_rng *const r = gsl_rng_alloc(sim_stream_gsl_type);
    (void)state;
    gsl_rng_set(r, 12345);
    sim_stream_open(&s, 12345, 0, 0, 0, 0);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(gsl_rng_get(r), sim_stream_word(&s));
    }
    gsl_rng *const copy = gsl_rng_clone(r);
    assert_int_equal(gsl_rng_get(copy), gsl_rng_get(r));
    gsl_rng_free(copy);
    gsl_rng_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_answers),
        cmocka_unit_test(test_blocks_follow_each_other),
        cmocka_unit_test(test_names_that_differ_in_one_part_are_uncorrelated),
        cmocka_unit_test(test_first_numbers_of_many_streams_are_uniform),
        cmocka_unit_test(test_uniform_is_a_midpoint_of_a_grid),
        cmocka_unit_test(test_view_for_gsl),
        cmocka_unit_test(test_generator_of_gsl),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
