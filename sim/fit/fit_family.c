/* The table of families: what each is called, what it needs, who fits it. */
#include "sim/fit/fit_internal.h"

#include <math.h>

#define LIKELIHOOD(name) fit_##name##_likelihood, fit_##name

const struct fit_family fit_families[] = {
    {"constant",
     "constant",
     1,
     {{"value", true, FIT_EXACT}},
     true,
     LIKELIHOOD(constant),
     fit_no_errors},
    {"uniform",
     "uniform",
     2,
     {{"min", true, FIT_DOWN}, {"max", true, FIT_UP}},
     true,
     LIKELIHOOD(uniform),
     fit_uniform_errors},
    {"exponential",
     "exponential",
     1,
     {{"mean", true, FIT_NEAREST}},
     true,
     LIKELIHOOD(exponential),
     fit_exponential_errors},
    {"normal",
     "normal",
     2,
     {{"mean", true, FIT_NEAREST}, {"sd", true, FIT_NEAREST}},
     true,
     LIKELIHOOD(normal),
     fit_normal_errors},
    {"lognormal",
     "lognormal",
     2,
     {{"median", true, FIT_NEAREST}, {"sigma", false, FIT_NEAREST}},
     false,
     LIKELIHOOD(lognormal),
     fit_lognormal_errors},
    {"gamma",
     "gamma",
     2,
     {{"shape", false, FIT_NEAREST}, {"scale", true, FIT_NEAREST}},
     false,
     LIKELIHOOD(gamma),
     fit_regular_errors},
    {"weibull",
     "weibull",
     2,
     {{"shape", false, FIT_NEAREST}, {"scale", true, FIT_NEAREST}},
     false,
     LIKELIHOOD(weibull),
     fit_regular_errors},
    {"pareto",
     "pareto",
     3,
     {{"shape", false, FIT_NEAREST}, {"min", true, FIT_DOWN}, {"max", true, FIT_UP}},
     false,
     LIKELIHOOD(pareto),
     fit_pareto_errors},
    {"triangular",
     "triangular",
     3,
     {{"min", true, FIT_DOWN}, {"mode", true, FIT_NEAREST}, {"max", true, FIT_UP}},
     true,
     LIKELIHOOD(triangular),
     fit_triangular_errors},
    {"shift+exponential",
     "exponential",
     2,
     {{"shift", true, FIT_DOWN}, {"mean", true, FIT_NEAREST}},
     true,
     LIKELIHOOD(shift_exponential),
     fit_shift_exponential_errors},
    {"shift+lognormal",
     "lognormal",
     3,
     {{"shift", true, FIT_DOWN}, {"median", true, FIT_NEAREST}, {"sigma", false, FIT_NEAREST}},
     true,
     LIKELIHOOD(shift_lognormal),
     fit_shift_errors},
    {"shift+gamma",
     "gamma",
     3,
     {{"shift", true, FIT_DOWN}, {"shape", false, FIT_NEAREST}, {"scale", true, FIT_NEAREST}},
     true,
     LIKELIHOOD(shift_gamma),
     fit_shift_errors},
    {"shift+weibull",
     "weibull",
     3,
     {{"shift", true, FIT_DOWN}, {"shape", false, FIT_NEAREST}, {"scale", true, FIT_NEAREST}},
     true,
     LIKELIHOOD(shift_weibull),
     fit_shift_errors},
    {"mixture",
     "lognormal",
     5,
     {{"median 1", true, FIT_NEAREST},
      {"sigma 1", false, FIT_NEAREST},
      {"median 2", true, FIT_NEAREST},
      {"sigma 2", false, FIT_NEAREST},
      {"share 1", false, FIT_EXACT}},
     false,
     LIKELIHOOD(mixture),
     fit_regular_errors},
    {"mixture+exponential",
     "exponential",
     3,
     {{"mean 1", true, FIT_NEAREST}, {"mean 2", true, FIT_NEAREST}, {"share 1", false, FIT_EXACT}},
     true,
     LIKELIHOOD(mixture_exponential),
     fit_regular_errors},
};

const size_t fit_n_families = sizeof fit_families / sizeof fit_families[0];

void fit_exclude(struct fit_result *r, const char *reason)
{
    r->method = SIM_FIT_EXCLUDED;
    r->reason = reason;
}

void fit_family_apply(const struct fit_family *family, const struct fit_data *d,
                      const double *start, struct fit_result *r)
{
    *r = (struct fit_result){.method = SIM_FIT_LIKELIHOOD};
    if (d->min == d->max && family->fit != fit_constant) {
        fit_exclude(r, "all values are equal");
    } else if (d->min == 0 && !family->allows_zeros) {
        fit_exclude(r, "there are zeros, and a zero is impossible under it");
    } else {
        family->fit(d, start, r);
    }
}
