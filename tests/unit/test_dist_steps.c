/* Laws whose distribution function has steps: constants, weighted points, samples, and mixtures of them. */
#include "tests/support/check.h"
#include "tests/support/law.h"

#include "sim/rng/dist.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_POINTS = 10 };

/* The points in SI and what they weigh, worked out by hand. FILE stands for a sample of 30, 10, 20, 10. */
struct law {
    const char *text;
    enum sim_dimension dimension;
    struct {
        double value, weight;
    } point[MOST_POINTS]; /* ascending; weight 0 behind the last */
};

static const struct law laws[] = {
    {"constant(3)", SIM_NUMBER, {{3, 1}}},
    {"12 min", SIM_TIME, {{720, 1}}},
    {"3 s + 5 s", SIM_TIME, {{8, 1}}},
    {"0.001 + constant(0.009)", SIM_NUMBER, {{0.001 + 0.009, 1}}},
    {"discrete(7 @ 30 %, 3 @ 20 %, 5 @ 0.5) min", SIM_TIME, {{180, 0.2}, {300, 0.5}, {420, 0.3}}},
    {"discrete(2 min @ 0.5, 1 @ 0.5) h", SIM_TIME, {{120, 0.5}, {3600, 0.5}}},
    {"1 s + discrete(2 @ 0.4, 500 ms @ 0.6) min", SIM_TIME, {{1.5, 0.6}, {121, 0.4}}},
    {"discrete(1 @ 0.1, 2 @ 0.1, 3 @ 0.1, 4 @ 0.1, 5 @ 0.1, 6 @ 0.1, 7 @ 0.1, 8 @ 0.1, 9 @ 0.1, "
     "10 @ 0.1)",
     SIM_NUMBER,
     {{1, 0.1},
      {2, 0.1},
      {3, 0.1},
      {4, 0.1},
      {5, 0.1},
      {6, 0.1},
      {7, 0.1},
      {8, 0.1},
      {9, 0.1},
      {10, 0.1}}},
    {"empirical(FILE, x) ms", SIM_TIME, {{0.01, 0.5}, {0.02, 0.25}, {0.03, 0.25}}},
    {"empirical(FILE, x) min", SIM_TIME, {{600, 0.5}, {1200, 0.25}, {1800, 0.25}}},
    {"5 s + empirical(FILE, x) s", SIM_TIME, {{15, 0.5}, {25, 0.25}, {35, 0.25}}},
    {"empirical(FILE, x)", SIM_NUMBER, {{10, 0.5}, {20, 0.25}, {30, 0.25}}},
    {"mixture(discrete(1 @ 0.5, 2 @ 0.5) s @ 0.5, 1 @ 0.25, 3 @ 0.25) min",
     SIM_TIME,
     {{1, 0.25}, {2, 0.25}, {60, 0.25}, {180, 0.25}}},
    {"mixture(empirical(FILE, x) s @ 0.5, 1 @ 0.5) min",
     SIM_TIME,
     {{10, 0.25}, {20, 0.125}, {30, 0.125}, {60, 0.5}}},
    {"2 s + mixture(1 s + empirical(FILE, x) s @ 0.5, mixture(7 @ 0.5, 500 ms @ 0.5) s @ 0.5)",
     SIM_TIME,
     {{2.5, 0.25}, {9, 0.25}, {13, 0.25}, {23, 0.125}, {33, 0.125}}},
};

enum { N_LAWS = sizeof laws / sizeof laws[0] };

static char file[32]; /* the sample */

static int write_sample(void **state)
{
    static const char text[] = "x\n30\n10\n20\n10\n";
    (void)state;
    strcpy(file, "/tmp/sample.XXXXXX");
    const int descriptor = mkstemp(file);
    if (descriptor < 0) {
        return -1;
    }
    const ssize_t written = write(descriptor, text, strlen(text));
    return close(descriptor) == 0 && written == (ssize_t)strlen(text) ? 0 : -1;
}

