/* Roots, maxima and curvature: GSL's algorithms behind three small calls. */
#include "sim/base/assert.h"
#include "sim/fit/fit_internal.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_min.h>
#include <gsl/gsl_multimin.h>
#include <gsl/gsl_roots.h>
#include <math.h>

struct scalar {
    fit_function *f;
    void *self;
};

static double plain(double x, void *self)
{
    const struct scalar *const s = self;
    return s->f(x, s->self);
}

static double negated(double x, void *self)
{
    const double y = -plain(x, self);
    return isfinite(y) ? y : GSL_DBL_MAX; /* the solvers refuse infinities */
}

double fit_root(fit_function *f, void *self, double low, double high)
{
    enum { MOST_STEPS = 200 };
    struct scalar s = {f, self};
    gsl_function g = {plain, &s};
    gsl_root_fsolver *const solver = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
    double root = NAN;
    if (solver != NULL && gsl_root_fsolver_set(solver, &g, low, high) == GSL_SUCCESS) {
        for (int i = 0; i < MOST_STEPS; i++) {
            if (gsl_root_fsolver_iterate(solver) != GSL_SUCCESS) {
                break;
            }
            root = gsl_root_fsolver_root(solver);
            const double width =
                gsl_root_fsolver_x_upper(solver) - gsl_root_fsolver_x_lower(solver);
            if (width <= 1e-14 * fabs(root)) {
                break;
            }
        }
    }
    gsl_root_fsolver_free(solver);
    return root;
}

double fit_maximum(fit_function *f, void *self, double low, double at, double high)
{
    enum { MOST_STEPS = 40 };
    struct scalar s = {f, self};
    gsl_function g = {negated, &s};
    gsl_min_fminimizer *const solver = gsl_min_fminimizer_alloc(gsl_min_fminimizer_brent);
    double best = at;
    if (solver != NULL && gsl_min_fminimizer_set(solver, &g, at, low, high) == GSL_SUCCESS) {
        for (int i = 0; i < MOST_STEPS; i++) {
            if (gsl_min_fminimizer_iterate(solver) != GSL_SUCCESS) {
                break;
            }
            best = gsl_min_fminimizer_x_minimum(solver);
            const double width =
                gsl_min_fminimizer_x_upper(solver) - gsl_min_fminimizer_x_lower(solver);
            if (width <= 1e-7 * fabs(best) + 1e-12) {
                break;
            }
        }
    }
    gsl_min_fminimizer_free(solver);
    return best;
}

struct surface {
    fit_surface *f;
    void *self;
};

static double below(const gsl_vector *p, void *self)
{
    const struct surface *const s = self;
    const double y = -s->f(p->data, s->self); /* our vectors are contiguous */
    return isfinite(y) ? y : 1e300;
}

/* One run of the simplex; the best point goes back into p. */
static double climb_once(gsl_multimin_fminimizer *solver, gsl_multimin_function *g, gsl_vector *p,
                         const gsl_vector *step)
{
    const size_t most_steps = 150 * p->size;
    if (gsl_multimin_fminimizer_set(solver, g, p, step) != GSL_SUCCESS) {
        return -INFINITY;
    }
    for (size_t i = 0; i < most_steps; i++) {
        if (gsl_multimin_fminimizer_iterate(solver) != GSL_SUCCESS ||
            gsl_multimin_fminimizer_size(solver) < 1e-6) {
            break;
        }
    }
    gsl_vector_memcpy(p, gsl_multimin_fminimizer_x(solver));
    return -gsl_multimin_fminimizer_minimum(solver);
}

/* A simplex may collapse on the way, so it is started anew from where it ended until that gains
 * nothing. */
double fit_climb(fit_surface *f, void *self, size_t n, double *p, const double *step)
{
    enum { MOST_RUNS = 4 };
    SIM_ASSERT(n >= 1 && n <= SIM_FIT_PARAMETERS);
    struct surface s = {f, self};
    gsl_multimin_function g = {below, n, &s};
    gsl_multimin_fminimizer *const solver =
        gsl_multimin_fminimizer_alloc(gsl_multimin_fminimizer_nmsimplex2, n);
    gsl_vector_view at = gsl_vector_view_array(p, n);
    const gsl_vector_const_view steps = gsl_vector_const_view_array(step, n);
    double height = -INFINITY;
    for (int run = 0; solver != NULL && run < MOST_RUNS; run++) {
        const double reached = climb_once(solver, &g, &at.vector, &steps.vector);
        if (!(reached > height + 1e-5)) {
            break;
        }
        height = reached;
    }
    gsl_multimin_fminimizer_free(solver);
    return height;
}

/* ---- Observed information ---- */

struct curvature {
    const struct fit_family *family;
    const struct fit_data *d;
    const double *centre;
    const double *step;
    size_t first;
};

/* The log-likelihood with parameters i and j moved by so many steps. */
static double moved(const struct curvature *c, size_t i, int steps_i, size_t j, int steps_j)
{
    double p[SIM_FIT_PARAMETERS];
    for (size_t k = 0; k < c->family->n; k++) {
        p[k] = c->centre[k];
    }
    p[i] += steps_i * c->step[i];
    p[j] += steps_j * c->step[j];
    return c->family->log_likelihood(p, c->d->x, c->d->n);
}

/* Minus the second derivative, by central differences. */
static double information_at(const struct curvature *c, size_t i, size_t j)
{
    if (i == j) {
        return -(moved(c, i, 1, i, 0) - 2 * moved(c, i, 0, i, 0) + moved(c, i, -1, i, 0)) /
               (c->step[i] * c->step[i]);
    }
    return -(moved(c, i, 1, j, 1) - moved(c, i, 1, j, -1) - moved(c, i, -1, j, 1) +
             moved(c, i, -1, j, -1)) /
           (4 * c->step[i] * c->step[j]);
}

void fit_information(const struct fit_family *family, const struct fit_data *d, size_t first,
                     const double *scale, struct fit_result *r)
{
    double step[SIM_FIT_PARAMETERS];
    double matrix[SIM_FIT_PARAMETERS * SIM_FIT_PARAMETERS];
    const struct curvature c = {family, d, r->p, step, first};
    const size_t n = family->n - first;
    for (size_t i = 0; i < family->n; i++) {
        step[i] = 1e-4 * scale[i];
        r->error[i] = NAN;
    }
    /* In units of the scales, so that a rate of 1e6 and a shape of 1 meet on equal terms. */
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j <= i; j++) {
            const double value =
                information_at(&c, first + i, first + j) * scale[first + i] * scale[first + j];
            if (!isfinite(value)) {
                return;
            }
            matrix[i * n + j] = matrix[j * n + i] = value;
        }
    }
    gsl_matrix_view m = gsl_matrix_view_array(matrix, n, n);
    if (gsl_linalg_cholesky_decomp1(&m.matrix) != GSL_SUCCESS ||
        gsl_linalg_cholesky_invert(&m.matrix) != GSL_SUCCESS) {
        return;
    }
    for (size_t i = 0; i < n; i++) {
        r->error[first + i] = sqrt(gsl_matrix_get(&m.matrix, i, i)) * scale[first + i];
    }
}
