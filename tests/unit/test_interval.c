/* Intervals of quantiles by order statistics: their limits, their coverage, open ends. */
#include "tests/support/check.h"

#include "sim/rng/stream.h"
#include "sim/stat/interval.h"

#include <stdlib.h>

static void fill(struct sim_sample *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(sim_sample_add(s, (double)(i + 1)), SIM_OK);
    }
    sim_sample_sort(s);
}

/* Ranks and coverages worked out with exact binomials. */
static void test_ranks(void **state)
{
    static const struct {
        size_t n;
        double p;
        uint64_t l, u;
        double coverage;
    } rows[] = {
        {100, 0.5, 40, 61, 0.9648}, {100, 0.95, 90, 100, 0.9826}, {500, 0.95, 465, 485, 0.9605}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sim_sample s = {0};
        fill(&s, rows[i].n);
        const struct sim_quantile_interval q = sim_interval_quantile(&s, rows[i].p, 0.95);
        assert_int_equal(q.l, rows[i].l);
        assert_int_equal(q.u, rows[i].u);
        assert_near(q.low, (double)rows[i].l, 0);
        assert_near(q.high, (double)rows[i].u, 0);
        assert_near(q.coverage, rows[i].coverage, 5e-5);
        sim_sample_fini(&s);
    }
}

static void test_the_least_number_closes_both_ends(void **state)
{
    static const double p[] = {0.05, 0.25, 0.5, 0.9, 0.95, 0.99};
    (void)state;
    assert_int_equal(sim_interval_quantile_needs(0.95, 0.95), 72);
    assert_int_equal(sim_interval_quantile_needs(0.05, 0.95), 72);
    assert_int_equal(sim_interval_quantile_needs(0.5, 0.95), 6);
    for (size_t i = 0; i < sizeof p / sizeof p[0]; i++) {
        const size_t needs = sim_interval_quantile_needs(p[i], 0.95);
        struct sim_sample enough = {0};
        struct sim_sample too_few = {0};
        fill(&enough, needs);
        fill(&too_few, needs - 1);
        const struct sim_quantile_interval a = sim_interval_quantile(&enough, p[i], 0.95);
        const struct sim_quantile_interval b = sim_interval_quantile(&too_few, p[i], 0.95);
        assert_true(isfinite(a.low) && isfinite(a.high) && a.coverage >= 0.95);
        assert_true(isinf(b.low) || isinf(b.high));
        assert_true(b.coverage >= 0.95);
        sim_sample_fini(&enough);
        sim_sample_fini(&too_few);
    }
}

static void test_open_ends(void **state)
{
    struct sim_sample s = {0};
    (void)state;
    struct sim_quantile_interval q = sim_interval_quantile(&s, 0.5, 0.95);
    assert_true(isinf(q.low) && isinf(q.high));
    assert_near(q.coverage, 1, 0);
    fill(&s, 30);
    q = sim_interval_quantile(&s, 0.95, 0.95);
    assert_true(isfinite(q.low));
    assert_int_equal(q.u, 31); /* open */
    assert_true(isinf(q.high));
    sim_sample_fini(&s);
    for (int i = 0; i < 100; i++) { /* "never" is an observation */
        assert_int_equal(sim_sample_add(&s, i < 50 ? (double)i : (double)INFINITY), SIM_OK);
    }
    sim_sample_sort(&s);
    q = sim_interval_quantile(&s, 0.5, 0.95);
    assert_near(q.low, 39, 0);
    assert_true(isinf(q.high) && q.u == 61);
    sim_sample_fini(&s);
}

/* 4000 samples of 100 uniforms: the share that covers is the coverage said, within 4 standard deviations. */
static void test_coverage_is_what_it_says(void **state)
{
    enum { N = 100, N_SAMPLES = 4000 };
    struct sim_stream stream;
    int n_covered = 0;
    double said = 0;
    (void)state;
    sim_stream_open(&stream, 11, 0, 0, 0, 0);
    for (int k = 0; k < N_SAMPLES; k++) {
        struct sim_sample s = {0};
        for (int i = 0; i < N; i++) {
            assert_int_equal(sim_sample_add(&s, sim_stream_uniform(&stream)), SIM_OK);
        }
        sim_sample_sort(&s);
        const struct sim_quantile_interval q = sim_interval_quantile(&s, 0.9, 0.95);
        n_covered += q.low <= 0.9 && 0.9 <= q.high;
        said = q.coverage;
        sim_sample_fini(&s);
    }
    assert_true(said >= 0.95);
    assert_near((double)n_covered / N_SAMPLES, said, 4 * sqrt(said * (1 - said) / N_SAMPLES));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ranks),
        cmocka_unit_test(test_the_least_number_closes_both_ends),
        cmocka_unit_test(test_open_ends),
        cmocka_unit_test(test_coverage_is_what_it_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
