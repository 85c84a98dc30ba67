/* plots/: gnuplot scripts that read the CSV files by column name, and what they draw. Here the
 * devices: by state over time, and how many have their mail again. */
#include "cli/drawing.h"

#include <math.h>

/* ---- Devices by state ---- */

enum { MOST_STATES = 3 };

/* From the bottom of the stack to its top: who has everything lies on the ground. Light means well,
 * and each is darker than the one below it, so that a grey print shows them too; only those of whom
 * nothing is expected now are light again. What passes in seconds is one area. */
static const struct band {
    const char *colour, *title;
    int n;
    enum device_state state[MOST_STATES];
} stack[] = {
    {"#e4f3dc", "everything there", 1, {DEVICE_FULL}},
    {"#c6e3a1", "everything there, but no push", 1, {DEVICE_NO_PUSH}},
    {"#8fcb95", "today's mail there, the rest loading", 1, {DEVICE_BASIC}},
    {"#5cb3a0", "loading, today's mail not complete", 1, {DEVICE_LOADING}},
    {"#3d8fb5", "empty, waiting for the prime sync", 1, {DEVICE_WAIT_PRIME}},
    {"#f0d060",
     "connecting, registering or erasing",
     3,
     {DEVICE_ERASING, DEVICE_REGISTERING, DEVICE_CONNECTING}},
    {"#3a5aa5", "waiting for an HTTP thread", 1, {DEVICE_HTTP_WAIT}},
    {"#5b2a6e", "waiting before the next try", 1, {DEVICE_BACKOFF}},
    {"#2b0f2e", "failure not noticed yet", 1, {DEVICE_UNAWARE}},
    {"#a9a9a9", "offline", 1, {DEVICE_OFFLINE}},
    {"#ececec", "still on the old server", 1, {DEVICE_PUSH_IDLE}},
};

enum { N_STACK = sizeof stack / sizeof stack[0] };

/* The sum of the states from the band `bottom` up to and with `top`. */
static void print_sum(FILE *out, int bottom, int top)
{
    const char *before = "";
    for (int i = bottom; i <= top; i++) {
        for (int k = 0; k < stack[i].n; k++, before = "+") {
            fprintf(out, "%scolumn('devices.%s')", before, device_state_name(stack[i].state[k]));
        }
    }
}

/* The first columns are the states. What is always thinner than a line belongs to its neighbour. */
static bool is_ever_seen(const struct drawing *d, const struct band *band)
{
    const double least_share = 0.002;
    double most = 0;
    for (int k = 0; k < band->n; k++) {
        most = fmax(most, d->most[band->state[k]]);
    }
    return most > least_share * d->x->study->result[0].n_devices;
}

static void write_band(int i, FILE *out)
{
    char title[96];
    plot_quote(title, sizeof title, stack[i].title);
    fputs("'../series_mean.csv' using (axis(column('time_s'))):(", out);
    print_sum(out, 0, i);
    fprintf(out, ") with filledcurves y1=0 fillcolor rgb '%s' title '%s'", stack[i].colour, title);
}

/* Only between areas that can be seen: many edges in one place would be a white stain. */
static void write_edge(int i, FILE *out)
{
    fputs("'../series_mean.csv' using (axis(column('time_s'))):(edge(", out);
    print_sum(out, i, i);
    fputs(", ", out);
    print_sum(out, 0, i);
    fputs(")) with lines linecolor rgb '#ffffff' linewidth 1.5 notitle", out);
}

/* The highest comes first, and the lower ones cover it; a white line parts the two. */
static void write_stack(const struct drawing *d, FILE *out)
{
    bool is_first = true;
    for (int i = N_STACK - 1; i >= 0; i--) {
        if (!is_ever_seen(d, &stack[i])) {
            continue;
        }
        fputs(is_first ? "plot " : ", \\\n    ", out);
        write_band(i, out);
        if (!is_first) {
            fputs(", \\\n    ", out);
            write_edge(i, out);
        }
        is_first = false;
    }
    fputc('\n', out);
}

bool draw_states(const struct drawing *d)
{
    const struct plot plot = {"states",   "What the devices are doing", d->note,
                              d->x_label, "number of devices",          d->remark};
    const uint32_t n_devices = d->x->study->result[0].n_devices;
    FILE *const out = drawing_begin(d, &plot);
    if (out == NULL) {
        return false;
    }
    drawing_write_axis(d, out);
    fprintf(out,
            "set yrange [0:%u]\nset border 11\nset rmargin 10\n"
            "set y2range [0:100]\nset y2tics 20\nset y2label 'share of the devices, %%'\n"
            "unset grid\nset style fill solid 1.0 noborder\n"
            "edge(area, top) = area > %g && top < %g ? top : NaN\n",
            n_devices, n_devices / 100.0, n_devices * 0.99);
    write_stack(d, out);
    drawing_end(d, &plot, out);
    return true;
}

/* ---- Curves over devices ---- */

static const struct curve {
    const char *event, *title, *colour;
    const char *dash;
} curves[] = {
    {"basic", "today's mail", "#2b3f7f", "solid"},
    {"full", "everything", "#2f9e78", "(16,6)"},
};

