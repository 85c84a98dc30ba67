/* models/transport.h -- TCP and TLS as delays and caps on top of a fluid link.
 *
 * A download is a flow on the shared link (sim/res/fluid.h). What TCP adds is folded into three
 * numbers: a delay before the connection is usable, a delay for slow start, and a cap on the rate.
 *
 *  connection  tcp_round_trips + tls_round_trips round trips; a lost SYN costs syn_timeout, which
 *              doubles (RFC 6298; 3 s before June 2011, RFC 2988)
 *  slow start  the window grows by g per round trip from w1 segments to W = min(P, w1 + (g - 1) d),
 *              with P = x RTT/(8 MSS) segments filling the pipe and d the size in segments; it takes
 *              RTT ln(W/w1)/ln g and sends (W - w1)/(g - 1) segments meanwhile. The extra time over
 *              sending at rate x at once is RTT (ln(W/w1)/ln g - (W - w1)/((g - 1) P)), 0 if W <= w1.
 *              After Cardwell, Savage, Anderson, "Modeling TCP Latency", INFOCOM 2000. Against a
 *              count round by round it is off by less than a round trip, 0.16 of one in the mean.
 *  caps        receive window 8 rwnd/RTT (RFC 7323); loss by Mathis et al. (CCR 1997), Padhye et
 *              al. (SIGCOMM 1998) or CUBIC (RFC 9438)
 *
 * Where the fair share times RTT falls below two segments, windows cannot shrink further and the
 * fluid picture is wrong: results carry the share of time for which that was so.
 */
#ifndef MODELS_TRANSPORT_H
#define MODELS_TRANSPORT_H

#include "sim/rng/stream.h"

#include <stdbool.h>

enum loss_law { LOSS_NONE, LOSS_MATHIS, LOSS_PFTK, LOSS_CUBIC };

struct transport_config {
    double mss_byte;               /* payload of a full segment */
    double initial_window_segment; /* w1 */
    double window_growth;          /* g: 2, or 1.5 with delayed ACKs */
    double segments_per_ack;       /* b in the loss laws: 2 with delayed ACKs */
    bool slow_start_restart; /* every chunk starts slowly: pauses are longer than a time-out */
    double tcp_round_trips, tls_round_trips;
    double syn_timeout_s; /* first retransmission of a SYN */
    double min_rto_s;     /* time-out in the PFTK law: max(min_rto, 2 RTT) */
    double wire_overhead; /* bytes on the wire per byte of payload */
    enum loss_law loss_law;
};

/* The rate a connection can reach by loss, bit/s of payload; INFINITY without loss. 0 <= loss < 1.
 */
double transport_loss_cap_bit_per_s(const struct transport_config *t, double rtt_s, double loss);

/* The cap of a connection on the wire, whole bit/s >= 1: the least of access rate (on the wire),
 * receive window and loss. */
uint64_t transport_cap_bit_per_s(const struct transport_config *t, double access_bit_per_s,
                                 double rtt_s, double window_byte, double loss);

/* Extra time of slow start for `payload_byte` at a final rate of payload of `rate_bit_per_s`, s. */
double transport_slow_start_s(const struct transport_config *t, double rtt_s, double payload_byte,
                              double rate_bit_per_s);

/* Time from the first SYN to a usable connection, s: the round trips, and lost SYNs drawn with
 * probability `loss` each way, at most five in a row. */
double transport_connect_s(const struct transport_config *t, double rtt_s, double loss,
                           struct sim_stream *stream);

#endif
