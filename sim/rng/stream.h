/* sim/rng/stream.h -- named random streams: Philox4x32-10, a counter-based generator.
 *
 * A stream is named by (seed; entity, purpose, attempt, replication). The name is the counter of
 * the generator, so opening a stream costs nothing, needs no memory, and two streams of one seed
 * never overlap. A number belongs to what it is drawn for (the third connection of device 17), not
 * to when it is drawn: another policy, thread count or device leaves all other numbers as they
 * were. That is what makes runs comparable (common random numbers).
 *
 * Limits: 2^32 entities and replications, 2^16 purposes and attempts, 2^32 blocks of four words in
 * a stream, 2^64 seeds.
 *
 * Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011; the
 * rounds are those of the Random123 library. It passes SmallCrush, Crush and BigCrush.
 */
#ifndef SIM_RNG_STREAM_H
#define SIM_RNG_STREAM_H

#include <gsl/gsl_rng.h>
#include <stdint.h>

/* Held by the caller, on the stack as a rule; nothing to free. */
struct sim_stream {
    uint32_t counter[4]; /* block, entity, purpose and attempt, replication */
    uint32_t key[2];     /* seed */
    uint32_t words[4];   /* the current block */
    uint32_t n_left;     /* words of the block not yet used */
};

/* A generator type for every gsl_ran_* function. gsl_rng_set(r, seed) opens (seed; 0, 0, 0, 0). */
extern const gsl_rng_type *const sim_stream_gsl_type;

void sim_stream_open(struct sim_stream *s, uint64_t seed, uint32_t entity, uint16_t purpose,
                     uint16_t attempt, uint32_t replication);

uint32_t sim_stream_word(struct sim_stream *s);

/* Uniform on the open interval (0, 1), 52 bits: k + 1/2 over 2^52. Two words. About 10 ns. */
double sim_stream_uniform(struct sim_stream *s);

/* A view of the stream as a generator of GSL: no allocation; valid as long as `s`. */
gsl_rng sim_stream_gsl(struct sim_stream *s);

#endif
