/* study/expect.h -- what is expected of the answer, and whether the replications bear it out.
 *
 *   expect:
 *     - full_p95_s < 10 min              the mean over the replications
 *     - p95 of full_max_s <= 20 min      a quantile over the replications: 19 storms of 20
 *     - unfinished <= 0
 *
 * A figure is a column of runs.csv; its limit has a unit where the figure has one. An expectation is judged on
 * an interval of the confidence of the scenario, Student's for the mean, by order statistics for a quantile
 * (sim/stat/interval.h): met, if all of the interval is on the right side of the limit, missed, if all of it is on the
 * wrong one, else undecided. So a verdict "met" is wrong with a probability of at most (1 - confidence)/2. A figure
 * that is "never" in one replication has a mean beyond every limit.
 */
#ifndef STUDY_EXPECT_H
#define STUDY_EXPECT_H

#include "models/figures.h"
#include "models/settings.h"

enum expect_relation { EXPECT_LESS, EXPECT_AT_MOST, EXPECT_GREATER, EXPECT_AT_LEAST };

struct expectation {
    char text[160]; /* as written, spaces tidied */
    char figure[80];
    const char *unit; /* of the figure and the limit; static */
    double quantile;  /* over the replications; NaN: their mean */
    enum expect_relation relation;
    double limit;
};

/* All zeros is nothing expected. */
struct expectations {
    struct expectation *item;
    size_t n, capacity;
};

/* Is anything said below `expect`? */
bool expect_is_given(const struct settings *settings);

/* Does every expectation name a figure that is among these? True of what is no expectation at all, too. */
bool expect_all_known(const struct settings *settings, const struct known_figures *figures);

/* Reads them. Mistakes go to `problems`, with their places. SIM_EINVAL, SIM_ENOMEM: then there are none. */
SIM_MUST_CHECK enum sim_err expect_read(const struct settings *settings,
                                        const struct known_figures *figures, struct expectations *x,
                                        struct problems *problems);
void expect_fini(struct expectations *x);

enum verdict { VERDICT_MET, VERDICT_MISSED, VERDICT_UNDECIDED, VERDICT_N };
const char *verdict_name(enum verdict v); /* "met", "missed", "undecided" */

/* Is that a reason to fail? `is_strict`: what is not decided is one too. */
bool verdict_fails(enum verdict v, bool is_strict);

struct judgement {
    enum verdict verdict;
    double estimate;  /* NaN: not measured; INFINITY: never */
    double low, high; /* the interval; NaN without one, an open end is infinite */
    uint32_t n;       /* replications in which it was measured */
    double needs;     /* about as many would decide it, if undecided; NaN if that cannot be said */
};

/* Judges by the figure's value in each of n replications; NaN is "not measured". SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err expect_judge(const struct expectation *x, const double value[],
                                         uint32_t n, double confidence, struct judgement *j);

#endif
