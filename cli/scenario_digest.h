/* cli/scenario_digest.h -- the name of a scenario by its content. */
#ifndef CLI_SCENARIO_DIGEST_H
#define CLI_SCENARIO_DIGEST_H

#include "models/scenario.h"
#include "output/manifest.h"

/* SHA-256 of the canonical effective scenario, in hexadecimal. SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err scenario_digest(const struct scenario *scenario,
                                            char digest[static SHA256_TEXT], struct sim_error *e);

#endif
