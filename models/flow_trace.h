/* models/flow_trace.h -- a trace of flows through one shared link: when does each of them end?
 *
 * Flows with a start, a size, a cap, a weight and perhaps a moment at which they are given up share
 * a link, whose capacity may change in steps, by weighted max-min (sim/res/fluid.h). Nothing is
 * drawn: the same trace gives the same bytes. Times are absolute and of any origin (epoch seconds,
 * for instance); inside, they count from the first start, so that no digits are lost.
 *
 * A flow occupies the link with 8 * size_byte * overhead bit. Its first bit comes
 * round_trips * rtt_s after start_s; slow start and loss are not simulated (models/transport.h has
 * them for devices).
 */
#ifndef MODELS_FLOW_TRACE_H
#define MODELS_FLOW_TRACE_H

#include "sim/base/err.h"

#include <stddef.h>
#include <stdint.h>

enum {
    TRACE_MAX_FLOWS = (1 << 24) - 1, /* what sim/base/slots.h holds at once */
};

enum trace_end {
    TRACE_NEVER,     /* the link stands still, and for ever */
    TRACE_FINISHED,  /* at finish_s */
    TRACE_CANCELLED, /* at cancel_s, before its end */
};

struct trace_flow {
    double start_s;
    double size_byte; /* >= 0; of nothing, it ends when its first bit would have come */
    double rtt_s;     /* >= 0 */
    double cancel_s;  /* >= start_s; INFINITY: never. At the very end of the flow it is too late */
    uint64_t cap_bit_per_s; /* on the wire, <= SIM_FLUID_MAX_CAP; 0: none */
    uint32_t weight;        /* 1 .. SIM_FLUID_MAX_WEIGHT */

    /* Results. */
    enum trace_end end;
    double finish_s;      /* INFINITY unless finished */
    double duration_s;    /* from start_s on; INFINITY unless finished */
    double received_byte; /* without overhead; of a finished flow, its size */
};

/* The capacity is bit_per_s from time_s on. */
struct trace_step {
    double time_s;
    uint64_t bit_per_s; /* on the wire, <= SIM_FLUID_MAX_CAPACITY; 0: stands still */
};

struct trace_link {
    const struct trace_step *step; /* times ascending, the first not after the first start */
    size_t n_steps;                /* >= 1 */
    double overhead;               /* bytes on the wire per byte of a flow, > 0 */
    double round_trips;            /* before the first bit, >= 0 */
};

struct trace_summary {
    size_t n_finished, n_cancelled, n_never;
    double received_byte;
    double makespan_s;      /* from the first start to the last end */
    double mean_duration_s; /* of those that finished; NaN if none did */
    double p95_duration_s;  /* type 7 */
    double saturated_share; /* of the makespan: some flow gets less than its cap */
    double used_share;      /* of the capacity, averaged over the makespan */
};

/* Fills in the results of n flows, 1 <= n <= TRACE_MAX_FLOWS. SIM_EINVAL if a flow starts before
 * the capacity is known; SIM_ENOMEM. O(n log n). */
SIM_MUST_CHECK enum sim_err flow_trace_run(const struct trace_link *link, struct trace_flow *flow,
                                           size_t n, struct trace_summary *summary,
                                           struct sim_error *e);

#endif
