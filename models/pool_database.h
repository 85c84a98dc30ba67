/* models/pool_database.h -- the enterprise database that holds the state of all servers of a pool.
 *
 * It is a machine of its own, on the network. A job makes a number of transactions, one after the other. They are
 * asked for over the network, latency each; they take CPU time, shared fairly among `cores` with one core
 * at most for each job; and they are committed on a disk with group commit. As at a mail server, a job does
 * all of one kind before the next: alone it takes what its transactions take, and the order within a job of
 * some milliseconds is felt by nobody.
 *
 * It keeps no account of who is at its servers: when it fails they end their jobs (sync_server_lose_database),
 * which are rolled back, and what was committed is there when it is back.
 *
 * Source: HCL Traveler 12.0.2, High Availability (state in a shared database; failover of the database
 * itself is left to it, by mirroring or clustering), and Best practices for HA (all in one place; ping
 * times of more than 50 ms are felt).
 */
#ifndef MODELS_POOL_DATABASE_H
#define MODELS_POOL_DATABASE_H

#include "models/state_db.h"
#include "sim/core/sim.h"
#include "sim/res/disk.h"
#include "sim/res/fluid.h"
#include "sim/rng/dist.h"

struct pool_database; /* opaque */

struct pool_database_config {
    double iops;              /* commits a second of its disk, without grouping */
    uint32_t group;           /* commits one I/O can carry */
    struct sim_dist *latency; /* of a transaction, s; owned by the scenario */
    uint32_t cores;
    double cpu_per_transaction_s;
};

/* Tables as of state_db_create. `sim` and `config` are borrowed. SIM_EINVAL, SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err pool_database_create(struct sim *sim,
                                                 const struct pool_database_config *config,
                                                 uint32_t n_devices, uint32_t n_users,
                                                 uint32_t n_poison, struct pool_database **out);
void pool_database_destroy(struct pool_database *p); /* NULL allowed */

/* A job of `transactions` > 0 for a user; `done` is called when the last is committed, never before this
 * returns. Lack of memory becomes the error of the run. Latencies are drawn for the n-th job of the
 * user, whatever the others do. */
void pool_database_submit(struct pool_database *p, uint32_t user, uint64_t transactions,
                          struct sim_call done, struct sim_handle *handle);

/* Takes a job out without a callback; past ones are ignored. */
void pool_database_cancel(struct pool_database *p, struct sim_handle *handle);

/* To look at. */
struct state_db *pool_database_state(const struct pool_database *p);
struct sim_disk *pool_database_disk(const struct pool_database *p);
struct sim_fluid *pool_database_cpu(const struct pool_database *p);

#endif
