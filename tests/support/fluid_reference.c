#include "tests/support/fluid_reference.h"

#include <math.h>
#include <stdlib.h>

/* Progressive filling: the level is raised until the next flow reaches its cap; that flow is fixed there,
 * and what it leaves is shared by the rest. */
void reference_rates(const struct reference_flow *flow, const int *active, size_t n,
                     double capacity, long double *rate)
{
    int *const fixed = calloc(n, sizeof *fixed);
    long double left = capacity;
    for (;;) {
        long double weight = 0;
        for (size_t i = 0; i < n; i++) {
            weight += active[i] && !fixed[i] ? flow[i].weight : 0;
        }
        if (weight == 0) {
            break;
        }
        const long double level = left / weight;
        size_t first = n;
        for (size_t i = 0; i < n; i++) {
            const int may_be_fixed =
                active[i] && !fixed[i] && flow[i].cap > 0 && flow[i].cap <= level * flow[i].weight;
            if (may_be_fixed && (first == n || (long double)flow[i].cap * flow[first].weight <
                                                   (long double)flow[first].cap * flow[i].weight)) {
                first = i;
            }
        }
        if (first == n) {
            for (size_t i = 0; i < n; i++) {
                if (active[i] && !fixed[i]) {
                    rate[i] = level * flow[i].weight;
                }
            }
            break;
        }
        fixed[first] = 1;
        rate[first] = flow[first].cap;
        left -= flow[first].cap;
    }
    free(fixed);
}

struct state {
    struct reference_flow *flow;
    size_t n;
    long double *left, *rate;
    int *active, *over;
};

/* The earliest of: an end, a start, a cancellation, a change of capacity. */
static long double next_time(const struct state *s, long double now, long double change_s)
{
    long double next = change_s;
    for (size_t i = 0; i < s->n; i++) {
        const struct reference_flow *const f = &s->flow[i];
        if (s->active[i]) {
            next = fminl(next, f->cancel_s);
            next = s->rate[i] > 0 ? fminl(next, now + s->left[i] / s->rate[i]) : next;
        } else if (!s->over[i]) {
            next = fminl(next, f->start_s);
        }
    }
    return next;
}

static void end_flow(struct state *s, size_t i, double finish_s)
{
    s->flow[i].finish_s = finish_s;
    s->active[i] = 0;
    s->over[i] = 1;
}

/* Brings all flows from `now` to `next` and carries out what is due there. */
static void step(struct state *s, long double now, long double next)
{
    for (size_t i = 0; i < s->n; i++) {
        if (s->active[i]) {
            const long double end = s->rate[i] > 0 ? now + s->left[i] / s->rate[i] : INFINITY;
            s->left[i] -= s->rate[i] * (next - now);
            if (end <= next) {
                end_flow(s, i, (double)end);
            }
        }
    }
    for (size_t i = 0; i < s->n; i++) {
        if (s->active[i] && s->flow[i].cancel_s <= next) {
            end_flow(s, i, NAN);
        }
        if (!s->active[i] && !s->over[i] && s->flow[i].start_s <= next) {
            s->active[i] = 1;
            s->left[i] = s->flow[i].amount;
        }
    }
}

void reference_run(struct reference_flow *flow, size_t n, const struct reference_capacity *change,
                   size_t n_changes)
{
    struct state s = {flow,
                      n,
                      calloc(n, sizeof(long double)),
                      calloc(n, sizeof(long double)),
                      calloc(n, sizeof(int)),
                      calloc(n, sizeof(int))};
    long double now = 0;
    size_t i_change = 1;
    double capacity = change[0].capacity;
    for (size_t i = 0; i < n; i++) {
        flow[i].finish_s = INFINITY;
    }
    for (;;) {
        const long double change_s = i_change < n_changes ? change[i_change].time_s : INFINITY;
        const long double next = next_time(&s, now, change_s);
        if (isinf(next)) {
            break;
        }
        step(&s, now, next);
        now = next;
        if (change_s <= next) {
            capacity = change[i_change++].capacity;
        }
        for (size_t i = 0; i < n; i++) {
            s.rate[i] = 0;
        }
        reference_rates(flow, s.active, n, capacity, s.rate);
    }
    free(s.left);
    free(s.rate);
    free(s.active);
    free(s.over);
}
