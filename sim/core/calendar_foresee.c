/* Which events come soon, and what they will touch: for a calendar with many pending. */
#include "sim/core/calendar_internal.h"
#include "sim/core/foresight_internal.h"

/* Its record may be one that nobody has looked at for long: it is looked at with the first step. */
void calendar_foresee(const struct sim_calendar *c, struct sim_heap_entry e)
{
    __builtin_prefetch(&c->records[sim_heap_slot(e)], 1);
    foresight_begin(c->foresight, e.tie);
}

/* As sim_heap_entries_down from the root; who comes near it is foreseen. */
void calendar_sift_and_foresee(const struct sim_calendar *c, struct sim_heap_entry e)
{
    struct sim_heap_entry *const a = c->entries;
    struct sim_heap_entry near = {0, 0};
    uint32_t i = 0;
    for (uint32_t first = 1; first < c->n; first = 4 * i + 1) {
        const uint32_t child = sim_heap_least_child(a, first);
        if (!sim_heap_before(a[child], e)) {
            break;
        }
        a[i] = a[child];
        if (i >= CALENDAR_NEAR / 4) {
            if (i < CALENDAR_NEAR) {
                near = a[i];
            } else {
                __builtin_prefetch(&c->records[sim_heap_slot(a[i])], 1);
            }
        }
        i = child;
    }
    a[i] = e;
    if (near.tie != 0) {
        calendar_foresee(c, near);
    }
    if (i < CALENDAR_NEAR) {
        calendar_foresee(c, e);
    }
}

/* One step further for all that come soon, dropping the dead: they call nobody, perhaps who is no more. */
void calendar_fetch(const struct sim_calendar *c)
{
    struct foresight *const f = c->foresight;
    for (uint32_t i = 0; i < f->n_foreseen;) {
        struct foreseen *const s = &f->foreseen[i];
        const struct calendar_record *const r = &c->records[s->tie & SIM_HEAP_SLOT_MASK];
        if (r->tie == s->tie && foresight_step(f, s, &r->call)) {
            i++;
        } else {
            *s = f->foreseen[--f->n_foreseen];
        }
    }
}
