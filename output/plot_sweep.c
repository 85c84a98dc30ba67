#include "output/plot_sweep_internal.h"

#include "sim/base/text.h"

#include <math.h>
#include <string.h>

enum { MOST_LABELLED = 10 }; /* cells in a row of a map, with their numbers */

static const char band_colour[] = "#2d708e";
static const char curve_colour[] = "#2b3f7f";

/* ---- Responses ---- */

/* mean(), low() and high() of a row, in the unit that is drawn; `missing` where there is no mean. */
static void put_response(FILE *out, const struct plot_response *y, const char *missing)
{
    char column[256];
    char scale[SIM_DOUBLE_TEXT];
    plot_quote(column, sizeof column, y->column);
    sim_double_text(scale, y->scale);
    fprintf(out,
            "given(v, otherwise) = v == v ? v / %s : otherwise\n"
            "mean(n) = given(column('%s.mean'), %s)\n",
            scale, column, missing);
    if (y->has_interval) {
        fprintf(out,
                "half(n) = given(column('%s.half_width'), 0)\n"
                "low(n) = mean(n) - half(n) < 0 ? 0 : mean(n) - half(n)\n"
                "high(n) = mean(n) + half(n)\n",
                column);
    }
}

/* The same for curves. A missing mean is one beyond all others: far above the picture, so that the curve leaves it. */
static void put_heights(FILE *out, const struct plot_response *y)
{
    enum { FAR = 50 };
    char above[SIM_DOUBLE_TEXT];
    sim_double_text(above, FAR * y->most / y->scale);
    put_response(out, y, above);
}

static void put_height(FILE *out, const struct plot_response *y)
{
    const bool is_low = y->limit_text == NULL || y->limit <= y->most;
    fputs("set yrange [0:", out);
    plot_put_number(out, 1.08 * (is_low ? y->most : fmin(y->limit, 3 * y->most)) / y->scale);
    fputs("]\n", out);
}

static void put_limit(FILE *out, const struct plot_response *y)
{
    if (y->limit_text == NULL) {
        return;
    }
    fputs(", \\\n    ", out);
    plot_put_number(out, y->limit / y->scale);
    fputs(" with lines linecolor rgb '#b03030' linewidth 2 dashtype (10,6) title 'expected: ' . ",
          out);
    plot_put_quoted(out, y->limit_text);
}

/* ---- One parameter ---- */

/* Intervals are a band, or bars where the band would have to reach beyond the picture. */
static void put_band(FILE *out, const struct plot_response *y, const char *colour)
{
    if (y->has_holes) {
        fprintf(out, ":(mean(0)):(half(0)) with yerrorbars linecolor rgb '%s' pointtype 0", colour);
    } else {
        fprintf(out, ":(low(0)):(high(0)) with filledcurves fillcolor rgb '%s'", colour);
    }
}

static void put_curve(FILE *out, const struct plot_parameter *x, const struct plot_response *y)
{
    fputs("plot '../points.csv' using (", out);
    if (y->has_interval) {
        plot_put_x(out, x);
        fputc(')', out);
        put_band(out, y, band_colour);
        fprintf(out, " title '%g %% interval of the mean', \\\n    '' using (",
                100 * y->confidence);
    }
    plot_put_x(out, x);
    fprintf(out,
            "):(mean(0)) with linespoints linecolor rgb '%s' linewidth 3 pointtype 7 pointsize 1 "
            "title 'mean'",
            curve_colour);
}

static void put_bars(FILE *out, const struct plot_parameter *x, const struct plot_response *y)
{
    fputs("plot '../points.csv' using (", out);
    plot_put_x(out, x);
    fprintf(out, "):(mean(0))%s linecolor rgb '%s' linewidth 2 pointtype 7 pointsize 1",
            y->has_interval ? ":(half(0)) with yerrorbars" : " with points", curve_colour);
}

void plot_sweep_curve(FILE *out, const struct plot *p, const struct plot_parameter *x,
                      const struct plot_response *y)
{
    plot_begin(out, p);
    plot_put_axis(out, x, false);
    plot_put_label(out, "y", y->column, y->unit);
    put_heights(out, y);
    put_height(out, y);
    fputs("set style fill transparent solid 0.25 noborder\n", out);
    if (plot_is_ascending(x)) {
        put_curve(out, x, y);
    } else {
        put_bars(out, x, y);
        fputs(" title 'mean", out);
        if (y->has_interval) {
            fprintf(out, " and its %g %% interval", 100 * y->confidence);
        }
        fputs("'", out);
    }
    put_limit(out, y);
    fputc('\n', out);
    plot_end(out, p);
}

