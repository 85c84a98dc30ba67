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
    ACTION_FAIL_HOST,    /* the host of `server` fails; its connections end by `fate` */
    ACTION_RESTART_HOST, /* it serves again, with the state it had */
    ACTION_RESTORE_HOST, /* it serves again, from a backup, with an empty state database */
    ACTION_REDIRECT, /* `server` is taken out: its connections end by `fate`, new ones go to `target` */
    ACTION_FAIL_BACK, /* connections, wherever they go, end by `fate`; new ones go to `server` again */
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
    double failure_s;   /* when the devices lose the first server; INFINITY: they never do */
    bool is_served;     /* after the last entry connections go to a server that lives */
    uint32_t served_by; /* that one; else the last that had them */
    uint32_t n_losses;  /* of the server that has the devices */
};

/* Follows the active server through the read entries, in the order of time. Until a failure must have
 * been noticed (fall * check_interval, and hold_down) connections still go to the dead server, and its
 * successor has nothing to lose; if it is back by then, nothing moves. A machine that restarts by
 * itself is taken to do so in its mean time. An entry that could not do what it says is an error: a
 * failure of a host that is down, a restart or restore of one that is up, a redirect from a server that has no
 * connections, to itself, or to one that is down, a failback to a server that never was gone. Then
 * SIM_EINVAL, with `*faulty` its index; SIM_ENOMEM. O(n log n). */
SIM_MUST_CHECK enum sim_err timeline_follow(const struct timeline_entry *timeline, uint32_t n,
                                            const struct sync_server_config *servers,
                                            uint32_t n_servers,
                                            const struct balancer_config *balancer,
                                            struct timeline_outcome *outcome, uint32_t *faulty,
                                            struct sim_error *e);

#endif
