/* models/sync_server_internal.h -- how a sync server keeps its requests.
 *
 * sync_server.c holds the server's life, the ways into and out of it; sync_server_work.c what is
 * done for a request once it has its thread; sync_server_state.c what it knows, and when it forgets.
 */
#ifndef MODELS_SYNC_SERVER_INTERNAL_H
#define MODELS_SYNC_SERVER_INTERNAL_H

#include "models/sync_server.h"

/* Where a request stands; also what it holds. */
enum step {
    STEP_NONE,
    STEP_THREAD_LINE,
    STEP_WORK_HELLO,
    STEP_WAIT_PRIME,
    STEP_HELD, /* for those who wait for today's mail (adaptive) */
    STEP_WORKER_LINE,
    STEP_HEAP_LINE,
    STEP_WORK_CHUNK,
    STEP_SEND,
    STEP_PARKED,
};

/* What a device asks for. */
struct wanted {
    uint8_t kind; /* enum sync_request */
    bool is_abandoned;
    uint32_t chunk, first, n;
};

/* A cache line: with a million devices it comes from memory at each event. What else the server would look
 * up by device stands here too: 10 % fewer lines are waited for, what is known of the list included. */
struct request {
    _Alignas(64) struct wanted wanted;
    uint8_t step;   /* enum step */
    bool is_urgent; /* a chunk with mail of today (adaptive) */
    struct sim_handle thread, worker, heap;
    struct sim_handle task; /* by its step: work, transfer or heartbeat */
    /* Of the device, not of its request. */
    uint32_t user;
    uint32_t list_epoch; /* of the server, when the list of the user was last seen to be there */
    bool is_vip;
    bool has_successor;
};

_Static_assert(sizeof(struct request) == 64, "a cache line");

/* A request that waits for a thread while an older one of the same device is still worked on. */
struct successor {
    struct wanted wanted;
    struct sim_handle thread;
};

struct sync_server {
    const struct sync_world *world;
    const struct sync_server_config *config;
    uint32_t index; /* among the servers */
    struct sync_port port;
    struct sync_host *host;
    struct state_db *own_state, *state; /* the same, or that of a pool */
    struct prime_sync *prime;
    struct sim_station *threads, *workers;
    struct request *request;     /* by device */
    struct successor *successor; /* by device; seldom touched */
    uint32_t list_epoch;         /* a new one begins when lists may be gone; 0: never look back */
    bool is_up, is_crashing, is_without_database, is_unavailable;
    uint32_t n_old_states; /* restored with devices in them */
    double backup_s;       /* of the last of these */
    uint32_t n_urgent;     /* prime syncs and urgent chunks that are not done (adaptive) */
    uint32_t *held;        /* devices, in the order they came; some may have gone */
    size_t n_held, held_capacity;
    struct sync_server_stats stats;
};

/* Lower is served first. */
double sync_server_priority(const struct sync_server *s, uint32_t device);

/* Lists of its own state database are gone. */
void sync_server_miss_lists(struct sync_server *s);

/* A request is over, one way or another: whatever it stood for in the rule of adaptive. */
void sync_server_no_longer_urgent(struct sync_server *s, struct request *r);

/* Lets those who are held go on, if so few are urgent. */
void sync_server_release_held(struct sync_server *s);

/* What a CHUNK or DELTA demands of the host, but for whose and what then. */
struct work sync_server_work_of(const struct sync_server *s, const struct request *r);

/* Events say what they will touch. */
void sync_server_foresee(struct sync_server *s);
void sync_server_on_phase(void *self, uint64_t device, enum work_phase phase); /* of a chunk */
bool sync_server_fetch_phase(void *self, uint64_t device, unsigned step);

/* The request has its thread. */
void sync_server_begin(struct sync_server *s, uint32_t device);

/* A device that still listens is told what its request waits for. */
void sync_server_tell_stage(struct sync_server *s, uint32_t device, enum device_stage stage);

/* The request is over: its thread is free and the device, if it still listens, is told. */
void sync_server_finish(struct sync_server *s, uint32_t device, enum sync_answer answer);

/* Ends the requests of a device, without a word to it. */
void sync_server_drop(struct sync_server *s, uint32_t device);

/* For the watch of prime_sync.h: the first document in the batch that is poison, and not banned, brings the
 * server down. */
bool sync_server_meets_poison(void *self, uint32_t user, uint32_t first, uint32_t documents);

void sync_server_on_prime_change(void *self, uint32_t user, enum prime_state state);

#endif
