/* A round of Philox4x32 (Salmon et al., SC 2011): with (a, b) the 64-bit products of words 0 and 2
 * with two constants, the new words are high(b) ^ word 1 ^ key 0, low(b), high(a) ^ word 3 ^ key 1,
 * low(a); the keys grow by two further constants. Ten rounds make a block. */
#include "sim/rng/philox_internal.h"

#include "sim/rng/vector_internal.h"

#include <string.h>

enum { ROUNDS = 10 };

static const uint32_t multiplier_0 = 0xD2511F53;
static const uint32_t multiplier_1 = 0xCD9E8D57;
static const uint32_t key_step_0 = 0x9E3779B9;
static const uint32_t key_step_1 = 0xBB67AE85;

/* (k + 1/2)/2^52 of the upper 52 bits: as the fraction of a number in [1, 2), which needs no
 * conversion of an integer. The difference is exact, as 53 bits are. */
static inline double open_uniform(uint64_t word)
{
    const uint64_t bits = word >> 12 | UINT64_C(0x3FF0000000000000);
    double one_to_two;
    memcpy(&one_to_two, &bits, sizeof bits);
    return one_to_two - (1 - 0x1p-53);
}

/* Blocks side by side in loops without branches, which the compiler turns into vector code: a number takes a third
 * of the time of one drawn singly, whose ten rounds wait for one another. */
void philox_uniforms_portable(const uint32_t counter[4], const uint32_t key[2], double *out)
{
    uint32_t word[4][PHILOX_BLOCKS];
    for (uint32_t i = 0; i < PHILOX_BLOCKS; i++) {
        uint32_t w0 = counter[0] + i;
        uint32_t w1 = counter[1];
        uint32_t w2 = counter[2];
        uint32_t w3 = counter[3];
#pragma GCC unroll 10
        for (uint32_t round = 0; round < ROUNDS; round++) {
            const uint64_t a = (uint64_t)multiplier_0 * w0;
            const uint64_t b = (uint64_t)multiplier_1 * w2;
            w0 = (uint32_t)(b >> 32) ^ w1 ^ (key[0] + round * key_step_0);
            w2 = (uint32_t)(a >> 32) ^ w3 ^ (key[1] + round * key_step_1);
            w1 = (uint32_t)b;
            w3 = (uint32_t)a;
        }
        word[0][i] = w0;
        word[1][i] = w1;
        word[2][i] = w2;
        word[3][i] = w3;
    }
    for (size_t i = 0; i < PHILOX_BLOCKS; i++) {
        out[2 * i] = open_uniform((uint64_t)word[1][i] << 32 | word[0][i]);
        out[2 * i + 1] = open_uniform((uint64_t)word[3][i] << 32 | word[2][i]);
    }
}

#if VECTOR_HAS_AVX2
#include <immintrin.h>

enum { FOURS = PHILOX_BLOCKS / 4 };

typedef uint64_t lanes __attribute__((vector_size(32)));

/* The product of the lower halves; what stands in the upper halves does not matter. */
__attribute__((target("avx2"))) static inline lanes product(lanes a, lanes b)
{
    return (lanes)_mm256_mul_epu32((__m256i)a, (__m256i)b);
}

/* As open_uniform. */
__attribute__((target("avx2"))) static inline void store_uniforms(__m256i words, double *out)
{
    const lanes bits = (lanes)words >> 12 | UINT64_C(0x3FF0000000000000);
    _mm256_storeu_pd(out, (__m256d)bits - (1 - 0x1p-53));
}

/* Blocks in fours, a word in each 64-bit lane: the upper halves hold left-overs that the next
 * multiplication ignores, so that no shuffle is needed. Half the time of the portable form, for
 * which the compiler has to bring 32-bit lanes apart and together at each product. A round is a chain
 * of a product, a shift and a sum, so all fours go through it side by side: two thirds of the time of
 * one after the other. */
__attribute__((target("avx2"))) static void uniforms_avx2(const uint32_t counter[4],
                                                          const uint32_t key[2], double *out)
{
    lanes w0[FOURS];
    lanes w1[FOURS];
    lanes w2[FOURS];
    lanes w3[FOURS];
    lanes key_0 = (lanes){0} + key[0];
    lanes key_1 = (lanes){0} + key[1];
    for (uint32_t i = 0; i < FOURS; i++) {
        w0[i] = (lanes){0, 1, 2, 3} + (uint64_t)(counter[0] + 4 * i);
        w1[i] = (lanes){0} + counter[1];
        w2[i] = (lanes){0} + counter[2];
        w3[i] = (lanes){0} + counter[3];
    }
#pragma GCC unroll 10
    for (int round = 0; round < ROUNDS; round++) {
#pragma GCC unroll 4
        for (int i = 0; i < FOURS; i++) {
            const lanes a = product((lanes){0} + multiplier_0, w0[i]);
            const lanes b = product((lanes){0} + multiplier_1, w2[i]);
            w0[i] = b >> 32 ^ (w1[i] ^ key_0);
            w2[i] = a >> 32 ^ (w3[i] ^ key_1);
            w1[i] = b;
            w3[i] = a;
        }
        key_0 += (lanes){0} + key_step_0;
        key_1 += (lanes){0} + key_step_1;
    }
#pragma GCC unroll 4
    for (int i = 0; i < FOURS; i++) {
        const __m256i first = (__m256i)(w1[i] << 32 | (w0[i] & UINT32_MAX));
        const __m256i second = (__m256i)(w3[i] << 32 | (w2[i] & UINT32_MAX));
        const __m256i even = _mm256_unpacklo_epi64(first, second); /* of blocks 0 and 2 */
        const __m256i odd = _mm256_unpackhi_epi64(first, second);
        store_uniforms(_mm256_permute2x128_si256(even, odd, 0x20), out);
        store_uniforms(_mm256_permute2x128_si256(even, odd, 0x31), out + 4);
        out += 8;
    }
}
#endif

void philox_uniforms(const uint32_t counter[4], const uint32_t key[2], double *out)
{
#if VECTOR_HAS_AVX2
    if (__builtin_cpu_supports("avx2")) {
        uniforms_avx2(counter, key, out);
        return;
    }
#endif
    philox_uniforms_portable(counter, key, out);
}
