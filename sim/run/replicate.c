#include "sim/run/replicate.h"

#include "sim/base/assert.h"
#include "sim/base/threads.h"

#include <pthread.h>

/* Shared by the workers; everything below the mutex is guarded by it. */
struct crew {
    const struct sim_experiment *experiment;
    uint32_t n;
    pthread_mutex_t mutex;
    uint32_t next, n_done;
    bool stopped;
    uint32_t failed; /* lowest replication that failed, n if none */
    struct sim_error error;
};

/* Hands out the next replication; false when there is none. */
static bool take(struct crew *c, uint32_t *r)
{
    const struct sim_experiment *const x = c->experiment;
    const bool stop = x->stop_requested != NULL && x->stop_requested(x->context);
    pthread_mutex_lock(&c->mutex);
    c->stopped = c->stopped || (stop && c->next < c->n);
    const bool taken = !c->stopped && c->failed == c->n && c->next < c->n;
    if (taken) {
        *r = c->next++;
    }
    pthread_mutex_unlock(&c->mutex);
    return taken;
}

static void account(struct crew *c, uint32_t r, enum sim_err err, const struct sim_error *e)
{
    const struct sim_experiment *const x = c->experiment;
    pthread_mutex_lock(&c->mutex);
    if (err == SIM_ESTOPPED) {
        c->stopped = true;
    } else if (err != SIM_OK && r < c->failed) {
        c->failed = r;
        c->error = *e;
        c->error.code = err;
    }
    c->n_done++;
    if (err == SIM_OK && x->progress != NULL) {
        x->progress(x->context, c->n_done, c->n);
    }
    pthread_mutex_unlock(&c->mutex);
}

static void *work(void *crew)
{
    struct crew *const c = crew;
    uint32_t r;
    while (take(c, &r)) {
        struct sim_error e = {SIM_OK, ""};
        const enum sim_err err = c->experiment->run(c->experiment->context, r, &e);
        account(c, r, err, &e);
    }
    return NULL;
}

enum sim_err sim_replicate(const struct sim_experiment *experiment, uint32_t n, uint32_t threads,
                           struct sim_error *e)
{
    SIM_ASSERT(threads >= 1);
    struct crew c = {.experiment = experiment, .n = n, .failed = n};
    pthread_mutex_init(&c.mutex, NULL);
    sim_run_threads(threads < n ? threads : n, work, &c);
    pthread_mutex_destroy(&c.mutex);
    if (c.failed < n) {
        return sim_fail(e, c.error.code, "replication %u: %s", c.failed, c.error.text);
    }
    return c.stopped ? sim_fail(e, SIM_ESTOPPED, "stopped on request") : SIM_OK;
}
