/* The order of the classes of a shared resource by cap / weight. */
#include "sim/res/fluid_internal.h"

#include <stdlib.h>

__extension__ typedef __int128 wide;

/* cap 2^24 / weight, rounded down, sorts all but classes that are nearly equal; caps are below 2^39.
 * Uncapped ones come last. */
struct ranked {
    uint64_t key;
    int64_t cap;
    uint32_t weight;
    uint32_t id;
};

enum { DIGIT_BITS = 8, DIGITS = 1 << DIGIT_BITS, N_DIGITS = 64 / DIGIT_BITS, FRACTION_BITS = 24 };

static uint64_t key_of(const struct class *c)
{
    return c->cap == 0 ? UINT64_MAX : ((uint64_t)c->cap << FRACTION_BITS) / c->weight;
}

static uint32_t digit(uint64_t key, int i)
{
    return (uint32_t)(key >> (DIGIT_BITS * i)) & (DIGITS - 1);
}

/* One pass of a radix sort, least digit first; false if all have the same digit: nothing to do. */
static bool sort_by_digit(const struct ranked *from, struct ranked *to, uint32_t n, int i)
{
    uint32_t place[DIGITS] = {0};
    uint32_t before = 0;
    for (uint32_t k = 0; k < n; k++) {
        place[digit(from[k].key, i)]++;
    }
    if (place[digit(from[0].key, i)] == n) {
        return false;
    }
    for (int d = 0; d < DIGITS; d++) {
        const uint32_t count = place[d];
        place[d] = before;
        before += count;
    }
    for (uint32_t k = 0; k < n; k++) {
        to[place[digit(from[k].key, i)]++] = from[k];
    }
    return true;
}

/* By the fraction itself, then by id. */
static int compare_exactly(const void *a, const void *b)
{
    const struct ranked *const x = a;
    const struct ranked *const y = b;
    const wide left = (wide)x->cap * y->weight;
    const wide right = (wide)y->cap * x->weight;
    return left != right ? (left > right) - (left < right) : (x->id > y->id) - (x->id < y->id);
}

/* Among equal keys the order is that of the ids so far; where fractions differ, it is mended. */
static void sort_nearly_equal(struct ranked *r, uint32_t n)
{
    for (uint32_t first = 0, end = 1; first < n; first = end++) {
        bool is_sorted = true;
        while (end < n && r[end].key == r[first].key) {
            is_sorted = is_sorted && compare_exactly(&r[end - 1], &r[end]) < 0;
            end++;
        }
        if (!is_sorted) {
            qsort(r + first, end - first, sizeof *r, compare_exactly);
        }
    }
}

/* Sorts into either array; the other is room to work. */
static struct ranked *sort(struct ranked *order, struct ranked *other, uint32_t n)
{
    for (int i = 0; i < N_DIGITS; i++) {
        if (sort_by_digit(order, other, n, i)) {
            struct ranked *const swap = order;
            order = other;
            other = swap;
        }
    }
    sort_nearly_equal(order, n);
    return order;
}

/* The border stays where it is: behind the last capped class that has flows. */
static void restore_present(struct sim_fluid *f)
{
    f->border = 0;
    for (uint32_t id = 0; id < f->n_classes; id++) {
        const struct class *const c = &f->class[id];
        if (c->n > 0) {
            rankset_add(&f->present, c->rank);
            f->border = !c->shares && c->rank >= f->border ? c->rank + 1 : f->border;
        }
    }
    if (f->sharing_weight == 0) {
        f->border = f->n_classes;
    }
}

static enum sim_err reserve(struct sim_fluid *f)
{
    enum sim_err err = sim_heap_reserve(&f->capped, f->n_classes);
    if (err == SIM_OK) {
        err = sim_heap_reserve(&f->sharing, f->n_classes);
    }
    uint32_t *const by_rank = reallocarray(f->by_rank, f->n_classes, sizeof *by_rank);
    if (by_rank != NULL) {
        f->by_rank = by_rank;
    }
    return by_rank == NULL ? SIM_ENOMEM : err;
}

enum sim_err fluid_rank_classes(struct sim_fluid *f)
{
    const uint32_t n = f->n_classes;
    struct ranked *const room = reallocarray(NULL, 2 * (size_t)n, sizeof *room);
    enum sim_err err = room == NULL ? SIM_ENOMEM : reserve(f);
    if (err == SIM_OK) {
        err = rankset_reset(&f->present, n);
    }
    if (err != SIM_OK) {
        free(room);
        return err;
    }
    for (uint32_t id = 0; id < n; id++) {
        const struct class *const c = &f->class[id];
        room[id] = (struct ranked){key_of(c), c->cap, c->weight, id};
    }
    const struct ranked *const order = sort(room, room + n, n);
    for (uint32_t rank = 0; rank < n; rank++) {
        f->by_rank[rank] = order[rank].id;
        f->class[order[rank].id].rank = rank;
    }
    free(room);
    restore_present(f);
    f->ranks_are_stale = false;
    return SIM_OK;
}
