/* A fit in words, for somebody who needs a line for a scenario and should know what it is worth. */
#include "cli/fit_report.h"
#include "sim/base/text.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

enum { FEW_VALUES = 12 };

static bool is_fitted(const struct fit_report *r, size_t i)
{
    return sim_fit_row(r->fit, i)->method != SIM_FIT_EXCLUDED;
}

/* The fitted row of the least distance; 0 is one. */
static size_t nearest(const struct fit_report *r)
{
    size_t best = 0;
    for (size_t i = 1; i < sim_fit_n_rows(r->fit) && is_fitted(r, i); i++) {
        if (sim_fit_row(r->fit, i)->ks_distance < sim_fit_row(r->fit, best)->ks_distance) {
            best = i;
        }
    }
    return best;
}

size_t fit_report_choice(const struct fit_report *r)
{
    const double indistinguishable = 2;
    if (!is_fitted(r, 0)) {
        return SIZE_MAX;
    }
    if (fit_report_has_few_values(r)) {
        return nearest(r);
    }
    size_t best = 0;
    for (size_t i = 1; i < sim_fit_n_rows(r->fit) && is_fitted(r, i); i++) {
        const struct sim_fit_row *const row = sim_fit_row(r->fit, i);
        if (row->aic_difference <= indistinguishable &&
            row->n_parameters < sim_fit_row(r->fit, best)->n_parameters) {
            best = i;
        }
    }
    return best;
}

double fit_report_worth(const struct sim_fit_summary *s)
{
    const double n = (double)s->n;
    return s->lag1 > 2 / sqrt(n) ? n * (1 - s->lag1) / (1 + s->lag1) : n;
}

bool fit_report_has_few_values(const struct fit_report *r)
{
    const struct sim_fit_summary s = sim_fit_summary(r->fit);
    return s.n_distinct > 1 && s.n_distinct <= FEW_VALUES && 2 * s.n_distinct < s.n;
}

/* ---- The sample ---- */

static const char *spaced_unit(const struct fit_report *r, char *text, size_t size)
{
    snprintf(text, size, "%s%s", *r->unit != '\0' ? " " : "", r->unit);
    return text;
}

static void print_unit(const struct fit_report *r, FILE *out)
{
    const struct fit_unit *const u = r->column_unit;
    switch (u->source) {
    case FIT_UNIT_OF_NAME:
        fputs("The unit is taken from the name of the column; --unit says otherwise.\n", out);
        break;
    case FIT_UNIT_NONE:
        fputs("The name of the column ends in no unit that is known: pure numbers; --unit gives "
              "one.\n",
              out);
        break;
    case FIT_UNIT_FOREIGN_RATE:
        fputs("The name of the column ends as a rate of a unit that is not known, which is no "
              "time: pure numbers;\n--unit gives one.\n",
              out);
        break;
    default:
        break;
    }
    if (u->factor != 1) {
        fprintf(out, "A scenario has no %s: each value is taken times %.10g, in %s.\n", u->name,
                u->factor, u->unit);
    }
}

/* Of a value far from 0 enough digits to tell it from another a hundredth of `scale` away, if a double can. */
static int digits_for(double value, double scale, int least)
{
    const int most = 17; /* more tell no two doubles apart */
    return sim_digits_to_tell(value, scale, 3, least, most);
}

static void print_extent(const struct fit_report *r, const struct sim_fit_summary *s, FILE *out)
{
    enum { OF_A_CONSTANT = 15, OF_A_SPREAD = 4 };
    const bool is_constant = s->min == s->max;
    const int least_extreme = is_constant ? OF_A_CONSTANT : 6;
    const int least = is_constant ? OF_A_CONSTANT : 4;
    char unit[32];
    fprintf(out, "%s, column %s: %zu values from %.*g to %.*g%s, ", r->path, r->column, s->n,
            digits_for(s->min, s->sd, least_extreme), s->min,
            digits_for(s->max, s->sd, least_extreme), s->max, spaced_unit(r, unit, sizeof unit));
    fprintf(out, "mean %.*g, sd %.*g, median %.*g.\n", digits_for(s->mean, s->sd, least), s->mean,
            OF_A_SPREAD, s->sd, digits_for(s->median, s->sd, least), s->median);
}

