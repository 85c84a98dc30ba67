/* sim/rng/vector_internal.h -- may code for AVX2 be compiled beside the portable one?
 *
 * Which of the two runs is asked of the CPU at each batch, in a nanosecond. Both give the same bits:
 * only integer operations and IEEE additions, multiplications, divisions and square roots are used,
 * and none is contracted. */
#ifndef SIM_RNG_VECTOR_INTERNAL_H
#define SIM_RNG_VECTOR_INTERNAL_H

#if defined(__x86_64__) && defined(__GNUC__)
#define VECTOR_HAS_AVX2 1
#else
#define VECTOR_HAS_AVX2 0
#endif

#endif
