/* models/sync_server.h -- a sync server: HTTP threads, prime syncs, device syncs.
 *
 * A device has one request at a server at a time. Each request holds an HTTP thread from the moment
 * it gets one to the last byte of the answer, and waits for one in a bounded backlog; beyond it the
 * answer is 503. The kinds of request:
 *
 *   HELLO  a device the server does not know: the profile is read, the device is registered, the
 *          prime sync of its user is asked for. The answer tells the device to erase its copy.
 *   DELTA  a device that has all the server knows it has, after an interruption: what is new in the
 *          mail file. Served like a chunk, without a prime sync.
 *   CHUNK  the next items. Waits for the prime sync of the user, then for a device-sync worker and
 *          heap, is worked on (mail server, CPU, state database), and is sent; worker and heap are
 *          free again when the sending begins, the thread when it ends.
 *   POLL   a long poll, parked on its thread until the heartbeat ends.
 *
 * A device that gives up leaves its request behind: the server does not notice and goes on working,
 * as the real one does, until the work is done, and then throws away what was made, or until a thread
 * takes up the device's next request, which closes the old one (HTTP 409). Both are counted. A request
 * that is still in line makes room for the next one of its device at once.
 */
#ifndef MODELS_SYNC_SERVER_H
#define MODELS_SYNC_SERVER_H

#include "models/device_state.h"
#include "models/network.h"
#include "models/poison.h"
#include "models/prime_sync.h"
#include "models/state_db.h"
#include "models/vm_host.h"

struct sync_server; /* opaque */

struct sync_server_config {
    char *name;
    uint32_t http_threads, http_backlog;
    uint32_t prime_workers, device_workers;
    struct sync_host_config host;
    struct vm_host_config vm;
};

/* Adaptive initial sync: chunks beyond today's mail are held back while more than `most_urgent` prime
 * syncs, and chunks with mail of today, are under way or waited for. A device whose rest is held back
 * waits as in a long poll: on its thread, without a time-out. */
struct adaptive_config {
    bool is_enabled;
    uint32_t most_urgent;
};

struct device_sync_config {
    struct adaptive_config adaptive;
    uint32_t window_items; /* items in a chunk */
    double reads_per_item;
    double cpu_per_item_s;
    double state_byte_per_item; /* written per device */
    double protocol_factor;     /* bytes sent per byte of items */
};

struct registration_config {
    double mail_reads, cpu_s;
    uint32_t commits;
};

/* A short synchronisation after an interruption: the search for what is new. New mails cost what they
 * cost in a prime sync and a chunk. */
struct delta_config {
    double mail_reads, cpu_s;
    uint32_t commits;
};

/* What a request is about, as the world knows it. All pointers are borrowed. */
struct sync_world {
    struct sim *sim;
    struct network *network;
    struct mail_farm *mail;
    struct pool_database *pool; /* NULL: each server has a state database of its own */
    const struct mailbox_config *mailbox_config;
    const struct profile_config *profile_config;
    const struct prime_sync_config *prime_config;
    const struct device_sync_config *device_config;
    const struct registration_config *registration;
    const struct delta_config *delta_config;
    const struct mailbox *mailboxes; /* by user */
    const uint32_t *user_of;         /* by device */
    const bool *is_vip;              /* by device: first in every line */
    const uint32_t
        *first_device_of; /* by user; n_users + 1 entries, devices of a user are neighbours */
    uint32_t n_users, n_devices;
    const struct poison *poison; /* poison_config->documents of them */
    const struct poison_config *poison_config;
    double heartbeat_s;
};

enum sync_request { REQUEST_HELLO, REQUEST_DELTA, REQUEST_CHUNK, REQUEST_POLL };

enum sync_answer {
    ANSWER_OK, /* HELLO: erase; DELTA, CHUNK: the items have left; POLL: the heartbeat is over */
    ANSWER_REFUSED, /* 503: no thread, no place to wait */
};

/* How the server speaks to devices. */
struct sync_port {
    void *self;
    void (*stage)(void *self, uint32_t device, enum device_stage stage);
    void (*answering)(void *self, uint32_t device, double payload_byte); /* the first byte leaves */
    void (*answer)(void *self, uint32_t device, enum sync_answer answer);
    void (*poll)(void *self, uint32_t device, bool is_parked); /* it has its thread, or not yet */
    void (*crash)(void *self, uint32_t server);                /* must fail, by an event */
    sim_fetch_fn
        *fetch; /* what is told to a device next will touch (sim_foresee in sim/core/sim.h) */
};

