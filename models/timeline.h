/* models/timeline.h -- what happens when: "fail host A", "redirect A to B".
 *
 * The first server of a scenario has all devices at first. The clock of a run starts when they lose
 * it, or what it knows of them, at the first entry that takes it: all results count from the failure,
 * whatever the times of day in the scenario. What comes before (the end of a standby) is done by then.
 */
#ifndef MODELS_TIMELINE_H
#define MODELS_TIMELINE_H

#include "models/device.h"
#include "models/settings.h"

enum timeline_action {
    ACTION_FAIL_HOST,    /* the host of `server` fails; its connections end by `fate` */
    ACTION_RESTART_HOST, /* it serves again, with the state it had */
    ACTION_RESTART_DEFRAG, /* it does when its state database has been defragmented, which begins now */
    ACTION_RESTORE_HOST, /* it serves again, from a backup, with an empty state database */
    ACTION_RESTORE_OLD,  /* the same, with the state database of the backup: it should not be */
    ACTION_RESTORE_PROJECTION, /* LotusTraveler.nsf of the backup in place of what is there */
    ACTION_REDIRECT, /* `server` is taken out: its connections end by `fate`, new ones go to `target` */
    ACTION_FLAP,     /* a redirect, one back, and so on: `flips` of them, one each `period_s` */
    ACTION_DRAIN, /* new connections go to `target`; those to `server` end with their next poll */
    ACTION_FAIL_BACK, /* connections, wherever they go, end by `fate`; new ones go to `server` again */
    ACTION_BLOCK,     /* the balancer lets nobody in of `whom`; who is connected stays so */
    ACTION_RELEASE,          /* it does again */
    ACTION_FAIL_MAIL,        /* mail server `number` fails */
    ACTION_RESTART_MAIL,     /* it is back */
    ACTION_FAIL_DATABASE,    /* of the pool: no server of it can serve; connections end by `fate` */
    ACTION_RESTART_DATABASE, /* it is back, with all it had */
    /* commands at the console, for one user or all */
    ACTION_CLEAR_ANCHORS,   /* the sync states of his devices are dropped */
    ACTION_RESET,           /* and the registrations and the list of his documents */
    ACTION_DELETE,          /* and his profile, in the mail file */
    ACTION_SECURITY_DELETE, /* the security orders against his devices are dropped */
    ACTION_BAN,             /* the poison documents in his mail file are banned by hand */
    /* commands about the server itself */
    ACTION_AVAILABLE_OFF, /* new syncs are answered 503; those under way, and polls, go on */
    ACTION_AVAILABLE_ON,  /* that is over */
    ACTION_QUIT,          /* its `task` ends, and with it all that is under way; its state stays */
    ACTION_LOAD,          /* it is there again */
    ACTION_LOAD_DEFRAG, /* it is when its state database has been defragmented, which begins now */
};

enum timeline_task { TASK_TRAVELER, TASK_HTTP };

enum timeline_whom { WHOM_ALL, WHOM_GROUP, WHOM_CLASS, WHOM_USER };

struct timeline_entry {
    double at_s; /* as written */
    char *text;  /* as written */
    enum connection_fate fate;
    enum timeline_action action; /* this and the following are read from the text */
    uint32_t server, target;
    enum timeline_whom whom;
    double period_s;   /* of a flap, > 0 */
    uint32_t flips;    /* of a flap, >= 1 */
    uint32_t number;   /* of a group, class, mail server or user, from 0 on */
    bool begins;       /* of a restore: it begins at this time; else it is over then */
    bool is_at_server; /* of a command: at `server`; else at the one that has the connections */
    enum timeline_task task; /* of a quit or load */
};

/* Is it a command after which devices have to erase? */
bool timeline_drops_state(enum timeline_action action);

/* Entries are done in one step, but for a flap: each flip is one. */
uint32_t timeline_n_steps(const struct timeline_entry *entry);

/* Step `k` of an entry: itself, or, of a flap, the redirect that flip `k` is, with its time. */
struct timeline_entry timeline_step(const struct timeline_entry *entry, uint32_t k);

/* What an entry may speak of. */
struct timeline_names {
    const struct sync_server_config *servers;
    const struct device_class *classes;
    uint32_t n_servers, n_classes, n_groups, n_mail_servers, n_users;
    const struct settings *settings; /* to say which built-in names are no more */
};

/* Reads `entry->text`; names count in any case, numbers from 1 on. SIM_EINVAL with a message that says
 * what would be right. */
SIM_MUST_CHECK enum sim_err timeline_parse(struct timeline_entry *entry,
                                           const struct timeline_names *names, struct sim_error *e);

/* What a timeline as a whole comes to. */
struct timeline_outcome {
    double failure_s;   /* when devices lose the first server, or their state; INFINITY: never */
    bool is_served;     /* after the last entry connections go to a server that lives */
    uint32_t served_by; /* that one; else the last that had them */
    uint32_t n_losses;  /* of the server that has the devices */
};

/* Follows the active server through the read entries, in the order of time. Until a failure must have
 * been noticed (fall * check_interval, and hold_down) connections still go to the dead server, and its
 * successor has nothing to lose; if it is back by then, nothing moves. A machine that restarts by
 * itself is taken to do so in its mean time, and so is a restore that begins. An entry that could not do what it says is an error: a
 * failure of a host that is down, a restart or restore of one that is up, a redirect from a server that has no
 * connections, to itself, or to one that is down, a failback to a server that never was gone, a command
 * at the console of one that is down or while the pool's database is, a load of what has not been quit there, or is on its way already, a failure of that database while it is
 * down, or where there is none, its restart while it is up, a release where nobody is blocked, a failure of a mail server that is
 * down, a restart of one that is up. Then
 * SIM_EINVAL, with `*faulty` its index; SIM_ENOMEM. O(n log n). */
SIM_MUST_CHECK enum sim_err timeline_follow(const struct timeline_entry *timeline, uint32_t n,
                                            const struct sync_server_config *servers,
                                            uint32_t n_servers,
                                            const struct balancer_config *balancer,
                                            struct timeline_outcome *outcome, uint32_t *faulty,
                                            struct sim_error *e);

#endif
