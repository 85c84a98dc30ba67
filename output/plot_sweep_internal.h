/* output/plot_sweep_internal.h -- parts of the scripts of sweeps: parameters as axes. */
#ifndef OUTPUT_PLOT_SWEEP_INTERNAL_H
#define OUTPUT_PLOT_SWEEP_INTERNAL_H

#include "output/plot_sweep.h"

bool plot_is_number(const struct plot_parameter *p);

/* Does every value exceed the one before it? Then a curve can follow the rows. */
bool plot_is_ascending(const struct plot_parameter *p);

void plot_put_number(FILE *out, double value);
void plot_put_quoted(FILE *out, const char *text);

/* "set xlabel 'NAME, UNIT'"; axis is "x", "y" or "cb". */
void plot_put_label(FILE *out, const char *axis, const char *name, const char *unit);

/* "column('users') == 500": is it value i? */
void plot_put_condition(FILE *out, const struct plot_parameter *p, size_t i);

/* The values as NAME[1..n], and NAMEof(v), which of them `v` is: places on an axis that words and uneven steps share. */
void plot_put_places(FILE *out, const struct plot_parameter *p, char name);

/* Ticks in the words of the user, at the places or at the values. */
void plot_put_ticks(FILE *out, const struct plot_parameter *p, char axis, bool at_places);

/* The whole horizontal axis; `is_dotted`: that of a panel of dots. */
void plot_put_axis(FILE *out, const struct plot_parameter *p, bool is_dotted);

/* Where a row lies on the axis NAME: at its value, or at its place. */
void plot_put_place(FILE *out, const struct plot_parameter *p, char name, bool at_places);
void plot_put_x(FILE *out, const struct plot_parameter *p); /* on that of plot_put_axis */

#endif
