#include "models/transport.h"

#include <math.h>

enum { MAX_LOST_SYNS = 5 }; /* tcp_syn_retries of common kernels */

static double mathis(const struct transport_config *t, double rtt_s, double loss)
{
    return 8 * t->mss_byte / rtt_s * sqrt(3 / (2 * t->segments_per_ack * loss));
}

static double pftk(const struct transport_config *t, double rtt_s, double loss)
{
    const double b = t->segments_per_ack;
    const double rto_s = fmax(t->min_rto_s, 2 * rtt_s);
    const double fast_s = rtt_s * sqrt(2 * b * loss / 3);
    const double slow_s =
        rto_s * fmin(1, 3 * sqrt(3 * b * loss / 8)) * loss * (1 + 32 * loss * loss);
    return 8 * t->mss_byte / (fast_s + slow_s);
}

/* The larger of the CUBIC response and the Reno-friendly one. 1.054 = (0.4 * 3.7 / 1.2)^(1/4). */
static double cubic(const struct transport_config *t, double rtt_s, double loss)
{
    const double window = fmax(1.054 * pow(rtt_s / loss, 0.75), sqrt(1.5 / loss));
    return 8 * t->mss_byte / rtt_s * window;
}

double transport_loss_cap_bit_per_s(const struct transport_config *t, double rtt_s, double loss)
{
    if (loss <= 0 || rtt_s <= 0) {
        return HUGE_VAL;
    }
    switch (t->loss_law) {
    case LOSS_MATHIS:
        return mathis(t, rtt_s, loss);
    case LOSS_PFTK:
        return pftk(t, rtt_s, loss);
    case LOSS_CUBIC:
        return cubic(t, rtt_s, loss);
    case LOSS_NONE:
        break;
    }
    return HUGE_VAL;
}

uint64_t transport_cap_bit_per_s(const struct transport_config *t, double access_bit_per_s,
                                 double rtt_s, double window_byte, double loss)
{
    const double by_window = rtt_s > 0 ? 8 * window_byte / rtt_s : HUGE_VAL;
    const double by_loss = transport_loss_cap_bit_per_s(t, rtt_s, loss);
    const double payload_cap = fmin(by_window, by_loss);
    const double cap = fmin(access_bit_per_s, payload_cap * t->wire_overhead);
    return (uint64_t)fmax(floor(fmin(cap, 2e11)), 1); /* within the caps a fluid resource takes */
}

double transport_slow_start_s(const struct transport_config *t, double rtt_s, double payload_byte,
                              double rate_bit_per_s)
{
    const double w1 = t->initial_window_segment;
    const double g = t->window_growth;
    const double pipe = rate_bit_per_s * rtt_s / (8 * t->mss_byte);
    const double w = fmin(pipe, w1 + (g - 1) * payload_byte / t->mss_byte);
    return w <= w1 ? 0 : rtt_s * (log(w / w1) / log(g) - (w - w1) / ((g - 1) * pipe));
}

double transport_connect_s(const struct transport_config *t, double rtt_s, double loss,
                           struct sim_stream *stream)
{
    double delay_s = (t->tcp_round_trips + t->tls_round_trips) * rtt_s;
    double timeout_s = t->syn_timeout_s;
    const double exchange_lost = 1 - (1 - loss) * (1 - loss); /* SYN or SYN-ACK */
    for (int i = 0; i < MAX_LOST_SYNS && sim_stream_uniform(stream) < exchange_lost; i++) {
        delay_s += timeout_s;
        timeout_s *= 2;
    }
    return delay_s;
}