static int remove_sample(void **state)
{
    (void)state;
    return unlink(file);
}

static struct sim_dist *read_law(const struct law *law)
{
    char text[256];
    const char *const name = strstr(law->text, "FILE");
    if (name == NULL) {
        return law_parse(law->text, law->dimension);
    }
    snprintf(text, sizeof text, "%.*s%s%s", (int)(name - law->text), law->text, file,
             name + strlen("FILE"));
    return law_parse(text, law->dimension);
}

static size_t count_points(const struct law *law)
{
    size_t n = 0;
    while (n < MOST_POINTS && law->point[n].weight > 0) {
        n++;
    }
    return n;
}

static void test_moments(void **state)
{
    (void)state;
    for (int i = 0; i < N_LAWS; i++) {
        struct sim_dist *const d = read_law(&laws[i]);
        const size_t n = count_points(&laws[i]);
        double mean = 0;
        double variance = 0;
        for (size_t k = 0; k < n; k++) {
            mean += laws[i].point[k].weight * laws[i].point[k].value;
        }
        for (size_t k = 0; k < n; k++) {
            const double offset = laws[i].point[k].value - mean;
            variance += laws[i].point[k].weight * offset * offset;
        }
        assert_close(sim_dist_mean(d), mean, 1e-14);
        assert_near(sim_dist_variance(d), variance, 1e-13 * variance);
        assert_close(sim_dist_min(d), laws[i].point[0].value, 1e-15);
        assert_close(sim_dist_max(d), laws[i].point[n - 1].value, 1e-15);
        sim_dist_destroy(d);
    }
}

/* Between two steps the quantile stays, and the distribution function jumps at it and nowhere else. */
static void test_steps(void **state)
{
    (void)state;
    for (int i = 0; i < N_LAWS; i++) {
        struct sim_dist *const d = read_law(&laws[i]);
        double below = 0;
        for (size_t k = 0; k < count_points(&laws[i]); k++) {
            const double above = below + laws[i].point[k].weight;
            const double x = sim_dist_quantile(d, below + 0.5 * (above - below));
            assert_close(x, laws[i].point[k].value, 1e-15);
            assert_close(sim_dist_quantile(d, below + 1e-9), x, 0);
            assert_close(sim_dist_quantile(d, above - 1e-9), x, 0);
            assert_near(sim_dist_cdf(d, x), above, 1e-15);
            assert_near(sim_dist_cdf(d, nextafter(x, -INFINITY)), below, 1e-15);
            below = above;
        }
        assert_near(sim_dist_cdf(d, INFINITY), 1, 1e-15);
        assert_near(sim_dist_cdf(d, -INFINITY), 0, 0);
        sim_dist_destroy(d);
    }
}

/* The shift of a sample is added to its points, not taken from x: else some would miss themselves. */
static void test_shifted_samples(void **state)
{
    (void)state;
    for (int i = 0; i < 200; i++) {
        char text[128];
        snprintf(text, sizeof text, "%d ms + empirical(%s, x) ms", i, file);
        struct sim_dist *const d = law_parse(text, SIM_TIME);
        for (double u = 0.125; u < 1; u += 0.25) {
            const double x = sim_dist_quantile(d, u);
            assert_true(sim_dist_cdf(d, x) >= u);
            assert_true(sim_dist_cdf(d, nextafter(x, 0)) < u);
        }
        sim_dist_destroy(d);
    }
}

