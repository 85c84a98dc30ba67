#include "tests/support/fluid_reference.h"

#include "tests/support/fluid_reference_real.h"

#include <math.h>
#include <stdlib.h>

/* Progressive filling: the level is raised until the next flow reaches its cap; that flow is fixed there,
 * and what it leaves is shared by the rest. */
static void fill(const struct reference_flow *flow, const int *active, size_t n, real capacity,
                 real *rate)
{
    int *const fixed = calloc(n, sizeof *fixed);
    real left = capacity;
    for (;;) {
        real weight = 0;
        for (size_t i = 0; i < n; i++) {
            weight += active[i] && !fixed[i] ? flow[i].weight : 0;
        }
        if (weight == 0) {
            break;
        }
        const real level = left / weight;
        size_t first = n;
        for (size_t i = 0; i < n; i++) {
            const int may_be_fixed =
                active[i] && !fixed[i] && flow[i].cap > 0 && flow[i].cap <= level * flow[i].weight;
            if (may_be_fixed && (first == n || (real)flow[i].cap * flow[first].weight <
                                                   (real)flow[first].cap * flow[i].weight)) {
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
    real *left, *rate;
    int *active, *over;
};

static real least(real a, real b)
{
    return a < b ? a : b;
}

static real begin(const struct reference_flow *f)
{
    return (real)f->start_s + f->delay_s;
}

/* The earliest of: an end, a start, a cancellation, a change of capacity. */
static real next_time(const struct state *s, real now, real change_s)
{
    real next = change_s;
    for (size_t i = 0; i < s->n; i++) {
        const struct reference_flow *const f = &s->flow[i];
        if (s->active[i]) {
            next = least(next, f->cancel_s);
            next = s->rate[i] > 0 ? least(next, now + s->left[i] / s->rate[i]) : next;
        } else if (!s->over[i]) {
            next = least(next, begin(f));
        }
    }
    return next;
}

static void end_flow(struct state *s, size_t i, real finish_s)
{
    struct reference_flow *const f = &s->flow[i];
    f->finish_s = (double)finish_s;
    f->duration_s = (double)(finish_s - f->start_s);
    s->active[i] = 0;
    s->over[i] = 1;
}

/* Brings all flows from `now` to `next` and carries out what is due there. */
static void step(struct state *s, real now, real next)
{
    for (size_t i = 0; i < s->n; i++) {
        if (s->active[i]) {
            const real end = s->rate[i] > 0 ? now + s->left[i] / s->rate[i] : INFINITY;
            s->left[i] -= s->rate[i] * (next - now);
            if (end <= next) {
                end_flow(s, i, end);
            }
        }
    }
    for (size_t i = 0; i < s->n; i++) {
        if (s->active[i] && s->flow[i].cancel_s <= next) {
            end_flow(s, i, NAN);
        }
        if (!s->active[i] && !s->over[i] && begin(&s->flow[i]) <= next) {
            s->active[i] = 1;
            s->left[i] = s->flow[i].amount;
        }
    }
}

static void run(struct reference_flow *flow, size_t n, const struct reference_capacity *change,
                size_t n_changes)
{
    struct state s = {flow,
                      n,
                      calloc(n, sizeof(real)),
                      calloc(n, sizeof(real)),
                      calloc(n, sizeof(int)),
                      calloc(n, sizeof(int))};
    real now = 0;
    size_t i_change = 1;
    double capacity = change[0].capacity;
    for (size_t i = 0; i < n; i++) {
        flow[i].finish_s = flow[i].duration_s = INFINITY;
    }
    for (;;) {
        const real change_s = i_change < n_changes ? change[i_change].time_s : INFINITY;
        const real next = next_time(&s, now, change_s);
        if (next > REAL_MOST) {
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
        fill(flow, s.active, n, capacity, s.rate);
    }
    free(s.left);
    free(s.rate);
    free(s.active);
    free(s.over);
}

#ifdef REFERENCE_IS_QUAD
void reference_run_quad(struct reference_flow *flow, size_t n,
                        const struct reference_capacity *change, size_t n_changes)
{
    run(flow, n, change, n_changes);
}
#else
void reference_run(struct reference_flow *flow, size_t n, const struct reference_capacity *change,
                   size_t n_changes)
{
    run(flow, n, change, n_changes);
}

void reference_rates(const struct reference_flow *flow, const int *active, size_t n,
                     double capacity, long double *rate)
{
    fill(flow, active, n, capacity, rate);
}
#endif
