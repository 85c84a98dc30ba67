#include "sim/base/mem.h"

#include "sim/base/assert.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { FIRST_CAPACITY = 16, CACHE_LINE_BYTE = 64 };

/* Asks for huge pages, of which the processor can remember where they are: a random access to 256 MB
 * then takes 172 ns instead of 211. Nobody is harmed if there are none. */
void sim_prefer_huge_pages(void *block, size_t byte)
{
#ifdef MADV_HUGEPAGE
    const size_t worth_byte = (size_t)4 << 20; /* two huge pages */
    if (block != NULL && byte >= worth_byte) {
        const size_t page_byte = (size_t)sysconf(_SC_PAGESIZE);
        const size_t into_page = (uintptr_t)block % page_byte;
        char *const from = (char *)block - into_page;
        (void)madvise(from, byte + into_page, MADV_HUGEPAGE);
    }
#else
    (void)block;
    (void)byte;
#endif
}

/* At least doubled, which always is a number, as no array takes half of the addresses; who knows how many it will be
 * gets no more than that. */
static size_t grown_capacity(size_t capacity, size_t needed)
{
    const size_t doubled = capacity < FIRST_CAPACITY ? FIRST_CAPACITY : 2 * capacity;
    return doubled > needed ? doubled : needed;
}

enum sim_err sim_grow(void *array, size_t *capacity, size_t needed, size_t element_byte)
{
    if (needed <= *capacity) {
        return SIM_OK;
    }
    const size_t grown = grown_capacity(*capacity, needed);
    void *old;
    memcpy(&old, array, sizeof old); /* the caller's pointer may be of any type */
    void *const moved = reallocarray(old, grown, element_byte);
    if (moved == NULL) {
        return SIM_ENOMEM;
    }
    sim_prefer_huge_pages(moved, grown * element_byte);
    memcpy(array, &moved, sizeof moved);
    *capacity = grown;
    return SIM_OK;
}

static void *whole_lines(size_t n, size_t element_byte)
{
    if (n > (SIZE_MAX - CACHE_LINE_BYTE) / element_byte) {
        return NULL;
    }
    const size_t n_lines = (n * element_byte + CACHE_LINE_BYTE - 1) / CACHE_LINE_BYTE;
    void *const lines = aligned_alloc(CACHE_LINE_BYTE, n_lines * CACHE_LINE_BYTE);
    sim_prefer_huge_pages(lines, n_lines * CACHE_LINE_BYTE);
    return lines;
}

enum sim_err sim_grow_lines(void *array, size_t *capacity, size_t needed, size_t element_byte)
{
    if (needed <= *capacity) {
        return SIM_OK;
    }
    const size_t grown = grown_capacity(*capacity, needed);
    void *const moved = whole_lines(grown, element_byte);
    if (moved == NULL) {
        return SIM_ENOMEM;
    }
    void *old;
    memcpy(&old, array, sizeof old);
    if (*capacity > 0) {
        memcpy(moved, old, *capacity * element_byte);
    }
    free(old);
    memcpy(array, &moved, sizeof moved);
    *capacity = grown;
    return SIM_OK;
}

void *sim_zeros_create(size_t n, size_t element_byte)
{
    void *const lines = whole_lines(n, element_byte);
    if (lines != NULL) {
        memset(lines, 0, n * element_byte);
    }
    return lines;
}

void *sim_lines_create(size_t n, size_t element_byte)
{
    SIM_ASSERT(element_byte % CACHE_LINE_BYTE == 0);
    return sim_zeros_create(n, element_byte);
}
