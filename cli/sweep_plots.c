#include "cli/sweep_plots.h"

#include "cli/stop.h"
#include "cli/sweep_axes.h"
#include "output/gnuplot.h"
#include "output/new_file.h"
#include "output/time_axis.h"
#include "output/tree.h"
#include "sim/base/csv_input.h"
#include "sim/base/text.h"
#include "study/precision.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct sweep_drawing {
    const struct plan *plan;
    const struct store *store;
    const char *folder; /* that of the study */
    bool is_quiet;
    struct sweep_axes axes;
    struct sweep_pictures *pictures;
    struct sim_error *error;
};

/* ---- What points.csv holds ---- */

struct range {
    double most;    /* the greatest mean or upper end; 0: no mean at all */
    uint32_t holes; /* points without a mean */
    bool has_interval;
    double least_n, most_n; /* replications */
};

static enum sim_err on_point(void *self, const struct sim_csv_row *row, struct sim_error *e)
{
    struct range *const r = self;
    double n;
    double mean = (double)NAN;
    double half = 0;
    enum sim_err err = sim_csv_real(row, 0, 0, INFINITY, &n, e);
    r->least_n = fmin(r->least_n, err == SIM_OK ? n : INFINITY);
    r->most_n = fmax(r->most_n, err == SIM_OK ? n : 0);
    if (*sim_csv_text(row, 1) != '\0' && err == SIM_OK) {
        err = sim_csv_real(row, 1, -INFINITY, INFINITY, &mean, e);
    }
    if (*sim_csv_text(row, 2) != '\0' && err == SIM_OK) {
        err = sim_csv_real(row, 2, 0, INFINITY, &half, e);
        r->has_interval = true;
    }
    r->holes += isnan(mean) ? 1 : 0;
    r->most = isnan(mean) ? r->most : fmax(r->most, mean + half);
    return err;
}

static enum sim_err read_range(const struct sweep_drawing *d, const char *figure, struct range *r)
{
    char mean[128];
    char half_width[128];
    char *const path = tree_join(d->folder, "points.csv");
    if (path == NULL) {
        return sim_fail_memory(d->error, "the pictures");
    }
    snprintf(mean, sizeof mean, "%s.mean", figure);
    snprintf(half_width, sizeof half_width, "%s.half_width", figure);
    const struct sim_csv_column column[] = {
        {"replications", true}, {mean, true}, {half_width, true}};
    const struct sim_csv_input input = {path, ',', column, 3, NULL};
    const enum sim_err err = sim_csv_read(&input, on_point, r, d->error);
    free(path);
    return err;
}

/* ---- Words ---- */

/* Times in the unit that reads well; the others, sums over users in minutes too, as their name says. */
static void set_scale(struct plot_response *y, const char *unit, double most)
{
    y->most = most > 0 ? most : 1;
    y->scale = 1;
    y->unit = unit;
    if (strcmp(unit, "s") == 0) {
        const struct time_axis axis = time_axis_until(y->most);
        y->scale = axis.unit_s;
        y->unit = axis.unit;
    }
}

static void set_limit(struct plot_response *y, const struct expectations *expected)
{
    for (size_t i = 0; i < expected->n; i++) {
        const struct expectation *const x = &expected->item[i];
        if (isnan(x->quantile) && strcmp(x->figure, y->column) == 0) {
            y->limit_text = x->text;
            y->limit = x->limit;
        }
    }
}

static void write_note(const struct plan *plan, const struct range *r, char *note, size_t size)
{
    const char *const title = plan->base->title;
    if (r->least_n == r->most_n) {
        snprintf(note, size, "%.120s (means of %g replication%s)", title, r->most_n,
                 sim_plural((size_t)r->most_n));
    } else {
        snprintf(note, size, "%.120s (means of %g to %g replications)", title, r->least_n,
                 r->most_n);
    }
}

static void write_remark(const struct sweep_drawing *d, const struct range *r, char *remark,
                         size_t size)
{
    size_t used = 0;
    *remark = '\0';
    if (r->holes > 0) {
        used = (size_t)snprintf(remark, size,
                                "%" PRIu32 " of %" PRIu32
                                " points have no mean: in a replication or more it is never. ",
                                r->holes, d->plan->sweep.n_points);
    }
    if (d->axes.n_left_out > 0) {
        snprintf(remark + used, size - used, "%zu more keys vary and are not drawn.",
                 d->axes.n_left_out);
    }
}

/* ---- Scripts ---- */

