#include "sim/res/fluid_kinetic.h"

#include "sim/base/assert.h"
#include "sim/base/minmax.h"

#include <math.h>
#include <stdlib.h>

/* The least of left / rate below a node, and by how much it falls per unit of the other service. */
struct line {
    double value, slope;
};

struct kinetic_node {
    struct line capped;   /* left / cap in s; slope: weight / cap, per unit of virtual service */
    struct line sharing;  /* left / weight; slope: cap / weight, per second */
    double capped_until;  /* virtual service after which another leaf may be first in `capped` */
    double sharing_until; /* time after which another may be first in `sharing` */
    double time_s;        /* applied here and not yet to the children; at a leaf: its clocks */
    double virtual_service;
    int64_t rate;       /* sum of caps over flows */
    int64_t weight;     /* sum of weights over flows */
    uint32_t n_classes; /* with flows */
};

static const struct kinetic_node empty_node = {
    .capped = {INFINITY, 0},
    .sharing = {INFINITY, 0},
    .capped_until = INFINITY,
    .sharing_until = INFINITY,
};

enum sim_err fluid_kinetic_reset(struct fluid_kinetic *k, uint32_t n)
{
    struct fluid_kinetic fresh = {.n_ranks = n, .n_leaves = 1};
    while (fresh.n_leaves < n) {
        fresh.n_leaves *= 2;
    }
    fresh.kind = calloc(n, sizeof *fresh.kind);
    fresh.node = reallocarray(NULL, 2 * (size_t)fresh.n_leaves, sizeof *fresh.node);
    if (fresh.kind == NULL || fresh.node == NULL) {
        fluid_kinetic_fini(&fresh);
        return SIM_ENOMEM;
    }
    for (uint32_t x = 0; x < 2 * fresh.n_leaves; x++) {
        fresh.node[x] = empty_node;
    }
    fluid_kinetic_fini(k);
    *k = fresh;
    return SIM_OK;
}

void fluid_kinetic_fini(struct fluid_kinetic *k)
{
    free(k->node);
    free(k->kind);
    *k = (struct fluid_kinetic){0};
}

/* ---- Nodes ---- */

static void shift(struct kinetic_node *p, double time_s, double virtual_service)
{
    if (p->n_classes > 0) {
        p->capped.value -= time_s + p->capped.slope * virtual_service;
        p->sharing.value -= virtual_service + p->sharing.slope * time_s;
        p->capped_until -= virtual_service;
        p->sharing_until -= time_s;
        p->time_s += time_s;
        p->virtual_service += virtual_service;
    }
}

static void push_down(struct fluid_kinetic *k, uint32_t x)
{
    struct kinetic_node *const p = &k->node[x];
    if (p->time_s != 0 || p->virtual_service != 0) {
        shift(&k->node[2 * (size_t)x], p->time_s, p->virtual_service);
        shift(&k->node[2 * x + 1], p->time_s, p->virtual_service);
        p->time_s = p->virtual_service = 0;
    }
}

/* The lower of two lines, and how far it stays that: until the other, if it falls faster, meets it. */
static struct line lower(struct line a, struct line b, double *until)
{
    const bool a_is_first = a.value <= b.value;
    const struct line first = a_is_first ? a : b;
    const struct line second = a_is_first ? b : a;
    if (second.slope > first.slope && second.value < INFINITY) {
        *until = sim_min(*until, (second.value - first.value) / (second.slope - first.slope));
    }
    return first;
}

static void pull_up(struct fluid_kinetic *k, uint32_t x)
{
    struct kinetic_node *const p = &k->node[x];
    const struct kinetic_node *const l = &k->node[2 * (size_t)x];
    const struct kinetic_node *const r = &k->node[2 * x + 1];
    p->capped_until = sim_min(l->capped_until, r->capped_until);
    p->sharing_until = sim_min(l->sharing_until, r->sharing_until);
    p->capped = lower(l->capped, r->capped, &p->capped_until);
    p->sharing = lower(l->sharing, r->sharing, &p->sharing_until);
    p->rate = l->rate + r->rate;
    p->weight = l->weight + r->weight;
    p->n_classes = l->n_classes + r->n_classes;
    p->time_s = p->virtual_service = 0;
}

