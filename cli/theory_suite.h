/* cli/theory_suite.h -- the closed forms that `primestorm theory` runs: chosen, varied, run, counted. */
#ifndef CLI_THEORY_SUITE_H
#define CLI_THEORY_SUITE_H

#include "models/theory/vary.h"

#include <stdatomic.h>

enum { SUITE_MOST_SETTINGS = 8, SUITE_N_VERDICTS = 3 };

struct suite_request {
    char **word; /* names of groups, models or rows, with * and ?; none: everything */
    size_t n_words;
    struct theory_setting setting[SUITE_MOST_SETTINGS];
    size_t n_settings;
    uint32_t effort;      /* times the replications of each model; 1 to THEORY_MOST_EFFORT */
    double shift_percent; /* by which every exact value is made larger, wrongly */
    uint64_t seed;
};

struct suite_program {
    const struct theory_group *group;
    struct theory_varied varied;
    bool is_chosen[THEORY_MAX_ROWS];
    struct theory_result result[THEORY_MAX_ROWS];
};

struct suite {
    const struct suite_request *request;
    struct suite_program *program; /* those of which a row is chosen, in the order of the groups */
    uint32_t n;
    size_t n_rows, n_verdicts[SUITE_N_VERDICTS];
    atomic_uint n_done; /* replications of all models */
    atomic_llong shown_ns;
    unsigned n_all; /* 0: nobody is told of them */
};

/* `*request` is borrowed. SIM_EINVAL with the reason: a word that names nothing, a setting that does not
 * fit a chosen model, a model with too many events. SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err suite_create(const struct suite_request *request, struct suite **out,
                                         struct sim_error *e);
void suite_destroy(struct suite *s); /* NULL allowed */

/* Runs the models, several at once, and counts the verdicts of the chosen rows. `progress`: one line on standard
 * error, written over. */
SIM_MUST_CHECK enum sim_err suite_run(struct suite *s, unsigned threads, bool progress,
                                      struct sim_error *e);

#endif
