/* sim/core/calendar.h -- the event list: who is called when.
 *
 * Events are ordered by (time, priority, sequence), a total order: of two events at one time the
 * one with the lower priority number comes first, of equal ones the one scheduled first. The order
 * does not depend on anything else, so the same program gives the same run.
 *
 * Limits: 2^24 pending events, 2^37 events in one calendar's life, priorities 0 .. 7.
 */
#ifndef SIM_CORE_CALENDAR_H
#define SIM_CORE_CALENDAR_H

#include "sim/base/slots.h"

#include <stdbool.h>
#include <stdint.h>

struct sim_calendar; /* opaque */

/* What an event does: fn(self, arg). `self` is the object concerned, `arg` any small number. */
typedef void sim_call_fn(void *self, uint64_t arg);

struct sim_call {
    sim_call_fn *fn;
    void *self;
    uint64_t arg;
};

/* Asks the memory for what an event will touch, step by step; false: there is no further step (sim_foresee in
 * sim.h). */
typedef bool sim_fetch_fn(void *self, uint64_t arg, unsigned step);

enum { SIM_PRIORITIES = 8 };

SIM_MUST_CHECK enum sim_err sim_calendar_create(struct sim_calendar **out);
void sim_calendar_destroy(struct sim_calendar *c); /* NULL allowed */

/* SIM_EINVAL for a time that is NaN, negative or infinite, or a priority out of range; SIM_ENOMEM;
 * SIM_ELIMIT. `*event` (NULL allowed) is set on SIM_OK only. O(log n). */
SIM_MUST_CHECK static inline enum sim_err sim_calendar_push(struct sim_calendar *c, double time_s,
                                                            unsigned priority, struct sim_call call,
                                                            struct sim_handle *event);

/* Takes the earliest event; false if there is none. O(log n). */
bool sim_calendar_pop(struct sim_calendar *c, double *time_s, struct sim_call *call);

/* The time of the earliest event, INFINITY if there is none. O(log n), once for each event. */
double sim_calendar_next_s(struct sim_calendar *c);

bool sim_calendar_is_pending(const struct sim_calendar *c, struct sim_handle event);

/* True if it was pending. O(1) on average. */
bool sim_calendar_cancel(struct sim_calendar *c, struct sim_handle event);

/* Moves a pending event, behind all others at the new time and its priority. SIM_EINVAL for a bad
 * time or an event that is not pending; SIM_ENOMEM; SIM_ELIMIT. O(log n); to a time that is not earlier O(1), and
 * O(log n) once, when it would have been due. */
SIM_MUST_CHECK enum sim_err sim_calendar_reschedule(struct sim_calendar *c, struct sim_handle event,
                                                    double time_s);

uint32_t sim_calendar_n_pending(const struct sim_calendar *c);

/* The same with the call in registers (sim_schedule_at in sim.h says why). */
SIM_MUST_CHECK enum sim_err sim_calendar_schedule(struct sim_calendar *c, double time_s,
                                                  unsigned priority, sim_call_fn *fn, void *self,
                                                  uint64_t arg, struct sim_handle *event);

static inline enum sim_err sim_calendar_push(struct sim_calendar *c, double time_s,
                                             unsigned priority, struct sim_call call,
                                             struct sim_handle *event)
{
    return sim_calendar_schedule(c, time_s, priority, call.fn, call.self, call.arg, event);
}

#endif
