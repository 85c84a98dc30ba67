#include "sim/base/pile_queue.h"

#include "sim/base/sort.h"

#include <stdlib.h>

struct pile_queue *pile_queue_create(void)
{
    struct pile_queue *const q = malloc(sizeof *q);
    if (q != NULL) {
        q->horizon = sim_heap_unused;
        q->first = q->end = 0;
        q->far = (struct piles){0};
    }
    return q;
}

void pile_queue_destroy(struct pile_queue *q)
{
    if (q != NULL) {
        piles_fini(&q->far);
        free(q);
    }
}

/* As many as fit a run need no piles; else all of the run may be put on one. */
enum sim_err pile_queue_reserve(struct pile_queue *q, uint32_t n)
{
    const uint32_t n_run = pile_queue_n_run(q);
    return q->far.n_blocks == 0 && n_run + n <= PILE_QUEUE_RUN ? SIM_OK
                                                               : piles_reserve(&q->far, n_run + n);
}

/* The next run, if this one is empty. */
static void load(struct pile_queue *q)
{
    while (pile_queue_is_empty(q) && q->far.n_piles > 0) {
        struct sim_heap_entry taken[PILE_QUEUE_RUN];
        const uint32_t n = piles_take(&q->far, PILE_QUEUE_RUN, taken);
        sort_entries(taken, n, q->run);
        q->first = 0;
        q->end = n;
        q->horizon = q->far.n_piles > 0 ? q->far.least[q->far.n_piles - 1] : sim_heap_unused;
    }
}

void pile_queue_drop_first(struct pile_queue *q)
{
    if (++q->first == q->end) {
        load(q);
    }
}

/* A place behind the end of the run: those in it move to its front, or their later half onto a pile. */
static void make_place(struct pile_queue *q)
{
    memmove(q->run, q->run + q->first, pile_queue_n_run(q) * sizeof *q->run);
    q->end -= q->first;
    q->first = 0;
    if (q->end == PILE_QUEUE_RUN) {
        q->horizon = q->run[PILE_QUEUE_RUN / 2];
        q->end = piles_begin(&q->far, q->horizon, q->run, q->end);
    }
}

static void put_in_run(struct pile_queue *q, struct sim_heap_entry e)
{
    uint32_t i = q->end++;
    for (; i > q->first && sim_heap_before(e, q->run[i - 1]); i--) {
        q->run[i] = q->run[i - 1];
    }
    q->run[i] = e;
}

void pile_queue_put(struct pile_queue *q, struct sim_heap_entry e)
{
    if (q->end == PILE_QUEUE_RUN && sim_heap_before(e, q->horizon)) {
        make_place(q);
    }
    if (sim_heap_before(e, q->horizon)) {
        put_in_run(q, e);
    } else {
        piles_put(&q->far, e);
    }
}

uint32_t pile_queue_filter(struct pile_queue *q, piles_keep_fn *keep, const void *self)
{
    uint32_t end = q->first;
    for (uint32_t i = q->first; i < q->end; i++) {
        q->run[end] = q->run[i];
        end += keep(self, q->run[i]) ? 1 : 0;
    }
    q->end = end;
    piles_filter(&q->far, keep, self);
    load(q);
    return pile_queue_n_run(q) + q->far.n;
}
