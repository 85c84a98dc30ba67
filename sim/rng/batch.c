#include "sim/rng/batch.h"

#include "sim/rng/dist_internal.h"
#include "sim/rng/philox_internal.h"

#include <string.h>

enum { WORTH_A_BATCH = 10 }; /* so many numbers cost as much one by one as a whole batch */

void sim_stream_uniforms(struct sim_stream *s, double *out, size_t n)
{
    size_t i = 0;
    while (i < n && s->n_left != 0) { /* for ever if words were drawn singly: no harm */
        out[i++] = sim_stream_uniform(s);
    }
    for (; n - i >= PHILOX_BATCH; i += PHILOX_BATCH) {
        philox_uniforms(s->counter, s->key, out + i);
        s->counter[0] += PHILOX_BATCH / 2;
    }
    const size_t in_pairs = (n - i) / 2 * 2;
    if (in_pairs >= WORTH_A_BATCH) {
        double batch[PHILOX_BATCH];
        philox_uniforms(s->counter, s->key, batch);
        memcpy(out + i, batch, in_pairs * sizeof *out);
        s->counter[0] += (uint32_t)in_pairs / 2;
        i += in_pairs;
    }
    while (i < n) {
        out[i++] = sim_stream_uniform(s);
    }
}

static void shift_all(double shift, double *out, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        out[i] += shift;
    }
}

void sim_dist_draws(const struct sim_dist *d, struct sim_stream *s, double *out, size_t n)
{
    sim_stream_uniforms(s, out, n);
    if (d->kind == DIST_CLOSED && d->family->quantiles != NULL) {
        d->family->quantiles(d->p, out, n);
        if (d->shift != 0) {
            shift_all(d->shift, out, n);
        }
        return;
    }
    for (size_t i = 0; i < n; i++) {
        out[i] = sim_dist_quantile(d, out[i]);
    }
}

void sim_supply_open(struct sim_supply *supply, const struct sim_dist *dist,
                     struct sim_stream stream)
{
    supply->dist = dist;
    supply->stream = stream;
    supply->next = SIM_SUPPLY_VALUES;
}

void sim_supply_refill(struct sim_supply *supply)
{
    sim_dist_draws(supply->dist, &supply->stream, supply->value, SIM_SUPPLY_VALUES);
    supply->next = 0;
}
