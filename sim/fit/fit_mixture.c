/* A mixture of two lognormals: on the logarithms two normals, by expectation and maximisation
 * (Dempster, Laird, Rubin, J. Royal Statistical Society B 39, 1977) from three beginnings. The
 * likelihood has no bound where a part shrinks to a single value, so a part that does is refused. */
#include "sim/base/assert.h"
#include "sim/fit/fit_internal.h"

#include <math.h>

/* Parameters: median, sigma, median, sigma, weight of the first part. */
double fit_mixture_likelihood(const double *p, const double *x, size_t n)
{
    if (!(p[0] > 0 && p[1] > 0 && p[2] > 0 && p[3] > 0 && p[4] > 0 && p[4] < 1) || x[0] <= 0) {
        return -INFINITY;
    }
    const double mu[2] = {log(p[0]), log(p[2])};
    const double share[2] = {log(p[4] / p[1]), log((1 - p[4]) / p[3])};
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        const double y = log(x[i]);
        const double z0 = (y - mu[0]) / p[1];
        const double z1 = (y - mu[1]) / p[3];
        const double a = share[0] - z0 * z0 / 2;
        const double b = share[1] - z1 * z1 / 2;
        sum += fmax(a, b) + log1p(exp(-fabs(a - b))) - y;
    }
    return sum - (double)n * log(2 * M_PI) / 2;
}

enum { MOST_GROUPS = 20000 };

struct parts {
    double mean[2], sd[2], weight[2]; /* of the logarithms */
};

struct ascent {
    struct parts parts;
    const double *y; /* n logarithms */
    size_t n;
    const struct fit_data *data;
};

/* Each logarithm is divided between the parts by what is likely, then the parts are fitted to what they
 * got. Returns the log-likelihood of the parts before that, up to a constant. */
static double improve(struct parts *parts, const double *y, size_t n)
{
    const struct parts old = *parts;
    double count[2] = {0, 0};
    double sum[2] = {0, 0};
    double squares[2] = {0, 0};
    double height = 0;
    const double offset[2] = {log(old.weight[0] / old.sd[0]), log(old.weight[1] / old.sd[1])};
    for (size_t i = 0; i < n; i++) {
        const double z0 = (y[i] - old.mean[0]) / old.sd[0];
        const double z1 = (y[i] - old.mean[1]) / old.sd[1];
        const double a = offset[0] - z0 * z0 / 2;
        const double b = offset[1] - z1 * z1 / 2;
        const double rest = exp(-fabs(a - b));
        height += fmax(a, b) + log1p(rest);
        const double share[2] = {(a > b ? 1 : rest) / (1 + rest), (a > b ? rest : 1) / (1 + rest)};
        for (int k = 0; k < 2; k++) {
            const double from = y[i] - old.mean[k]; /* near the mean no digits cancel */
            count[k] += share[k];
            sum[k] += share[k] * from;
            squares[k] += share[k] * from * from;
        }
    }
    for (int k = 0; k < 2; k++) {
        const double move = sum[k] / count[k];
        parts->weight[k] = count[k] / (double)n;
        parts->mean[k] = old.mean[k] + move;
        parts->sd[k] = sqrt(fmax(squares[k] / count[k] - move * move, 0));
    }
    return height;
}

/* A part of few values, or much narrower than the whole, is no law but a spike. */
static bool is_spike(const struct parts *p, const struct fit_data *d, size_t n)
{
    const double least_values = 10;
    const double least_sd = 0.01;
    for (int k = 0; k < 2; k++) {
        if (!(p->weight[k] * (double)n >= least_values && p->sd[k] >= least_sd * d->sd_log)) {
            return true;
        }
    }
    return false;
}

static double step(void *self)
{
    struct ascent *const a = self;
    const double height = improve(&a->parts, a->y, a->n);
    return is_spike(&a->parts, a->data, a->n) ? -INFINITY : height;
}

/* Returns the height, -INFINITY for a spike. */
static double settle(struct parts *p, const double *y, size_t n, const struct fit_data *d,
                     int most_steps)
{
    const double least_gain = 1e-8;
    struct ascent a = {*p, y, n, d};
    const double height = fit_repeat(step, &a, least_gain, most_steps);
    *p = a.parts;
    return height;
}

/* Parts split at the quantile `share`; y ascends. */
static struct parts split(const double *y, size_t n, double share, const struct fit_data *d)
{
    struct parts p;
    const size_t at = (size_t)(share * (double)n);
    const double sum[2] = {share, 1 - share};
    const size_t begin[3] = {0, at, n};
    for (int k = 0; k < 2; k++) {
        double mean = 0;
        for (size_t i = begin[k]; i < begin[k + 1]; i++) {
            mean += y[i];
        }
        p.mean[k] = mean / (double)(begin[k + 1] - begin[k]);
        p.sd[k] = d->sd_log / 2;
        p.weight[k] = sum[k];
    }
    return p;
}

