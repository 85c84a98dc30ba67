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

struct action {
    double time_s; /* from the first start of the trace on */
    enum action_kind kind;
    uint32_t i; /* of the flow or step */
};

struct player {
    const struct trace_link *link;
    struct trace_flow *flow;
    size_t n;
    size_t n_open;  /* flows that have not ended */
    double first_s; /* start of the first flow */
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

static enum sim_err add_classes(struct player *p, const struct class_key *key)
{
    uint32_t id = 0;
    for (size_t i = 0; i < p->n; i++) {
        if (i == 0 || compare_keys(&key[i - 1], &key[i]) != 0) {
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
    const enum sim_err err = add_classes(p, key);
    free(key);
    return err;
}

/* ---- Flows ---- */

static double wire_bit(const struct player *p, double byte)
{
    return 8 * byte * p->link->overhead;
}

static void end_flow(struct player *p, size_t i, enum trace_end end, double received_byte)
{
    struct trace_flow *const f = &p->flow[i];
    const double now_s = sim_now(p->sim);
    f->end = end;
    f->received_byte = received_byte;
    if (end == TRACE_FINISHED) {
        f->finish_s = p->first_s + now_s;
        f->duration_s = now_s - (f->start_s - p->first_s);
    }
    if (--p->n_open == 0) {
        sim_stop(p->sim); /* what the capacity does later is of no interest */
    }
}

static void on_finish(void *self, uint64_t i)
{
    struct player *const p = self;
    end_flow(p, i, TRACE_FINISHED, p->flow[i].size_byte);
}

static void start_flow(struct player *p, uint32_t i)
{
    const struct trace_flow *const f = &p->flow[i];
    if (f->end == TRACE_CANCELLED) {
        return; /* before its first bit */
    }
    if (f->size_byte == 0) {
        end_flow(p, i, TRACE_FINISHED, 0);
        return;
    }
    sim_fluid_start(p->fluid, p->class_id[i], wire_bit(p, f->size_byte),
                    (struct sim_call){on_finish, p, i}, &p->handle[i]);
}

static double received_so_far(const struct player *p, size_t i)
{
    const double left_bit = sim_fluid_left(p->fluid, p->handle[i]);
    const bool has_begun = p->handle[i].generation != 0;
    return has_begun ? fmax(0, p->flow[i].size_byte - left_bit / wire_bit(p, 1)) : 0;
}

static void cancel_flow(struct player *p, uint32_t i)
{
    if (p->flow[i].end == TRACE_FINISHED) {
        return;
    }
    const double received_byte = received_so_far(p, i);
    sim_fluid_cancel(p->fluid, &p->handle[i]);
    end_flow(p, i, TRACE_CANCELLED, received_byte);
}

/* ---- Actions: one event in the calendar at a time, however long the trace ---- */

static int compare_actions(const void *left, const void *right)
{
    const struct action *const a = left;
    const struct action *const b = right;
    if (a->time_s != b->time_s) {
        return a->time_s < b->time_s ? -1 : 1;
    }
    if (a->kind != b->kind) {
        return a->kind < b->kind ? -1 : 1;
    }
    return (a->i > b->i) - (a->i < b->i);
}

/* `time_s` counts from the first start on. */
static void add_action(struct player *p, enum action_kind kind, size_t i, double time_s)
{
    p->action[p->n_actions++] = (struct action){time_s, kind, (uint32_t)i};
}

static enum sim_err list_actions(struct player *p, size_t first_step)
{
    p->action = calloc(2 * p->n + p->link->n_steps, sizeof *p->action);
    if (p->action == NULL) {
        return SIM_ENOMEM;
    }
    for (size_t i = first_step; i < p->link->n_steps; i++) {
        add_action(p, ACTION_STEP, i, p->link->step[i].time_s - p->first_s);
    }
    for (size_t i = 0; i < p->n; i++) {
        const struct trace_flow *const f = &p->flow[i];
        add_action(p, ACTION_START, i, f->start_s - p->first_s + p->link->round_trips * f->rtt_s);
        if (isfinite(f->cancel_s)) {
            add_action(p, ACTION_CANCEL, i, f->cancel_s - p->first_s);
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
        sim_at(p->sim, a->time_s, priority_of[a->kind], (struct sim_call){on_action, p, 0});
    }
}

static void on_action(void *self, uint64_t unused)
{
    struct player *const p = self;
    const struct action a = p->action[p->next_action++];
    (void)unused;
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
    if (err != SIM_OK || p->class_id == NULL || p->handle == NULL) {
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
    const double end_s = sim_now(p->sim);
    const struct sim_fluid_stats *const stats = sim_fluid_stats(p->fluid);
    struct sim_sample durations = {0};
    double total_s = 0;
    *s = (struct trace_summary){.makespan_s = end_s};
    for (size_t i = 0; i < p->n; i++) {
        struct trace_flow *const f = &p->flow[i];
        if (f->end == TRACE_NEVER) {
            f->received_byte = received_so_far(p, i);
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
    s->saturated_share = sim_timeavg_mean(&stats->saturated, end_s);
    s->used_share = sim_timeavg_mean(&stats->used, end_s);
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
        SIM_ASSERT(sim_fluid_conservation_gap(p.fluid) < 1e-9);
        err = summarise(&p, summary, e);
    }
    sim_fluid_destroy(p.fluid);
    sim_destroy(p.sim);
    free(p.class_id);
    free(p.handle);
    free(p.action);
    return err;
}
