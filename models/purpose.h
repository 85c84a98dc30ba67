/* models/purpose.h -- what random numbers are drawn for: the "purpose" of a stream's name.
 *
 * Append only, never renumber: a number is part of the result of every scenario ever run.
 */
#ifndef MODELS_PURPOSE_H
#define MODELS_PURPOSE_H

enum purpose {
    /* entity: device */
    PURPOSE_CLASS = 0,
    PURPOSE_ACCESS_RATE = 1,
    PURPOSE_TYPICAL_RTT = 2,
    PURPOSE_ONLINE = 3,
    PURPOSE_OFFLINE_TIME = 4,
    PURPOSE_NOTICE = 5,   /* attempt: number of the loss */
    PURPOSE_CONNECT = 6,  /* attempt: number of the connection: radio, round trips, lost SYNs */
    PURPOSE_EXCHANGE = 7, /* attempt: number of the request */
    PURPOSE_BACKOFF = 8,  /* attempt: number of the retry */
    PURPOSE_ERASE = 9,
    /* entity: user */
    PURPOSE_MAILBOX = 10,
    PURPOSE_PROFILE = 11,
    PURPOSE_MAIL_SIZE = 12,  /* attempt: number of the chunk */
    PURPOSE_ATTACHMENT = 13, /* attempt: number of the chunk */
    /* entity: server, mail server */
    PURPOSE_HEALTH_CHECK = 14,
    PURPOSE_DESKTOP = 15,
    /* entity: device */
    PURPOSE_RETRY_AFTER = 16, /* attempt: number of the retry */
    PURPOSE_NEW_MAIL = 17,    /* attempt: number of the loss */
    /* entity: server */
    PURPOSE_VM_RESTART = 18, /* attempt: number of the failure */
    /* entity: security order */
    PURPOSE_SECURITY = 19,
    /* entity: device */
    PURPOSE_OLD_STATE = 20,
    /* entity: poison document */
    PURPOSE_POISON = 21,
    /* entity: server */
    PURPOSE_CRASH = 22, /* attempt: number of the crash */
    /* entity: device */
    PURPOSE_PULL = 23,     /* attempt: number of the wait */
    PURPOSE_IDLE_CUT = 24, /* attempt: number of the request */
    PURPOSE_NAME = 25,     /* attempt: number of the look-up */
    /* entity: server */
    PURPOSE_RESTORE = 26, /* attempt: number of the failure */
    /* entity: user */
    PURPOSE_DATABASE = 27, /* attempt: number of the job at a pool's database */
};

#endif
