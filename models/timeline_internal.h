/* models/timeline_internal.h -- for timeline*.c: what is known on the way through a timeline, and entries of one
 * subject each. */
#ifndef MODELS_TIMELINE_INTERNAL_H
#define MODELS_TIMELINE_INTERNAL_H

#include "models/timeline.h"

struct standing {
    bool has_failed;         /* and is not back */
    bool is_taken_out;       /* by a redirect */
    bool was_gone;           /* for one reason or the other, ever */
    bool had_devices;        /* ever */
    bool is_quit;            /* by a command: has_failed, but its machine is there */
    bool is_unavailable;     /* by a command */
    enum timeline_task task; /* that was quit */
    uint32_t failed_by;      /* the entry */
    bool is_expected;        /* to come back by itself, or when what has begun is over, and ... */
    uint32_t
        expected_by; /* ... by this entry; any other return before it, and a failure, calls it off */
};

struct walk {
    const struct timeline_entry *timeline;
    uint32_t n;
    const struct sync_server_config *servers;
    uint32_t n_servers;
    const struct balancer_config *balancer;
    struct standing *standing; /* by server */
    uint32_t active;           /* where connections go, once failures are noticed */
    uint32_t before;           /* where they go until then; = active if none is unnoticed */
    bool is_database_down;     /* that of a pool */
    double noticed_s;          /* when the last failure must have been noticed */
    struct timeline_outcome *outcome;
};

const char *timeline_name_of(const struct walk *w, uint32_t server);
bool timeline_is_gone(const struct walk *w, uint32_t server);

/* All servers of a pool have devices, and each knows what the others know. */
bool timeline_is_pool(const struct walk *w);
void timeline_count_loss(struct walk *w, double at_s);

/* At which server a command is given. */
uint32_t timeline_console(const struct walk *w, const struct timeline_entry *t);

/* SIM_EINVAL for a command to a server that cannot hear it. */
SIM_MUST_CHECK enum sim_err timeline_follow_command(struct walk *w, const struct timeline_entry *t,
                                                    struct sim_error *e);

/* SIM_EINVAL for a server that is already as it should become. */
SIM_MUST_CHECK enum sim_err
timeline_follow_available(struct walk *w, const struct timeline_entry *t, struct sim_error *e);

/* SIM_EINVAL for a load of what runs, was not quit, or is on its way already. */
SIM_MUST_CHECK enum sim_err
timeline_check_load(const struct walk *w, const struct timeline_entry *t, struct sim_error *e);

/* SIM_EINVAL for a failure of a mail server that is down, or a restart of one that is up. `t` is one of the n. */
SIM_MUST_CHECK enum sim_err timeline_check_mail(const struct timeline_entry *timeline, uint32_t n,
                                                const struct timeline_entry *t,
                                                struct sim_error *e);

/* SIM_EINVAL for a release of whom no entry before can have blocked. */
SIM_MUST_CHECK enum sim_err timeline_check_release(const struct timeline_entry *timeline,
                                                   uint32_t n, const struct timeline_entry *t,
                                                   struct sim_error *e);

#endif
