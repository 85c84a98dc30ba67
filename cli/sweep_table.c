#include "cli/sweep_table.h"

#include "cli/words.h"
#include "sim/base/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { KEYS = 4, COLUMNS = 1 + KEYS + TABLES_HEADLINES + 2, CELL = 40 };

/* Rows of cells; row 0 is the header. */
struct grid {
    char (*cell)[COLUMNS][CELL];
    size_t n_rows, n_columns;
};

static const char *words_of(const char *figure)
{
    static const char *const words[][2] = {{"basic_p50_s", "half have today's mail"},
                                           {"full_p95_s", "95 % have everything"},
                                           {"user_minutes_lost", "user-minutes lost"}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i][0], figure) == 0) {
            return words[i][1];
        }
    }
    return figure;
}

static size_t n_keys_shown(const struct plan *plan)
{
    const size_t n = sweep_n_keys(&plan->sweep);
    return n < KEYS ? n : KEYS;
}

/* ---- Cells ---- */

/* What does not fit into a cell ends in dots. */
static void put(char cell[CELL], const char *text)
{
    enum { LONGEST = 24 };
    const bool is_long = strlen(text) > LONGEST;
    snprintf(cell, CELL, "%.*s%s", is_long ? LONGEST - 3 : LONGEST, text, is_long ? "..." : "");
}

/* The horizon may vary as any other key. */
static double horizon_s_of(const struct plan *plan, uint32_t point)
{
    struct settings settings = {0};
    struct scenario scenario;
    struct problems problems = {0};
    const enum sim_err err = plan_scenario(plan, point, &settings, &scenario, &problems);
    const double horizon_s = err == SIM_OK ? scenario.horizon_s : plan->base->horizon_s;
    scenario_fini(&scenario);
    settings_fini(&settings);
    problems_fini(&problems);
    return horizon_s;
}

/* One for all rows, so that a column can be read down: that of the longest time there. */
static struct time_unit unit_of(const struct tables_report *r, size_t headline)
{
    double longest_s = 0;
    for (size_t i = 0; i < r->n_told; i++) {
        const double mean_s = r->told[i].headline[headline].mean;
        longest_s = isfinite(mean_s) ? fmax(longest_s, mean_s) : longest_s;
    }
    return time_unit_of(longest_s > 0 ? longest_s : 3600);
}

static enum sim_err put_figure(char cell[CELL], const struct plan *plan, uint32_t point,
                               const char *figure, struct time_unit unit,
                               const struct metric_summary *s, struct sim_error *e)
{
    FILE *const out = fmemopen(cell, CELL, "w");
    if (out == NULL) {
        return sim_fail_memory(e, "the table of the points");
    }
    if (isnan(s->mean)) {
        fputs("not measured", out);
    } else if (metrics_is_time(figure)) {
        words_time_in(unit, s->mean, s->half_width, isinf(s->mean) ? horizon_s_of(plan, point) : 0,
                      out);
    } else {
        words_interval(s->mean, s->half_width, "", out);
    }
    return fclose(out) == 0 ? SIM_OK : sim_fail_memory(e, "the table of the points");
}

static void put_mark(char cell[CELL], const struct tables_told *told)
{
    char failed[24] = "";
    if (told->n_failed > 0) {
        snprintf(failed, sizeof failed, "%" PRIu32 " failed", told->n_failed);
    }
    snprintf(cell, CELL, "%s%s%s", failed, *failed != '\0' && !told->is_converged ? ", " : "",
             told->is_converged ? "" : "NOT CONVERGED");
}

static void put_header(struct grid *g, const struct plan *plan)
{
    size_t c = 0;
    put(g->cell[0][c++], "point");
    for (size_t k = 0; k < n_keys_shown(plan); k++) {
        put(g->cell[0][c++], sweep_key(&plan->sweep, k));
    }
    for (size_t i = 0; i < TABLES_HEADLINES; i++) {
        put(g->cell[0][c++], words_of(tables_headline[i]));
    }
    put(g->cell[0][c++], "runs");
    g->n_columns = c + 1; /* that of the marks has no name */
}

static enum sim_err put_row(struct grid *g, size_t row, const struct plan *plan,
                            const struct tables_report *report, struct sim_error *e)
{
    const struct tables_told *const told = &report->told[row - 1];
    char(*const cell)[CELL] = g->cell[row];
    enum sim_err err = SIM_OK;
    size_t c = 0;
    snprintf(cell[c++], CELL, "%" PRIu32, told->point);
    for (size_t k = 0; k < n_keys_shown(plan); k++) {
        put(cell[c++], sweep_value(&plan->sweep, told->point, k));
    }
    for (size_t i = 0; i < TABLES_HEADLINES && err == SIM_OK; i++) {
        err = put_figure(cell[c++], plan, told->point, tables_headline[i], unit_of(report, i),
                         &told->headline[i], e);
    }
    snprintf(cell[c++], CELL, "%" PRIu32, told->n);
    put_mark(cell[c], told);
    return err;
}

/* ---- On the screen ---- */

static void print_row(const struct grid *g, size_t row, const size_t width[], FILE *out)
{
    size_t last = g->n_columns;
    while (last > 0 && *g->cell[row][last - 1] == '\0') {
        last--;
    }
    for (size_t c = 0; c < last; c++) {
        const int padding = c + 1 < last ? (int)width[c] : 0;
        fprintf(out, "%s%-*s", c > 0 ? "  " : "", padding, g->cell[row][c]);
    }
    fputc('\n', out);
}

static void print_grid(const struct grid *g, FILE *out)
{
    size_t width[COLUMNS] = {0};
    for (size_t row = 0; row < g->n_rows; row++) {
        for (size_t c = 0; c < g->n_columns; c++) {
            const size_t n = strlen(g->cell[row][c]);
            width[c] = n > width[c] ? n : width[c];
        }
    }
    for (size_t row = 0; row < g->n_rows; row++) {
        print_row(g, row, width, out);
    }
}

static void print_rest(const struct plan *plan, const struct tables_report *r, const char *folder,
                       FILE *out)
{
    const uint32_t n_more = plan->sweep.n_points - r->n_told;
    const size_t n_keys = sweep_n_keys(&plan->sweep) - n_keys_shown(plan);
    fprintf(out, "Means with their %g %% intervals. ", 100 * plan->base->confidence);
    if (n_more > 0) {
        fprintf(out, "%" PRIu32 " more point%s, ", n_more, sim_plural(n_more));
    }
    if (n_keys > 0) {
        fprintf(out, "%zu more key%s, ", n_keys, sim_plural(n_keys));
    }
    fprintf(out, "%s figures: %s/points.csv\n", n_more > 0 || n_keys > 0 ? "all" : "All", folder);
}

enum sim_err sweep_table_print(const struct plan *plan, const struct tables_report *report,
                               const char *folder, FILE *out, struct sim_error *e)
{
    struct grid g = {.n_rows = report->n_told + (size_t)1};
    enum sim_err err = SIM_OK;
    g.cell = calloc(g.n_rows, sizeof *g.cell);
    if (g.cell == NULL) {
        return sim_fail_memory(e, "the table of the points");
    }
    put_header(&g, plan);
    for (size_t i = 0; i < report->n_told && err == SIM_OK; i++) {
        err = put_row(&g, i + 1, plan, report, e);
    }
    if (err == SIM_OK) {
        print_grid(&g, out);
        print_rest(plan, report, folder, out);
    }
    free(g.cell);
    return err;
}