enum { N_CURVES = sizeof curves / sizeof curves[0] };

/* "half of the devices after 9.5 minutes" */
static void print_level(FILE *out, const struct study *study, const char *event, const char *level,
                        const char *words)
{
    char name[32];
    char time[48];
    snprintf(name, sizeof name, "%s_%s_s", event, level);
    const struct metric_summary s = study_summary_of(study, name);
    if (isfinite(s.mean)) {
        drawing_time(time, sizeof time, s.mean);
        fprintf(out, "%s after %s", words, time);
    } else {
        fprintf(out, "%s %s", words, isfinite(s.min) ? "not in every replication" : "never");
    }
}

static void write_curve(const struct drawing *d, const struct curve *curve, FILE *out)
{
    char title[96];
    plot_quote(title, sizeof title, curve->title);
    fprintf(out,
            "'../series_mean.csv' using (axis(column('time_s'))):(share(column('done.%s'))) with "
            "lines linecolor rgb '%s' dashtype %s linewidth 3 title '%s: ",
            curve->event, curve->colour, curve->dash, title);
    print_level(out, d->x->study, curve->event, "p50", "half of the devices");
    print_level(out, d->x->study, curve->event, "p95", ", 95 %");
    fputs("'", out);
}

static void write_interval(const struct curve *curve, FILE *out)
{
    fprintf(out,
            "'../series_mean.csv' using (axis(column('time_s'))):"
            "(share(column('done.%s')-column('done.%s.half_width'))):"
            "(share(column('done.%s')+column('done.%s.half_width'))) "
            "with filledcurves fillcolor rgb '%s' notitle",
            curve->event, curve->event, curve->event, curve->event, curve->colour);
}

static bool has_any_its_mail(const struct study *study)
{
    for (uint32_t r = 0; r < study->n; r++) {
        for (uint32_t i = 0; i < study->result[r].n_devices; i++) {
            if (isfinite(study->result[r].device[i].basic_s)) {
                return true;
            }
        }
    }
    return false;
}

bool draw_curves(const struct drawing *d)
{
    const struct study *const study = d->x->study;
    char remark[300];
    if (study->n > 1) {
        snprintf(remark, sizeof remark, "%s%sBands: %g %% intervals of the mean.", d->remark,
                 *d->remark != '\0' ? " " : "", 100 * study->scenario->confidence);
    } else {
        snprintf(remark, sizeof remark, "%s", d->remark);
    }
    const double affected = study_summary_of(study, "affected").mean;
    const struct plot plot = {"curves",
                              "When the devices have their mail again",
                              d->note,
                              d->x_label,
                              affected < study->result[0].n_devices
                                  ? "share of the devices that lost their server, %"
                                  : "share of the devices, %",
                              remark};
    FILE *const out = has_any_its_mail(study) ? drawing_begin(d, &plot) : NULL;
    if (out == NULL) {
        return false;
    }
    drawing_write_axis(d, out);
    fprintf(
        out,
        "set yrange [0:100]\nset style fill transparent solid 0.25 noborder\nset key maxcols 1\n"
        "share(n) = n < 0 ? 0 : n > %g ? 100 : 100.0 * n / %g\n",
        affected, affected);
    const char *before = "plot ";
    for (int i = 0; i < N_CURVES && study->n > 1; i++, before = ", \\\n    ") {
        fputs(before, out);
        write_interval(&curves[i], out);
    }
    for (int i = 0; i < N_CURVES; i++, before = ", \\\n    ") {
        fputs(before, out);
        write_curve(d, &curves[i], out);
    }
    fputc('\n', out);
    drawing_end(d, &plot, out);
    return true;
}

/* ---- All ---- */

static const struct picture {
    const char *name;
    bool (*draw)(const struct drawing *d);
    const char *why_not;
} pictures[] = {
    {"states", draw_states, ""},
    {"curves", draw_curves, "no device has its mail again"},
    {"busy", draw_busy, "nothing is ever busy"},
    {"queues", draw_queues, "there is no queue to speak of"},
    {"stages", draw_stages, "no device had to wait"},
};

static void draw_all(struct export *x, const struct drawing *d, bool with_pictures)
{
    for (size_t i = 0; i < sizeof pictures / sizeof pictures[0]; i++) {
        const struct picture *const p = &pictures[i];
        const bool is_drawn = p->draw(d);
        if (x->err != SIM_OK) {
            return;
        }
        if (!is_drawn && !x->is_quiet) {
            fprintf(stderr, "primestorm: no picture '%s': %s\n", p->name, p->why_not);
        } else if (is_drawn && with_pictures) {
            export_draw(x, p->name);
        }
    }
}

void export_plots(struct export *x, bool with_pictures)
{
    struct drawing d;
    if (export_is_over(x)) {
        return;
    }
    drawing_init(&d, x);
    if (x->err == SIM_OK) {
        draw_all(x, &d, with_pictures);
    }
    if (x->err == SIM_OK && !with_pictures && !x->is_quiet) {
        fputs("primestorm: no pictures: gnuplot is not there (Debian: gnuplot-nox); later, "
              "'gnuplot states.gp' in plots/ draws them\n",
              stderr);
    }
    drawing_fini(&d);
}
