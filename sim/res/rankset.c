#include "sim/res/rankset.h"

#include "sim/base/assert.h"

#include <stdlib.h>

enum { WORD_BITS = 64, WORD_SHIFT = 6, WORD_MASK = 63 };

static uint32_t words_for(uint32_t bits)
{
    return (uint32_t)(((uint64_t)bits + WORD_BITS - 1) / WORD_BITS);
}

enum sim_err rankset_reset(struct rankset *s, uint32_t size)
{
    struct rankset fresh = {.size = size};
    uint32_t bits = size == 0 ? 1 : size;
    do {
        bits = words_for(bits);
        fresh.level[fresh.n_levels] = calloc(bits, sizeof(uint64_t));
        if (fresh.level[fresh.n_levels++] == NULL) {
            rankset_fini(&fresh);
            return SIM_ENOMEM;
        }
    } while (bits > 1);
    rankset_fini(s);
    *s = fresh;
    return SIM_OK;
}

void rankset_fini(struct rankset *s)
{
    for (int l = 0; l < s->n_levels; l++) {
        free(s->level[l]);
    }
    *s = (struct rankset){0};
}

void rankset_add(struct rankset *s, uint32_t i)
{
    SIM_ASSERT(i < s->size);
    for (int l = 0; l < s->n_levels; l++, i >>= WORD_SHIFT) {
        uint64_t *const word = &s->level[l][i >> WORD_SHIFT];
        const uint64_t old = *word;
        *word = old | UINT64_C(1) << (i & WORD_MASK);
        if (old != 0) {
            return; /* the levels above know of this word */
        }
    }
}

void rankset_remove(struct rankset *s, uint32_t i)
{
    SIM_ASSERT(i < s->size);
    for (int l = 0; l < s->n_levels; l++, i >>= WORD_SHIFT) {
        uint64_t *const word = &s->level[l][i >> WORD_SHIFT];
        *word &= ~(UINT64_C(1) << (i & WORD_MASK));
        if (*word != 0) {
            return;
        }
    }
}

static uint32_t descend_lowest(const struct rankset *s, int l, uint32_t i)
{
    while (l-- > 0) {
        i = i << WORD_SHIFT | (uint32_t)__builtin_ctzll(s->level[l][i]);
    }
    return i;
}

static uint32_t descend_highest(const struct rankset *s, int l, uint32_t i)
{
    while (l-- > 0) {
        i = i << WORD_SHIFT | (uint32_t)(WORD_MASK - __builtin_clzll(s->level[l][i]));
    }
    return i;
}

uint32_t rankset_from(const struct rankset *s, uint32_t i)
{
    uint32_t n_bits = s->size;
    for (int l = 0; l < s->n_levels && i < n_bits; l++) {
        const uint32_t w = i >> WORD_SHIFT;
        const uint64_t rest = s->level[l][w] >> (i & WORD_MASK);
        if (rest != 0) {
            return descend_lowest(s, l, i + (uint32_t)__builtin_ctzll(rest));
        }
        i = w + 1;
        n_bits = words_for(n_bits);
    }
    return RANKSET_NONE;
}

uint32_t rankset_before(const struct rankset *s, uint32_t i)
{
    SIM_ASSERT(i <= s->size);
    for (int l = 0; l < s->n_levels && i > 0; l++) {
        const uint32_t last = i - 1;
        const uint32_t w = last >> WORD_SHIFT;
        const uint64_t rest = s->level[l][w] << (WORD_MASK - (last & WORD_MASK));
        if (rest != 0) {
            return descend_highest(s, l, last - (uint32_t)__builtin_clzll(rest));
        }
        i = w;
    }
    return RANKSET_NONE;
}
