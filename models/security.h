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
 * The projection (LotusTraveler.nsf) shows the orders to the administrator, and nothing reads it back.
 * If it comes from a backup while the state database does not, it goes on showing wipes as pending that
 * nobody will carry out: ghost wipes.
 */
#ifndef MODELS_SECURITY_H
#define MODELS_SECURITY_H

#include "sim/core/sim.h"
#include "sim/rng/dist.h"

struct security_config {
    uint32_t denied, locks, wipes; /* orders at the failure, not carried out so far */
    struct sim_dist *contact;      /* s, between contacts of such a device; owned by the scenario */
    double reissue_s;              /* after the failure: somebody has issued all orders again */
};

/* What a device with an order met from a moment on. */
struct security_epoch {
    double from_s;
    bool is_reachable; /* a server takes connections */
    bool knows_orders; /* and it has their records */
};

struct security_history {
    struct security_epoch *epoch;
    size_t n, capacity;
    double ghosts_from_s; /* a projection without its state was restored; INFINITY: none was */
};

/* Appends what is met from now on, unless nothing has changed. SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err security_note(struct security_history *h, double now_s,
                                          bool is_reachable, bool knows_orders);
void security_history_fini(struct security_history *h);

enum security_kind { SECURITY_DENIED, SECURITY_LOCK, SECURITY_WIPE };

/* What became of an order. Times in s since the failure, INFINITY for "never". */
struct security_outcome {
    enum security_kind kind;
    uint32_t device;
    double served_s;   /* first contact in which it got what it should not */
    double executed_s; /* locked or wiped; of a denied device INFINITY */
    double exposure_s; /* up to the horizon */
    bool is_ghost;     /* a wipe that a restored projection shows, and nobody carried out before */
};

uint32_t security_n_orders(const struct security_config *config);

/* Fills outcome[security_n_orders]. The orders fall on devices spread over all `n_devices`, which must
 * be as many at least. O(orders * contacts). */
void security_judge(const struct security_config *config, const struct sim *sim,
                    const struct security_history *history, uint32_t n_devices, double horizon_s,
                    struct security_outcome outcome[]);

const char *security_kind_name(enum security_kind kind); /* "denied", "lock", "wipe" */

#endif
