#include "models/flow_trace.h"

#include "sim/base/assert.h"
#include "sim/res/fluid.h"
#include "sim/stat/sample.h"

#include <math.h>
#include <stdlib.h>

/* What the trace brings about, in the order of one moment. A flow that is through at the moment at
 * which the capacity changes, or at which it would be cancelled, is through: ends have the priority
 * of starts. */
enum action_kind { ACTION_START, ACTION_STEP, ACTION_CANCEL };

static const enum sim_priority priority_of[] = {SIM_NORMAL, SIM_NORMAL + 1, SIM_LAST};

/* A time as the sum of two doubles, the second at most half a digit of the first: what is added to a
 * time of day is not lost in it. */
struct moment {
    double s, rest_s;
};

struct action {
    struct moment at;
    enum action_kind kind;
    uint32_t i; /* of the flow or step */
};

struct player {
    const struct trace_link *link;
    struct trace_flow *flow;
    size_t n;
    size_t n_open;              /* flows that have not ended */
    size_t n_on;                /* flows that are on the link, */
    uint32_t *on;               /* which, */
    uint32_t *place;            /* and where a flow is among them */
    double *left_bit;           /* of those, while the clock begins anew */
    double first_s;             /* start of the first flow */
    struct moment origin;       /* the clock of `sim` counts from here */
    uint64_t origin_events;     /* that had been executed by then */
    double saturated_s, used_s; /* before it */
    struct sim *sim;
    struct sim_fluid *fluid;
    uint32_t *class_id; /* of a flow */
    struct sim_handle *handle;
    struct action *action; /* by time */
    size_t n_actions, next_action;
};

/* ---- Classes of flows ---- */

struct class_key {
    uint64_t cap;
    uint32_t weight, flow;
};

static int compare_keys(const void *left, const void *right)
{
    const struct class_key *const a = left;
    const struct class_key *const b = right;
    if (a->cap != b->cap) {
        return a->cap < b->cap ? -1 : 1;
    }
    return (a->weight > b->weight) - (a->weight < b->weight);
}

static bool is_new(const struct class_key *key, size_t i)
{
    return i == 0 || compare_keys(&key[i - 1], &key[i]) != 0;
}

static enum sim_err reserve_classes(struct player *p, const struct class_key *key)
{
    uint32_t n_classes = 0;
    for (size_t i = 0; i < p->n; i++) {
        n_classes += is_new(key, i) ? 1 : 0;
    }
    return sim_fluid_reserve(p->fluid, n_classes, 0);
}

static enum sim_err add_classes(struct player *p, const struct class_key *key)
{
    uint32_t id = 0;
    for (size_t i = 0; i < p->n; i++) {
        if (is_new(key, i)) {
            const enum sim_err err = sim_fluid_add_class(p->fluid, key[i].cap, key[i].weight, &id);
            if (err != SIM_OK) {
                return err;
            }
        }
        p->class_id[key[i].flow] = id;
    }
    return SIM_OK;
}

/* Flows of equal cap and weight are one class: the fewer classes, the less work. */
static enum sim_err make_classes(struct player *p)
{
    struct class_key *const key = calloc(p->n, sizeof *key);
    if (key == NULL) {
        return SIM_ENOMEM;
    }
    for (size_t i = 0; i < p->n; i++) {
        key[i] = (struct class_key){p->flow[i].cap_bit_per_s, p->flow[i].weight, (uint32_t)i};
    }
    qsort(key, p->n, sizeof *key, compare_keys);
    enum sim_err err = reserve_classes(p, key);
    if (err == SIM_OK) {
        err = add_classes(p, key);
    }
    free(key);
    return err;
}

/* ---- Time ---- */

/* Knuth, TAOCP 2, 4.2.2: the rest is exact. */
static struct moment later(double time_s, double delay_s)
{
    const double sum = time_s + delay_s;
    const double added = sum - time_s;
    return (struct moment){sum, (time_s - (sum - added)) + (delay_s - added)};
}

static int compare_moments(struct moment a, struct moment b)
{
    return a.s != b.s ? (a.s < b.s ? -1 : 1) : (a.rest_s > b.rest_s) - (a.rest_s < b.rest_s);
}

