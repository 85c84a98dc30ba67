/* models/world.h -- builds everything of one replication from a scenario, runs it, leaves a result.
 */
#ifndef MODELS_WORLD_H
#define MODELS_WORLD_H

#include "models/result.h"
#include "models/scenario.h"

/* Of a server that is to come back. */
struct server_return {
    struct sim_handle event;
    double due_s; /* since the failure: < 0, if it was back before the clock starts */
    struct sim_call call;
};

/* Everything of one replication. The parts are for collectors (collect.h); nobody else looks in. */
struct world {
    const struct scenario *scenario;
    bool (*stop_requested)(void *context);
    void *stop_context;
    struct sim *sim;
    struct mailbox *mailboxes;    /* by user */
    uint32_t *user_of, *class_of; /* by device */
    bool *is_vip;                 /* by device */
    uint32_t *first_device_of;    /* by user, and one more */
    uint32_t n_devices;
    struct sync_world sync_world;
    struct network *network;
    struct mail_farm *mail;
    struct balancer *balancer;
    struct pool_database *pool; /* NULL: every server has its own */
    struct sync_server **server;
    uint32_t *n_failures;         /* by server */
    struct server_return *coming; /* by server */
    double age_s; /* how long before the failure that was which is done now; after it 0 */
    struct security_history security;
    struct devices *devices;
    struct poison *poison;                      /* where the documents lie */
    uint32_t n_crashes;                         /* of all servers, by poison documents */
    double crash_s;                             /* that they were down for it */
    uint32_t n_timeline_done, n_timeline_steps; /* so far, in all */
    bool is_complete; /* every device that lost anything is full, and the timeline is over */
    struct run_result *result;
};

/* Do its servers share one state database? */
bool world_is_pool(const struct world *w);

/* The server that has the connections; of a pool the first that is up, or the first. */
uint32_t world_active(const struct world *w);

/* Builds replication `r` of a checked scenario, which is borrowed. `stop_requested` (NULL allowed) is
 * asked while it is built and between events, every few milliseconds. SIM_ENOMEM, SIM_EINVAL, SIM_ESTOPPED. */
SIM_MUST_CHECK enum sim_err world_create(const struct scenario *scenario, uint32_t r,
                                         bool (*stop_requested)(void *context), void *stop_context,
                                         struct world **out, struct sim_error *e);

/* Runs it, once, and fills `*result`, owned by the caller; errors as of world_run. */
SIM_MUST_CHECK enum sim_err world_go(struct world *w, struct run_result *result,
                                     struct sim_error *e);
void world_destroy(struct world *w); /* NULL allowed */

/* Builds and runs replication `r` of a checked scenario and fills `*result`. Errors: SIM_ENOMEM,
 * SIM_ELIMIT (too many events), SIM_ESTOPPED, SIM_EINVAL (accounting does not add up: a bug).
 * Thread-safe: the scenario is only read. */
SIM_MUST_CHECK enum sim_err world_run(const struct scenario *scenario, uint32_t r,
                                      bool (*stop_requested)(void *context), void *stop_context,
                                      struct run_result *result, struct sim_error *e);

#endif
