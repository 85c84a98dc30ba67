#include "sim/rng/dist_internal.h"

#include "sim/base/assert.h"
#include "sim/base/text.h"

#include <math.h>
#include <stdlib.h>

enum sim_err sim_dist_constant(double value, struct sim_dist **out)
{
    struct sim_dist *const d = calloc(1, sizeof *d);
    if (d == NULL) {
        return SIM_ENOMEM;
    }
    d->kind = DIST_CLOSED;
    d->family = dist_constant;
    d->p[0] = value;
    *out = d;
    return SIM_OK;
}

void sim_dist_destroy(struct sim_dist *d)
{
    if (d == NULL) {
        return;
    }
    if (d->part != NULL) {
        for (size_t i = 0; i < d->n; i++) {
            sim_dist_destroy(d->part[i]);
        }
    }
    free(d->part);
    free(d->value);
    free(d->value_has_unit);
    free(d->weight);
    free(d->cumulated);
    free(d->source);
    free(d);
}

double sim_dist_mean(const struct sim_dist *d)
{
    return d->shift + (d->kind == DIST_CLOSED ? d->family->mean(d->p) : dist_compound_mean(d));
}

double sim_dist_variance(const struct sim_dist *d)
{
    return d->kind == DIST_CLOSED ? d->family->variance(d->p) : dist_compound_variance(d);
}

double sim_dist_cdf(const struct sim_dist *d, double x)
{
    return d->kind == DIST_CLOSED ? d->family->cdf(d->p, x - d->shift) : dist_compound_cdf(d, x);
}

double sim_dist_quantile(const struct sim_dist *d, double u)
{
    SIM_ASSERT(u > 0 && u < 1);
    const double x =
        d->kind == DIST_CLOSED ? d->family->quantile(d->p, u) : dist_compound_quantile(d, u);
    SIM_ASSERT(!isnan(x));
    return d->shift + x;
}

double sim_dist_min(const struct sim_dist *d)
{
    return d->shift + (d->kind == DIST_CLOSED ? d->family->min(d->p) : dist_compound_min(d));
}

double sim_dist_max(const struct sim_dist *d)
{
    return d->shift + (d->kind == DIST_CLOSED ? d->family->max(d->p) : dist_compound_max(d));
}

double sim_dist_draw(const struct sim_dist *d, struct sim_stream *s)
{
    return sim_dist_quantile(d, sim_stream_uniform(s));
}

static void print_number(double value, FILE *out)
{
    char text[SIM_DOUBLE_TEXT];
    sim_double_text(text, value);
    fputs(text, out);
}

static void print_arguments(const struct sim_dist *d, enum sim_dimension dimension, FILE *out)
{
    switch (d->kind) {
    case DIST_CLOSED:
        for (int i = 0; i < d->family->n_parameters; i++) {
            fputs(i == 0 ? "" : ", ", out);
            print_number(d->p[i], out);
        }
        break;
    case DIST_EMPIRICAL:
        fputs(d->source, out);
        break;
    case DIST_DISCRETE:
    case DIST_MIXTURE:
        for (size_t i = 0; i < d->n; i++) {
            fputs(i == 0 ? "" : ", ", out);
            if (d->kind == DIST_MIXTURE) {
                sim_dist_print(d->part[i], dimension, out);
            } else {
                print_number(d->value[i], out);
            }
            fputs(" @ ", out);
            print_number(d->weight[i], out);
        }
        break;
    }
}

/* Values are printed in SI; a sample keeps the unit of its file; parts carry their own. */
static const char *printed_unit(const struct sim_dist *d, enum sim_dimension dimension)
{
    if (d->kind == DIST_MIXTURE) {
        return "";
    }
    if (d->kind == DIST_EMPIRICAL) {
        const char *const unit = sim_unit_with_factor(dimension, d->factor);
        return unit != NULL ? unit : "";
    }
    return dimension == SIM_SHARE ? "" : sim_dimension_unit(dimension);
}

void sim_dist_print(const struct sim_dist *d, enum sim_dimension dimension, FILE *out)
{
    const char *const unit = printed_unit(d, dimension);

    if (d->shift != 0) {
        char shift[SIM_DOUBLE_TEXT + 8];
        sim_quantity_text(shift, sizeof shift, d->shift, dimension);
        fprintf(out, "%s + ", shift);
    }
    if (d->kind == DIST_CLOSED && d->family == dist_constant) {
        print_number(d->p[0], out);
    } else {
        fprintf(out, "%s(", d->kind == DIST_CLOSED ? d->family->name : dist_compound_name[d->kind]);
        print_arguments(d, dimension, out);
        fputc(')', out);
    }
    fprintf(out, "%s%s", *unit != '\0' ? " " : "", unit);
}
