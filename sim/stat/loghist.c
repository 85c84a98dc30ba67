#include "sim/stat/loghist.h"

#include "sim/base/assert.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double max_buckets = 1048576;

struct sim_loghist {
    double min, max, ratio;
    double per_log; /* 1 / ln ratio */
    uint64_t count;
    size_t n_buckets; /* the first for values below min, the last for values above max */
    uint64_t bucket[];
};

enum sim_err sim_loghist_create(double min, double max, double ratio, struct sim_loghist **out)
{
    if (!(min > 0 && min < max && isfinite(max) && ratio > 1 && isfinite(ratio))) {
        return SIM_EINVAL;
    }
    const double inner = ceil(log(max / min) / log(ratio));
    if (!(inner <= max_buckets)) {
        return SIM_EINVAL;
    }
    const size_t n_buckets = (size_t)inner + 2;
    struct sim_loghist *const h = calloc(1, sizeof *h + n_buckets * sizeof h->bucket[0]);
    if (h == NULL) {
        return SIM_ENOMEM;
    }
    h->min = min;
    h->max = max;
    h->ratio = ratio;
    h->per_log = 1 / log(ratio);
    h->n_buckets = n_buckets;
    *out = h;
    return SIM_OK;
}

void sim_loghist_destroy(struct sim_loghist *h)
{
    free(h);
}

static size_t bucket_of(const struct sim_loghist *h, double value)
{
    if (!(value >= h->min)) {
        return 0;
    }
    const double place = floor(log(value / h->min) * h->per_log) + 1;
    const double last = (double)(h->n_buckets - 1);
    return value > h->max ? h->n_buckets - 1 : (size_t)fmin(place, last - 1);
}

void sim_loghist_add(struct sim_loghist *h, double value)
{
    SIM_ASSERT(!isnan(value));
    h->bucket[bucket_of(h, value)]++;
    h->count++;
}

uint64_t sim_loghist_count(const struct sim_loghist *h)
{
    return h->count;
}

size_t sim_loghist_n_buckets(const struct sim_loghist *h)
{
    return h->n_buckets;
}

uint64_t sim_loghist_in_bucket(const struct sim_loghist *h, size_t i)
{
    SIM_ASSERT(i < h->n_buckets);
    return h->bucket[i];
}

void sim_loghist_add_to_bucket(struct sim_loghist *h, size_t i, uint64_t n)
{
    SIM_ASSERT(i < h->n_buckets);
    h->bucket[i] += n;
    h->count += n;
}

uint64_t sim_loghist_count_to(const struct sim_loghist *h, double value)
{
    const size_t last = bucket_of(h, value);
    uint64_t n = 0;
    for (size_t i = 0; i <= last; i++) {
        n += h->bucket[i];
    }
    return n;
}

void sim_loghist_clear(struct sim_loghist *h)
{
    memset(h->bucket, 0, h->n_buckets * sizeof h->bucket[0]);
    h->count = 0;
}

enum sim_err sim_loghist_merge(struct sim_loghist *into, const struct sim_loghist *from)
{
    if (into->min != from->min || into->max != from->max || into->ratio != from->ratio) {
        return SIM_EINVAL;
    }
    for (size_t i = 0; i < into->n_buckets; i++) {
        into->bucket[i] += from->bucket[i];
    }
    into->count += from->count;
    return SIM_OK;
}

static double bucket_value(const struct sim_loghist *h, size_t i)
{
    if (i == 0) {
        return h->min;
    }
    return i == h->n_buckets - 1 ? h->max : h->min * pow(h->ratio, (double)i - 0.5);
}

double sim_loghist_quantile(const struct sim_loghist *h, double p)
{
    SIM_ASSERT(p >= 0 && p <= 1);
    if (h->count == 0) {
        return NAN;
    }
    /* p n may be rounded to just above a whole number. */
    const double wanted = fmax(ceil(p * (double)h->count * (1 - 4 * DBL_EPSILON)), 1);
    uint64_t seen = 0;
    size_t i = 0;
    for (; i < h->n_buckets; i++) {
        seen += h->bucket[i];
        if ((double)seen >= wanted) {
            break;
        }
    }
    return bucket_value(h, i);
}
