/* sim/base/mem.h -- growing arrays, and arrays on cache lines. Plain calloc and free serve the rest. */
#ifndef SIM_BASE_MEM_H
#define SIM_BASE_MEM_H

#include "sim/base/err.h"

#include <stddef.h>

/* Makes room for `needed` elements of `element_byte` bytes in `*array` of `*capacity` elements;
 * `array` is the address of a pointer. The capacity at least doubles, so appending costs O(1)
 * amortised. On SIM_ENOMEM nothing has changed. */
SIM_MUST_CHECK enum sim_err sim_grow(void *array, size_t *capacity, size_t needed,
                                     size_t element_byte);

/* As sim_grow, but the first element is at the beginning of a cache line: so elements of 32 or 64 bytes
 * never lie across two. Costs a copy, where sim_grow may be spared one. */
SIM_MUST_CHECK enum sim_err sim_grow_lines(void *array, size_t *capacity, size_t needed,
                                           size_t element_byte);

/* `n` zeroed elements, the first at the beginning of a cache line; `element_byte` is a multiple of
 * the line's 64 bytes. NULL if there is no memory; to be freed with free. */
void *sim_lines_create(size_t n, size_t element_byte);

/* The same for elements of any size. For what is large and accessed at random: calloc's small pages cost more. */
void *sim_zeros_create(size_t n, size_t element_byte);

/* For a block of malloc's that has not been written to yet: if it is large, the system may map it in
 * huge pages, which saves time where memory is accessed at random. */
void sim_prefer_huge_pages(void *block, size_t byte);

/* Asks the memory for the lines of a block, for use soon; of one that does not begin on a line perhaps not for the last. */
static inline void sim_fetch_block(const void *block, size_t byte)
{
    for (size_t at = 0; at < byte; at += 64) {
        __builtin_prefetch((const char *)block + at, 1);
    }
}

#endif
