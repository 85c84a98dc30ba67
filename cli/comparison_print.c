#include "cli/comparison_print.h"

#include "cli/paired.h"
#include "cli/words.h"
#include "output/csv.h"
#include "sim/base/text.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

static double shown(const struct compared_figure *f, double value)
{
    return value / f->per_unit;
}

static const char *space_unit(const struct compared_figure *f, char text[16])
{
    snprintf(text, 16, "%s%s", *f->unit != '\0' ? " " : "", f->unit);
    return text;
}

/* A difference that rounds to nothing, whatever its interval. */
static void print_no_difference(const struct compared_figure *f, double most, FILE *out)
{
    char unit[16];
    fputs("no difference seen", out);
    if (most > 0) {
        fprintf(out, " (below %.*f%s)", f->decimals, pow(10, -f->decimals), space_unit(f, unit));
    }
}

/* "2.1 min sooner (1.9 to 2.3)"; "less than 0.1 min sooner" where the mean rounds to nothing, but not the
 * far end of its interval. */
static void print_seen(const struct compared_figure *f, double mean, double half, FILE *out)
{
    char unit[16];
    const double least_shown = pow(10, -f->decimals);
    const bool is_small = fabs(mean) < least_shown / 2;
    fprintf(out, "%s%.*f%s %s", is_small ? "less than " : "", f->decimals,
            is_small ? least_shown : fabs(mean), space_unit(f, unit), mean < 0 ? f->less : f->more);
    if (isnan(half)) {
        fputs(" (one replication: no interval)", out);
    } else {
        fprintf(out, " (%.*f to %.*f)", f->decimals, fabs(mean) - half, f->decimals,
                fabs(mean) + half);
    }
}

/* What was seen, "no difference seen", or "no difference is shown (0.3 min sooner to 0.4 later)" where the
 * interval allows both. */
static void print_difference(const struct comparison *c, size_t alternative, size_t k, FILE *out)
{
    const struct compared_figure *const f = &compared_figures[k];
    const struct sim_interval d = comparison_difference(c, alternative, k);
    if (!isfinite(d.mean)) {
        fputs("'never' in one of the two", out);
        return;
    }
    char unit[16];
    const double mean = shown(f, d.mean);
    const double half = shown(f, d.half_width);
    const double most = fabs(mean) + (isnan(half) ? 0 : half);
    if (most < 0.5 * pow(10, -f->decimals)) {
        print_no_difference(f, most, out);
    } else if (isnan(half) || fabs(mean) > half) {
        print_seen(f, mean, half, out);
    } else {
        fprintf(out, "no difference is shown (%.*f%s %s to %.*f %s)", f->decimals, half - mean,
                space_unit(f, unit), f->less, f->decimals, half + mean, f->more);
    }
}

static void print_mean(const struct comparison *c, size_t alternative, size_t k, FILE *out)
{
    const struct compared_figure *const f = &compared_figures[k];
    const struct sim_interval m = comparison_mean(c, alternative, k);
    char unit[16];
    if (!isfinite(m.mean)) {
        fputs("never", out);
        return;
    }
    fprintf(out, "%.*f%s", f->decimals, shown(f, m.mean), space_unit(f, unit));
    if (isfinite(m.half_width)) {
        fprintf(out, " (%.*f to %.*f)", f->decimals, shown(f, m.mean - m.half_width), f->decimals,
                shown(f, m.mean + m.half_width));
    }
}

static void print_padded_mean(const struct comparison *c, size_t alternative, size_t k, int width)
{
    char text[80] = "";
    FILE *const out = fmemopen(text, sizeof text, "w");
    if (out != NULL) {
        print_mean(c, alternative, k, out);
        fclose(out);
    }
    printf("%-*s  ", width, text);
}

/* ---- Text and Markdown ---- */

static void print_text(const struct comparison *c)
{
    const struct alternatives *const a = c->alternatives;
    printf("Against %s (%u replication%s, paired, %g %% intervals):\n", a->item[0].name, c->n,
           sim_plural(c->n), 100 * c->confidence);
    for (size_t k = 0; k < COMPARED_N_FIGURES; k++) {
        printf("  %-40s ", compared_figures[k].words);
        print_mean(c, 0, k, stdout);
        putchar('\n');
    }
    for (size_t i = 1; i < a->n; i++) {
        printf("\n%s\n", a->item[i].name);
        for (size_t k = 0; k < COMPARED_N_FIGURES; k++) {
            printf("  %-40s ", compared_figures[k].words);
            print_padded_mean(c, i, k, 25);
            print_difference(c, i, k, stdout);
            putchar('\n');
        }
    }
}

