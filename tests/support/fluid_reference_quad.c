/* The reference with 113 bits: relative times of 1e-9 s are exact to 1e-15 at 1.7e9 s. */
#define TESTS_SUPPORT_FLUID_REFERENCE_REAL_H
#include <float.h>

__extension__ typedef __float128 real;
#define REAL_MOST DBL_MAX
#define REFERENCE_IS_QUAD
#include "tests/support/fluid_reference.c"
