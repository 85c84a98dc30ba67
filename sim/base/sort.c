#include "sim/base/sort.h"

#include <math.h>

/* Moves only what must be: equal times are in the order of their sequence as a rule. */
static void sort_by_insertion(struct sim_heap_entry *entry, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++) {
        const struct sim_heap_entry e = entry[i];
        uint32_t place = i;
        for (; place > 0 && sim_heap_before(e, entry[place - 1]); place--) {
            entry[place] = entry[place - 1];
        }
        entry[place] = e;
    }
}

/* Buckets a second; 0 if all times are the same, or as good as. */
static double buckets_per_s(double least_s, double most_s, uint32_t n)
{
    const double per_s = (double)(n - 1) / (most_s - least_s);
    return per_s < INFINITY ? per_s : 0;
}

void sort_entries(const struct sim_heap_entry *entry, uint32_t n, struct sim_heap_entry *sorted)
{
    uint8_t bucket[SORT_MOST];
    uint16_t end[SORT_MOST + 1] = {0};
    uint64_t least = UINT64_MAX;
    uint64_t most = 0;
    for (uint32_t i = 0; i < n; i++) {
        least = entry[i].key < least ? entry[i].key : least;
        most = entry[i].key > most ? entry[i].key : most;
    }
    const double least_s = sim_heap_bits_value(least);
    const double per_s = buckets_per_s(least_s, sim_heap_bits_value(most), n);
    if (!(per_s > 0)) { /* also if one is infinite */
        memcpy(sorted, entry, n * sizeof *entry);
        sort_by_insertion(sorted, n);
        return;
    }
    for (uint32_t i = 0; i < n; i++) {
        bucket[i] = (uint8_t)(int)((sim_heap_bits_value(entry[i].key) - least_s) * per_s);
        end[bucket[i] + 1]++;
    }
    for (uint32_t i = 1; i < n; i++) {
        end[i] = (uint16_t)(end[i] + end[i - 1]);
    }
    for (uint32_t i = 0; i < n; i++) {
        sorted[end[bucket[i]]++] = entry[i];
    }
    sort_by_insertion(sorted, n);
}
