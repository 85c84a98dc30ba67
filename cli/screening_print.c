#include "cli/screening_print.h"

#include "output/csv.h"
#include "sim/base/text.h"

#include <math.h>
#include <stdio.h>

/* ---- Words ---- */

static void print_heading(const struct screening *s, const struct screening_task *t,
                          const struct scenario *scenario)
{
    printf(
        "%zu estimate%s over their plausible ranges, all at once: %zu points of %u replication%s "
        "each, on the same random numbers.\n",
        s->n, sim_plural(s->n), s->n_points, scenario->replications,
        sim_plural(scenario->replications));
    if (t->method == SCREENING_MORRIS) {
        printf(
            "Morris, %zu trajectories: what a figure changes by, on average, when the estimate "
            "goes over its whole range (mu*, with its\n%g %% interval), and how much that depends "
            "on the others (sigma). Below sigma = mu*/10 it does not.\n",
            t->size, 100 * scenario->confidence);
    } else {
        printf("Sobol', %zu blocks: the share of the variance of a figure that an estimate makes "
               "alone (first) and together with\nothers (total), each with a %g %% bootstrap "
               "interval.\n",
               t->size, 100 * scenario->confidence);
    }
}

static void print_cautions(const struct screening *s, const struct scenario *scenario)
{
    if (s->n_invalid > 0) {
        printf("%zu of the points are no valid scenario and are left out.\n", s->n_invalid);
    }
    for (int k = 0; k < SENSITIVITY_N_FIGURES; k++) {
        if (s->n_never[k] > 0) {
            printf(
                "At %zu points '%s' was not reached in some replication; there the horizon (%g h) "
                "counts, so its effects are understated.\n",
                s->n_never[k], sensitivity_figures[k].words, scenario->horizon_s / 3600);
        }
        if (s->indices != NULL && s->n_used[k] < 2) {
            printf("'%s': too few valid blocks for any index.\n", sensitivity_figures[k].words);
        }
    }
    if (scenario->replications < 5) {
        puts("The figures of a point come from few replications: their luck is the same at all "
             "points, and part of the answer.");
    }
}

static void print_effect(const struct sensitivity_figure *f, const struct sim_morris_effect *e)
{
    if (e->n == 0) {
        printf("    %-22s no valid pair of points\n", f->words);
        return;
    }
    printf("    %-22s %.*f", f->words, f->decimals, e->mu_star / f->per_unit);
    if (isfinite(e->half_width)) {
        printf(" ± %.*f %s, sigma %.*f", f->decimals, e->half_width / f->per_unit, f->unit,
               f->decimals, e->sigma / f->per_unit);
    } else {
        printf(" %s", f->unit);
    }
    printf(" (mean %+.*f)\n", f->decimals, e->mu / f->per_unit);
}

static void print_indices(const struct sensitivity_figure *f, const struct sim_indices *x)
{
    if (isnan(x->total.value)) {
        printf("    %-22s does not vary\n", f->words);
        return;
    }
    printf("    %-22s first %5.3f (%.3f to %.3f), total %5.3f (%.3f to %.3f)\n", f->words,
           x->first.value, x->first.low, x->first.high, x->total.value, x->total.low,
           x->total.high);
}

static void print_text(const struct screening *s, const struct screening_task *t,
                       const struct scenario *scenario)
{
    print_heading(s, t, scenario);
    print_cautions(s, scenario);
    for (size_t i = 0; i < s->n; i++) {
        const struct factor *const f = &s->factor[s->order[i]];
        printf("\n%s: %s to %s\n", f->key, f->end[FACTOR_LOW], f->end[FACTOR_HIGH]);
        for (size_t k = 0; k < SENSITIVITY_N_FIGURES; k++) {
            const size_t at = k * s->n + s->order[i];
            if (s->effect != NULL) {
                print_effect(&sensitivity_figures[k], &s->effect[at]);
            } else {
                print_indices(&sensitivity_figures[k], &s->indices[at]);
            }
        }
    }
}

/* ---- Tables ---- */

