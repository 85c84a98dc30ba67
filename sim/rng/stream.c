#include "sim/rng/stream.h"

/* The header of Random123 is not written for our warnings. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wundef"
#include <Random123/philox.h>
#pragma GCC diagnostic pop

enum { COUNTER_BLOCK, COUNTER_ENTITY, COUNTER_PURPOSE, COUNTER_REPLICATION };

void sim_stream_open(struct sim_stream *s, uint64_t seed, uint32_t entity, uint16_t purpose,
                     uint16_t attempt, uint32_t replication)
{
    s->counter[COUNTER_BLOCK] = 0;
    s->counter[COUNTER_ENTITY] = entity;
    s->counter[COUNTER_PURPOSE] = (uint32_t)purpose << 16 | attempt;
    s->counter[COUNTER_REPLICATION] = replication;
    s->key[0] = (uint32_t)seed;
    s->key[1] = (uint32_t)(seed >> 32);
    s->n_left = 0;
}

static void next_block(struct sim_stream *s)
{
    const philox4x32_ctr_t counter = {{s->counter[0], s->counter[1], s->counter[2], s->counter[3]}};
    const philox4x32_key_t key = {{s->key[0], s->key[1]}};
    const philox4x32_ctr_t block = philox4x32(counter, key);
    for (int i = 0; i < 4; i++) {
        s->words[i] = block.v[i];
    }
    s->counter[COUNTER_BLOCK]++;
    s->n_left = 4;
}

uint32_t sim_stream_word(struct sim_stream *s)
{
    if (s->n_left == 0) {
        next_block(s);
    }
    return s->words[4 - s->n_left--];
}

static uint64_t word_pair(struct sim_stream *s)
{
    const uint64_t low = sim_stream_word(s);
    return (uint64_t)sim_stream_word(s) << 32 | low;
}

double sim_stream_uniform(struct sim_stream *s)
{
    return ((double)(word_pair(s) >> 12) + 0.5) * 0x1p-52;
}

static void gsl_set(void *state, unsigned long seed)
{
    sim_stream_open(state, seed, 0, 0, 0, 0);
}

static unsigned long gsl_get(void *state)
{
    return sim_stream_word(state);
}

static double gsl_get_double(void *state)
{
    return (double)(word_pair(state) >> 11) * 0x1p-53; /* GSL asks for [0, 1) */
}

static const gsl_rng_type gsl_type = {
    .name = "philox4x32-10",
    .max = UINT32_MAX,
    .min = 0,
    .size = sizeof(struct sim_stream),
    .set = gsl_set,
    .get = gsl_get,
    .get_double = gsl_get_double,
};

const gsl_rng_type *const sim_stream_gsl_type = &gsl_type;

gsl_rng sim_stream_gsl(struct sim_stream *s)
{
    return (gsl_rng){.type = sim_stream_gsl_type, .state = s};
}
