/* sim/core/sim.h -- one simulation: a clock, a calendar, a seed, and the first error.
 *
 *     struct sim *sim;
 *     sim_create(seed, replication, &sim);
 *     sim_after(sim, 1.0, (struct sim_call){on_arrival, model, 0});
 *     enum sim_err err = sim_run(sim, INFINITY);
 *     sim_destroy(sim);
 *
 * A simulation belongs to one thread at a time; there is no global state, so any number can run
 * side by side. Event functions return nothing: an error inside one (no memory, a time in the past)
 * is kept, ends the run, and is what sim_run returns. Time is in seconds.
 */
#ifndef SIM_CORE_SIM_H
#define SIM_CORE_SIM_H

#include "sim/base/err.h"
#include "sim/core/calendar.h"
#include "sim/rng/stream.h"

struct sim; /* opaque */

/* Priorities of events at one time, lower first; any value below SIM_PRIORITIES may be used. */
enum sim_priority {
    SIM_FIRST = 0,
    SIM_NORMAL = 3,
    SIM_LAST = 7, /* observers: they see the state after all changes of that time */
};

SIM_MUST_CHECK enum sim_err sim_create(uint64_t seed, uint32_t replication, struct sim **out);
void sim_destroy(struct sim *sim); /* NULL allowed */

/* s. The clock stands first in a simulation, so that reading it is no call: every model does it
 * several times an event. */
static inline double sim_now(const struct sim *sim)
{
    return *(const double *)(const void *)sim;
}

uint64_t sim_n_events(const struct sim *sim); /* executed so far */

/* Schedules a call at an absolute time, not before now, or after a delay >= 0. A bad time or a lack
 * of memory becomes the error of the run, and the handle returned names no event. O(log n). */
static inline struct sim_handle sim_at(struct sim *sim, double time_s, enum sim_priority priority,
                                       struct sim_call call);
static inline struct sim_handle sim_after(struct sim *sim, double delay_s, struct sim_call call);

bool sim_is_pending(const struct sim *sim, struct sim_handle event);

/* Sets `*event` to no event; true if it was pending. */
bool sim_cancel(struct sim *sim, struct sim_handle *event);

/* Moves a pending event to an absolute time; the same errors as sim_at. */
void sim_reschedule(struct sim *sim, struct sim_handle event, double time_s);

/* Executes events up to and including `until_s` (INFINITY: until none is left), then sets the clock
 * to until_s if that is finite and sim_stop was not called. May be called again to go on. Returns
 * the first error of the run. */
SIM_MUST_CHECK enum sim_err sim_run(struct sim *sim, double until_s);

/* Calls `watch` between events, once every `every` >= 1 of them: for what comes from outside, as a stop that somebody
 * requests. There is one; it is no event, and changes nothing unless it raises an error. */
void sim_watch(struct sim *sim, uint64_t every, struct sim_call watch);

/* With many events pending each waits for memory that nobody has touched since. So while others are
 * executed the calendar says, of the events that come next, what they are going to touch: `fetch` is called with
 * `self` and `arg` of an event of `fn`, step by step, once between two events, until it says false. At step 0 it
 * prefetches what is found by computing addresses, at each further step what stands in that. It may be
 * called never, or again from step 0; it must change nothing. Who is named as the call at the end of a flow is asked also
 * while others are executed, from when the flow starts, and goes on to be after it said false. Of a function the first `fetch` counts. With few
 * events pending nobody is asked: it costs some 60 ns an event. */
void sim_foresee(struct sim *sim, sim_call_fn *fn, sim_fetch_fn *fetch);

/* Are there so many events pending? For who prefetches by himself. */
bool sim_foresees(const struct sim *sim);

/* What `fetch` does for an event, for a call that an event is going to make, as at the end of a flow. */
bool sim_fetch(const struct sim *sim, const struct sim_call *call, unsigned step);

/* The calendar's record of an event that is going to be cancelled or put off. */
void sim_fetch_event(const struct sim *sim, struct sim_handle event);

/* The clock begins at 0 again; nothing may be pending. A clock that has run for long has few digits left
 * for what is short. What keeps times must be told (sim_fluid_rewind). */
void sim_rewind(struct sim *sim);

/* sim_run returns after the current event. */
void sim_stop(struct sim *sim);

/* For models: keeps `code` as the run's error unless there is one, and stops. */
void sim_raise(struct sim *sim, enum sim_err code, const char *format, ...) SIM_PRINTF(3, 4);
const struct sim_error *sim_error(const struct sim *sim); /* code SIM_OK while there is none */

/* Opens the stream (entity, purpose, attempt) of this simulation's seed and replication. */
void sim_open_stream(const struct sim *sim, struct sim_stream *stream, uint32_t entity,
                     uint16_t purpose, uint16_t attempt);

/* The same with the call in registers; sim_at and sim_after only hand it over. A struct of three words is passed in
 * memory, written by halves and read at once as a whole, for which the CPU waits until the halves are in the cache:
 * 12 % of M/M/1. */
struct sim_handle sim_schedule_at(struct sim *sim, double time_s, enum sim_priority priority,
                                  sim_call_fn *fn, void *self, uint64_t arg);
struct sim_handle sim_schedule_after(struct sim *sim, double delay_s, sim_call_fn *fn, void *self,
                                     uint64_t arg);

static inline struct sim_handle sim_at(struct sim *sim, double time_s, enum sim_priority priority,
                                       struct sim_call call)
{
    return sim_schedule_at(sim, time_s, priority, call.fn, call.self, call.arg);
}

static inline struct sim_handle sim_after(struct sim *sim, double delay_s, struct sim_call call)
{
    return sim_schedule_after(sim, delay_s, call.fn, call.self, call.arg);
}

#endif
