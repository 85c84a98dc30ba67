/* sim/fit/fit_internal.h -- how a family is fitted; for the files of sim/fit. */
#ifndef SIM_FIT_FIT_INTERNAL_H
#define SIM_FIT_FIT_INTERNAL_H

#include "sim/fit/fit.h"

/* A sample, ready to be fitted. */
struct fit_data {
    const double *x; /* ascending */
    size_t n;
    double min, max;
    double mean, sd, skewness; /* of the sample as a population */
    double mean_log, sd_log;   /* NaN with zeros */
    double *scratch;           /* n doubles, for whoever is at work */
};

/* What a fit yields. */
struct fit_result {
    enum sim_fit_method method;
    const char *reason;
    double p[SIM_FIT_PARAMETERS];
    double error[SIM_FIT_PARAMETERS]; /* standard errors */
    double mean_error;                /* of the mean; 0: not known */
};

/* How a parameter is printed: bounds so that no value falls outside. */
enum fit_rounding { FIT_NEAREST, FIT_DOWN, FIT_UP, FIT_EXACT };

/* What a family is, by its parameters. */
enum fit_form {
    FIT_CONSTANT, /* the value alone */
    FIT_LAW,      /* those of the law */
    FIT_SHIFTED,  /* a shift and those of the law */
    FIT_MIXTURE,  /* those of two laws of a kind and the share of the first */
};

struct fit_family {
    const char *name;
    const char *law; /* its name in the grammar */
    size_t n;
    struct {
        const char *name;
        bool has_unit;
        enum fit_rounding rounding;
    } parameter[SIM_FIT_PARAMETERS];
    enum fit_form form;
    bool allows_zeros;
    double (*log_likelihood)(const double *p, const double *x, size_t n);

    /* Sets method, p, and reason where there is one. `start`, NULL or parameters that are near,
     * saves the search for a beginning. The sample is not constant. */
    void (*fit)(const struct fit_data *d, const double *start, struct fit_result *r);

    /* Sets error of a fit by likelihood. */
    void (*errors)(const struct fit_family *family, const struct fit_data *d, struct fit_result *r);
};

extern const struct fit_family fit_families[];
extern const size_t fit_n_families;

/* fit_data.c. `d->scratch` must be there, x ascending. */
void fit_data_describe(struct fit_data *d);
void fit_data_moments(struct fit_data *d); /* mean and sd alone */

/* Fits by `family`, or says why not; without standard errors. */
void fit_family_apply(const struct fit_family *family, const struct fit_data *d,
                      const double *start, struct fit_result *r);

void fit_exclude(struct fit_result *r, const char *reason);

/* ---- fit_closed.c, fit_shape.c, fit_shift.c, fit_triangular.c, fit_mixture*.c ---- */

typedef double fit_likelihood_fn(const double *p, const double *x, size_t n);
typedef void fit_fn(const struct fit_data *d, const double *start, struct fit_result *r);
typedef void fit_errors_fn(const struct fit_family *family, const struct fit_data *d,
                           struct fit_result *r);

fit_likelihood_fn fit_uniform_likelihood, fit_exponential_likelihood, fit_lognormal_likelihood,
    fit_pareto_likelihood, fit_normal_likelihood, fit_gamma_likelihood, fit_weibull_likelihood,
    fit_triangular_likelihood, fit_mixture_likelihood, fit_mixture_exponential_likelihood,
    fit_shift_exponential_likelihood, fit_shift_lognormal_likelihood, fit_shift_gamma_likelihood,
    fit_shift_weibull_likelihood, fit_constant_likelihood;
fit_fn fit_uniform, fit_exponential, fit_lognormal, fit_pareto, fit_normal, fit_gamma, fit_weibull,
    fit_triangular, fit_mixture, fit_mixture_exponential, fit_shift_exponential,
    fit_shift_lognormal, fit_shift_gamma, fit_shift_weibull, fit_constant;
fit_errors_fn fit_no_errors, fit_uniform_errors, fit_exponential_errors, fit_lognormal_errors,
    fit_pareto_errors, fit_regular_errors, fit_normal_errors, fit_triangular_errors,
    fit_shift_exponential_errors, fit_shift_errors;

/* Shape and scale by likelihood from what suffices: log(mean) - mean(log) > 0; and from n
 * logarithms, their mean and their greatest. */
double fit_gamma_shape(double log_mean_less_mean_log);
double fit_weibull_shape(const double *log_x, size_t n, double mean, double max);
double fit_weibull_scale(const double *log_x, size_t n, double shape, double max);

/* ---- fit_search.c: roots, maxima, curvature; by GSL ---- */

typedef double fit_function(double x, void *self);

/* The root of a function that changes its sign once between low and high. */
double fit_root(fit_function *f, void *self, double low, double high);

/* Around `at`, between low and high, a local maximum of f. */
double fit_maximum(fit_function *f, void *self, double low, double at, double high);

typedef double fit_surface(const double *p, void *self);

/* Climbs from p (n <= SIM_FIT_PARAMETERS, first steps `step`) by the simplex of Nelder and Mead
 * (Computer Journal 7, 1965) to a local maximum. Returns its height. */
double fit_climb(fit_surface *f, void *self, size_t n, double *p, const double *step);

/* Expectation and maximisation (fit_mixture.c). A step betters the parts that `self` holds and returns the
 * log-likelihood before it, -INFINITY if a part has vanished. Steps until they gain less than `least_gain`, `most_steps` at
 * most. Returns the last height, -INFINITY without one. */
typedef double fit_step(void *self);
double fit_repeat(fit_step *step, void *self, double least_gain, int most_steps);

/* Such steps slow down near the maximum; the simplex goes the rest of the way. Of the n parameters the last is the share of the first part, the others are positive.
 * Returns the height reached. */
double fit_polish_mixture(const struct fit_data *d, fit_likelihood_fn *likelihood, double *p,
                          size_t n);

/* Standard errors from the observed information: the inverse of minus the second derivatives of the
 * log-likelihood, taken numerically in steps of 1e-4 `scale`, for the parameters from `first` on;
 * those before are taken for known. NaN for all if that matrix is not positive. */
void fit_information(const struct fit_family *family, const struct fit_data *d, size_t first,
                     const double *scale, struct fit_result *r);

/* ---- fit_text.c ---- */

void fit_print(const struct fit_family *family, const struct fit_result *r, bool is_rounded,
               const char *unit, FILE *out);

/* ---- fit_distance.c ---- */

struct sim_dist;

/* The law as printed, in the unit of the values. SIM_EINVAL where the grammar refuses it (a mean
 * that is not finite, a shape out of range), SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err fit_law(const struct fit_family *family, const struct fit_result *r,
                                    bool is_rounded, struct sim_dist **out);

double fit_ks_distance(const double *ascending, size_t n, const struct sim_dist *law);

/* Kolmogorov's P(D > distance) for a law known beforehand, with the finite-sample form of Stephens
 * (J. Royal Statistical Society B 32, 1970). */
double fit_ks_tail(double distance, size_t n);

/* Sets what `row` says of the distance to `law`; `index` names the random numbers. SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err fit_ks_judge(const struct fit_family *family, uint32_t index,
                                         const struct sim_dist *law, const struct fit_data *d,
                                         const struct fit_result *r,
                                         const struct sim_fit_options *options,
                                         struct sim_fit_row *row);

#endif
