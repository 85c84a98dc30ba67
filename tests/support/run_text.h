/* tests/support/run_text.h -- a replication of a scenario from a text in a test. */
#ifndef TESTS_SUPPORT_RUN_TEXT_H
#define TESTS_SUPPORT_RUN_TEXT_H

#include "tests/support/scenario_text.h"

#include "models/metrics.h"
#include "models/world.h"

/* Runs `replication` of the scenario in `yaml`; with problems the test fails and shows them. Freed by
 * run_result_fini. */
void run_text(const char *yaml, uint32_t replication, struct run_result *result);

/* A metric of a result by name; it must exist. */
double metric_of(const struct run_result *result, const char *name);

#endif
