#include "sim/design/morris.h"

#include "sim/design/draws_internal.h"
#include "sim/stat/interval.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Four levels; the step of two thirds visits all of them equally often (Morris, section 3). */
static const double step = 2.0 / 3;

/* Begins at 0 or 1/3 where a factor will go up, at 2/3 or 1 where it will go down. */
static void draw_trajectory(uint64_t seed, uint32_t t, size_t k, size_t *order, double *point)
{
    struct sim_stream stream;
    sim_stream_open(&stream, seed, 0, DRAW_MORRIS, 0, t);
    gsl_rng view = sim_stream_gsl(&stream);
    for (size_t j = 0; j < k; j++) {
        order[j] = j;
        point[j] = (double)(sim_stream_word(&stream) >> 30) / 3;
    }
    gsl_ran_shuffle(&view, order, k, sizeof *order);
    for (size_t s = 0; s < k; s++) {
        const double *const from = point + s * k;
        double *const to = point + (s + 1) * k;
        const size_t j = order[s];
        memcpy(to, from, k * sizeof *to);
        to[j] = from[j] < 0.5 ? from[j] + step : from[j] - step;
        to[j] = round(3 * to[j]) / 3; /* exactly a level */
    }
}

enum sim_err sim_morris_design(uint64_t seed, size_t n_trajectories, size_t k, double point[])
{
    if (n_trajectories == 0 || k == 0) {
        return SIM_EINVAL;
    }
    size_t *const order = calloc(k, sizeof *order);
    if (order == NULL) {
        return SIM_ENOMEM;
    }
    for (size_t t = 0; t < n_trajectories; t++) {
        draw_trajectory(seed, (uint32_t)t, k, order, point + t * (k + 1) * k);
    }
    free(order);
    return SIM_OK;
}

/* The factor that moves between two rows. */
static size_t moved(const double *from, const double *to, size_t k)
{
    size_t j = 0;
    while (j + 1 < k && fabs(to[j] - from[j]) < step / 2) {
        j++;
    }
    return j;
}

static void tally_factor(size_t n_trajectories, size_t k, size_t factor, const double point[],
                         const double result[], struct sim_tally *plain, struct sim_tally *absolute)
{
    for (size_t t = 0; t < n_trajectories; t++) {
        for (size_t s = 0; s < k; s++) {
            const size_t row = t * (k + 1) + s;
            const double *const from = point + row * k;
            const double *const to = from + k;
            if (moved(from, to, k) != factor) {
                continue;
            }
            const double e = (result[row + 1] - result[row]) / (to[factor] - from[factor]);
            if (!isnan(e)) {
                sim_tally_add(plain, e);
                sim_tally_add(absolute, fabs(e));
            }
        }
    }
}

void sim_morris_effects(size_t n_trajectories, size_t k, const double point[],
                        const double result[], double confidence, struct sim_morris_effect effect[])
{
    for (size_t j = 0; j < k; j++) {
        struct sim_tally plain = {0};
        struct sim_tally absolute = {0};
        tally_factor(n_trajectories, k, j, point, result, &plain, &absolute);
        effect[j] = (struct sim_morris_effect){0, NAN, NAN, NAN, NAN};
        if (plain.n > 0) {
            const struct sim_interval interval = sim_interval_student(&absolute, confidence);
            effect[j] = (struct sim_morris_effect){(size_t)plain.n, plain.mean, interval.mean,
                                                   interval.half_width, sim_tally_sd(&plain)};
        }
    }
}
