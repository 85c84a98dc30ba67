/* cli/scenario_table.h -- -o FILE of subcommands that make one table of scenarios: the table as CSV, and FILE.manifest.json,
 * by which `rerun` makes it again from the scenarios, as they were named and where. */
#ifndef CLI_SCENARIO_TABLE_H
#define CLI_SCENARIO_TABLE_H

#include "cli/options.h"
#include "output/new_file.h"

#include <time.h>

struct scenario_table {
    const char *path; /* NULL: no file is wanted */
    bool is_forced;
    struct new_file *file;
    time_t started;
    int argc; /* of the subcommand, for the manifest */
    char **argv;
};

/* Takes --output and --force into its input, the struct scenario_table. */
extern const struct argp scenario_table_argp;

/* What it was made of. */
struct scenario_table_source {
    const char *subcommand;
    const struct scenario_options *common; /* their --set is repeated */
    const char *const *option;             /* n_options words that are repeated besides */
    size_t n_options;
    const char *const *path; /* n_paths scenarios, as named */
    size_t n_paths;
    const struct scenario *const *scenario; /* n_scenarios, with all options */
    size_t n_scenarios;
    uint32_t threads;
};

/* Begins the file, before the work: a place that cannot be had is told at once. Tells what is wrong. */
enum exit_code scenario_table_begin(struct scenario_table *t, const char *work,
                                    const char *const path[], size_t n);

/* Where to write the table. NULL if no file is wanted. */
const char *scenario_table_place(const struct scenario_table *t);

/* Puts the file in its place, and its manifest beside it, when the table was `written`: SIM_OK, or what it is an error
 * with. SIM_ESTOPPED, SIM_EIO, SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err scenario_table_commit(struct scenario_table *t, enum sim_err written,
                                                  const struct scenario_table_source *source,
                                                  struct sim_error *e);
void scenario_table_fini(struct scenario_table *t);

#endif
