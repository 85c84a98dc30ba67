#include "sim/base/piles.h"

#include "sim/base/assert.h"
#include "sim/base/sort.h"

#include <stdlib.h>

enum {
    WAYS_MOST = 8,
    FIRST_BLOCKS = 64,
    MOST_SLAB_BLOCKS = 1024, /* 2 MiB */
    SPARE_BLOCKS =           /* one of each pile is not full; four are on their way in a split */
    PILES_MOST + 4 + PILES_OVER / PILE_BLOCK_ENTRIES
};

/* Blocks that were never used are not touched: a page that nobody has touched costs nothing. */
struct pile_slab {
    struct pile_slab *next;
    uint32_t n_fresh; /* at its end */
    uint32_t n;
    struct pile_block block[];
};

void piles_fini(struct piles *p)
{
    while (p->slabs != NULL) {
        struct pile_slab *const slab = p->slabs;
        p->slabs = slab->next;
        free(slab);
    }
}

/* ---- Blocks ---- */

static void return_block(struct piles *p, struct pile_block *b)
{
    b->next = p->unused;
    p->unused = b;
}

/* There is one: room was made. */
static struct pile_block *take_unused(struct piles *p)
{
    struct pile_block *const b = p->unused;
    if (b != NULL) {
        p->unused = b->next;
        return b;
    }
    while (p->fresh->n_fresh == 0) {
        p->fresh = p->fresh->next;
    }
    return &p->fresh->block[p->fresh->n - p->fresh->n_fresh--];
}

static enum sim_err add_slab(struct piles *p)
{
    uint32_t n = p->n_blocks == 0 ? FIRST_BLOCKS : p->n_blocks;
    n = n < MOST_SLAB_BLOCKS ? n : MOST_SLAB_BLOCKS;
    const size_t byte = sizeof(struct pile_slab) + n * sizeof(struct pile_block);
    struct pile_slab *const slab = malloc(byte);
    if (slab == NULL) {
        return SIM_ENOMEM;
    }
    slab->next = p->slabs;
    slab->n = slab->n_fresh = n;
    p->slabs = p->fresh = slab;
    p->n_blocks += n;
    p->most = (p->n_blocks - SPARE_BLOCKS) * PILE_BLOCK_ENTRIES;
    return SIM_OK;
}

enum sim_err piles_reserve(struct piles *p, uint32_t n)
{
    enum sim_err err = SIM_OK;
    while (err == SIM_OK && p->n + n > p->most) {
        err = add_slab(p);
    }
    return err;
}

static uint32_t n_entries(const struct pile *pile)
{
    return pile->n_behind * PILE_BLOCK_ENTRIES + pile->n_first;
}

__attribute__((noinline)) static void begin_block(struct piles *p, struct pile *pile)
{
    struct pile_block *const b = take_unused(p);
    b->next = pile->first;
    pile->first = b;
    pile->n_first = 0;
    pile->n_behind++;
}

static inline void add(struct piles *p, struct pile *pile, struct sim_heap_entry e)
{
    if (pile->n_first == PILE_BLOCK_ENTRIES) {
        begin_block(p, pile);
    }
    struct sim_heap_entry *const place = &pile->first->entry[pile->n_first++];
    place->tie =
        e.tie; /* by halves, as it comes: put together in memory first it would be waited for */
    place->key = e.key;
}

/* Takes a block off, and gives its entries and their number. */
static struct pile_block *take_block(struct pile *pile, uint32_t *n)
{
    struct pile_block *const b = pile->first;
    if (b != NULL) {
        *n = pile->n_first;
        pile->first = b->next;
        pile->n_first = PILE_BLOCK_ENTRIES;
        pile->n_behind--;
    }
    return b;
}

/* ---- Which pile ---- */

/* Joins the two farthest: what is not a full block is put one by one, whole blocks behind it. */
static void join_farthest(struct piles *p)
{
    struct pile *const far = &p->pile[0];
    struct pile near = p->pile[1];
    uint32_t n;
    struct pile_block *const part = take_block(&near, &n);
    if (part != NULL) {
        struct pile_block **end = &near.first;
        for (uint32_t i = 0; i < n; i++) {
            add(p, far, part->entry[i]);
        }
        return_block(p, part);
        while (*end != NULL) {
            end = &(*end)->next;
        }
        *end = far->first->next;
        far->first->next = near.first;
        far->n_behind += near.n_behind + 1;
    }
    p->n_piles--;
    memmove(&p->least[0], &p->least[1], p->n_piles * sizeof *p->least);
    p->least[p->n_piles] = (struct sim_heap_entry){0, 0};
    memmove(&p->pile[1], &p->pile[2], (p->n_piles - 1) * sizeof *p->pile);
}

static void new_pile(struct piles *p, struct sim_heap_entry least)
{
    if (p->n_piles == PILES_MOST) {
        join_farthest(p);
    }
    p->least[p->n_piles] = least;
    p->pile[p->n_piles++] = (struct pile){NULL, PILE_BLOCK_ENTRIES, UINT32_MAX};
}

/* The nearest. */
static struct pile take_pile(struct piles *p, struct sim_heap_entry *least)
{
    *least = p->least[--p->n_piles];
    p->least[p->n_piles] = (struct sim_heap_entry){0, 0};
    return p->pile[p->n_piles];
}

void piles_put(struct piles *p, struct sim_heap_entry e)
{
    enum { ABREAST = 8 }; /* the farthest are the largest, so that most go among the first eight */
    uint32_t i = 0;
    uint32_t end = 0;
    do {
        for (uint32_t k = 0; k < ABREAST; k++) {
            i += sim_heap_before(e, p->least[end + k]);
        }
        end += ABREAST;
    } while (i == end);
    add(p, &p->pile[i], e);
    p->n++;
}

