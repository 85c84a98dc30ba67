#include "output/plot_sweep.h"

#include "sim/base/text.h"

#include <math.h>
#include <string.h>

enum {
    MOST_TICKS = 12,    /* of one picture */
    MOST_NARROW = 5,    /* of a panel of dots, whose values may lie side by side */
    MOST_LABELLED = 10, /* cells in a row of a map, with their numbers */
};

static const char band_colour[] = "#2d708e";
static const char curve_colour[] = "#2b3f7f";

/* ---- Parameters ---- */

static bool is_number(const struct plot_parameter *p)
{
    return p->value != NULL;
}

static bool has_unit(const char *unit)
{
    return *unit != '\0' && strcmp(unit, "1") != 0;
}

/* Does every value exceed the one before it? Then a curve can follow the rows. */
static bool is_ascending(const struct plot_parameter *p)
{
    bool is_so = is_number(p);
    for (size_t i = 1; i < p->n && is_so; i++) {
        is_so = p->value[i] > p->value[i - 1];
    }
    return is_so;
}

/* Values whose middle one is nearer to the geometric than to the arithmetic mean of the ends, over a factor of 8 or more. */
static bool is_logarithmic(const struct plot_parameter *p)
{
    enum { FACTOR = 8 };
    if (!is_ascending(p) || p->n < 3 || p->value[0] <= 0) {
        return false;
    }
    const double least = p->value[0];
    const double most = p->value[p->n - 1];
    const double middle = (p->value[(p->n - 1) / 2] + p->value[p->n / 2]) / 2;
    return most / least >= FACTOR &&
           fabs(middle - sqrt(least * most)) < fabs(middle - (least + most) / 2);
}

static void put_number(FILE *out, double value)
{
    char text[SIM_DOUBLE_TEXT];
    sim_double_text(text, value);
    fputs(text, out);
}

static void put_quoted(FILE *out, const char *text)
{
    char quoted[512];
    plot_quote(quoted, sizeof quoted, text);
    fprintf(out, "'%s'", quoted);
}

/* "column('users')", or stringcolumn of words. */
static void put_column(FILE *out, const struct plot_parameter *p)
{
    fputs(is_number(p) ? "column(" : "stringcolumn(", out);
    put_quoted(out, p->column);
    fputc(')', out);
}

/* "column('users') == 500" */
static void put_condition(FILE *out, const struct plot_parameter *p, size_t i)
{
    put_column(out, p);
    if (is_number(p)) {
        fputs(" == ", out);
        put_number(out, p->value[i]);
    } else {
        fputs(" eq ", out);
        put_quoted(out, p->text[i]);
    }
}

/* The values as NAME[1..n], and NAMEof(v), which of them `v` is: places on an axis that words and uneven steps share. */
static void put_places(FILE *out, const struct plot_parameter *p, char name)
{
    fprintf(out, "array %c[%zu] = [", name, p->n);
    for (size_t i = 0; i < p->n; i++) {
        fputs(i == 0 ? "" : ", ", out);
        if (is_number(p)) {
            put_number(out, p->value[i]);
        } else {
            put_quoted(out, p->text[i]);
        }
    }
    fprintf(out, "]\n%cof(v) = sum [i=1:%zu] (v %s %c[i] ? i : 0)\n", name, p->n,
            is_number(p) ? "==" : "eq", name);
}

/* A value as a tick: "31.6227766017 Mbit/s", of which four digits are enough. */
static void put_tick(FILE *out, const char *text)
{
    enum { LONG = 6 };
    const char *end;
    double number;
    char shown[160];
    if (sim_parse_double(text, &end, &number) && end - text > LONG) {
        snprintf(shown, sizeof shown, "%.4g%s", number, end);
        put_quoted(out, shown);
    } else {
        put_quoted(out, text);
    }
}

/* Ticks at the values, in the words of the user; at every second, third, ... if they are many. */
static void put_ticks(FILE *out, const struct plot_parameter *p, char axis, bool at_places)
{
    const size_t step = (p->n + MOST_TICKS - 1) / MOST_TICKS;
    fprintf(out, "set %ctics noenhanced (", axis);
    for (size_t i = 0; i < p->n; i += step) {
        fputs(i == 0 ? "" : ", ", out);
        put_tick(out, p->text[i]);
        fputc(' ', out);
        put_number(out, at_places ? (double)(i + 1) : p->value[i]);
    }
    fputs(")\n", out);
}

static void put_label(FILE *out, const char *axis, const char *name, const char *unit)
{
    fprintf(out, "set %slabel ", axis);
    put_quoted(out, name);
    if (has_unit(unit)) {
        fputs(" . ', ' . ", out);
        put_quoted(out, unit);
    }
    fputs(" noenhanced\n", out);
}

/* From the least to the greatest value and a little farther. */
static void put_range(FILE *out, const struct plot_parameter *p)
{
    const double margin = 0.03;
    double least = p->value[0];
    double most = p->value[0];
    for (size_t i = 1; i < p->n; i++) {
        least = fmin(least, p->value[i]);
        most = fmax(most, p->value[i]);
    }
    const double span = most - least;
    const double factor = is_logarithmic(p) ? pow(most / least, margin) : 1;
    fputs("set xrange [", out);
    put_number(out, factor > 1 ? least / factor : least - margin * span);
    fputs(":", out);
    put_number(out, factor > 1 ? most * factor : most + margin * span);
    fputs("]\n", out);
}

