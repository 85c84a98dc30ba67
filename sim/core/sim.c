#include "sim/core/sim.h"

#include "sim/base/assert.h"
#include "sim/core/calendar_internal.h"
#include "sim/core/foresight_internal.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct sim {
    double now_s; /* first: sim_now reads it */
    uint64_t n_events;
    uint64_t attend_at; /* at so many events more than the next one is due: the watch, or the end */
    struct sim_calendar calendar;
    struct foresight foresight;
    uint64_t watch_at, watch_every; /* at which number of events `watch` is due */
    struct sim_call watch;
    uint64_t seed;
    uint32_t replication;
    bool stopped;
    struct sim_error error;
};

enum sim_err sim_create(uint64_t seed, uint32_t replication, struct sim **out)
{
    struct sim *const sim = calloc(1, sizeof *sim);
    if (sim == NULL) {
        return SIM_ENOMEM;
    }
    calendar_init(&sim->calendar);
    sim->calendar.foresight = &sim->foresight;
    sim->watch_at = sim->attend_at = UINT64_MAX;
    sim->seed = seed;
    sim->replication = replication;
    *out = sim;
    return SIM_OK;
}

void sim_destroy(struct sim *sim)
{
    if (sim != NULL) {
        calendar_fini(&sim->calendar);
        free(sim);
    }
}

uint64_t sim_n_events(const struct sim *sim)
{
    return sim->n_events;
}

static struct sim_handle raise_schedule(struct sim *sim, enum sim_err err, double time_s)
{
    if (err == SIM_EINVAL) {
        sim_raise(sim, err, "an event cannot be scheduled at %g s (now is %g s)", time_s,
                  sim->now_s);
    } else {
        sim_raise(sim, err, "an event at %g s: %s", time_s, sim_err_text(err));
    }
    return (struct sim_handle){0, 0};
}

/* What fails, or needs room. */
__attribute__((noinline)) static struct sim_handle schedule_rarely(struct sim *sim, double time_s,
                                                                   enum sim_priority priority,
                                                                   sim_call_fn *fn, void *self,
                                                                   uint64_t arg)
{
    const uint64_t key = calendar_key(time_s);
    const enum sim_err err = time_s < sim->now_s
                                 ? SIM_EINVAL
                                 : calendar_prepare(&sim->calendar, key, (unsigned)priority);
    if (err != SIM_OK) {
        return raise_schedule(sim, err, time_s);
    }
    return calendar_push(&sim->calendar, key, (unsigned)priority, fn, self, arg);
}

/* Out of line, as the next one from it, so that neither saves registers for the other: half of the instructions of
 * an event that is put on a pile. */
__attribute__((noinline)) static struct sim_handle
schedule_otherwise(struct sim *sim, double time_s, enum sim_priority priority, sim_call_fn *fn,
                   void *self, uint64_t arg)
{
    const uint64_t key = calendar_key(time_s);
    if (time_s < sim->now_s || !calendar_is_key(key) || (unsigned)priority >= SIM_PRIORITIES ||
        !calendar_is_ready(&sim->calendar)) {
        return schedule_rarely(sim, time_s, priority, fn, self, arg);
    }
    return calendar_push(&sim->calendar, key, (unsigned)priority, fn, self, arg);
}

struct sim_handle sim_schedule_at(struct sim *sim, double time_s, enum sim_priority priority,
                                  sim_call_fn *fn, void *self, uint64_t arg)
{
    const uint64_t key = calendar_key(time_s);
    if (!(time_s < sim->now_s) && (unsigned)priority < SIM_PRIORITIES &&
        calendar_is_easy(&sim->calendar, key)) {
        return calendar_push_easy(&sim->calendar, key, (unsigned)priority, fn, self, arg);
    }
    return schedule_otherwise(sim, time_s, priority, fn, self, arg);
}

__attribute__((noinline)) static struct sim_handle raise_delay(struct sim *sim, double delay_s)
{
    sim_raise(sim, SIM_EINVAL, "an event cannot be scheduled after %g s", delay_s);
    return (struct sim_handle){0, 0};
}

struct sim_handle sim_schedule_after(struct sim *sim, double delay_s, sim_call_fn *fn, void *self,
                                     uint64_t arg)
{
    const double time_s = sim->now_s + delay_s; /* no sum is -0: the clock is not */
    const uint64_t key = sim_heap_bits(time_s);
    if (!(delay_s >= 0)) { /* a sum with a large clock could hide it */
        return raise_delay(sim, delay_s);
    }
    if (calendar_is_easy(&sim->calendar, key)) {
        return calendar_push_easy(&sim->calendar, key, SIM_NORMAL, fn, self, arg);
    }
    return schedule_otherwise(sim, time_s, SIM_NORMAL, fn, self, arg);
}

