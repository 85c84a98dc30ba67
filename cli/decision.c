#include "cli/decision.h"

#include "cli/observe.h"
#include "cli/paired.h"
#include "models/figures.h"
#include "models/metrics.h"
#include "models/world.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const decision_shown[DECISION_N_SHOWN] = {
    "user_minutes_lost", "basic_p50_s",     "basic_max_s",
    "full_max_s",        "blackout_mean_s", "desktop_worst_slowdown"};

const char decision_exposure[] = "security_exposure_min";

const char *decision_way_name(enum decision_way way)
{
    static const char *const names[] = {[WAY_FAIL_OVER] = "fail_over",
                                        [WAY_WAIT] = "wait",
                                        [WAY_RESTART] = "restart",
                                        [WAY_RESTORE] = "restore",
                                        [WAY_HOLD] = "hold"};
    return names[way];
}

/* "FILE:LINE:COLUMN: PATH" of what is not as it should be. */
static enum sim_err refuse(const struct settings *settings, const char *path, const char *why,
                           struct sim_error *e)
{
    const struct setting *const said = settings_find(settings, path);
    char place[300] = "";
    if (said != NULL) {
        origin_text(&said->origin, place, sizeof place);
    }
    return sim_fail(e, SIM_EINVAL, "%s%s%s: %s", place, said != NULL ? ": " : "", path, why);
}

static enum sim_err check_method(const struct settings *settings, const struct scenario *s,
                                 struct sim_error *e)
{
    switch (s->balancer.method) {
    case METHOD_ACTIVE:
        return SIM_OK;
    case METHOD_POOL:
        return refuse(settings, "balancer.method",
                      "in a pool there is nothing to decide: its servers take over from each other "
                      "at once; what a failure of its database costs is for a run to say ('fail "
                      "pool database')",
                      e);
    case METHOD_DNS:
    case METHOD_ROUND_ROBIN:
        break;
    }
    return refuse(settings, "balancer.method",
                  "what is decided about is a standby that all devices move to (active)", e);
}

enum sim_err decision_check(const struct decision_task *t, struct sim_error *e)
{
    const struct scenario *const s = t->scenario;
    char why[300];
    const enum sim_err err = check_method(t->settings, s, e);
    if (err != SIM_OK) {
        return err;
    }
    if (s->n_timeline != 1 || s->timeline[0].action != ACTION_FAIL_HOST) {
        snprintf(why, sizeof why,
                 "what is decided about is one failure, 'fail host %s', and nothing else; what "
                 "follows it is what is asked",
                 s->server[0].name);
        return refuse(t->settings, s->n_timeline > 1 ? "timeline.1.do" : "timeline.0.do", why, e);
    }
    if (s->n_servers < 2) {
        return sim_fail(e, SIM_EINVAL, "servers: there is none to fail over to beside %s",
                        s->server[0].name);
    }
    return SIM_OK;
}

/* ---- Scenarios of the courses ---- */

struct change {
    const char *path;
    char value[96];
};

static bool put_all(struct settings *s, const struct change *change, size_t n)
{
    const struct origin origin = {.kind = ORIGIN_OPTION, .source = "the decision"};
    bool ok = true;
    for (size_t i = 0; i < n && ok; i++) {
        ok = settings_put(s, change[i].path, change[i].value, origin) == SIM_OK;
    }
    return ok;
}

/* What comes after the failure, if anything. */
static bool put_return(struct settings *s, const struct scenario *base, enum decision_way way,
                       double outage_s)
{
    struct change c[] = {{.path = "timeline.1.at"}, {.path = "timeline.1.do"}};
    const char *const name = base->server[0].name;
    if (way != WAY_WAIT && way != WAY_RESTORE) {
        return true;
    }
    const double after_s = way == WAY_WAIT ? outage_s : base->server[0].vm.restore.operator_s;
    snprintf(c[0].value, sizeof c[0].value, "%.17g s", base->timeline[0].at_s + after_s);
    snprintf(c[1].value, sizeof c[1].value,
             way == WAY_WAIT ? "restart host %s" : "begin to restore host %s without state", name);
    return put_all(s, c, 2);
}

static bool put_way(struct settings *s, const struct scenario *base, enum decision_way way,
                    double outage_s)
{
    char restarts[96];
    const bool moves = way == WAY_FAIL_OVER || way == WAY_HOLD;
    struct change c[] = {{"balancer.failover", ""},
                         {"balancer.failback", "manual"},
                         {"balancer.hold_down", "0 s"},
                         {restarts, ""}};
    snprintf(restarts, sizeof restarts, "servers.%s.vm.restarts", base->server[0].name);
    snprintf(c[0].value, sizeof c[0].value, "%s", moves ? "automatic" : "manual");
    snprintf(c[3].value, sizeof c[3].value, "%s", way == WAY_RESTART ? "true" : "false");
    if (way == WAY_HOLD) {
        snprintf(c[2].value, sizeof c[2].value, "%.17g s", outage_s);
    }
    return put_all(s, c, sizeof c / sizeof c[0]) && put_return(s, base, way, outage_s);
}

