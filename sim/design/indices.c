#include "sim/design/indices.h"

#include "sim/base/assert.h"
#include "sim/design/draws_internal.h"
#include "sim/design/points.h"
#include "sim/stat/sample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum sim_err sim_indices_design(uint64_t seed, size_t n, size_t k, double point[])
{
    if (n < 2 || k == 0) {
        return SIM_EINVAL;
    }
    double *const pair = calloc(n * 2 * k, sizeof *pair);
    if (pair == NULL) {
        return SIM_ENOMEM;
    }
    const enum sim_err err = 2 * k <= SIM_SOBOL_MAX_DIMENSIONS
                                 ? sim_design_sobol(seed, n, 2 * k, pair)
                                 : sim_design_latin(seed, n, 2 * k, 1, pair);
    for (size_t i = 0; i < n && err == SIM_OK; i++) {
        const double *const a = pair + i * 2 * k;
        const double *const b = a + k;
        double *const block = point + i * (k + 2) * k;
        memcpy(block, a, k * sizeof *a);
        memcpy(block + k, b, k * sizeof *b);
        for (size_t j = 0; j < k; j++) {
            double *const mixed = block + (2 + j) * k;
            memcpy(mixed, a, k * sizeof *a);
            mixed[j] = b[j];
        }
    }
    free(pair);
    return err;
}

/* ---- Estimators ---- */

/* Blocks that have all results, each k + 2 of them: a, b, mixed. */
struct blocks {
    double *value;
    size_t n, k;
};

static void keep_whole_blocks(size_t n, const double result[], struct blocks *b)
{
    const size_t width = b->k + 2;
    for (size_t i = 0; i < n; i++) {
        bool is_whole = true;
        for (size_t c = 0; c < width; c++) {
            is_whole = is_whole && isfinite(result[i * width + c]);
        }
        if (is_whole) {
            memcpy(b->value + b->n++ * width, result + i * width, width * sizeof *result);
        }
    }
}

static const double *block_of(const struct blocks *b, const size_t chosen[], size_t i)
{
    return b->value + chosen[i] * (b->k + 2);
}

/* Mean and variance over all a and b of the chosen blocks. */
static double moments(const struct blocks *b, const size_t chosen[], double *mean)
{
    double sum = 0;
    double squares = 0;
    for (size_t i = 0; i < b->n; i++) {
        const double *const f = block_of(b, chosen, i);
        sum += f[0] + f[1];
    }
    *mean = sum / (2 * (double)b->n);
    for (size_t i = 0; i < b->n; i++) {
        const double *const f = block_of(b, chosen, i);
        squares += (f[0] - *mean) * (f[0] - *mean) + (f[1] - *mean) * (f[1] - *mean);
    }
    return squares / (2 * (double)b->n - 1);
}

static void estimate(const struct blocks *b, const size_t chosen[], double first[], double total[])
{
    double mean;
    const double variance = moments(b, chosen, &mean);
    for (size_t j = 0; j < b->k; j++) {
        double product = 0;
        double squares = 0;
        for (size_t i = 0; i < b->n; i++) {
            const double *const f = block_of(b, chosen, i);
            const double change = f[2 + j] - f[0];
            product += (f[1] - mean) * change;
            squares += change * change;
        }
        first[j] = product / ((double)b->n * variance); /* NaN where nothing varies */
        total[j] = squares / (2 * (double)b->n * variance);
    }
}

/* ---- Bootstrap ---- */

struct bootstrap {
    size_t *chosen;
    double *first, *total;                    /* of one resample */
    struct sim_sample *first_all, *total_all; /* k each */
};

static bool bootstrap_create(const struct blocks *b, struct bootstrap *s)
{
    *s = (struct bootstrap){calloc(b->n + 1, sizeof *s->chosen), calloc(b->k, sizeof *s->first),
                            calloc(b->k, sizeof *s->total), calloc(b->k, sizeof *s->first_all),
                            calloc(b->k, sizeof *s->total_all)};
    return s->chosen != NULL && s->first != NULL && s->total != NULL && s->first_all != NULL &&
           s->total_all != NULL;
}

static void bootstrap_destroy(struct bootstrap *s, size_t k)
{
    for (size_t j = 0; j < k && s->first_all != NULL && s->total_all != NULL; j++) {
        sim_sample_fini(&s->first_all[j]);
        sim_sample_fini(&s->total_all[j]);
    }
    free(s->chosen);
    free(s->first);
    free(s->total);
    free(s->first_all);
    free(s->total_all);
}

static void choose(uint64_t seed, uint32_t resample, size_t n, size_t chosen[])
{
    struct sim_stream stream;
    sim_stream_open(&stream, seed, 0, DRAW_BOOTSTRAP, 0, resample);
    for (size_t i = 0; i < n; i++) {
        chosen[i] = (size_t)(sim_stream_uniform(&stream) * (double)n);
    }
}

static enum sim_err resample(uint64_t seed, const struct blocks *b, size_t n_resamples,
                             struct bootstrap *s)
{
    for (size_t r = 0; r < n_resamples; r++) {
        choose(seed, (uint32_t)r, b->n, s->chosen);
        estimate(b, s->chosen, s->first, s->total);
        for (size_t j = 0; j < b->k; j++) {
            if (isnan(s->first[j])) { /* all chosen blocks are equal */
                continue;
            }
            if (sim_sample_add(&s->first_all[j], s->first[j]) != SIM_OK ||
                sim_sample_add(&s->total_all[j], s->total[j]) != SIM_OK) {
                return SIM_ENOMEM;
            }
        }
    }
    return SIM_OK;
}

static struct sim_index index_of(double value, struct sim_sample *resamples, double confidence)
{
    sim_sample_sort(resamples);
    return (struct sim_index){value, sim_sample_quantile(resamples, (1 - confidence) / 2),
                              sim_sample_quantile(resamples, (1 + confidence) / 2)};
}

static enum sim_err estimate_all(uint64_t seed, const struct blocks *b, double confidence,
                                 size_t n_resamples, struct sim_indices indices[])
{
    struct bootstrap s;
    enum sim_err err = bootstrap_create(b, &s) ? SIM_OK : SIM_ENOMEM;
    if (err == SIM_OK) {
        err = resample(seed, b, n_resamples, &s);
    }
    if (err == SIM_OK) {
        for (size_t i = 0; i < b->n; i++) {
            s.chosen[i] = i;
        }
        estimate(b, s.chosen, s.first, s.total);
        for (size_t j = 0; j < b->k; j++) {
            indices[j].first = index_of(s.first[j], &s.first_all[j], confidence);
            indices[j].total = index_of(s.total[j], &s.total_all[j], confidence);
        }
    }
    bootstrap_destroy(&s, b->k);
    return err;
}

enum sim_err sim_indices_estimate(uint64_t seed, size_t n, size_t k, const double result[],
                                  double confidence, size_t n_resamples,
                                  struct sim_indices indices[], size_t *n_used)
{
    SIM_ASSERT(n > 0 && k > 0 && confidence > 0 && confidence < 1);
    struct blocks b = {calloc(n * (k + 2), sizeof *b.value), 0, k};
    if (b.value == NULL) {
        return SIM_ENOMEM;
    }
    keep_whole_blocks(n, result, &b);
    const struct sim_index none = {NAN, NAN, NAN};
    for (size_t j = 0; j < k; j++) {
        indices[j] = (struct sim_indices){none, none};
    }
    *n_used = b.n;
    const enum sim_err err =
        b.n < 2 ? SIM_OK : estimate_all(seed, &b, confidence, n_resamples, indices);
    free(b.value);
    return err;
}
