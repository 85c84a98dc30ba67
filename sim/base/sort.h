/* sim/base/sort.h -- some hundred entries into order.
 *
 * Into as many buckets as there are entries, by time, then by insertion, which also sees to what rounding has done.
 * Times spread evenly over a short while take 55 instructions an entry, where to make a heap of them and to empty
 * it takes 220, and merges as those of a merge sort without jumps 210. At worst, all but one in one
 * bucket, an insertion moves half of the entries.
 */
#ifndef SIM_BASE_SORT_H
#define SIM_BASE_SORT_H

#include "sim/base/heap.h"

enum { SORT_MOST = 256 };

/* Sorts n <= SORT_MOST entries, whose keys are the bits of times that are not negative, from `entry` to
 * `sorted`, which is elsewhere. */
void sort_entries(const struct sim_heap_entry *entry, uint32_t n, struct sim_heap_entry *sorted);

#endif
