/* sim/base/piles.h -- entries of a queue that are not due for long.
 *
 * Piles in the order of time, unsorted within. To find what is due next, the nearest pile is split at quantiles
 * of a sample until it is small enough: quicksort, put off until it is needed (Paredes and Navarro,
 * "Optimal incremental sorting", ALENEX 2006), into eight at once (Sanders and Winkel, "Super scalar
 * sample sort", ESA 2004). So an entry is put down with one store, and picked up some log8 (n / small)
 * times in passes over memory, where a heap waits for a line from memory at each level.
 *
 * Where an entry belongs is counted, not looked for: a jump that depends on it would be mispredicted four
 * times in five. With that, and entries written by halves, as they are compared, HOLD at 1e4 went from 1.06
 * times the best bare heap to 0.84.
 *
 * Room is made when entries are put; to split and to take needs none, so that a queue that could
 * be filled can always be emptied. Who is put off comes without asking for room: there is some for that.
 */
#ifndef SIM_BASE_PILES_H
#define SIM_BASE_PILES_H

#include "sim/base/heap.h"

enum {
    PILES_MOST = 40,                     /* then the two farthest become one */
    PILE_BLOCK_ENTRIES = 127,            /* 2 KiB with the head */
    PILES_OVER = 3 * PILE_BLOCK_ENTRIES, /* may be put without room that was made */
    PILES_SAMPLE = 32
};

struct pile_block {
    struct pile_block *next;
    _Alignas(16) struct sim_heap_entry entry[PILE_BLOCK_ENTRIES]; /* none on two cache lines */
};

struct pile {
    struct pile_block *first;
    uint32_t n_first;  /* entries in the first block; as many as fit if there is none */
    uint32_t n_behind; /* blocks behind it, all full; -1 if there is none */
};

struct piles {
    struct sim_heap_entry
        least[PILES_MOST]; /* no entry of the pile is before; the farthest first; zeros behind */
    struct pile pile[PILES_MOST];
    uint32_t n_piles;
    uint32_t n;    /* entries */
    uint32_t most; /* there is room for, beside PILES_OVER */
    uint32_t n_blocks;
    struct pile_block *unused; /* that were used */
    struct pile_slab *slabs;   /* the newest first */
    struct pile_slab *fresh;   /* slabs before it have no block that was never used */
};

void piles_fini(struct piles *p); /* zeros are no piles */

/* Room for n entries more, and for the splitting of all. SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err piles_reserve(struct piles *p, uint32_t n);

/* Begins the nearest pile with the entries that are not before `least`: moved out of `entry`, where
 * the others stay; their number. There is room for all. */
uint32_t piles_begin(struct piles *p, struct sim_heap_entry least, struct sim_heap_entry *entry,
                     uint32_t n);

/* Puts an entry that is not before the nearest pile's least. There is a pile and room. */
void piles_put(struct piles *p, struct sim_heap_entry e);

/* Takes all entries of the nearest pile, of which there is one, split until they are at most `most`;
 * their number. `entry` has room for `most`, which is at least PILES_SAMPLE. */
uint32_t piles_take(struct piles *p, uint32_t most, struct sim_heap_entry *entry);

/* Keeps the entries of which `keep` says so. */
typedef bool piles_keep_fn(const void *self, struct sim_heap_entry e);
void piles_filter(struct piles *p, piles_keep_fn *keep, const void *self);

/* The median of a few of n >= PILES_SAMPLE entries: not the first in their order. */
struct sim_heap_entry piles_middle(const struct sim_heap_entry *entry, uint32_t n);

#endif
