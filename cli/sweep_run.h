/* cli/sweep_run.h -- a study, from its scenario to its tables: runs what is missing.
 *
 * FOLDER/study.db is the state, or FOLDER/shard-3-of-16.db that of a shard; everything else in the folder is
 * made from it.
 */
#ifndef CLI_SWEEP_RUN_H
#define CLI_SWEEP_RUN_H

#include "cli/format.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "study/queue.h"
#include "study/tables.h"

struct sweep_options {
    const char *folder;   /* NULL: named after the scenario */
    const char *scenario; /* as named on the command line */
    bool is_forced;       /* begin anew */
    bool is_quiet;
    bool has_yes;   /* however many points */
    bool is_strict; /* an expectation that is not decided counts as missed */
    unsigned threads;
    enum progress_form progress;
    struct format_options format; /* of the points on standard output */
    struct shard shard;
    int argc; /* for the manifest */
    char **argv;
};

/* Does a scenario ask for a study? */
bool sweep_is_wanted(const struct settings *settings, const struct scenario *scenario,
                     const struct sweep_options *o);

/* "3/16"; a usage error if it is none. */
struct shard sweep_parse_shard(const char *text, struct argp_state *state);

/* Makes the plan and prints what is wrong. Many points are refused without has_yes. */
enum exit_code sweep_make_plan(const struct settings *settings, const struct scenario *scenario,
                               bool has_yes, struct plan *plan);

enum exit_code sweep_run(const struct sweep_options *o, const struct settings *settings,
                         const struct scenario *scenario);

/* Writes tables, scenario and manifest of what is in the store, and says so. */
enum exit_code sweep_write(const struct sweep_options *o, const struct plan *plan,
                           struct store *store, const char *folder, time_t started);

/* The folder of a study, freed by the caller; NULL when out of memory. */
char *sweep_folder(const struct sweep_options *o);

/* Makes the folder, or finds that it is that of a study; then opens `name` in it and claims it. */
enum exit_code sweep_open(const struct sweep_options *o, const struct plan *plan,
                          const char *folder, const char *name, struct store **store);

/* Names this program in the store, version and revision, and says whose runs are there if they are another's. SIM_EIO,
 * SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err sweep_name_program(struct store *store, struct sim_error *e);

#endif
