/* cli/options.h -- the scenario and the options that change it: the same for run, check and show.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "cli/exit_code.h"
#include "models/scenario_load.h"

#include <argp.h>

/* All zeros is nothing given. */
struct scenario_options {
    const char *path; /* "-" for standard input */
    struct scenario_override *override;
    char **owned; /* texts the overrides borrow */
    size_t n, capacity, n_owned, owned_capacity;
    size_t n_expected;  /* --expect given */
    bool is_strict;     /* --expect-strict */
    bool knows_studies; /* nobody need be told that `sweep` and `expect` are not used */
};

/* Takes the scenario argument, --set, --seed and --replications; a child of each subcommand's
 * parser. Its input is the struct scenario_options. */
extern const struct argp options_argp;

/* Takes --sweep and --expect, for the subcommands that know studies; its input is the same, and knows it then. */
extern const struct argp options_sweep_argp;

/* Says that a scenario has a sweep or expectations, which are not used here, if it has. */
void options_tell_unused(const char *path, const struct settings *settings);

/* The place of an output: `text`, unless that is no name a file or folder can have. */
const char *options_output(const char *text, struct argp_state *state);

/* Which of the `n` names `text` is; else a usage error: "--format is text, csv or md, not 'xml'". */
int options_choice(const char *option, const char *const name[], int n, const char *text,
                   struct argp_state *state);

/* What stands between the fields of a file: one of , ; | : space tab, by itself or in words; else a usage error. */
char options_delimiter(const char *text, struct argp_state *state);

void options_fini(struct scenario_options *o);

/* Loads the scenario or prints everything that is wrong with it to stderr. Says so if it has a sweep or
 * expectations, and nobody here knows studies. */
enum exit_code options_load(const struct scenario_options *o, struct settings *settings,
                            struct scenario *scenario);

#endif