/* ---- Splitting ---- */

struct sim_heap_entry piles_middle(const struct sim_heap_entry *entry, uint32_t n)
{
    struct sim_heap_entry sample[PILES_SAMPLE];
    struct sim_heap_entry sorted[PILES_SAMPLE];
    for (uint32_t i = 0; i < PILES_SAMPLE; i++) {
        sample[i] = entry[(uint64_t)i * n / PILES_SAMPLE];
    }
    sort_entries(sample, PILES_SAMPLE, sorted);
    return sorted[PILES_SAMPLE / 2];
}

/* Entries far apart: those put at about the same time are due at about the same time. */
static void take_sample(const struct pile *pile, struct sim_heap_entry *sorted)
{
    struct sim_heap_entry sample[PILES_SAMPLE];
    const struct pile_block *b = pile->first;
    const uint32_t stride = n_entries(pile) / PILES_SAMPLE;
    uint32_t n_block = pile->n_first;
    uint32_t at = 0; /* in the block */
    for (uint32_t i = 0; i < PILES_SAMPLE; i++, at += stride) {
        while (at >= n_block) {
            at -= n_block;
            b = b->next;
            n_block = PILE_BLOCK_ENTRIES;
        }
        sample[i] = b->entry[at];
    }
    sort_entries(sample, PILES_SAMPLE, sorted);
}

/* Of the parts of a pile, the farthest first, the one where the entry belongs. */
static inline uint32_t part_of(const struct sim_heap_entry *least, uint32_t ways,
                               struct sim_heap_entry e)
{
    uint32_t part = 0;
    for (uint32_t i = 0; i + 1 < ways; i++) {
        part += sim_heap_before(e, least[i]);
    }
    return part;
}

/* Blocks lie anywhere: the first is asked of the memory before a pile is split, the next while one is shared out (gain:
 * docs/performance-log.md). */
static inline void fetch_first_block(const struct pile *pile)
{
    if (pile->first != NULL) {
        sim_fetch_block(pile->first, sizeof *pile->first);
    }
}

static inline void share_out(struct piles *p, struct pile whole, uint32_t ways)
{
    const struct sim_heap_entry *const least = &p->least[p->n_piles - ways];
    struct pile *const part = &p->pile[p->n_piles - ways];
    struct pile_block *b;
    uint32_t n;
    while ((b = take_block(&whole, &n)) != NULL) {
        fetch_first_block(&whole);
        for (uint32_t i = 0; i < n; i++) {
            add(p, &part[part_of(least, ways, b->entry[i])], b->entry[i]);
        }
        return_block(p, b);
    }
}

/* Splits the nearest pile, so that its parts are about `most` or less. */
static void split(struct piles *p, uint32_t most)
{
    struct sim_heap_entry sample[PILES_SAMPLE];
    struct sim_heap_entry whole_least;
    struct pile whole = take_pile(p, &whole_least);
    const uint32_t n = n_entries(&whole);
    const uint32_t ways = n > 3 * most ? WAYS_MOST : n > most + most / 2 ? 4 : 2;
    SIM_ASSERT(n >= PILES_SAMPLE);
    fetch_first_block(&whole);
    take_sample(&whole, sample);
    for (uint32_t i = ways; i-- > 1;) {
        new_pile(p, sample[i * PILES_SAMPLE / ways]);
    }
    new_pile(p, whole_least);
    if (ways == WAYS_MOST) { /* each with a loop of its own, unrolled */
        share_out(p, whole, WAYS_MOST);
    } else if (ways == 4) {
        share_out(p, whole, 4);
    } else {
        share_out(p, whole, 2);
    }
}

uint32_t piles_begin(struct piles *p, struct sim_heap_entry least, struct sim_heap_entry *entry,
                     uint32_t n)
{
    uint32_t kept = 0;
    new_pile(p, least);
    for (uint32_t i = 0; i < n; i++) {
        if (sim_heap_before(entry[i], least)) {
            entry[kept++] = entry[i];
        } else {
            add(p, &p->pile[p->n_piles - 1], entry[i]);
        }
    }
    p->n += n - kept;
    return kept;
}

uint32_t piles_take(struct piles *p, uint32_t most, struct sim_heap_entry *entry)
{
    while (n_entries(&p->pile[p->n_piles - 1]) > most) {
        split(p, most);
    }
    struct sim_heap_entry least;
    struct pile pile = take_pile(p, &least);
    struct pile_block *b;
    uint32_t n_block;
    uint32_t n = 0;
    while ((b = take_block(&pile, &n_block)) != NULL) {
        memcpy(entry + n, b->entry, n_block * sizeof *entry);
        n += n_block;
        return_block(p, b);
    }
    p->n -= n;
    return n;
}

void piles_filter(struct piles *p, piles_keep_fn *keep, const void *self)
{
    p->n = 0;
    for (uint32_t k = 0; k < p->n_piles; k++) {
        struct pile whole = p->pile[k];
        struct pile *const pile = &p->pile[k];
        struct pile_block *b;
        uint32_t n;
        *pile = (struct pile){NULL, PILE_BLOCK_ENTRIES, UINT32_MAX};
        while ((b = take_block(&whole, &n)) != NULL) {
            for (uint32_t i = 0; i < n; i++) {
                if (keep(self, b->entry[i])) {
                    add(p, pile, b->entry[i]);
                }
            }
            return_block(p, b);
        }
        p->n += n_entries(pile);
    }
}
