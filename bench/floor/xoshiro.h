/* bench/floor/xoshiro.h -- the fastest bare generator: xoshiro256++ (Blackman, Vigna, ACM TOMS 47,
 * 2021), with exponentials and normals by the ziggurat method (Marsaglia, Tsang, J. Stat. Software
 * 5, 2000): 256 layers of equal area under the density; a point is drawn in a layer and is nearly
 * always below the curve. No streams: one state, seeded once. */
#ifndef BENCH_FLOOR_XOSHIRO_H
#define BENCH_FLOOR_XOSHIRO_H

#include <math.h>
#include <stdint.h>

enum { ZIGGURAT_LAYERS = 256 };

struct xoshiro {
    uint64_t s[4];
};

/* Layer i is [0, edge[i]) x [height[i], height[i + 1]); ratio[i] is edge[i + 1]/edge[i]. */
struct ziggurat {
    double edge[ZIGGURAT_LAYERS + 1];
    double height[ZIGGURAT_LAYERS + 1];
    double ratio[ZIGGURAT_LAYERS];
};

extern struct ziggurat floor_exponential_layers;
extern struct ziggurat floor_normal_layers;

void floor_ziggurat_init(void); /* fills both tables */
void floor_xoshiro_seed(struct xoshiro *g, uint64_t seed);
double floor_exponential_slow(struct xoshiro *g, uint32_t layer, double x);
double floor_normal_slow(struct xoshiro *g, uint32_t layer, double x);

static inline uint64_t floor_rotate(uint64_t x, int k)
{
    return x << k | x >> (64 - k);
}

static inline uint64_t floor_word(struct xoshiro *g)
{
    uint64_t *const s = g->s;
    const uint64_t word = floor_rotate(s[0] + s[3], 23) + s[0];
    const uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = floor_rotate(s[3], 45);
    return word;
}

static inline double floor_uniform(struct xoshiro *g)
{
    return (double)(floor_word(g) >> 11) * 0x1p-53;
}

/* The lowest 8 bits choose the layer, the upper 53 the place in it. */
static inline double floor_exponential(struct xoshiro *g)
{
    const uint64_t word = floor_word(g);
    const uint32_t layer = (uint32_t)(word & (ZIGGURAT_LAYERS - 1));
    const double u = (double)(word >> 11) * 0x1p-53;
    const double x = u * floor_exponential_layers.edge[layer];
    if (u < floor_exponential_layers.ratio[layer]) {
        return x;
    }
    return floor_exponential_slow(g, layer, x);
}

/* Bit 8 is the sign; the upper 52 are the place. */
static inline double floor_normal(struct xoshiro *g)
{
    const uint64_t word = floor_word(g);
    const uint32_t layer = (uint32_t)(word & (ZIGGURAT_LAYERS - 1));
    const double u = (double)(word >> 12) * 0x1p-52;
    const double x = u * floor_normal_layers.edge[layer];
    const double absolute =
        u < floor_normal_layers.ratio[layer] ? x : floor_normal_slow(g, layer, x);
    return (word & ZIGGURAT_LAYERS) != 0 ? -absolute : absolute;
}

#endif