/* Chi-square over the points: with k - 1 degrees of freedom its mean is k - 1, its variance 2 (k - 1). */
static void test_samples_follow_the_law(void **state)
{
    enum { N = 20000 };
    (void)state;
    for (int i = 0; i < N_LAWS; i++) {
        struct sim_dist *const d = read_law(&laws[i]);
        const size_t n = count_points(&laws[i]);
        unsigned count[MOST_POINTS] = {0};
        struct sim_stream s;
        double chi_square = 0;
        sim_stream_open(&s, 98, (uint32_t)i, 0, 0, 0);
        for (int k = 0; k < N; k++) {
            const double x = sim_dist_draw(d, &s);
            size_t at = 0;
            while (at < n && fabs(x - laws[i].point[at].value) > 1e-9) {
                at++;
            }
            assert_in_range(at, 0, n - 1);
            count[at]++;
        }
        for (size_t k = 0; k < n; k++) {
            const double expected = N * laws[i].point[k].weight;
            chi_square += (count[k] - expected) * (count[k] - expected) / expected;
        }
        const double freedom = (double)n - 1;
        assert_true(chi_square <= freedom + 4 * sqrt(2 * freedom)); /* P < 0.001 for 3 and more */
        sim_dist_destroy(d);
    }
}

/* One variate, one uniform number, also of a constant. */
static void test_a_draw_takes_one_number(void **state)
{
    (void)state;
    for (int i = 0; i < N_LAWS; i++) {
        struct sim_dist *const d = read_law(&laws[i]);
        struct sim_stream s;
        sim_stream_open(&s, 1, 2, 3, 4, 5);
        struct sim_stream uniform = s;
        for (int k = 0; k < 20; k++) {
            assert_close(sim_dist_draw(d, &s), sim_dist_quantile(d, sim_stream_uniform(&uniform)),
                         0);
        }
        assert_close(sim_stream_uniform(&s), sim_stream_uniform(&uniform), 0);
        sim_dist_destroy(d);
    }
}

static void test_printed_laws_read_back(void **state)
{
    (void)state;
    for (int i = 0; i < N_LAWS; i++) {
        struct sim_dist *const d = read_law(&laws[i]);
        char *const text = law_text(d, laws[i].dimension);
        struct sim_dist *const copy = law_parse(text, laws[i].dimension);
        char *const again = law_text(copy, laws[i].dimension);
        assert_string_equal(again, text); /* canonical */
        for (double u = 0.03125; u < 1; u += 0.0625) {
            assert_close(sim_dist_quantile(copy, u), sim_dist_quantile(d, u), 1e-15);
        }
        free(text);
        free(again);
        sim_dist_destroy(copy);
        sim_dist_destroy(d);
    }
}

/* Weights are printed as they were written if they sum to 1 but for rounding. */
static void test_printed_weights(void **state)
{
    static const char as_written[] = "mixture(uniform(0, 1) @ 0.7, 2 @ 0.2, 3 @ 0.1)";
    static const char rounded[] = "discrete(1 @ 33.3333333 %, 2 @ 33.3333333 %, 3 @ 33.3333334 %)";
    static const char scaled[] = "discrete(1 @ 0.3333333334, 2 @ 0.3333333334, 3 @ 0.3333333334)";
    (void)state;
    struct sim_dist *d = law_parse(as_written, SIM_NUMBER);
    char *text = law_text(d, SIM_NUMBER);
    assert_string_equal(text, as_written);
    free(text);
    sim_dist_destroy(d);
    d = law_parse(rounded, SIM_NUMBER);
    assert_close(sim_dist_cdf(d, 1), 0.333333333, 1e-15);
    sim_dist_destroy(d);
    d = law_parse(scaled, SIM_NUMBER); /* within 1e-9: they are scaled */
    assert_close(sim_dist_cdf(d, 1), 1.0 / 3, 1e-15);
    assert_close(sim_dist_mean(d), 2, 1e-15);
    sim_dist_destroy(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_moments),
        cmocka_unit_test(test_steps),
        cmocka_unit_test(test_shifted_samples),
        cmocka_unit_test(test_samples_follow_the_law),
        cmocka_unit_test(test_a_draw_takes_one_number),
        cmocka_unit_test(test_printed_laws_read_back),
        cmocka_unit_test(test_printed_weights),
    };
    return cmocka_run_group_tests(tests, write_sample, remove_sample);
}
