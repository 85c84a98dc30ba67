/* The floor: an event loop over a binary heap of 16-byte events, a ring of arrival times,
 * xoshiro256++ and ziggurat. Nothing can be cancelled, no stream has a name, nothing is counted but
 * the sum of the sojourns. */
#include "bench/floor/mm1.h"

#include "bench/floor/xoshiro.h"

#include <stdbool.h>

enum { RING = 1 << 14 };

enum kind { ARRIVAL, DEPARTURE };

struct event {
    double time_s;
    enum kind kind;
};

struct heap {
    struct event at[64];
    uint32_t n;
};

static void push(struct heap *h, struct event e)
{
    uint32_t i = h->n++;
    while (i > 0 && e.time_s < h->at[(i - 1) / 2].time_s) {
        h->at[i] = h->at[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    h->at[i] = e;
}

static struct event pop(struct heap *h)
{
    const struct event top = h->at[0];
    const struct event last = h->at[--h->n];
    uint32_t i = 0;
    for (uint32_t child = 1; child < h->n; child = 2 * i + 1) {
        if (child + 1 < h->n && h->at[child + 1].time_s < h->at[child].time_s) {
            child++;
        }
        if (last.time_s <= h->at[child].time_s) {
            break;
        }
        h->at[i] = h->at[child];
        i = child;
    }
    h->at[i] = last;
    return top;
}

double floor_mm1(uint64_t seed, uint32_t customers)
{
    static double ring[RING]; /* arrival times of those present */
    struct heap heap = {.n = 0};
    struct xoshiro g;
    uint32_t first = 0;
    uint32_t next = 0;
    double sum_s = 0;
    floor_xoshiro_seed(&g, seed);
    push(&heap, (struct event){floor_exponential(&g) / 0.9, ARRIVAL});
    while (heap.n > 0) {
        const struct event e = pop(&heap);
        bool starts;
        if (e.kind == ARRIVAL) {
            starts = first == next;
            ring[next++ % RING] = e.time_s;
            if (next < customers) {
                push(&heap, (struct event){e.time_s + floor_exponential(&g) / 0.9, ARRIVAL});
            }
        } else {
            sum_s += e.time_s - ring[first++ % RING];
            starts = first != next;
        }
        if (starts) {
            push(&heap, (struct event){e.time_s + floor_exponential(&g), DEPARTURE});
        }
    }
    return sum_s / customers;
}
