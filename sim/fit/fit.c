#include "sim/fit/fit.h"

#include "sim/base/assert.h"
#include "sim/base/text.h"
#include "sim/fit/fit_internal.h"
#include "sim/rng/dist.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct fitted {
    const struct fit_family *family;
    struct fit_result result;
    struct sim_fit_row row;
    struct sim_dist *law; /* as printed; NULL if excluded */
};

struct sim_fit {
    struct sim_fit_summary summary;
    struct fit_data data;
    double *x;
    struct fitted *fitted;
    size_t n;
};

size_t sim_fit_n_families(void)
{
    return fit_n_families;
}

const char *sim_fit_family_name(size_t i)
{
    SIM_ASSERT(i < fit_n_families);
    return fit_families[i].name;
}

/* ---- The sample ---- */

static enum sim_err check_values(const double *value, size_t n, struct sim_error *e)
{
    if (n < SIM_FIT_LEAST) {
        return sim_fail(e, SIM_EINVAL, "a fit takes at least %d values, not %zu", SIM_FIT_LEAST, n);
    }
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(value[i]) || value[i] < 0) {
            return sim_fail(e, SIM_EINVAL, "value %zu is negative or not finite", i + 1);
        }
    }
    return SIM_OK;
}

/* sum (x_t - m)(x_{t+1} - m) / sum (x_t - m)^2, in the order given. */
static double lag1(const double *x, size_t n)
{
    double mean = 0;
    double products = 0;
    double squares = 0;
    for (size_t i = 0; i < n; i++) {
        mean += x[i] / (double)n;
    }
    for (size_t i = 0; i < n; i++) {
        const double offset = x[i] - mean;
        products += i + 1 < n ? offset * (x[i + 1] - mean) : 0;
        squares += offset * offset;
    }
    return squares > 0 ? products / squares : NAN;
}

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

static size_t count_distinct(const double *ascending, size_t n)
{
    size_t count = 1;
    for (size_t i = 1; i < n; i++) {
        count += ascending[i] != ascending[i - 1];
    }
    return count;
}

/* Fills the summary from values in their order, and sorts them. */
static void take_sample(struct sim_fit *f, size_t n)
{
    struct sim_fit_summary *const s = &f->summary;
    s->n = n;
    s->lag1 = lag1(f->x, n);
    s->lag1_log = NAN;
    for (size_t i = 0; i < n; i++) {
        s->n_zeros += f->x[i] == 0;
        f->data.scratch[i] = log(f->x[i]);
    }
    if (s->n_zeros == 0) {
        s->lag1_log = lag1(f->data.scratch, n);
    }
    qsort(f->x, n, sizeof *f->x, compare_doubles);
    f->data.x = f->x;
    f->data.n = n;
    fit_data_describe(&f->data);
    s->n_distinct = count_distinct(f->x, n);
    s->min = f->data.min;
    s->max = f->data.max;
    s->mean = f->data.mean;
    s->sd = f->data.sd * sqrt((double)n / (double)(n - 1));
    s->median = (f->x[(n - 1) / 2] + f->x[n / 2]) / 2;
}

/* ---- Fitting and ranking ---- */

static void fill_row(struct fitted *t, const struct fit_data *d)
{
    struct sim_fit_row *const row = &t->row;
    const struct fit_family *const family = t->family;
    *row = (struct sim_fit_row){.family = family->name,
                                .method = t->result.method,
                                .reason = t->result.reason,
                                .log_likelihood = NAN,
                                .aic = NAN,
                                .aic_difference = NAN,
                                .aic_weight = NAN,
                                .ks_distance = NAN,
                                .ks_p = NAN};
    if (row->method == SIM_FIT_EXCLUDED) {
        return;
    }
    row->n_parameters = family->n;
    for (size_t i = 0; i < family->n; i++) {
        row->parameter[i] =
            (struct sim_fit_parameter){family->parameter[i].name, family->parameter[i].has_unit,
                                       t->result.p[i], t->result.error[i]};
    }
    row->log_likelihood = family->log_likelihood(t->result.p, d->x, d->n);
    row->aic = 2 * (double)family->n - 2 * row->log_likelihood;
}

static enum sim_err fit_one(struct sim_fit *f, struct fitted *t, uint32_t index,
                            const struct sim_fit_options *options)
{
    fit_family_apply(t->family, &f->data, NULL, &t->result);
    if (t->result.method == SIM_FIT_LIKELIHOOD) {
        t->family->errors(t->family, &f->data, &t->result);
    } else {
        fit_no_errors(t->family, &f->data, &t->result);
    }
    enum sim_err err = SIM_OK;
    t->result.mean_error = f->data.sd / sqrt((double)f->data.n);
    if (t->result.method != SIM_FIT_EXCLUDED) {
        err = fit_law(t->family, &t->result, true, &t->law);
    }
    if (err == SIM_EINVAL) {
        fit_exclude(&t->result, "its parameters are none that a scenario takes");
        err = SIM_OK;
    }
    fill_row(t, &f->data);
    if (err != SIM_OK || t->law == NULL) {
        return err;
    }
    return fit_ks_judge(t->family, index, t->law, &f->data, &t->result, options, &t->row);
}

