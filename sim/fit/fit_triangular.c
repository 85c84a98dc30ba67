/* triangular(a, c, b): for given ends a and b the most likely mode is one of the values (Oliver,
 * The American Statistician 26, 1972), so what is searched is a and b. */
#include "sim/fit/fit_internal.h"

#include <math.h>

double fit_triangular_likelihood(const double *p, const double *x, size_t n)
{
    const double a = p[0];
    const double c = p[1];
    const double b = p[2];
    if (!(a <= c && c <= b && a < b) || x[0] < a || x[n - 1] > b) {
        return -INFINITY;
    }
    double sum = (double)n * log(2 / (b - a));
    for (size_t i = 0; i < n && c > a; i++) {
        sum += x[i] < c ? log((x[i] - a) / (c - a)) : 0;
    }
    for (size_t i = 0; i < n && c < b; i++) {
        sum += x[i] > c ? log((b - x[i]) / (b - c)) : 0;
    }
    return sum;
}

/* The best mode for ends a and b, and how likely that is, in one pass: with S_r the sum of ln(x - a)
 * over the r values below x_r and T_r that of ln(b - x) over those above, the likelihood of the mode
 * x_r is S_r - r ln(x_r - a) + T_r - (n - 1 - r) ln(b - x_r) + n ln(2/(b - a)). */
static double best_mode(const struct fit_data *d, double a, double b, double *mode)
{
    double best = -INFINITY;
    double above = 0;
    double below = 0;
    for (size_t i = d->n; i-- > 0;) {
        d->scratch[i] = above;
        above += log(b - d->x[i]);
    }
    for (size_t r = 0; r < d->n; r++) {
        const double rise = log(d->x[r] - a);
        const double fall = log(b - d->x[r]);
        const double height = (r > 0 ? below - (double)r * rise : 0) +
                              (r + 1 < d->n ? d->scratch[r] - (double)(d->n - 1 - r) * fall : 0);
        if (height > best) {
            best = height;
            *mode = d->x[r];
        }
        below += rise;
    }
    return best + (double)d->n * log(2 / (b - a));
}

/* A triangle may also begin with its mode, at the least value, or end with it. */
enum shape { SHAPE_FREE, SHAPE_FALLS, SHAPE_RISES, N_SHAPES };

/* What is searched: b first, then a, as far as they are not fixed at the extremes of the sample. */
struct ends {
    const struct fit_data *d;
    bool is_low_fixed, is_high_fixed;
    size_t n;
};

static struct ends make_ends(const struct fit_data *d, enum shape shape)
{
    struct ends e = {d, d->min == 0 || shape == SHAPE_FALLS, shape == SHAPE_RISES, 0};
    e.n = (size_t)!e.is_low_fixed + (size_t)!e.is_high_fixed;
    return e;
}

/* a lies between 0 and the least value, b beyond the greatest. */
static void ends_of(const struct ends *e, const double *q, double *a, double *b)
{
    const struct fit_data *const d = e->d;
    *a = e->is_low_fixed || e->n == 0 ? d->min : d->min / (1 + exp(-q[e->n - 1]));
    *b = e->is_high_fixed ? d->max : d->max + (d->max - d->min) * exp(q[0]);
}

static double ends_height(const double *q, void *self)
{
    const struct ends *const e = self;
    double a;
    double b;
    double mode = 0;
    ends_of(e, q, &a, &b);
    return best_mode(e->d, a, b, &mode);
}

/* Climbs from q; what is fixed has no place in q. */
static double search(struct ends *e, double *q, double step)
{
    return e->n > 0 ? fit_climb(ends_height, e, e->n, q, (const double[]){step, step})
                    : ends_height(q, e);
}

/* A few of the values: the extremes, and between them evenly spaced ones. */
enum { FEW = 300 };

static struct fit_data take_few(const struct fit_data *d, double *x, double *scratch)
{
    struct fit_data few = {.x = x, .n = d->n < FEW ? d->n : FEW, .scratch = scratch};
    for (size_t i = 0; i < few.n; i++) {
        x[i] = d->x[i * (d->n - 1) / (few.n - 1)];
    }
    few.min = d->min;
    few.max = d->max;
    return few;
}