static void print_sample(const struct fit_report *r, FILE *out)
{
    const struct sim_fit_summary s = sim_fit_summary(r->fit);
    print_extent(r, &s, out);
    if (r->n_dropped > 0) {
        fprintf(out, "%zu zero%s (%.2g %% of all) %s left out.\n", r->n_dropped,
                sim_plural(r->n_dropped), 100 * (double)r->n_dropped / (double)(s.n + r->n_dropped),
                r->n_dropped == 1 ? "is" : "are");
    }
    const size_t n_without = r->n_empty + r->n_blank_lines;
    if (n_without > 0) {
        fprintf(out, "%zu line%s %s no value of this column and %s left out.\n", n_without,
                sim_plural(n_without), n_without == 1 ? "has" : "have",
                n_without == 1 ? "is" : "are");
    }
    if (s.n_zeros > 0 && s.min < s.max) {
        fprintf(out,
                "%zu of them %s 0 (%.2g %%). Laws under which a zero is impossible are excluded; "
                "--positive\nleaves the zeros out.\n",
                s.n_zeros, s.n_zeros == 1 ? "is" : "are", 100 * (double)s.n_zeros / (double)s.n);
    }
    if (fit_report_has_few_values(r)) {
        fprintf(out,
                "Only %zu different values: a law of each with its share (discrete) is the sample "
                "itself. The smooth laws\nbelow take the values for exact, and their likelihoods "
                "are of densities, so that AIC cannot rank it among them.\n",
                s.n_distinct);
    } else if (2 * s.n_distinct < s.n && s.n_distinct > 1) {
        fprintf(out,
                "Only %zu different values: they are rounded or counted. The likelihood takes them "
                "for exact,\nand the distance cannot be less than the steps.\n",
                s.n_distinct);
    }
    print_unit(r, out);
}

/* ---- The table ---- */

static void print_p(const struct sim_fit_row *row, FILE *out)
{
    const double least = 0.001;
    if (!isfinite(row->ks_p)) {
        fprintf(out, "%10s", "");
    } else if (row->ks_p < least) {
        fprintf(out, "%10s", "< 0.001");
    } else {
        char text[24];
        snprintf(text, sizeof text, "%s%.2g", row->ks_p_kind == SIM_FIT_P_BOUND ? "<= " : "",
                 row->ks_p);
        fprintf(out, "%10s", text);
    }
}

static void print_ranking(const struct fit_report *r, FILE *out)
{
    fprintf(out, "\n%-20s %4s %14s %12s %8s %8s %9s\n", "family", "par.", "log-likelihood",
            "AIC, behind", "weight", "KS dist.", "KS p");
    if (fit_report_has_few_values(r)) {
        fprintf(out, "%-20s %4zu %14s %12s %8s %8.4f\n", "discrete",
                sim_fit_summary(r->fit).n_distinct - 1, "", "", "", 0.0);
    }
    for (size_t i = 0; i < sim_fit_n_rows(r->fit) && is_fitted(r, i); i++) {
        const struct sim_fit_row *const row = sim_fit_row(r->fit, i);
        fprintf(out, "%-20s %4zu %14.2f %12.1f %8.3f %8.4f", row->family, row->n_parameters,
                row->log_likelihood, row->aic_difference, row->aic_weight, row->ks_distance);
        print_p(row, out);
        fprintf(out, "%s\n", row->method == SIM_FIT_MOMENTS ? "  (by moments)" : "");
    }
}

/* How finely a parameter is known; of a place or a width without an error the spread of the values says it. */
static double scale_of(const struct fit_report *r, const struct sim_fit_parameter *p)
{
    if (p->standard_error > 0 && isfinite(p->standard_error)) {
        return p->standard_error;
    }
    return p->has_unit ? sim_fit_summary(r->fit).sd : (double)NAN;
}

static void print_parameters(const struct fit_report *r, FILE *out)
{
    fputs("\nParameters, standard errors in brackets:\n", out);
    for (size_t i = 0; i < sim_fit_n_rows(r->fit) && is_fitted(r, i); i++) {
        const struct sim_fit_row *const row = sim_fit_row(r->fit, i);
        fprintf(out, "%-20s ", row->family);
        for (size_t k = 0; k < row->n_parameters; k++) {
            const struct sim_fit_parameter *const p = &row->parameter[k];
            fprintf(out, "%s%s %.*g", k > 0 ? ", " : "", p->name,
                    digits_for(p->value, scale_of(r, p), 6), p->value);
            if (isfinite(p->standard_error)) {
                fprintf(out, " (%.2g)", p->standard_error);
            }
        }
        fputc('\n', out);
    }
}