/* The horizontal axis, with room at its ends. */
static void put_axis(FILE *out, const struct plot_parameter *p, bool is_dotted)
{
    const bool at_places = !is_number(p);
    const bool has_ticks = at_places || !is_dotted || p->n <= MOST_NARROW;
    put_label(out, "x", p->label, has_ticks ? "" : p->unit);
    if (at_places) {
        put_places(out, p, 'X');
        fprintf(out, "set xrange [0.5:%zu.5]\n", p->n);
    } else {
        put_range(out, p);
    }
    fprintf(out, "%s logscale x\n", is_logarithmic(p) ? "set" : "unset");
    if (has_ticks) {
        put_ticks(out, p, 'x', at_places);
    } else {
        fputs("set xtics autofreq\nset format x '%.4g'\n", out);
    }
}

/* The place of a row on the axis NAME: the value, or which one it is. */
static void put_place(FILE *out, const struct plot_parameter *p, char name, bool at_places)
{
    if (at_places) {
        fprintf(out, "%cof(", name);
    }
    put_column(out, p);
    if (at_places) {
        fputc(')', out);
    }
}

static void put_x(FILE *out, const struct plot_parameter *p)
{
    put_place(out, p, 'X', !is_number(p));
}

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
    put_number(out, 1.08 * (is_low ? y->most : fmin(y->limit, 3 * y->most)) / y->scale);
    fputs("]\n", out);
}

static void put_limit(FILE *out, const struct plot_response *y)
{
    if (y->limit_text == NULL) {
        return;
    }
    fputs(", \\\n    ", out);
    put_number(out, y->limit / y->scale);
    fputs(" with lines linecolor rgb '#b03030' linewidth 2 dashtype (10,6) title 'expected: ' . ",
          out);
    put_quoted(out, y->limit_text);
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
        put_x(out, x);
        fputc(')', out);
        put_band(out, y, band_colour);
        fprintf(out, " title '%g %% interval of the mean', \\\n    '' using (",
                100 * y->confidence);
    }
    put_x(out, x);
    fprintf(out,
            "):(mean(0)) with linespoints linecolor rgb '%s' linewidth 3 pointtype 7 pointsize 1 "
            "title 'mean'",
            curve_colour);
}

static void put_bars(FILE *out, const struct plot_parameter *x, const struct plot_response *y)
{
    fputs("plot '../points.csv' using (", out);
    put_x(out, x);
    fprintf(out, "):(mean(0))%s linecolor rgb '%s' linewidth 2 pointtype 7 pointsize 1",
            y->has_interval ? ":(half(0)) with yerrorbars" : " with points", curve_colour);
}

void plot_sweep_curve(FILE *out, const struct plot *p, const struct plot_parameter *x,
                      const struct plot_response *y)
{
    plot_begin(out, p);
    put_axis(out, x, false);
    put_label(out, "y", y->column, y->unit);
    put_heights(out, y);
    put_height(out, y);
    fputs("set style fill transparent solid 0.25 noborder\n", out);
    if (is_ascending(x)) {
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
    put_place(out, x, 'X', true);
    fputs("):(", out);
    put_place(out, y, 'Y', true);
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
    put_places(out, x, 'X');
    put_places(out, y, 'Y');
    put_label(out, "x", x->label, "");
    put_label(out, "y", y->label, "");
    put_ticks(out, x, 'x', true);
    put_ticks(out, y, 'y', true);
    put_label(out, "cb", z->column, z->unit);
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
    put_condition(out, curve, i);
    fputs(" && ", out);
    put_condition(out, panel, k);
    fputs(" ? ", out);
    put_x(out, x);
    fputs(" : NaN)", out);
}

static void put_panel(FILE *out, const struct plot_parameter *x, const struct plot_parameter *curve,
                      const struct plot_parameter *panel, size_t k, const struct plot_response *y)
{
    fputs("set title ", out);
    put_quoted(out, panel->label);
    fputs(" . ' = ' . ", out);
    put_quoted(out, panel->text[k]);
    fputs(" noenhanced\nplot ", out);
    for (size_t i = 0; i < curve->n; i++) {
        const char *const colour = colour_of(i, curve->n);
        fputs(i == 0 ? "'../points.csv' using " : ", \\\n    '' using ", out);
        if (y->has_interval && is_ascending(x)) {
            put_chosen(out, x, curve, i, panel, k);
            put_band(out, y, colour);
            fputs(" notitle, \\\n    '' using ", out);
        }
        put_chosen(out, x, curve, i, panel, k);
        fprintf(out,
                ":(mean(0)) with %s linecolor rgb '%s' linewidth 2 pointtype 7 pointsize 0.8 "
                "notitle",
                is_ascending(x) ? "linespoints" : "points", colour);
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
    put_quoted(out, curve->label);
    fputs(" noenhanced\nplot ", out);
    for (size_t i = 0; i < curve->n; i++) {
        fprintf(out,
                "%sNaN with linespoints linecolor rgb '%s' linewidth 2 pointtype 7 pointsize 0.8 "
                "title ",
                i == 0 ? "" : ", \\\n    ", colour_of(i, curve->n));
        put_quoted(out, curve->text[i]);
    }
    if (y->limit_text != NULL) {
        fputs(", \\\n    NaN with lines linecolor rgb '#b03030' linewidth 2 dashtype (10,6) title ",
              out);
        put_quoted(out, y->limit_text);
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
    put_axis(out, x, false);
    put_label(out, "y", y->column, y->unit);
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
    put_label(out, "y", y->column, y->unit);
    put_height(out, y);
    for (size_t i = 0; i < n; i++) {
        put_axis(out, &x[i], true);
        put_bars(out, &x[i], y);
        fputs(" notitle", out);
        put_limit(out, y);
        fputc('\n', out);
    }
    plot_end_panels(out);
}
