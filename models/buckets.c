#include "models/buckets.h"

#include "sim/base/assert.h"

#include <stdlib.h>

/* Times are sums, and rounded: an interval is over a little before its end. */
static const double rounding = 1e-9;

struct place {
    uint32_t bucket; /* its number, from 1 on; 0: none */
    bool is_done;
};

struct buckets {
    uint32_t size;
    double interval_s;
    struct place *place;  /* by client */
    uint32_t present;     /* number of the bucket that is filled, or full */
    uint32_t taken, done; /* of its places */
    double opened_s;      /* when the first was taken */
};

enum sim_err buckets_create(uint32_t size, double interval_s, uint32_t n_clients,
                            struct buckets **out)
{
    struct buckets *const b = calloc(1, sizeof *b);
    if (b == NULL) {
        return SIM_ENOMEM;
    }
    b->place = calloc(n_clients, sizeof *b->place);
    if (b->place == NULL) {
        buckets_destroy(b);
        return SIM_ENOMEM;
    }
    b->size = size;
    b->interval_s = interval_s;
    b->present = 1;
    *out = b;
    return SIM_OK;
}

void buckets_destroy(struct buckets *b)
{
    if (b != NULL) {
        free(b->place);
        free(b);
    }
}

static bool is_over(const struct buckets *b, double now_s)
{
    const bool all_done = b->taken == b->size && b->done == b->taken;
    const double age_s = now_s - b->opened_s;
    return b->taken > 0 && (all_done || age_s >= b->interval_s * (1 - rounding));
}

bool buckets_has_room(const struct buckets *b, uint32_t client, double now_s)
{
    return b->place[client].bucket != 0 || b->taken < b->size || is_over(b, now_s);
}

void buckets_admit(struct buckets *b, uint32_t client, double now_s)
{
    SIM_ASSERT(buckets_has_room(b, client, now_s));
    if (b->place[client].bucket != 0) {
        return;
    }
    if (is_over(b, now_s)) {
        b->present++;
        b->taken = b->done = 0;
    }
    if (b->taken == 0) {
        b->opened_s = now_s;
    }
    b->taken++;
    b->place[client] = (struct place){b->present, false};
}

void buckets_finish(struct buckets *b, uint32_t client)
{
    struct place *const p = &b->place[client];
    if (p->bucket == b->present && !p->is_done) {
        b->done++;
        p->is_done = true;
    }
}

void buckets_forget(struct buckets *b, uint32_t client)
{
    struct place *const p = &b->place[client];
    if (p->bucket == b->present) {
        b->taken--;
        b->done -= p->is_done;
    }
    *p = (struct place){0, false};
}
