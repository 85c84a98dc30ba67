/* Sharing by two heaps of classes, the capped and the sharing ones, and a border that moves. */
#include "sim/base/minmax.h"
#include "sim/res/fluid_internal.h"

#include <math.h>

/* ---- Heaps of classes ---- */

static enum sim_err reserve(struct classheap *h, uint32_t n_classes)
{
    const uint32_t least_dead =
        16; /* and half as many as there are classes: they are dropped seldom */
    const uint32_t capacity = n_classes + n_classes / 2 + least_dead;
    if (capacity <= h->capacity) {
        return SIM_OK;
    }
    const enum sim_err err = sim_heap_entries_resize(&h->entry, h->n, capacity);
    h->capacity = err == SIM_OK ? capacity : h->capacity;
    return err;
}

enum sim_err groups_reserve(struct sim_fluid *f)
{
    const enum sim_err err = reserve(&f->capped, f->n_classes);
    return err == SIM_OK ? reserve(&f->sharing, f->n_classes) : err;
}

static bool is_alive(const void *fluid, struct sim_heap_entry e)
{
    const struct sim_fluid *const f = fluid;
    return f->class[classheap_class(e)].heap.tag == (uint32_t)e.tie;
}

static bool has_entry(const struct class *c)
{
    return (c->heap.tag & 1) != 0;
}

static struct classheap *heap_of(struct sim_fluid *f, const struct class *c)
{
    return c->shares ? &f->sharing : &f->capped;
}

/* The class leaves the heap; its entry dies. */
static void leave_heap(struct classheap *h, struct class *c)
{
    c->heap.tag++;
    h->n_dead++;
}

static uint64_t entry_tie(const struct class *c, uint32_t id)
{
    return (uint64_t)id << 32 | c->heap.tag;
}

/* The new entry of a class; that before, if there is one, is dead. */
static struct sim_heap_entry new_entry(const struct sim_fluid *f, uint32_t id)
{
    struct class *const c = &f->class[id];
    c->heap.tag += has_entry(c) ? 2 : 1;
    return (struct sim_heap_entry){entry_tie(c, id), sim_heap_key(groups_first_end(f, c))};
}

/* Puts a class into the heap where it belongs, or gives it another time there. */
static void update_time(struct sim_fluid *f, uint32_t id)
{
    struct class *const c = &f->class[id];
    struct classheap *const h = heap_of(f, c);
    if (has_entry(c) && h->entry[0].tie == entry_tie(c, id)) {
        sim_heap_entries_down(h->entry, h->n, 0, new_entry(f, id), true);
        return;
    }
    if (has_entry(c)) {
        leave_heap(h, c);
    }
    if (h->n == h->capacity) {
        h->n = sim_heap_entries_filter(h->entry, h->n, is_alive, f);
        h->n_dead = 0;
    }
    sim_heap_entries_put(h->entry, &h->n, new_entry(f, id));
}

/* Brings who is alive to the root, if anybody is. */
static void drop_dead_first(const struct sim_fluid *f, struct classheap *h)
{
    while (h->n_dead > 0 && !is_alive(f, h->entry[0])) {
        (void)sim_heap_entries_take(h->entry, &h->n);
        h->n_dead--;
    }
}

/* ---- Changes ---- */

void groups_class_changed(struct sim_fluid *f, uint32_t id, int64_t more, bool first_changed)
{
    struct class *const c = &f->class[id];
    groups_count_rate(f, c, more);
    if (c->n == 0) {
        leave_heap(heap_of(f, c), c);
    } else if (first_changed) {
        update_time(f, id);
    }
}

/* ---- The border between capped and sharing classes ---- */

static void cross(struct sim_fluid *f, uint32_t id)
{
    struct class *const c = &f->class[id];
    leave_heap(heap_of(f, c), c);
    groups_change_side(f, c);
    update_time(f, id);
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
static void fetch_ahead(const struct sim_fluid *f, const struct classheap *h)
{
    const struct class *const next = &f->class[classheap_class(h->entry[0])];
    __builtin_prefetch(flow_at(&f->flows, next->heap.first));
    for (uint32_t i = 1; i <= 4 && i < h->n; i++) {
        __builtin_prefetch(&f->class[classheap_class(h->entry[i])]);
    }
}

struct fluid_end groups_next_end(struct sim_fluid *f)
{
    struct fluid_end next = {INFINITY, 0};
    drop_dead_first(f, &f->capped);
    drop_dead_first(f, &f->sharing);
    if (f->capped.n > 0) {
        const struct sim_heap_entry e = f->capped.entry[0];
        next = (struct fluid_end){sim_heap_key_value(e.key), classheap_class(e)};
        fetch_ahead(f, &f->capped);
    }
    if (f->sharing.n > 0) {
        const struct sim_heap_entry e = f->sharing.entry[0];
        const double time_s = groups_time_s(f, sim_heap_key_value(e.key));
        fetch_ahead(f, &f->sharing);
        if (time_s < next.time_s) {
            next = (struct fluid_end){time_s, classheap_class(e)};
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
            update_time(f, id);
        }
    }
}

static void empty(struct sim_fluid *f, struct classheap *h)
{
    for (uint32_t i = 0; i < h->n; i++) {
        if (is_alive(f, h->entry[i])) {
            f->class[classheap_class(h->entry[i])].heap.tag++;
        }
        h->entry[i] = sim_heap_unused;
    }
    h->n = h->n_dead = 0;
}

void groups_leave(struct sim_fluid *f)
{
    empty(f, &f->capped);
    empty(f, &f->sharing);
}