static void print_reasons(const struct fit_report *r, FILE *out)
{
    bool is_first = true;
    for (size_t i = 0; i < sim_fit_n_rows(r->fit); i++) {
        const struct sim_fit_row *const row = sim_fit_row(r->fit, i);
        if (row->method == SIM_FIT_LIKELIHOOD) {
            continue;
        }
        fputs(is_first ? "\nNot by likelihood:\n" : "", out);
        is_first = false;
        fprintf(out, "%-20s %s: %s\n", row->family,
                row->method == SIM_FIT_MOMENTS ? "by moments" : "excluded", row->reason);
    }
}

/* ---- What to make of it ---- */

static void print_support(const struct sim_fit_row *next, FILE *out)
{
    const double little = 10;
    const double none = 2;
    fprintf(out, " Next is %s, %.1f behind: %s", next->family, next->aic_difference,
            next->aic_difference <= none     ? "these values cannot tell the two apart."
            : next->aic_difference <= little ? "less likely, but not ruled out."
                                             : "no match for it.");
}

static void print_verdict(const struct fit_report *r, size_t choice, FILE *out)
{
    const double usual = 0.05;
    const struct sim_fit_row *const best = sim_fit_row(r->fit, 0);
    const struct sim_fit_row *const chosen = sim_fit_row(r->fit, choice);
    if (fit_report_has_few_values(r)) {
        fprintf(
            out,
            "\nTake discrete: no smooth law has so few values. The nearest, %s, is off by up to "
            "%.2g.\n",
            chosen->family, chosen->ks_distance);
        return;
    }
    fprintf(out, "\nThe least AIC is that of %s.", best->family);
    if (sim_fit_n_rows(r->fit) > 1 && is_fitted(r, 1)) {
        print_support(sim_fit_row(r->fit, 1), out);
    }
    if (choice != 0) {
        fprintf(out, " %s is as good with fewer parameters.", chosen->family);
    }
    if (chosen->ks_p >= usual) {
        fprintf(out, "\nThe values could well be a sample of %s (KS p %s%.2g).", chosen->family,
                chosen->ks_p_kind == SIM_FIT_P_BOUND ? "at most " : "", chosen->ks_p);
    } else {
        fprintf(out, "\nThey are no sample of exactly %s (KS p ", chosen->family);
        fprintf(out, chosen->ks_p < 1e-3 ? "below 0.001" : "%.2g", chosen->ks_p);
        fprintf(out,
                "): its distribution function is off by up to %.2g.\nWhether that matters is for "
                "the picture (-o FOLDER) and the model to say; empirical() leaves nothing out.",
                chosen->ks_distance);
    }
    fputc('\n', out);
}

static void print_cautions(const struct fit_report *r, FILE *out)
{
    const struct sim_fit_summary s = sim_fit_summary(r->fit);
    const double worth = fit_report_worth(&s);
    fprintf(out,
            "AIC, KS and standard errors take the values for independent. Neighbours correlate by "
            "%.2f%s",
            s.lag1, worth < (double)s.n ? ":\n" : ", which is next to nothing.\n");
    if (worth < (double)s.n) {
        fprintf(out,
                "rows of one trace are no independent draws. These %zu tell about as much as "
                "%.0f would, so the\nstandard errors are too small by a factor of about %.1f, and "
                "AIC sees differences that are not there.\n",
                s.n, worth, sqrt((double)s.n / worth));
    }
    if (s.n <= SIM_FIT_BOOT_VALUES && r->n_boot > 0) {
        fprintf(
            out,
            "KS p: by up to %u sample%s of the fitted law, each fitted anew (seed %llu); where "
            "the classical\nvalue, which is too large, is below 0.001 already, none are drawn.\n",
            r->n_boot, sim_plural(r->n_boot), (unsigned long long)r->seed);
    } else {
        fputs("KS p: classical upper bounds; the parameters are from the same values, so the true "
              "p is less.\n",
              out);
    }
}

void fit_report_print(const struct fit_report *r, FILE *out)
{
    const size_t choice = fit_report_choice(r);
    const struct sim_fit_summary s = sim_fit_summary(r->fit);
    print_sample(r, out);
    if (choice != SIZE_MAX && s.min < s.max) {
        print_ranking(r, out);
        print_parameters(r, out);
        print_reasons(r, out);
        print_verdict(r, choice, out);
        print_cautions(r, out);
    } else if (choice != SIZE_MAX) {
        fputs("All values are equal: a constant.\n", out);
    } else {
        print_reasons(r, out);
    }
    fit_report_print_lines(r, choice, out);
}