struct sync_server_stats {
    uint64_t requests;  /* = answered + unheard + refused + replaced + cut + present */
    uint64_t answered;  /* to a device that still listened */
    uint64_t unheard;   /* done, but the device had given up */
    uint64_t refused;   /* 503 */
    uint64_t replaced;  /* requests closed by the next one of the same device */
    uint64_t cut;       /* ended by the failure of the host or the closing of connections */
    uint64_t discarded; /* chunks made for a device that had given up */
    double discarded_items;
};

/* `index`: how the port is told which server it is. */
SIM_MUST_CHECK enum sim_err sync_server_create(const struct sync_world *world,
                                               const struct sync_server_config *config,
                                               uint32_t index, const struct sync_port *port,
                                               struct sync_server **out);
void sync_server_destroy(struct sync_server *s); /* NULL allowed */

/* A request arrives. `first` and `n`: items of a CHUNK, `chunk` its number; of a DELTA `n` new mails, and
 * `chunk` names their sizes; of a HELLO `first` is the key that the device holds. */
void sync_server_request(struct sync_server *s, uint32_t device, enum sync_request kind,
                         uint32_t chunk, uint32_t first, uint32_t n);

/* Asks the memory for what a request of the device will touch, before it arrives (sim_foresee in sim/core/sim.h). */
bool sync_server_fetch(const struct sync_server *s, uint32_t device, unsigned step);

/* The device has hung up; the server goes on and does not tell it anything more. */
void sync_server_abandon(struct sync_server *s, uint32_t device);

/* All connections are closed from outside. What is sent or parked ends; work under way goes on, unheard.
 * No callbacks. */
void sync_server_close_connections(struct sync_server *s);

/* The host fails: everything under way is lost. No callbacks. */
void sync_server_fail(struct sync_server *s);

/* Its pool has lost the database: everything under way is lost, and requests are answered 503 until it is
 * there again. No callbacks. */
void sync_server_lose_database(struct sync_server *s);
void sync_server_regain_database(struct sync_server *s);

/* It serves again, with the state database as it was: who was registered is, and the prime syncs that
 * were done are. */
void sync_server_restart(struct sync_server *s);

/* It serves again with an empty state database: nobody is registered, no prime sync is done. */
void sync_server_restore(struct sync_server *s);

/* It serves again with a state database of the time `backup_s`, before the failure: full if it had the
 * devices then, else empty. */
void sync_server_restore_old(struct sync_server *s, double backup_s, bool had_devices);
bool sync_server_is_up(const struct sync_server *s);
bool sync_server_is_serving(const struct sync_server *s); /* up, and with its database */

/* By a command: what is to begin is answered 503 until it is available again, or has failed and is back; chunks of a
 * load that has begun are served, and polls that are parked stay. */
void sync_server_set_available(struct sync_server *s, bool is_available);
bool sync_server_is_available(const struct sync_server *s);

/* ---- The state database ---- */

/* The server has had all devices for long. */
void sync_server_fill_state(struct sync_server *s);

/* Does it have the sync state that goes with the key? Who is not known has to erase. */
bool sync_server_knows(const struct sync_server *s, uint32_t device, uint32_t key);

/* A device that was registered here has registered elsewhere: the list of its user grows old. */
void sync_server_part(struct sync_server *s, uint32_t device);

/* How often an old state of it has been restored; 0 as a rule. */
uint32_t sync_server_n_old_states(const struct sync_server *s);

/* The moment of the backup that the last of them is from. */
double sync_server_backup_s(const struct sync_server *s);

/* Requests of the device end, and its sync state, or its registration too, is dropped. No callbacks to
 * the device. */
void sync_server_forget_anchors(struct sync_server *s, uint32_t device);
void sync_server_forget_device(struct sync_server *s, uint32_t device);

/* The document is banned by hand. */
void sync_server_ban(struct sync_server *s, uint32_t poison);

/* The list of the user's documents is dropped: a prime sync is to follow. */
void sync_server_forget_list(struct sync_server *s, uint32_t user);

const struct state_db *sync_server_state(const struct sync_server *s);

/* To look at. */
const char *sync_server_name(const struct sync_server *s);
const struct sim_station *sync_server_threads(const struct sync_server *s);
const struct sim_station *sync_server_device_workers(const struct sync_server *s);
const struct prime_sync *sync_server_prime(const struct sync_server *s);
struct sync_host *sync_server_host(const struct sync_server *s);
const struct sync_server_stats *sync_server_stats(const struct sync_server *s);
uint64_t sync_server_n_present(const struct sync_server *s); /* requests; O(devices) */

#endif
