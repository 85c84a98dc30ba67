/* Sharing by two queues of classes, the capped and the sharing ones, and a border that moves. */
#include "sim/base/minmax.h"
#include "sim/res/fluid_internal.h"

#include <math.h>

/* ---- Queues of classes ---- */

static enum sim_err reserve(struct class_queue *q, uint32_t n_classes)
{
    const uint32_t least_dead =
        16; /* and half as many as there are classes: they are dropped seldom */
    const uint32_t capacity = n_classes + n_classes / 2 + least_dead;
    if (capacity <= q->capacity) {
        return SIM_OK;
    }
    if (q->queue == NULL && (q->queue = pile_queue_create()) == NULL) {
        return SIM_ENOMEM;
    }
    const enum sim_err err = pile_queue_reserve(q->queue, capacity - q->n);
    q->capacity = err == SIM_OK ? capacity : q->capacity;
    return err;
}

enum sim_err groups_reserve(struct sim_fluid *f)
{
    const enum sim_err err = reserve(&f->capped, f->n_classes);
    return err == SIM_OK ? reserve(&f->sharing, f->n_classes) : err;
}

static bool is_alive(const void *fluid, struct sim_heap_entry e)
{
    return !class_queue_is_dead(fluid, e);
}

static bool has_entry(const struct class *c)
{
    return (c->heap.tag & 1) != 0;
}

static struct class_queue *queue_of(struct sim_fluid *f, const struct class *c)
{
    return c->shares ? &f->sharing : &f->capped;
}

/* The class leaves its queue; its entry dies. */
static void leave_queue(struct class_queue *q, struct class *c)
{
    c->heap.tag++;
    q->n_dead++;
}

static uint64_t entry_tie(const struct class *c, uint32_t id)
{
    return (uint64_t)id << 32 | c->heap.tag;
}

/* The entry of a class that has none. */
static struct sim_heap_entry new_entry(const struct sim_fluid *f, uint32_t id)
{
    struct class *const c = &f->class[id];
    SIM_ASSERT(!has_entry(c));
    c->heap.tag++;
    const double end = sim_max(groups_first_end(f, c), 0); /* rounding may put it below */
    return (struct sim_heap_entry){entry_tie(c, id), sim_heap_bits(end)};
}

/* Puts a class into the queue where it belongs, or gives it another time there. */
static void update_time(struct sim_fluid *f, uint32_t id)
{
    struct class *const c = &f->class[id];
    struct class_queue *const q = queue_of(f, c);
    if (has_entry(c)) {
        leave_queue(q, c);
    }
    if (q->n == q->capacity) {
        q->n = pile_queue_filter(q->queue, is_alive, f);
        q->n_dead = 0;
    }
    pile_queue_put(q->queue, new_entry(f, id));
    q->n++;
}

/* Brings who is alive to the front, if anybody is. */
static void drop_dead_first(const struct sim_fluid *f, struct class_queue *q)
{
    while (q->n_dead > 0 && !is_alive(f, class_queue_first(q))) {
        pile_queue_drop_first(q->queue);
        q->n--;
        q->n_dead--;
    }
}

/* ---- Changes ---- */

void groups_class_changed(struct sim_fluid *f, uint32_t id, int64_t more, bool first_changed)
{
    struct class *const c = &f->class[id];
    groups_count_rate(f, c, more);
    if (c->n == 0) {
        leave_queue(queue_of(f, c), c);
    } else if (first_changed) {
        update_time(f, id);
    }
}

/* ---- The border between capped and sharing classes ---- */

static void cross(struct sim_fluid *f, uint32_t id)
{
    struct class *const c = &f->class[id];
    leave_queue(queue_of(f, c), c);
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

struct fluid_end groups_next_end(struct sim_fluid *f)
{
    struct fluid_end next = {INFINITY, 0};
    drop_dead_first(f, &f->capped);
    drop_dead_first(f, &f->sharing);
    if (f->capped.n > 0) {
        const struct sim_heap_entry e = class_queue_first(&f->capped);
        next = (struct fluid_end){sim_heap_bits_value(e.key), class_queue_class(e)};
        fluid_fetch_classes(f, &f->capped);
    }
    if (f->sharing.n > 0) {
        const struct sim_heap_entry e = class_queue_first(&f->sharing);
        const double time_s = groups_time_s(f, sim_heap_bits_value(e.key));
        fluid_fetch_classes(f, &f->sharing);
        if (time_s < next.time_s) {
            next = (struct fluid_end){time_s, class_queue_class(e)};
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

/* Nobody is kept: who is alive has no entry any more. */
static bool drop(const void *fluid, struct sim_heap_entry e)
{
    const struct sim_fluid *const f = fluid;
    if (is_alive(f, e)) {
        f->class[class_queue_class(e)].heap.tag++;
    }
    return false;
}

static void empty(struct sim_fluid *f, struct class_queue *q)
{
    if (q->queue != NULL) {
        q->n = pile_queue_filter(q->queue, drop, f);
        q->n_dead = 0;
    }
}

void groups_leave(struct sim_fluid *f)
{
    empty(f, &f->capped);
    empty(f, &f->sharing);
}