/* The beginnings are compared on some 2000 of the values, evenly spaced; y is scratch. */
static double choose_beginning(const struct fit_data *d, double *y, struct parts *best)
{
    enum { FEW = 2000, MOST_STEPS = 500 };
    const size_t stride = d->n / FEW + 1;
    size_t n = 0;
    for (size_t i = stride / 2; i < d->n; i += stride) {
        y[n++] = log(d->x[i]);
    }
    double height = -INFINITY;
    for (int i = 1; i <= 3; i++) {
        struct parts p = split(y, n, 0.25 * i, d);
        const double reached = settle(&p, y, n, d, MOST_STEPS);
        if (reached > height) {
            height = reached;
            *best = p;
        }
    }
    return height;
}

static bool begin_near(const double *start, struct parts *p)
{
    if (start == NULL) {
        return false;
    }
    for (int k = 0; k < 2; k++) {
        p->mean[k] = log(start[2 * (size_t)k]);
        p->sd[k] = start[2 * (size_t)k + 1];
        p->weight[k] = k == 0 ? start[4] : 1 - start[4];
    }
    return true;
}

/* ---- The top of a mixture, whatever its parts are ---- */

double fit_repeat(fit_step *step_once, void *self, double least_gain, int most_steps)
{
    double last = -INFINITY;
    for (int i = 0; i < most_steps; i++) {
        const double height = step_once(self);
        if (!isfinite(height)) {
            return -INFINITY;
        }
        if (height - last < least_gain) {
            return height;
        }
        last = height;
    }
    return last;
}

struct mixture {
    fit_likelihood_fn *likelihood;
    const struct fit_data *data;
    size_t n; /* parameters */
};

/* Positive parameters by their logarithms, the share of the first part, the last one, by its logit. */
static void from_plane(const double *q, size_t n, double *p)
{
    for (size_t i = 0; i + 1 < n; i++) {
        p[i] = exp(q[i]);
    }
    p[n - 1] = 1 / (1 + exp(-q[n - 1]));
}

static double mixture_height(const double *q, void *self)
{
    const struct mixture *const m = self;
    double p[SIM_FIT_PARAMETERS];
    from_plane(q, m->n, p);
    return m->likelihood(p, m->data->x, m->data->n);
}

double fit_polish_mixture(const struct fit_data *d, fit_likelihood_fn *likelihood, double *p,
                          size_t n)
{
    struct mixture m = {likelihood, d, n};
    double q[SIM_FIT_PARAMETERS];
    double step[SIM_FIT_PARAMETERS];
    SIM_ASSERT(n > 1 && n <= SIM_FIT_PARAMETERS);
    for (size_t i = 0; i < n; i++) {
        q[i] = i + 1 < n ? log(p[i]) : log(p[i] / (1 - p[i]));
        step[i] = 0.1 / sqrt(sqrt((double)d->n));
    }
    const double before = mixture_height(q, &m);
    const double after = fit_climb(mixture_height, &m, n, q, step);
    if (!(after > before)) {
        return before;
    }
    from_plane(q, n, p);
    return after;
}

/* ---- Two lognormals ---- */

/* The logarithms, or of a large sample the means of groups of neighbours: 20,000 groups place the
 * maximum as well as the values themselves. The last takes what is left over. Returns how many. */
static size_t fill_logs(const struct fit_data *d)
{
    const size_t size = d->n / MOST_GROUPS + 1;
    const size_t n = d->n / size;
    for (size_t i = 0; i < n; i++) {
        const size_t end = i + 1 < n ? (i + 1) * size : d->n;
        double sum = 0;
        for (size_t k = i * size; k < end; k++) {
            sum += log(d->x[k]);
        }
        d->scratch[i] = sum / (double)(end - i * size);
    }
    return n;
}

void fit_mixture(const struct fit_data *d, const double *start, struct fit_result *r)
{
    enum { MOST_STEPS = 1000, FEW_STEPS = 100 };
    struct parts p = {{0}, {0}, {0}};
    const bool is_near = begin_near(start, &p);
    double height = is_near ? 0 : choose_beginning(d, d->scratch, &p);
    if (isfinite(height)) {
        const size_t n = fill_logs(d);
        height = settle(&p, d->scratch, n, d, is_near ? FEW_STEPS : MOST_STEPS);
    }
    if (!isfinite(height)) {
        fit_exclude(r, "one part shrinks to a spike: there are no two lognormals in these values");
        return;
    }
    const int first = p.mean[0] <= p.mean[1] ? 0 : 1;
    for (int k = 0; k < 2; k++) {
        const int from = k == 0 ? first : 1 - first;
        r->p[2 * (size_t)k] = exp(p.mean[from]);
        r->p[2 * (size_t)k + 1] = p.sd[from];
    }
    r->p[4] = p.weight[first];
    SIM_ASSERT(r->p[4] > 0 && r->p[4] < 1);
    if (!is_near && d->n <= MOST_GROUPS) {
        fit_polish_mixture(d, fit_mixture_likelihood, r->p, 5);
    }
}
