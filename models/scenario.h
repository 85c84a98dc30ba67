/* models/scenario.h -- a scenario: everything a run depends on, checked and in SI units. */
#ifndef MODELS_SCENARIO_H
#define MODELS_SCENARIO_H

#include "models/pool.h"
#include "models/security.h"
#include "models/timeline.h"

struct scenario {
    char *title;
    uint32_t schema;
    uint64_t seed;
    uint32_t replications;
    struct {
        bool is_auto; /* replications: auto; `replications` is `min` then */
        double relative;
        uint32_t min, max;
        char *figures;
    } precision;
    double confidence; /* of intervals, 0 < confidence < 1 */
    double horizon_s;  /* a replication ends so long after the failure at the latest */
    double series_step_s;
    uint64_t max_events; /* per replication */

    uint32_t users;
    bool has_desktop_users; /* mail.desktop_users was given; its default is that of 500 users */
    struct device_config devices;
    struct mailbox_config mailbox;
    struct profile_config profile;
    struct network_config network;
    struct balancer_config balancer;
    struct pool_config pool; /* of balancer.method pool */
    struct mail_config mail;
    struct prime_sync_config prime_sync;
    struct device_sync_config device_sync;
    struct registration_config registration;
    struct delta_config delta;
    struct poison_config poison;
    struct security_config security;

    struct sync_server_config *server;
    uint32_t n_servers;
    struct timeline_entry *timeline;
    uint32_t n_timeline;
    bool is_timeline_assumed;        /* no file and no option gives one */
    struct timeline_outcome outcome; /* of the timeline */
};

/* Frees all it owns; a zeroed scenario is allowed. */
void scenario_fini(struct scenario *s);

/* Number of devices: users times devices per user, rounded. */
uint32_t scenario_n_devices(const struct scenario *s);

#endif
