/* models/device_state.h -- the states of a device and the stages its time is spent in.
 *
 * The names are used everywhere: as columns of the time series, rows of a legend, words of a
 * report. A state says what the user sees; a stage says what the device waits for. At every moment
 * between the loss of its server and the last item, a device is in exactly one stage, so the times
 * by stage add up to the total.
 */
#ifndef MODELS_DEVICE_STATE_H
#define MODELS_DEVICE_STATE_H

enum device_state {
    DEVICE_PUSH_IDLE,   /* long poll open, all well */
    DEVICE_OFFLINE,     /* switched off or without a network */
    DEVICE_UNAWARE,     /* the server is gone, the device has not reacted yet */
    DEVICE_BACKOFF,     /* waits before it tries again */
    DEVICE_CONNECTING,  /* radio, TCP, TLS, balancer */
    DEVICE_HTTP_WAIT,   /* its request waits for an HTTP thread */
    DEVICE_REGISTERING, /* the server meets it: profile, registration */
    DEVICE_ERASING,     /* deletes its copy */
    DEVICE_WAIT_PRIME,  /* empty, waits for the prime sync of its user */
    DEVICE_LOADING,     /* items arrive; today's mail is not complete */
    DEVICE_BASIC,       /* today's mail is there, the rest arrives */
    DEVICE_FULL,        /* everything is there, and new mail is pushed to it */
    DEVICE_NO_PUSH,     /* everything is there, but no long poll holds a thread: no new mail */
    DEVICE_N_STATES
};

enum device_stage {
    STAGE_OFFLINE,
    STAGE_UNAWARE,
    STAGE_BACKOFF,
    STAGE_CONNECT,    /* radio promotion, TCP and TLS handshakes */
    STAGE_BALANCER,   /* the balancer waits for a server that does not answer */
    STAGE_HTTP_QUEUE, /* waiting for an HTTP thread */
    STAGE_REGISTER,   /* profile and registration */
    STAGE_ERASE,
    STAGE_PRIME_QUEUE, /* prime sync of the user waits for a worker */
    STAGE_PRIME_RUN,   /* prime sync under way */
    STAGE_SYNC_QUEUE,  /* waiting for a device-sync worker or heap */
    STAGE_MAIL_SERVER, /* items are read from the mail server */
    STAGE_SERVER_CPU,  /* items are converted */
    STAGE_STATE_DB,    /* sync state is written */
    STAGE_ROUND_TRIP,  /* requests and answers on the way */
    STAGE_TRANSFER,    /* slow start and download */
    DEVICE_N_STAGES
};

/* Column-safe name ("wait_prime") and words for people ("empty, waiting for the prime sync"). */
const char *device_state_name(enum device_state state);
const char *device_state_label(enum device_state state);
const char *device_stage_name(enum device_stage stage);
const char *device_stage_label(enum device_stage stage);

#endif
