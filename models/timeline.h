/* models/timeline.h -- what happens when: "fail host A", "redirect A to B".
 *
 * The first server of a scenario has all devices at first. The clock of a run starts when they lose
 * it, at the first entry that takes it from them: all results count from the failure, whatever the
 * times of day in the scenario. What comes before (the end of a standby) is done by then.
 */
#ifndef MODELS_TIMELINE_H
#define MODELS_TIMELINE_H

#include "models/device.h"

enum timeline_action {
    ACTION_FAIL_HOST, /* the host of `server` fails; its connections end by `fate` */
    ACTION_REDIRECT, /* `server` is taken out: its connections end by `fate`, new ones go to `target` */
};

struct timeline_entry {
    double at_s; /* as written */
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

/* What a timeline as a whole comes to. */
struct timeline_outcome {
    double failure_s;  /* when the devices lose the first server; INFINITY: they never do */
    bool is_served;    /* after the last entry connections go to a server that lives */
    uint32_t n_losses; /* of the server that has the devices */
};

/* Follows the active server through the read entries, in the order of time. Until a failure must have
 * been noticed (fall * check_interval) connections still go to the dead server, and its successor has
 * nothing to lose. An entry that could not do
 * what it says is an error: a redirect from a server that has no connections, to itself, or to one
 * that has failed or was taken out before. Then SIM_EINVAL, with `*faulty` its index. O(n^2). */
SIM_MUST_CHECK enum sim_err timeline_follow(const struct timeline_entry *timeline, uint32_t n,
                                            const struct sync_server_config *servers,
                                            uint32_t n_servers,
                                            const struct balancer_config *balancer,
                                            struct timeline_outcome *outcome, uint32_t *faulty,
                                            struct sim_error *e);

#endif
