#include "models/backoff.h"

#include <math.h>

double backoff_delay_s(const struct backoff_config *config, uint32_t n, struct sim_stream *stream)
{
    const double u = sim_stream_uniform(stream);
    const double jitter = sim_dist_draw(config->jitter, stream);
    const double grown_s = config->first_s * pow(config->factor, n - 1.0);
    const double step_s = fmin(config->max_s, grown_s);
    double delay_s = 0;
    switch (config->policy) {
    case BACKOFF_NONE:
        break;
    case BACKOFF_FIXED:
        delay_s = config->first_s;
        break;
    case BACKOFF_EXPONENTIAL:
        delay_s = step_s;
        break;
    case BACKOFF_FULL_JITTER:
        delay_s = u * step_s;
        break;
    case BACKOFF_EQUAL_JITTER:
        delay_s = step_s / 2 + u * step_s / 2;
        break;
    }
    return delay_s * jitter;
}
