/* plots/qq.gp: quantiles of the sample against those of the best laws. On the diagonal the law is
 * right; above it the sample has the larger values. */
#include "cli/fit_report.h"
#include "output/plot.h"
#include "output/tree.h"

#include <math.h>

enum { MOST_LAWS = 4 };

/* Marks that differ in grey as well: open and filled, round and cornered. */
static const struct {
    int mark, style;
} looks[MOST_LAWS] = {{7, 1}, {4, 5}, {9, 7}, {2, 9}};

/* Logarithmic axes where the values span so much that the body would be a dot. */
static bool is_wide(const struct sim_fit_summary *s)
{
    const double wide = 20;
    return s->min > 0 && s->max > wide * s->median;
}

/* The axes hold the sample; a law that goes on much farther leaves the picture. */
static void write_axes(const struct sim_fit_summary *s, FILE *out)
{
    if (is_wide(s)) {
        fprintf(out, "set logscale xy\nset xrange [%.6g:%.6g]\nset yrange [%.6g:%.6g]\n",
                s->min / 1.5, s->max * 2, s->min / 1.5, s->max * 2);
    } else {
        const double margin = (s->max - s->min) / 10;
        const double low = fmax(s->min - margin, 0);
        fprintf(out, "set xrange [%.6g:%.6g]\nset yrange [%.6g:%.6g]\n", low, s->max + margin, low,
                s->max + margin);
    }
    /* A square of the picture's 1100 by 680 points. */
    fputs("set lmargin at screen 0.18\nset rmargin at screen 0.65\n"
          "set bmargin at screen 0.12\nset tmargin at screen 0.88\nset samples 500\n",
          out);
}

static int count_laws(const struct fit_report *r)
{
    int n = 0;
    while (n < MOST_LAWS && (size_t)n < sim_fit_n_rows(r->fit) &&
           sim_fit_row(r->fit, (size_t)n)->method != SIM_FIT_EXCLUDED) {
        n++;
    }
    return n;
}

/* The best comes last, so that it lies on top; the legend begins with it. */
static void write_laws(const struct fit_report *r, FILE *out)
{
    /* Beside the square, where no point can be taken for a key. */
    fputs("set key at screen 0.69, screen 0.5 left center vertical invert\n"
          "plot x with lines linecolor rgb '#999999' dashtype 2 linewidth 1.5 title 'law = sample'",
          out);
    for (int i = count_laws(r) - 1; i >= 0; i--) {
        const struct sim_fit_row *const row = sim_fit_row(r->fit, (size_t)i);
        fprintf(out,
                ", \\\n    '../qq.csv' using (stringcolumn('family') eq '%s' ? column('law') : "
                "NaN):(column('sample')) with points linetype %d pointtype %d pointsize 0.9 "
                "title '%s (KS %.3f)'",
                row->family, looks[i].style, looks[i].mark, row->family, row->ks_distance);
    }
    fputc('\n', out);
}

void fit_report_export_plot(const struct fit_report *r, struct export *x)
{
    const struct sim_fit_summary s = sim_fit_summary(r->fit);
    char note[256];
    char x_label[64];
    char y_label[64];
    const char *const comma = *r->unit != '\0' ? ", " : "";
    /* By its name alone, so that the picture is the same from wherever the file was named. */
    snprintf(note, sizeof note, "%.120s, column %.60s: %zu values", tree_name(r->path), r->column,
             s.n);
    snprintf(x_label, sizeof x_label, "quantile of the fitted law%s%s", comma, r->unit);
    snprintf(y_label, sizeof y_label, "quantile of the sample%s%s", comma, r->unit);
    const struct plot plot = {"qq", "Does the law fit?", note, x_label, y_label, NULL};
    FILE *const out = export_open_text(x, "plots/qq.gp");
    if (out == NULL) {
        return;
    }
    plot_begin(out, &plot);
    write_axes(&s, out);
    write_laws(r, out);
    plot_end(out, &plot);
    export_close_text(x, out, "plots/qq.gp");
}
