/* study/queue.h -- who runs which run, and who writes.
 *
 * The queue knows what is missing. It hands out runs, the points that are expected to take longest first (by what their
 * runs took that are in the store, else by their scenario), and takes their outcomes, which it puts into the store, a commit each. Who carries the runs out is of no concern
 * to it: threads (crew.h), or other processes, to which a run is two numbers. Nothing that is put
 * into the store depends on who asked first.
 *
 * Not thread-safe: callers take turns. Memory grows with the points, not with the runs.
 */
#ifndef STUDY_QUEUE_H
#define STUDY_QUEUE_H

#include "study/outcome.h"
#include "study/plan.h"
#include "study/shard.h"

struct queue; /* opaque */

struct task {
    uint32_t point, replication;
    const struct scenario *scenario; /* valid until the outcome is put */
};

enum queue_answer {
    QUEUE_TASK, /* here is one */
    QUEUE_WAIT, /* it depends on runs under way whether there will be more */
    QUEUE_EMPTY /* nothing is left to be handed out */
};

/* What is known of the whole. */
struct queue_state {
    uint64_t n_runs;  /* wanted, as far as known: with automatic replications it grows */
    uint64_t n_there; /* in the store, of those wanted */
    uint64_t n_new;   /* of these, put by this queue */
    uint64_t n_again; /* were there, but without a series that is wanted now */
    uint64_t n_failed;
    double cost_left;            /* of what is not there, in the units of the plan */
    double cost_new, wall_new_s; /* of what was put: what a unit takes */

    /* The point of the run that was put last, and of its runs that this queue was given: how many, and the mean of
     * user_minutes_lost. Of all points together a mean would say nothing. */
    uint32_t last_point, n_last;
    double mean_last;
};

/* Looks up what is there. `plan` and `store` are borrowed. SIM_EINVAL if precision.figures are not columns,
 * SIM_EIO, SIM_ENOMEM, SIM_ESTOPPED. */
SIM_MUST_CHECK enum sim_err queue_create(const struct plan *plan, struct store *store,
                                         struct shard shard, struct queue **out,
                                         struct sim_error *e);
void queue_destroy(struct queue *q); /* NULL allowed */

/* The next run. SIM_EIO, SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err queue_take(struct queue *q, struct task *task,
                                       enum queue_answer *answer, struct sim_error *e);

/* Its outcome, which is still the caller's. SIM_EIO. */
SIM_MUST_CHECK enum sim_err queue_put(struct queue *q, const struct task *task,
                                      const struct outcome *o, struct sim_error *e);

/* It failed, or was given up. A run that failed is not tried again by this queue. */
void queue_give_back(struct queue *q, const struct task *task, bool has_failed);

/* The time series that runs of this study keep. */
char *const *queue_series(const struct queue *q, size_t *n);

struct queue_state queue_state(const struct queue *q);

#endif