/* Of three axes: along which a curve runs, which tells the curves of a panel apart, and which the panels. */
static bool choose_panels(const struct sweep_axes *a, size_t order[3])
{
    size_t x = 0;
    for (size_t i = 1; i < 3; i++) {
        const bool is_better = a->item[i].value != NULL && a->item[x].value == NULL;
        const bool is_as_good = (a->item[i].value != NULL) == (a->item[x].value != NULL);
        if (is_better || (is_as_good && a->item[i].n > a->item[x].n)) {
            x = i;
        }
    }
    const size_t first = x == 0 ? 1 : 0;
    const size_t second = x == 2 ? 1 : 2;
    const bool is_first_shorter = a->item[first].n < a->item[second].n;
    order[0] = x;
    order[1] = is_first_shorter ? first : second;
    order[2] = is_first_shorter ? second : first;
    return a->item[order[1]].n <= PLOT_MOST_CURVES && a->item[order[2]].n <= PLOT_MOST_PANELS;
}

static void write_script(const struct sweep_axes *a, const struct plot *p,
                         const struct plot_response *y, FILE *out)
{
    size_t order[3] = {0, 0, 0};
    if (a->is_grid && a->n == 1) {
        plot_sweep_curve(out, p, &a->item[0], y);
    } else if (a->is_grid && a->n == 2) {
        plot_sweep_map(out, p, &a->item[0], &a->item[1], y);
    } else if (a->is_grid && a->n == 3 && choose_panels(a, order)) {
        plot_sweep_panels(out, p, &a->item[order[0]], &a->item[order[1]], &a->item[order[2]], y);
    } else {
        plot_sweep_dots(out, p, a->item, a->n, y);
    }
}

static enum sim_err fail_io(const struct sweep_drawing *d, const char *path)
{
    return sim_fail(d->error, SIM_EIO, "%s: %s", path, strerror(errno));
}

/* Notes "plots/NAME.ENDING", which is a file of the study now. */
static const char *note_file(const struct sweep_drawing *d, const char *figure, const char *ending)
{
    char *const name = d->pictures->name[d->pictures->n++];
    snprintf(name, SWEEP_PLOT_NAME, "plots/%s.%s", figure, ending);
    return name;
}

static enum sim_err write_file(const struct sweep_drawing *d, const struct plot *p,
                               const struct plot_response *y)
{
    struct new_file *file = NULL;
    char *const path = tree_join(d->folder, note_file(d, p->name, "gp"));
    enum sim_err err = path != NULL ? new_file_create(path, true, &file, d->error)
                                    : sim_fail_memory(d->error, "a picture");
    FILE *const out = err == SIM_OK ? fopen(new_file_staging(file), "wb") : NULL;
    if (out != NULL) {
        write_script(&d->axes, p, y, out);
        const bool is_written = ferror(out) == 0;
        const bool is_closed = fclose(out) == 0;
        err = is_written && is_closed ? new_file_commit(file, d->error) : fail_io(d, path);
    } else if (err == SIM_OK) {
        err = fail_io(d, path);
    }
    new_file_destroy(file);
    free(path);
    return err;
}

/* ---- Pictures ---- */

/* A picture of other results must not stay beside the new script. */
static void remove_old(const char *plots, const char *figure)
{
    static const char *const endings[] = {"png", "svg"};
    for (int i = 0; i < 2; i++) {
        char name[SWEEP_PLOT_NAME];
        snprintf(name, sizeof name, "%s.%s", figure, endings[i]);
        char *const path = tree_join(plots, name);
        if (path != NULL) {
            unlink(path);
        }
        free(path);
    }
}

static enum sim_err draw(const struct sweep_drawing *d, const char *figure)
{
    char *const plots = tree_join(d->folder, "plots");
    if (plots == NULL) {
        return sim_fail_memory(d->error, "a picture");
    }
    remove_old(plots, figure);
    struct sim_error e;
    enum sim_err err = SIM_OK;
    if (*d->pictures->gnuplot != '\0') {
        err = gnuplot_draw(stop_requested, plots, figure, &e);
        if (err == SIM_OK) {
            note_file(d, figure, "png");
            note_file(d, figure, "svg");
        } else if (err != SIM_ESTOPPED) {
            fprintf(stderr, "primestorm: no picture: %s\n", e.text);
            err = SIM_OK;
        } else {
            *d->error = e;
        }
    }
    free(plots);
    return err;
}

static const struct store_figure *find_figure(const struct store *store, const char *name)
{
    for (size_t i = 0; i < store_n_figures(store); i++) {
        if (strcmp(store_figure(store, i)->name, name) == 0) {
            return store_figure(store, i);
        }
    }
    return NULL;
}