/* ---- Two ---- */

/* Light means little, as in the pictures of a single scenario. */
static void put_palette(FILE *out)
{
    fputs("set palette defined (", out);
    for (int i = 0; i < PLOT_STYLES; i++) {
        fprintf(out, "%s%d '%s'", i == 0 ? "" : ", ", i, plot_colour(PLOT_STYLES - 1 - i));
    }
    fputs(")\n", out);
}

static void put_cell(FILE *out, const struct plot_parameter *x, const struct plot_parameter *y)
{
    fputs("(", out);
    plot_put_place(out, x, 'X', true);
    fputs("):(", out);
    plot_put_place(out, y, 'Y', true);
    fputs(")", out);
}

/* Mean, and below it the half-width; white where the cell is dark. */
static void put_numbers(FILE *out, const struct plot_parameter *x, const struct plot_parameter *y,
                        const struct plot_response *z)
{
    fputs(", \\\n    '' using ", out);
    put_cell(out, x, y);
    fputs(":(mean(0) != mean(0) ? 'no mean' : shown(mean(0))", out);
    if (z->has_interval) {
        fputs(" . \"\\n± \" . shown(half(0))", out);
    }
    fputs("):(mean(0) > middle ? 0xffffff : 0x222222) with labels textcolor rgb variable font "
          "'sans,10' notitle",
          out);
}

void plot_sweep_map(FILE *out, const struct plot *p, const struct plot_parameter *x,
                    const struct plot_parameter *y, const struct plot_response *z)
{
    const bool has_room = x->n <= MOST_LABELLED && y->n <= MOST_LABELLED;
    plot_begin(out, p);
    plot_put_places(out, x, 'X');
    plot_put_places(out, y, 'Y');
    plot_put_label(out, "x", x->label, "");
    plot_put_label(out, "y", y->label, "");
    plot_put_ticks(out, x, 'x', true);
    plot_put_ticks(out, y, 'y', true);
    plot_put_label(out, "cb", z->column, z->unit);
    fputs("set cblabel offset 2,0\n", out);
    put_response(out, z, "NaN");
    fputs(
        "stats '../points.csv' using (mean(0)) nooutput\n" /* before there are ranges, which it heeds */
        "middle = (STATS_min + STATS_max) / 2\n",
        out);
    put_palette(out);
    fprintf(out,
            "set xrange [0.5:%zu.5]\nset yrange [0.5:%zu.5]\nset cbrange [*:*]\nunset grid\n"
            "set border 0\nset tics scale 0\nset rmargin 16\n"
            "set style fill solid 1.0 border linecolor rgb '#ffffff'\n",
            x->n, y->n);
    fputs("shown(v) = v >= 99.5 ? sprintf('%.0f', v) : sprintf('%.3g', v)\n"
          "plot '../points.csv' using ",
          out);
    put_cell(out, x, y);
    fputs(":(0.5):(0.5) with boxxyerror linecolor rgb '#dddddd' notitle, \\\n    '' using ", out);
    put_cell(out, x, y);
    fputs(":(mean(0) == mean(0) ? 0.5 : NaN):(0.5):(mean(0)) with boxxyerror linecolor palette "
          "notitle",
          out);
    if (has_room) {
        put_numbers(out, x, y, z);
    }
    fputc('\n', out);
    plot_end(out, p);
}

/* ---- Three ---- */

/* From dark to light, and not the lightest, which nobody sees on white. */
static const char *colour_of(size_t i, size_t n)
{
    enum { LIGHTEST = 9 };
    return plot_colour(n > 1 ? (int)(i * LIGHTEST / (n - 1)) : 4);
}

/* Rows of other panels and curves are missing points, over which lines pass. */
static void put_chosen(FILE *out, const struct plot_parameter *x,
                       const struct plot_parameter *curve, size_t i,
                       const struct plot_parameter *panel, size_t k)
{
    fputs("(", out);
    plot_put_condition(out, curve, i);
    fputs(" && ", out);
    plot_put_condition(out, panel, k);
    fputs(" ? ", out);
    plot_put_x(out, x);
    fputs(" : NaN)", out);
}

