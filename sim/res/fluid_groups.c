/* Sharing by two heaps of classes, the capped and the sharing ones, and a border that moves. */
#include "sim/base/minmax.h"
#include "sim/res/fluid_internal.h"

#include <math.h>

static struct sim_heap *heap_of(struct sim_fluid *f, const struct class *c)
{
    return c->shares ? &f->sharing : &f->capped;
}

/* Puts a class into the heap where it belongs, or corrects its key there. */
static void update_key(struct sim_fluid *f, uint32_t id)
{
    const struct class *const c = &f->class[id];
    struct sim_heap *const heap = heap_of(f, c);
    const uint64_t key = sim_heap_key(groups_first_end(f, c));
    if (sim_heap_contains(heap, id)) {
        sim_heap_change(heap, key, id);
    } else {
        sim_heap_push(heap, key, id);
    }
}

void groups_class_changed(struct sim_fluid *f, uint32_t id, int64_t more, bool first_changed)
{
    const struct class *const c = &f->class[id];
    groups_count_rate(f, c, more);
    if (c->n == 0) {
        sim_heap_remove(heap_of(f, c), id);
    } else if (first_changed) {
        update_key(f, id);
    }
}

/* ---- The border between capped and sharing classes ---- */

static void cross(struct sim_fluid *f, uint32_t id)
{
    struct class *const c = &f->class[id];
    sim_heap_remove(heap_of(f, c), id);
    groups_change_side(f, c);
    update_key(f, id);
}

static uint32_t rank_from(const struct sim_fluid *f, uint32_t rank)
{
    return rankset_from(&f->present, rank);
}

static uint32_t rank_before(const struct sim_fluid *f, uint32_t rank)
{
    return rankset_before(&f->present, rank);
}

uint32_t groups_settle(struct sim_fluid *f, struct level_change may)
{
    return groups_move_border(f, may, rank_from, rank_before, cross);
}

/* Many flows do not fit a cache, and the next to end is anywhere among them. So it is asked from
 * memory as soon as it is known, and the classes of those that may follow it, the children of the
 * root, an event before that. Takes a fifth off the time at 1e6 flows. */
static void fetch_ahead(const struct sim_fluid *f, const struct sim_heap *h)
{
    const struct class *const next = &f->class[sim_heap_slot(sim_heap_min(h))];
    __builtin_prefetch(flow_at(&f->flows, next->heap.first));
    for (uint32_t i = 1; i <= 4 && i < h->n; i++) {
        __builtin_prefetch(&f->class[sim_heap_slot(h->entries[i])]);
    }
}

struct fluid_end groups_next_end(const struct sim_fluid *f)
{
    struct fluid_end next = {INFINITY, 0};
    if (f->capped.n > 0) {
        const struct sim_heap_entry e = sim_heap_min(&f->capped);
        next = (struct fluid_end){sim_heap_key_value(e.key), sim_heap_slot(e)};
        fetch_ahead(f, &f->capped);
    }
    if (f->sharing.n > 0) {
        const struct sim_heap_entry e = sim_heap_min(&f->sharing);
        const double time_s = groups_time_s(f, sim_heap_key_value(e.key));
        fetch_ahead(f, &f->sharing);
        if (time_s < next.time_s) {
            next = (struct fluid_end){time_s, sim_heap_slot(e)};
        }
    }
    next.time_s = sim_max(next.time_s, f->last_s); /* rounding may put it a digit into the past */
    return next;
}

/* ---- The change of solvers ---- */

void groups_take_over(struct sim_fluid *f)
{
    for (uint32_t id = 0; id < f->n_classes; id++) {
        if (f->class[id].n > 0) {
            update_key(f, id);
        }
    }
}

static void empty_heap(struct sim_heap *h)
{
    while (h->n > 0) {
        sim_heap_remove(h, sim_heap_slot(h->entries[h->n - 1]));
    }
}

void groups_leave(struct sim_fluid *f)
{
    empty_heap(&f->capped);
    empty_heap(&f->sharing);
}
