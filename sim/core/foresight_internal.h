/* sim/core/foresight_internal.h -- what events will touch, and which of them come soon; for calendar and sim.c.
 *
 * A small table by the event's function, open addressing, and a list of the events that are foreseen. */
#ifndef SIM_CORE_FORESIGHT_INTERNAL_H
#define SIM_CORE_FORESIGHT_INTERNAL_H

#include "sim/core/calendar.h"

enum {
    FORESIGHT_PLACES_LOG2 = 7,
    FORESIGHT_PLACES = 1 << FORESIGHT_PLACES_LOG2,
    FORESIGHT_MOST = FORESIGHT_PLACES / 2, /* functions */
    FORESEEN_MOST = 64                     /* events */
};

/* An event that comes soon, and the step it is at. */
struct foreseen {
    uint64_t tie;        /* of its entry */
    sim_fetch_fn *fetch; /* from the first step on */
    unsigned step;
};

/* All zeros is an empty table. */
struct foresight {
    uint32_t n_functions, n_foreseen;
    struct foresight_place {
        sim_call_fn *fn;
        sim_fetch_fn *fetch;
    } place[FORESIGHT_PLACES];
    struct foreseen foreseen[FORESEEN_MOST];
};

static inline uint32_t foresight_hash(sim_call_fn *fn)
{
    const uint64_t multiplier =
        UINT64_C(0x9E3779B97F4A7C15); /* Fibonacci hashing: Knuth, TAOCP 3, 6.4 */
    return (uint32_t)(((uint64_t)(uintptr_t)fn * multiplier) >> (64 - FORESIGHT_PLACES_LOG2));
}

/* The place of the function, or the empty one where it would be. */
static inline uint32_t foresight_find(const struct foresight *f, sim_call_fn *fn)
{
    uint32_t i = foresight_hash(fn);
    while (f->place[i].fn != NULL && f->place[i].fn != fn) {
        i = (i + 1) % FORESIGHT_PLACES;
    }
    return i;
}

/* More functions than fit are not asked: nothing depends on it. */
static inline void foresight_add(struct foresight *f, sim_call_fn *fn, sim_fetch_fn *fetch)
{
    struct foresight_place *const place = &f->place[foresight_find(f, fn)];
    if (place->fn == NULL && f->n_functions < FORESIGHT_MOST) {
        *place = (struct foresight_place){fn, fetch};
        f->n_functions++;
    }
}

static inline bool foresight_fetch(const struct foresight *f, const struct sim_call *call,
                                   unsigned step)
{
    const struct foresight_place *const place = &f->place[foresight_find(f, call->fn)];
    return place->fn != NULL && place->fetch(call->self, call->arg, step);
}

/* The event will come soon. */
static inline void foresight_begin(struct foresight *f, uint64_t tie)
{
    if (f->n_foreseen < FORESEEN_MOST) {
        f->foreseen[f->n_foreseen++] = (struct foreseen){.tie = tie};
    }
}

/* One step further; false if there is none. */
static inline bool foresight_step(const struct foresight *f, struct foreseen *s,
                                  const struct sim_call *call)
{
    if (s->step == 0) {
        s->fetch = f->place[foresight_find(f, call->fn)].fetch;
    }
    return s->fetch != NULL && s->fetch(call->self, call->arg, s->step++);
}

#endif
