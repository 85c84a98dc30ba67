#include "models/backoff.h"

#include <math.h>

static double exponential_s(const struct backoff_config *c, uint32_t n)
{
    return fmin(c->max_s, c->first_s * pow(c->factor, n - 1.0));
}

static double decorrelated_s(const struct backoff_config *c, double before_s, double u)
{
    return fmin(c->max_s, c->first_s + u * (3 * before_s - c->first_s));
}

double backoff_delay_s(const struct backoff_config *config, uint32_t n, double *step_s,
                       struct sim_stream *stream)
{
    const double u = sim_stream_uniform(stream);
    const double jitter = sim_dist_draw(config->jitter, stream);
    const double before_s = n == 1 ? config->first_s : *step_s;
    const double grown_s = exponential_s(config, n);
    switch (config->policy) {
    case BACKOFF_NONE:
        *step_s = 0;
        break;
    case BACKOFF_FIXED:
        *step_s = config->first_s;
        break;
    case BACKOFF_EXPONENTIAL:
        *step_s = grown_s;
        break;
    case BACKOFF_FULL_JITTER:
        *step_s = u * grown_s;
        break;
    case BACKOFF_EQUAL_JITTER:
        *step_s = grown_s / 2 + u * grown_s / 2;
        break;
    case BACKOFF_DECORRELATED_JITTER:
        *step_s = decorrelated_s(config, before_s, u);
        break;
    }
    return *step_s * jitter;
}
