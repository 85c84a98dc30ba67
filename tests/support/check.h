/* tests/support/check.h -- cmocka in the order it wants, asserts for numbers, and for asserts. */
#ifndef TESTS_SUPPORT_CHECK_H
#define TESTS_SUPPORT_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

/* |a - b| <= relative * max(|a|, |b|); equal infinities are close. */
#define assert_close(a, b, relative)                                                               \
    check_close((double)(a), (double)(b), (relative), #a, #b, __FILE__, __LINE__)

/* |a - b| <= absolute. */
#define assert_near(a, b, absolute)                                                                \
    check_near((double)(a), (double)(b), (absolute), #a, #b, __FILE__, __LINE__)

void check_close(double a, double b, double relative, const char *text_a, const char *text_b,
                 const char *file, int line);
void check_near(double a, double b, double absolute, const char *text_a, const char *text_b,
                const char *file, int line);

/* Calls fn(self) in a process of its own, which must end by a failed SIM_ASSERT of `condition` (as it is
 * written in the source). */
void check_assert_fails(void (*fn)(void *self), void *self, const char *condition);

#endif
