/* plots/: gnuplot scripts that read the CSV files by column name, and what they draw. */
#include "cli/export.h"

#include "models/collect.h"
#include "output/plot.h"
#include "sim/base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* From the bottom of the stack to its top: who has everything lies on the ground. Light means well;
 * neighbours differ in lightness, so that they can be told apart in grey. */
static const struct {
    enum device_state state;
    const char *colour;
} stack[] = {
    {DEVICE_FULL, "#e8f5e1"},       {DEVICE_BASIC, "#a6d99c"},      {DEVICE_LOADING, "#4daf62"},
    {DEVICE_WAIT_PRIME, "#0b3d2e"}, {DEVICE_ERASING, "#f7e58d"},    {DEVICE_REGISTERING, "#8c6bb1"},
    {DEVICE_HTTP_WAIT, "#313695"},  {DEVICE_CONNECTING, "#74add1"}, {DEVICE_BACKOFF, "#f4a065"},
    {DEVICE_UNAWARE, "#a50026"},    {DEVICE_OFFLINE, "#bdbdbd"},    {DEVICE_PUSH_IDLE, "#f7f7f7"},
};

enum { N_STACK = sizeof stack / sizeof stack[0], MAX_LINES = 12 };

struct drawing {
    struct export *x;
    const struct series_column *column; /* of series_mean.csv */
    size_t n_columns;
    double *most; /* by column: the greatest value it ever has */
    char note[160];
};

static void find_greatest_values(struct drawing *d)
{
    for (uint32_t r = 0; r < d->x->study->n; r++) {
        const struct sim_series *const s = d->x->study->result[r].series;
        for (size_t row = 0; row < sim_series_n_rows(s); row++) {
            for (size_t i = 0; i < d->n_columns; i++) {
                d->most[i] = fmax(d->most[i], sim_series_row(s, row)[i]); /* fmax skips NaN */
            }
        }
    }
}

static FILE *begin(const struct drawing *d, const struct plot *plot)
{
    char name[64];
    snprintf(name, sizeof name, "plots/%s.gp", plot->name);
    FILE *const file = export_open_text(d->x, name);
    if (file != NULL) {
        plot_begin(file, plot);
    }
    return file;
}

static void end(const struct drawing *d, const struct plot *plot, FILE *file)
{
    char name[64];
    snprintf(name, sizeof name, "plots/%s.gp", plot->name);
    plot_end(file, plot);
    export_close_text(d->x, file, name);
}

/* ---- Devices by state ---- */

/* The sum of the states from the bottom up to and with `top`. */
static void print_sum(FILE *out, int top)
{
    for (int i = 0; i <= top; i++) {
        fprintf(out, "%scolumn('devices.%s')", i == 0 ? "" : "+",
                device_state_name(stack[i].state));
    }
}

static void draw_states(const struct drawing *d)
{
    const struct plot plot = {"states", "What the devices are doing", d->note,
                              "minutes since the failure", "devices"};
    const uint32_t n_devices = d->x->study->result[0].n_devices;
    FILE *const out = begin(d, &plot);
    if (out == NULL) {
        return;
    }
    fprintf(out,
            "set yrange [0:%u]\nset xrange [0:*]\nset autoscale xfixmax\nset grid front\n"
            "set style fill solid 1.0 noborder\nplot",
            n_devices);
    bool is_first = true;
    for (int i = N_STACK - 1; i >= 0; i--) { /* the highest first: the lower ones cover it */
        if (d->most[stack[i].state] <= 0) {  /* the first columns are the states */
            continue;
        }
        fprintf(out, "%s '../series_mean.csv' using (column('time_s')/60):(",
                is_first ? "" : ", \\\n    ");
        print_sum(out, i);
        char title[96];
        plot_quote(title, sizeof title, device_state_label(stack[i].state));
        fprintf(out, ") with filledcurves y1=0 fillcolor rgb '%s' title '%s'", stack[i].colour,
                title);
        is_first = false;
    }
    fputc('\n', out);
    end(d, &plot, out);
}

/* ---- Lines over time ---- */

struct line {
    const char *column;
    char title[96];
};

static bool ends_with(const char *text, const char *ending)
{
    const size_t n_text = strlen(text);
    const size_t n_ending = strlen(ending);
    return n_text >= n_ending && strcmp(text + n_text - n_ending, ending) == 0;
}

static bool begins_with(const char *text, const char *beginning)
{
    return strncmp(text, beginning, strlen(beginning)) == 0;
}

/* "CPU, server B" for servers.b.cpu.busy_share, "disk, mail server 0" for mail.0.disk.busy_share.
 */
