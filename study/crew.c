#include "study/crew.h"

#include "sim/base/threads.h"

#include <pthread.h>

/* Everything is guarded by the mutex; runs are carried out without it. */
struct crew {
    struct queue *queue;
    const struct crew_watch *watch;
    char *const *series;
    size_t n_series;
    pthread_mutex_t mutex;
    pthread_cond_t changed; /* a run has ended: there may be more to do */
    enum sim_err err;
    struct sim_error error;
};

static void fail(struct crew *c, enum sim_err err, const struct sim_error *e)
{
    if (c->err == SIM_OK) {
        c->err = err;
        c->error = *e;
    }
}

/* Waits for a run; false when there is none for this thread. Called with the mutex held. */
static bool take(struct crew *c, struct task *task)
{
    for (;;) {
        struct sim_error e = {SIM_OK, ""};
        enum queue_answer answer = QUEUE_EMPTY;
        if (c->err == SIM_OK && c->watch->stop_requested(NULL)) {
            fail(c, sim_fail(&e, SIM_ESTOPPED, "stopped on request"), &e);
        }
        if (c->err != SIM_OK) {
            return false;
        }
        const enum sim_err err = queue_take(c->queue, task, &answer, &e);
        if (err != SIM_OK) {
            fail(c, err, &e);
            return false;
        }
        if (answer != QUEUE_WAIT) {
            return answer == QUEUE_TASK;
        }
        pthread_cond_wait(&c->changed, &c->mutex);
    }
}

enum sim_err crew_settle(struct queue *q, const struct crew_watch *watch, const struct task *task,
                         enum sim_err err, struct outcome *o, struct sim_error *e)
{
    if (err == SIM_OK) {
        err = queue_put(q, task, o, e);
        if (err == SIM_OK) {
            const struct queue_state state = queue_state(q);
            watch->progress(watch->context, &state);
        }
        return err;
    }
    queue_give_back(q, task, err == SIM_ELIMIT);
    if (err == SIM_ELIMIT) {
        watch->failure(watch->context, task, e);
        return SIM_OK;
    }
    return err;
}

static void *work(void *crew)
{
    struct crew *const c = crew;
    struct task task;
    pthread_mutex_lock(&c->mutex);
    while (take(c, &task)) {
        pthread_mutex_unlock(&c->mutex);
        struct outcome outcome;
        struct sim_error e = {SIM_OK, ""};
        enum sim_err err = outcome_run(task.scenario, task.replication, c->series, c->n_series,
                                       c->watch->stop_requested, &outcome, &e);
        pthread_mutex_lock(&c->mutex);
        err = crew_settle(c->queue, c->watch, &task, err, &outcome, &e);
        if (err != SIM_OK) {
            fail(c, err, &e);
        }
        outcome_fini(&outcome);
        pthread_cond_broadcast(&c->changed);
    }
    pthread_cond_broadcast(&c->changed);
    pthread_mutex_unlock(&c->mutex);
    return NULL;
}

enum sim_err crew_run(struct queue *q, uint32_t threads, const struct crew_watch *watch,
                      struct sim_error *e)
{
    struct crew c = {.queue = q, .watch = watch, .err = SIM_OK};
    c.series = queue_series(q, &c.n_series);
    pthread_mutex_init(&c.mutex, NULL);
    pthread_cond_init(&c.changed, NULL);
    sim_run_threads(threads, work, &c);
    pthread_cond_destroy(&c.changed);
    pthread_mutex_destroy(&c.mutex);
    if (c.err != SIM_OK) {
        *e = c.error;
    }
    return c.err;
}
