#include "study/queue.h"

#include "sim/base/assert.h"
#include "sim/stat/tally.h"
#include "study/order.h"
#include "study/precision.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A point some of whose runs are handed out. */
struct active {
    uint32_t point;
    int64_t id; /* in the store; 0 until its first run is there */
    struct settings settings;
    struct scenario scenario;
    bool *is_there, *is_taken; /* by replication, `most` of them */
    double *watched;           /* precision: figure k of replication r at k * most + r */
    uint32_t allowed;          /* replications below this one are wanted */
    uint32_t n_again;          /* that were there without a series that is wanted now */
    uint32_t in_flight;
    double wall_s;             /* of the runs that were there at the beginning, in all */
    struct sim_tally headline; /* of the runs that were put */
    struct active *next;
};

struct queue {
    const struct plan *plan;
    struct store *store;
    struct shard shard;
    uint32_t most; /* replications of a point */
    char figure[PRECISION_FIGURES][PRECISION_NAME];
    uint32_t n_figures;

    struct point_cost *cost; /* by point */
    uint32_t *order;         /* points, the costliest first */
    uint32_t next;
    struct active *first; /* in the order in which they were begun */
    struct queue_state state;
};

static bool is_auto(const struct queue *q)
{
    return q->plan->base->precision.is_auto;
}

/* With automatic replications a shard has whole points, as where one stops depends on all its runs. */
static bool is_mine(const struct queue *q, uint32_t point, uint32_t replication)
{
    const uint64_t number = is_auto(q) ? point : (uint64_t)point + replication;
    return q->shard.n <= 1 || number % q->shard.n == q->shard.index - 1;
}

/* ---- Points under way ---- */

static void destroy_active(struct active *a)
{
    if (a != NULL) {
        scenario_fini(&a->scenario);
        settings_fini(&a->settings);
        free(a->is_there);
        free(a->is_taken);
        free(a->watched);
        free(a);
    }
}

static enum sim_err read_watched(struct queue *q, struct active *a, uint32_t r, struct sim_error *e)
{
    char program[8];
    double *const value = calloc(store_n_figures(q->store) + 1, sizeof *value);
    if (value == NULL) {
        return sim_fail_memory(e, "the figures of a run");
    }
    const enum sim_err err = store_read_run(q->store, a->id, r, value, program, sizeof program, e);
    for (uint32_t k = 0; k < q->n_figures && err == SIM_OK; k++) {
        a->watched[(size_t)k * q->most + r] = (double)NAN;
        for (size_t i = 0; i < store_n_figures(q->store); i++) {
            if (strcmp(store_figure(q->store, i)->name, q->figure[k]) == 0) {
                a->watched[(size_t)k * q->most + r] = value[i];
            }
        }
    }
    free(value);
    return err;
}

/* Allows more replications until some are missing or there are enough. */
static void extend(struct queue *q, struct active *a)
{
    const struct scenario *const s = q->plan->base;
    while (is_auto(q) && a->allowed < q->most) {
        for (uint32_t r = 0; r < a->allowed; r++) {
            if (!a->is_there[r]) {
                return;
            }
        }
        if (precision_enough(s, a->watched, q->n_figures, q->most, a->allowed) > 0) {
            return;
        }
        const uint32_t before = a->allowed;
        a->allowed = precision_next(s, a->watched, q->n_figures, q->most, a->allowed);
        q->state.n_runs += a->allowed - before;
        for (uint32_t r = before; r < a->allowed; r++) {
            q->state.n_there += a->is_there[r];
            q->state.cost_left += a->is_there[r] ? 0 : q->cost[a->point].cost;
        }
    }
}

static uint32_t count_there(const struct queue *q, const struct active *a)
{
    uint32_t n = 0;
    for (uint32_t r = 0; r < a->allowed; r++) {
        n += a->is_there[r] && is_mine(q, a->point, r);
    }
    return n;
}