/* Each shape is searched with a few values to begin with, and then, unless they are very many, with
 * all; of very many, only the shape that suits all best where the few put it. */
static struct ends search_all(const struct fit_data *d, double *q)
{
    const size_t very_many = 50000;
    double x[FEW];
    double scratch[FEW];
    const struct fit_data few = take_few(d, x, scratch);
    struct ends best = make_ends(d, SHAPE_FREE);
    double height = -INFINITY;
    for (int shape = 0; shape < N_SHAPES; shape++) {
        struct ends e = make_ends(&few, (enum shape)shape);
        double at[2] = {e.is_high_fixed ? 2 : -4, 2};
        search(&e, at, 0.5);
        e.d = d;
        const double reached = d->n > very_many ? ends_height(at, &e) : search(&e, at, 0.2);
        if (reached > height) {
            height = reached;
            best = e;
            q[0] = at[0];
            q[1] = at[1];
        }
    }
    return best;
}

static struct ends begin_near(const struct fit_data *d, const double *start, double *q)
{
    const double least = 1e-6;
    const bool falls = start[0] == start[1];
    const bool rises = start[1] == start[2];
    const struct ends e = make_ends(d, falls ? SHAPE_FALLS : rises ? SHAPE_RISES : SHAPE_FREE);
    q[0] = start[2] > d->max ? log((start[2] - d->max) / (d->max - d->min)) : -4;
    if (!e.is_low_fixed) {
        q[e.n - 1] =
            start[0] < d->min ? log(fmax(start[0], least * d->min) / (d->min - start[0])) : 2;
    }
    return e;
}

/* A search that runs towards 0 ends a little above it. */
static void snap_to_zero(const struct fit_data *d, double height, struct fit_result *r)
{
    const double near = 1e-6;
    double mode = 0;
    if (r->p[0] < near * d->min && best_mode(d, 0, r->p[2], &mode) >= height - near) {
        r->p[0] = 0;
        r->p[1] = mode;
    }
}

void fit_triangular(const struct fit_data *d, const double *start, struct fit_result *r)
{
    double q[2] = {0, 0};
    struct ends e = start != NULL ? begin_near(d, start, q) : search_all(d, q);
    const double height = search(&e, q, 0.2);
    ends_of(&e, q, &r->p[0], &r->p[2]);
    best_mode(d, r->p[0], r->p[2], &r->p[1]);
    snap_to_zero(d, height, r);
    if (!isfinite(height)) {
        fit_exclude(r, "no triangle gives every value a density above 0");
    }
}

/* The likelihood has a kink at the mode, and the ends are borderline (density rising linearly), so
 * the information is taken from the squares of the scores. */
static void add_score(double x, const double *p, double information[3][3])
{
    const double width = p[2] - p[0];
    const double rise = p[1] - p[0];
    const double fall = p[2] - p[1];
    const bool is_below = x < p[1];
    const double score[3] = {is_below ? 1 / width + 1 / rise - 1 / (x - p[0]) : 1 / width,
                             is_below ? -1 / rise : 1 / fall,
                             is_below ? -1 / width : 1 / (p[2] - x) - 1 / width - 1 / fall};
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++) {
            information[i][j] += score[i] * score[j];
        }
    }
}

void fit_triangular_errors(const struct fit_family *family, const struct fit_data *d,
                           struct fit_result *r)
{
    double m[3][3] = {{0}};
    fit_no_errors(family, d, r);
    if (!(r->p[1] > d->min && r->p[1] < d->max)) {
        return;
    }
    for (size_t i = 0; i < d->n; i++) {
        add_score(d->x[i], r->p, m);
    }
    const double minor[3] = {m[1][1] * m[2][2] - m[1][2] * m[2][1],
                             m[0][0] * m[2][2] - m[0][2] * m[2][0],
                             m[0][0] * m[1][1] - m[0][1] * m[1][0]};
    const double determinant = m[0][0] * minor[0] -
                               m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
                               m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
    for (int i = 0; i < 3 && determinant > 0; i++) {
        r->error[i] = sqrt(minor[i] / determinant);
    }
}
