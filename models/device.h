/* models/device.h -- the devices: what they are, and the road each goes from push idle to full.
 *
 *   push idle -> (server lost) unaware -> connecting -> registering -> erasing -> chunk by chunk ->
 * full
 *
 * with a back-off after every 503 and every request that is not answered in time. A device that has
 * what the server knows it has does not register again: it goes on with the chunk it was at, or, if it
 * had everything, asks for what is new (a delta) and is full again.
 *
 * Every moment from the loss of the server to the last item is booked under exactly one stage.
 */
#ifndef MODELS_DEVICE_H
#define MODELS_DEVICE_H

#include "models/backoff.h"
#include "models/balancer.h"
#include "models/sync_server.h"

/* A kind of device: network and platform. Distributions are owned by the scenario. */
struct device_class {
    char *name;
    double share;
    struct sim_dist *access_rate; /* bit/s on the wire, drawn once per device */
    struct sim_dist *rtt;         /* s, drawn for every exchange */
    struct sim_dist *promotion;   /* s, radio from idle to active, drawn for every connection */
    double loss;                  /* of segments */
    double receive_window_byte;
    struct sim_dist *reconnect_delay; /* s, from a reset connection to the next attempt */
    struct sim_dist *erase_time;      /* s */
    double request_timeout_s; /* no first byte of an answer until then: the device hangs up */
    struct backoff_config backoff;
    bool obeys_retry_after; /* waits at least as long as a 503 says */
    uint32_t reload_after;  /* refusals in a row until it begins from zero; 0: never */
    double pull_per_s;      /* its user's tries, while it is empty */
    bool is_vip;            /* goes first in every line of a sync server */
};

struct device_config {
    double per_user;               /* devices per user, >= 1 */
    double online_share;           /* at the failure */
    struct sim_dist *offline_time; /* s, until the others come back */
    double least_access_bit_per_s; /* a draw below it counts as this */
    double heartbeat_s;            /* of the long poll */
    struct device_class *device_class;
    uint32_t n_classes;
};

/* What became of a device. Times are seconds since the failure (timeline.h), INFINITY for "never".
 * After more than one loss, basic_s and full_s are of the last: what it has for good. */
struct device_record {
    uint32_t connections, retries, timeouts, refused, losses;
    uint32_t reloads;       /* begun from zero by itself, after so many refusals in a row */
    double lost_s;          /* when it lost its server, the first time */
    double erased_s;        /* when it began to erase, the first time */
    double basic_s, full_s; /* today's mail there; everything there */
    double blackout_s;      /* time without usable mail after an erase */
    double total_s;         /* time between the loss of a server and full, all losses together */
    double erased_byte;     /* payload it had loaded, and erased again */
    double payload_byte;    /* all it was sent */
    uint32_t items;         /* by the profile as it was at the last registration */
    uint32_t items_done;
    double stage_s[DEVICE_N_STAGES]; /* total_s, by stage */
    uint32_t user, class_id;
    uint32_t pulls;     /* by its user, while it was empty and waited */
    uint32_t gap_items; /* on which it and an old, restored state disagree, without a sign of it */
    double gap_from_s, gap_until_s; /* until its next erase; both INFINITY: there never was a gap */
};

struct devices; /* opaque: all devices */

/* What the world tells the devices and they use. All pointers are borrowed. */
struct device_world {
    struct sim *sim;
    const struct device_config *config;
    const struct transport_config *transport;
    const struct device_sync_config *sync;
    const struct mailbox *mailboxes; /* by user */
    const uint32_t *user_of;         /* by device */
    const uint32_t *class_of;        /* by device */
    uint32_t n_users, n_devices;
    struct balancer *balancer;
    struct network *network; /* line i is device i */
    struct sync_server *const *servers;
    bool is_pool;                    /* what one server knows all know */
    void (*became_full)(void *self); /* one more device is full */
    void *self;
};

SIM_MUST_CHECK enum sim_err devices_create(const struct device_world *world, struct devices **out);
void devices_destroy(struct devices *d); /* NULL allowed */

/* How a server's connections end when it fails: all at once, or without a word. */
enum connection_fate { FATE_RESET, FATE_SILENT };

/* Server `server` is gone, or taken out: connections to it end, and whoever has a sync state with it is
 * parted from that, connected or not. Who meets the server again, with its state, goes on from there;
 * who meets another begins anew. At first all devices are at server 0. In a pool the others have the
 * state too, so that only connections end. */
void devices_lose_server(struct devices *d, uint32_t server, enum connection_fate fate);

/* The same for one device, whose connections or state are ended by hand: it reacts at once. In a pool
 * wherever it is connected. */
void devices_lose_state(struct devices *d, uint32_t server, uint32_t device);

/* Server `server` gets no new connections: who is connected goes on there, and leaves it when its poll
 * ends. Whoever is not is parted from it now. */
void devices_drain_server(struct devices *d, uint32_t server);

/* Devices that are connected to another server than new connections go to: it is drained. O(devices). */
uint32_t devices_n_leaving(const struct devices *d);

/* For the server's port (sync_server.h); `self` is the devices. */
void devices_on_stage(void *self, uint32_t device, enum device_stage stage);
void devices_on_answering(void *self, uint32_t device, double payload_byte);
void devices_on_answer(void *self, uint32_t device, enum sync_answer answer);
void devices_on_poll(void *self, uint32_t device, bool is_parked);

/* Asks the memory for what an event of a device will touch (sim_foresee in sim/core/sim.h). */
bool devices_fetch(void *devices, uint64_t device, unsigned step);

/* To look at. */
uint32_t devices_n_in_state(const struct devices *d, enum device_state state);
uint32_t devices_n_basic(const struct devices *d); /* today's mail there, full ones included */
uint32_t devices_n_full(const struct devices *d);

/* That have lost their server, or their sync state with it, at least once. */
uint32_t devices_n_affected(const struct devices *d);

uint32_t devices_n_connected(const struct devices *d); /* O(devices) */

/* The time that users have been without current mail on any of their devices, s, summed over users. */
double devices_user_loss_s(const struct devices *d);

struct device_record devices_record(const struct devices *d, uint32_t device);

/* Books the time up to now, so that the records are complete. Call once, at the end. */
void devices_close(struct devices *d);

/* Largest difference between a device's time by stage and its total, s. */
double devices_accounting_gap_s(const struct devices *d);

/* The rate cap and RTT of a device's line, drawn by name; used to build the network. */
void device_draw_line(const struct sim *sim, const struct device_config *config,
                      const struct transport_config *transport, uint32_t class_id, uint32_t device,
                      uint64_t *cap_bit_per_s, double *rtt_s);

/* The class of a device, drawn by the classes' shares. */
uint32_t device_draw_class(const struct sim *sim, const struct device_config *config,
                           uint32_t device);

#endif