/* What the store has of a point. */
static enum sim_err look_up(struct queue *q, struct active *a, struct sim_error *e)
{
    enum sim_err err = store_find_point(q->store, q->plan->point[a->point].digest, &a->id, e);
    if (err != SIM_OK || a->id == 0) {
        return err;
    }
    err = store_replications(q->store, a->id, q->most, a->is_there, &a->wall_s, e);
    const uint32_t n_kept = count_there(q, a);
    for (size_t i = 0; i < q->plan->sweep.n_series && err == SIM_OK; i++) {
        err = store_keep_with_series(q->store, a->id, q->most, q->plan->sweep.series[i],
                                     a->is_there, e);
    }
    a->n_again = n_kept - count_there(q, a);
    for (uint32_t r = 0; r < q->most && err == SIM_OK && is_auto(q); r++) {
        if (a->is_there[r]) {
            err = read_watched(q, a, r, e);
        }
    }
    return err;
}

static enum sim_err create_active(struct queue *q, uint32_t point, struct active **out,
                                  struct sim_error *e)
{
    struct active *const a = calloc(1, sizeof *a);
    if (a == NULL) {
        return sim_fail_memory(e, "a point of the study");
    }
    a->point = point;
    a->allowed = q->plan->base->replications;
    a->is_there = calloc(q->most, sizeof *a->is_there);
    a->is_taken = calloc(q->most, sizeof *a->is_taken);
    a->watched = calloc((size_t)q->most * q->n_figures + 1, sizeof *a->watched);
    if (a->is_there == NULL || a->is_taken == NULL || a->watched == NULL) {
        destroy_active(a);
        return sim_fail_memory(e, "a point of the study");
    }
    *out = a;
    return look_up(q, a, e);
}

/* Counts a point and lets it grow as far as the runs that are there make it. */
static void count_point(struct queue *q, struct active *a)
{
    q->state.n_again += a->n_again;
    for (uint32_t r = 0; r < a->allowed; r++) {
        if (is_mine(q, a->point, r)) {
            q->state.n_runs++;
            q->state.n_there += a->is_there[r];
            q->state.cost_left += a->is_there[r] ? 0 : q->cost[a->point].cost;
        }
    }
    if (is_mine(q, a->point, 0) || !is_auto(q)) {
        extend(q, a);
    }
}

static bool has_missing(const struct queue *q, const struct active *a, uint32_t *replication)
{
    for (uint32_t r = 0; r < a->allowed; r++) {
        if (!a->is_there[r] && !a->is_taken[r] && is_mine(q, a->point, r)) {
            *replication = r;
            return true;
        }
    }
    return false;
}

/* ---- Before the first run ---- */

/* What the runs that are there have taken, and what they were expected to. */
struct measured {
    double wall_s, cost;
    double left_s; /* what is missing of points some of whose runs are there */
};

/* Counts a point. What one of its runs takes is known from those that are there, if there are any. */
static void measure_point(struct queue *q, struct active *a, struct measured *m)
{
    struct point_cost *const x = &q->cost[a->point];
    const double left = q->state.cost_left;
    uint32_t n = 0;
    for (uint32_t r = 0; r < q->most; r++) {
        n += a->is_there[r];
    }
    *x = (struct point_cost){q->plan->point[a->point].cost, n > 0 && a->wall_s > 0};
    if (x->is_measured) {
        m->wall_s += a->wall_s;
        m->cost += n * x->cost;
        x->cost = a->wall_s / n; /* seconds, until scale_measured */
    }
    count_point(q, a);
    if (x->is_measured) {
        m->left_s += q->state.cost_left - left;
        q->state.cost_left = left;
    }
}

/* From seconds into the units of the plan. */
static void scale_measured(struct queue *q, const struct measured *m)
{
    const double cost_per_s = m->wall_s > 0 ? m->cost / m->wall_s : 0;
    for (uint32_t i = 0; i < q->plan->sweep.n_points; i++) {
        q->cost[i].cost *= q->cost[i].is_measured ? cost_per_s : 1;
    }
    q->state.cost_left += m->left_s * cost_per_s;
}

