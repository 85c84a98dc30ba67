/* models/result.h -- what one replication leaves behind. */
#ifndef MODELS_RESULT_H
#define MODELS_RESULT_H

#include "models/device.h"
#include "sim/stat/series.h"

/* How busy a resource was between the start and the end of the storm, and for how long it was the
 * limit: a shared resource is saturated while somebody gets less than his own cap, a set of workers
 * while somebody waits. */
struct resource_use {
    char name[64];      /* "B.cpu", "mail.0.disk", "uplink" */
    char words[96];     /* "the CPU of server B" */
    bool is_pool;       /* workers or threads: a symptom of something behind them, as a rule */
    double busy_share;  /* time average of the share in use */
    double saturated_s; /* time as the limit */
};

struct run_result {
    uint32_t n_devices, n_users;
    struct device_record *device; /* n_devices */
    struct sim_series *series;    /* columns: collect.h */
    struct resource_use *resource;
    size_t n_resources;

    double end_s;     /* when the last device was full, or the horizon */
    bool is_complete; /* every device is full */
    uint64_t events;
    uint64_t requests, refused, timeouts, retries, replaced, discarded_chunks;
    double payload_byte;
    double discarded_items;
    double desktop_response_s; /* mean over probes while the storm lasted */
    double desktop_response_max_s;
    double desktop_idle_s;      /* what a probe takes on an idle server */
    double outside_model_share; /* of the time, the fluid picture of the uplink does not hold */
};

void run_result_fini(struct run_result *r); /* a zeroed result is allowed */

#endif
