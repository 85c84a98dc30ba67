/* models/vm_host.h -- the virtual machine a sync server runs in, and its restart by the cluster.
 *
 * With high availability the cluster notices that a host has failed, and starts its machines again on
 * another host, from the shared storage: the disk of the state database comes back as it was at the
 * failure. So no device erases anything; but nobody is served meanwhile. The time from the failure
 * until the server is there again is
 *
 *   detect + queue + guest_boot + server_start + 8 unlogged / fixup_rate + traveler_start
 *
 * and 8 state / defrag_rate more if the state database is defragmented at the start, when alone it can be.
 *
 * Source: VMware HA declares a host dead 15 s after its last heartbeat; a whole restart of a vCenter
 * server was measured as 7 min 40 s (Shen et al., 2015). Databases without transaction logging go
 * through Fixup before they open. The state database is defragmented at the start of Traveler only, which
 * "may take more than 30 minutes" (HCL Traveler 9.0.1, Defragmenting the internal database).
 */
#ifndef MODELS_VM_HOST_H
#define MODELS_VM_HOST_H

#include "sim/core/sim.h"
#include "sim/rng/dist.h"

/* A server rebuilt from a backup that leaves its state database out, as it should: an old one would
 * promise to the devices what they do not have. */
struct restore_config {
    double
        operator_s; /* from the failure until it begins: somebody has decided, and found the backup */
    double mount_s; /* of the medium */
    double data_byte, copy_bit_per_s;
    double age_s;        /* of the backup, at the failure */
    bool has_projection; /* LotusTraveler.nsf, which nothing reads back, is among it */
};

/* Distributions, of times in s, are owned by the scenario. */
struct vm_host_config {
    bool restarts; /* by itself, after a failure */
    double detect_s;
    struct sim_dist *queue, *guest_boot, *server_start, *traveler_start;
    double unlogged_byte, fixup_bit_per_s;
    bool defragments; /* at each restart by itself */
    double state_byte, defrag_bit_per_s;
    struct restore_config restore;
};

/* From the failure to the server's return: drawn for failure number `failure` of the server. */
double vm_host_restart_s(const struct vm_host_config *config, const struct sim *sim,
                         uint32_t server, uint32_t failure);

/* Its mean. */
double vm_host_mean_restart_s(const struct vm_host_config *config);

/* How long the state database takes to defragment, s. */
double vm_host_defrag_s(const struct vm_host_config *config);

/* From the begin of a restore until the server is there: the mount of the medium, the copy, and the start of
 * server and Traveler, drawn for failure number `failure`. Its state database is empty: nothing to defragment. */
double vm_host_restore_s(const struct vm_host_config *config, const struct sim *sim,
                         uint32_t server, uint32_t failure);

/* Its mean. */
double vm_host_mean_restore_s(const struct vm_host_config *config);

/* Frees the distributions. */
void vm_host_config_fini(struct vm_host_config *config);

#endif
