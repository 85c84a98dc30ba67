/* models/scenario_show.h -- a scenario as text: for people with origins, for machines in one form.
 */
#ifndef MODELS_SCENARIO_SHOW_H
#define MODELS_SCENARIO_SHOW_H

#include "models/scenario_load.h"

/* Writes the effective scenario as YAML that can be loaded again: every key, values as they were
 * written. With `origins`, a comment behind each value says where it comes from, and the
 * last line how large the state database becomes (models/state_size.h). */
void scenario_show(const struct settings *settings, const struct scenario *scenario, bool origins,
                   FILE *out);

/* Writes the same in one canonical form, "key = value" with values in SI, and the moments of measured columns: what
 * the hash is taken of. */
void scenario_canonical(const struct scenario *scenario, FILE *out);

#endif
