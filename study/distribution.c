#include "study/distribution.h"

#include "sim/stat/interval.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* From a tenth of a second to four months, in steps of 1 %. */
static const double min_s = 0.1;
static const double max_s = 1e7;
static const double ratio = 1.01;

const char *const distribution_name[DISTRIBUTION_EVENTS] = {
    [EVENT_BASIC] = DISTRIBUTION_PREFIX "basic_s",
    [EVENT_FULL] = DISTRIBUTION_PREFIX "full_s",
};

bool distribution_is(const char *series)
{
    return strncmp(series, DISTRIBUTION_PREFIX, strlen(DISTRIBUTION_PREFIX)) == 0;
}

const char *distribution_figure(const char *series)
{
    return series + strlen(DISTRIBUTION_PREFIX);
}

enum sim_err distribution_create(struct sim_loghist **out)
{
    return sim_loghist_create(min_s, max_s, ratio, out);
}

static enum sim_err pack(const struct sim_loghist *h, struct kept_series *to)
{
    const size_t n_buckets = sim_loghist_n_buckets(h);
    to->value = calloc(2 * n_buckets, sizeof *to->value);
    if (to->value == NULL) {
        return SIM_ENOMEM;
    }
    for (size_t i = 0; i < n_buckets; i++) {
        const uint64_t n = sim_loghist_in_bucket(h, i);
        if (n > 0) {
            to->value[to->n++] = (double)i;
            to->value[to->n++] = (double)n;
        }
    }
    return SIM_OK;
}

enum sim_err distribution_of(const struct run_result *result, const char *name,
                             struct kept_series *to)
{
    struct sim_loghist *h = NULL;
    size_t event = 0;
    while (event < DISTRIBUTION_EVENTS && strcmp(distribution_name[event], name) != 0) {
        event++;
    }
    *to = (struct kept_series){.name = strdup(name)};
    enum sim_err err = to->name != NULL ? distribution_create(&h) : SIM_ENOMEM;
    for (uint32_t i = 0; err == SIM_OK && event < DISTRIBUTION_EVENTS && i < result->n_devices;
         i++) {
        const struct device_record *const device = &result->device[i];
        if (metrics_is_affected(device)) {
            const double event_s = metrics_event_s(device, (enum device_event)event);
            sim_loghist_add(h, isnan(event_s) ? (double)INFINITY : event_s);
        }
    }
    err = err == SIM_OK ? pack(h, to) : err;
    sim_loghist_destroy(h);
    return err;
}

bool distribution_add(const struct kept_series *from, struct sim_loghist *into)
{
    for (size_t i = 0; i + 1 < from->n; i += 2) {
        const double bucket = from->value[i];
        const double n = from->value[i + 1];
        if (!(bucket >= 0 && bucket < (double)sim_loghist_n_buckets(into) && n >= 1 && n < 1e15)) {
            return false;
        }
        sim_loghist_add_to_bucket(into, (size_t)bucket, (uint64_t)n);
    }
    return from->n % 2 == 0;
}

double distribution_quantile(const struct sim_loghist *h, double p)
{
    const double value_s = sim_loghist_quantile(h, p);
    return value_s >= max_s ? (double)INFINITY : value_s;
}

void distribution_share_add(struct distribution_share *s, double below, double devices)
{
    s->n_storms++;
    s->below += below;
    s->devices += devices;
    s->below_2 += below * below;
    s->below_devices += below * devices;
    s->devices_2 += devices * devices;
}

double distribution_share_error(const struct distribution_share *s)
{
    const double n = s->n_storms;
    const double share = s->below / s->devices;
    const double square = s->below_2 - 2 * share * s->below_devices + share * share * s->devices_2;
    return n >= 2 ? sqrt(n / (n - 1) * fmax(square, 0)) / s->devices : (double)NAN;
}

void distribution_interval(const struct sim_loghist *pooled, const struct distribution_share *s,
                           double p, double confidence, double *low_s, double *high_s)
{
    const double error = distribution_share_error(s);
    *low_s = *high_s = (double)NAN;
    if (isnan(error)) {
        return;
    }
    const double t = sim_interval_critical(s->n_storms, confidence);
    if (p - t * error > 0) {
        *low_s = distribution_quantile(pooled, p - t * error);
    }
    if (p + t * error < 1) {
        *high_s = distribution_quantile(pooled, p + t * error);
    }
}
