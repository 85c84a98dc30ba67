/* A decision as a picture: what each course costs over the length of the outage. */
#include "cli/decision_report.h"
#include "cli/words.h"
#include "output/plot.h"

#include <math.h>

static void write_points(const struct decision *d, enum decision_way way, int mark,
                         const char *words, FILE *out)
{
    if (decision_find(d, way) != NULL) {
        fprintf(out,
                ", \\\n    '../decision.csv' using (is('%s', column('outage_s') / 60)):"
                "(column('user_minutes_lost')) with points linetype 3 pointtype %d pointsize 1.5 "
                "title '%s'",
                decision_way_name(way), mark, words);
    }
}

/* The break-even as a line, and its interval as a band. */
static void write_break_even(const struct sim_break_even *even_s, FILE *out)
{
    if (even_s->crossing != SIM_CROSSING_FOUND) {
        return;
    }
    const double at = even_s->x / 60;
    const struct time_unit scale = time_unit_of(even_s->x);
    const double shown = even_s->x / scale.in_s;
    fprintf(out,
            "set arrow 1 from %.6g, graph 0 to %.6g, graph 1 nohead dashtype 3 linecolor rgb "
            "'#555555'\nset label 1 ' break-even: %.*f %s' at %.6g, graph 0.05\n",
            at, at, words_decimals(shown), shown, scale.symbol, at);
    if (isfinite(even_s->low)) {
        fprintf(out,
                "set object 1 rectangle from %.6g, graph 0 to %.6g, graph 1 behind fillcolor rgb "
                "'#dddddd' fillstyle solid noborder\n",
                even_s->low / 60, even_s->high / 60);
    }
}

/* What failing over costs does not depend on the outage: its interval is a band from side to side. */
static void write_move_band(const struct sim_interval *cost, FILE *out)
{
    if (isfinite(cost->half_width) && cost->mean > cost->half_width) {
        fprintf(out,
                "set object 2 rectangle from graph 0, first %.6g to graph 1, first %.6g behind "
                "fillcolor rgb '#bbbbbb' fillstyle solid noborder\n",
                cost->mean - cost->half_width, cost->mean + cost->half_width);
    }
}

/* Durations that a reader knows, as far as they are on the axis. */
static void write_outage_axis(double low_s, double high_s, FILE *out)
{
    static const struct {
        double at_s;
        const char *text;
    } tick[] = {{1, "1 s"},        {2, "2 s"},       {5, "5 s"},     {10, "10 s"},
                {30, "30 s"},      {60, "1 min"},    {120, "2 min"}, {300, "5 min"},
                {600, "10 min"},   {1200, "20 min"}, {3600, "1 h"},  {7200, "2 h"},
                {14400, "4 h"},    {28800, "8 h"},   {86400, "1 d"}, {172800, "2 d"},
                {604800, "1 week"}};
    fprintf(out, "set xrange [%.6g:%.6g]\nset xtics (", low_s / 60, high_s / 60);
    size_t n = 0;
    for (size_t i = 0; i < sizeof tick / sizeof tick[0]; i++) {
        if (tick[i].at_s >= low_s * 0.999 && tick[i].at_s <= high_s * 1.001) {
            fprintf(out, "%s'%s' %.6g", n++ > 0 ? ", " : "", tick[i].text, tick[i].at_s / 60);
        }
    }
    if (n < 2) { /* a narrow range: its ends */
        fprintf(out, "%s'%.3g min' %.6g, '%.3g min' %.6g", n > 0 ? ", " : "", low_s / 60,
                low_s / 60, high_s / 60, high_s / 60);
    }
    fputs(")\n", out);
}

/* From a third below the least to a third above the greatest cost: whole decades would leave half of the
 * picture empty. */
static void write_cost_axis(const struct decision *d, FILE *out)
{
    double low = INFINITY;
    double high = 0;
    for (size_t i = 0; i < d->n; i++) {
        const double cost = d->item[i].figure[DECISION_COST].mean;
        if (cost > 0) {
            low = fmin(low, cost);
            high = fmax(high, cost);
        }
    }
    if (high > 0) {
        fprintf(out, "set yrange [%.6g:%.6g]\n", low / 1.5, high * 1.5);
    }
    fputs("set format y '%.0f'\n", out);
}

static void write_plot(const struct decision *d, FILE *out)
{
    const struct decision_task *const t = d->task;
    const struct sim_interval *const move = &decision_find(d, WAY_FAIL_OVER)->figure[DECISION_COST];
    fputs("set logscale xy\n", out);
    write_outage_axis(t->outage_s[0], t->outage_s[t->n_outages - 1], out);
    write_cost_axis(d, out);
    write_break_even(&d->even_s, out);
    write_move_band(move, out);
    fprintf(
        out,
        "is(c, y) = stringcolumn('course') eq c ? y : NaN\n"
        "plot '../waiting.csv' using (column('outage_s') / 60):"
        "(column('user_minutes_lost') - column('user_minutes_lost.half_width')):"
        "(column('user_minutes_lost') + column('user_minutes_lost.half_width')) with filledcurves "
        "linecolor rgb '#bbbbbb' title 'intervals', \\\n"
        "    '' using (column('outage_s') / 60):(column('user_minutes_lost')) with "
        "lines linetype 1 title 'wait until it is back', \\\n"
        "    %.17g with lines linetype 5 dashtype 2 title 'fail over at once'",
        move->mean);
    write_points(d, WAY_RESTORE, 4, "restore without state", out);
    write_points(d, WAY_RESTART, 9, "its machine restarts by itself", out);
    write_points(d, WAY_HOLD, 3, "hold so long, then fail over", out);
    fputc('\n', out);
}

void decision_export_plot(const struct decision *d, struct export *x)
{
    char note[160];
    const struct scenario *const s = d->task->scenario;
    snprintf(note, sizeof note, "%.90s; mean of %u, %g %% intervals", s->title, s->replications,
             100 * s->confidence);
    const struct plot plot = {"decision",
                              "Wait or fail over?",
                              note,
                              "outage until the server is back with its state",
                              "user-minutes without current mail",
                              NULL};
    FILE *const out = export_open_text(x, "plots/decision.gp");
    if (out == NULL) {
        return;
    }
    plot_begin(out, &plot);
    write_plot(d, out);
    plot_end(out, &plot);
    export_close_text(x, out, "plots/decision.gp");
}
