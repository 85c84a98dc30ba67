/* sim/rng/batch.h -- many numbers of one stream at a time, the same ones as one by one.
 *
 * A stream that serves many draws (the gaps between arrivals, say) costs less when its numbers are
 * made in batches, with vector instructions. The numbers, bit for bit, and the state of the stream
 * afterwards are those of as many single calls; they do not depend on the size of the batch or on
 * the CPU.
 */
#ifndef SIM_RNG_BATCH_H
#define SIM_RNG_BATCH_H

#include "sim/rng/dist.h"
#include "sim/rng/stream.h"

#include <stddef.h>

/* As n calls of sim_stream_uniform. About 1.4 ns a number from 32 numbers on. */
void sim_stream_uniforms(struct sim_stream *s, double *out, size_t n);

/* As n calls of sim_dist_draw. About 3 ns (exponential) and 8 ns (lognormal) a number; the families
 * without a batch form cost what they cost one by one. */
void sim_dist_draws(const struct sim_dist *d, struct sim_stream *s, double *out, size_t n);

enum { SIM_SUPPLY_VALUES = 64 };

/* Draws of one distribution from one stream, one at a time for the user and in batches inside. Held
 * by the caller; nothing to free. */
struct sim_supply {
    const struct sim_dist *dist;
    struct sim_stream stream; /* ahead of the draws by what is left */
    uint32_t next;            /* in `value`; SIM_SUPPLY_VALUES: none is left */
    double value[SIM_SUPPLY_VALUES];
};

/* `dist` is borrowed; `stream` is where the draws begin. */
void sim_supply_open(struct sim_supply *supply, const struct sim_dist *dist,
                     struct sim_stream stream);
void sim_supply_refill(struct sim_supply *supply); /* for sim_supply_draw */

/* The same numbers in the same order as sim_dist_draw(dist, stream). */
static inline double sim_supply_draw(struct sim_supply *supply)
{
    if (supply->next == SIM_SUPPLY_VALUES) {
        sim_supply_refill(supply);
    }
    return supply->value[supply->next++];
}

#endif
