/* What a device is: drawn once, by name, so that it is the same under every policy. */
#include "models/device.h"

#include "models/purpose.h"

#include <math.h>

uint32_t device_draw_class(const struct sim *sim, const struct device_config *config,
                           uint32_t device)
{
    struct sim_stream stream;
    sim_open_stream(sim, &stream, device, PURPOSE_CLASS, 0);
    double left = sim_stream_uniform(&stream);
    uint32_t i = 0;
    while (i + 1 < config->n_classes && left >= config->device_class[i].share) {
        left -= config->device_class[i].share;
        i++;
    }
    return i;
}

void device_draw_line(const struct sim *sim, const struct device_config *config,
                      const struct transport_config *transport, uint32_t class_id, uint32_t device,
                      uint64_t *cap_bit_per_s, double *rtt_s)
{
    const struct device_class *const c = &config->device_class[class_id];
    struct sim_stream rate;
    struct sim_stream rtt;
    sim_open_stream(sim, &rate, device, PURPOSE_ACCESS_RATE, 0);
    sim_open_stream(sim, &rtt, device, PURPOSE_TYPICAL_RTT, 0);
    const double access =
        fmax(sim_dist_draw(c->access_rate, &rate), config->least_access_bit_per_s);
    *rtt_s = sim_dist_draw(c->rtt, &rtt);
    *cap_bit_per_s =
        transport_cap_bit_per_s(transport, access, *rtt_s, c->receive_window_byte, c->loss);
}