static void make_title(struct line *line, const char *words, const struct series_column *column,
                       const struct scenario *scenario)
{
    line->column = column->name;
    if (begins_with(column->name, "servers.")) {
        snprintf(line->title, sizeof line->title, "%s, server %s", words,
                 scenario->server[column->index].name);
    } else if (begins_with(column->name, "mail.")) {
        snprintf(line->title, sizeof line->title, "%s, mail server %u", words, column->index);
    } else {
        snprintf(line->title, sizeof line->title, "%s", words);
    }
}

/* The columns that reach `least` and have one of the endings; the first ending that fits counts. */
static int list_lines(const struct drawing *d, const char *const endings[],
                      const char *const words[], double least, struct line *lines)
{
    int n = 0;
    for (size_t i = 0; i < d->n_columns && n < MAX_LINES; i++) {
        const char *const name = d->column[i].name;
        int k = 0;
        while (endings[k] != NULL && !ends_with(name, endings[k])) {
            k++;
        }
        if (endings[k] != NULL && d->most[i] >= least) {
            make_title(&lines[n++], words[k], &d->column[i], d->x->study->scenario);
        }
    }
    return n;
}

static void draw_lines(const struct drawing *d, const struct plot *plot,
                       const char *const endings[], const char *const words[], double least,
                       const char *setup)
{
    struct line lines[MAX_LINES];
    const int n = list_lines(d, endings, words, least, lines);
    FILE *const out = n > 0 ? begin(d, plot) : NULL;
    if (out == NULL) {
        return;
    }
    fprintf(out, "set xrange [0:*]\nset autoscale xfixmax\n%splot", setup);
    for (int i = 0; i < n; i++) {
        const int colour = n > 1 ? 1 + i * (PLOT_STYLES - 2) / (n - 1) : 1;
        fprintf(out,
                "%s '../series_mean.csv' using (column('time_s')/60):(column('%s')) with lines "
                "linetype %d dashtype %d linewidth 2.5 title '%s'",
                i == 0 ? "" : ", \\\n    ", lines[i].column, colour, 1 + i % 4, lines[i].title);
    }
    fputc('\n', out);
    end(d, plot, out);
}

static void draw_busy(const struct drawing *d)
{
    static const char *const endings[] = {".cpu.busy_share",   ".state_db.busy_share",
                                          ".heap.used_share",  ".disk.busy_share",
                                          "uplink.busy_share", NULL};
    static const char *const words[] = {"CPU", "state database disk", "heap", "disk", "uplink"};
    const struct plot plot = {"busy", "How busy each resource is", d->note,
                              "minutes since the failure", "share in use"};
    draw_lines(d, &plot, endings, words, 0.01, "set yrange [0:1.02]\n");
}

static void draw_queues(const struct drawing *d)
{
    static const char *const endings[] = {".http.waiting", ".prime.waiting", ".chunk.waiting",
                                          ".waiting",      "uplink.flows",   NULL};
    static const char *const words[] = {"requests for an HTTP thread", "prime syncs for a worker",
                                        "chunks for a worker", "transactions",
                                        "downloads on the uplink"};
    const struct plot plot = {"queues", "Who waits where", d->note, "minutes since the failure",
                              "waiting (downloads: under way)"};
    draw_lines(d, &plot, endings, words, 1, "set yrange [0:*]\n");
}

/* ---- Curves over devices ---- */

static void draw_curves(const struct drawing *d)
{
    const struct plot plot = {"curves", "How the devices get their mail back", d->note,
                              "minutes since the failure", "devices, %"};
    FILE *const out = begin(d, &plot);
    if (out == NULL) {
        return;
    }
    fputs("set yrange [0:100]\nset xrange [0:*]\nset style fill transparent solid 0.35 noborder\n"
          "half = 0.25 # the band is made of flat boxes, one per step of 0.5 %\n",
          out);
    static const struct {
        const char *event, *title;
        int style, dash;
    } curves[] = {{"basic", "today's mail", 4, 1}, {"full", "everything", 9, 2}};
    for (int i = 0; i < 2; i++) {
        char title[64];
        plot_quote(title, sizeof title, curves[i].title);
        if (d->x->study->n > 1) {
            fprintf(out,
                    "%s '../curves.csv' using (column('%s_s')/60):(column('percent')):"
                    "(column('%s_low_s')/60):(column('%s_high_s')/60):(column('percent')-half):"
                    "(column('percent')+half) with boxxyerror linetype %d notitle, \\\n    ",
                    i == 0 ? "plot" : "", curves[i].event, curves[i].event, curves[i].event,
                    curves[i].style);
        } else {
            fputs(i == 0 ? "plot" : "", out);
        }
        fprintf(
            out,
            " '../curves.csv' using (column('%s_s')/60):(column('percent')) with lines linetype "
            "%d dashtype %d linewidth 3 title '%s'%s",
            curves[i].event, curves[i].style, curves[i].dash, title, i == 0 ? ", \\\n    " : "\n");
    }
    end(d, &plot, out);
}

