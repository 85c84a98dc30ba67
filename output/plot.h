/* output/plot.h -- gnuplot scripts beside the data; output/gnuplot.h draws them.
 *
 * A script reads the CSV files by column name, draws a PNG and an SVG, and can be edited and run
 * again: "cd plots && gnuplot states.gp". Colours are ordered by lightness, so they survive a grey
 * print; the legend stands below the data.
 */
#ifndef OUTPUT_PLOT_H
#define OUTPUT_PLOT_H

#include <stddef.h>
#include <stdio.h>

struct plot {
    const char *name;  /* of the script, without ending */
    const char *title; /* one line; what is seen */
    const char *note;  /* below the title: of what, how many replications */
    const char *x_label, *y_label;
    const char *remark; /* below the note, smaller: what is not in the picture; NULL or "": none */
};

/* Writes everything before the plot command: terminal, title, labels, line styles 1 to PLOT_STYLES
 * from dark to light. */
void plot_begin(FILE *out, const struct plot *p);

/* Writes what draws the same picture as SVG. Between the two stands exactly one plot command. */
void plot_end(FILE *out, const struct plot *p);

/* The same for a picture of `n` panels side by side, each with a title and a plot command of its own, between
 * plot_begin_panels and plot_end_panels. */
void plot_begin_panels(FILE *out, const struct plot *p, size_t n);
void plot_end_panels(FILE *out);

enum { PLOT_STYLES = 12 };

/* "#rrggbb" of line style 1 + i. */
const char *plot_colour(int i);

/* A text as it stands within single quotes of gnuplot: quotes doubled. Legends take no markup. */
void plot_quote(char *quoted, size_t size, const char *text);

#endif
