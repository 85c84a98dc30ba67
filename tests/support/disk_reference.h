/* tests/support/disk_reference.h -- a disk with group commit, an event per I/O.
 *
 * Written independently of sim/res/disk.c: a plain queue of commit requests; an I/O takes the first
 * `group` of them; whoever has commits left asks again behind all others when the I/O ends. */
#ifndef TESTS_SUPPORT_DISK_REFERENCE_H
#define TESTS_SUPPORT_DISK_REFERENCE_H

#include <stddef.h>
#include <stdint.h>

struct reference_job {
    double start_s;
    uint64_t commits;
    double cancel_s; /* INFINITY: never */
    double finish_s; /* result; NAN if it was cancelled */
};

struct reference_disk {
    double io_s;
    uint32_t group;
    uint64_t ios, commits; /* results */
    double busy_s, saturated_s;
};

/* Jobs must be sorted by start_s. At one time an I/O ends first, then jobs arrive, then some are
 * cancelled. */
void reference_disk_run(struct reference_disk *disk, struct reference_job *job, size_t n);

#endif