static void pull_up_to_root(struct fluid_kinetic *k, uint32_t x)
{
    for (; x > 0; x /= 2) {
        pull_up(k, x);
    }
}

/* ---- Leaves ---- */

void fluid_kinetic_place(struct fluid_kinetic *k, uint32_t rank, uint32_t n, double left)
{
    SIM_ASSERT(rank < k->n_ranks);
    struct kinetic_node *const leaf = &k->node[k->n_leaves + rank];
    const struct fluid_kind kind = k->kind[rank];
    if (n == 0) {
        *leaf = empty_node;
        return;
    }
    leaf->n_classes = 1;
    leaf->rate = kind.cap * n;
    leaf->weight = kind.weight * n;
    leaf->sharing =
        (struct line){left / (double)kind.weight, (double)kind.cap / (double)kind.weight};
    if (kind.cap > 0) {
        leaf->capped =
            (struct line){left / (double)kind.cap, (double)kind.weight / (double)kind.cap};
    }
}

void fluid_kinetic_build(struct fluid_kinetic *k)
{
    for (uint32_t x = k->n_leaves - 1; x > 0; x--) {
        pull_up(k, x);
    }
}

void fluid_kinetic_put(struct fluid_kinetic *k, uint32_t rank, uint32_t n, double left)
{
    const uint32_t leaf = k->n_leaves + rank;
    for (uint32_t half = k->n_leaves; half > 1; half /= 2) {
        push_down(k, leaf / half);
    }
    fluid_kinetic_place(k, rank, n, left);
    pull_up_to_root(k, leaf / 2);
}

double fluid_kinetic_service(const struct fluid_kinetic *k, uint32_t rank)
{
    const struct fluid_kind kind = k->kind[rank];
    double time_s = 0;
    double virtual_service = 0;
    if (k->node[k->n_leaves + rank].n_classes == 0) {
        return 0;
    }
    for (uint32_t x = k->n_leaves + rank; x > 0; x /= 2) {
        time_s += k->node[x].time_s;
        virtual_service += k->node[x].virtual_service;
    }
    return (double)kind.cap * time_s + (double)kind.weight * virtual_service;
}

/* ---- Service ---- */

/* Serves all leaves below x; one of the two amounts is 0. */
static void serve(struct fluid_kinetic *k, uint32_t x, double time_s, double virtual_service)
{
    struct kinetic_node *const p = &k->node[x];
    if (p->n_classes > 0 && (time_s > p->sharing_until || virtual_service > p->capped_until)) {
        push_down(k, x);
        serve(k, 2 * x, time_s, virtual_service);
        serve(k, 2 * x + 1, time_s, virtual_service);
        pull_up(k, x);
    } else {
        shift(p, time_s, virtual_service);
    }
}

void fluid_kinetic_advance(struct fluid_kinetic *k, uint32_t border, double time_s,
                           double virtual_service)
{
    uint32_t x = 1;
    uint32_t low = 0;
    if (border == 0 || border >= k->n_leaves) {
        serve(k, 1, border == 0 ? 0 : time_s, border == 0 ? virtual_service : 0);
        return;
    }
    for (uint32_t half = k->n_leaves / 2;; half /= 2) {
        push_down(k, x);
        if (border == low + half) {
            break;
        }
        if (border > low + half) {
            serve(k, 2 * x, time_s, 0);
            x = 2 * x + 1;
            low += half;
        } else {
            serve(k, 2 * x + 1, 0, virtual_service);
            x = 2 * x;
        }
    }
    serve(k, 2 * x, time_s, 0);
    serve(k, 2 * x + 1, 0, virtual_service);
    pull_up_to_root(k, x);
}