/* The scenario of a course, freed by the caller. A problem can only be a time beyond the horizon. */
static enum sim_err make_scenario(const struct decision_task *t, enum decision_way way,
                                  double outage_s, struct scenario *out, struct sim_error *e)
{
    struct settings settings;
    struct problems problems = {0};
    *out = (struct scenario){0};
    enum sim_err err = settings_copy(t->settings, &settings);
    if (err == SIM_OK && !put_way(&settings, t->scenario, way, outage_s)) {
        err = SIM_ENOMEM;
    }
    if (err == SIM_OK) {
        err = scenario_from_settings(&settings, out, &problems);
    }
    if (err == SIM_ENOMEM) {
        sim_fail_memory(e, "a scenario");
    } else if (err != SIM_OK) {
        sim_fail(e, err, "%s: %s", decision_way_name(way),
                 problems.n > 0 ? problems.item[0].text : "no scenario");
    }
    problems_fini(&problems);
    settings_fini(&settings);
    return err;
}

/* ---- Measuring ---- */

struct measuring {
    const struct decision_task *task;
    uint32_t n;    /* replications */
    double *base;  /* cost of failing over, by replication */
    double *value; /* n_figures * n, of the course at hand */
    const char *metric[DECISION_MOST_FIGURES];
    size_t n_done;
};

static void show_progress(struct measuring *m)
{
    m->n_done++;
    if (m->task->progress) {
        fprintf(stderr, "\rcourses: %zu", m->n_done);
        fflush(stderr);
    }
}

static enum sim_err measure(struct measuring *m, enum decision_way way, double outage_s,
                            size_t n_figures, struct sim_error *e)
{
    struct scenario scenario;
    enum sim_err err = make_scenario(m->task, way, outage_s, &scenario, e);
    if (err == SIM_OK) {
        err = observe(&scenario, 0, m->n, m->task->threads, m->metric, n_figures, m->value, e);
    }
    scenario_fini(&scenario);
    show_progress(m);
    return err;
}

static void judge(const struct decision_task *t, struct decision_case *c)
{
    for (size_t k = 0; k < t->n_figures; k++) {
        const struct sim_interval *const i = &c->figure[k];
        const double most = isfinite(i->half_width) ? i->mean + i->half_width : i->mean;
        if (most > t->figure[k].limit) {
            c->broken[c->n_broken++] = k;
        }
    }
}

static enum sim_err add_case(struct measuring *m, struct decision *d, enum decision_way way,
                             double outage_s, struct sim_error *e)
{
    const struct decision_task *const t = m->task;
    struct decision_case *const c = &d->item[d->n];
    const double confidence = t->scenario->confidence;
    const enum sim_err err = measure(m, way, outage_s, t->n_figures, e);
    if (err != SIM_OK) {
        return err;
    }
    if (way == WAY_FAIL_OVER) {
        memcpy(m->base, m->value, m->n * sizeof *m->base); /* the cost is the first figure */
    }
    *c = (struct decision_case){.way = way, .outage_s = outage_s};
    for (size_t k = 0; k < t->n_figures; k++) {
        c->figure[k] = paired_interval(m->value + k * m->n, NULL, m->n, confidence);
    }
    c->extra = paired_interval(m->value, m->base, m->n, confidence);
    judge(t, c);
    d->n++;
    return SIM_OK;
}

/* ---- The break-even ---- */

/* The cost of waiting, less that of failing over. */
static enum sim_err measure_extra(void *self, double outage_s, struct sim_interval *extra,
                                  struct sim_error *e)
{
    struct measuring *const m = self;
    const enum sim_err err = measure(m, WAY_WAIT, outage_s, 1, e);
    if (err == SIM_OK) {
        *extra = paired_interval(m->value, m->base, m->n, m->task->scenario->confidence);
    }
    return err;
}

static enum sim_err find_even(struct measuring *m, struct decision *d, struct sim_error *e)
{
    const size_t n = m->task->n_outages;
    const struct decision_case *const wait = d->item + d->n - n;
    struct sim_extra_cost *const point = calloc(n, sizeof *point);
    if (point == NULL) {
        return sim_fail_memory(e, "the outages");
    }
    for (size_t i = 0; i < n; i++) {
        point[i] = (struct sim_extra_cost){wait[i].outage_s, wait[i].extra};
    }
    const enum sim_err err = sim_break_even_find(point, n, measure_extra, m, &d->even_s, e);
    free(point);
    return err;
}

/* ---- The curve ---- */

/* Neighbours on the curve are a sixth of a doubling apart, as far as the room goes: a step of the cost is
 * then no wider than an eighth of its outage. */
enum { CURVE_STEPS = 6, CURVE_MOST = 240 };

/* In how many parts is the way from one outage to the next gone? */
static size_t n_parts(const double *outage_s, size_t n_left)
{
    const double parts = ceil(CURVE_STEPS * log2(outage_s[1] / outage_s[0]) - 1e-9);
    const size_t most = CURVE_MOST / n_left;
    return parts < 1 ? 1 : parts < (double)most ? (size_t)parts : most;
}

