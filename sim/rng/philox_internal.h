/* sim/rng/philox_internal.h -- Philox4x32-10 in batches; for batch.c and its test. */
#ifndef SIM_RNG_PHILOX_INTERNAL_H
#define SIM_RNG_PHILOX_INTERNAL_H

#include <stdint.h>

enum {
    PHILOX_BLOCKS = 16,
    PHILOX_BATCH = 2 * PHILOX_BLOCKS /* uniform numbers in a batch */
};

/* The uniform numbers, as of sim_stream_uniform, of the PHILOX_BLOCKS blocks that begin at counter.
 * Takes the fastest form that this CPU has; all give the same bits. */
void philox_uniforms(const uint32_t counter[4], const uint32_t key[2], double *out);

/* The form for every CPU. */
void philox_uniforms_portable(const uint32_t counter[4], const uint32_t key[2], double *out);

#endif
