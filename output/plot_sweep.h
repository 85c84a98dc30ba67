/* output/plot_sweep.h -- pictures of a figure over parameters, from points.csv.
 *
 * One parameter: a response curve with the interval of the mean as a band. Two: a heat map. Three: small multiples, a
 * panel for each value of one, a curve for each of another. Points that lie on no grid: a panel for each parameter with
 * all points. Where a mean is missing (a replication in which it is "never") a curve leaves the picture, and a map has a grey cell.
 */
#ifndef OUTPUT_PLOT_SWEEP_H
#define OUTPUT_PLOT_SWEEP_H

#include "output/plot.h"

#include <stdbool.h>

struct plot_parameter {
    const char *column;      /* of points.csv */
    const char *label;       /* of its axis */
    const char *unit;        /* "s", "byte"; "" or "1": none */
    const char *const *text; /* its `n` different values, as one writes them */
    const double *value;     /* the same as they stand in the column; NULL: the texts themselves */
    size_t n;
};

struct plot_response {
    const char *column;     /* COLUMN.mean and COLUMN.half_width of points.csv */
    const char *unit;       /* that is drawn; "" or "1": none */
    double scale;           /* what is drawn is the column divided by it */
    double most;            /* the greatest mean or end of an interval, not divided; > 0 */
    double confidence;      /* 0.95 */
    bool has_interval;      /* is there a half_width? */
    bool has_holes;         /* is a mean missing? */
    const char *limit_text; /* what is expected of the mean, "full_p95_s < 10 min"; NULL: nothing */
    double limit;           /* not divided */
};

/* A script each, as plot_begin and plot_end with everything between. Of `p` the name, title, note and remark are used. */
void plot_sweep_curve(FILE *out, const struct plot *p, const struct plot_parameter *x,
                      const struct plot_response *y);
void plot_sweep_map(FILE *out, const struct plot *p, const struct plot_parameter *x,
                    const struct plot_parameter *y, const struct plot_response *z);
void plot_sweep_panels(FILE *out, const struct plot *p, const struct plot_parameter *x,
                       const struct plot_parameter *curve, const struct plot_parameter *panel,
                       const struct plot_response *y);
void plot_sweep_dots(FILE *out, const struct plot *p, const struct plot_parameter x[], size_t n,
                     const struct plot_response *y);

/* How many values a picture can take. */
enum { PLOT_MOST_CURVES = 6, PLOT_MOST_PANELS = 11 };

#endif
