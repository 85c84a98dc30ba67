/* sim/fit/fit.h -- laws of the grammar (rng/dist.h) fitted to a sample, and how well they fit.
 *
 * Each family is fitted by maximum likelihood. Where the likelihood of a law with a shift grows
 * without bound (the shift running into the least value; Hill, JASA 58, 1963; Smith, Biometrika 72,
 * 1985) the method of moments takes its place. A family that cannot have made the sample stays on
 * the list with the reason. The families are compared by AIC (Akaike, 1974), the less the better,
 * and by the distance of Kolmogorov and Smirnov between the sample and the law as it is printed.
 *
 * All of it takes the values for independent. Values are >= 0, as the quantities of a scenario are.
 * GSL's error handler must be off.
 */
#ifndef SIM_FIT_FIT_H
#define SIM_FIT_FIT_H

#include "sim/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { SIM_FIT_PARAMETERS = 5, SIM_FIT_LEAST = 10 /* values, for a fit */ };

struct sim_fit; /* opaque */

/* What the sample is like, before any law. */
struct sim_fit_summary {
    size_t n, n_zeros, n_distinct;
    double min, max, mean, median;
    double sd;       /* unbiased */
    double lag1;     /* autocorrelation of neighbours in the order given; NaN if all are equal */
    double lag1_log; /* of the logarithms; NaN with zeros */
};

enum sim_fit_method { SIM_FIT_EXCLUDED, SIM_FIT_LIKELIHOOD, SIM_FIT_MOMENTS };

/* What stands behind a p-value of the distance. The table of Kolmogorov takes the law for known
 * beforehand; with parameters from the same data its value is too large, so it is an upper bound
 * (Lilliefors, JASA 62, 1967). The bootstrap draws samples from the fitted law, fits each anew, and
 * counts those that lie farther off; it stops early once 20 do (Besag and Clifford, Biometrika 78,
 * 1991). */
enum sim_fit_p { SIM_FIT_P_NONE, SIM_FIT_P_BOUND, SIM_FIT_P_BOOTSTRAP };

struct sim_fit_parameter {
    const char *name;
    bool has_unit; /* that of the values; else a pure number */
    double value;
    double standard_error; /* NaN where theory gives none */
};

struct sim_fit_row {
    const char *family; /* "gamma", "shift+gamma", "mixture" */
    enum sim_fit_method method;
    const char *reason; /* why it is excluded, or why moments; NULL else. Static storage */
    size_t n_parameters;
    struct sim_fit_parameter parameter[SIM_FIT_PARAMETERS];
    double log_likelihood;    /* natural logarithm, in the unit of the values */
    double aic;               /* 2 n_parameters - 2 log_likelihood */
    double aic_difference;    /* to the least */
    double aic_weight;        /* exp(-difference/2), scaled to sum 1 */
    double ks_distance, ks_p; /* NaN if there is none */
    enum sim_fit_p ks_p_kind;
    uint32_t n_boot; /* samples drawn for ks_p */
};

struct sim_fit_options {
    uint32_t families; /* bit i: sim_fit_family_name(i); 0: all */
    uint64_t seed;
    uint32_t n_boot; /* samples of the bootstrap at most; 0: upper bounds only */
    void (*on_family)(void *context, const char *name); /* that is fitted next; NULL: nobody asks */
    void *context;
};

/* The bootstrap is for up to so many values; above, any law that is not exact is refuted anyway. */
enum { SIM_FIT_BOOT_VALUES = 5000 };

size_t sim_fit_n_families(void);
const char *sim_fit_family_name(size_t i);

/* Fits to `value`, which is copied. SIM_EINVAL with fewer than SIM_FIT_LEAST values, or one that is
 * negative or not finite; SIM_ENOMEM. Cost: for 16,000 values a second or two. */
SIM_MUST_CHECK enum sim_err sim_fit_create(const double *value, size_t n,
                                           const struct sim_fit_options *options,
                                           struct sim_fit **out, struct sim_error *e);
void sim_fit_destroy(struct sim_fit *f); /* NULL allowed */

struct sim_fit_summary sim_fit_summary(const struct sim_fit *f);

/* The families that were asked for: fitted ones by ascending AIC, then those excluded. */
size_t sim_fit_n_rows(const struct sim_fit *f);
const struct sim_fit_row *sim_fit_row(const struct sim_fit *f, size_t i);

/* The i-th smallest value, from 0. */
double sim_fit_value(const struct sim_fit *f, size_t i);

/* The quantile of a fitted row, 0 < p < 1. */
double sim_fit_quantile(const struct sim_fit *f, size_t row, double p);

/* The log-likelihood of the sample under the family of row i with these parameters; -INFINITY where
 * a value is impossible or a parameter is out of range. */
double sim_fit_log_likelihood(const struct sim_fit *f, size_t row, const double *parameter);

/* Writes a fitted row in the grammar of rng/dist.h, `unit` ("Mbit/s", "" for none) behind it.
 * Parameters are rounded to within a twentieth of their standard error; bounds outwards, so that every
 * value stays possible. */
void sim_fit_print_law(const struct sim_fit *f, size_t row, const char *unit, FILE *out);

/* Writes the values themselves as "discrete(value @ share, ...)": for samples of few values. */
void sim_fit_print_discrete(const struct sim_fit *f, const char *unit, FILE *out);

#endif