static double between(struct moment from, struct moment to)
{
    return (to.s - from.s) + (to.rest_s - from.rest_s);
}

/* `since_s` to now. */
static double elapsed(const struct player *p, double since_s)
{
    return between((struct moment){since_s, 0}, p->origin) + sim_now(p->sim);
}

static struct moment now(const struct player *p)
{
    return later(p->origin.s, p->origin.rest_s + sim_now(p->sim));
}

/* ---- Flows ---- */

static double wire_bit(const struct player *p, double byte)
{
    return 8 * byte * p->link->overhead;
}

static void end_flow(struct player *p, size_t i, enum trace_end end)
{
    struct trace_flow *const f = &p->flow[i];
    f->end = end;
    if (end == TRACE_FINISHED) {
        f->finish_s = now(p).s;
        f->duration_s = elapsed(p, f->start_s);
        f->received_byte = f->size_byte;
    }
    if (--p->n_open == 0) {
        sim_stop(p->sim); /* what the capacity does later is of no interest */
    }
}

static void take_off(struct player *p, uint32_t i)
{
    const uint32_t last = p->on[--p->n_on];
    p->on[p->place[i]] = last;
    p->place[last] = p->place[i];
}

static void on_finish(void *self, uint64_t i)
{
    struct player *const p = self;
    take_off(p, (uint32_t)i);
    end_flow(p, i, TRACE_FINISHED);
}

static void put_on(struct player *p, uint32_t i, double bit)
{
    p->place[i] = (uint32_t)p->n_on;
    p->on[p->n_on++] = i;
    sim_fluid_start(p->fluid, p->class_id[i], bit, (struct sim_call){on_finish, p, i},
                    &p->handle[i]);
}

static void start_flow(struct player *p, uint32_t i)
{
    const struct trace_flow *const f = &p->flow[i];
    if (f->end == TRACE_CANCELLED) {
        return; /* before its first bit */
    }
    if (f->size_byte == 0) {
        end_flow(p, i, TRACE_FINISHED);
        return;
    }
    put_on(p, i, wire_bit(p, f->size_byte));
}

/* Nothing if it is not on the link. */
static void book_received(struct player *p, size_t i)
{
    struct trace_flow *const f = &p->flow[i];
    const double more_byte = sim_fluid_received(p->fluid, p->handle[i]) / wire_bit(p, 1);
    f->received_byte = fmin(f->received_byte + more_byte, f->size_byte);
}

static void cancel_flow(struct player *p, uint32_t i)
{
    if (p->flow[i].end == TRACE_FINISHED) {
        return;
    }
    book_received(p, i);
    if (sim_fluid_cancel(p->fluid, &p->handle[i])) {
        take_off(p, i);
    }
    end_flow(p, i, TRACE_CANCELLED);
}

/* ---- The clock begins anew ---- */

static void book_averages(struct player *p)
{
    const struct sim_fluid_stats *const stats = sim_fluid_stats(p->fluid);
    p->saturated_s += sim_timeavg_area(&stats->saturated, sim_now(p->sim));
    p->used_s += sim_timeavg_area(&stats->used, sim_now(p->sim));
}

/* What is on the link is taken off and put on again with what is left. */
static void rewind_clock(struct player *p, struct moment origin)
{
    const size_t n = p->n_on;
    for (size_t k = 0; k < n; k++) {
        const uint32_t i = p->on[k];
        book_received(p, i);
        p->left_bit[k] = sim_fluid_left(p->fluid, p->handle[i]);
    }
    for (size_t k = 0; k < n; k++) { /* sim_fluid_clear would look at all that ever were on it */
        sim_fluid_cancel(p->fluid, &p->handle[p->on[k]]);
    }
    book_averages(p);
    sim_rewind(p->sim);
    sim_fluid_rewind(p->fluid);
    p->origin = origin;
    p->origin_events = sim_n_events(p->sim);
    p->n_on = 0;
    for (size_t k = 0; k < n; k++) {
        const uint32_t i = p->on[k];
        if (p->left_bit[k] > 0) {
            put_on(p, i, p->left_bit[k]);
        } else {
            end_flow(p, i, TRACE_FINISHED); /* its end was due at this moment */
        }
    }
}

