/* sim/res/disk.h -- a disk with group commit.
 *
 * A job makes a number of commits, one after the other: it asks for the next when the last is on
 * the disk. Requests stand in one line. The disk does one I/O at a time, each of the same length,
 * and an I/O carries the commits of up to `group` waiting requests; what arrives during an I/O
 * waits for the next. So one job alone gets 1/io_s commits a second, and `group` or more jobs get
 * group/io_s together, in turn: group commit helps exactly when there are others to share with
 * (DeWitt et al., SIGMOD 1984).
 *
 * The jobs form a ring that a head walks around, `group` steps an I/O. Whole rounds in which nobody
 * finishes are skipped in one step, so the cost per job is O(jobs present), not O(commits), and the
 * times are the same as if every I/O had been an event of its own. An I/O that ends no job ends before
 * all that happens at its last moment: a request that comes just then finds the next one begun, and
 * waits for the one after. Where an I/O ends jobs, its event and that of the request are in the order
 * of all events: a request that comes first is in time for the next I/O.
 */
#ifndef SIM_RES_DISK_H
#define SIM_RES_DISK_H

#include "sim/core/sim.h"
#include "sim/stat/timeavg.h"

struct sim_disk; /* opaque */

struct sim_disk_stats {
    uint64_t submitted, completed, cancelled; /* jobs */
    uint64_t commits, ios;                    /* on the disk */
    struct sim_timeavg present;               /* jobs */
    struct sim_timeavg busy;                  /* 1 while an I/O is under way */
    struct sim_timeavg saturated; /* 1 while more jobs are present than an I/O carries */
};

/* io_s > 0: time of one I/O, s; group >= 1. `sim` is borrowed. SIM_EINVAL, SIM_ENOMEM. */
SIM_MUST_CHECK enum sim_err sim_disk_create(struct sim *sim, double io_s, uint32_t group,
                                            struct sim_disk **out);
void sim_disk_destroy(struct sim_disk *d); /* NULL allowed */

/* A job of `commits` > 0; `done` is called when the last is on the disk. `*handle` (NULL allowed)
 * names it. Lack of memory becomes the error of the run. */
void sim_disk_submit(struct sim_disk *d, uint64_t commits, struct sim_call done,
                     struct sim_handle *handle);

/* Takes a job out without a callback; an I/O under way runs to its end. A job whose last I/O has just
 * ended can be taken out until its own callback; it counts as completed. False if it is not there. */
bool sim_disk_cancel(struct sim_disk *d, struct sim_handle *handle);
void sim_disk_clear(struct sim_disk *d); /* cancels all jobs */

uint32_t sim_disk_n_jobs(const struct sim_disk *d);

/* Brought up to now: commits and ios of skipped rounds are counted when they are done. */
const struct sim_disk_stats *sim_disk_stats(struct sim_disk *d);

#endif
