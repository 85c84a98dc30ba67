#include "sim/core/piles_internal.h"

#include "sim/base/assert.h"
#include "sim/base/mem.h"

#include <stdlib.h>

enum {
    SAMPLE = 31,
    FIRST_BLOCKS = 64,
    MOST_SLAB_BLOCKS = 1024, /* 2 MiB, a huge page */
    SPARE_BLOCKS =
        PILES_MOST + 4 /* one of each pile is not full; four are on their way in a split */
};

struct pile_slab {
    struct pile_slab *next;
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

static void count_room(struct piles *p)
{
    p->room = p->n_blocks == 0 ? 0 : (p->n_blocks - SPARE_BLOCKS) * PILE_BLOCK_ENTRIES - p->n;
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
    sim_prefer_huge_pages(slab, byte);
    slab->next = p->slabs;
    p->slabs = slab;
    for (uint32_t i = n; i-- > 0;) {
        return_block(p, &slab->block[i]);
    }
    p->n_blocks += n;
    count_room(p);
    return SIM_OK;
}

enum sim_err piles_reserve(struct piles *p, uint32_t n)
{
    enum sim_err err = SIM_OK;
    while (err == SIM_OK && p->room < n) {
        err = add_slab(p);
    }
    return err;
}

static struct pile_block *begin_block(struct piles *p, struct pile *pile)
{
    struct pile_block *const b = p->unused;
    p->unused = b->next;
    b->next = pile->first;
    b->n = 0;
    pile->first = b;
    return b;
}

/* The block to put an entry into. */
static inline struct pile_block *block_with_room(struct piles *p, struct pile *pile)
{
    struct pile_block *const b = pile->first;
    return b != NULL && b->n < PILE_BLOCK_ENTRIES ? b : begin_block(p, pile);
}

static inline void add(struct piles *p, struct pile *pile, struct sim_heap_entry e)
{
    struct pile_block *const b = block_with_room(p, pile);
    b->entry[b->n++] = e;
    pile->n++;
}

/* ---- Which pile ---- */

/* Joins the two farthest. Of two blocks that are not full one is filled from the other. */
static void join_farthest(struct piles *p)
{
    struct pile *const far = &p->pile[0];
    struct pile *const near = &p->pile[1];
    struct pile_block *const part = near->first;
    struct pile_block **end = &near->first;
    far->least = near->least;
    if (part != NULL) {
        near->first = part->next;
        for (uint32_t i = 0; i < part->n; i++) {
            add(p, far, part->entry[i]);
        }
        far->n += near->n - part->n;
        return_block(p, part);
        while (*end != NULL) {
            end = &(*end)->next;
        }
        *end = far->first->next; /* whole blocks, behind the one that is not */
        far->first->next = near->first;
    }
    memmove(near, near + 1, (--p->n_piles - 1) * sizeof *near);
}

static struct pile *new_pile(struct piles *p, struct sim_heap_entry least)
{
    if (p->n_piles == PILES_MOST) {
        join_farthest(p);
    }
    struct pile *const pile = &p->pile[p->n_piles++];
    *pile = (struct pile){.least = least};
    return pile;
}

void piles_put(struct piles *p, struct sim_heap_entry e)
{
    struct pile *pile = &p->pile[0]; /* the farthest is the largest, so that most go there */
    while (sim_heap_before(e, pile->least)) {
        pile++;
    }
    add(p, pile, e);
    p->n++;
    p->room--;
}

/* ---- Splitting ---- */

struct sim_heap_entry piles_middle(const struct sim_heap_entry *entry, uint32_t n)
{
    struct sim_heap_entry sorted[SAMPLE] = {{0, 0}};
    const uint32_t size = n < SAMPLE ? n : SAMPLE;
    for (uint32_t i = 0; i < size; i++) {
        const struct sim_heap_entry e = entry[(uint64_t)i * n / size];
        uint32_t place = i;
        for (; place > 0 && sim_heap_before(e, sorted[place - 1]); place--) {
            sorted[place] = sorted[place - 1];
        }
        sorted[place] = e;
    }
    return sorted[size / 2];
}

/* Entries of blocks far apart: those put at about the same time are due at about the same time. */
static struct sim_heap_entry middle_of(const struct pile *pile)
{
    struct sim_heap_entry sample[SAMPLE];
    const uint32_t stride = pile->n / PILE_BLOCK_ENTRIES / SAMPLE + 1;
    uint32_t n = 0;
    uint32_t i = 0;
    SIM_ASSERT(pile->first != NULL);
    for (const struct pile_block *b = pile->first; b != NULL && n < SAMPLE; b = b->next, i++) {
        if (i % stride == 0) {
            sample[n++] = b->entry[i * 37 % b->n];
        }
    }
    return n > 1 ? piles_middle(sample, n) : piles_middle(pile->first->entry, pile->first->n);
}

/* Shares the entries out among `far`, those not before `least`, and `near`. An entry is written to the
 * ends of both and counted in one: no jump depends on a coin toss. */
static void share_out(struct piles *p, const struct sim_heap_entry *entry, uint32_t n,
                      struct sim_heap_entry least, struct pile *far, struct pile *near)
{
    for (uint32_t i = 0; i < n;) {
        struct pile_block *const f = block_with_room(p, far);
        struct pile_block *const m = block_with_room(p, near);
        const uint32_t f_room = PILE_BLOCK_ENTRIES - f->n;
        const uint32_t m_room = PILE_BLOCK_ENTRIES - m->n;
        const uint32_t room = f_room < m_room ? f_room : m_room;
        const uint32_t end = n - i < room ? n : i + room;
        uint32_t n_f = f->n;
        uint32_t n_m = m->n;
        for (; i < end; i++) {
            const uint32_t is_near = sim_heap_before(entry[i], least);
            f->entry[n_f] = entry[i];
            m->entry[n_m] = entry[i];
            n_f += 1 - is_near;
            n_m += is_near;
        }
        far->n += n_f - f->n;
        near->n += n_m - m->n;
        f->n = n_f;
        m->n = n_m;
    }
}

static void drop_empty_block(struct piles *p, struct pile *pile)
{
    struct pile_block *const b = pile->first;
    if (b != NULL && b->n == 0) {
        pile->first = b->next;
        return_block(p, b);
    }
}

/* Splits the nearest pile in two. */
static void split(struct piles *p)
{
    struct pile whole = p->pile[p->n_piles - 1];
    const struct sim_heap_entry middle = middle_of(&whole);
    p->n_piles--;
    new_pile(p, middle);
    new_pile(p, whole.least);
    struct pile *const near = &p->pile[p->n_piles - 1];
    struct pile *const far = near - 1;
    while (whole.first != NULL) {
        struct pile_block *const b = whole.first;
        whole.first = b->next;
        share_out(p, b->entry, b->n, middle, far, near);
        return_block(p, b);
    }
    drop_empty_block(p, far);
    drop_empty_block(p, near);
}

uint32_t piles_begin(struct piles *p, struct sim_heap_entry least, struct sim_heap_entry *entry,
                     uint32_t n)
{
    struct pile *const pile = new_pile(p, least);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (sim_heap_before(entry[i], least)) {
            entry[kept++] = entry[i];
        } else {
            add(p, pile, entry[i]);
        }
    }
    p->n += n - kept;
    p->room -= n - kept;
    return kept;
}

uint32_t piles_take(struct piles *p, uint32_t most, struct sim_heap_entry *entry)
{
    while (p->pile[p->n_piles - 1].n > most) {
        split(p);
    }
    struct pile *const pile = &p->pile[--p->n_piles];
    uint32_t n = 0;
    while (pile->first != NULL) {
        struct pile_block *const b = pile->first;
        memcpy(entry + n, b->entry, b->n * sizeof *entry);
        n += b->n;
        pile->first = b->next;
        return_block(p, b);
    }
    p->n -= n;
    p->room += n;
    return n;
}

void piles_filter(struct piles *p, piles_keep_fn *keep, const void *self)
{
    p->n = 0;
    for (uint32_t k = 0; k < p->n_piles; k++) {
        struct pile *const pile = &p->pile[k];
        struct pile_block *b = pile->first;
        pile->first = NULL;
        pile->n = 0;
        while (b != NULL) {
            struct pile_block *const next = b->next;
            for (uint32_t i = 0; i < b->n; i++) {
                if (keep(self, b->entry[i])) {
                    add(p, pile, b->entry[i]);
                }
            }
            return_block(p, b);
            b = next;
        }
        p->n += pile->n;
    }
    count_room(p);
}
