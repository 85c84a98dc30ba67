/* cli/expected.h -- the expectations of a single scenario: read before the run, judged after it. */
#ifndef CLI_EXPECTED_H
#define CLI_EXPECTED_H

#include "cli/exit_code.h"
#include "cli/study.h"
#include "study/expect.h"

/* All zeros is nothing expected. */
struct expected {
    struct expectations list;
    struct judgement *judgement; /* list.n, after expected_judge */
};

/* Reads them; prints what is wrong to stderr. Nothing expected is fine. */
enum exit_code expected_read(const struct settings *settings, const struct scenario *scenario,
                             struct expected *x);
void expected_fini(struct expected *x);

/* SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err expected_judge(struct expected *x, const struct study *study,
                                           struct sim_error *e);

/* A line each: verdict, expectation, the figure with its bound. */
void expected_print(const struct expected *x, double confidence, FILE *out);

/* EXIT_MISSED if one was missed; `is_strict`: or not decided. */
enum exit_code expected_code(const struct expected *x, bool is_strict);

#endif
