/* Discrete, empirical and mixture distributions. */
#include "sim/rng/dist_internal.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

const char *const dist_compound_name[] = {
    [DIST_DISCRETE] = "discrete", [DIST_MIXTURE] = "mixture", [DIST_EMPIRICAL] = "empirical"};

static double part_moment(const struct sim_dist *d, size_t i)
{
    return d->kind == DIST_MIXTURE ? sim_dist_mean(d->part[i]) : d->value[i];
}

static double part_variance(const struct sim_dist *d, size_t i)
{
    return d->kind == DIST_MIXTURE ? sim_dist_variance(d->part[i]) : 0;
}

double dist_compound_mean(const struct sim_dist *d)
{
    double mean = 0;
    for (size_t i = 0; i < d->n; i++) {
        mean += d->weight[i] * part_moment(d, i);
    }
    return mean;
}

/* Law of total variance: E[Var(X | part)] + Var(E[X | part]). */
double dist_compound_variance(const struct sim_dist *d)
{
    const double mean = dist_compound_mean(d);
    double variance = 0;
    for (size_t i = 0; i < d->n; i++) {
        const double offset = part_moment(d, i) - mean;
        variance += d->weight[i] * (part_variance(d, i) + offset * offset);
    }
    return variance;
}

/* How many of the ascending points are <= x. The shift is added to the points, as the quantile does
 * it, and not taken from x: else a point would miss itself by a rounding error. */
static size_t count_up_to(const struct sim_dist *d, double x)
{
    size_t low = 0;
    size_t high = d->n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (d->shift + d->value[middle] <= x) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static double mixture_cdf(const struct sim_dist *d, double x)
{
    double sum = 0;
    for (size_t i = 0; i < d->n; i++) {
        sum += d->weight[i] * sim_dist_cdf(d->part[i], x);
    }
    return fmin(sum, 1);
}

double dist_compound_cdf(const struct sim_dist *d, double x)
{
    if (d->kind == DIST_MIXTURE) {
        return mixture_cdf(d, x - d->shift);
    }
    const size_t count = count_up_to(d, x);
    return count == 0 ? 0 : d->cumulated[count - 1];
}

static double point_quantile(const struct sim_dist *d, double u)
{
    size_t low = 0;
    size_t high = d->n - 1; /* cumulated[n - 1] is 1, so the answer is never behind it */
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (d->cumulated[middle] >= u) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return d->value[low];
}

/* A root of mixture_cdf - u between low and high. */
struct bracket {
    double low, high;
    double f_low, f_high; /* f_low < 0 <= f_high; the Illinois rule halves the end that stays */
};

static double next_point(const struct bracket *b, int step)
{
    const double chord = b->low - b->f_low * (b->high - b->low) / (b->f_high - b->f_low);
    const bool inside = chord > b->low && chord < b->high;
    return inside && step % 4 != 3 ? chord : b->low + (b->high - b->low) / 2;
}

static void move_end(struct bracket *b, double x, double f, int *last_side)
{
    const int side = f < 0 ? -1 : 1;
    double *const kept = side < 0 ? &b->f_high : &b->f_low;
    if (side < 0) {
        b->low = x;
        b->f_low = f;
    } else {
        b->high = x;
        b->f_high = f;
    }
    if (side == *last_side) {
        *kept /= 2;
    }
    *last_side = side;
}

/* The quantile of a mixture lies between the least and the greatest quantile of its parts; from
 * that bracket, regula falsi in the Illinois form (Dowell and Jarratt, 1971), with a bisection
 * every fourth step, until the ends are neighbouring doubles: exact also where the cdf jumps. */
static double mixture_quantile(const struct sim_dist *d, double u)
{
    struct bracket b = {INFINITY, -INFINITY, 0, 0};
    int last_side = 0;
    for (size_t i = 0; i < d->n; i++) {
        const double q = sim_dist_quantile(d->part[i], u);
        b.low = fmin(b.low, q);
        b.high = fmax(b.high, q);
    }
    b.f_low = mixture_cdf(d, b.low) - u;
    b.f_high = mixture_cdf(d, b.high) - u;
    if (b.f_low >= 0) {
        return b.low;
    }
    for (int step = 0; nextafter(b.low, b.high) < b.high; step++) {
        const double x = next_point(&b, step);
        const double f = mixture_cdf(d, x) - u;
        if (f == 0) {
            return x;
        }
        move_end(&b, x, f, &last_side);
    }
    return b.high;
}

double dist_compound_quantile(const struct sim_dist *d, double u)
{
    return d->kind == DIST_MIXTURE ? mixture_quantile(d, u) : point_quantile(d, u);
}

double dist_compound_min(const struct sim_dist *d)
{
    if (d->kind != DIST_MIXTURE) {
        return d->value[0];
    }
    double min = INFINITY;
    for (size_t i = 0; i < d->n; i++) {
        min = fmin(min, sim_dist_min(d->part[i]));
    }
    return min;
}

double dist_compound_max(const struct sim_dist *d)
{
    if (d->kind != DIST_MIXTURE) {
        return d->value[d->n - 1];
    }
    double max = -INFINITY;
    for (size_t i = 0; i < d->n; i++) {
        max = fmax(max, sim_dist_max(d->part[i]));
    }
    return max;
}

struct point {
    double value, weight;
};

static int compare_points(const void *a, const void *b)
{
    const double x = ((const struct point *)a)->value;
    const double y = ((const struct point *)b)->value;
    return (x > y) - (x < y);
}

static enum sim_err sort_points(struct sim_dist *d)
{
    struct point *const points = calloc(d->n, sizeof *points);
    if (points == NULL) {
        return SIM_ENOMEM;
    }
    for (size_t i = 0; i < d->n; i++) {
        points[i] = (struct point){d->value[i], d->weight[i]};
    }
    qsort(points, d->n, sizeof *points, compare_points);
    for (size_t i = 0; i < d->n; i++) {
        d->value[i] = points[i].value;
        d->weight[i] = points[i].weight;
    }
    free(points);
    return SIM_OK;
}

static enum sim_err check_weights(struct sim_dist *d, struct sim_error *e)
{
    double sum = 0;
    for (size_t i = 0; i < d->n; i++) {
        if (!(d->weight[i] >= 0)) {
            return sim_fail(e, SIM_EINVAL, "weight %g is negative", d->weight[i]);
        }
        sum += d->weight[i];
    }
    if (!(fabs(sum - 1) <= 1e-9)) {
        return sim_fail(e, SIM_EINVAL, "the weights sum to %.10g, not to 1", sum);
    }
    /* What is off by rounding alone stays as it was written, and is printed so. */
    const double rounding = (double)d->n * DBL_EPSILON;
    for (size_t i = 0; i < d->n && fabs(sum - 1) > rounding; i++) {
        d->weight[i] /= sum;
    }
    return SIM_OK;
}

enum sim_err dist_compound_finish(struct sim_dist *d, struct sim_error *e)
{
    enum sim_err err = check_weights(d, e);
    if (err != SIM_OK) {
        return err;
    }
    if (d->kind == DIST_MIXTURE) {
        return SIM_OK;
    }
    d->cumulated = calloc(d->n, sizeof *d->cumulated);
    if (d->cumulated == NULL || sort_points(d) != SIM_OK) {
        return sim_fail_memory(e, "a distribution");
    }
    double sum = 0;
    for (size_t i = 0; i < d->n; i++) {
        sum += d->weight[i];
        d->cumulated[i] = sum;
    }
    d->cumulated[d->n - 1] = 1;
    return SIM_OK;
}
