#include "bench/floor/sharing.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Flows by cap: rank[i] of flow i, by_rank the other way; an uncapped flow has an infinite cap. */
struct order {
    const struct bench_load *load;
    double *cap;
    uint32_t *rank, *by_rank;
};

struct by_cap {
    double cap;
    uint32_t flow;
};

static int compare_caps(const void *a, const void *b)
{
    const struct by_cap *const x = a;
    const struct by_cap *const y = b;
    return x->cap != y->cap ? (x->cap > y->cap) - (x->cap < y->cap)
                            : (x->flow > y->flow) - (x->flow < y->flow);
}

static void *must_calloc(size_t n, size_t byte)
{
    void *const p = calloc(n, byte);
    if (p == NULL) {
        abort();
    }
    return p;
}

static struct order sort_by_cap(const struct bench_load *load)
{
    struct order o = {load, must_calloc(load->n, sizeof *o.cap),
                      must_calloc(load->n, sizeof *o.rank),
                      must_calloc(load->n, sizeof *o.by_rank)};
    struct by_cap *const sorted = must_calloc(load->n, sizeof *sorted);
    for (uint32_t i = 0; i < load->n; i++) {
        const uint64_t cap = load->flow[i].cap_bit_per_s;
        o.cap[i] = cap == 0 ? INFINITY : (double)cap;
        sorted[i] = (struct by_cap){o.cap[i], i};
    }
    qsort(sorted, load->n, sizeof *sorted, compare_caps);
    for (uint32_t r = 0; r < load->n; r++) {
        o.by_rank[r] = sorted[r].flow;
        o.rank[sorted[r].flow] = r;
    }
    free(sorted);
    return o;
}

static void order_fini(struct order *o)
{
    free(o->cap);
    free(o->rank);
    free(o->by_rank);
}

/* ---- A binary heap of flows with the place of each ---- */

struct entry {
    double key;
    uint32_t flow;
};

struct heap {
    struct entry *at;
    uint32_t *place; /* shared by both heaps: a flow is in one at a time */
    uint32_t n;
};

static void put(struct heap *h, uint32_t i, struct entry e)
{
    h->at[i] = e;
    h->place[e.flow] = i;
}

static void sift_up(struct heap *h, uint32_t i, struct entry e)
{
    for (; i > 0 && e.key < h->at[(i - 1) / 2].key; i = (i - 1) / 2) {
        put(h, i, h->at[(i - 1) / 2]);
    }
    put(h, i, e);
}

static void push(struct heap *h, double key, uint32_t flow)
{
    sift_up(h, h->n++, (struct entry){key, flow});
}

static void take(struct heap *h, uint32_t flow)
{
    uint32_t i = h->place[flow];
    const struct entry e = h->at[--h->n];
    if (i == h->n) {
        return;
    }
    for (uint32_t child = 2 * i + 1; child < h->n; child = 2 * i + 1) {
        child += child + 1 < h->n && h->at[child + 1].key < h->at[child].key ? 1 : 0;
        if (e.key <= h->at[child].key) {
            break;
        }
        put(h, i, h->at[child]);
        i = child;
    }
    sift_up(h, i, e);
}

/* ---- Two sets ---- */

struct sets {
    struct order order;
    struct heap capped, sharing;
    uint64_t *present; /* a bit a rank */
    uint32_t border;   /* lower ranks are capped */
    double capacity, capped_rate;
    double now_s, virtual_time;
};

static double level(const struct sets *s)
{
    return (s->capacity - s->capped_rate) / s->sharing.n;
}

static void advance(struct sets *s, double now_s)
{
    s->virtual_time += s->sharing.n > 0 ? level(s) * (now_s - s->now_s) : 0;
    s->now_s = now_s;
}

/* The next present rank >= r, or the number of ranks. */
static uint32_t next_rank(const struct sets *s, uint32_t r)
{
    const uint32_t n = s->order.load->n;
    uint32_t word = r / 64;
    uint64_t rest = r < n ? s->present[word] >> (r % 64) << (r % 64) : 0;
    while (rest == 0 && ++word <= (n - 1) / 64) {
        rest = s->present[word];
    }
    return rest == 0 ? n : 64 * word + (uint32_t)__builtin_ctzll(rest);
}

/* The present rank next below r, or the number of ranks. */
static uint32_t previous_rank(const struct sets *s, uint32_t r)
{
    uint32_t word = r / 64;
    uint64_t rest = r % 64 != 0 ? s->present[word] << (64 - r % 64) >> (64 - r % 64) : 0;
    while (rest == 0 && word > 0) {
        rest = s->present[--word];
    }
    return rest == 0 ? s->order.load->n : 64 * word + 63 - (uint32_t)__builtin_clzll(rest);
}

static bool fits(const struct sets *s, uint32_t flow)
{
    return s->order.cap[flow] * s->sharing.n <= s->capacity - s->capped_rate;
}

static void become_capped(struct sets *s, uint32_t flow)
{
    const double left = s->sharing.at[s->sharing.place[flow]].key - s->virtual_time;
    take(&s->sharing, flow);
    push(&s->capped, s->now_s + left / s->order.cap[flow], flow);
    s->capped_rate += s->order.cap[flow];
}

