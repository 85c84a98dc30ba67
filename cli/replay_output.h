/* cli/replay_output.h -- what a replay says: the table of its flows, and a sentence. */
#ifndef CLI_REPLAY_OUTPUT_H
#define CLI_REPLAY_OUTPUT_H

#include "models/flow_input.h"
#include "output/table.h"

#include <stdio.h>

/* Writes the flows, in the order of the input: its columns and the results. `path` may be "-". */
SIM_MUST_CHECK enum sim_err replay_write(const char *path, enum table_format format,
                                         const struct flow_input *in, struct sim_error *e);

/* "500 flows, 2.5 GB ...": a line, and one more each for what should be known. */
void replay_print_sentence(const struct flow_input *in, const struct trace_link *link,
                           const struct trace_summary *s, FILE *out);

#endif
