/* tests/support/fluid_reference_real.h -- what the reference counts in; fluid_reference_quad.c has another. */
#ifndef TESTS_SUPPORT_FLUID_REFERENCE_REAL_H
#define TESTS_SUPPORT_FLUID_REFERENCE_REAL_H

#include <float.h>

typedef long double real;
#define REAL_MOST LDBL_MAX

#endif
