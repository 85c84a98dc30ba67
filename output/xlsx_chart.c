/* The chart of the workbook: which rows of points.csv make a curve, and how they are drawn. */
#include "output/xlsx_internal.h"

#include "sim/base/mem.h"
#include "sim/base/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Rows into curves ---- */

static bool ends_with(const char *text, const char *end)
{
    const size_t n = strlen(text);
    const size_t k = strlen(end);
    return n > k && strcmp(text + n - k, end) == 0;
}

/* A figure that no column has is a slip of the pen; a table of points without runs has no figures at all. */
static enum sim_err check_figure(const struct xlsx_points *p, const char *const cell[], size_t n,
                                 struct sim_error *e)
{
    static const char end[] = ".mean";
    size_t n_figures = 0;
    bool is_known = p->figure == NULL;
    char **const figure = calloc(n + 1, sizeof *figure);
    enum sim_err err = SIM_OK;
    if (figure == NULL) {
        return sim_fail_memory(e, "the chart");
    }
    for (size_t i = 0; i < n && err == SIM_OK; i++) {
        if (ends_with(cell[i], end)) {
            char *const name = strndup(cell[i], strlen(cell[i]) - strlen(end));
            if (name == NULL) {
                err = sim_fail_memory(e, "the chart");
                break;
            }
            figure[n_figures++] = name;
            is_known = is_known || strcmp(name, p->figure) == 0;
        }
    }
    if (err == SIM_OK && !is_known && n_figures > 0) {
        const char *const near =
            sim_closest_word(p->figure, (const char *const *)figure, n_figures);
        err = sim_fail(e, SIM_EINVAL, "points.csv has no figure '%s' for the chart%s%s%s",
                       p->figure, near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
                       near != NULL ? "'?" : "");
    }
    for (size_t i = 0; i < n_figures; i++) {
        free(figure[i]);
    }
    free(figure);
    return err;
}

/* Keys stand behind `replications`, before the first figure. */
static void take_header(struct xlsx_points *p, const char *const cell[], size_t n)
{
    size_t i = 0;
    bool has_mean = false;
    bool has_half_width = false;
    while (i < n && strcmp(cell[i], "replications") != 0) {
        i++;
    }
    p->first_key = i + 1;
    for (i = p->first_key;
         i < n && strcmp(cell[i], "converged") != 0 && !ends_with(cell[i], ".mean"); i++) {
        if (p->n_keys < XLSX_KEYS) {
            snprintf(p->key[p->n_keys], XLSX_KEY, "%s", cell[i]);
        }
        p->n_keys++;
    }
    for (i = p->first_key; i < n && p->figure != NULL; i++) {
        char name[XLSX_NAME];
        snprintf(name, sizeof name, "%s.mean", p->figure);
        if (strcmp(cell[i], name) == 0) {
            p->mean = i;
            has_mean = true;
        }
        snprintf(name, sizeof name, "%s.half_width", p->figure);
        if (strcmp(cell[i], name) == 0) {
            p->half_width = i;
            has_half_width = true;
        }
    }
    p->has_chart = p->n_keys > 0 && has_mean && has_half_width;
}

static bool read_number(const char *text, double *value)
{
    const char *end;
    return sim_parse_double(text, &end, value) && *end == '\0';
}

/* The last key that is a number varies fastest of those that can be an axis. */
static void choose_x(struct xlsx_points *p, const char *const cell[])
{
    double ignored;
    for (size_t k = 0; k < p->n_keys; k++) {
        if (read_number(cell[p->first_key + k], &ignored)) {
            p->x = p->first_key + k;
        }
    }
}

static void name_others(const struct xlsx_points *p, const char *const cell[], char *text,
                        size_t size)
{
    size_t used = 0;
    *text = '\0';
    for (size_t k = 0; k < p->n_keys && used < size; k++) {
        const size_t i = p->first_key + k;
        if (i != p->x) {
            used +=
                (size_t)snprintf(text + used, size - used, "%s%s%s%s", used > 0 ? ", " : "",
                                 k < XLSX_KEYS ? p->key[k] : "", k < XLSX_KEYS ? "=" : "", cell[i]);
        }
    }
}

static void begin_curve(struct xlsx_points *p, uint32_t row, const char *name)
{
    if (p->n_curves < XLSX_CURVES) {
        struct xlsx_curve *const c = &p->curve[p->n_curves];
        *c = (struct xlsx_curve){.first = row, .last = row};
        snprintf(c->name, sizeof c->name, "%s", name);
    }
    p->n_curves += p->n_curves <= XLSX_CURVES;
}

