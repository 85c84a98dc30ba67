/* sim/base/pile_queue.h -- a long queue of entries, the least first, and who comes behind that.
 *
 * The next hundred or so are a sorted run; all others lie on piles (sim/base/piles.h), from which the next run is
 * taken when this one is empty. So an entry costs a store and its share of a few passes over memory, some
 * log8 (n / 127), about what a heap costs that waits for memory on its lower levels; what is gained is that those who
 * come next are known in their order, and the memory can be asked for what they touch: 288,000 devices take 0.92 of
 * the time. Who is put among the run moves those behind him, some 60: meant for queues in which the next
 * are few among many, as downloads by their ends.
 */
#ifndef SIM_BASE_PILE_QUEUE_H
#define SIM_BASE_PILE_QUEUE_H

#include "sim/base/piles.h"

enum { PILE_QUEUE_RUN = 127 };

struct pile_queue {
    struct sim_heap_entry horizon; /* the run is before; the largest entry if there are no piles */
    uint32_t first, end;           /* of the run, which is empty only if all is */
    struct piles far;
    struct sim_heap_entry run[PILE_QUEUE_RUN];
};

/* NULL: no memory. */
struct pile_queue *pile_queue_create(void);
void pile_queue_destroy(struct pile_queue *q); /* NULL allowed */

/* Room for n entries more. SIM_ENOMEM: unchanged. */
SIM_MUST_CHECK enum sim_err pile_queue_reserve(struct pile_queue *q, uint32_t n);

/* Puts an entry, no other being equal to it, whose key is the bits of a number that is not negative. There is room.
 * O(log n) amortised. */
void pile_queue_put(struct pile_queue *q, struct sim_heap_entry e);

/* The first goes; there is one. */
void pile_queue_drop_first(struct pile_queue *q);

/* Keeps the entries of which `keep` says so; their number. */
uint32_t pile_queue_filter(struct pile_queue *q, piles_keep_fn *keep, const void *self);

static inline bool pile_queue_is_empty(const struct pile_queue *q)
{
    return q->first == q->end;
}

/* Of those that are in order. */
static inline uint32_t pile_queue_n_run(const struct pile_queue *q)
{
    return q->end - q->first;
}

/* Who comes `behind` the first, one of those in order. */
static inline struct sim_heap_entry pile_queue_at(const struct pile_queue *q, uint32_t behind)
{
    return q->run[q->first + behind];
}

/* Of a queue that is not empty. */
static inline struct sim_heap_entry pile_queue_first(const struct pile_queue *q)
{
    return pile_queue_at(q, 0);
}

#endif
