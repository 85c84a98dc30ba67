/* sim/rng/dist_internal.h -- how a distribution is kept; for the files dist*.c and their tests. */
#ifndef SIM_RNG_DIST_INTERNAL_H
#define SIM_RNG_DIST_INTERNAL_H

#include "sim/rng/dist.h"

#include <stdbool.h>
#include <stddef.h>

enum { DIST_MAX_PARAMETERS = 3 };

/* How a parameter takes part in a change of unit. */
enum dist_parameter_kind {
    DIST_VALUE, /* multiplied by the factor */
    DIST_LOG,   /* the logarithm of a value: log(factor) is added */
    DIST_SHAPE, /* stays */
};

/* A family with a closed form: everything is a function of its parameters. Parameters are checked
 * by `problem`, which returns what is wrong with them or NULL. */
struct dist_family {
    const char *name;
    int n_parameters;
    struct {
        const char *name;
        enum dist_parameter_kind kind;
    } parameters[DIST_MAX_PARAMETERS];
    const char *(*problem)(const double *p);
    double (*mean)(const double *p);
    double (*variance)(const double *p);
    double (*cdf)(const double *p, double x);
    double (*quantile)(const double *p, double u);
    double (*min)(const double *p);
    double (*max)(const double *p);
    /* In place, from uniforms on (0, 1) to variates, the bits of `quantile`; NULL: one by one. */
    void (*quantiles)(const double *p, double *u, size_t n);
};

extern const struct dist_family dist_families[];
extern const size_t dist_n_families;
extern const struct dist_family *const dist_constant; /* a value without its distribution's name */

enum dist_kind { DIST_CLOSED, DIST_DISCRETE, DIST_MIXTURE, DIST_EMPIRICAL };

struct sim_dist {
    enum dist_kind kind;
    double shift; /* X = shift + the rest */

    const struct dist_family *family; /* DIST_CLOSED */
    double p[DIST_MAX_PARAMETERS];
    bool has_unit[DIST_MAX_PARAMETERS]; /* while parsing: the argument carried its own unit */

    size_t n;          /* DIST_DISCRETE, DIST_EMPIRICAL: points; DIST_MIXTURE: parts */
    double *value;     /* points, ascending */
    double *weight;    /* of points or parts; they sum to 1 but for rounding */
    double *cumulated; /* running sum of the weights; the last is exactly 1 */
    bool *value_has_unit;
    struct sim_dist **part;
    char *source;  /* DIST_EMPIRICAL: "/path/file.csv, column", for printing */
    double factor; /* DIST_EMPIRICAL: of the unit given, 0 for none */
};

/* dist_compound.c: the three kinds without a closed form. */
extern const char *const dist_compound_name[]; /* by enum dist_kind; NULL for DIST_CLOSED */
double dist_compound_mean(const struct sim_dist *d);
double dist_compound_variance(const struct sim_dist *d);
double dist_compound_cdf(const struct sim_dist *d, double x);
double dist_compound_quantile(const struct sim_dist *d, double u);
double dist_compound_min(const struct sim_dist *d);
double dist_compound_max(const struct sim_dist *d);

/* For a distribution that is read and has its units: sorts points, fills `cumulated`, scales weights
 * that sum to 1 within 1e-9 to do so but for rounding. SIM_EINVAL for weights that are negative, not
 * finite or sum to something else; then the distribution is not usable. */
SIM_MUST_CHECK enum sim_err dist_compound_finish(struct sim_dist *d, struct sim_error *e);

/* dist_unit.c: gives a unit to all values that have none; is there such a value? */
void dist_apply_factor(struct sim_dist *d, double factor);
bool dist_lacks_unit(const struct sim_dist *d);

/* dist_finish.c: all that follows once a distribution is read and has its units. SIM_EINVAL for
 * parameters, weights or a mean out of range, SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err dist_finish(struct sim_dist *d, struct sim_error *e);

/* dist_numeric.c: where the textbook's formulas lose their digits, or a library does not converge. */
double dist_gamma_quantile(double u, double shape);         /* scale 1 */
double dist_weibull_variance(double shape);                 /* scale 1 */
double dist_narrow_pareto_variance(double a, double width); /* of (X - L)/L, width = (H - L)/L */
double dist_log_ratio(double x, double y);                  /* ln(x/y) of numbers above 0 */

/* dist_empirical.c: reads column `column` of the CSV file `path`; sets n, value, weight. */
SIM_MUST_CHECK enum sim_err dist_empirical_read(struct sim_dist *d, const char *path,
                                                const char *column, struct sim_error *e);

#endif
