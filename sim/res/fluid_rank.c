/* The order of the classes of a shared resource by cap / weight, exactly: a radix sort. */
#include "sim/res/fluid_internal.h"

#include "sim/base/mem.h"

#include <stdlib.h>
#include <string.h>

/* The whole part of cap / weight and 24 bits of its fraction, then 32 bits more. Two fractions whose
 * denominators are at most 2^20 differ by 2^-40 or not at all, so the key is the same only if cap /
 * weight is. Uncapped classes come last. */
struct ranked {
    uint64_t high;
    uint32_t low;
    uint32_t id;
};

enum { DIGIT_BITS = 8, DIGITS = 1 << DIGIT_BITS, LOW_DIGITS = 4, ALL_DIGITS = 12 };

static struct ranked rank_key(const struct class *c, uint32_t id)
{
    if (c->cap == 0) {
        return (struct ranked){UINT64_MAX, UINT32_MAX, id};
    }
    const uint64_t scaled = (uint64_t)c->cap << 24; /* caps are below 2^39 */
    return (struct ranked){scaled / c->weight, (uint32_t)(((scaled % c->weight) << 32) / c->weight),
                           id};
}

static uint32_t digit(struct ranked r, int i)
{
    return (uint32_t)(i < LOW_DIGITS ? r.low >> (DIGIT_BITS * i)
                                     : r.high >> (DIGIT_BITS * (i - LOW_DIGITS))) &
           (DIGITS - 1);
}

/* Sorts by one digit; equal ones stay in their order. */
static void sort_by_digit(const struct ranked *from, struct ranked *to, uint32_t n, int i)
{
    uint32_t place[DIGITS] = {0};
    uint32_t before = 0;
    for (uint32_t k = 0; k < n; k++) {
        place[digit(from[k], i)]++;
    }
    for (int d = 0; d < DIGITS; d++) {
        const uint32_t count = place[d];
        place[d] = before;
        before += count;
    }
    for (uint32_t k = 0; k < n; k++) {
        to[place[digit(from[k], i)]++] = from[k];
    }
}

/* Sorts by the key, then by id, into either array; the other is room to work. */
static const struct ranked *sort(struct ranked *order, struct ranked *other, uint32_t n)
{
    struct ranked differs = {0};
    for (uint32_t k = 0; k < n; k++) {
        differs.high |= order[k].high ^ order[0].high;
        differs.low |= order[k].low ^ order[0].low;
    }
    for (int i = 0; i < ALL_DIGITS; i++) {
        if (digit(differs, i) != 0) {
            sort_by_digit(order, other, n, i);
            struct ranked *const swap = order;
            order = other;
            other = swap;
        }
    }
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

static enum sim_err reserve_ranks(struct sim_fluid *f)
{
    if (f->n_classes <= SCAN_CLASSES) {
        f->by_rank = f->few_ranks; /* classes only become more */
        return SIM_OK;
    }
    uint32_t *const before = f->by_rank == f->few_ranks ? NULL : f->by_rank;
    uint32_t *const by_rank = reallocarray(before, f->n_classes, sizeof *by_rank);
    if (by_rank == NULL) {
        return SIM_ENOMEM;
    }
    if (before == NULL) { /* what stands here stays right if something else fails */
        memcpy(by_rank, f->few_ranks, sizeof f->few_ranks);
    }
    f->by_rank = by_rank;
    sim_prefer_huge_pages(by_rank, f->n_classes * sizeof *by_rank);
    return SIM_OK;
}

enum sim_err fluid_rank_classes(struct sim_fluid *f)
{
    const uint32_t n = f->n_classes;
    struct ranked *const room = reallocarray(NULL, 2 * (size_t)n, sizeof *room);
    enum sim_err err = room == NULL ? SIM_ENOMEM : reserve_ranks(f);
    if (err == SIM_OK) {
        err = rankset_reset(&f->present, n);
    }
    if (err != SIM_OK) {
        free(room);
        return err;
    }
    for (uint32_t id = 0; id < n; id++) {
        room[id] = rank_key(&f->class[id], id);
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
