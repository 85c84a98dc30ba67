/* tests/support/alloc_fail.h -- make the n-th allocation fail.
 *
 * Test programs are linked with --wrap for the allocators, so the calls of our own code (not those
 * inside libraries) pass through here. The usual loop tries every allocation of a function in turn:
 *
 *     for (unsigned n = 1; alloc_fail_begin(n); n++) {
 *         assert_int_equal(thing_create(&thing), SIM_ENOMEM);
 *         if (!alloc_fail_end()) { ... the n-th was never reached: it succeeded, clean up; break; }
 *     }
 */
#ifndef TESTS_SUPPORT_ALLOC_FAIL_H
#define TESTS_SUPPORT_ALLOC_FAIL_H

#include <stdbool.h>

/* The n-th allocation from now on fails, n >= 1, and only that. Always true. */
bool alloc_fail_begin(unsigned n);

/* Allocations work again; true if one has failed since alloc_fail_begin. */
bool alloc_fail_end(void);

#endif
