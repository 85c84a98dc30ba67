/* Parameters as axes: which values they take, where those lie, and what is written there. */
#include "output/plot_sweep_internal.h"

#include "sim/base/text.h"

#include <math.h>
#include <string.h>

enum {
    MOST_TICKS = 12, /* of one picture */
    MOST_NARROW = 5, /* of a panel of dots, whose values may lie side by side */
};

bool plot_is_number(const struct plot_parameter *p)
{
    return p->value != NULL;
}

static bool has_unit(const char *unit)
{
    return *unit != '\0' && strcmp(unit, "1") != 0;
}

/* Does every value exceed the one before it? Then a curve can follow the rows. */
bool plot_is_ascending(const struct plot_parameter *p)
{
    bool is_so = plot_is_number(p);
    for (size_t i = 1; i < p->n && is_so; i++) {
        is_so = p->value[i] > p->value[i - 1];
    }
    return is_so;
}

/* Values whose middle one is nearer to the geometric than to the arithmetic mean of the ends, over a factor of 8 or more. */
static bool is_logarithmic(const struct plot_parameter *p)
{
    enum { FACTOR = 8 };
    if (!plot_is_ascending(p) || p->n < 3 || p->value[0] <= 0) {
        return false;
    }
    const double least = p->value[0];
    const double most = p->value[p->n - 1];
    const double middle = (p->value[(p->n - 1) / 2] + p->value[p->n / 2]) / 2;
    return most / least >= FACTOR &&
           fabs(middle - sqrt(least * most)) < fabs(middle - (least + most) / 2);
}

void plot_put_number(FILE *out, double value)
{
    char text[SIM_DOUBLE_TEXT];
    sim_double_text(text, value);
    fputs(text, out);
}

void plot_put_quoted(FILE *out, const char *text)
{
    char quoted[512];
    plot_quote(quoted, sizeof quoted, text);
    fprintf(out, "'%s'", quoted);
}

/* "column('users')", or stringcolumn of words. */
static void put_column(FILE *out, const struct plot_parameter *p)
{
    fputs(plot_is_number(p) ? "column(" : "stringcolumn(", out);
    plot_put_quoted(out, p->column);
    fputc(')', out);
}

/* "column('users') == 500" */
void plot_put_condition(FILE *out, const struct plot_parameter *p, size_t i)
{
    put_column(out, p);
    if (plot_is_number(p)) {
        fputs(" == ", out);
        plot_put_number(out, p->value[i]);
    } else {
        fputs(" eq ", out);
        plot_put_quoted(out, p->text[i]);
    }
}

/* The values as NAME[1..n], and NAMEof(v), which of them `v` is: places on an axis that words and uneven steps share. */
void plot_put_places(FILE *out, const struct plot_parameter *p, char name)
{
    fprintf(out, "array %c[%zu] = [", name, p->n);
    for (size_t i = 0; i < p->n; i++) {
        fputs(i == 0 ? "" : ", ", out);
        if (plot_is_number(p)) {
            plot_put_number(out, p->value[i]);
        } else {
            plot_put_quoted(out, p->text[i]);
        }
    }
    fprintf(out, "]\n%cof(v) = sum [i=1:%zu] (v %s %c[i] ? i : 0)\n", name, p->n,
            plot_is_number(p) ? "==" : "eq", name);
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
        plot_put_quoted(out, shown);
    } else {
        plot_put_quoted(out, text);
    }
}

/* Ticks at the values, in the words of the user; at every second, third, ... if they are many. */
void plot_put_ticks(FILE *out, const struct plot_parameter *p, char axis, bool at_places)
{
    const size_t step = (p->n + MOST_TICKS - 1) / MOST_TICKS;
    fprintf(out, "set %ctics noenhanced (", axis);
    for (size_t i = 0; i < p->n; i += step) {
        fputs(i == 0 ? "" : ", ", out);
        put_tick(out, p->text[i]);
        fputc(' ', out);
        plot_put_number(out, at_places ? (double)(i + 1) : p->value[i]);
    }
    fputs(")\n", out);
}

void plot_put_label(FILE *out, const char *axis, const char *name, const char *unit)
{
    fprintf(out, "set %slabel ", axis);
    plot_put_quoted(out, name);
    if (has_unit(unit)) {
        fputs(" . ', ' . ", out);
        plot_put_quoted(out, unit);
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
    plot_put_number(out, factor > 1 ? least / factor : least - margin * span);
    fputs(":", out);
    plot_put_number(out, factor > 1 ? most * factor : most + margin * span);
    fputs("]\n", out);
}

/* The horizontal axis, with room at its ends. */
void plot_put_axis(FILE *out, const struct plot_parameter *p, bool is_dotted)
{
    const bool at_places = !plot_is_number(p);
    const bool has_ticks = at_places || !is_dotted || p->n <= MOST_NARROW;
    plot_put_label(out, "x", p->label, has_ticks ? "" : p->unit);
    if (at_places) {
        plot_put_places(out, p, 'X');
        fprintf(out, "set xrange [0.5:%zu.5]\n", p->n);
    } else {
        put_range(out, p);
    }
    fprintf(out, "%s logscale x\n", is_logarithmic(p) ? "set" : "unset");
    if (has_ticks) {
        plot_put_ticks(out, p, 'x', at_places);
    } else {
        fputs("set xtics autofreq\nset format x '%.4g'\n", out);
    }
}

/* The place of a row on the axis NAME: the value, or which one it is. */
void plot_put_place(FILE *out, const struct plot_parameter *p, char name, bool at_places)
{
    if (at_places) {
        fprintf(out, "%cof(", name);
    }
    put_column(out, p);
    if (at_places) {
        fputc(')', out);
    }
}

void plot_put_x(FILE *out, const struct plot_parameter *p)
{
    plot_put_place(out, p, 'X', !plot_is_number(p));
}
