/* study/crew_ranks.h -- processes that carry out the runs of a queue: rank 0 hands them out and alone writes.
 *
 * Whoever is idle gets the next run, which is two numbers: every process makes the plan for itself, from the same
 * files. What comes back is the outcome. Rank 0 makes no runs, so that nobody waits for it.
 */
#ifndef STUDY_CREW_RANKS_H
#define STUDY_CREW_RANKS_H

#include "study/crew.h"
#include "study/transport.h"

/* For rank 0: runs until the queue is empty, on the ranks 1 .. n-1, and dismisses them, as after an error. Errors as of
 * crew_run; SIM_EINVAL if a worker has no plan, or another one. `are_gone`: all have said good-bye; false if there is
 * no memory to hear them out: then they are to be aborted. */
SIM_MUST_CHECK enum sim_err crew_lead(struct queue *q, const struct plan *plan,
                                      const struct transport *t, int n,
                                      const struct crew_watch *watch, bool *are_gone,
                                      struct sim_error *e);

/* For rank 0 when there is nothing to be done: dismisses the workers. */
void crew_dismiss(const struct transport *t, int n);

/* For the others: makes runs until it is dismissed. Without a plan (NULL) it says so and waits for that.
 * `stop_requested` is also asked during a run; crew_is_dismissed is to be a part of it. SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err crew_work(const struct plan *plan, const struct transport *t,
                                      bool (*stop_requested)(void *context), struct sim_error *e);

/* Is there a word from rank 0 while a run is under way? Then it is the last. */
bool crew_is_dismissed(const struct transport *t);

#endif