static enum sim_err count_all(struct queue *q, struct sim_error *e)
{
    struct measured measured = {0};
    enum sim_err err = SIM_OK;
    for (uint32_t i = 0; i < q->plan->sweep.n_points && err == SIM_OK; i++) {
        struct active *a = NULL;
        if (q->plan->stop_requested != NULL && q->plan->stop_requested(NULL)) {
            return sim_fail(e, SIM_ESTOPPED, "stopped on request");
        }
        err = create_active(q, i, &a, e);
        if (err == SIM_OK && a != NULL) {
            measure_point(q, a, &measured);
        }
        destroy_active(a);
    }
    scale_measured(q, &measured);
    return err;
}

enum sim_err queue_create(const struct plan *plan, struct store *store, struct shard shard,
                          struct queue **out, struct sim_error *e)
{
    struct queue *const q = calloc(1, sizeof *q);
    if (q == NULL) {
        return sim_fail_memory(e, "the study");
    }
    *q = (struct queue){.plan = plan, .store = store, .shard = shard};
    q->most = plan_most_replications(plan);
    enum sim_err err = SIM_OK;
    if (is_auto(q)) {
        err = precision_figures(plan->base, q->figure, &q->n_figures, e);
    }
    q->cost = calloc((size_t)plan->sweep.n_points + 1, sizeof *q->cost);
    if (err == SIM_OK && q->cost == NULL) {
        err = sim_fail_memory(e, "the points of the study");
    }
    err = err == SIM_OK ? count_all(q, e) : err;
    err = err == SIM_OK ? order_by_cost(q->cost, plan->sweep.n_points, &q->order, e) : err;
    if (err != SIM_OK) {
        queue_destroy(q);
        return err;
    }
    *out = q;
    return SIM_OK;
}

void queue_destroy(struct queue *q)
{
    if (q == NULL) {
        return;
    }
    while (q->first != NULL) {
        struct active *const a = q->first;
        q->first = a->next;
        destroy_active(a);
    }
    free(q->order);
    free(q->cost);
    free(q);
}

/* ---- Taking and putting ---- */

static enum sim_err make_scenario(struct queue *q, struct active *a, struct sim_error *e)
{
    struct problems problems = {0};
    const enum sim_err err =
        plan_scenario(q->plan, a->point, &a->settings, &a->scenario, &problems);
    problems_fini(&problems);
    return err == SIM_OK ? SIM_OK : sim_fail_memory(e, "the scenario of a point");
}

/* The next point of which something is missing; NULL in *out if there is none. */
static enum sim_err begin_point(struct queue *q, struct active **out, struct sim_error *e)
{
    enum sim_err err = SIM_OK;
    *out = NULL;
    while (*out == NULL && q->next < q->plan->sweep.n_points && err == SIM_OK) {
        struct active *a = NULL;
        struct queue_state before = q->state;
        uint32_t replication;
        err = create_active(q, q->order[q->next++], &a, e);
        if (err != SIM_OK || a == NULL) {
            destroy_active(a);
            break;
        }
        extend(q, a);
        q->state = before; /* counted at the beginning */
        const bool is_wanted = has_missing(q, a, &replication);
        err = is_wanted ? make_scenario(q, a, e) : SIM_OK;
        if (is_wanted && err == SIM_OK) {
            *out = a;
        } else {
            destroy_active(a);
        }
    }
    return err;
}

static void append(struct queue *q, struct active *a)
{
    struct active **end = &q->first;
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = a;
}

static void hand_out(struct active *a, uint32_t replication, struct task *task)
{
    a->is_taken[replication] = true;
    a->in_flight++;
    *task = (struct task){a->point, replication, &a->scenario};
}

