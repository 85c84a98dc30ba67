#include "sim/stat/selection.h"

#include "sim/base/assert.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct sim_selection {
    size_t k;
    double indifference, h2;
    uint32_t n0, n_rounds;
    bool *is_in;
    bool *was_in;      /* at the start of the round: all comparisons are made with those */
    double *sum;       /* by system */
    double *first;     /* observations of the first n0 rounds: first[round * k + i] */
    double *variance;  /* S_il^2 of the differences: variance[i * k + l] */
    double last_round; /* when every bound has come down to 0 */
};

double sim_selection_h2(size_t k, double confidence, uint32_t n0)
{
    const double a = 1 - confidence;
    const double degrees = n0 - 1.0;
    const double eta = (pow(2 * a / ((double)k - 1), -2 / degrees) - 1) / 2;
    return 2 * eta * degrees;
}

enum sim_err sim_selection_create(size_t k, double confidence, double indifference, uint32_t n0,
                                  struct sim_selection **out)
{
    if (k < 2 || !(confidence > 0.5 && confidence < 1) || !(indifference > 0) || n0 < 2) {
        return SIM_EINVAL;
    }
    struct sim_selection *const s = calloc(1, sizeof *s);
    if (s == NULL) {
        return SIM_ENOMEM;
    }
    s->k = k;
    s->indifference = indifference;
    s->h2 = sim_selection_h2(k, confidence, n0);
    s->n0 = n0;
    s->is_in = calloc(k, sizeof *s->is_in);
    s->was_in = calloc(k, sizeof *s->was_in);
    s->sum = calloc(k, sizeof *s->sum);
    s->first = calloc(k * n0, sizeof *s->first);
    s->variance = calloc(k * k, sizeof *s->variance);
    if (s->is_in == NULL || s->was_in == NULL || s->sum == NULL || s->first == NULL ||
        s->variance == NULL) {
        sim_selection_destroy(s);
        return SIM_ENOMEM;
    }
    for (size_t i = 0; i < k; i++) {
        s->is_in[i] = true;
    }
    *out = s;
    return SIM_OK;
}

void sim_selection_destroy(struct sim_selection *s)
{
    if (s == NULL) {
        return;
    }
    free(s->is_in);
    free(s->was_in);
    free(s->sum);
    free(s->first);
    free(s->variance);
    free(s);
}

static double variance_of_difference(const struct sim_selection *s, size_t i, size_t l)
{
    double mean = 0;
    double squares = 0;
    for (uint32_t r = 0; r < s->n0; r++) {
        mean += (s->first[r * s->k + i] - s->first[r * s->k + l]) / s->n0;
    }
    for (uint32_t r = 0; r < s->n0; r++) {
        const double deviation = s->first[r * s->k + i] - s->first[r * s->k + l] - mean;
        squares += deviation * deviation;
    }
    return squares / (s->n0 - 1.0);
}

static void fix_variances(struct sim_selection *s)
{
    const double d2 = s->indifference * s->indifference;
    for (size_t i = 0; i < s->k; i++) {
        for (size_t l = 0; l < s->k; l++) {
            const double variance = variance_of_difference(s, i, l);
            s->variance[i * s->k + l] = variance;
            s->last_round = fmax(s->last_round, s->h2 * variance / d2);
        }
    }
}

/* Is i worse than l by more than chance allows at this round? */
static bool is_beaten(const struct sim_selection *s, size_t i, size_t l)
{
    const double d = s->indifference;
    const double slack = s->h2 * s->variance[i * s->k + l] / (d * d) - s->n_rounds;
    return s->sum[i] - s->sum[l] > fmax(0, d / 2 * slack);
}

static void screen(struct sim_selection *s)
{
    memcpy(s->was_in, s->is_in, s->k * sizeof *s->is_in);
    for (size_t i = 0; i < s->k; i++) {
        for (size_t l = 0; l < s->k && s->is_in[i]; l++) {
            s->is_in[i] = l == i || !s->was_in[l] || !is_beaten(s, i, l);
        }
    }
}

void sim_selection_add(struct sim_selection *s, const double value[])
{
    SIM_ASSERT(!sim_selection_is_decided(s));
    for (size_t i = 0; i < s->k; i++) {
        if (s->is_in[i]) {
            SIM_ASSERT(isfinite(value[i]));
            s->sum[i] += value[i];
            if (s->n_rounds < s->n0) {
                s->first[s->n_rounds * s->k + i] = value[i];
            }
        }
    }
    s->n_rounds++;
    if (s->n_rounds == s->n0) {
        fix_variances(s);
    }
    if (s->n_rounds >= s->n0) {
        screen(s);
    }
}

bool sim_selection_is_in(const struct sim_selection *s, size_t i)
{
    return s->is_in[i];
}

/* Equal systems are never told apart: past the last round the least mean is taken. */
bool sim_selection_is_decided(const struct sim_selection *s)
{
    size_t n_in = 0;
    for (size_t i = 0; i < s->k; i++) {
        n_in += s->is_in[i];
    }
    return n_in == 1 || (s->n_rounds >= s->n0 && s->n_rounds > s->last_round);
}

uint32_t sim_selection_n_rounds(const struct sim_selection *s)
{
    return s->n_rounds;
}

size_t sim_selection_best(const struct sim_selection *s)
{
    size_t best = s->k;
    for (size_t i = 0; i < s->k; i++) {
        if (s->is_in[i] && (best == s->k || s->sum[i] < s->sum[best])) {
            best = i;
        }
    }
    return best;
}
