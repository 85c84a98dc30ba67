/* sim/base/assert.h -- asserts that stay on in release builds.
 *
 * A failed SIM_ASSERT is a bug of ours: it prints the place and calls abort(). The checks are cheap
 * compares beside memory accesses that are needed anyway; a simulator that goes on after a broken
 * invariant prints wrong numbers, which is worse than stopping.
 */
#ifndef SIM_BASE_ASSERT_H
#define SIM_BASE_ASSERT_H

_Noreturn void sim_assert_failed(const char *expression, const char *file, int line);

#define SIM_ASSERT(expression)                                                                     \
    (__builtin_expect(!(expression), 0) ? sim_assert_failed(#expression, __FILE__, __LINE__)       \
                                        : (void)0)

#endif