/* Is the clock too coarse for what begins? An end is rounded to 2^-53 of the clock. */
static bool is_too_coarse(const struct player *p, uint32_t i)
{
    const double fine_enough = 1 << 18; /* the clock over the least duration */
    const struct trace_flow *const f = &p->flow[i];
    const double link = (double)sim_fluid_capacity(p->fluid);
    const double rate = f->cap_bit_per_s > 0 ? fmin((double)f->cap_bit_per_s, link) : link;
    return rate * sim_now(p->sim) > fine_enough * wire_bit(p, f->size_byte);
}

/* An idle link costs nothing to begin anew with. A busy one is not before as many events as it has flows, so that
 * an event costs O(log n) still; in that time, by Little's law, half a flow of the mean duration passes. */
static bool wants_rewinding(const struct player *p, const struct action *a)
{
    return p->n_on == 0 || (a->kind == ACTION_START && is_too_coarse(p, a->i) &&
                            sim_n_events(p->sim) - p->origin_events >= p->n_on);
}

/* ---- Actions: one event in the calendar at a time, however long the trace ---- */

static int compare_actions(const void *left, const void *right)
{
    const struct action *const a = left;
    const struct action *const b = right;
    const int order = compare_moments(a->at, b->at);
    if (order != 0) {
        return order;
    }
    if (a->kind != b->kind) {
        return a->kind < b->kind ? -1 : 1;
    }
    return (a->i > b->i) - (a->i < b->i);
}

static void add_action(struct player *p, enum action_kind kind, size_t i, struct moment at)
{
    p->action[p->n_actions++] = (struct action){at, kind, (uint32_t)i};
}

static enum sim_err list_actions(struct player *p, size_t first_step)
{
    p->action = calloc(2 * p->n + p->link->n_steps, sizeof *p->action);
    if (p->action == NULL) {
        return SIM_ENOMEM;
    }
    for (size_t i = first_step; i < p->link->n_steps; i++) {
        add_action(p, ACTION_STEP, i, later(p->link->step[i].time_s, 0));
    }
    for (size_t i = 0; i < p->n; i++) {
        const struct trace_flow *const f = &p->flow[i];
        add_action(p, ACTION_START, i, later(f->start_s, p->link->round_trips * f->rtt_s));
        if (isfinite(f->cancel_s)) {
            add_action(p, ACTION_CANCEL, i, later(f->cancel_s, 0));
        }
    }
    qsort(p->action, p->n_actions, sizeof *p->action, compare_actions);
    return SIM_OK;
}

static void on_action(void *self, uint64_t unused);

static void schedule_next_action(struct player *p)
{
    if (p->next_action < p->n_actions) {
        const struct action *const a = &p->action[p->next_action];
        const double time_s = fmax(between(p->origin, a->at), sim_now(p->sim));
        sim_at(p->sim, time_s, priority_of[a->kind], (struct sim_call){on_action, p, 0});
    }
}

static void on_action(void *self, uint64_t unused)
{
    struct player *const p = self;
    const struct action a = p->action[p->next_action++];
    (void)unused;
    if (wants_rewinding(p, &a)) {
        rewind_clock(p, a.at);
    }
    schedule_next_action(p);
    switch (a.kind) {
    case ACTION_STEP:
        sim_fluid_set_capacity(p->fluid, p->link->step[a.i].bit_per_s);
        break;
    case ACTION_START:
        start_flow(p, a.i);
        break;
    case ACTION_CANCEL:
        cancel_flow(p, a.i);
        break;
    }
}

/* ---- The whole ---- */

static void clear_results(struct player *p)
{
    p->first_s = INFINITY;
    for (size_t i = 0; i < p->n; i++) {
        struct trace_flow *const f = &p->flow[i];
        p->first_s = fmin(p->first_s, f->start_s);
        f->end = TRACE_NEVER;
        f->finish_s = f->duration_s = INFINITY;
        f->received_byte = 0;
    }
    p->n_open = p->n;
    p->origin = (struct moment){p->first_s, 0};
}

