/* models/sync_host.h -- the machine a sync server runs on: cores, heap, the state database's disk.
 *
 * Work on a host is a walk through three stations: reads at the mail server, CPU time here, commits
 * to the state database. A prime sync is many such walks, a chunk of a device sync one.
 *
 * CPU: processor sharing, one core at most for each piece of work. Heap: every running sync holds
 * heap_per_sync; above gc_threshold of the heap in use, garbage collection slows all CPU work down,
 * in a straight line to gc_speed at a full heap. State database: a disk with group commit of its
 * own, or that of a pool (pool_database.h).
 */
#ifndef MODELS_SYNC_HOST_H
#define MODELS_SYNC_HOST_H

#include "models/mail_server.h"
#include "models/pool_database.h"
#include "sim/res/disk.h"
#include "sim/res/pool.h"

struct sync_host; /* opaque */

struct sync_host_config {
    uint32_t cores;
    double heap_byte, heap_per_sync_byte;
    double gc_threshold;  /* share of the heap */
    double gc_speed;      /* share of full speed that is left when the heap is full */
    double state_iops;    /* commits a second of the state database's disk, without grouping */
    uint32_t state_group; /* commits one I/O can carry */
};

enum work_phase { WORK_NOTHING, WORK_MAIL, WORK_CPU, WORK_STATE_DB };

struct work {
    uint32_t user; /* whose mail file */
    double mail_reads, cpu_s;
    uint64_t commits;
    struct sim_call done; /* its arg is a device or a user: 32 bits */
    bool tells_phases;    /* to whom sync_host_tell_phases names */
};

/* `self` and `arg` are those of `done`. */
typedef void sync_host_phase_fn(void *self, uint64_t arg, enum work_phase phase);

/* Work that was done: reads and commits by their stations' ends, CPU time to the last moment. */
struct work_done {
    double mail_reads, cpu_s, commits;
};

struct sync_host_stats {
    struct work_done done;        /* all of it; of walks under way, the stations behind them */
    struct work_done thrown_away; /* of it, what served nobody */
};

/* All but `out` are borrowed. Commits go to `pool`; NULL: to the server's own disk. */
SIM_MUST_CHECK enum sim_err sync_host_create(struct sim *sim, const struct sync_host_config *config,
                                             struct mail_farm *mail, struct pool_database *pool,
                                             struct sync_host **out);
void sync_host_destroy(struct sync_host *h); /* NULL allowed */

/* Work that tells its phases does so here; `fetch`: what being told will touch (sim_foresee in sim/core/sim.h). */
void sync_host_tell_phases(struct sync_host *h, sync_host_phase_fn *on_phase, sim_fetch_fn *fetch);

/* Walks through mail server, CPU and state database; what is zero is left out. `done` comes by an
 * event, at once if nothing is to be done, never before this returns. */
void sync_host_start_work(struct sync_host *h, const struct work *work, struct sim_handle *handle);
/* What was done of it is thrown away. Past work is ignored. */
void sync_host_cancel_work(struct sync_host *h, struct sim_handle *handle);
bool sync_host_is_working(const struct sync_host *h, struct sim_handle handle);

/* Work that was done, and turns out to be of no use to anybody. */
void sync_host_throw_away(struct sync_host *h, const struct work *work);

/* Heap for one sync; `granted` is called when it is there. */
void sync_host_take_heap(struct sync_host *h, struct sim_call granted, struct sim_handle *handle);
void sync_host_return_heap(struct sync_host *h, struct sim_handle *handle); /* nothing is ignored */

/* Asks the memory for what work for the user will touch first (sim_foresee in sim/core/sim.h). */
bool sync_host_fetch_work(const struct sync_host *h, uint32_t user, unsigned step);

/* Asks the memory for what a return will touch (sim_foresee in sim/core/sim.h). */
void sync_host_fetch_heap(const struct sync_host *h, struct sim_handle handle);

/* To look at. */
const struct sync_host_stats *sync_host_stats(const struct sync_host *h);
double
sync_host_cpu_under_way_s(const struct sync_host *h); /* CPU time of walks at the CPU; O(walks) */
uint32_t sync_host_cores(const struct sync_host *h);
struct sim_fluid *sync_host_cpu(const struct sync_host *h);
struct sim_disk *sync_host_state_disk(const struct sync_host *h);
const struct sim_pool *sync_host_heap(const struct sync_host *h);

#endif
