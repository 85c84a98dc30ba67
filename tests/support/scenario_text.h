/* tests/support/scenario_text.h -- a scenario from a text in a test. */
#ifndef TESTS_SUPPORT_SCENARIO_TEXT_H
#define TESTS_SUPPORT_SCENARIO_TEXT_H

#include "models/scenario_load.h"

#include <stdbool.h>

/* Loads `yaml` as a scenario; with problems the test fails and shows them. Freed by scenario_fini.
 */
void scenario_from_text(const char *yaml, struct scenario *scenario);

/* The same, and what was said where; freed by settings_fini. */
void settings_from_text(const char *yaml, struct settings *settings, struct scenario *scenario);

/* Loads `yaml`, which must be wrong, and returns everything that is said about it, a line each,
 * with the name of the file replaced by "FILE". Freed by the caller. */
char *scenario_problems(const char *yaml);

/* The test fails unless `expected` is part of what is said about `yaml`, which must be wrong. */
void assert_scenario_problem(const char *yaml, const char *expected);

#endif