enum sim_err xlsx_points_take(struct xlsx_points *p, uint64_t row, const char *const cell[],
                              size_t n, struct sim_error *e)
{
    char others[XLSX_NAME];
    double x = (double)NAN;
    if (row == 0) {
        take_header(p, cell, n);
        return check_figure(p, cell, n, e);
    }
    if (!p->has_chart || row > UINT32_MAX) {
        return SIM_OK;
    }
    if (sim_grow(&p->half, &p->half_capacity, (size_t)row + 1, sizeof *p->half) != SIM_OK) {
        return sim_fail_memory(e, "the chart");
    }
    if (row == 1) {
        choose_x(p, cell);
    }
    if (!read_number(cell[p->half_width], &p->half[row])) {
        p->half[row] = (double)NAN;
    }
    const bool is_number = read_number(cell[p->x], &x);
    name_others(p, cell, others, sizeof others);
    if (row > 1 && is_number && x > p->last_x && strcmp(others, p->last_others) == 0) {
        if (p->n_curves <= XLSX_CURVES) {
            p->curve[p->n_curves - 1].last = (uint32_t)row;
        }
    } else {
        begin_curve(p, (uint32_t)row, others);
    }
    p->last_x = x;
    p->n_rows = (uint32_t)row;
    memcpy(p->last_others, others, sizeof others);
    return SIM_OK;
}

void xlsx_points_fini(struct xlsx_points *p)
{
    free(p->half);
    p->half = NULL;
}

/* ---- Curves into a chart ---- */

static lxw_chart_series *add(lxw_chart *chart, size_t x, size_t y, uint32_t first, uint32_t last)
{
    lxw_chart_series *const s = chart_add_series(chart, NULL, NULL);
    chart_series_set_categories(s, "points", first, (lxw_col_t)x, last, (lxw_col_t)x);
    chart_series_set_values(s, "points", first, (lxw_col_t)y, last, (lxw_col_t)y);
    return s;
}

static void add_curve(lxw_chart *chart, const struct xlsx_points *p, const struct xlsx_curve *c)
{
    lxw_chart_series *const s = add(chart, p->x, p->mean, c->first, c->last);
    chart_series_set_name(s, *c->name != '\0' ? c->name : "mean");
    chart_series_set_marker_type(s, LXW_CHART_MARKER_CIRCLE);
}

/* libxlsxwriter has error bars of one length for a series: each point has a series of its own, without a sign. */
static void add_bar(lxw_chart *chart, const struct xlsx_points *p, uint32_t row)
{
    lxw_chart_line invisible = {.none = LXW_TRUE};
    lxw_chart_line thin = {.color = 0x555555, .width = 1};
    lxw_chart_series *const s = add(chart, p->x, p->mean, row, row);
    chart_series_set_marker_type(s, LXW_CHART_MARKER_NONE);
    chart_series_set_line(s, &invisible);
    chart_series_set_error_bars(s->y_error_bars, LXW_CHART_ERROR_BAR_TYPE_FIXED, p->half[row]);
    chart_series_set_error_bars_line(s->y_error_bars, &thin);
}

/* The legend names the curves alone. */
static void hide_bars(lxw_chart *chart, size_t n_curves, size_t n_bars)
{
    int16_t hidden[256];
    size_t n = 0;
    for (; n < n_bars; n++) {
        hidden[n] = (int16_t)(n_curves + n);
    }
    hidden[n] = -1;
    chart_legend_delete_series(chart, hidden);
}

static void add_bars(lxw_chart *chart, const struct xlsx_points *p, size_t n_curves)
{
    enum { MOST = 200 }; /* a chart takes 255 series */
    size_t n = 0;
    for (uint32_t row = 1; row <= p->n_rows && p->n_rows <= MOST; row++) {
        if (isfinite(p->half[row])) {
            add_bar(chart, p, row);
            n++;
        }
    }
    hide_bars(chart, n_curves, n);
}

/* As a text: what only refers to a cell has no name until a program has calculated it, and in some it stays so. */
static const char *axis_name(const struct xlsx_points *p)
{
    const size_t k = p->x - p->first_key;
    if (p->x < p->first_key) {
        return "point";
    }
    return k < XLSX_KEYS ? p->key[k] : "the last that varies";
}

void xlsx_draw(const struct xlsx_points *points, lxw_workbook *workbook, lxw_chartsheet *sheet)
{
    lxw_chart *const chart = workbook_add_chart(workbook, LXW_CHART_SCATTER_STRAIGHT_WITH_MARKERS);
    struct xlsx_points p = *points;
    char title[XLSX_NAME + 64];
    if (p.n_curves > XLSX_CURVES) { /* over the number of the point */
        p.x = 0;
        p.curve[0] = (struct xlsx_curve){.first = 1, .last = p.n_rows};
        p.n_curves = 1;
    }
    for (size_t i = 0; i < p.n_curves; i++) {
        add_curve(chart, &p, &p.curve[i]);
    }
    add_bars(chart, &p, p.n_curves);
    snprintf(title, sizeof title, "%s, mean and its interval", p.figure);
    chart_title_set_name(chart, title);
    chart_axis_set_name(chart->x_axis, axis_name(&p));
    chart_axis_set_name(chart->y_axis, p.figure);
    chart_axis_set_min(chart->y_axis, 0);
    chart_legend_set_position(chart, LXW_CHART_LEGEND_BOTTOM);
    chartsheet_set_chart(sheet, chart);
}
