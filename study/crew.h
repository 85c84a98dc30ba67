/* study/crew.h -- threads that carry out the runs of a queue. */
#ifndef STUDY_CREW_H
#define STUDY_CREW_H

#include "study/queue.h"

/* Whom to tell; one call at a time, from any thread. */
struct crew_watch {
    void (*progress)(void *context, const struct queue_state *state); /* a run has ended */
    void (*failure)(void *context, const struct task *task, const struct sim_error *e);
    bool (*stop_requested)(void *context); /* called with NULL */
    void *context;
};

/* What becomes of a run that has ended with `err`, its outcome or its error: into the queue, and told; or given
 * back to it. One call at a time. SIM_OK if the work goes on: of a run that failed (SIM_ELIMIT) too. */
SIM_MUST_CHECK enum sim_err crew_settle(struct queue *q, const struct crew_watch *watch,
                                        const struct task *task, enum sim_err err,
                                        struct outcome *o, struct sim_error *e);

/* Runs until the queue is empty, on `threads` >= 1 threads. A run that fails (SIM_ELIMIT) is told and left out;
 * any other error ends the work, as does a stop: SIM_ESTOPPED. What is done is in the store then. */
SIM_MUST_CHECK enum sim_err crew_run(struct queue *q, uint32_t threads,
                                     const struct crew_watch *watch, struct sim_error *e);

#endif
