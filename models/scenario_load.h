/* models/scenario_load.h -- from files and options to a checked scenario.
 *
 * Layers, the later ones on top: defaults, built-in classes, servers and timeline (where a scenario
 * names none), the files of the `extends:` chain from the base up (a file, or a preset as
 * `preset/NAME`), the scenario file, `--set` options.
 */
#ifndef MODELS_SCENARIO_LOAD_H
#define MODELS_SCENARIO_LOAD_H

#include "models/scenario.h"
#include "models/settings.h"

/* A value given on the command line. */
struct scenario_override {
    const char *shown; /* "--seed 7": names the place in messages */
    const char *path, *value;
};

/* Loads, checks and fills `*scenario`; `settings` keeps what was said where. Everything that is
 * wrong goes to `problems`. SIM_OK, or SIM_ENOENT and SIM_EIO for the scenario file itself,
 * SIM_EINVAL for what is in it, SIM_ENOMEM. `path` "-" is standard input, "preset/NAME" a
 * preset. On an error the scenario
 * is empty. */
SIM_MUST_CHECK enum sim_err scenario_load(const char *path,
                                          const struct scenario_override *overrides,
                                          size_t n_overrides, struct settings *settings,
                                          struct scenario *scenario, struct problems *problems);

/* The part of scenario_load behind the files: builds and checks the scenario that settings describe. */
SIM_MUST_CHECK enum sim_err scenario_from_settings(const struct settings *settings,
                                                   struct scenario *scenario,
                                                   struct problems *problems);

/* scenario_build.c: from settings to typed values. Problems are added; false if out of memory. */
bool scenario_build(const struct settings *settings, struct scenario *scenario,
                    struct problems *problems);

/* scenario_check.c: what single values cannot show. */
void scenario_check(const struct settings *settings, struct scenario *scenario,
                    struct problems *problems);

#endif
