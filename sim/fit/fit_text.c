/* A fitted law in the grammar of rng/dist.h. */
#include "sim/base/assert.h"
#include "sim/base/text.h"
#include "sim/fit/fit_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Significant digits so that rounding moves the value by a twentieth of its standard error at most; where there is
 * none six, or more, as a place far from 0 wants, by the error of the mean. */
static int digits_for(double value, double error, double mean_error)
{
    const bool is_known = error > 0 && isfinite(error);
    return sim_digits_to_tell(value, is_known ? error : mean_error, 2, is_known ? 3 : 6, 12);
}

/* Of two texts of `digits` digits around the value, the one on the wanted side. */
static double round_to(double value, int digits, enum fit_rounding rounding)
{
    char text[SIM_DOUBLE_TEXT];
    snprintf(text, sizeof text, "%.*e", digits - 1, value);
    double rounded = strtod(text, NULL);
    const double unit = pow(10, floor(log10(fabs(value))) - digits + 1);
    if (rounding == FIT_DOWN && rounded > value) {
        snprintf(text, sizeof text, "%.*e", digits - 1, rounded - unit);
        rounded = strtod(text, NULL);
    } else if (rounding == FIT_UP && rounded < value) {
        snprintf(text, sizeof text, "%.*e", digits - 1, rounded + unit);
        rounded = strtod(text, NULL);
    }
    return rounded;
}

static double printed_value(const struct fit_family *family, const struct fit_result *r, size_t i,
                            bool is_rounded)
{
    const enum fit_rounding rounding = family->parameter[i].rounding;
    if (!is_rounded || rounding == FIT_EXACT || r->p[i] == 0) {
        return r->p[i];
    }
    return round_to(r->p[i], digits_for(r->p[i], r->error[i], r->mean_error), rounding);
}

static void print_number(double value, FILE *out)
{
    char text[SIM_DOUBLE_TEXT];
    sim_double_text(text, value);
    fputs(text, out);
}

static void print_unit(const char *unit, FILE *out)
{
    fprintf(out, "%s%s", *unit != '\0' ? " " : "", unit);
}

/* "lognormal(median=1, sigma=0.8)" of the parameters from `first` to before `end`; numbers behind
 * their names ("median 1") are left out. */
static void print_call(const struct fit_family *family, const double *value, size_t first,
                       size_t end, FILE *out)
{
    fprintf(out, "%s(", family->law);
    for (size_t i = first; i < end; i++) {
        const char *const name = family->parameter[i].name;
        fprintf(out, "%s%.*s=", i == first ? "" : ", ", (int)strcspn(name, " "), name);
        print_number(value[i], out);
    }
    fputc(')', out);
}

/* The shares are given with so many decimals that they sum to 1 as they stand. */
static void print_mixture(const struct fit_family *family, const double *value, bool is_rounded,
                          FILE *out)
{
    const int decimals = is_rounded ? 4 : 12;
    const size_t half = (family->n - 1) / 2;
    const double share = fmin(fmax(value[family->n - 1], 1e-4), 1 - 1e-4);
    fputs("mixture(", out);
    print_call(family, value, 0, half, out);
    fprintf(out, " @ %.*f, ", decimals, share);
    print_call(family, value, half, family->n - 1, out);
    fprintf(out, " @ %.*f)", decimals, 1 - share);
}

void fit_print(const struct fit_family *family, const struct fit_result *r, bool is_rounded,
               const char *unit, FILE *out)
{
    double value[SIM_FIT_PARAMETERS] = {0};
    SIM_ASSERT(r->method != SIM_FIT_EXCLUDED);
    for (size_t i = 0; i < family->n; i++) {
        value[i] = printed_value(family, r, i, is_rounded);
    }
    switch (family->form) {
    case FIT_CONSTANT:
        print_number(value[0], out);
        break;
    case FIT_LAW:
        print_call(family, value, 0, family->n, out);
        break;
    case FIT_SHIFTED:
        print_number(value[0], out);
        print_unit(unit, out);
        fputs(" + ", out);
        print_call(family, value, 1, family->n, out);
        break;
    case FIT_MIXTURE:
        print_mixture(family, value, is_rounded, out);
        break;
    }
    print_unit(unit, out);
}