/* ---- The border, and the first to end ---- */

static bool fits_at(const struct fluid_kinetic *k, uint32_t rank, int64_t left, int64_t weight)
{
    return rank < k->n_ranks && fluid_kind_fits(k->kind[rank], left, weight);
}

static void count_capped(struct fluid_border *b, const struct kinetic_node *p, uint32_t n_leaves)
{
    b->border += n_leaves;
    b->capped_rate += p->rate;
    b->n_capped += p->n_classes;
}

/* Goes right where the first class of the right half would be capped, for then all of the left are. */
struct fluid_border fluid_kinetic_border(const struct fluid_kinetic *k, int64_t capacity)
{
    struct fluid_border b = {0};
    uint32_t x = 1;
    for (uint32_t half = k->n_leaves / 2; half > 0; half /= 2) {
        const struct kinetic_node *const l = &k->node[2 * (size_t)x];
        const struct kinetic_node *const r = l + 1;
        if (fits_at(k, b.border + half, capacity - b.capped_rate - l->rate,
                    b.sharing_weight + r->weight)) {
            count_capped(&b, l, half);
            x = 2 * x + 1;
        } else {
            b.sharing_weight += r->weight;
            x = 2 * x;
        }
    }
    const struct kinetic_node *const leaf = &k->node[x];
    if (fits_at(k, b.border, capacity - b.capped_rate, b.sharing_weight + leaf->weight)) {
        count_capped(&b, leaf, 1);
    } else {
        b.sharing_weight += leaf->weight;
    }
    return b;
}

struct candidate {
    double value; /* s if capped, else virtual service */
    double after_s;
    uint32_t x;
    bool is_capped;
};

static void offer(const struct fluid_kinetic *k, struct candidate *best, uint32_t x, bool is_capped,
                  double level)
{
    const double value = is_capped ? k->node[x].capped.value : k->node[x].sharing.value;
    const bool moves = is_capped || level > 0 || value <= 0; /* with nothing to go it ends anyhow */
    const double after_s = !moves ? INFINITY : is_capped || value <= 0 ? value : value / level;
    if (after_s < best->after_s) {
        *best = (struct candidate){value, after_s, x, is_capped};
    }
}

/* The least over the subtrees into which the border cuts the tree. */
static struct candidate best_subtree(struct fluid_kinetic *k, uint32_t border, double level)
{
    struct candidate best = {.after_s = INFINITY};
    uint32_t x = 1;
    uint32_t low = 0;
    if (border == 0 || border >= k->n_leaves) {
        offer(k, &best, 1, border != 0, level);
        return best;
    }
    for (uint32_t half = k->n_leaves / 2;; half /= 2) {
        push_down(k, x);
        if (border >= low + half) {
            offer(k, &best, 2 * x, true, level);
        }
        if (border <= low + half) {
            offer(k, &best, 2 * x + 1, false, level);
        }
        if (border == low + half) {
            return best;
        }
        x = 2 * x + (border > low + half ? 1 : 0);
        low += border > low + half ? half : 0;
    }
}

struct fluid_first fluid_kinetic_first(struct fluid_kinetic *k, uint32_t border, double level)
{
    const struct candidate best = best_subtree(k, border, level);
    uint32_t x = best.x;
    if (best.after_s == INFINITY) {
        return (struct fluid_first){INFINITY, 0};
    }
    while (x < k->n_leaves) {
        push_down(k, x);
        const struct kinetic_node *const l = &k->node[2 * (size_t)x];
        const struct kinetic_node *const r = l + 1;
        const bool is_left = best.is_capped ? l->capped.value <= r->capped.value
                                            : l->sharing.value <= r->sharing.value;
        x = 2 * x + (is_left ? 0 : 1);
    }
    return (struct fluid_first){sim_max(best.after_s, 0), x - k->n_leaves};
}