static void put_panel(FILE *out, const struct plot_parameter *x, const struct plot_parameter *curve,
                      const struct plot_parameter *panel, size_t k, const struct plot_response *y)
{
    fputs("set title ", out);
    plot_put_quoted(out, panel->label);
    fputs(" . ' = ' . ", out);
    plot_put_quoted(out, panel->text[k]);
    fputs(" noenhanced\nplot ", out);
    for (size_t i = 0; i < curve->n; i++) {
        const char *const colour = colour_of(i, curve->n);
        fputs(i == 0 ? "'../points.csv' using " : ", \\\n    '' using ", out);
        if (y->has_interval && plot_is_ascending(x)) {
            put_chosen(out, x, curve, i, panel, k);
            put_band(out, y, colour);
            fputs(" notitle, \\\n    '' using ", out);
        }
        put_chosen(out, x, curve, i, panel, k);
        fprintf(out,
                ":(mean(0)) with %s linecolor rgb '%s' linewidth 2 pointtype 7 pointsize 0.8 "
                "notitle",
                plot_is_ascending(x) ? "linespoints" : "points", colour);
    }
    put_limit(out, y);
    fputs(y->limit_text != NULL ? " noenhanced\n" : "\n", out);
}

/* The last panel is the legend. */
static void put_legend(FILE *out, const struct plot_parameter *curve, const struct plot_response *y)
{
    fputs("unset title\nunset xlabel\nunset ylabel\nunset logscale\nunset tics\nunset border\n"
          "unset grid\nset xrange [0:1]\nset yrange [0:1]\n"
          "set key at graph 0, graph 1 left top vertical Left reverse samplen 3 spacing 1.3 title ",
          out);
    plot_put_quoted(out, curve->label);
    fputs(" noenhanced\nplot ", out);
    for (size_t i = 0; i < curve->n; i++) {
        fprintf(out,
                "%sNaN with linespoints linecolor rgb '%s' linewidth 2 pointtype 7 pointsize 0.8 "
                "title ",
                i == 0 ? "" : ", \\\n    ", colour_of(i, curve->n));
        plot_put_quoted(out, curve->text[i]);
    }
    if (y->limit_text != NULL) {
        fputs(", \\\n    NaN with lines linecolor rgb '#b03030' linewidth 2 dashtype (10,6) title ",
              out);
        plot_put_quoted(out, y->limit_text);
    }
    if (y->has_interval) {
        fprintf(out,
                ", \\\n    NaN with filledcurves fillcolor rgb '#777777' title '%g %% interval'",
                100 * y->confidence);
    }
    fputs("\nset border 3\nset tics nomirror\nset grid\n", out);
}

void plot_sweep_panels(FILE *out, const struct plot *p, const struct plot_parameter *x,
                       const struct plot_parameter *curve, const struct plot_parameter *panel,
                       const struct plot_response *y)
{
    plot_begin_panels(out, p, panel->n + 1);
    fputs("set datafile missing NaN\nset style fill transparent solid 0.2 noborder\nunset key\n",
          out);
    put_heights(out, y);
    plot_put_axis(out, x, false);
    plot_put_label(out, "y", y->column, y->unit);
    put_height(out, y);
    for (size_t k = 0; k < panel->n; k++) {
        put_panel(out, x, curve, panel, k, y);
    }
    put_legend(out, curve, y);
    plot_end_panels(out);
}

/* ---- Any number ---- */

void plot_sweep_dots(FILE *out, const struct plot *p, const struct plot_parameter x[], size_t n,
                     const struct plot_response *y)
{
    plot_begin_panels(out, p, n);
    fputs("unset key\n", out);
    put_heights(out, y);
    plot_put_label(out, "y", y->column, y->unit);
    put_height(out, y);
    for (size_t i = 0; i < n; i++) {
        plot_put_axis(out, &x[i], true);
        put_bars(out, &x[i], y);
        fputs(" notitle", out);
        put_limit(out, y);
        fputc('\n', out);
    }
    plot_end_panels(out);
}
