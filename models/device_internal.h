/* models/device_internal.h -- how devices are kept; for device*.c.
 *
 * device.c holds states, the booking of time, the loss of a server and the life cycle; device_connect.c the way to
 * a server, refusals and waits included; device_exchange.c requests and answers, from the first to the last chunk; device_fetch.c
 * what their events touch.
 */
#ifndef MODELS_DEVICE_INTERNAL_H
#define MODELS_DEVICE_INTERNAL_H

#include "models/device.h"
#include "models/purpose.h"

#include <stddef.h>

enum { NOT_CONNECTED = -1, NOWHERE = -1 };

/* The stages of a chunk, which come often, are the last ones and HTTP_QUEUE. */
enum { FIRST_OFTEN = STAGE_SYNC_QUEUE, N_OFTEN = DEVICE_N_STAGES - FIRST_OFTEN };

/* What a device does if a request has no answer at its deadline (device_exchange.c). */
enum deadline { DEADLINE_TIMEOUT, DEADLINE_PULL, DEADLINE_IDLE };

/* All that a chunk looks at, in two cache lines: with a million devices each comes from memory at each
 * event. When it was spread over four and the mailbox, 5 % more lines were waited for. */
struct device {
    _Alignas(64) double stage_since_s;
    double rtt_s;            /* of the exchange under way */
    double arriving_byte;    /* payload of the answer under way, or of one that was cut off */
    struct sim_handle timer; /* its own next step */
    double deadline_s;       /* of the request under way; 0 or INFINITY without one */
    uint32_t items;          /* by the profile as it was at the last registration */
    uint32_t items_done;     /* of its copy: what is there */
    uint32_t chunk;          /* it will ask for next */
    uint32_t n_exchanges;
    uint16_t class_id;
    int16_t server;   /* it is connected to, or NOT_CONNECTED */
    uint8_t state;    /* enum device_state */
    uint8_t stage;    /* enum device_stage */
    uint8_t request;  /* enum sync_request */
    bool is_lost : 1; /* time is booked: between the loss of its server and full; else it has all */
    bool is_empty : 1; /* erased, and today's mail is not there again */
    bool has_basic : 1;
    bool is_full : 1;    /* has been lost, and is not any more: one of n_full */
    bool is_parted : 1;  /* from the server it has a sync state with, since that was lost to it */
    bool has_failed : 1; /* since its last answer */
    uint8_t awaits : 2;  /* enum deadline */
    double held_byte;    /* payload of its copy */
    double http_queue_s; /* the time in that stage, and in the others that come often */
    double often_s[N_OFTEN];
};

_Static_assert(sizeof(struct device) == 128, "two cache lines");
_Static_assert(offsetof(struct device, held_byte) == 64, "times by stage are on the second");

/* What is seldom looked at. What connections and failures change comes first, and is a line. */
struct device_past {
    _Alignas(64) double backoff_step_s; /* before the last retry (backoff.h) */
    uint32_t fails_in_a_row;            /* it and the next one are 0 unless has_failed */
    uint32_t refusals;                  /* in a row */
    uint32_t key;                       /* of its sync state (state_db.h) */
    uint32_t n_old_states; /* that it has met: restored ones of the server that it was lost to */
    uint32_t n_waits;      /* in which its user may have pulled */
    int16_t registered_at; /* server it has a sync state with, or NOWHERE */
    struct device_record record; /* but for what is in the device: devices_record joins them */
    double lost_since_s;
    double blackout_since_s;
};

_Static_assert(offsetof(struct device_past, record.erased_s) == 64, "connections change one line");
_Static_assert(offsetof(struct device_past, record.stage_s) % 64 == 0, "stages begin one");

/* A user has current mail as long as one of his devices has. */
struct user_mail {
    uint32_t n_current; /* of his devices */
    double since_s;     /* if it is 0 */
    double without_s;   /* of time, up to since_s */
};

struct devices {
    struct device_world world;
    struct device *device;
    struct device_past *past;
    struct user_mail *user_mail;
    uint32_t n_in_state[DEVICE_N_STATES];
    uint32_t n_affected, n_basic, n_full;
};

const struct device_class *device_class_of(const struct devices *d, uint32_t id);
const struct mailbox *device_mailbox_of(const struct devices *d, uint32_t id);
void device_open_stream(const struct devices *d, struct sim_stream *s, uint32_t id,
                        enum purpose purpose, uint32_t attempt);

/* Goes on with `then` after a delay; a device has one next step at a time. */
void device_wait(struct devices *d, uint32_t id, double delay_s, sim_call_fn *then);

void device_set_state(struct devices *d, uint32_t id, enum device_state state);
void device_book(struct devices *d, uint32_t id); /* time since the last booking */

/* Where a device's time in a stage is added up. */
double *device_stage_s(const struct devices *d, uint32_t id, enum device_stage stage);

/* Ends the stage it is in. Outside a loss nothing is booked: a full device that polls stays full.
 */
void device_enter(struct devices *d, uint32_t id, enum device_stage stage);

/* What it has is no longer kept up to date: it has neither today's mail nor everything any more. */
void device_forget_progress(struct devices *d, uint32_t id);

/* It has today's mail again. */
void device_become_current(struct devices *d, uint32_t id);

/* The server it has a sync state with is gone, for now or for good. `stage`: what it does from now on. */
void device_begin_loss(struct devices *d, uint32_t id, enum device_stage stage);

void device_connect(void *devices, uint64_t id);

/* What events touch (device_fetch.c), and that it is known to the calendar. */
bool device_fetch_reply(void *devices, uint64_t id, unsigned step);
bool device_fetch_attempt(void *devices, uint64_t id, unsigned step);
bool device_fetch_connection(void *devices, uint64_t id, unsigned step);
bool device_fetch_request(void *devices, uint64_t id, unsigned step);
void device_foresee_connection(struct devices *d);
void device_foresee_exchange(struct devices *d);

/* It has everything, and opens a long poll. */
void device_poll(void *devices, uint64_t id);

/* Its poll is over: where new connections go elsewhere, it goes there. False if they do not. */
bool device_leave_drained(struct devices *d, uint32_t id);

enum failure {
    FAILURE_REFUSED,   /* a 503, which may say how long to wait */
    FAILURE_NO_ANSWER, /* no byte within request_timeout */
};

/* Tries again after the wait of its class, or what it was told, if that is longer and it obeys;
 * `attempt` names the random numbers. */
void device_back_off(struct devices *d, uint32_t id, enum failure failure, uint32_t attempt);

/* Parts from its server, and backs off. */
void device_retry_later(struct devices *d, uint32_t id, enum failure failure);

/* Half a round trip later it knows that it is refused. */
void device_receive_503(struct devices *d, uint32_t id);

/* When the user of an empty phone pulls, INFINITY if he never does. Pulls are a Poisson process, so that each
 * wait can be looked at alone. */
double device_next_pull_s(struct devices *d, uint32_t id);
void device_pull(void *devices, uint64_t id); /* he does: it connects at once */

void device_disconnect(struct devices *d, uint32_t id);
void device_send(struct devices *d, uint32_t id, enum sync_request request);

/* The deadline of a request: request_timeout from now on, or none any more. */
void device_start_timeout(struct devices *d, uint32_t id);
void device_stop_timeout(struct devices *d, uint32_t id);
bool device_has_timeout(const struct devices *d, uint32_t id);
bool device_fetch_deadline(void *devices, uint64_t id, unsigned step);

#endif
