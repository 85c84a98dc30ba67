/* How far a sample is from a law, and how often a sample of that law is as far. */
#include "sim/fit/fit_internal.h"
#include "sim/rng/dist.h"
#include "sim/rng/stream.h"

#include <math.h>
#include <stdlib.h>

enum sim_err fit_law(const struct fit_family *family, const struct fit_result *r, bool is_rounded,
                     struct sim_dist **out)
{
    char *text = NULL;
    size_t length = 0;
    FILE *const memory = open_memstream(&text, &length);
    if (memory == NULL) {
        return SIM_ENOMEM;
    }
    fit_print(family, r, is_rounded, "", memory);
    const enum sim_err err =
        fclose(memory) == 0 ? sim_dist_parse(text, SIM_NUMBER, NULL, out, NULL) : SIM_ENOMEM;
    free(text);
    return err;
}

double fit_ks_distance(const double *ascending, size_t n, const struct sim_dist *law)
{
    double distance = 0;
    if (ascending[0] == ascending[n - 1]) {
        return sim_dist_min(law) == ascending[0] && sim_dist_max(law) == ascending[0] ? 0 : 1;
    }
    for (size_t i = 0; i < n; i++) {
        const double p = sim_dist_cdf(law, ascending[i]);
        distance = fmax(distance, fmax((double)(i + 1) / (double)n - p, p - (double)i / (double)n));
    }
    return distance;
}

double fit_ks_tail(double distance, size_t n)
{
    const double root = sqrt((double)n);
    const double x = (root + 0.12 + 0.11 / root) * distance;
    double sum = 0;
    if (x < 0.2) {
        return 1; /* the series converges slowly there; the true value is above 1 - 1e-12 */
    }
    for (int k = 1; k <= 100; k++) {
        const double term = exp(-2 * x * x * k * k);
        sum += k % 2 == 1 ? term : -term;
        if (term < 1e-16) {
            break;
        }
    }
    return fmin(2 * sum, 1);
}

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Draws a sample of the law into x and sorts it. */
static void draw_sample(const struct sim_dist *law, struct sim_stream *s, double *x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        x[i] = sim_dist_draw(law, s);
    }
    qsort(x, n, sizeof *x, compare_doubles);
}

/* The distance of a sample of `law` from what is fitted to it; INFINITY if nothing can be. */
static enum sim_err bootstrap_distance(const struct fit_family *family, const double *start,
                                       struct fit_data *d, double *distance)
{
    struct fit_result r;
    struct sim_dist *refitted = NULL;
    *distance = INFINITY;
    fit_data_describe(d);
    fit_family_apply(family, d, start, &r);
    if (r.method == SIM_FIT_EXCLUDED) {
        return SIM_OK;
    }
    const enum sim_err err = fit_law(family, &r, false, &refitted);
    if (err == SIM_OK) {
        *distance = fit_ks_distance(d->x, d->n, refitted);
        sim_dist_destroy(refitted);
    }
    return err == SIM_ENOMEM ? err : SIM_OK;
}

static enum sim_err bootstrap(const struct fit_family *family, uint32_t index,
                              const struct sim_dist *law, const double *start,
                              const struct sim_fit_options *options, struct fit_data *d,
                              struct sim_fit_row *row)
{
    const uint32_t enough = 20;
    uint32_t n_farther = 0;
    uint32_t n = 0;
    double *const x = calloc(d->n, sizeof *x);
    enum sim_err err = x != NULL ? SIM_OK : SIM_ENOMEM;
    d->x = x;
    while (err == SIM_OK && n < options->n_boot && n_farther < enough) {
        struct sim_stream s;
        double distance;
        sim_stream_open(&s, options->seed, index, 0, 0, n);
        draw_sample(law, &s, x, d->n);
        err = bootstrap_distance(family, start, d, &distance);
        n_farther += distance >= row->ks_distance;
        n++;
    }
    row->ks_p = n_farther == enough ? (double)n_farther / n : (n_farther + 1.0) / (n + 1.0);
    row->ks_p_kind = SIM_FIT_P_BOOTSTRAP;
    row->n_boot = n;
    free(x);
    return err;
}

enum sim_err fit_ks_judge(const struct fit_family *family, uint32_t index,
                          const struct sim_dist *law, const struct fit_data *d,
                          const struct fit_result *r, const struct sim_fit_options *options,
                          struct sim_fit_row *row)
{
    const double refuted = 0.001; /* an upper bound below this needs no samples */
    row->ks_distance = fit_ks_distance(d->x, d->n, law);
    row->ks_p = fit_ks_tail(row->ks_distance, d->n);
    row->ks_p_kind = SIM_FIT_P_BOUND;
    if (row->ks_p < refuted || d->n > SIM_FIT_BOOT_VALUES || options->n_boot == 0 ||
        family->form == FIT_CONSTANT) {
        return SIM_OK;
    }
    struct fit_data copy = *d;
    return bootstrap(family, index, law, r->p, options, &copy, row);
}