#define COMMON_COLUMNS                                                                             \
    {"key", "", "the estimate; NAME: every element that does not say otherwise", TABLE_TEXT},      \
        {"low", "", "low end of its plausible range", TABLE_TEXT},                                 \
        {"high", "", "high end", TABLE_TEXT},                                                      \
        {"figure", "", "name of the figure, as in runs.csv", TABLE_TEXT},                          \
    {                                                                                              \
        "unit", "", "its unit", TABLE_TEXT                                                         \
    }

static const struct table_column morris_columns[] = {
    COMMON_COLUMNS,
    {"effects", "", "elementary effects it stands on", TABLE_WHOLE},
    {"mu_star", "unit", "mean absolute elementary effect, over the whole range", TABLE_REAL},
    {"mu_star_half_width", "unit", "half-width of its Student interval", TABLE_REAL},
    {"mu", "unit", "mean elementary effect", TABLE_REAL},
    {"sigma", "unit", "standard deviation of the elementary effects", TABLE_REAL},
};

static const struct table_column sobol_columns[] = {
    COMMON_COLUMNS,
    {"blocks", "", "blocks of the design it stands on", TABLE_WHOLE},
    {"first", "1", "first index (Saltelli)", TABLE_REAL},
    {"first_low", "1", "low end of its bootstrap interval", TABLE_REAL},
    {"first_high", "1", "high end of it", TABLE_REAL},
    {"total", "1", "total index (Jansen)", TABLE_REAL},
    {"total_low", "1", "low end of its bootstrap interval", TABLE_REAL},
    {"total_high", "1", "high end of it", TABLE_REAL},
};

static const struct table morris_table = {"screening", "an estimate and a figure", morris_columns,
                                          sizeof morris_columns / sizeof morris_columns[0]};
static const struct table sobol_table = {"indices", "an estimate and a figure", sobol_columns,
                                         sizeof sobol_columns / sizeof sobol_columns[0]};

static void put_index(struct csv *csv, const struct sim_index *x)
{
    csv_real(csv, x->value);
    csv_real(csv, x->low);
    csv_real(csv, x->high);
}

static void put_row(struct csv *csv, const struct screening *s, size_t factor, size_t figure)
{
    const struct factor *const f = &s->factor[factor];
    const size_t at = figure * s->n + factor;
    csv_text(csv, f->key);
    csv_text(csv, f->end[FACTOR_LOW]);
    csv_text(csv, f->end[FACTOR_HIGH]);
    csv_text(csv, sensitivity_figures[figure].metric);
    csv_text(csv, sensitivity_figures[figure].metric_unit);
    if (s->effect != NULL) {
        const struct sim_morris_effect *const e = &s->effect[at];
        csv_whole(csv, e->n);
        csv_real(csv, e->mu_star);
        csv_real(csv, e->half_width);
        csv_real(csv, e->mu);
        csv_real(csv, e->sigma);
    } else {
        csv_whole(csv, s->n_used[figure]);
        put_index(csv, &s->indices[at].first);
        put_index(csv, &s->indices[at].total);
    }
}

static enum sim_err write_table(const struct screening *s, const char *path,
                                enum table_format format, struct sim_error *e)
{
    struct csv *csv;
    const struct table *const table = s->effect != NULL ? &morris_table : &sobol_table;
    const enum sim_err err = csv_create_as(path, table, format, &csv, e);
    if (err != SIM_OK) {
        return err;
    }
    for (size_t i = 0; i < s->n * SENSITIVITY_N_FIGURES; i++) {
        put_row(csv, s, s->order[i / SENSITIVITY_N_FIGURES], i % SENSITIVITY_N_FIGURES);
    }
    return csv_close(csv, e);
}

enum sim_err screening_write(const struct screening *s, const char *path, struct sim_error *e)
{
    return write_table(s, path, TABLE_CSV, e);
}

enum sim_err screening_print(const struct screening *s, const struct screening_task *task,
                             const struct scenario *scenario, const struct format_options *format,
                             struct sim_error *e)
{
    if (format->format == FORMAT_TEXT) {
        print_text(s, task, scenario);
        return SIM_OK;
    }
    return write_table(s, "-", format_of_table(format), e);
}
