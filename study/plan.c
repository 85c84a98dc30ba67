#include "study/plan.h"

#include "models/collect.h"
#include "models/scenario_show.h"
#include "output/manifest.h"
#include "sim/base/text.h"
#include "study/distribution.h"
#include "study/sweep_list.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void plan_fini(struct plan *p)
{
    sweep_fini(&p->sweep);
    expect_fini(&p->expected);
    free(p->point);
    free(p->canonical);
    *p = (struct plan){0};
}

/* NULL when out of memory. */
static char *canonical_of(const struct scenario *scenario, size_t *length)
{
    char *text = NULL;
    FILE *const out = open_memstream(&text, length);
    if (out == NULL) {
        return NULL;
    }
    scenario_canonical(scenario, out);
    if (fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

enum sim_err plan_scenario(const struct plan *p, uint32_t point, struct settings *settings,
                           struct scenario *scenario, struct problems *problems)
{
    *scenario = (struct scenario){0};
    const enum sim_err err = sweep_settings(&p->sweep, p->settings, point, settings);
    return err == SIM_OK ? scenario_from_settings(settings, scenario, problems) : err;
}

/* " (points.csv:3)", if the point has a row of a file; else "". */
static void row_text(const struct sweep *sweep, uint32_t point, char *text, size_t size)
{
    size_t row;
    char place[400];
    const struct sweep_block *const list = sweep_row_of_list(sweep, point, &row);
    *text = '\0';
    if (list != NULL) {
        sweep_list_place(list, row, place, sizeof place);
        snprintf(text, size, " (%s)", place);
    }
}

/* A problem's place is a text of the settings of the point, which go. */
static void take_over(struct problems *from, const char *row, struct problems *into)
{
    const struct origin nowhere = {.kind = ORIGIN_OPTION, .source = "sweep"};
    for (size_t i = 0; i < from->n; i++) {
        char place[512];
        origin_text(&from->item[i].origin, place, sizeof place);
        problems_add(into, nowhere, "%s: %s%s", place, from->item[i].text, row);
    }
}

/* What a run takes: each device asks once for what it has lost and then chunk by chunk for all of its items, and polls
 * until the last entry of the timeline. Where a law has no mean: the devices. */
static double expected_cost(const struct scenario *s)
{
    const struct mailbox_config *const m = &s->mailbox;
    const double days = sim_dist_mean(s->profile.mail_days) + m->today_share;
    const double items = sim_dist_mean(m->received_per_day) * days + sim_dist_mean(m->contacts) +
                         sim_dist_mean(m->calendar_entries);
    double last_s = 0;
    for (uint32_t i = 0; i < s->n_timeline; i++) {
        last_s = s->timeline[i].at_s > last_s ? s->timeline[i].at_s : last_s;
    }
    const double polls = last_s / s->devices.heartbeat_s;
    const double requests = 1 + polls + items / s->device_sync.window_items;
    return scenario_n_devices(s) * (isfinite(requests) ? requests : 1);
}

static enum sim_err prepare_point(struct plan *p, uint32_t i, struct problems *problems)
{
    struct settings settings = {0};
    struct scenario scenario;
    struct problems own = {0};
    char digest[SHA256_TEXT];
    size_t length = 0;
    enum sim_err err = plan_scenario(p, i, &settings, &scenario, &own);
    if (err == SIM_OK) {
        char *const text = canonical_of(&scenario, &length);
        err = text != NULL ? SIM_OK : SIM_ENOMEM;
        if (text != NULL) {
            manifest_sha256(text, length, digest);
            snprintf(p->point[i].digest, PLAN_DIGEST, "%.*s", PLAN_DIGEST - 1, digest);
            p->point[i].cost = expected_cost(&scenario);
        }
        free(text);
    } else {
        char row[420];
        row_text(&p->sweep, i, row, sizeof row);
        take_over(&own, row, problems);
    }
    scenario_fini(&scenario);
    settings_fini(&settings);
    problems_fini(&own);
    return err;
}

static bool is_stop_requested(const struct plan *p)
{
    return p->stop_requested != NULL && p->stop_requested(NULL);
}

static enum sim_err prepare_all(struct plan *p, struct problems *problems)
{
    enum { FEW = 10 };
    for (uint32_t i = 0; i < p->sweep.n_points && problems->n < FEW; i++) {
        if (is_stop_requested(p)) {
            return SIM_ESTOPPED;
        }
        const enum sim_err err = prepare_point(p, i, problems);
        if (err == SIM_ENOMEM) {
            return err;
        }
    }
    return problems->n == 0 ? SIM_OK : SIM_EINVAL;
}

static int compare_digests(const void *a, const void *b)
{
    const struct plan_point *const *const x = a;
    const struct plan_point *const *const y = b;
    return strcmp((*x)->digest, (*y)->digest);
}

/* Two points that are the same scenario ("4" and "4.0") would share their runs. */
static enum sim_err check_distinct(struct plan *p, struct problems *problems)
{
    const struct origin nowhere = {.kind = ORIGIN_OPTION, .source = "sweep"};
    const uint32_t n = p->sweep.n_points;
    const struct plan_point **const sorted = calloc((size_t)n + 1, sizeof *sorted);
    if (sorted == NULL) {
        return SIM_ENOMEM;
    }
    for (uint32_t i = 0; i < n; i++) {
        sorted[i] = &p->point[i];
    }
    qsort(sorted, n, sizeof *sorted, compare_digests);
    for (uint32_t i = 1; i < n && problems->n == 0; i++) {
        if (strcmp(sorted[i]->digest, sorted[i - 1]->digest) == 0) {
            char a[200];
            char b[200];
            sweep_point_text(&p->sweep, (uint32_t)(sorted[i - 1] - p->point), a, sizeof a);
            sweep_point_text(&p->sweep, (uint32_t)(sorted[i] - p->point), b, sizeof b);
            problems_add(
                problems, nowhere, "the points '%s' and '%s' are the same scenario%s", a, b,
                p->sweep.is_sampled ? "; lhs and sobol want wider ranges, or fewer points" : "");
        }
    }
    free(sorted);
    return problems->n == 0 ? SIM_OK : SIM_EINVAL;
}

static void check_distribution(const char *wanted, struct problems *problems)
{
    const struct origin nowhere = {.kind = ORIGIN_OPTION, .source = "sweep.distributions"};
    for (size_t i = 0; i < DISTRIBUTION_EVENTS; i++) {
        if (strcmp(distribution_name[i], wanted) == 0) {
            return;
        }
    }
    problems_add(problems, nowhere, "no distribution '%s'; there are %s and %s",
                 distribution_figure(wanted), distribution_figure(distribution_name[0]),
                 distribution_figure(distribution_name[1]));
}

/* A column that no time series has is a slip of the pen. Mail servers may be as many as the point has. */
static void check_name(const char *wanted, const char *const name[], size_t n,
                       struct problems *problems)
{
    const struct origin nowhere = {.kind = ORIGIN_OPTION, .source = "sweep.series"};
    bool is_known = strncmp(wanted, "mail.", 5) == 0;
    for (size_t i = 0; i < n; i++) {
        is_known = is_known || strcmp(name[i], wanted) == 0;
    }
    if (!is_known) {
        const char *const near = sim_closest_word(wanted, name, n);
        problems_add(problems, nowhere, "no time series '%s'%s%s%s", wanted,
                     near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
                     near != NULL ? "'?" : "");
    }
}

static enum sim_err check_series(const struct plan *p, struct problems *problems)
{
    size_t n = 0;
    struct series_column *const column = collect_columns(p->base, &n);
    const char **const name = column != NULL ? calloc(n + 1, sizeof *name) : NULL;
    if (name == NULL) {
        free(column);
        return SIM_ENOMEM;
    }
    for (size_t i = 0; i < n; i++) {
        name[i] = column[i].name;
    }
    for (size_t k = 0; k < p->sweep.n_series; k++) {
        if (distribution_is(p->sweep.series[k])) {
            check_distribution(p->sweep.series[k], problems);
        } else {
            check_name(p->sweep.series[k], name, n, problems);
        }
    }
    free(name);
    free(column);
    return problems->n == 0 ? SIM_OK : SIM_EINVAL;
}

/* ---- Expectations ---- */

/* Points may have figures that the base has not, of servers more than it has. */
static enum sim_err add_figures_of_points(const struct plan *p, struct known_figures *figures,
                                          struct problems *problems)
{
    enum sim_err err = SIM_OK;
    for (uint32_t i = 0; i < p->sweep.n_points && err == SIM_OK; i++) {
        struct settings settings = {0};
        struct scenario scenario;
        struct sim_error e;
        if (is_stop_requested(p)) {
            return SIM_ESTOPPED;
        }
        err = plan_scenario(p, i, &settings, &scenario, problems);
        err = err == SIM_OK ? figures_add(figures, &scenario, &e) : err;
        scenario_fini(&scenario);
        settings_fini(&settings);
    }
    return err;
}

static enum sim_err read_expectations(struct plan *p, struct problems *problems)
{
    struct known_figures figures = {0};
    struct sim_error e;
    if (!expect_is_given(p->settings)) {
        return SIM_OK;
    }
    enum sim_err err = figures_add(&figures, p->base, &e);
    if (err == SIM_OK && !expect_all_known(p->settings, &figures)) {
        err = add_figures_of_points(p, &figures, problems);
    }
    err = err == SIM_OK ? expect_read(p->settings, &figures, &p->expected, problems) : err;
    figures_fini(&figures);
    return err;
}

enum sim_err plan_create(const struct settings *settings, const struct scenario *base,
                         uint32_t most, bool (*stop_requested)(void *context), struct plan *plan,
                         struct problems *problems)
{
    size_t length;
    *plan = (struct plan){.settings = settings, .base = base, .stop_requested = stop_requested};
    enum sim_err err = sweep_read(settings, stop_requested, &plan->sweep, problems);
    if (err == SIM_OK && plan->sweep.n_points > most) {
        const struct origin nowhere = {.kind = ORIGIN_OPTION, .source = "sweep"};
        problems_add(
            problems, nowhere,
            "%u points, of which each takes a run at least; if so many are meant, give --yes",
            plan->sweep.n_points);
        err = SIM_EINVAL;
    }
    if (err == SIM_OK) {
        plan->canonical = canonical_of(base, &length);
        plan->point = calloc((size_t)plan->sweep.n_points + 1, sizeof *plan->point);
        err = plan->canonical != NULL && plan->point != NULL ? check_series(plan, problems)
                                                             : SIM_ENOMEM;
    }
    err = err == SIM_OK ? prepare_all(plan, problems) : err;
    err = err == SIM_OK ? check_distinct(plan, problems) : err;
    err = err == SIM_OK ? read_expectations(plan, problems) : err;
    if (err != SIM_OK) {
        plan_fini(plan);
    }
    return err;
}

uint32_t plan_most_replications(const struct plan *p)
{
    return p->base->precision.is_auto ? p->base->precision.max : p->base->replications;
}

uint32_t plan_costliest(const struct plan *p)
{
    uint32_t most = 0;
    for (uint32_t i = 1; i < p->sweep.n_points; i++) {
        most = p->point[i].cost >= p->point[most].cost ? i : most;
    }
    return most;
}
