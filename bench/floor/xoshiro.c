#include "bench/floor/xoshiro.h"

struct ziggurat floor_exponential_layers;
struct ziggurat floor_normal_layers;

/* Where the lowest layer, which has the tail, meets the next; and the area of a layer. Both follow
 * from 256 layers of equal area (Marsaglia and Tsang 2000, section 3, give these values). */
static const double exponential_tail = 7.69711747013104972;
static const double exponential_area = 0.0039496598225815571993;
static const double normal_tail = 3.6541528853610088;
static const double normal_area = 0.00492867323399;

static double exponential_density(double x)
{
    return exp(-x);
}

static double exponential_inverse(double y)
{
    return -log(y);
}

static double normal_density(double x)
{
    return exp(-0.5 * x * x);
}

static double normal_inverse(double y)
{
    return sqrt(-2 * log(y));
}

static void fill(struct ziggurat *z, double tail, double area, double (*density)(double),
                 double (*inverse)(double))
{
    z->edge[0] = area / density(tail); /* as wide as its area, the tail included, asks for */
    z->height[0] = 0;
    z->edge[1] = tail;
    z->height[1] = density(tail);
    for (int i = 2; i < ZIGGURAT_LAYERS; i++) {
        z->height[i] = z->height[i - 1] + area / z->edge[i - 1];
        z->edge[i] = inverse(z->height[i]);
    }
    z->edge[ZIGGURAT_LAYERS] = 0;
    z->height[ZIGGURAT_LAYERS] = 1;
    for (int i = 0; i < ZIGGURAT_LAYERS; i++) {
        z->ratio[i] = z->edge[i + 1] / z->edge[i];
    }
}

void floor_ziggurat_init(void)
{
    fill(&floor_exponential_layers, exponential_tail, exponential_area, exponential_density,
         exponential_inverse);
    fill(&floor_normal_layers, normal_tail, normal_area, normal_density, normal_inverse);
}

/* splitmix64 (Steele, Lea, Flood, OOPSLA 2014) fills the state. */
void floor_xoshiro_seed(struct xoshiro *g, uint64_t seed)
{
    for (int i = 0; i < 4; i++) {
        uint64_t z = seed += UINT64_C(0x9E3779B97F4A7C15);
        z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
        z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
        g->s[i] = z ^ z >> 31;
    }
}

/* Not surely below the curve: the tail begins anew from its edge, elsewhere the height decides. */
double floor_exponential_slow(struct xoshiro *g, uint32_t layer, double x)
{
    const struct ziggurat *const z = &floor_exponential_layers;
    if (layer == 0) {
        return exponential_tail + floor_exponential(g);
    }
    const double y =
        z->height[layer] + floor_uniform(g) * (z->height[layer + 1] - z->height[layer]);
    return y < exponential_density(x) ? x : floor_exponential(g);
}

double floor_normal_slow(struct xoshiro *g, uint32_t layer, double x)
{
    const struct ziggurat *const z = &floor_normal_layers;
    if (layer == 0) { /* Marsaglia, Technometrics 6 (1964) */
        double beyond;
        double height;
        do {
            beyond = -log1p(-floor_uniform(g)) / normal_tail;
            height = -log1p(-floor_uniform(g));
        } while (2 * height < beyond * beyond);
        return normal_tail + beyond;
    }
    const double y =
        z->height[layer] + floor_uniform(g) * (z->height[layer + 1] - z->height[layer]);
    return y < normal_density(x) ? x : fabs(floor_normal(g));
}