static void become_sharing(struct sets *s, uint32_t flow)
{
    const double left = (s->capped.at[s->capped.place[flow]].key - s->now_s) * s->order.cap[flow];
    take(&s->capped, flow);
    push(&s->sharing, s->virtual_time + left, flow);
    s->capped_rate -= s->order.cap[flow];
}

static void settle(struct sets *s)
{
    const uint32_t n = s->order.load->n;
    for (;;) {
        const uint32_t above = next_rank(s, s->border);
        if (above < n && fits(s, s->order.by_rank[above])) {
            become_capped(s, s->order.by_rank[above]);
            s->border = above + 1;
            continue;
        }
        const uint32_t below = previous_rank(s, s->border);
        if (below < n && !fits(s, s->order.by_rank[below])) {
            become_sharing(s, s->order.by_rank[below]);
            s->border = below;
            continue;
        }
        break;
    }
}

static void start(struct sets *s, uint32_t flow)
{
    const uint32_t r = s->order.rank[flow];
    const double amount = s->order.load->flow[flow].amount_bit;
    s->present[r / 64] |= UINT64_C(1) << (r % 64);
    if (r < s->border && s->order.cap[flow] < INFINITY) {
        push(&s->capped, s->now_s + amount / s->order.cap[flow], flow);
        s->capped_rate += s->order.cap[flow];
    } else {
        push(&s->sharing, s->virtual_time + amount, flow);
        s->border = r < s->border ? r : s->border;
    }
}

static void end(struct sets *s, uint32_t flow)
{
    const uint32_t r = s->order.rank[flow];
    s->present[r / 64] &= ~(UINT64_C(1) << (r % 64));
    if (r < s->border) {
        take(&s->capped, flow);
        s->capped_rate -= s->order.cap[flow];
    } else {
        take(&s->sharing, flow);
    }
}

static struct entry next_end(const struct sets *s)
{
    struct entry next = {INFINITY, 0};
    if (s->capped.n > 0) {
        next = s->capped.at[0];
    }
    if (s->sharing.n > 0) {
        const double time_s = s->now_s + (s->sharing.at[0].key - s->virtual_time) / level(s);
        next = time_s < next.key ? (struct entry){time_s, s->sharing.at[0].flow} : next;
    }
    next.key = fmax(next.key, s->now_s);
    return next;
}

void floor_two_sets(struct bench_load *load)
{
    const uint32_t n = load->n;
    uint32_t *const place = must_calloc(n, sizeof *place);
    struct sets s = {.order = sort_by_cap(load),
                     .capped = {must_calloc(n, sizeof(struct entry)), place, 0},
                     .sharing = {must_calloc(n, sizeof(struct entry)), place, 0},
                     .present = must_calloc((n + 63) / 64, sizeof *s.present),
                     .border = n,
                     .capacity = (double)load->capacity_bit_per_s};
    for (uint32_t n_started = 0, n_ended = 0; n_ended < n;) {
        const struct entry next = next_end(&s);
        if (n_started < n && load->flow[n_started].start_s <= next.key) {
            advance(&s, load->flow[n_started].start_s);
            start(&s, n_started++);
        } else {
            advance(&s, next.key);
            end(&s, next.flow);
            load->flow[next.flow].finish_s = next.key;
            n_ended++;
        }
        settle(&s);
    }
    free(place);
    free(s.capped.at);
    free(s.sharing.at);
    free(s.present);
    order_fini(&s.order);
}

/* ---- Everything anew ---- */

struct active {
    double cap, left, rate;
    uint32_t flow, rank;
};

static void fill_rates(struct active *a, uint32_t n, double capacity)
{
    double left = capacity;
    for (uint32_t k = 0; k < n; k++) { /* by cap, the lowest first */
        a[k].rate = fmin(a[k].cap, left / (n - k));
        left -= a[k].rate;
    }
}

void floor_recompute(struct bench_load *load)
{
    struct order o = sort_by_cap(load);
    struct active *const a = must_calloc(load->n, sizeof *a);
    double now_s = 0;
    uint32_t n = 0;
    for (uint32_t n_started = 0, n_ended = 0; n_ended < load->n;) {
        double next_s = INFINITY;
        uint32_t first = 0;
        for (uint32_t k = 0; k < n; k++) {
            const double end_s = now_s + a[k].left / a[k].rate;
            first = end_s < next_s ? k : first;
            next_s = fmin(next_s, end_s);
        }
        const bool starts = n_started < load->n && load->flow[n_started].start_s <= next_s;
        next_s = starts ? load->flow[n_started].start_s : next_s;
        for (uint32_t k = 0; k < n; k++) {
            a[k].left -= a[k].rate * (next_s - now_s);
        }
        now_s = next_s;
        if (starts) {
            const struct active fresh = {o.cap[n_started], load->flow[n_started].amount_bit, 0,
                                         n_started, o.rank[n_started]};
            uint32_t k = n++;
            for (; k > 0 && a[k - 1].rank > fresh.rank; k--) {
                a[k] = a[k - 1];
            }
            a[k] = fresh;
            n_started++;
        } else {
            load->flow[a[first].flow].finish_s = now_s;
            memmove(a + first, a + first + 1, (--n - first) * sizeof *a);
            n_ended++;
        }
        fill_rates(a, n, (double)load->capacity_bit_per_s);
    }
    free(a);
    order_fini(&o);
}
