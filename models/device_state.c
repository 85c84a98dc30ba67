#include "models/device_state.h"

struct naming {
    const char *name, *label;
};

static const struct naming states[DEVICE_N_STATES] = {
    [DEVICE_PUSH_IDLE] = {"push_idle", "push idle (old server)"},
    [DEVICE_OFFLINE] = {"offline", "offline"},
    [DEVICE_UNAWARE] = {"unaware", "unaware of the loss"},
    [DEVICE_BACKOFF] = {"backoff", "backing off"},
    [DEVICE_CONNECTING] = {"connecting", "connecting"},
    [DEVICE_HTTP_WAIT] = {"http_wait", "waiting for an HTTP thread"},
    [DEVICE_REGISTERING] = {"registering", "registering"},
    [DEVICE_ERASING] = {"erasing", "erasing its copy"},
    [DEVICE_WAIT_PRIME] = {"wait_prime", "empty, waiting for prime sync"},
    [DEVICE_LOADING] = {"loading", "loading, no current mail yet"},
    [DEVICE_BASIC] = {"basic", "today's mail there, rest loading"},
    [DEVICE_FULL] = {"full", "everything there"},
    [DEVICE_NO_PUSH] = {"no_push", "everything there, but no push"},
};

static const struct naming stages[DEVICE_N_STAGES] = {
    [STAGE_OFFLINE] = {"offline", "offline"},
    [STAGE_UNAWARE] = {"unaware", "not noticed or not reacted"},
    [STAGE_BACKOFF] = {"backoff", "waiting before a retry"},
    [STAGE_CONNECT] = {"connect", "radio, TCP and TLS"},
    [STAGE_BALANCER] = {"balancer", "balancer waiting for a dead server"},
    [STAGE_HTTP_QUEUE] = {"http_queue", "waiting for an HTTP thread"},
    [STAGE_REGISTER] = {"register", "profile and registration"},
    [STAGE_ERASE] = {"erase", "erasing"},
    [STAGE_PRIME_QUEUE] = {"prime_queue", "prime sync waiting for a worker"},
    [STAGE_PRIME_RUN] = {"prime_run", "prime sync running"},
    [STAGE_SYNC_QUEUE] = {"sync_queue", "waiting for a device-sync worker or heap"},
    [STAGE_MAIL_SERVER] = {"mail_server", "items read from the mail server"},
    [STAGE_SERVER_CPU] = {"server_cpu", "items converted by the sync server"},
    [STAGE_STATE_DB] = {"state_db", "sync state written"},
    [STAGE_ROUND_TRIP] = {"round_trip", "requests and answers on the way"},
    [STAGE_TRANSFER] = {"transfer", "slow start and download"},
};

const char *device_state_name(enum device_state state)
{
    return states[state].name;
}

const char *device_state_label(enum device_state state)
{
    return states[state].label;
}

const char *device_stage_name(enum device_stage stage)
{
    return stages[stage].name;
}

const char *device_stage_label(enum device_stage stage)
{
    return stages[stage].label;
}