bool sim_is_pending(const struct sim *sim, struct sim_handle event)
{
    return calendar_is_pending(&sim->calendar, event);
}

bool sim_cancel(struct sim *sim, struct sim_handle *event)
{
    const bool was_pending = calendar_cancel(&sim->calendar, *event);
    *event = (struct sim_handle){0, 0};
    return was_pending;
}

__attribute__((noinline)) static void reschedule_otherwise(struct sim *sim, struct sim_handle event,
                                                           double time_s)
{
    const enum sim_err err =
        time_s < sim->now_s ? SIM_EINVAL : calendar_reschedule(&sim->calendar, event, time_s);
    if (err != SIM_OK) {
        raise_schedule(sim, err, time_s);
    }
}

/* Who can be put off was not before now. */
void sim_reschedule(struct sim *sim, struct sim_handle event, double time_s)
{
    if (!calendar_put_off(&sim->calendar, event, calendar_key(time_s))) {
        reschedule_otherwise(sim, event, time_s);
    }
}

/* What is rarely due between two events, so that they are parted by one test: the watch, or the end.
 * False for the end. */
__attribute__((noinline)) static bool attend(struct sim *sim)
{
    if (sim->n_events >= sim->watch_at) {
        sim->watch_at = sim->n_events + sim->watch_every;
        sim->watch.fn(sim->watch.self, sim->watch.arg);
    }
    sim->attend_at = sim->watch_at;
    return !sim->stopped;
}

static void execute(struct sim *sim, double until_s)
{
    while (calendar_settle(&sim->calendar)) {
        const double time_s = sim_heap_bits_value(sim->calendar.entries[0].key);
        if (time_s > until_s) {
            break;
        }
        const struct sim_call call = calendar_take(&sim->calendar);
        sim->now_s = time_s;
        sim->n_events++;
        if (sim->foresight.n_foreseen > 0) {
            calendar_fetch(&sim->calendar);
        }
        call.fn(call.self, call.arg);
        if (sim->n_events >= sim->attend_at && !attend(sim)) {
            break;
        }
    }
}

enum sim_err sim_run(struct sim *sim, double until_s)
{
    sim->stopped = sim->error.code != SIM_OK;
    sim->attend_at = sim->watch_at;
    if (!sim->stopped) {
        execute(sim, until_s);
    }
    if (!sim->stopped && isfinite(until_s) && until_s > sim->now_s) {
        sim->now_s = until_s;
    }
    return sim->error.code;
}

void sim_watch(struct sim *sim, uint64_t every, struct sim_call watch)
{
    sim->watch = watch;
    sim->watch_every = every;
    sim->watch_at = sim->n_events + every;
    sim->attend_at = sim->stopped ? 0 : sim->watch_at;
}

void sim_foresee(struct sim *sim, sim_call_fn *fn, sim_fetch_fn *fetch)
{
    foresight_add(&sim->foresight, fn, fetch);
}

bool sim_foresees(const struct sim *sim)
{
    return sim->calendar.foresees;
}

bool sim_fetch(const struct sim *sim, const struct sim_call *call, unsigned step)
{
    return foresight_fetch(&sim->foresight, call, step);
}

void sim_fetch_event(const struct sim *sim, struct sim_handle event)
{
    __builtin_prefetch(&sim->calendar.records[event.slot]);
}

void sim_rewind(struct sim *sim)
{
    SIM_ASSERT(calendar_n_pending(&sim->calendar) == 0);
    sim->now_s = 0;
}

void sim_stop(struct sim *sim)
{
    sim->stopped = true;
    sim->attend_at = 0;
}

void sim_raise(struct sim *sim, enum sim_err code, const char *format, ...)
{
    sim_stop(sim);
    if (sim->error.code != SIM_OK) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    sim->error.code = code;
    vsnprintf(sim->error.text, sizeof sim->error.text, format, arguments);
    va_end(arguments);
}

const struct sim_error *sim_error(const struct sim *sim)
{
    return &sim->error;
}

void sim_open_stream(const struct sim *sim, struct sim_stream *stream, uint32_t entity,
                     uint16_t purpose, uint16_t attempt)
{
    sim_stream_open(stream, sim->seed, entity, purpose, attempt, sim->replication);
}
