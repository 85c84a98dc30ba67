/* sim/res/rankset.h -- a set of small numbers with "next" and "previous", as a tree of bit words.
 *
 * Level 0 has a bit per number, each level above a bit per non-zero word below: 2^24 numbers take
 * four levels, so every operation reads a handful of words (about 5 ns) however many numbers are
 * in.
 */
#ifndef SIM_RES_RANKSET_H
#define SIM_RES_RANKSET_H

#include "sim/base/err.h"

#include <stdint.h>

enum { RANKSET_LEVELS = 5 };

#define RANKSET_NONE UINT32_MAX

/* All zeros is a set of size 0. */
struct rankset {
    uint64_t *level[RANKSET_LEVELS];
    int n_levels;
    uint32_t size; /* numbers are below it */
};

/* Makes an empty set for numbers 0 .. size - 1, in place of what it held. SIM_ENOMEM: unchanged. */
SIM_MUST_CHECK enum sim_err rankset_reset(struct rankset *s, uint32_t size);
void rankset_fini(struct rankset *s);

void rankset_add(struct rankset *s, uint32_t i);
void rankset_remove(struct rankset *s, uint32_t i);

/* Asks the memory for what to add or to remove it touches. */
static inline void rankset_fetch(const struct rankset *s, uint32_t i)
{
    __builtin_prefetch(&s->level[0][i / 64], 1);
}

/* The smallest member >= i, RANKSET_NONE if there is none; i may be the size. */
uint32_t rankset_from(const struct rankset *s, uint32_t i);

/* The largest member < i, RANKSET_NONE if there is none. */
uint32_t rankset_before(const struct rankset *s, uint32_t i);

#endif