enum sim_err queue_take(struct queue *q, struct task *task, enum queue_answer *answer,
                        struct sim_error *e)
{
    uint32_t replication;
    *answer = QUEUE_TASK;
    for (struct active *a = q->first; a != NULL; a = a->next) {
        if (has_missing(q, a, &replication)) {
            hand_out(a, replication, task);
            return SIM_OK;
        }
    }
    struct active *fresh;
    const enum sim_err err = begin_point(q, &fresh, e);
    if (err == SIM_OK && fresh != NULL && has_missing(q, fresh, &replication)) {
        append(q, fresh);
        hand_out(fresh, replication, task);
        return SIM_OK;
    }
    *answer = is_auto(q) && q->first != NULL ? QUEUE_WAIT : QUEUE_EMPTY;
    return err;
}

static struct active *find(struct queue *q, uint32_t point)
{
    struct active *a = q->first;
    while (a != NULL && a->point != point) {
        a = a->next;
    }
    SIM_ASSERT(a != NULL);
    return a;
}

/* Forgets a point of which nothing is under way and nothing missing. */
static void end_if_done(struct queue *q, struct active *a)
{
    uint32_t replication;
    if (a->in_flight > 0 || has_missing(q, a, &replication)) {
        return;
    }
    struct active **link = &q->first;
    while (*link != a) {
        link = &(*link)->next;
    }
    *link = a->next;
    destroy_active(a);
}

/* A name in precision.figures that no column has would never be precise. */
static enum sim_err check_figures(const struct queue *q, const struct outcome *o,
                                  struct sim_error *e)
{
    for (uint32_t k = 0; k < q->n_figures; k++) {
        bool is_known = false;
        for (size_t i = 0; i < o->n_metrics; i++) {
            is_known = is_known || strcmp(o->metric[i].name, q->figure[k]) == 0;
        }
        if (!is_known) {
            return sim_fail(e, SIM_EINVAL, "precision.figures: runs.csv has no column '%s'",
                            q->figure[k]);
        }
    }
    return SIM_OK;
}

static enum sim_err put_into_store(struct queue *q, struct active *a, const struct task *task,
                                   const struct outcome *o, struct sim_error *e)
{
    char words[1024];
    enum sim_err err = check_figures(q, o, e);
    if (err == SIM_OK && a->id == 0) {
        sweep_point_text(&q->plan->sweep, task->point, words, sizeof words);
        err = store_add_point(q->store, q->plan->point[task->point].digest, words, &a->id, e);
    }
    return err == SIM_OK ? store_put(q->store, a->id, task->replication, o, e) : err;
}

static void count_put(struct queue *q, struct active *a, const struct outcome *o)
{
    struct queue_state *const s = &q->state;
    const double cost = q->cost[a->point].cost;
    sim_tally_add(&a->headline, outcome_figure(o, "user_minutes_lost"));
    s->n_there++;
    s->n_new++;
    s->cost_left -= cost;
    s->cost_new += cost;
    s->wall_new_s += o->wall_s;
    s->last_point = a->point;
    s->n_last = (uint32_t)a->headline.n;
    s->mean_last = a->headline.mean;
}

enum sim_err queue_put(struct queue *q, const struct task *task, const struct outcome *o,
                       struct sim_error *e)
{
    struct active *const a = find(q, task->point);
    const enum sim_err err = put_into_store(q, a, task, o, e);
    a->in_flight--;
    if (err != SIM_OK) {
        return err;
    }
    a->is_there[task->replication] = true;
    for (uint32_t k = 0; k < q->n_figures; k++) {
        a->watched[(size_t)k * q->most + task->replication] = outcome_figure(o, q->figure[k]);
    }
    count_put(q, a, o);
    extend(q, a);
    end_if_done(q, a);
    return SIM_OK;
}

void queue_give_back(struct queue *q, const struct task *task, bool has_failed)
{
    struct active *const a = find(q, task->point);
    a->in_flight--;
    a->is_taken[task->replication] = has_failed;
    if (has_failed) {
        q->state.n_failed++;
        q->state.cost_left -= q->cost[task->point].cost;
        end_if_done(q, a);
    }
}

struct queue_state queue_state(const struct queue *q)
{
    return q->state;
}

char *const *queue_series(const struct queue *q, size_t *n)
{
    *n = q->plan->sweep.n_series;
    return q->plan->sweep.series;
}