static void print_md(const struct comparison *c)
{
    const struct alternatives *const a = c->alternatives;
    printf("| %u replication%s, %g %% intervals | %s |", c->n, sim_plural(c->n),
           100 * c->confidence, a->item[0].name);
    for (size_t i = 1; i < a->n; i++) {
        printf(" %s |", a->item[i].name);
    }
    printf("\n|---|---|");
    for (size_t i = 1; i < a->n; i++) {
        printf("---|");
    }
    for (size_t k = 0; k < COMPARED_N_FIGURES; k++) {
        printf("\n| %s | ", compared_figures[k].words);
        print_mean(c, 0, k, stdout);
        for (size_t i = 1; i < a->n; i++) {
            fputs(" | ", stdout);
            print_mean(c, i, k, stdout);
            fputs(": ", stdout);
            print_difference(c, i, k, stdout);
        }
        fputs(" |", stdout);
    }
    putchar('\n');
}

/* ---- CSV ---- */

static const struct table_column csv_columns[] = {
    {"scenario", "", "the scenario, and what is varied", TABLE_TEXT},
    {"against", "", "what it is compared with", TABLE_TEXT},
    {"figure", "", "name of the figure, as in runs.csv", TABLE_TEXT},
    {"replications", "", "of each, on the same random numbers", TABLE_WHOLE},
    {"mean", "unit of the figure", "mean of the scenario", TABLE_REAL},
    {"half_width", "unit of the figure", "half-width of its interval", TABLE_REAL},
    {"difference", "unit of the figure", "mean of the paired differences", TABLE_REAL},
    {"difference_half_width", "unit of the figure", "half-width of its interval", TABLE_REAL},
    {"correlation", "1", "of the two over the replications: what pairing gains", TABLE_REAL},
};

static const struct table csv_table = {"comparison", "a figure of a scenario", csv_columns,
                                       sizeof csv_columns / sizeof csv_columns[0]};

static void put_row(struct csv *csv, const struct comparison *c, size_t i, size_t k)
{
    const struct sim_interval mean = comparison_mean(c, i, k);
    const struct sim_interval difference = comparison_difference(c, i, k);
    csv_text(csv, c->alternatives->item[i].name);
    csv_text(csv, c->alternatives->item[0].name);
    csv_text(csv, compared_figures[k].metric);
    csv_whole(csv, c->n);
    csv_real(csv, mean.mean);
    csv_real(csv, mean.half_width);
    csv_real(csv, difference.mean);
    csv_real(csv, difference.half_width);
    csv_real(csv, paired_correlation(comparison_value(c, i, k), comparison_value(c, 0, k), c->n));
}

static enum sim_err write_table(const struct comparison *c, const char *path,
                                enum table_format format, struct sim_error *e)
{
    struct csv *csv;
    const enum sim_err err = csv_create_as(path, &csv_table, format, &csv, e);
    if (err != SIM_OK) {
        return err;
    }
    for (size_t i = 0; i < c->alternatives->n; i++) {
        for (size_t k = 0; k < COMPARED_N_FIGURES; k++) {
            put_row(csv, c, i, k);
        }
    }
    return csv_close(csv, e);
}

enum sim_err comparison_write(const struct comparison *c, const char *path, struct sim_error *e)
{
    return write_table(c, path, TABLE_CSV, e);
}

enum sim_err comparison_print(const struct comparison *c, const struct format_options *format,
                              struct sim_error *e)
{
    switch (format->format) {
    case FORMAT_TEXT:
        print_text(c);
        break;
    case FORMAT_MD:
        print_md(c);
        break;
    case FORMAT_CSV:
    case FORMAT_JSON:
        return write_table(c, "-", format_of_table(format), e);
    }
    return SIM_OK;
}

/* Values of a key are varied under one file: then it stands in a row. */
static bool is_said(const struct alternatives *a, size_t i)
{
    return i > 0 && a->item[i - 1].scenario.is_timeline_assumed &&
           strcmp(a->item[i - 1].path, a->item[i].path) == 0;
}

void comparison_print_assumed(const struct comparison *c, FILE *out)
{
    const struct alternatives *const a = c->alternatives;
    const char *before = "\n"; /* an empty line */
    for (size_t i = 0; i < a->n; i++) {
        if (a->item[i].scenario.is_timeline_assumed && !is_said(a, i)) {
            fputs(before, out);
            words_assumed_timeline(a->item[i].path, a->item[i].scenario.server[0].name, out);
            fputc('\n', out);
            before = "";
        }
    }
}

void comparison_print_best(const struct comparison *c, size_t figure, const struct best_task *task,
                           const struct best_result *result, FILE *out)
{
    const struct compared_figure *const f = &compared_figures[figure];
    const char *const name = c->alternatives->item[result->best].name;
    char unit[16];
    space_unit(f, unit);
    if (!result->is_decided) {
        fprintf(
            stderr,
            "\nNot decided after %u replications: %s has the least mean (%s), but another may be "
            "better by more than %g%s.\n",
            result->replications, name, f->words, shown(f, task->indifference), unit);
        return;
    }
    fprintf(out,
            "\nThe best is %s (%s): with %g %% confidence no other is better by more than %.3g%s "
            "(procedure KN, %u replications).\n",
            name, f->words, 100 * c->confidence, shown(f, task->indifference), unit,
            result->replications);
}
