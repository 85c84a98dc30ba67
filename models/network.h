/* models/network.h -- the site's uplink, shared by all downloads.
 *
 * A transfer waits out its slow start, then is a flow on the uplink, capped by its device's line.
 * The cap of a device does not change during a run. Internal traffic (server to mail server) is a
 * local network and takes no time.
 */
#ifndef MODELS_NETWORK_H
#define MODELS_NETWORK_H

#include "models/transport.h"
#include "sim/res/fluid.h"

struct network; /* opaque */

struct network_config {
    uint64_t uplink_bit_per_s;
    struct transport_config transport;
};

struct network_stats {
    uint64_t transfers, cancelled;
    double accepted_byte; /* payload of all transfers; = the next two and what is present */
    double payload_byte;  /* of finished ones */
    double cancelled_byte;
    double cut_byte;                  /* of the cancelled: had been carried, save in slow start */
    struct sim_timeavg outside_model; /* 1 while fair share * typical RTT is below two segments */
};

/* `sim` and `config` are borrowed; typical_rtt_s is used for the validity of the fluid picture. */
SIM_MUST_CHECK enum sim_err network_create(struct sim *sim, const struct network_config *config,
                                           double typical_rtt_s, struct network **out);
void network_destroy(struct network *n); /* NULL allowed */

/* Adds a line with a cap in bit/s on the wire and its typical RTT; lines are numbered from 0. */
SIM_MUST_CHECK enum sim_err network_add_line(struct network *n, uint64_t cap_bit_per_s,
                                             double rtt_s);

/* The device of this line has opened a new connection: its window is small again. */
void network_new_connection(struct network *n, uint32_t line);

/* Sends `payload_byte` > 0 over a line; `done` when the last byte has left the uplink. */
void network_transfer(struct network *n, uint32_t line, double payload_byte, struct sim_call done,
                      struct sim_handle *handle);
void network_cancel(struct network *n, struct sim_handle *handle); /* a past transfer is ignored */

/* Asks the memory for the line, before something is sent (sim_foresee in sim/core/sim.h). */
void network_fetch_line(const struct network *n, uint32_t line);

struct sim_fluid *network_uplink(struct network *n); /* to look at */
const struct network_stats *network_stats(const struct network *n);
double
network_present_byte(const struct network *n); /* payload of transfers under way; O(their number) */

#endif
