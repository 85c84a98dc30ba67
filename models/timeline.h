/* models/timeline.h -- what happens when: "fail host A", "redirect A to B". */
#ifndef MODELS_TIMELINE_H
#define MODELS_TIMELINE_H

#include "models/device.h"

enum timeline_action {
    ACTION_FAIL_HOST, /* the host of `server` fails; its connections end by `fate` */
    ACTION_REDIRECT,  /* the balancer sends new connections to `target` in place of `server` */
};

struct timeline_entry {
    double at_s; /* since the start of the simulation */
    char *text;  /* as written */
    enum connection_fate fate;
    enum timeline_action action; /* these three are read from the text */
    uint32_t server, target;
};

/* Reads `entry->text`, with the names of the servers at hand; names count in any case. SIM_EINVAL
 * with a message that says what would be right. */
SIM_MUST_CHECK enum sim_err timeline_parse(struct timeline_entry *entry,
                                           const struct sync_server_config *servers,
                                           uint32_t n_servers, struct sim_error *e);

#endif