/* One figure; that no point has it, or a mean of it, costs its picture alone. */
static enum sim_err draw_figure(const struct sweep_drawing *d, const char *name)
{
    const struct store_figure *const f = find_figure(d->store, name);
    struct range range = {.least_n = INFINITY};
    enum sim_err err = f != NULL ? read_range(d, name, &range) : SIM_OK;
    if (f == NULL || err != SIM_OK) {
        return err;
    }
    if (range.holes == d->plan->sweep.n_points) {
        if (!d->is_quiet) {
            fprintf(stderr, "primestorm: no picture '%s': no point has a mean of it\n", name);
        }
        return SIM_OK;
    }
    char title[320];
    char note[200];
    char remark[200];
    snprintf(title, sizeof title, "%s", f->help);
    title[0] = (char)toupper((unsigned char)title[0]);
    write_note(d->plan, &range, note, sizeof note);
    write_remark(d, &range, remark, sizeof remark);
    const struct plot plot = {name, title, note, "", "", remark};
    struct plot_response y = {.column = name,
                              .confidence = d->plan->base->confidence,
                              .has_interval = range.has_interval,
                              .has_holes = range.holes > 0};
    set_scale(&y, f->unit, range.most);
    set_limit(&y, &d->plan->expected);
    err = write_file(d, &plot, &y);
    return err == SIM_OK ? draw(d, name) : err;
}

/* ---- Which figures ---- */

struct figures {
    char name[SWEEP_PLOTS][PRECISION_NAME];
    size_t n;
};

static void add_figure(struct figures *f, const char *name)
{
    for (size_t i = 0; i < f->n; i++) {
        if (strcmp(f->name[i], name) == 0) {
            return;
        }
    }
    if (f->n < SWEEP_PLOTS) {
        snprintf(f->name[f->n++], PRECISION_NAME, "%s", name);
    }
}

/* What is expected first, as somebody wrote that down for this scenario. */
static enum sim_err choose_figures(const struct sweep_drawing *d, struct figures *f)
{
    char watched[PRECISION_FIGURES][PRECISION_NAME];
    uint32_t n = 0;
    for (size_t i = 0; i < d->plan->expected.n; i++) {
        if (isnan(d->plan->expected.item[i].quantile)) {
            add_figure(f, d->plan->expected.item[i].figure);
        }
    }
    add_figure(f, "full_p95_s");
    const enum sim_err err = precision_figures(d->plan->base, watched, &n, d->error);
    for (uint32_t k = 0; k < n && err == SIM_OK; k++) {
        add_figure(f, watched[k]);
    }
    return err;
}

static enum sim_err make_plots_folder(const struct sweep_drawing *d)
{
    char *const path = tree_join(d->folder, "plots");
    if (path == NULL) {
        return sim_fail_memory(d->error, "the pictures");
    }
    const bool is_there = mkdir(path, 0777) == 0 || errno == EEXIST;
    const enum sim_err err = is_there ? SIM_OK : fail_io(d, path);
    free(path);
    return err;
}

static enum sim_err draw_all(struct sweep_drawing *d)
{
    struct figures figures = {.n = 0};
    const bool has_gnuplot =
        gnuplot_version(stop_requested, d->pictures->gnuplot, sizeof d->pictures->gnuplot);
    if (!has_gnuplot) {
        *d->pictures->gnuplot = '\0';
    }
    enum sim_err err = choose_figures(d, &figures);
    err = err == SIM_OK ? make_plots_folder(d) : err;
    for (size_t i = 0; i < figures.n && err == SIM_OK; i++) {
        err = draw_figure(d, figures.name[i]);
    }
    if (err == SIM_OK && !has_gnuplot && !d->is_quiet && d->pictures->n > 0) {
        fputs("primestorm: no pictures: gnuplot is not there (Debian: gnuplot-nox); later, "
              "'gnuplot full_p95_s.gp' in plots/ draws them\n",
              stderr);
    }
    return err;
}

enum sim_err sweep_plots(const struct plan *plan, const struct store *store, const char *folder,
                         bool is_quiet, struct sweep_pictures *pictures, struct sim_error *e)
{
    enum { MOST_POINTS = 100000 };
    struct sweep_drawing d = {.plan = plan,
                              .store = store,
                              .folder = folder,
                              .is_quiet = is_quiet,
                              .pictures = pictures,
                              .error = e};
    *pictures = (struct sweep_pictures){.n = 0};
    if (plan->sweep.n_points < 2) {
        return SIM_OK; /* nothing varies */
    }
    if (plan->sweep.n_points > MOST_POINTS) {
        if (!is_quiet) {
            fprintf(stderr, "primestorm: no pictures of more than %d points\n", MOST_POINTS);
        }
        return SIM_OK;
    }
    enum sim_err err = sweep_axes_create(&plan->sweep, &d.axes) == SIM_OK
                           ? SIM_OK
                           : sim_fail_memory(e, "the pictures");
    err = err == SIM_OK ? draw_all(&d) : err;
    sweep_axes_fini(&d.axes);
    return err;
}