/* Fitted before excluded, then by AIC; equal ones by their place in the table. */
static int compare_fitted(const void *a, const void *b)
{
    const struct fitted *const x = a;
    const struct fitted *const y = b;
    const bool x_out = x->row.method == SIM_FIT_EXCLUDED;
    const bool y_out = y->row.method == SIM_FIT_EXCLUDED;
    if (x_out != y_out) {
        return x_out ? 1 : -1;
    }
    if (!x_out && x->row.aic != y->row.aic) {
        return x->row.aic < y->row.aic ? -1 : 1;
    }
    return x->family < y->family ? -1 : 1;
}

static void rank_rows(struct sim_fit *f)
{
    double sum = 0;
    qsort(f->fitted, f->n, sizeof *f->fitted, compare_fitted);
    for (size_t i = 0; i < f->n && f->fitted[i].row.method != SIM_FIT_EXCLUDED; i++) {
        struct sim_fit_row *const row = &f->fitted[i].row;
        row->aic_difference = row->aic - f->fitted[0].row.aic;
        row->aic_weight = exp(-row->aic_difference / 2);
        sum += row->aic_weight;
    }
    for (size_t i = 0; i < f->n && f->fitted[i].row.method != SIM_FIT_EXCLUDED; i++) {
        f->fitted[i].row.aic_weight /= sum;
    }
}

static enum sim_err fit_all(struct sim_fit *f, const struct sim_fit_options *options)
{
    for (uint32_t i = 0; i < fit_n_families; i++) {
        if (options->families != 0 && (options->families >> i & 1) == 0) {
            continue;
        }
        struct fitted *const t = &f->fitted[f->n++];
        t->family = &fit_families[i];
        if (options->on_family != NULL) {
            options->on_family(options->context, t->family->name);
        }
        const enum sim_err err = fit_one(f, t, i, options);
        if (err != SIM_OK) {
            return err;
        }
    }
    rank_rows(f);
    return SIM_OK;
}

enum sim_err sim_fit_create(const double *value, size_t n, const struct sim_fit_options *options,
                            struct sim_fit **out, struct sim_error *e)
{
    enum sim_err err = check_values(value, n, e);
    if (err != SIM_OK) {
        return err;
    }
    struct sim_fit *const f = calloc(1, sizeof *f);
    if (f == NULL) {
        return sim_fail_memory(e, "a fit");
    }
    f->x = calloc(n, sizeof *f->x);
    f->data.scratch = calloc(n, sizeof *f->data.scratch);
    f->fitted = calloc(fit_n_families, sizeof *f->fitted);
    err = f->x != NULL && f->data.scratch != NULL && f->fitted != NULL ? SIM_OK : SIM_ENOMEM;
    if (err == SIM_OK) {
        memcpy(f->x, value, n * sizeof *value);
        take_sample(f, n);
        err = fit_all(f, options);
    }
    if (err != SIM_OK) {
        sim_fit_destroy(f);
        return sim_fail_memory(e, "a fit");
    }
    *out = f;
    return SIM_OK;
}

void sim_fit_destroy(struct sim_fit *f)
{
    if (f == NULL) {
        return;
    }
    for (size_t i = 0; f->fitted != NULL && i < f->n; i++) {
        sim_dist_destroy(f->fitted[i].law);
    }
    free(f->fitted);
    free(f->data.scratch);
    free(f->x);
    free(f);
}

/* ---- Answers ---- */

struct sim_fit_summary sim_fit_summary(const struct sim_fit *f)
{
    return f->summary;
}

size_t sim_fit_n_rows(const struct sim_fit *f)
{
    return f->n;
}

static const struct fitted *fitted_at(const struct sim_fit *f, size_t i)
{
    SIM_ASSERT(i < f->n);
    return &f->fitted[i];
}

const struct sim_fit_row *sim_fit_row(const struct sim_fit *f, size_t i)
{
    return &fitted_at(f, i)->row;
}

double sim_fit_value(const struct sim_fit *f, size_t i)
{
    SIM_ASSERT(i < f->summary.n);
    return f->x[i];
}

double sim_fit_quantile(const struct sim_fit *f, size_t row, double p)
{
    SIM_ASSERT(fitted_at(f, row)->law != NULL);
    return sim_dist_quantile(fitted_at(f, row)->law, p);
}

double sim_fit_log_likelihood(const struct sim_fit *f, size_t row, const double *parameter)
{
    return fitted_at(f, row)->family->log_likelihood(parameter, f->x, f->summary.n);
}

void sim_fit_print_law(const struct sim_fit *f, size_t row, const char *unit, FILE *out)
{
    const struct fitted *const t = fitted_at(f, row);
    fit_print(t->family, &t->result, true, unit, out);
}

void sim_fit_print_discrete(const struct sim_fit *f, const char *unit, FILE *out)
{
    const size_t n = f->summary.n;
    char text[SIM_DOUBLE_TEXT];
    for (size_t i = 0; i < n;) {
        size_t end = i;
        while (end < n && f->x[end] == f->x[i]) {
            end++;
        }
        sim_double_text(text, f->x[i]);
        fprintf(out, "%s%s @ ", i == 0 ? "discrete(" : ", ", text);
        sim_double_text(text, (double)(end - i) / (double)n);
        fputs(text, out);
        i = end;
    }
    fprintf(out, ")%s%s", *unit != '\0' ? " " : "", unit);
}
