/* models/result.h -- what one replication leaves behind. */
#ifndef MODELS_RESULT_H
#define MODELS_RESULT_H

#include "models/device.h"
#include "models/security.h"
#include "models/sync_host.h"
#include "sim/stat/series.h"

/* How busy a resource was from the failure until most devices were done (result_n_most), or to the end,
 * and for how long it was the limit: a shared resource is saturated while somebody gets less than his own cap, a set of workers
 * while somebody waits. */
struct resource_use {
    char name[64];      /* "B.cpu", "mail.0.disk", "uplink" */
    char words[96];     /* "the CPU of server B" */
    bool is_line;       /* workers or threads: a symptom of something behind them, as a rule */
    double busy_share;  /* time average of the share in use */
    double saturated_s; /* time as the limit */
};

struct run_result {
    uint32_t n_devices, n_users;
    struct device_record *device; /* n_devices */
    struct sim_series *series;    /* columns: collect.h */
    struct resource_use *resource;
    size_t n_resources;

    double most_s; /* when most devices were done for good, or end_s: the span of all `use` */
    double end_s;  /* when the last device was full, or the horizon */
    uint64_t events;
    uint64_t requests, refused, timeouts, retries, replaced, discarded_chunks;
    double payload_byte;
    double discarded_items;
    struct work_done thrown_away; /* of all sync servers */
    double cpu_s;                 /* CPU time of all sync servers */
    double cut_byte;              /* carried by the network in vain */
    double user_loss_s;        /* time that users were without current mail on all their devices */
    double desktop_response_s; /* mean over probes until most_s */
    double
        desktop_worst_s; /* greatest mean over five minutes; the mean, if nothing lasts so long */
    double desktop_response_max_s;
    double desktop_usual_s;      /* what a probe takes without a storm */
    uint32_t crashes;            /* of sync servers, by poison documents */
    uint32_t n_poison, n_banned; /* documents; banned at the end by who serves then */
    uint32_t n_orders;
    double crash_s;                 /* that servers were down for it */
    double outside_model_share;     /* of the time, the fluid picture of the uplink does not hold */
    struct security_outcome *order; /* n_orders; NULL without any */
    bool is_complete;               /* every device is full */
    bool has_old_state;             /* a server was restored with it */
};

/* How many of n devices are "most": 95 %, rounded up. */
static inline uint32_t result_n_most(uint32_t n_devices)
{
    return (uint32_t)(((uint64_t)n_devices * 95 + 99) / 100);
}

void run_result_fini(struct run_result *r); /* a zeroed result is allowed */

#endif
