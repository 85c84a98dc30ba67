/* The inverse distribution functions against libm and GSL; the batch forms against the single ones,
 * bit for bit. */
#include "tests/support/check.h"

#include "sim/rng/batch.h"
#include "sim/rng/inversion_internal.h"
#include "sim/rng/philox_internal.h"

#include <gsl/gsl_cdf.h>
#include <string.h>

/* The uniform numbers that a stream can give range from 2^-53 to 1 - 2^-53. */
static const double edges[] = {0x1p-53,
                               0x3p-53,
                               1e-12,
                               0.07499999999999,
                               0.075,
                               0.0750000000001,
                               0.25,
                               1 - 0.70710678118654757,
                               0.29289321881345237,
                               0.2928932188134526,
                               0.5 - 0x1p-53,
                               0.5,
                               0.5 + 0x1p-53,
                               0.7,
                               0.75,
                               0.875,
                               0.92499999999999993,
                               0.92500000000000004,
                               1 - 0x1p-26,
                               1 - 0x3p-53,
                               1 - 0x1p-53};
enum { N_EDGES = sizeof edges / sizeof edges[0] };

static double point(struct sim_stream *s, int i)
{
    return i < N_EDGES ? edges[i] : sim_stream_uniform(s);
}

enum { POINTS = 200000 };

static void test_exponential_agrees_with_log1p(void **state)
{
    struct sim_stream s;
    (void)state;
    sim_stream_open(&s, 1, 0, 0, 0, 0);
    for (int i = 0; i < POINTS; i++) {
        const double u = point(&s, i);
        assert_close(inverse_exponential(u), -log1p(-u), 4e-16);
        assert_close(inverse_exponential(u * 0x1p-60), -log1p(-u * 0x1p-60), 4e-16);
    }
}

static void test_exp_agrees_with_exp(void **state)
{
    struct sim_stream s;
    (void)state;
    sim_stream_open(&s, 2, 0, 0, 0, 0);
    for (int i = 0; i < POINTS; i++) {
        const double x = (2 * point(&s, i) - 1) * (i % 2 == 0 ? INVERSION_EXP_MOST : 2);
        assert_close(inversion_exp(x), exp(x), 4e-16);
    }
    assert_close(inversion_exp(0), 1, 0);
}

/* Phi at the point found is u again; where Phi is flat in u the point is what can be compared. */
static void test_normal_agrees_with_gsl(void **state)
{
    struct sim_stream s;
    (void)state;
    sim_stream_open(&s, 3, 0, 0, 0, 0);
    for (int i = 0; i < POINTS; i++) {
        const double u = point(&s, i);
        assert_close(inverse_normal(u), gsl_cdf_ugaussian_Pinv(u), 2e-15);
        if (u < 0.5) {
            assert_close(gsl_cdf_ugaussian_P(inverse_normal(u)), u, 1e-13);
        }
    }
    assert_close(inverse_normal(1e-300), -37.04709629936121, 1e-14);
    assert_close(inverse_normal(5e-324), gsl_cdf_ugaussian_Pinv(5e-324), 1e-14);
}

/* Batches of all sizes, from streams that have been used for 0, 1, 2, ... words. */
static void test_uniforms_are_those_drawn_singly(void **state)
{
    (void)state;
    for (uint32_t used = 0; used < 6; used++) {
        for (uint32_t n = 0; n < 150; n += n < 70 ? 1 : 13) {
            struct sim_stream batch;
            double out[150];
            sim_stream_open(&batch, 77, n, 5, 6, used);
            for (uint32_t i = 0; i < used; i++) {
                sim_stream_word(&batch);
            }
            struct sim_stream single = batch;
            sim_stream_uniforms(&batch, out, n);
            for (uint32_t i = 0; i < n; i++) {
                assert_close(out[i], sim_stream_uniform(&single), 0);
            }
            assert_int_equal(sim_stream_word(&batch), sim_stream_word(&single));
        }
    }
}

