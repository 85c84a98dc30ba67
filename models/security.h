/* models/security.h -- orders against devices: denied, locked, to be wiped; and what becomes of them.
 *
 * A sync server keeps such orders in its state database and carries them out when the device comes into
 * contact: a denied device gets nothing, one to be locked or wiped is, once. With the state they are
 * lost: a fresh server knows of no order and serves whoever comes. From that contact on the device is
 * exposed, until a contact after the orders have been issued again (or after the server that knows them
 * is back); what lies behind the horizon is not counted.
 *
 * The devices with orders are few beside the others, and most of them are not in their owners' hands.
 * So they are not among the devices that are simulated one by one and put no load on anything: for each
 * order its contacts are drawn, and held against what the server of that moment knew.
 *
 * The projection (LotusTraveler.nsf) shows the orders to the administrator, a while after they have been
 * given, and nothing reads it back. If it comes from a backup while the state database does not, it goes on
 * showing wipes as pending that nobody will carry out: ghost wipes.
 *
 * Source: the records are lost with the database (HCL Traveler 9.0.1, Defragmenting the internal database);
 * the projection is written from it and never read (HCL Traveler 11.0.0, Deleting a user FAQ); from 9.0.1.10
 * on a record outlives a reset or delete by NTS_ADMIN_CLEANUP_TIMEOUT only, 30 days (Poettgen, 2016).
 */
#ifndef MODELS_SECURITY_H
#define MODELS_SECURITY_H

#include "sim/core/sim.h"
#include "sim/rng/dist.h"

/* What a reset or delete of a device does to orders against it. */
enum security_after_reset {
    AFTER_RESET_KEPT,    /* nothing: 2011 */
    AFTER_RESET_CLEANUP, /* they go when the device has not come for cleanup_timeout */
};

/* Distributions are owned by the scenario. */
struct security_config {
    uint32_t denied, locks, wipes; /* orders at the failure, not carried out so far */
    struct sim_dist *age;          /* s, since they were given, at the failure */
    struct sim_dist *contact;      /* s, between contacts of such a device */
    double reissue_s;              /* after the failure: somebody gives all orders again */
    enum security_after_reset after_reset;
    double cleanup_timeout_s;
    double projection_lag_s; /* from an order to its place in the projection */
};

/* What a device with an order met from a moment on. */
struct security_epoch {
    double from_s;
    bool is_reachable; /* a server takes connections */
    uint32_t server;   /* this one */
};

enum security_event {
    SECURITY_EMPTIED,    /* the server has lost all records */
    SECURITY_RESTORED,   /* it has those that it had at `backup_s` */
    SECURITY_DELETED,    /* those against devices of `user` are deleted */
    SECURITY_RESET,      /* devices of `user` are reset or deleted */
    SECURITY_PROJECTION, /* its projection shows the orders that it had at `backup_s`, for good */
};

enum { SECURITY_ALL_USERS = UINT32_MAX };

/* What happened to the records of a server. At the failure the first server has all of them. */
struct security_change {
    double at_s; /* before the failure: negative */
    enum security_event event;
    uint32_t server;
    uint32_t user;   /* or SECURITY_ALL_USERS */
    double backup_s; /* time of the backup */
};

/* Zeroed to begin with. */
struct security_history {
    struct security_epoch *epoch;
    struct security_change *change;
    size_t n, capacity, n_changes, changes_capacity;
};

/* Appends what is met from now on, unless nothing has changed. SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err security_note(struct security_history *h, double now_s,
                                          bool is_reachable, uint32_t server);

/* Appends a change, not earlier than the last one. SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err security_change(struct security_history *h,
                                            const struct security_change *change);
void security_history_fini(struct security_history *h);

enum security_kind { SECURITY_DENIED, SECURITY_LOCK, SECURITY_WIPE };

/* What became of an order. Times in s since the failure, INFINITY for "never". */
struct security_outcome {
    enum security_kind kind;
    uint32_t device;
    double issued_s;   /* before the failure: negative */
    double served_s;   /* first contact in which it got what it should not */
    double executed_s; /* locked or wiped; of a denied device INFINITY */
    double exposure_s; /* up to the horizon */
    bool is_ghost;     /* a wipe that a restored projection shows, and nobody carried out before */
};

uint32_t security_n_orders(const struct security_config *config);

/* Whom the orders are against, and for how long it is looked at. */
struct security_scene {
    const uint32_t *user_of; /* by device */
    uint32_t n_devices, n_servers;
    double horizon_s;
};

/* Fills outcome[security_n_orders]. The orders fall on devices spread over all, which must be as many at
 * least. SIM_ENOMEM. O(orders * (contacts * epochs + changes)). */
SIM_MUST_CHECK enum sim_err security_judge(const struct security_config *config,
                                           const struct sim *sim,
                                           const struct security_history *history,
                                           const struct security_scene *scene,
                                           struct security_outcome outcome[]);

const char *security_kind_name(enum security_kind kind); /* "denied", "lock", "wipe" */

#endif
