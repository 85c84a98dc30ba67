/* cli/sweep_load.h -- a scenario and the plan of its study, for subcommands that need both. */
#ifndef CLI_SWEEP_LOAD_H
#define CLI_SWEEP_LOAD_H

#include "cli/sweep_run.h"

struct sweep_load {
    struct settings settings;
    struct scenario scenario;
    struct plan plan; /* borrows the others */
    char *folder;     /* of the study; NULL if none was asked for */
};

/* Loads what the options name; with `o`, also the name of the study's folder. Says what is wrong. Whatever comes
 * back, sweep_load_fini frees it. */
enum exit_code sweep_load(const struct scenario_options *options, bool has_yes,
                          const struct sweep_options *o, struct sweep_load *l);
void sweep_load_fini(struct sweep_load *l);

#endif
