#include "sim/design/points.h"

#include "sim/design/draws_internal.h"

#include <gsl/gsl_qrng.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The largest double below 1: rounding must not take a point out of its stratum or the cube. */
static double below_one(double x)
{
    return fmin(x, nextafter(1, 0));
}

static void draw_latin(uint64_t seed, uint32_t try, size_t n, size_t k, size_t *stratum,
                       double point[])
{
    for (size_t j = 0; j < k; j++) {
        struct sim_stream stream;
        sim_stream_open(&stream, seed, (uint32_t)j, DRAW_LATIN, 0, try);
        gsl_rng view = sim_stream_gsl(&stream);
        for (size_t i = 0; i < n; i++) {
            stratum[i] = i;
        }
        gsl_ran_shuffle(&view, stratum, n, sizeof *stratum);
        for (size_t i = 0; i < n; i++) {
            const double place = (double)stratum[i] + sim_stream_uniform(&stream);
            point[i * k + j] = below_one(place / (double)n);
        }
    }
}

static double least_distance2(const double point[], size_t n, size_t k)
{
    double least = INFINITY;
    for (size_t a = 0; a < n; a++) {
        for (size_t b = 0; b < a; b++) {
            double sum = 0;
            for (size_t j = 0; j < k; j++) {
                const double d = point[a * k + j] - point[b * k + j];
                sum += d * d;
            }
            least = fmin(least, sum);
        }
    }
    return least;
}

static void improve_latin(uint64_t seed, size_t n, size_t k, uint32_t n_tries, size_t *stratum,
                          double *candidate, double point[])
{
    double best = least_distance2(point, n, k);
    for (uint32_t try = 1; try < n_tries; try++) {
        draw_latin(seed, try, n, k, stratum, candidate);
        const double distance2 = least_distance2(candidate, n, k);
        if (distance2 > best) {
            best = distance2;
            memcpy(point, candidate, n * k * sizeof *point);
        }
    }
}

enum sim_err sim_design_latin(uint64_t seed, size_t n, size_t k, uint32_t n_tries, double point[])
{
    if (n == 0 || k == 0 || n_tries == 0) {
        return SIM_EINVAL;
    }
    size_t *const stratum = calloc(n, sizeof *stratum);
    double *const candidate = n_tries > 1 ? calloc(n * k, sizeof *candidate) : NULL;
    const bool has_memory = stratum != NULL && (n_tries == 1 || candidate != NULL);
    if (has_memory) {
        draw_latin(seed, 0, n, k, stratum, point);
    }
    if (has_memory && n_tries > 1) {
        improve_latin(seed, n, k, n_tries, stratum, candidate, point);
    }
    free(stratum);
    free(candidate);
    return has_memory ? SIM_OK : SIM_ENOMEM;
}

static void shift(uint64_t seed, size_t n, size_t k, double point[])
{
    struct sim_stream stream;
    sim_stream_open(&stream, seed, 0, DRAW_SOBOL, 0, 0);
    for (size_t j = 0; j < k; j++) {
        const double offset = sim_stream_uniform(&stream);
        for (size_t i = 0; i < n; i++) {
            const double x = point[i * k + j] + offset;
            point[i * k + j] = below_one(x >= 1 ? x - 1 : x);
        }
    }
}

enum sim_err sim_design_sobol(uint64_t seed, size_t n, size_t k, double point[])
{
    if (n == 0 || k == 0 || k > SIM_SOBOL_MAX_DIMENSIONS) {
        return SIM_EINVAL;
    }
    gsl_qrng *const sequence = gsl_qrng_alloc(gsl_qrng_sobol, (unsigned)k);
    if (sequence == NULL) {
        return SIM_ENOMEM;
    }
    memset(point, 0, k * sizeof *point);
    for (size_t i = 1; i < n; i++) {
        gsl_qrng_get(sequence, point + i * k);
    }
    gsl_qrng_free(sequence);
    if (seed != 0) {
        shift(seed, n, k, point);
    }
    return SIM_OK;
}