static enum sim_err play(struct player *p, struct sim_error *e)
{
    size_t first_step = 0; /* that is not yet in force at the first start */
    while (first_step < p->link->n_steps && p->link->step[first_step].time_s <= p->first_s) {
        first_step++;
    }
    if (first_step == 0) {
        sim_fail(e, SIM_EINVAL,
                 "the capacity is known from %.17g s on, but a flow starts at %.17g s",
                 p->link->step[0].time_s, p->first_s);
        return SIM_EINVAL;
    }
    enum sim_err err = sim_create(0, 0, &p->sim);
    if (err == SIM_OK) {
        err = sim_fluid_create(p->sim, p->link->step[first_step - 1].bit_per_s, &p->fluid);
    }
    p->class_id = calloc(p->n, sizeof *p->class_id);
    p->handle = calloc(p->n, sizeof *p->handle);
    p->on = calloc(p->n, sizeof *p->on);
    p->place = calloc(p->n, sizeof *p->place);
    p->left_bit = calloc(p->n, sizeof *p->left_bit);
    if (err != SIM_OK || p->class_id == NULL || p->handle == NULL || p->on == NULL ||
        p->place == NULL || p->left_bit == NULL) {
        sim_fail_memory(e, "the trace");
        return SIM_ENOMEM;
    }
    err = make_classes(p);
    if (err == SIM_OK) {
        err = list_actions(p, first_step);
    }
    if (err == SIM_OK) {
        schedule_next_action(p);
        err = sim_run(p->sim, INFINITY);
    }
    return err == SIM_OK ? SIM_OK : sim_fail(e, err, "the trace: %s", sim_err_text(err));
}

static enum sim_err summarise(struct player *p, struct trace_summary *s, struct sim_error *e)
{
    struct sim_sample durations = {0};
    double total_s = 0;
    *s = (struct trace_summary){.makespan_s = between((struct moment){p->first_s, 0}, now(p))};
    for (size_t i = 0; i < p->n; i++) {
        struct trace_flow *const f = &p->flow[i];
        if (f->end == TRACE_NEVER) {
            book_received(p, i);
        }
        s->n_finished += f->end == TRACE_FINISHED;
        s->n_cancelled += f->end == TRACE_CANCELLED;
        s->n_never += f->end == TRACE_NEVER;
        s->received_byte += f->received_byte;
        if (f->end == TRACE_FINISHED) {
            total_s += f->duration_s;
            if (sim_sample_add(&durations, f->duration_s) != SIM_OK) {
                sim_sample_fini(&durations);
                return sim_fail_memory(e, "the trace");
            }
        }
    }
    sim_sample_sort(&durations);
    s->mean_duration_s = s->n_finished > 0 ? total_s / (double)s->n_finished : NAN;
    s->p95_duration_s = sim_sample_quantile(&durations, 0.95);
    book_averages(p);
    s->saturated_share = s->makespan_s > 0 ? p->saturated_s / s->makespan_s : 0;
    s->used_share = s->makespan_s > 0 ? p->used_s / s->makespan_s : 0;
    sim_sample_fini(&durations);
    return SIM_OK;
}

enum sim_err flow_trace_run(const struct trace_link *link, struct trace_flow *flow, size_t n,
                            struct trace_summary *summary, struct sim_error *e)
{
    struct player p = {.link = link, .flow = flow, .n = n};
    SIM_ASSERT(n > 0 && n <= TRACE_MAX_FLOWS && link->n_steps > 0);
    clear_results(&p);
    enum sim_err err = play(&p, e);
    if (err == SIM_OK) {
        SIM_ASSERT(sim_fluid_conservation_gap(p.fluid) < 1e-9); /* beyond rounding */
        err = summarise(&p, summary, e);
    }
    sim_fluid_destroy(p.fluid);
    sim_destroy(p.sim);
    free(p.class_id);
    free(p.handle);
    free(p.on);
    free(p.place);
    free(p.left_bit);
    free(p.action);
    return err;
}
