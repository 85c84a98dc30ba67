/* cli/drawing.h -- what the pictures of a study share: the columns, the time axis, the words below
 * the title. */
#ifndef CLI_DRAWING_H
#define CLI_DRAWING_H

#include "cli/export.h"
#include "models/collect.h"
#include "output/plot.h"
#include "output/time_axis.h"

struct drawing {
    struct export *x;
    struct series_column *column; /* of series_mean.csv */
    size_t n_columns;
    double *mean; /* by column: over the replications and the time drawn */
    double *most; /* by column: the greatest mean over the replications, in the time drawn */
    struct time_axis axis;
    char x_label[64];
    char note[200];   /* of what, how many replications */
    char remark[200]; /* what comes after the end of the axis; may be empty */
};

/* Errors are left in x->err. The time axis ends when 99 % of the devices stay full, in the mean over
 * the replications, and 10 % later; if so many never are, at twice the time at which 99 % of those are
 * full that ever will be; if that is not even half of the devices, with the simulation. O(columns * rows * replications). */
void drawing_init(struct drawing *d, struct export *x);
void drawing_fini(struct drawing *d);

/* plots/NAME.gp up to the plot command; NULL after an error. */
FILE *drawing_begin(const struct drawing *d, const struct plot *plot);
void drawing_end(const struct drawing *d, const struct plot *plot, FILE *file);

/* The range and ticks of the time axis, and axis(t), which turns seconds into its unit. */
void drawing_write_axis(const struct drawing *d, FILE *out);

/* "9.5 minutes", "12 hours". */
void drawing_time(char *text, size_t size, double time_s);

/* A file each; true if there was something to be drawn. */
bool draw_states(const struct drawing *d);
bool draw_curves(const struct drawing *d);
bool draw_busy(const struct drawing *d);
bool draw_queues(const struct drawing *d);
bool draw_stages(const struct drawing *d);

#endif
