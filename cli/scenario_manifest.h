/* cli/scenario_manifest.h -- what the manifests of all subcommands say of the program and a scenario. */
#ifndef CLI_SCENARIO_MANIFEST_H
#define CLI_SCENARIO_MANIFEST_H

#include "models/scenario.h"
#include "output/manifest.h"

/* Fills `*m` with program and scenario, one point and its replications; file name, threads, times, command
 * and gnuplot are the caller's. `digest`, the SHA-256 of the canonical effective scenario, must live as
 * long as `*m`. SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err scenario_manifest(const struct scenario *scenario,
                                              char digest[static SHA256_TEXT], struct manifest *m,
                                              struct sim_error *e);

/* The same of `n` scenarios, a point each, whose canonical forms are hashed one behind the other; seed, replications and
 * confidence are those of the first. */
SIM_MUST_CHECK enum sim_err scenario_manifest_of(const struct scenario *const scenario[], size_t n,
                                                 char digest[static SHA256_TEXT],
                                                 struct manifest *m, struct sim_error *e);

#endif