static enum sim_err add_wait(struct measuring *m, struct decision *d, double outage_s,
                             struct sim_error *e)
{
    struct decision_wait *const w = &d->curve[d->n_curve];
    const enum sim_err err = measure_extra(m, outage_s, &w->extra, e);
    if (err == SIM_OK) {
        w->outage_s = outage_s;
        w->cost = paired_interval(m->value, NULL, m->n, m->task->scenario->confidence);
        d->n_curve++;
    }
    return err;
}

static enum sim_err measure_curve(struct measuring *m, struct decision *d, struct sim_error *e)
{
    const double *const outage_s = m->task->outage_s;
    const size_t n = m->task->n_outages;
    d->curve = calloc(CURVE_MOST + n, sizeof *d->curve);
    if (d->curve == NULL) {
        return sim_fail_memory(e, "the curve");
    }
    enum sim_err err = add_wait(m, d, outage_s[0], e);
    for (size_t i = 0; i + 1 < n; i++) {
        const size_t parts = n_parts(outage_s + i, n - 1);
        for (size_t k = 1; k <= parts && err == SIM_OK; k++) {
            const double ratio = outage_s[i + 1] / outage_s[i];
            const double at_s = outage_s[i] * pow(ratio, (double)k / (double)parts);
            err = add_wait(m, d, k == parts ? outage_s[i + 1] : at_s, e);
        }
    }
    return err;
}

/* ---- All of it ---- */

/* Are the figures of the limits there? */
static enum sim_err check_figures(const struct decision_task *t, struct sim_error *e)
{
    struct known_figures known = {0};
    enum sim_err err = figures_add(&known, t->scenario, e);
    for (size_t k = DECISION_N_SHOWN; k < t->n_figures && err == SIM_OK; k++) {
        const char *const name = t->figure[k].metric;
        if (figures_find(&known, name) == NULL) {
            const char *const near = figures_suggest(&known, name);
            err = sim_fail(e, SIM_EINVAL, "--limit %s: runs.csv has no figure of that name%s%s%s",
                           name,
                           near != NULL ? "; did you mean '" : "; columns.csv of a run lists them",
                           near != NULL ? near : "", near != NULL ? "'?" : "");
        }
    }
    figures_fini(&known);
    return err;
}

static enum sim_err run_cases(struct measuring *m, struct decision *d, struct sim_error *e)
{
    const struct decision_task *const t = m->task;
    const struct vm_host_config *const vm = &t->scenario->server[0].vm;
    enum sim_err err = add_case(m, d, WAY_FAIL_OVER, INFINITY, e);
    if (err == SIM_OK && vm->restarts) {
        err = add_case(m, d, WAY_RESTART, vm_host_mean_restart_s(vm), e);
    }
    if (err == SIM_OK) {
        err = add_case(m, d, WAY_RESTORE, vm->restore.operator_s + vm_host_mean_restore_s(vm), e);
    }
    for (size_t i = 0; i < t->n_outages && err == SIM_OK; i++) {
        err = add_case(m, d, WAY_WAIT, t->outage_s[i], e);
    }
    if (err == SIM_OK) {
        err = find_even(m, d, e);
    }
    if (err == SIM_OK && d->even_s.crossing == SIM_CROSSING_FOUND) {
        err = add_case(m, d, WAY_HOLD, d->even_s.x, e);
    }
    if (err == SIM_OK && t->has_curve) {
        err = measure_curve(m, d, e);
    }
    return err;
}

static enum sim_err run_all(struct measuring *m, struct decision *d, struct sim_error *e)
{
    const struct decision_task *const t = m->task;
    SIM_ASSERT(m->n > 0 && t->n_figures > 0);
    m->base = calloc(m->n, sizeof *m->base);
    m->value = calloc(t->n_figures * m->n, sizeof *m->value);
    d->item = calloc(t->n_outages + DECISION_N_WAYS, sizeof *d->item);
    const enum sim_err err = m->base != NULL && m->value != NULL && d->item != NULL
                                 ? run_cases(m, d, e)
                                 : sim_fail_memory(e, "the figures");
    free(m->base);
    free(m->value);
    return err;
}

enum sim_err decision_make(const struct decision_task *t, struct decision *out, struct sim_error *e)
{
    struct measuring m = {.task = t, .n = t->scenario->replications};
    *out = (struct decision){.task = t};
    enum sim_err err = t->n_figures > DECISION_N_SHOWN ? check_figures(t, e) : SIM_OK;
    for (size_t k = 0; k < t->n_figures; k++) {
        m.metric[k] = t->figure[k].metric;
    }
    if (err == SIM_OK) {
        err = run_all(&m, out, e);
    }
    if (t->progress && m.n_done > 0) {
        fputc('\n', stderr);
    }
    if (err != SIM_OK) {
        decision_fini(out);
    }
    return err;
}

void decision_fini(struct decision *d)
{
    free(d->item);
    free(d->curve);
    *d = (struct decision){0};
}

const struct decision_case *decision_find(const struct decision *d, enum decision_way way)
{
    for (size_t i = 0; i < d->n; i++) {
        if (d->item[i].way == way) {
            return &d->item[i];
        }
    }
    return NULL;
}