/* ---- Where the time goes ---- */

/* Light and dark in turn. */
static const char *const stage_colours[DEVICE_N_STAGES] = {
    [STAGE_OFFLINE] = "#bdbdbd",    [STAGE_UNAWARE] = "#a50026",    [STAGE_BACKOFF] = "#f4a065",
    [STAGE_CONNECT] = "#2166ac",    [STAGE_BALANCER] = "#d9ef8b",   [STAGE_HTTP_QUEUE] = "#313695",
    [STAGE_REGISTER] = "#c7b3dd",   [STAGE_ERASE] = "#f7e58d",      [STAGE_PRIME_QUEUE] = "#0b3d2e",
    [STAGE_PRIME_RUN] = "#7fc97f",  [STAGE_SYNC_QUEUE] = "#542788", [STAGE_MAIL_SERVER] = "#fdd0a2",
    [STAGE_SERVER_CPU] = "#3f6fb0", [STAGE_STATE_DB] = "#e5c494",   [STAGE_ROUND_TRIP] = "#666666",
    [STAGE_TRANSFER] = "#c6dbef"};

/* Does a stage take its part of the time of all devices? The small ones are drawn together. */
static bool is_stage_worth_drawing(const struct study *study, int stage)
{
    const double least_share = 0.01;
    double stage_s = 0;
    double total_s = 0;
    for (uint32_t r = 0; r < study->n; r++) {
        for (uint32_t i = 0; i < study->result[r].n_devices; i++) {
            stage_s += study->result[r].device[i].stage_s[stage];
            total_s += study->result[r].device[i].total_s;
        }
    }
    return stage_s > least_share * total_s;
}

static void draw_stages(const struct drawing *d)
{
    const struct plot plot = {"stages", "Where the time of a device goes", d->note,
                              "class of device", "minutes, mean"};
    FILE *const out = begin(d, &plot);
    if (out == NULL) {
        return;
    }
    fputs("set style data histograms\nset style histogram rowstacked\nset boxwidth 0.7\n"
          "set style fill solid 1.0 border rgb '#ffffff'\nset yrange [0:*]\n"
          "set xtics noenhanced rotate by -20\nset key invert\nplot",
          out);
    char rest[64 * DEVICE_N_STAGES] = "column('total_s')";
    for (int stage = 0; stage < DEVICE_N_STAGES; stage++) {
        const char *const name = device_stage_name((enum device_stage)stage);
        if (!is_stage_worth_drawing(d->x->study, stage)) {
            continue;
        }
        fprintf(out,
                " '../stages.csv' using (column('time.%s_s')/60) linecolor rgb '%s' title '%s', "
                "\\\n    ",
                name, stage_colours[stage], device_stage_label((enum device_stage)stage));
        const size_t used = strlen(rest);
        snprintf(rest + used, sizeof rest - used, "-column('time.%s_s')", name);
    }
    fprintf(out,
            " '../stages.csv' using ((%s)/60):xticlabels(stringcolumn('class')) linecolor rgb "
            "'#f0f0f0' title 'all else'\n",
            rest);
    end(d, &plot, out);
}

static void draw_all(struct export *x)
{
    static const char *const names[] = {"states", "curves", "busy", "queues", "stages"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        export_draw(x, names[i]);
    }
}

void export_plots(struct export *x, bool with_pictures)
{
    struct drawing d = {.x = x};
    struct series_column *const columns = collect_columns(x->study->scenario, &d.n_columns);
    d.column = columns;
    d.most = calloc(d.n_columns + 1, sizeof *d.most);
    if (columns == NULL || d.most == NULL) {
        x->err = x->err != SIM_OK ? x->err : sim_fail_memory(x->error, "the plots");
    } else {
        snprintf(d.note, sizeof d.note, "%.100s (mean of %u replication%s)",
                 x->study->scenario->title, x->study->n, sim_plural(x->study->n));
        find_greatest_values(&d);
        draw_states(&d);
        draw_curves(&d);
        draw_busy(&d);
        draw_queues(&d);
        draw_stages(&d);
        if (x->err == SIM_OK && with_pictures) {
            draw_all(x);
        } else if (x->err == SIM_OK) {
            fputs("primestorm: no pictures: gnuplot is not there (Debian: gnuplot-nox); later, "
                  "'gnuplot states.gp' in plots/ draws them\n",
                  stderr);
        }
    }
    free(columns);
    free(d.most);
}
