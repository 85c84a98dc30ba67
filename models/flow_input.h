/* models/flow_input.h -- flows and capacities from CSV files.
 *
 * Flows: start_s and size_byte must be there; id, cap_bit_per_s, weight, rtt_s and cancel_s may be,
 * and an empty cell of theirs is the default. Capacity: time_s and bit_per_s. Every column may go
 * by another name, so that a log can be read as it is.
 */
#ifndef MODELS_FLOW_INPUT_H
#define MODELS_FLOW_INPUT_H

#include "models/flow_trace.h"

#include <stdbool.h>

enum flow_column {
    FLOW_START,
    FLOW_SIZE,
    FLOW_ID,     /* any text; default: the number of the row */
    FLOW_CAP,    /* default: 0, none; rounded to whole bit/s, at least 1 */
    FLOW_WEIGHT, /* default: 1 */
    FLOW_RTT,    /* default: 0 */
    FLOW_CANCEL, /* default: never */
    FLOW_COLUMNS,
    STEP_TIME = FLOW_COLUMNS,
    STEP_RATE,
    ALL_COLUMNS
};

extern const char *const flow_column_names[ALL_COLUMNS];

/* How the files look. All zeros but for the delimiter is the standard. */
struct flow_format {
    const char *renamed[ALL_COLUMNS]; /* NULL: as in flow_column_names; else it must be there */
    char delimiter;                   /* of both files */
};

/* All zeros is empty. */
struct flow_input {
    struct trace_flow *flow;
    size_t n, capacity;
    size_t n_capped;  /* flows with a cap */
    size_t n_rounded; /* caps that were not whole */
    double size_byte; /* of all flows */
    bool has[FLOW_COLUMNS];
    char *id; /* texts behind each other, each with its zero; NULL without ids */
    size_t id_byte, id_capacity;
};

void flow_input_fini(struct flow_input *in);

/* Reads the flows of a file ("-": standard input). SIM_EINVAL with place and reason; SIM_ENOENT,
 * SIM_EIO, SIM_ENOMEM. `in` is to be finished in any case. */
SIM_MUST_CHECK enum sim_err flow_input_read(const char *path, const struct flow_format *format,
                                            struct flow_input *in, struct sim_error *e);

/* Reads the steps of a capacity into an array that the caller frees, set in any case. */
SIM_MUST_CHECK enum sim_err flow_input_capacity(const char *path, const struct flow_format *format,
                                                struct trace_step **step, size_t *n,
                                                struct sim_error *e);

#endif