/* This CPU may have vector code of its own, which must not differ from that for every CPU; the
 * counter of blocks runs over its end in both alike. */
static void test_both_forms_of_philox_agree(void **state)
{
    static const uint32_t first[] = {0, 1, 4000000000, UINT32_MAX - 3};
    (void)state;
    for (size_t i = 0; i < sizeof first / sizeof first[0]; i++) {
        const uint32_t counter[4] = {first[i], 0xFFFFFFFF, 0x89ABCDEF, 17};
        const uint32_t key[2] = {0xDEADBEEF, 0xFFFFFFFF};
        double fast[PHILOX_BATCH];
        double portable[PHILOX_BATCH];
        philox_uniforms(counter, key, fast);
        philox_uniforms_portable(counter, key, portable);
        assert_memory_equal(fast, portable, sizeof fast);
    }
}

static const char *const texts[] = {"exponential(3)",
                                    "2 + exponential(0.25)",
                                    "lognormal(1, 0.8)",
                                    "lognormal(-1, 3)",
                                    "lognormal(650, 10)",
                                    "weibull(0.7, 2)",
                                    "discrete(1 @ 0.25, 2 @ 0.75)",
                                    "5 + uniform(1, 2)"};

static struct sim_dist *parsed(const char *text)
{
    struct sim_dist *d;
    struct sim_error e;
    assert_int_equal(sim_dist_parse(text, SIM_NUMBER, NULL, &d, &e), SIM_OK);
    return d;
}

static void test_draws_are_those_drawn_singly(void **state)
{
    enum { N = 1003 };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct sim_dist *const d = parsed(texts[i]);
        struct sim_stream single;
        struct sim_supply supply;
        double out[N];
        sim_stream_open(&single, 8, 0, 0, 0, 0);
        struct sim_stream batch = single;
        sim_supply_open(&supply, d, single);
        for (size_t from = 0, n = 0; from < N; from += n++) { /* batches of 0, 1, 2, ... */
            n = n < N - from ? n : N - from;
            sim_dist_draws(d, &batch, out + from, n);
        }
        for (int k = 0; k < N; k++) {
            const double x = sim_dist_draw(d, &single);
            assert_close(out[k], x, 0);
            assert_close(sim_supply_draw(&supply), x, 0);
        }
        sim_dist_destroy(d);
    }
}

/* Numbers that a stream gives once in 10^11 too: tails of any size and number within a batch. */
static void test_lognormals_of_tails_are_those_drawn_singly(void **state)
{
    enum { N = 64 };
    struct sim_stream s;
    (void)state;
    sim_stream_open(&s, 9, 0, 0, 0, 0);
    for (int i = 0; i < 2000; i++) {
        double u[N];
        double out[N];
        for (int k = 0; k < N; k++) { /* from a batch without a tail to one of nothing else */
            const double tail = fmax(exp(-36 * sim_stream_uniform(&s)) / 14, 0x1p-53);
            const double middle = 0.1 + 0.8 * sim_stream_uniform(&s);
            const bool is_tail = sim_stream_uniform(&s) * 2000 < i;
            u[k] = !is_tail                       ? middle
                   : sim_stream_uniform(&s) < 0.5 ? fmax(tail, 0x1p-53)
                                                  : 1 - tail;
            u[k] = i == 0 ? edges[k % N_EDGES] : u[k];
            out[k] = u[k];
        }
        inverse_lognormals(1, 0.5, out, N);
        for (int k = 0; k < N; k++) {
            assert_close(out[k], inverse_lognormal(1, 0.5, u[k]), 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exponential_agrees_with_log1p),
        cmocka_unit_test(test_exp_agrees_with_exp),
        cmocka_unit_test(test_normal_agrees_with_gsl),
        cmocka_unit_test(test_uniforms_are_those_drawn_singly),
        cmocka_unit_test(test_both_forms_of_philox_agree),
        cmocka_unit_test(test_draws_are_those_drawn_singly),
        cmocka_unit_test(test_lognormals_of_tails_are_those_drawn_singly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
